/**
 * `npm run bench`: what the hot path costs, as ratios within one run. Absolute times depend on the machine, ratios hardly
 * do. `npm run bench -- waf` runs the part about the Rules language alone. Exits with 1 when a target is missed.
 */
import { line, missed } from './report.ts';
import { benchWaf } from './waf.ts';

if (!process.argv.includes('waf')) {
  await import('./change.ts');
}
await benchWaf();

line(missed.length === 0 ? '\nAll targets met.' : `\nMISSED: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
