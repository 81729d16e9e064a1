import type { SluiceContext } from '../../contract/context.ts';
import type { Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { AuditJoin, type AuditQuestion } from '../../live/audit/join.ts';
import type { AuditReport } from '../../live/audit/types.ts';
import { RequestPace } from '../../live/drift/pace.ts';
import { auditedReleases, releaseTokens } from '../../release/ledger/audited.ts';
import { ledgerFor } from '../../release/evidence/write-ledger.ts';
import { withTerraform } from '../../release/run/workspace.ts';
import type { ReleaseTarget } from '../../release/types.ts';
import { auditIssues } from '../../render/live/audit-issue.ts';
import { auditJson } from '../../render/live/audit-json.ts';
import { renderAudit } from '../../render/live/audit-text.ts';
import { sandboxReleaseToken } from '../../sandbox/provider/audit/log.ts';
import { workshopOf } from '../change/surroundings.ts';
import { auditPeriod } from './audit-period.ts';
import { BadLines, readFromApi, readFromFiles, type AuditReading } from './audit-sources.ts';
import { paced } from './pacing.ts';
import { publishIssues } from './publish.ts';

export interface AuditFlags {
  readonly target: ReleaseTarget;
  readonly from?: string;
  readonly to?: string;
  readonly log?: readonly string[];
  readonly format: 'text' | 'json';
  readonly publish: boolean;
}

/** `sluice audit`: Cloudflare's audit log joined with the ledger, both ways. Reads only. */
export async function auditCommand(this: SluiceContext, flags: AuditFlags): Promise<void> {
  const services = await this.services();
  const report = await auditReport(services, flags);
  this.print(flags.format === 'json' ? auditJson(report) : renderAudit(report, this.style));
  if (flags.publish) {
    const tracker = await services.tracker();
    const known = [...(await tracker.openIssues()), ...(await tracker.issuesSince(report.from))];
    for (const { number, title, act } of await publishIssues(tracker, known, {
      issues: auditIssues(report),
      label: 'audit',
      gone: `Every change of the month belongs to a release (looked at ${report.at}).`,
    })) {
      services.reporter.info(`Issue ${String(number)} (${title}): ${act}`);
    }
  }
  this.exit(outcomeOf(report));
}

async function auditReport(
  services: Services,
  { target, from, to, log = [] }: AuditFlags,
): Promise<AuditReport> {
  const { clock, files, git } = services;
  const at = clock.now();
  const period = auditPeriod({ from, to }, at);
  const { ledger } = await ledgerFor(services, target);
  const { registers } = await loadPolicy(fromWorkingTree(files, await git.root()));
  const accounts = [...new Set(registers.map(({ accountId }) => accountId))];
  if (accounts.length === 0) {
    throw new UsageError({
      what: 'There is no account whose log could be read.',
      why: 'The accounts of an estate are in the registers of its clients.',
      fix: 'Add a client first.',
      next: 'sluice client add --help',
    });
  }
  const sandboxToken = target === 'sandbox' ? sandboxReleaseToken : null;
  const question: AuditQuestion = {
    ...period,
    accounts,
    releases: auditedReleases({ ledger, registers, sandboxToken }, period),
    tokens: sandboxToken === null ? releaseTokens(registers) : [sandboxToken],
  };
  const reading: AuditReading = { join: new AuditJoin(question), question, bad: new BadLines() };
  const pace = new RequestPace();
  const gaps =
    log.length > 0
      ? await readFromFiles(services, log, reading)
      : await withTerraform(
          services,
          await workshopOf(services, target),
          async ({ cloudflare }) => readFromApi(services, cloudflare, reading, Date.parse(at)),
          paced(services, pace),
        );
  return {
    kind: 'sluice.audit',
    version: 1,
    at,
    target,
    source: log.length > 0 ? 'logpush' : 'api',
    from: new Date(period.from).toISOString(),
    until: new Date(period.until).toISOString(),
    ...reading.join.report(gaps),
    tokens: question.tokens.length,
    badLines: reading.bad.all(),
    requests: pace.requests,
  };
}

/** A change that no release made outweighs what could not be told. */
function outcomeOf(report: AuditReport): 'ok' | 'drift' | 'undetermined' {
  const { unauthorised, gaps, badLines, releases, tokens } = report;
  if (unauthorised.length > 0 && tokens > 0) {
    return 'drift';
  }
  return tokens === 0 ||
    gaps.length > 0 ||
    badLines.count > 0 ||
    releases.some(({ state }) => state === 'missing')
    ? 'undetermined'
    : 'ok';
}
