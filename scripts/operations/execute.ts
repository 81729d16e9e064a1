/**
 * Applies one bundle to one stack and records it. Baselines, releases and rollbacks differ in what they may do and in
 * who allowed it; from here on they are the same: plan live, compare with what is allowed, announce in the ledger,
 * apply that very plan file, verify, record. A crash between announcing and recording leaves an open intent in the
 * ledger, which blocks the stack until somebody finishes or abandons it.
 */
import type { Services } from '../context.ts';
import { DriftError, ExternalError, InputError, PartialApplyError } from '../errors.ts';
import { bundleDigest } from '../plan/bundle.ts';
import { changeKind } from '../plan/kind.ts';
import { readTerraformPlan } from '../plan/terraform-plan.ts';
import type { Bundle, StackPlan } from '../plan/types.ts';
import type { AppliedResult, ProbeResult, Terraform } from '../ports.ts';
import { compareLive, type Deviation } from '../release/compare-live.ts';
import { completeEntry, intentFiles } from '../release/entry.ts';
import { nextId, openIntents } from '../release/history.ts';
import { documentText, folderName, type StoredFile } from '../release/ledger.ts';
import type { Intent, Ledger, ReleaseAction, ReleaseEntry, ReleaseResult, Target } from '../release/types.ts';
import type { DigestTuple } from '../../policies/model/facts.ts';
import type { ChangeRecord, Probe } from '../../policies/model/record.ts';
import { prepareFolder, type Workshop } from './workspace.ts';
import { isWorthAnotherTry, ledgerFor, writeLedger } from './write-ledger.ts';

