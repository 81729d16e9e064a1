/**
 * Applies one bundle to one stack and records it. Baselines, releases and rollbacks differ in what they may do and in
 * who allowed it; from here on they are the same: plan live, compare with what is allowed, announce in the ledger,
 * apply that very plan file, verify, record. A crash between announcing and recording leaves an open intent in the
 * ledger, which blocks the stack until somebody finishes or abandons it.
 */
import type { Services } from '../../contract/context.ts';
import { ExternalError, PartialApplyError, StaleError, type SluiceError } from '../../contract/errors.ts';
import type { LiveBefore, LiveFindings } from '../../live/types.ts';
import { bundleDigest } from '../../plan/bundle.ts';
import type { Bundle, StackPlan } from '../../plan/types.ts';
import type { AppliedResult, Terraform } from '../../contract/ports.ts';
import { announcement, completeEntry, type Announced } from '../entry.ts';
import { halfReplaced } from '../live/half-replaced.ts';
import { nextId } from '../history.ts';
import { afterFile, beforeFile, liveText } from '../live-evidence.ts';
import { failedProbes, type RecordedProbe } from '../probes.ts';
import { openIntents, positionOf } from '../state.ts';
import { folderName, tagOf } from '../ledger/format.ts';
import type { LedgerSigner } from '../ledger/signature.ts';
import type { Intent, Ledger, LedgerApproval, ReleaseAction, ReleaseEntry } from '../types.ts';
import type { DigestTuple } from '../../../policies/model/facts.ts';
import type { ChangeRecord } from '../../../policies/model/record.ts';
import { refuseDeviations, type AppliedComparison } from './deviations.ts';
import { ledgerSigner, refuseForeignCommit } from '../evidence/ledger-signer.ts';
import { lookAfterFailure, lookBefore, plannedOf, settleBroken } from './look-live.ts';
import { planLive, type Prepared } from './plan-live.ts';
import { claimRun, noteRun, type RunFolder } from './run-folder.ts';
import { stateAfterFile, stateBeforeFile, stateText } from './state-mark.ts';
import { brokenOff, leftOpen, unfinished } from './unfinished.ts';
import { notVerified, verify, type Verified } from './verify.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';
import {
  planEnding,
  planWriteBack,
  undoneBy,
  withLeftovers,
  type Undone,
  type WriteBack,
} from './write-back.ts';
import { appendEntry, ledgerFor, onNewestLedger } from '../evidence/write-ledger.ts';

export interface ReleaseOperation {
  readonly action: ReleaseAction;
  readonly client: string;
  /** Where the stack stood in the ledger that allowed it, see `positionOf`. */
  readonly position: number;
  readonly changeId: string | null;
  readonly record: ChangeRecord | null;
  readonly bundle: Bundle;
  /** What may happen. Null only for a baseline of the sandbox, whose plan is the approval. */
  readonly allowed: StackPlan | null;
  readonly acceptedDrift: readonly string[];
  /** Flags that ask for the same rollback again, for the next command of a refusal; empty for anything else. */
  readonly flags: string;
  readonly tuple: DigestTuple | null;
  readonly reason: string | null;
  readonly undoes: readonly string[];
  readonly by: string;
  readonly commit: string;
  /** Whose approvals allowed it; empty for what no pull request allowed. */
  readonly approvals: readonly LedgerApproval[];
  /** Files to store beside the bundle: decision, plan, rehearsal. Already free of secrets. */
  readonly evidence: ReadonlyMap<string, string>;
  /** Asked once it is applied: what decides whether it went well, beside the plan. */
  readonly probe: () => Promise<readonly RecordedProbe[]>;
  /** What became due meanwhile, because another process ended: asked with the ledger that the end is written on. */
  readonly probeLate: (ledger: Ledger, made: readonly RecordedProbe[]) => Promise<readonly RecordedProbe[]>;
}

/** How a run ended, and what Cloudflare said about it afterwards; null when nothing had to be asked. */
export interface Executed {
  readonly entry: ReleaseEntry;
  readonly findings: LiveFindings | null;
}

/**
 * Throws StaleError when the ledger went on for the stack since it allowed this, DriftError when live is not as expected
 * (nothing was changed in either case), PartialApplyError when the apply broke off or its end could not be recorded.
 */
