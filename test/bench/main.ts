/**
 * `npm run bench`: what the hot path costs, as ratios within one run. Absolute times depend on the machine, ratios hardly
 * do. `npm run bench -- waf` runs the part about the Rules language alone, `-- audit` that about the audit log, `-- ledger` that
 * about a long ledger. Exits with 1 when a target is missed.
 */
import { benchAudit } from './audit.ts';
import { benchLedger } from './ledger.ts';
import { line, missed } from './report.ts';
import { benchWaf } from './waf.ts';

const [only, ...sizes] = process.argv.slice(2);
const [few = 500, many = 5000] = sizes.map(Number);
const runs = (part: string): boolean => only === undefined || only === part;

if (runs('change')) {
  await import('./change.ts');
}
if (runs('waf')) {
  await benchWaf();
}
if (runs('audit')) {
  benchAudit();
}
if (runs('ledger')) {
  await benchLedger([few, many]);
}

line(missed.length === 0 ? '\nAll targets met.' : `\nMISSED: ${missed.join('; ')}`);
process.exitCode = missed.length === 0 ? 0 : 1;