export interface Operation {
  readonly action: ReleaseAction;
  readonly client: string;
  readonly changeId: string | null;
  readonly record: ChangeRecord | null;
  readonly bundle: Bundle;
  /** What may happen. Null only for a baseline, whose plan is the approval. */
  readonly allowed: StackPlan | null;
  readonly acceptedDrift: readonly string[];
  /** Flags that ask for the same rollback again, for the next command of a refusal; empty for anything else. */
  readonly flags: string;
  readonly tuple: DigestTuple | null;
  readonly reason: string | null;
  readonly undoes: readonly string[];
  readonly by: string;
  readonly commit: string;
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

/** Throws DriftError when live is not as expected (nothing was changed), PartialApplyError when the apply broke off. */
export async function execute(
  services: Services,
  workshop: Workshop,
  terraform: Terraform,
  operation: Operation,
): Promise<ReleaseEntry> {
  const { stack } = operation.bundle;
  const prepared = await services.reporter.step(`${stack}: plan against live`, () =>
    planLive(services, workshop, terraform, operation.bundle),
  );
  refuseDeviations(operation, prepared.live);
  const announced = await announce(services, operation, workshop);
  const { applied, refusal } = await services.reporter.step(
    `${stack}: apply ${String(prepared.live.changes.length)} change(s)`,
    (update) => applyOrRefuse(terraform, prepared, update),
  );
  const verified = await verify(services, terraform, operation, { applied, folder: prepared.folder });
  // A saved plan embeds configuration and state, secrets included.
  await services.files.remove(prepared.planFile);
  const entry = await record(services, terraform, operation, {
    ...announced,
    ...verified,
    applied,
    live: prepared.live,
  });
  if (refusal !== null) {
    throw refusal;
  }
  if (entry.result === 'failed') {
    throw brokenOff(entry, applied);
  }
  return entry;
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
  return planFolder(await prepareFolder(services, workshop, terraform, bundle), terraform, bundle);
}

/** Plans in a folder that is initialised, and reads the plan back through the same reader as everything else. */
async function planFolder(folder: string, terraform: Terraform, bundle: Bundle): Promise<Prepared> {
  const planFile = `${folder}/sluice.tfplan`;
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

function refuseDeviations(operation: Operation, live: StackPlan): void {
  if (operation.allowed === null) {
    return;
  }
  const accepted = new Set(operation.acceptedDrift);
  const deviations = compareLive(operation.allowed, live).deviations.filter(
    (deviation) => !accepted.has(deviation.subject.split('#')[0] ?? ''),
  );
  if (deviations.length > 0) {
    throw driftError(operation, deviations);
  }
}

function driftError(operation: Operation, deviations: readonly Deviation[]): DriftError {
  const { stack } = operation.bundle;
  const addresses = [...new Set(deviations.map((deviation) => deviation.subject.split('#')[0] ?? ''))];
  const accept = [...operation.acceptedDrift, ...addresses]
    .map((address) => `--accept '${address}'`)
    .join(' ');
  return new DriftError({
    what: `Live ${stack} is not as it was released: ${String(deviations.length)} difference(s). Nothing was changed.`,
    diagnostics: deviations.map((deviation) => ({ message: `${deviation.subject}: ${deviation.what}` })),
    why: 'Somebody edited Cloudflare outside of Sluice, or the approval was given for another starting point.',
    fix:
      operation.action === 'rollback'
        ? 'Find out who did it. To overwrite those edits knowingly, name each address.'
        : 'Bring the edit into the code with a change of its own, or undo it in the dashboard; then release again.',
    next:
      operation.action === 'rollback'
        ? `sluice rollback ${stack} ${operation.flags}${accept} --reason "..."`
        : `sluice plan ${stack}`,
  });
}

interface Announced {
  readonly intent: Intent;
  readonly stored: readonly StoredFile[];
}

async function announce(services: Services, operation: Operation, workshop: Workshop): Promise<Announced> {
  const { tip, ledger } = await ledgerFor(services, workshop.target);
  const { stack } = operation.bundle;
  const [open] = openIntents(ledger, stack);
  if (open !== undefined) {
    throw unfinished(open.intent);
  }
  const intent: Intent = {
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
    previous: ledger.head,
  };
  const stored = intentFiles(intent, operation.bundle, operation.evidence);
  const message = `${intent.id} ${operation.action} of ${stack} begins`;
  await writeLedger(services, workshop.target, { tip, message }, stored);
  return { intent, stored };
}

/** The refusal for a stack with an open intent. */
export function unfinished(intent: Intent): PartialApplyError {
  return new PartialApplyError({
    what: `${intent.id} (${intent.action} of ${intent.stack}) was begun at ${intent.startedAt} by ${intent.by} and never ended.`,
    why: 'It is running right now, or it crashed and left the stack somewhere in between.',
    fix: 'If it is not running, give it up: the rollback restores the last good state.',
    next: `sluice rollback ${intent.stack} --abandon ${intent.id} --reason "release crashed"`,
  });
}

interface Verified {
  readonly result: ReleaseResult;
  readonly converged: boolean | null;
  readonly probes: readonly ProbeResult[];
}

async function verify(
  services: Services,
  terraform: Terraform,
  operation: Operation,
  done: { readonly applied: AppliedResult; readonly folder: string },
): Promise<Verified> {
  if (!done.applied.ok) {
    return { result: 'failed', converged: null, probes: [] };
  }
  const { stack } = operation.bundle;
  const after = await services.reporter.step(`${stack}: verify that nothing is left to change`, () =>
    planFolder(done.folder, terraform, operation.bundle),
  );
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

interface Outcome extends Announced, Verified {
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
  return appendEntry(services, outcome.intent.target, (ledger) =>
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

/**
 * Appends release.json, whose `previous` depends on the tip: another stack may have finished meanwhile, then it is made
 * again on the new tip. Ten rounds are more stacks than finish in one second.
 */
export async function appendEntry(
  services: Services,
  target: Target,
  make: (ledger: Ledger) => ReleaseEntry,
): Promise<ReleaseEntry> {
  let failure: unknown = null;
  for (let round = 0; round < 10; round += 1) {
    const { tip, ledger } = await ledgerFor(services, target);
    const entry = make(ledger);
    const file = { path: `${folderName(entry.id, entry.stack)}/release.json`, text: documentText(entry) };
    try {
      const message = `${entry.id} ${entry.action} of ${entry.stack}: ${entry.result}`;
      await writeLedger(services, target, { tip, message }, [file]);
      return entry;
    } catch (error) {
      failure = error;
      if (!isWorthAnotherTry(error)) {
        break;
      }
    }
  }
  throw new PartialApplyError({
    what: 'The change was applied, but the ledger could not be written.',
    why: failure instanceof Error ? failure.message : String(failure),
    fix: 'The intent is recorded. Restore write access to the ledger branch, then roll back or release again.',
    next: 'sluice ledger show',
    cause: failure,
  });
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
