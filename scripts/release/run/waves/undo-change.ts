/** Takes a change back from every stack that it reached, the last one first, and says what is left to do where that fails. */
import { completeOf } from '../../../../policies/gate/input.ts';
import { DeniedError, PartialApplyError, SluiceError } from '../../../contract/errors.ts';
import { failedProbes } from '../../probes.ts';
import { stackState } from '../../state.ts';
import type { Ledger, ReleaseEntry } from '../../types.ts';
import { ledgerFor } from '../../evidence/write-ledger.ts';
import { openIncident, type FailedRollback, type StepLeft } from './failed-rollback.ts';
import { plannedRollback, rollBack } from '../roll-back.ts';
import { targetFlag } from '../unfinished.ts';
import type { WaveEnd, WaveRun } from './wave.ts';

export interface Failure {
  /** What is wrong, for a person: `the probe "…" failed (…)`. */
  readonly cause: string;
  /** The release that it shows at. */
  readonly at: string;
  /** Why, in the words of whoever refused; each with its stack. */
  readonly reasons: readonly string[];
}

/** Of a wave that failed; null for one that did not. */
export function failureOf(end: WaveEnd): Failure | null {
  const { entries, errors } = end;
  const failed = entries.find(({ result }) => result !== 'successful');
  if (failed !== undefined) {
    return { cause: describeFailure(failed), at: failed.id, reasons: reasonsOf(end) };
  }
  const [first] = errors;
  return first === undefined
    ? null
    : { cause: `${first.stack}: ${textOf(first.error)}`, at: first.stack, reasons: reasonsOf(end) };
}

function describeFailure(entry: ReleaseEntry): string {
  const failed = failedProbes(entry.verification.probes);
  return failed.length > 0
    ? failed.map((probe) => `the probe "${probe.name}" failed (${probe.detail})`).join(', ')
    : 'a plan right after it was not empty';
}

function textOf(error: unknown): string {
  return error instanceof SluiceError ? error.parts.what.replace(/\.$/, '') : String(error).slice(0, 300);
}

/** Terraform's and git's own words: for who reads the error, never for the ledger or an incident. */
function reasonsOf({ errors }: WaveEnd): readonly string[] {
  return errors.flatMap(({ stack, error }) =>
    error instanceof SluiceError && error.parts.why !== undefined ? [`${stack}: ${error.parts.why}`] : [],
  );
}

/** Stacks that hold this change or part of it, whichever run released them; the last one first. */
export function reachedBy(
  ledger: Ledger,
  changeId: string | null,
  stacks: readonly string[],
): readonly string[] {
  const last = stacks.flatMap((stack) => {
    const { unsettled, live, open } = stackState(ledger, stack);
    const intents = [...open, unsettled, live].flatMap((folder) => (folder === null ? [] : [folder.intent]));
    const [newest] = intents.toSorted((a, b) => (a.id < b.id ? 1 : -1));
    return newest?.action === 'release' && newest.changeId === changeId ? [newest] : [];
  });
  return last.toSorted((a, b) => (a.id < b.id ? 1 : -1)).map(({ stack }) => stack);
}

/** What to throw once it is done: DeniedError when everything is back, else PartialApplyError. */
export async function undoChange(run: WaveRun, failure: Failure): Promise<PartialApplyError | DeniedError> {
  const { services, workshop, decision, facts } = run;
  const { ledger } = await ledgerFor(services, workshop.target);
  const names = facts.plan.stacks.map(({ stack }) => stack);
  const stacks = reachedBy(ledger, decision.changeId, names);
  const strategy = completeOf(facts)?.record.rollback.strategy;
  if (strategy === 'forward-fix' || strategy === 'not-possible') {
    return leftAsItIs(run, failure, { strategy, stacks });
  }
  const ends = await undoStacks(run, stacks, failure);
  const known = { changeId: decision.changeId, registers: facts.policy.registers };
  return ends.every(isBack) ? rolledBack(ends, failure) : notBack(run, { ...failure, ...known }, ends);
}

/** What undoing needs of whoever does it. */
export type UndoRun = Pick<WaveRun, 'services' | 'workshop' | 'reach' | 'by' | 'probing'>;

/** In the order that is given, each whatever became of the others. Throws nothing. */
export async function undoStacks(
  run: UndoRun,
  stacks: readonly string[],
  failure: Pick<Failure, 'at' | 'cause'>,
): Promise<readonly UndoEnd[]> {
  const ends: UndoEnd[] = [];
  for (const [index, stack] of stacks.entries()) {
    // What the probes find while half of it is back says nothing: they are made once all of it is.
    const probes = index === stacks.length - 1 ? run.probing.probes : [];
    ends.push(await undoOne({ ...run, probing: { ...run.probing, probes } }, stack, failure));
  }
  return ends;
}

