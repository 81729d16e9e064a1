/**
 * Applies one bundle to one stack and records it. Baselines, releases and rollbacks differ in what they may do and in
 * who allowed it; from here on they are the same: plan live, compare with what is allowed, announce in the ledger,
 * apply that very plan file, verify, record. A crash between announcing and recording leaves an open intent in the
 * ledger, which blocks the stack until somebody finishes or abandons it.
 */
import type { Services } from '../context.ts';
import { ExternalError, InputError, PartialApplyError, SluiceError } from '../errors.ts';
import { bundleDigest } from '../plan/bundle.ts';
import { changeKind } from '../plan/kind.ts';
import { readTerraformPlan } from '../plan/terraform-plan.ts';
import type { Bundle, StackPlan } from '../plan/types.ts';
import type { AppliedResult, ProbeResult, Terraform } from '../ports.ts';
import { announcement, completeEntry, type Announced } from '../release/entry.ts';
import { nextId } from '../release/history.ts';
import { openIntents } from '../release/state.ts';
import { tagOf } from '../release/ledger/format.ts';
import type { LedgerSigner } from '../release/ledger/signature.ts';
import type { Intent, LedgerApproval, ReleaseAction, ReleaseEntry, ReleaseResult } from '../release/types.ts';
import type { DigestTuple } from '../../policies/model/facts.ts';
import type { ChangeRecord, Probe } from '../../policies/model/record.ts';
import { refuseDeviations } from './deviations.ts';
import { ledgerSigner } from './ledger-signer.ts';
import { prepareFolder, type Workshop } from './workspace.ts';
import { appendEntry, ledgerFor, writeLedger } from './write-ledger.ts';

export interface Operation {
  readonly action: ReleaseAction;
  readonly client: string;
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
  readonly probes: readonly Probe[];
  /** Host to base address, for probes that must not leave the machine. */
  readonly resolve: ReadonlyMap<string, string>;
}

interface Prepared {
  readonly folder: string;
  readonly planFile: string;
  readonly live: StackPlan;
}

/**
 * Throws DriftError when live is not as expected (nothing was changed), PartialApplyError when the apply broke off or its
 * end could not be recorded.
 */
export async function execute(
  services: Services,
  workshop: Workshop,
  terraform: Terraform,
  operation: Operation,
): Promise<ReleaseEntry> {
  const { stack } = operation.bundle;
  const signer = await ledgerSigner(services, workshop.target);
  await refuseOpen(services, workshop, stack);
  // A saved plan embeds configuration and state, secrets included: it lies apart, and goes whatever happens.
  const plans = await services.files.makeTempDir('sluice-plan');
  try {
    const prepared = await services.reporter.step(`${stack}: plan against live`, async () => {
      const folder = await prepareFolder(services, workshop, terraform, operation.bundle);
      return planFolder(terraform, operation.bundle, { folder, planFile: `${plans}/apply.tfplan` });
    });
    refuseDeviations({ ...operation, stack }, prepared.live);
    const announced = { ...(await announce(services, operation, workshop, signer)), signer };
    const { entry, refusal } = await carryOut(services, workshop, terraform, {
      operation,
      prepared,
      announced,
      plans,
    });
    if (refusal !== null) {
      throw refusal;
    }
    return entry;
  } finally {
    await services.files.remove(plans);
  }
}

interface Announcement {
  readonly operation: Operation;
  readonly prepared: Prepared;
  readonly announced: Signed;
  readonly plans: string;
}

/** From the announcement to the entry. Whatever is thrown in between leaves the intent open, and the error says so. */
async function carryOut(
  services: Services,
  workshop: Workshop,
  terraform: Terraform,
  { operation, prepared, announced, plans }: Announcement,
): Promise<{ readonly entry: ReleaseEntry; readonly refusal: SluiceError | null }> {
  const { stack } = operation.bundle;
  try {
    const { applied, refusal } = await services.reporter.step(
      `${stack}: apply ${String(prepared.live.changes.length)} change(s)`,
      (update) => applyOrRefuse(terraform, prepared, update),
    );
    const verified = applied.ok
      ? await verify(services, workshop, terraform, { operation, planFile: `${plans}/verify.tfplan` })
      : notVerified;
    const outcome = { ...announced, ...verified, applied, live: prepared.live };
    const entry = await record(services, terraform, operation, outcome);
    return { entry, refusal: refusal ?? (entry.result === 'failed' ? brokenOff(entry, applied) : null) };
  } catch (error) {
    throw error instanceof PartialApplyError ? error : leftOpen(announced.intent, error);
  }
}

