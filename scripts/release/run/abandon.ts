/**
 * Ends an open intent as `aborted`. Refused while a process that could still change something is alive: this machine's
 * processes are known by the run's folder, any other Terraform by the lock of the state, which the plan here has to get.
 * What the run made and no state knows is taken over first, and the entry says what it did.
 */
import type { Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import type { LiveBefore, LiveFindings } from '../../live/types.ts';
import type { StackPlan } from '../../plan/types.ts';
import type { AppliedResult } from '../../contract/ports.ts';
import { bundleOf } from '../history.ts';
import { afterFile, beforeOf, liveText } from '../live-evidence.ts';
import { openIntents } from '../state.ts';
import { completeEntry } from '../entry.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from '../types.ts';
import { adoptStrays, type Adoption } from './adopt.ts';
import { ledgerSigner } from '../evidence/ledger-signer.ts';
import { reportedBy, stillRunning, whoRuns } from './run-folder.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';
import { appendEntry, ledgerFor } from '../evidence/write-ledger.ts';

export interface Abandoned {
  readonly entry: ReleaseEntry;
  readonly findings: LiveFindings;
}

/** Throws UsageError when `id` is not an open intent of `stack`, ExternalError while it runs. */
export async function abandon(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  { stack, id }: { readonly stack: string; readonly id: string },
): Promise<Abandoned> {
  const { ledger } = await ledgerFor(services, workshop.target, { stacks: [stack], ids: [] });
  const folder = openFolder(ledger, stack, id);
  const running = await whoRuns(services, workshop, reach.terraform, stack);
  if (running !== null) {
    throw stillRunning(stack, running);
  }
  const note = await lockNote(services, workshop, stack);
  const bundle = bundleOf(ledger, folder);
  const before = beforeOf(ledger, folder);
  const adoption = await adoptStrays(services, workshop, reach, { bundle, before });
  if (note !== null) {
    services.reporter.info(
      `${stack}: the lock note that ${note} left was of a process that has ended; Terraform has cleared it.`,
    );
  }
  const reported = await reportedBy(services, workshop, reach.terraform, { stack, id });
  const applied = whatWasDone(reported, before, adoption);
  const entry = await recordEnd(services, { ledger, folder, applied, findings: adoption.findings });
  return { entry, findings: adoption.findings };
}

function openFolder(ledger: Ledger, stack: string, id: string): LedgerFolder {
  const open = openIntents(ledger, stack);
  const folder = open.find((candidate) => candidate.intent.id === id);
  if (folder === undefined) {
    throw new UsageError({
      what: `${id} is not an unfinished release of ${stack}.`,
      why:
        open.length === 0
          ? 'None is unfinished.'
          : `Unfinished: ${open.map((candidate) => candidate.intent.id).join(', ')}.`,
      next: `sluice ledger show --stack ${stack}`,
    });
  }
  return folder;
}

/** Who wrote Terraform's note of a local lock; the lock itself goes with its process, the note does not. */
async function lockNote(services: Services, workshop: Workshop, stack: string): Promise<string | null> {
  const path = `${workshop.root}/state/${stack}/.terraform.tfstate.lock.info`;
  if (!(await services.files.exists(path))) {
    return null;
  }
  const text = await services.files.readText(path);
  const who = /"Who":"([\w.@-]+)"/.exec(text)?.[1] ?? 'somebody';
  const since = /"Created":"([\d:.TZ-]+)"/.exec(text)?.[1];
  return since === undefined ? who : `${who} at ${since}`;
}

/** As Terraform reported it; without its report, what was planned and is not left to do any more. */
function whatWasDone(
  reported: AppliedResult | null,
  before: LiveBefore | null,
  { findings, remaining }: Adoption,
): AppliedResult {
  const done = reported?.completed ?? notLeft(before, remaining);
  const known = new Set(done.map(({ address }) => address));
  const taken = findings.adopted
    .filter(({ address }) => !known.has(address))
    .map(({ address }) => ({ address, action: 'create', seconds: 0 }));
  return { ok: false, completed: [...done, ...taken], errors: reported?.errors ?? [] };
}

function notLeft(before: LiveBefore | null, { changes }: StackPlan): AppliedResult['completed'] {
  const left = new Set(changes.map(({ address }) => address));
  return (before?.planned ?? [])
    .filter(({ address, actions }) => !left.has(address) && !actions.includes('read'))
    .map(({ address, actions }) => ({ address, action: actions.join(','), seconds: 0 }));
}

interface AbandonedEnd {
  readonly ledger: Ledger;
  readonly folder: LedgerFolder;
  readonly applied: AppliedResult;
  readonly findings: LiveFindings;
}

async function recordEnd(
  services: Services,
  { ledger, folder, applied, findings }: AbandonedEnd,
): Promise<ReleaseEntry> {
  const { intent } = folder;
  const stored = [...ledger.files]
    .filter(([path]) => path.startsWith(`${folder.folder}/`))
    .map(([path, text]) => ({ path, text }));
  const added = [{ path: `${folder.folder}/${afterFile}`, text: liveText(findings) }];
  const finishedAt = services.clock.now();
  const signer = await ledgerSigner(services, intent.target);
  return appendEntry(
    services,
    { target: intent.target, scope: { stacks: [intent.stack], ids: [] }, signer, added },
    (current) =>
      completeEntry(
        {
          intent,
          bundle: bundleOf(ledger, folder),
          plan: null,
          record: null,
          finishedAt,
          terraform: 'not run',
          result: 'aborted',
          applied,
          converged: null,
          probes: [],
          pending: [],
          unread: [],
        },
        [...stored, ...added],
        current,
      ),
  );
}
