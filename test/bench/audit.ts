/** What it costs to join a month of the audit log with the ledger, and whether memory grows with it. */
import { line, node, target } from './report.ts';

interface AuditCost {
  readonly ms: number;
  readonly peakRss: number;
}

function measured(entries: number): AuditCost {
  return JSON.parse(
    node(['--import', 'tsx', 'test/bench/measure-audit.ts', String(entries)]).stdout,
  ) as AuditCost;
}

export function benchAudit(): void {
  const [few, month] = [10_000, 100_000].map(measured);
  if (few !== undefined && month !== undefined) {
    line('\nAudit log of 100,000 entries joined with 300 releases');
    line(`  time                 ${(month.ms / 1000).toFixed(1)} s, lines made and read`);
    line(
      `  memory               ${target('memory of an audit', month.peakRss / few.peakRss, 1.5)} of 10,000 entries, peak RSS ${(month.peakRss / 1e6).toFixed(0)} MB`,
    );
  }
}
