/**
 * Whether one person's approval counts, and if not, why and what would make it count. An approval counts only when every
 * one of these questions has the right answer; a question that cannot be answered is one with the wrong answer.
 */
import { hourMs, instantMs, instantText } from '../gate/instant.ts';
import type { Facts, QuorumLevel, Review, RosterPerson } from '../model/facts.ts';
import { fingerprintOf, staleReason } from './freshness.ts';
import { voicesAt, voicesThroughout } from './people.ts';
import type { Voice } from './people.ts';

export type Validity =
  | { readonly kind: 'valid'; readonly voices: readonly Voice[] }
  | { readonly kind: 'invalid'; readonly reason: string; readonly wouldCountIf: string };

export interface ReviewContext {
  readonly facts: Facts;
  readonly quorum: QuorumLevel;
  /** Person id to what they did. */
  readonly disqualified: ReadonlyMap<string, string>;
}

type Invalid = Validity & { readonly kind: 'invalid' };

/** Judges an approval of someone the roster may not know. */
export function judgeApproval(review: Review, person: RosterPerson | null, court: ReviewContext): Validity {
  const problem = sourceProblem(review, court) ?? mergeProblem(review, court) ?? timeProblem(review, court);
  if (problem !== null) {
    return problem;
  }
  if (person === null) {
    return invalid(
      'not entitled: the account is not on the roster of the base branch',
      'someone of the roster approves',
    );
  }
  const part = court.disqualified.get(person.id);
  if (part !== undefined) {
    return invalid(
      `disqualified: ${person.name} ${part}`,
      'somebody who took no part in the change approves instead',
    );
  }
  const voices = throughoutSeats(review, person, court.facts);
  if (voices.length === 0) {
    return withoutSeat(review, person, court.facts);
  }
  return staleness(review, court, voices);
}

function staleness(review: Review, court: ReviewContext, voices: readonly Voice[]): Validity {
  const { facts, quorum } = court;
  const { pull, tuple } = facts;
  if (pull === null || review.baseBranch !== pull.baseBranch) {
    const was = review.baseBranch ?? 'a base branch that is not known';
    return invalid(`it was given for ${was}, not for ${pull?.baseBranch ?? 'a pull request'}`, again);
  }
  const occasion = { at: review.submittedAt, tuple: review.tuple ?? null };
  const stale = staleReason(occasion, { headAt: pull.headAt, tuple });
  if (stale !== null) {
    return invalid(stale, again);
  }
  const wanted = fingerprintOf(tuple);
  if (quorum.typedFingerprint && review.fingerprint !== wanted) {
    return invalid(
      `the fingerprint of the effect is ${review.fingerprint === null ? 'not in the review' : 'another one'}`,
      `they approve again and type ${wanted} in the review`,
    );
  }
  return { kind: 'valid', voices };
}

const again = 'they look at what is on show now and approve again';

function invalid(reason: string, wouldCountIf: string): Invalid {
  return { kind: 'invalid', reason, wouldCountIf };
}

function sourceProblem(review: Review, court: ReviewContext): Invalid | null {
  if (review.accountId === null) {
    return invalid(
      'the account was deleted, so nobody knows whose approval it was',
      'someone of the roster approves',
    );
  }
  if (review.isBot === true) {
    return invalid('it is a bot: an automated check is not an approval', 'a person of the roster approves');
  }
  if (review.isBot === null) {
    return invalid('it is not known whether the account is a bot', 'the gate runs again and can tell');
  }
  return court.facts.pull === null
    ? invalid('there is no pull request', 'the change goes through one')
    : null;
}

function mergeProblem(review: Review, court: ReviewContext): Invalid | null {
  const merge = court.facts.pull?.merge ?? null;
  const reviewedAt = instantMs(review.submittedAt);
  const merged = merge === null ? null : instantMs(merge.at);
  const isBefore = reviewedAt !== null && merged !== null && reviewedAt <= merged;
  return merge === null || isBefore
    ? null
    : invalid(
        'it was given after the merge, and approves nothing',
        'the change goes through a new pull request',
      );
}

function timeProblem(review: Review, court: ReviewContext): Invalid | null {
  const reviewedAt = instantMs(review.submittedAt);
  const now = instantMs(court.facts.now);
  if (reviewedAt === null || now === null || reviewedAt > now) {
    return invalid('it was given at a time that cannot be, by the server clock', again);
  }
  if (review.editedAt !== undefined && review.editedAt !== review.submittedAt) {
    return invalid(`its text was edited after it was given (${review.editedAt})`, again);
  }
  const ttl = court.quorum.approvalTtlHours;
  const expires = reviewedAt + ttl * hourMs;
  return now > expires
    ? invalid(`it expired on ${instantText(expires)}, ${ttl} hours after it was given`, again)
    : null;
}

/** Seats held when the review was given and still held now: joining later or leaving since both void it. */
function throughoutSeats(review: Review, person: RosterPerson, facts: Facts): readonly Voice[] {
  const reviewedAt = instantMs(review.submittedAt);
  const now = instantMs(facts.now);
  return reviewedAt === null || now === null
    ? []
    : voicesThroughout(facts.policy.roster, person, reviewedAt, now);
}

function withoutSeat(review: Review, person: RosterPerson, facts: Facts): Invalid {
  const holdsAt = (text: string): boolean => {
    const at = instantMs(text);
    return at !== null && voicesAt(facts.policy.roster, person, at).length > 0;
  };
  if (holdsAt(facts.now)) {
    return invalid('not entitled when it was given: the seat is newer than the approval', again);
  }
  return holdsAt(review.submittedAt)
    ? invalid('no longer entitled: the seat has ended since', 'a current holder of the seat approves')
    : invalid('not entitled: holds no seat', 'a holder of a seat approves');
}
