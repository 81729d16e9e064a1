/**
 * What each person thinks now: their latest opinion, over all their accounts, by server time. A comment is not an opinion, a
 * pending review is invisible, and a dismissed review leaves nothing behind: what was said before it is not revived.
 */
import { visibleLength } from '../../scripts/plan/visible.ts';
import { instantMs } from '../gate/instant.ts';
import type { Facts, Review, RosterPerson } from '../model/facts.ts';
import { isFreeChair, personOfAccount } from './people.ts';

export type Opinion =
  | { readonly kind: 'approval'; readonly review: Review }
  | { readonly kind: 'veto'; readonly review: Review; readonly note: string }
  | { readonly kind: 'none'; readonly review: Review; readonly note: string };

export interface Reviewer {
  /** Null when the roster does not know the account, or the account is gone. */
  readonly person: RosterPerson | null;
  /** All reviews of the person that can be seen, oldest first. */
  readonly reviews: readonly Review[];
  readonly opinion: Opinion;
}

/**
 * Groups the reviews by person and finds each one's opinion. Accounts that no person of the roster owns stay apart by
 * number, reviews of deleted accounts one by one. `disqualified` matters only for who may dismiss a veto.
 */
export function readOpinions(facts: Facts, disqualified: ReadonlySet<string>): readonly Reviewer[] {
  const groups = new Map<string, { readonly person: RosterPerson | null; readonly reviews: Review[] }>();
  for (const review of facts.reviews) {
    if (review.state === 'PENDING') {
      continue;
    }
    const person = review.accountId === null ? null : personOfAccount(facts.policy.roster, review.accountId);
    const key = groupKey(review, person);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { person, reviews: [review] });
    } else {
      group.reviews.push(review);
    }
  }
  return [...groups.values()].map(({ person, reviews }) => {
    const ordered = reviews.toSorted(byServerTime);
    return { person, reviews: ordered, opinion: latestOpinion(ordered, facts, disqualified) };
  });
}

function groupKey(review: Review, person: RosterPerson | null): string {
  if (person !== null) {
    return `person ${person.id}`;
  }
  return review.accountId === null ? `review ${review.id}` : `account ${review.accountId}`;
}

/** A time that cannot be read sorts last: it may hide neither a later veto nor stand in for a fresh approval. */
function byServerTime(a: Review, b: Review): number {
  const [left, right] = [instantMs(a.submittedAt), instantMs(b.submittedAt)];
  if (left === null || right === null) {
    return Number(left === null) - Number(right === null) || a.id - b.id;
  }
  return left - right || a.id - b.id;
}

function latestOpinion(ordered: readonly Review[], facts: Facts, disqualified: ReadonlySet<string>): Opinion {
  const latest = ordered.findLast((review) => review.state !== 'COMMENTED') ?? ordered.at(-1);
  if (latest === undefined) {
    throw new Error('a reviewer without a review');
  }
  switch (latest.state) {
    case 'APPROVED':
      return { kind: 'approval', review: latest };
    case 'CHANGES_REQUESTED':
      return { kind: 'veto', review: latest, note: 'has requested changes' };
    case 'DISMISSED':
      return dismissed(latest, facts, disqualified);
    case 'COMMENTED':
      return { kind: 'none', review: latest, note: 'has commented, which is not an opinion' };
    case 'PENDING':
      return { kind: 'none', review: latest, note: 'has not submitted the review' };
    default:
      throw new Error(
        `review ${latest.id} has a state that is not known: ${String(latest.state satisfies never)}`,
      );
  }
}

/** A dismissed approval is gone. A dismissed veto is gone only if who dismissed it was entitled to. */
export function dismissed(
  review: Review,
  facts: Pick<Facts, 'policy' | 'now'>,
  disqualified: ReadonlySet<string>,
): Opinion {
  if (review.stateBeforeDismissal === 'APPROVED' || review.stateBeforeDismissal === 'COMMENTED') {
    return { kind: 'none', review, note: 'gave a review that was dismissed' };
  }
  const by = review.dismissedBy;
  if (by === undefined) {
    return { kind: 'veto', review, note: 'has requested changes; nobody knows who dismissed that' };
  }
  const { roster } = facts.policy;
  const dismisser = personOfAccount(roster, by.accountId);
  if (dismisser !== null && review.accountId !== null && dismisser.accounts.includes(review.accountId)) {
    return { kind: 'none', review, note: 'has withdrawn the request for changes' };
  }
  if (!isFreeChair(facts, by, disqualified)) {
    const who = dismisser?.name ?? 'someone off the roster';
    return { kind: 'veto', review, note: `has requested changes; ${who} dismissed that and may not` };
  }
  return visibleLength(by.reason) === 0
    ? {
        kind: 'veto',
        review,
        note: 'has requested changes; the change manager dismissed that without a reason',
      }
    : { kind: 'none', review, note: `requested changes; the change manager dismissed that: ${by.reason}` };
}