export async function execute(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  operation: ReleaseOperation,
): Promise<Executed> {
  const { bundle } = operation;
  const { stack } = bundle;
  const signer = await ledgerSigner(services, workshop.target);
  await refuseForeignCommit(services, workshop.target, operation.commit);
  // Before the working folder of the stack is touched: what runs there must find it as it left it.
  const scope = { stacks: [stack], ids: operation.undoes };
  const { ledger } = await ledgerFor(services, workshop.target, scope);
  refuseOvertaken(ledger, operation);
  const run = await claimRun(services, workshop, reach.terraform, stack);
  let isOver = false;
  try {
    await settleBroken(services, workshop, reach, { ...operation, ledger, stack });
    const prepared = await services.reporter.step(`${stack}: plan against live`, () =>
      planLive(services, workshop, reach, { bundle, planFile: run.applyPlan }),
    );
    const half = halfReplaced(ledger, { ...operation, stack });
    const undone = undoneBy(ledger, operation.undoes);
    const allowed = withLeftovers(operation.allowed, operation, undone);
    const comparison: AppliedComparison = { ...operation, stack, half, allowed };
    refuseDeviations(comparison, prepared.live);
    const looked = await lookBefore(services, reach, { ...operation, target: workshop.target }, prepared);
    const given = { bundle, comparison, undone, prepared, planFile: run.applyPlan };
    const writeBack = await planWriteBack(services, workshop, reach, given);
    const first = writeBack?.prepared ?? prepared;
    const before = { ...looked, planned: plannedOf(first.live) };
    const state = await stateText(reach.terraform, first.folder);
    const announced = {
      ...(await announce(services, operation, workshop, { before, state, signer })),
      signer,
    };
    await noteRun(services, run, announced.intent.id);
    const job = { operation, comparison, prepared: first, writeBack, undone, before, announced, run };
    const { entry, findings, refusal } = await carryOut(services, workshop, reach, job);
    isOver = true;
    if (refusal !== null) {
      throw refusal;
    }
    return { entry, findings };
  } finally {
    // A saved plan embeds configuration and state, secrets included. What Terraform reported stays until the end is recorded.
    const gone = isOver ? [run.path] : [run.applyPlan, run.verifyPlan];
    await Promise.all(gone.map((path) => services.files.remove(path)));
  }
}

interface Job {
  readonly operation: ReleaseOperation;
  readonly comparison: AppliedComparison;
  /** What is applied first; nothing more where no value has to be set again. */
  readonly prepared: Prepared;
  readonly writeBack: WriteBack | null;
  readonly undone: Undone;
  readonly before: LiveBefore;
  readonly announced: SignedRun;
  readonly run: RunFolder;
}

/** From the announcement to the entry. Whatever is thrown in between leaves the intent open, and the error says so. */
async function carryOut(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  job: Job,
): Promise<Executed & { readonly refusal: SluiceError | null }> {
  const { operation, prepared, announced } = job;
  const { stack } = operation.bundle;
  try {
    const { applied, refusal } = await services.reporter.step(
      `${stack}: apply ${String(prepared.live.changes.length)} change(s)`,
      (update) => applyAll(services, workshop, reach, { job, update }),
    );
    const verified = applied.ok
      ? await verify(services, workshop, reach, { ...job, id: announced.intent.id })
      : {
          ...notVerified,
          findings: await lookAfterFailure(services, reach, job.before, { live: prepared.live, applied }),
        };
    const { folder } = prepared;
    const outcome = { ...announced, ...verified, applied, live: prepared.live, folder };
    const entry = await record(services, reach.terraform, operation, outcome);
    const { findings } = verified;
    return {
      entry,
      findings,
      refusal: refusal ?? (entry.result === 'failed' ? brokenOff(entry, applied, findings) : null),
    };
  } catch (error) {
    throw error instanceof PartialApplyError ? error : leftOpen(announced.intent, error);
  }
}

/** Another job may have begun, ended or rolled back something on the stack, with this very approval too. */
function refuseOvertaken(ledger: Ledger, { action, bundle, position }: ReleaseOperation): void {
  const { stack } = bundle;
  const [open] = openIntents(ledger, stack);
  if (open !== undefined) {
    throw unfinished([open.intent]);
  }
  if (positionOf(ledger, stack) === position) {
    return;
  }
  const last = ledger.folders.findLast(({ intent }) => intent.stack === stack)?.intent;
  throw new StaleError({
    what: `${stack} is not any more where this ${action} starts from: ${last === undefined ? 'the ledger has nothing of it' : `${last.id} (${last.action} by ${last.by}) came in between`}.`,
    why: 'It was decided before that, on what was live then. Nothing was changed.',
    fix: 'Look at what happened, then run the command again: it decides on what is live now.',
    next: `sluice ledger show --stack ${stack}`,
  });
}

interface ExecutionAttempt {
  readonly applied: AppliedResult;
  /** Terraform would not start; nothing was touched. That is recorded too, or the release would stay open for ever. */
  readonly refusal: ExternalError | null;
}

async function applyOrRefuse(
  terraform: Terraform,
  prepared: Prepared,
  update: (detail: string) => void,
): Promise<ExecutionAttempt> {
  try {
    return { applied: await terraform.apply(prepared.folder, prepared.planFile, update), refusal: null };
  } catch (error) {
    if (!(error instanceof ExternalError)) {
      throw error;
    }
    const { what, why = '' } = error.parts;
    const errors = [{ address: null, summary: what, detail: why }];
    return { applied: { ok: false, completed: [], errors }, refusal: error };
  }
}

