/**
 * Works out what a rollback would restore. Three ways to say it: the latest release of the stack (the usual 3 a.m. case),
 * back to the state after release N, or only release N out of the middle. None of them may silently undo somebody
 * else's later change: what else would go is either refused as a conflict or must be named by its change id. And none
 * brings back what was undone: a recorded state is restored only while everything that was in force in it still is.
 */
import { diffBundles } from '../plan/difference/diff.ts';
import type { Bundle, StackPlan } from '../plan/types.ts';
import { bundleOf } from './history.ts';
import {
  remainingInForce,
  mayHaveChanged,
  releasesInForce,
  stackState,
  type Finished,
  type StackState,
} from './state.ts';
import { withoutRelease } from './take-out.ts';
import type { Ledger, ReleaseEntry } from './types.ts';

export type RollbackRequest =
  | { readonly kind: 'latest' }
  | { readonly kind: 'to'; readonly id: string; readonly including: readonly string[] }
  | { readonly kind: 'only'; readonly id: string };

export type RollbackPlan =
  | {
      readonly ok: true;
      /** What will be live afterwards. */
      readonly target: Bundle;
      /** From what the ledger says is live to the target: what Terraform may do, and nothing else. */
      readonly expected: StackPlan;
      readonly undoes: readonly Finished[];
    }
  | { readonly ok: false; readonly what: string; readonly why: string; readonly next: string };

/** Pure: reads a verified ledger, decides, changes nothing. */
export function planRollback(ledger: Ledger, stack: string, request: RollbackRequest): RollbackPlan {
  const given: Given = { ledger, state: stackState(ledger, stack) };
  if (given.state.finished.length === 0) {
    return refused(
      `Nothing was ever released to ${stack}.`,
      'There is no earlier state to go back to.',
      'sluice ledger show',
    );
  }
  switch (request.kind) {
    case 'latest':
      return undoLatest(given);
    case 'to':
      return backTo(given, request);
    case 'only':
      return undoOnly(given, request.id);
  }
}

interface Given {
  readonly ledger: Ledger;
  readonly state: StackState;
}

function undoLatest(given: Given): RollbackPlan {
  const { ledger, state } = given;
  const { live, attempts, recorded } = state;
  const broken = attempts.at(-1);
  if (broken !== undefined) {
    return cleanUp(given, broken);
  }
  const before = recorded.at(-2)?.folder;
  if (live?.entry.action === 'rollback') {
    return nothingLeft(state, live);
  }
  return live === null || before === undefined || live.entry.action === 'baseline'
    ? firstRelease(state)
    : planned({ ledger, from: live, target: bundleOf(ledger, before), undoes: [live] });
}

/** A rollback that broke off is finished, not undone; a release that did is taken back, with what was tried before it. */
function cleanUp({ ledger, state }: Given, broken: Finished): RollbackPlan {
  const { entry } = broken;
  if (entry.action === 'rollback') {
    return planned({
      ledger,
      from: furthest(state) ?? broken,
      target: bundleOf(ledger, broken),
      undoes: state.finished.filter((folder) => entry.undoes.includes(folder.entry.id)),
    });
  }
  return state.live === null
    ? firstRelease(state)
    : planned({
        ledger,
        from: broken,
        target: bundleOf(ledger, state.live),
        undoes: [...tried(state).filter((folder) => folder !== broken), broken],
      });
}

/** Releases since `live` that did not succeed and may have changed something: a rollback takes them back too. */
function tried({ attempts }: StackState): readonly Finished[] {
  return attempts.filter(({ entry }) => entry.action !== 'rollback' && mayHaveChanged(entry));
}

/** Live is between this and the target of any rollback that broke off: the last release that was tried, or what is live. */
function furthest(state: StackState): Finished | null {
  return tried(state).at(-1) ?? state.live;
}

/** A second rollback must neither bring the change back nor take away an older one that nobody complained about. */
function nothingLeft(state: StackState, { entry }: Finished): RollbackPlan {
  const { id, stack, undoes } = entry;
  const newest = releasesInForce(state).at(-1);
  return refused(
    `${undoes.join(', ')} of ${stack} was rolled back already, by ${id}.`,
    newest === undefined
      ? 'Nothing that was released since the baseline is live.'
      : `${newest.entry.id} (${newest.entry.changeId ?? newest.entry.action}) is the latest release that is live.`,
    newest === undefined
      ? `sluice ledger show --stack ${stack}`
      : `sluice rollback ${stack} --only ${newest.entry.id} --reason "..."`,
  );
}