function leftOpen(intent: Intent, error: unknown): PartialApplyError {
  const reason =
    error instanceof SluiceError
      ? [error.parts.what, error.parts.why].filter((part) => part !== undefined).join(' ')
      : String(error).slice(0, 300);
  return new PartialApplyError({
    what: `${intent.id} (${intent.action} of ${intent.stack}) broke off before its end was recorded.`,
    ...(error instanceof SluiceError && error.parts.diagnostics !== undefined
      ? { diagnostics: error.parts.diagnostics }
      : {}),
    why: `${reason} How far it came is not known; the ledger shows it as begun.`,
    fix: 'Repair the cause, then give it up: the rollback restores the last good state.',
    next: giveUp(intent),
    cause: error,
  });
}

function giveUp({ stack, id }: Intent): string {
  return `sluice rollback ${stack} --abandon ${id} --reason "release crashed"`;
}

/** Before the working folder of the stack is touched: what runs there must find it as it left it. */
async function refuseOpen(services: Services, workshop: Workshop, stack: string): Promise<void> {
  const [open] = openIntents((await ledgerFor(services, workshop.target)).ledger, stack);
  if (open !== undefined) {
    throw unfinished(open.intent);
  }
}

interface Attempt {
  readonly applied: AppliedResult;
  /** Terraform would not start; nothing was touched. That is recorded too, or the release would stay open for ever. */
  readonly refusal: ExternalError | null;
}

