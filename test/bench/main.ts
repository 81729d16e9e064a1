/**
 * `npm run bench`: what the hot path costs, as ratios within one run. Absolute times depend on the machine, ratios hardly
 * do. `npm run bench -- waf` runs the part about the Rules language alone, `-- audit` that about the audit log. Exits with 1 when a
 * target is missed.
 */
import { benchAudit } from './audit.ts';
import { line, missed } from './report.ts';
import { benchWaf } from './waf.ts';

const only = ['waf', 'audit'].find((part) => process.argv.includes(part));
if (only === undefined) {
  await import('./change.ts');
}
if (only !== 'audit') {
  await benchWaf();
}
if (only !== 'waf') {
  benchAudit();
}

line(missed.length === 0 ? '\nAll targets met.' : `\nMISSED: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
