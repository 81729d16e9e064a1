/** One line per reviewer: counted for which seat, or not counted, why, and what would make it count. */
import { instantMs } from '../gate/instant.ts';
import type { ReviewerLine } from '../model/decision.ts';
import type { Facts } from '../model/facts.ts';
import type { Seat } from '../model/seat.ts';
import type { Reviewer } from './opinions.ts';
import { nameOf, ownersOfAccount, voicesAt } from './people.ts';
import type { Filling, Voter } from './seats.ts';
import { judgeApproval } from './valid.ts';
import type { ReviewContext, Validity } from './valid.ts';

export interface JudgedReview {
  readonly login: string;
  readonly personId: string | null;
  /** Other accounts of the same person that have reviewed. */
  readonly otherLogins: readonly string[];
  readonly state: 'approved' | 'veto' | 'void-veto' | 'none';
  readonly note: string;
  readonly validity: Validity | null;
  readonly voter: Voter | null;
  readonly facts: Facts;
}

export function isVeto(judged: JudgedReview): boolean {
  return judged.state === 'veto';
}

/** Judges each reviewer's opinion, in the order in which the opinions were given. */
export function judgeReviewers(
  reviewers: readonly Reviewer[],
  court: ReviewContext,
): readonly JudgedReview[] {
  return reviewers
    .toSorted((a, b) => timeOf(a) - timeOf(b) || a.opinion.review.id - b.opinion.review.id)
    .map((reviewer) => judgeReviewer(reviewer, court));
}

function timeOf(reviewer: Reviewer): number {
  return instantMs(reviewer.opinion.review.submittedAt) ?? Number.MAX_SAFE_INTEGER;
}

function judgeReviewer(reviewer: Reviewer, court: ReviewContext): JudgedReview {
  const { person, opinion, reviews } = reviewer;
  const { login } = opinion.review;
  const base = {
    login,
    personId: person?.id ?? null,
    otherLogins: [...new Set(reviews.map((review) => review.login))].filter((other) => other !== login),
    facts: court.facts,
  };
  if (opinion.kind === 'approval') {
    const validity = judgeApproval(opinion.review, person, court);
    const isVoter = validity.kind === 'valid' && person !== null;
    const voter = isVoter ? { personId: person.id, voices: validity.voices } : null;
    return { ...base, state: 'approved', note: 'has approved', validity, voter };
  }
  const isVetoing = opinion.kind === 'veto';
  const vetoState = mayVeto(reviewer, court.facts) ? 'veto' : 'void-veto';
  return { ...base, state: isVetoing ? vetoState : 'none', note: opinion.note, validity: null, voter: null };
}

/**
 * A veto stands if it is of someone who had a seat when they gave it or has one now, also if they took part in the change
 * or have left since. One of an account that is gone, or that two people claim, may be such a veto and stands as well.
 */
function mayVeto(reviewer: Reviewer, facts: Facts): boolean {
  const { person, opinion } = reviewer;
  const { review } = opinion;
  if (person === null) {
    return review.accountId === null || ownersOfAccount(facts.policy.roster, review.accountId).length > 0;
  }
  return [review.submittedAt, facts.now].some((text) => {
    const at = instantMs(text);
    return at === null || voicesAt(facts.policy.roster, person, at).length > 0;
  });
}

/** The lines, in the order in which the opinions were given; accounts of one person in one place. */
export function reviewerLines(judged: readonly JudgedReview[], filling: Filling): readonly ReviewerLine[] {
  return judged.flatMap((reviewer) => [
    lineOf(reviewer, filling),
    ...reviewer.otherLogins.map((login) => ({
      login,
      personId: reviewer.personId,
      counted: null,
      reason: `another account of the same person; their latest opinion is by ${reviewer.login}`,
      wouldCountIf: 'a person has one voice, whatever the account: nothing more is needed from this one',
    })),
  ]);
}

function lineOf(reviewer: JudgedReview, filling: Filling): ReviewerLine {
  const { login, personId, validity } = reviewer;
  const line = { login, personId, counted: null };
  if (validity?.kind === 'invalid') {
    return { ...line, reason: `approved, but ${validity.reason}`, wouldCountIf: validity.wouldCountIf };
  }
  if (validity?.kind === 'valid') {
    return countedLine(reviewer, filling);
  }
  return { ...line, reason: reasonOf(reviewer), wouldCountIf: wishes[reviewer.state] };
}

function countedLine(reviewer: JudgedReview, filling: Filling): ReviewerLine {
  const { login, personId, facts } = reviewer;
  const line = { login, personId };
  const place = personId === null ? undefined : filling.assigned.get(personId);
  if (place === undefined) {
    return {
      ...line,
      counted: null,
      reason: 'valid, but the seats that this person can fill are filled, or are not asked for',
      wouldCountIf: 'nothing is needed from this person',
    };
  }
  const seat: Seat = place.slot.seat === 'peer' ? place.voice.seat : place.slot.seat;
  const behalf =
    place.voice.principal === personId
      ? ''
      : ` on behalf of ${nameOf(facts.policy.roster, place.voice.principal)}`;
  const client = place.slot.client === null ? '' : ` of ${place.slot.client}`;
  const peer = place.slot.seat === 'peer' ? ', as a peer' : '';
  return { ...line, counted: seat, reason: `counts as ${seat}${client}${behalf}${peer}` };
}

function reasonOf(reviewer: JudgedReview): string {
  return reviewer.state === 'void-veto' ? `${reviewer.note}, but is not entitled to: no seat` : reviewer.note;
}

const wishes: Readonly<Record<JudgedReview['state'], string>> = {
  veto: 'they approve, or dismiss their own review, or the change manager dismisses it with a reason',
  'void-veto': 'someone with a seat says the same',
  approved: 'they approve what is on show now',
  none: 'they approve what is on show now',
};