export interface UndoEnd {
  readonly stack: string;
  /** Null where it broke off. */
  readonly rollback: ReleaseEntry | null;
  readonly error: unknown;
}

export function isBack({ rollback }: UndoEnd): boolean {
  return rollback?.result === 'successful';
}

/** Never throws: the other stacks must be taken back whatever happens to this one. */
async function undoOne(
  run: UndoRun,
  stack: string,
  { at, cause }: Pick<Failure, 'at' | 'cause'>,
): Promise<UndoEnd> {
  const { services, workshop, reach, by, probing } = run;
  try {
    const request = { kind: 'latest' } as const;
    const { ledger } = await ledgerFor(services, workshop.target);
    const plan = plannedRollback(ledger, { stack, request });
    const reason = `${at}: ${cause}`;
    const order = { request, plan, accept: [], reason, by, probing };
    const { entry } = await rollBack(services, workshop, reach, order);
    return { stack, rollback: entry, error: null };
  } catch (error) {
    return { stack, rollback: null, error };
  }
}

function leftAsItIs(
  { workshop }: WaveRun,
  { at, cause }: Failure,
  { strategy, stacks }: { readonly strategy: string; readonly stacks: readonly string[] },
): PartialApplyError {
  const [first = ''] = stacks;
  return new PartialApplyError({
    what: `${at} was applied, but ${cause}.`,
    why: `The record says that the rollback strategy is ${strategy}: nothing is undone by itself. Released: ${stacks.join(', ')}.`,
    next: `sluice rollback ${first} ${targetFlag(workshop.target)}--reason "${at} failed its verification"`,
  });
}

function rolledBack(ends: readonly UndoEnd[], { cause, reasons }: Failure): DeniedError {
  return new DeniedError({
    what: `The release was rolled back: ${cause}.`,
    diagnostics: reasons.map((message) => ({ message })),
    why: `Undone: ${describeUndone(ends)}.`,
    fix: 'Correct the change; it needs a new record (retryOf) and new approvals.',
    next: 'sluice ledger show',
  });
}

/** The release failed and its rollback did too: what is left to do stands in the error, stack by stack, and in an incident. */
export async function notBack(
  run: UndoRun,
  { at, cause, reasons, ...known }: Failure & Pick<FailedRollback, 'changeId' | 'registers'>,
  ends: readonly UndoEnd[],
): Promise<PartialApplyError> {
  const left = ends.filter((end) => !isBack(end)).map((end) => leftToDo(run, end, at));
  const [first] = left;
  const incident = await openIncident(run.services, { ...known, cause, steps: left });
  return new PartialApplyError({
    what: `The release has to be rolled back (${cause}), but ${first?.what ?? ''}`,
    diagnostics: [
      ...reasons.map((message) => ({ message })),
      ...left.flatMap(({ what, command, details }) => [{ message: what, fix: command }, ...details]),
    ],
    why: `Undone so far: ${describeUndone(ends)}. ${incident}`,
    fix: first?.fix ?? 'Roll back by hand, stack by stack, as soon as the cause is known.',
    next: first?.command ?? 'sluice ledger show',
    cause: ends.find((end) => !isBack(end))?.error,
  });
}

function leftToDo(
  { workshop }: Pick<UndoRun, 'workshop'>,
  { stack, rollback, error }: UndoEnd,
  at: string,
): StepLeft {
  const parts = error instanceof SluiceError ? error.parts : null;
  const why =
    parts?.what ?? (rollback === null ? textOf(error) : `${rollback.id} ended as ${rollback.result}`);
  return {
    stack,
    what: `${stack} could not be undone: ${why}`,
    details: parts?.diagnostics ?? [],
    fix: parts?.fix ?? 'Roll back by hand, stack by stack, as soon as the cause is known.',
    command: parts?.next ?? `sluice rollback ${stack} ${targetFlag(workshop.target)}--reason "${at} failed"`,
  };
}

function describeUndone(ends: readonly UndoEnd[]): string {
  return (
    ends
      .flatMap(({ rollback }) => (rollback === null ? [] : [rollback]))
      .map(({ undoes, stack, id, result }) => `${undoes.join(', ')} of ${stack} by ${id} (${result})`)
      .join(', ') || 'nothing'
  );
}
