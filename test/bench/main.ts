/**
 * `npm run bench`: what the hot path costs, as ratios within one run. Absolute times depend on the machine, ratios hardly
 * do. `npm run bench -- waf` runs the part about the Rules language alone, `-- ledger` that about a long ledger. Exits with 1
 * when a target is missed.
 */
import { benchLedger } from './ledger.ts';
import { line, missed } from './report.ts';
import { benchWaf } from './waf.ts';

const [part, ...sizes] = process.argv.slice(2);
const [few = 500, many = 5000] = sizes.map(Number);

if (part === undefined) {
  await import('./change.ts');
}
if (part !== 'waf') {
  await benchLedger([few, many]);
}
if (part !== 'ledger') {
  await benchWaf();
}

line(missed.length === 0 ? '\nAll targets met.' : `\nMISSED: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