function firstRelease({ stack, finished, live }: StackState): RollbackPlan {
  const first = live ?? finished.at(-1);
  const id = first?.entry.id ?? '';
  return live !== null
    ? refused(
        `${id} is the first release of ${stack}.`,
        'The state before it was never recorded, so it cannot be restored.',
        `sluice ledger show --stack ${stack}`,
      )
    : refused(
        `${id}, the first release of ${stack}, ended as ${first?.entry.result ?? 'unknown'}.`,
        'There is no state before it to go back to; a baseline goes on from where it stopped.',
        `sluice baseline ${stack} --reason "first release, after ${id}"`,
      );
}

function backTo(given: Given, request: Extract<RollbackRequest, { kind: 'to' }>): RollbackPlan {
  const { ledger, state } = given;
  const { finished, inForce, stack } = state;
  const target = finished.find((folder) => folder.entry.id === request.id);
  if (target === undefined) {
    return unknownRelease(request.id, finished);
  }
  const then = state.recorded.find(({ folder }) => folder === target)?.inForce;
  if (then === undefined) {
    return refused(
      `${request.id} ended as ${target.entry.result}.`,
      'Only a state that was released and verified can be restored.',
      `sluice ledger show --stack ${stack}`,
    );
  }
  const problem = refuseReviving(state, request.id, then);
  if (problem !== null) {
    return problem;
  }
  const leaving = finished.filter(({ entry }) => inForce.has(entry.id) && !then.has(entry.id));
  const undoes = [...leaving, ...tried(state)];
  if (undoes.length === 0) {
    return refused(
      `${request.id} is live now.`,
      'There is nothing to undo.',
      `sluice ledger show --stack ${stack}`,
    );
  }
  return (
    refuseUnnamed(state, request, undoes) ??
    planned({ ledger, from: furthest(state) ?? target, target: bundleOf(ledger, target), undoes })
  );
}

/**
 * A state in which something was in force that was undone since, or that a rollback which broke off began to undo, is not
 * restored: nobody approved that it comes back.
 */
function refuseReviving(state: StackState, id: string, then: ReadonlySet<string>): RollbackPlan | null {
  const remaining = remainingInForce(state);
  const gone = [...then].filter((each) => !remaining.has(each));
  const [first] = gone;
  if (first === undefined) {
    return null;
  }
  const by = state.undone.get(first) ?? state.unsettled?.entry.id ?? 'a rollback';
  const next = state.undone.has(first)
    ? 'sluice new'
    : `sluice rollback ${state.stack} --reason "finish ${by}"`;
  return refused(
    first === id
      ? `${id} was undone by ${by}.`
      : `Going back to ${id} would bring back ${gone.join(', ')}, undone by ${by}.`,
    'What was undone comes back by a change with approvals of its own, never by a rollback.',
    next,
  );
}

/** Every change that goes, but for that of the latest entry, must be named: it belongs to somebody else. */
function refuseUnnamed(
  { stack, finished }: StackState,
  { id, including }: Extract<RollbackRequest, { kind: 'to' }>,
  undoes: readonly Finished[],
): RollbackPlan | null {
  const own = finished.at(-1)?.entry.changeId ?? null;
  const others = new Set(undoes.flatMap(({ entry }) => (entry.changeId === null ? [] : [entry.changeId])));
  const unnamed = [...others].filter((change) => change !== own && !including.includes(change));
  return unnamed.length === 0
    ? null
    : refused(
        `Going back to ${id} would also undo ${unnamed.join(', ')}.`,
        'Those changes were released after it and belong to somebody else.',
        `sluice rollback ${stack} --to ${id} ${unnamed.map((change) => `--including ${change}`).join(' ')}`,
      );
}