/** Both applies of a rollback that sets values again; the second only once the first ended well. */
async function applyAll(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  { job, update }: { readonly job: Job; readonly update: (detail: string) => void },
): Promise<ExecutionAttempt> {
  const { operation, comparison, writeBack, run } = job;
  const first = await applyOrRefuse(reach.terraform, job.prepared, update);
  if (!first.applied.ok || writeBack === null) {
    return first;
  }
  const given = { bundle: operation.bundle, comparison, planFile: run.applyPlan, ending: writeBack.ending };
  const ending = await planEnding(services, workshop, reach, given);
  const second = await applyOrRefuse(reach.terraform, ending, update);
  const completed = [...first.applied.completed, ...second.applied.completed];
  return { ...second, applied: { ...second.applied, completed } };
}

/** An announcement, and what signs its end as well. */
interface SignedRun extends Announced {
  readonly signer: LedgerSigner;
}

/** Another stack may write to the ledger at the same time: then it is announced again, on what is there by then. */
async function announce(
  services: Services,
  operation: ReleaseOperation,
  workshop: Workshop,
  given: { readonly before: LiveBefore; readonly state: string; readonly signer: LedgerSigner },
): Promise<Announced> {
  const { stack: name } = operation.bundle;
  return onNewestLedger(services, workshop.target, { stacks: [name], ids: [] }, async ({ tip, ledger }) => {
    refuseOvertaken(ledger, operation);
    const announced = announcedOn(services, operation, workshop, { ...given, ledger });
    const { id, action, stack } = announced.intent;
    const at = { tip, message: `${id} ${action} of ${stack} begins`, tag: tagOf(id, 'intent') };
    const { signer } = given;
    return { at, files: announced.stored, document: announced.intent, signer, result: announced };
  });
}

function announcedOn(
  services: Services,
  operation: ReleaseOperation,
  workshop: Workshop,
  {
    before,
    state,
    signer,
    ledger,
  }: {
    readonly before: LiveBefore;
    readonly state: string;
    readonly signer: LedgerSigner;
    readonly ledger: Ledger;
  },
): Announced {
  const draft: Omit<Intent, 'files'> = {
    kind: 'sluice.intent',
    version: 1,
    id: nextId(ledger),
    action: operation.action,
    stack: operation.bundle.stack,
    client: operation.client,
    changeId: operation.changeId,
    startedAt: services.clock.now(),
    by: operation.by,
    target: workshop.target,
    commit: operation.commit,
    tuple: operation.tuple,
    bundleDigest: bundleDigest(operation.bundle),
    reason: operation.reason,
    undoes: operation.undoes,
    approvals: operation.approvals,
    previous: ledger.head,
  };
  const evidence = new Map([...operation.evidence, [beforeFile, liveText(before)], [stateBeforeFile, state]]);
  return announcement(draft, operation.bundle, evidence, signer);
}

interface ExecutionOutcome extends SignedRun, Verified {
  readonly applied: AppliedResult;
  readonly live: StackPlan;
  /** The working folder of the stack. */
  readonly folder: string;
}

async function record(
  services: Services,
  terraform: Terraform,
  operation: ReleaseOperation,
  outcome: ExecutionOutcome,
): Promise<ReleaseEntry> {
  const version = await terraform.version();
  const finishedAt = services.clock.now();
  const { intent, findings } = outcome;
  const base = folderName(intent.id, intent.stack);
  const added = [
    ...(findings === null ? [] : [{ path: `${base}/${afterFile}`, text: liveText(findings) }]),
    { path: `${base}/${stateAfterFile}`, text: await stateText(terraform, outcome.folder) },
  ];
  const { probes } = outcome;
  let late: readonly RecordedProbe[] = [];
  // Late probes compare with what other stacks of the change ended with.
  const scope = operation.action === 'release' ? null : { stacks: [intent.stack], ids: [] };
  const end = { target: intent.target, scope, signer: outcome.signer, added };
  return appendEntry(services, end, async (ledger) => {
    if (outcome.applied.ok) {
      late = [...late, ...(await operation.probeLate(ledger, [...probes, ...late]))];
    }
    return completeEntry(
      {
        intent: outcome.intent,
        bundle: operation.bundle,
        plan: outcome.live,
        record: operation.record,
        finishedAt,
        terraform: `${version.product} ${version.version}`,
        result:
          outcome.result === 'successful' && failedProbes(late).length > 0
            ? 'failed-verification'
            : outcome.result,
        applied: outcome.applied,
        converged: outcome.converged,
        probes: [...probes, ...late],
        pending: outcome.pending,
        unread: outcome.unread,
      },
      [...outcome.stored, ...added],
      ledger,
    );
  });
}
