/**
 * The state of a change, derived from facts. Nobody types a state: a record says what is wanted, the pull request,
 * the decision and the ledger say how far it got. Where facts contradict each other, the state is the more careful one
 * and the reasons say so.
 *
 *   draft → submitted → assessed → authorised → scheduled → implementing → review → closed
 *   and beside the way: rejected, on-hold, cancelled, aborted
 */
import type { Decision } from './decision.ts';
import type { PastRelease, Pull } from './facts.ts';
import type { AuthoredRecord } from './record.ts';

export type ChangeState =
  | 'draft'
  | 'submitted'
  | 'assessed'
  | 'authorised'
  | 'scheduled'
  | 'implementing'
  | 'review'
  | 'closed'
  | 'rejected'
  | 'on-hold'
  | 'cancelled'
  | 'aborted';

export interface StateFacts {
  /** Without `stacks` where no plan says which they are: of those that the ledger does not know nothing is said then. */
  readonly record: Pick<AuthoredRecord, 'id' | 'kind' | 'stacks' | 'schedule' | 'outcome'>;
  /** Null when the record is only on a branch. A record on the default branch counts as merged. */
  readonly pull: Pick<Pull, 'state' | 'draft'> | null;
  /** The newest decision about the change; null when none was taken, `not-asked` where nobody looked. */
  readonly decision: Pick<Decision, 'verdict' | 'approvals'> | null | 'not-asked';
  /** From the ledger, any order; entries of other changes are ignored. */
  readonly releases: readonly Pick<PastRelease, 'changeId' | 'stack' | 'at' | 'kind' | 'result'>[];
  /** Whether a release of this change is being applied at this moment. */
  readonly isApplying: boolean;
  /** RFC 3339. */
  readonly now: string;
}

export interface DerivedState {
  readonly state: ChangeState;
  /** Why, for a person; at least one. */
  readonly reasons: readonly string[];
  /** Not begun although the planned start has passed. */
  readonly isOverdue: boolean;
}

type ChangeStage = Omit<DerivedState, 'isOverdue'>;
type Releases = StateFacts['releases'];

const beforeWork: ReadonlySet<ChangeState> = new Set([
  'draft',
  'submitted',
  'assessed',
  'authorised',
  'scheduled',
  'on-hold',
]);

/** The state of one change at `facts.now`. Total: every combination of facts has a state. */
export function deriveState(facts: StateFacts): DerivedState {
  const releases = facts.releases.filter(({ changeId }) => changeId === facts.record.id);
  const stage = stageOf(facts, releases);
  const start = facts.record.schedule?.plannedStart;
  const isOverdue =
    start !== undefined && beforeWork.has(stage.state) && Date.parse(start) < Date.parse(facts.now);
  return { ...stage, isOverdue };
}

function stageOf(facts: StateFacts, releases: Releases): ChangeStage {
  if (facts.isApplying) {
    return { state: 'implementing', reasons: ['a release of this change is running'] };
  }
  if (facts.record.outcome !== undefined) {
    return ended(facts.record.outcome, releases);
  }
  if (releases.length > 0) {
    return released(facts.record, releases);
  }
  if (facts.pull === null) {
    return { state: 'draft', reasons: ['no pull request is known to carry the record'] };
  }
  const { state, draft } = facts.pull;
  if (state === 'merged') {
    return merged(facts);
  }
  return state === 'open' ? proposed(draft, facts.decision) : withdrawn(facts.decision);
}

function ended(outcome: NonNullable<AuthoredRecord['outcome']>, releases: Releases): ChangeStage {
  const closed = `closed as ${outcome.result} by ${outcome.closedBy} at ${outcome.closedAt}`;
  const { result } = outcome;
  if (result === 'cancelled' || result === 'rejected') {
    if (releases.length > 0) {
      const count = `the ledger holds ${releases.length} release(s) of it`;
      return { state: 'review', reasons: [closed, `${count}: what was released cannot be ${result}`] };
    }
    return { state: result, reasons: [closed] };
  }
  const unproven = releases.length === 0 ? ['the ledger holds no release of it'] : [];
  return { state: result === 'aborted' ? 'aborted' : 'closed', reasons: [closed, ...unproven] };
}