function undoOnly(given: Given, id: string): RollbackPlan {
  const { state } = given;
  const undone = state.finished.find((folder) => folder.entry.id === id);
  if (undone === undefined) {
    return unknownRelease(id, state.finished);
  }
  if (undone === state.finished.at(-1)) {
    return undoLatest(given);
  }
  const problem = notAlone(state, undone.entry);
  if (problem !== null) {
    return problem;
  }
  const before = recordedBefore(state, undone);
  return before === null || state.live === null
    ? firstRelease(state)
    : takeOut(given, { live: state.live, before, undone });
}

function recordedBefore({ recorded }: StackState, release: Finished): Finished | null {
  return recorded[recorded.findIndex(({ folder }) => folder === release) - 1]?.folder ?? null;
}

interface PlannedTakingOut {
  readonly live: Finished;
  readonly before: Finished;
  readonly undone: Finished;
}

function takeOut({ ledger, state }: Given, { live: from, before, undone }: PlannedTakingOut): RollbackPlan {
  const { id, stack } = undone.entry;
  const since = state.finished.slice(state.finished.indexOf(undone) + 1);
  const found = withoutRelease({
    live: bundleOf(ledger, from),
    before: bundleOf(ledger, before),
    own: bundleOf(ledger, undone),
    later: since
      .filter(({ entry }) => state.inForce.has(entry.id))
      .map((folder) => ({
        before: bundleOf(ledger, recordedBefore(state, folder) ?? undone),
        own: bundleOf(ledger, folder),
      })),
  });
  const goBack = `sluice rollback ${stack} --to ${before.entry.id}`;
  switch (found.kind) {
    case 'target':
      return planned({ ledger, from, target: found.target, undoes: [undone] });
    case 'around':
      return refused(
        `${id} cannot be undone alone: it changed ${found.blocks.join(', ')} around the resources as well.`,
        'What such a block changes reaches into resources of other changes, so one release cannot be told apart.',
        goBack,
      );
    case 'touched':
      return refused(
        `${id} cannot be undone alone: ${found.addresses.join(', ')} changed again later.`,
        `Released since: ${since.map(({ entry }) => `${entry.id} (${entry.changeId ?? entry.action})`).join(', ')}. Undoing only ${id} would overwrite that.`,
        goBack,
      );
    case 'dependent':
      return refused(
        `${id} cannot be undone alone: taking it out would not be the exact inverse of what it did.`,
        'What was released since depends on it.',
        goBack,
      );
  }
}

/** Why one release cannot be taken out of the middle, whatever it changed; null when nothing speaks against it. */
function notAlone(state: StackState, undone: ReleaseEntry): RollbackPlan | null {
  const { stack, attempts } = state;
  const show = `sluice ledger show --stack ${stack}`;
  const broken = attempts.at(-1)?.entry;
  if (broken !== undefined) {
    return refused(
      `The latest release of ${stack}, ${broken.id}, ended as ${broken.result}.`,
      'What is live is not known well enough to take one release out of the middle.',
      `sluice rollback ${stack} --reason "clean up ${broken.id}"`,
    );
  }
  if (undone.action === 'rollback') {
    return refused(
      `${undone.id} is a rollback.`,
      'Undoing it would bring a change back without an approval: release that change again.',
      show,
    );
  }
  const by = state.undone.get(undone.id);
  if (by !== undefined) {
    return refused(
      `${undone.id} of ${stack} was rolled back already, by ${by}.`,
      'It is not in force.',
      show,
    );
  }
  return state.inForce.has(undone.id)
    ? null
    : refused(
        `${undone.id} ended as ${undone.result}.`,
        'It is not in force: there is nothing to take out.',
        show,
      );
}

interface Restoring {
  readonly ledger: Ledger;
  /** The release whose bundle is live, as far as it came. */
  readonly from: Finished;
  readonly target: Bundle;
  readonly undoes: readonly Finished[];
}

function planned({ ledger, from, target, undoes }: Restoring): RollbackPlan {
  const expected = diffBundles({ stack: target.stack, before: bundleOf(ledger, from), after: target });
  return { ok: true, target, expected, undoes };
}

function unknownRelease(id: string, releases: readonly Finished[]): RollbackPlan {
  const known = releases.map((folder) => folder.entry.id).join(', ');
  return refused(
    `${id} is not a finished release of this stack.`,
    `Its releases are: ${known}.`,
    'sluice ledger show',
  );
}

function refused(what: string, why: string, next: string): RollbackPlan {
  return { ok: false, what, why, next };
}