async function applyOrRefuse(
  terraform: Terraform,
  prepared: Prepared,
  update: (detail: string) => void,
): Promise<Attempt> {
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

/** Writes the bundle, initialises Terraform and plans against the real state. */
export async function planLive(
  services: Services,
  workshop: Workshop,
  terraform: Terraform,
  bundle: Bundle,
): Promise<Prepared> {
  const folder = await prepareFolder(services, workshop, terraform, bundle);
  return planFolder(terraform, bundle, { folder, planFile: `${folder}/sluice.tfplan` });
}

/** Plans in a folder that is initialised, and reads the plan back through the same reader as everything else. */
async function planFolder(
  terraform: Terraform,
  bundle: Bundle,
  { folder, planFile }: Pick<Prepared, 'folder' | 'planFile'>,
): Promise<Prepared> {
  const reading = readTerraformPlan(await terraform.plan(folder, planFile), bundle.stack);
  if (!reading.ok) {
    throw new InputError({
      what: `Terraform's plan for ${bundle.stack} does not read.`,
      diagnostics: reading.diagnostics,
      why: 'A plan that is not understood completely cannot be compared with what was approved.',
      next: `sluice plan ${bundle.stack}`,
    });
  }
  const [live] = reading.value.stacks;
  if (live === undefined) {
    throw new InputError({
      what: `Terraform's plan for ${bundle.stack} is empty of stacks.`,
      next: `sluice plan ${bundle.stack}`,
    });
  }
  return { folder, planFile, live };
}

/** An announcement, and what signs its end as well. */
interface Signed extends Announced {
  readonly signer: LedgerSigner;
}

async function announce(
  services: Services,
  operation: Operation,
  workshop: Workshop,
  signer: LedgerSigner,
): Promise<Announced> {
  const { tip, ledger } = await ledgerFor(services, workshop.target);
  const { stack } = operation.bundle;
  const [open] = openIntents(ledger, stack);
  if (open !== undefined) {
    throw unfinished(open.intent);
  }
  const draft: Omit<Intent, 'files'> = {
    kind: 'sluice.intent',
    version: 1,
    id: nextId(ledger),
    action: operation.action,
    stack,
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
  const announced = announcement(draft, operation.bundle, operation.evidence, signer);
  const message = `${draft.id} ${operation.action} of ${stack} begins`;
  const at = { tip, message, tag: tagOf(draft.id, 'intent') };
  await writeLedger(services, workshop.target, at, announced.stored);
  return announced;
}

/** The refusal for a stack with an open intent. */
export function unfinished(intent: Intent): PartialApplyError {
  return new PartialApplyError({
    what: `${intent.id} (${intent.action} of ${intent.stack}) was begun at ${intent.startedAt} by ${intent.by} and never ended.`,
    why: 'It is running right now, or it crashed and left the stack somewhere in between.',
    fix: 'If it is not running, give it up: the rollback restores the last good state.',
    next: giveUp(intent),
  });
}

interface Verified {
  readonly result: ReleaseResult;
  readonly converged: boolean | null;
  readonly probes: readonly ProbeResult[];
}

const notVerified: Verified = { result: 'failed', converged: null, probes: [] };

async function verify(
  services: Services,
  workshop: Workshop,
  terraform: Terraform,
  { operation, planFile }: { readonly operation: Operation; readonly planFile: string },
): Promise<Verified> {
  const { stack } = operation.bundle;
  const after = await services.reporter.step(`${stack}: verify that nothing is left to change`, async () => {
    // Written again: a refused attempt for the same stack may have used the folder meanwhile.
    const folder = await prepareFolder(services, workshop, terraform, operation.bundle);
    return planFolder(terraform, operation.bundle, { folder, planFile });
  });
  const converged = after.live.changes.every((change) => ['no-op', 'read'].includes(changeKind(change)));
  const prober = services.prober(operation.resolve);
  const probes: ProbeResult[] = [];
  for (const probe of operation.probes) {
    probes.push(await services.reporter.step(`${stack}: probe "${probe.name}"`, () => prober.probe(probe)));
  }
  // A rollback has done its work when the recorded state is back; a probe of the undone change may well test what is gone.
  const healthy = converged && (operation.action === 'rollback' || probes.every((probe) => probe.ok));
  return { result: healthy ? 'successful' : 'failed-verification', converged, probes };
}

interface Outcome extends Signed, Verified {
  readonly applied: AppliedResult;
  readonly live: StackPlan;
}

async function record(
  services: Services,
  terraform: Terraform,
  operation: Operation,
  outcome: Outcome,
): Promise<ReleaseEntry> {
  const version = await terraform.version();
  const finishedAt = services.clock.now();
  return appendEntry(services, outcome.intent.target, outcome.signer, (ledger) =>
    completeEntry(
      {
        intent: outcome.intent,
        bundle: operation.bundle,
        plan: outcome.live,
        record: operation.record,
        finishedAt,
        terraform: `${version.product} ${version.version}`,
        result: outcome.result,
        applied: outcome.applied,
        converged: outcome.converged,
        probes: outcome.probes,
      },
      outcome.stored,
      ledger,
    ),
  );
}

function brokenOff(entry: ReleaseEntry, applied: AppliedResult): PartialApplyError {
  return new PartialApplyError({
    what: `${entry.id}: the apply to ${entry.stack} broke off after ${String(applied.completed.length)} change(s).`,
    diagnostics: applied.errors.map((error) => ({
      message: `${error.address ?? 'terraform'}: ${error.summary}`,
      ...(error.detail === '' ? {} : { found: error.detail }),
    })),
    why: `Done: ${applied.completed.map((done) => `${done.address} (${done.action})`).join(', ') || 'nothing'}.`,
    ...goingOn(entry),
  });
}

/** How to go on from an apply that broke off: forth or back for a release, only forth for anything else. */
function goingOn({ id, action, stack }: ReleaseEntry): { readonly fix: string; readonly next: string } {
  switch (action) {
    case 'baseline':
      return {
        fix: 'Repair the cause and run it again: it goes on from where it stopped.',
        next: `sluice baseline ${stack} --reason "${id} broke off"`,
      };
    case 'release':
      return {
        fix: 'Undo the part that was done, or repair the cause and run the same release again.',
        next: `sluice rollback ${stack} --reason "release ${id} broke off"`,
      };
    case 'rollback':
      return {
        fix: 'Repair the cause and run the rollback again: it goes on from where it stopped.',
        next: `sluice rollback ${stack} --reason "rollback ${id} broke off"`,
      };
  }
}