function released(record: StateFacts['record'], releases: Releases): ChangeStage {
  const last = lastByStack(releases);
  const stopped = last.filter((release) => !isLive(release));
  if (stopped.length > 0) {
    const reasons = stopped.map(({ stack, kind, result, at }) => `${stack}: ${kind}, ${result}, at ${at}`);
    return { state: 'review', reasons: [...reasons, 'the record has no outcome yet'] };
  }
  const open = (record.stacks ?? []).filter((stack) => !last.some((release) => release.stack === stack));
  if (open.length > 0) {
    return { state: 'implementing', reasons: [`not released yet: ${open.join(', ')}`] };
  }
  return { state: 'review', reasons: ['released to every stack', 'the record has no outcome yet'] };
}

/** The last word of the ledger on each stack, of releases and rollbacks in any order; of two at one time, the later one. */
export function lastByStack<T extends Pick<PastRelease, 'stack' | 'at'>>(
  releases: readonly T[],
): readonly T[] {
  const inOrder = releases.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  return [...new Map(inOrder.map((release) => [release.stack, release])).values()];
}

/** A rollback leaves nothing of the change live, and only these two results of a release do; any other needs a review. */
export function isLive({ kind, result }: Pick<PastRelease, 'kind' | 'result'>): boolean {
  return kind === 'release' && (result === 'successful' || result === 'successful-with-issues');
}

function proposed(isDraft: boolean, decision: StateFacts['decision']): ChangeStage {
  if (isDraft) {
    return { state: 'draft', reasons: ['the pull request is a draft'] };
  }
  if (decision === 'not-asked') {
    return { state: 'submitted', reasons: ['the pull request is open'] };
  }
  if (decision === null) {
    return { state: 'submitted', reasons: ['no decision was taken yet'] };
  }
  const { vetoes } = decision.approvals;
  if (vetoes.length > 0) {
    return { state: 'on-hold', reasons: vetoes.map(({ login }) => `${login} requests changes`) };
  }
  if (decision.verdict === 'allow') {
    return { state: 'authorised', reasons: ['every check of the gate allows it'] };
  }
  return { state: 'assessed', reasons: [`the gate says ${decision.verdict}`, ...decision.approvals.reasons] };
}

function withdrawn(decision: StateFacts['decision']): ChangeStage {
  const vetoes = decision === null || decision === 'not-asked' ? [] : decision.approvals.vetoes;
  if (vetoes.length > 0) {
    return {
      state: 'rejected',
      reasons: vetoes.map(({ login }) => `closed without merging; ${login} refused`),
    };
  }
  return {
    state: 'cancelled',
    reasons: ['the pull request was closed without merging, and nobody refused it'],
  };
}

function merged({ record, decision }: StateFacts): ChangeStage {
  if (record.kind === 'Administrative') {
    return { state: 'closed', reasons: ['merged; an administrative record releases nothing'] };
  }
  const isAsked = decision !== 'not-asked';
  if (isAsked && decision?.verdict !== 'allow') {
    const seen = decision === null ? 'no decision is on record' : `the gate says ${decision.verdict}`;
    return { state: 'on-hold', reasons: [`merged, but ${seen}: it cannot be released`] };
  }
  const how = isAsked ? 'merged and allowed' : 'merged';
  const again = isAsked ? [] : ['the gate decides once more before it is released'];
  if (record.schedule === undefined) {
    return { state: 'authorised', reasons: [`${how}; it has no schedule`, ...again] };
  }
  return { state: 'scheduled', reasons: [`${how} for ${record.schedule.plannedStart}`, ...again] };
}
