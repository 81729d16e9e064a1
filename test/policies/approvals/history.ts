/**
 * Random histories of one pull request, and the facts that GitHub would show after each event. The oracle reads the
 * events, the code under test reads the facts: the two share nothing but this file's account of who did what when.
 */
import { array, boolean, constantFrom, integer, nat, oneof, record } from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { DigestTuple, Facts, Review, Roster } from '../../../policies/model/facts.ts';
import { aPolicy, aPull, accounts, facts } from '../world.ts';
import type { Who } from '../world.ts';
import { aRoster } from '../../builders/policy.ts';

export const people: readonly Who[] = [
  'okafor',
  'lind',
  'haddad',
  'novak',
  'iyer',
  'berg',
  'marsh',
  'dunne',
  'ortiz',
  'quist',
  'osei',
  'oseiSecond',
];

export type Event =
  | { readonly kind: 'push'; readonly by: Who; readonly effect: number }
  | { readonly kind: 'push-back'; readonly by: Who; readonly to: number }
  | { readonly kind: 'edit-record'; readonly by: Who }
  | { readonly kind: 'change-policy' }
  | {
      readonly kind: 'review';
      readonly by: Who;
      readonly says: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
      readonly typed: boolean;
    }
  | { readonly kind: 'dismiss'; readonly of: number; readonly by: Who; readonly reason: boolean }
  | { readonly kind: 'wait'; readonly hours: number };

const who = constantFrom(...people);

const event: Arbitrary<Event> = oneof(
  { weight: 2, arbitrary: record({ kind: constantFrom('push' as const), by: who, effect: nat(1) }) },
  { weight: 1, arbitrary: record({ kind: constantFrom('push-back' as const), by: who, to: nat(5) }) },
  { weight: 1, arbitrary: record({ kind: constantFrom('edit-record' as const), by: who }) },
  { weight: 1, arbitrary: record({ kind: constantFrom('change-policy' as const) }) },
  {
    weight: 14,
    arbitrary: record({
      kind: constantFrom('review' as const),
      by: who,
      says: constantFrom(
        'APPROVED' as const,
        'APPROVED' as const,
        'APPROVED' as const,
        'CHANGES_REQUESTED' as const,
        'COMMENTED' as const,
      ),
      typed: boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: constantFrom('dismiss' as const), of: nat(9), by: who, reason: boolean() }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: constantFrom('wait' as const), hours: integer({ min: 1, max: 60 }) }),
  },
);

export const histories: Arbitrary<readonly Event[]> = array(event, {
  minLength: 1,
  maxLength: 40,
  size: 'max',
});

export const startMs = Date.parse('2026-11-23T07:00:00Z');
export const minuteMs = 60_000;

/** Jana Novak's seat ends while the history runs; Dara Quist stands in for the change manager all the time. */
export const novakEnds = '2026-11-26';
export const roster: Roster = {
  people: aRoster().people.map((person) => {
    switch (person.id) {
      case 'j.novak':
        return { ...person, seats: [{ seat: 'cab', from: '2025-01-01', to: novakEnds }] };
      case 's.haddad':
        return {
          ...person,
          delegations: [{ to: 'd.quist', seat: 'change-manager', from: '2026-01-01', until: '2027-01-01' }],
        };
      default:
        return person;
    }
  }),
};

const digest = (kind: string, version: number): string =>
  `sha256:${kind}${String(version).padStart(63, '0')}`;
const shaOf = (head: number): string => String(head).padStart(40, '0');
export const typedFingerprint = (effect: number): string => digest('e', effect).slice(7, 19);

/** What GitHub and the gate have on record after some events. */
export interface Shown {
  readonly heads: { readonly effect: number; readonly record: number }[];
  head: number;
  headMs: number;
  policy: number;
  nowMs: number;
  readonly pushers: Set<number>;
  readonly reviews: Review[];
}

export function begin(): Shown {
  return {
    heads: [{ effect: 0, record: 0 }],
    head: 0,
    headMs: startMs,
    policy: 0,
    nowMs: startMs,
    pushers: new Set([accounts.okafor]),
    reviews: [],
  };
}

function tuple(shown: Shown): DigestTuple {
  const { effect = 0, record: version = 0 } = shown.heads[shown.head] ?? {};
  return {
    headSha: shaOf(shown.head),
    effectDigest: digest('e', effect),
    recordDigest: digest('c', version),
    policyDigest: digest('b', shown.policy),
  };
}

/** Plays one event a minute after the one before. */
export function play(shown: Shown, next: Event): void {
  shown.nowMs += minuteMs;
  const current = shown.heads[shown.head] ?? { effect: 0, record: 0 };
  switch (next.kind) {
    case 'push':
      shown.heads.push({ effect: next.effect, record: current.record });
      moveHead(shown, shown.heads.length - 1, next.by);
      break;
    case 'push-back':
      moveHead(shown, next.to % shown.heads.length, next.by);
      break;
    case 'edit-record':
      shown.heads.push({ effect: current.effect, record: shown.heads.length });
      moveHead(shown, shown.heads.length - 1, next.by);
      break;
    case 'change-policy':
      shown.policy += 1;
      break;
    case 'review':
      shown.reviews.push(reviewOf(shown, next, current.effect));
      break;
    case 'dismiss':
      dismiss(shown, next);
      break;
    case 'wait':
      shown.nowMs += next.hours * 60 * minuteMs;
      break;
  }
}

function moveHead(shown: Shown, head: number, by: Who): void {
  shown.head = head;
  shown.headMs = shown.nowMs;
  shown.pushers.add(accounts[by]);
}

function reviewOf(shown: Shown, next: Event & { readonly kind: 'review' }, effect: number): Review {
  return {
    id: shown.reviews.length + 1,
    accountId: accounts[next.by],
    login: next.by,
    state: next.says,
    submittedAt: new Date(shown.nowMs).toISOString(),
    // GitHub moves this one forward; nothing may depend on it.
    commitId: shaOf(shown.head),
    stateBeforeDismissal: null,
    isBot: false,
    baseBranch: 'main',
    fingerprint: next.typed ? typedFingerprint(effect) : null,
    tuple: tuple(shown),
  };
}

/** Only reviews that say something can be dismissed. */
export function dismissible(reviews: readonly { readonly state: string }[], of: number): number {
  const candidates = reviews.flatMap(({ state }, index) =>
    state === 'APPROVED' || state === 'CHANGES_REQUESTED' ? [index] : [],
  );
  return candidates[of % Math.max(1, candidates.length)] ?? -1;
}

function dismiss(shown: Shown, next: Event & { readonly kind: 'dismiss' }): void {
  const index = dismissible(shown.reviews, next.of);
  const review = shown.reviews[index];
  if (review === undefined || (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')) {
    return;
  }
  shown.reviews[index] = {
    ...review,
    state: 'DISMISSED',
    stateBeforeDismissal: review.state,
    dismissedBy: { accountId: accounts[next.by], reason: next.reason ? 'has been settled' : ' ' },
  };
}

/** The facts of this instant. The digests stand for themselves: here only the approvals are judged. */
export function factsOf(shown: Shown): Facts {
  return facts({
    now: new Date(shown.nowMs).toISOString(),
    policy: aPolicy({ roster }),
    tuple: tuple(shown),
    reviews: shown.reviews,
    pull: aPull({
      headSha: shaOf(shown.head),
      headAt: new Date(shown.headMs).toISOString(),
      pusherIds: [...shown.pushers],
      commits: [
        { sha: shaOf(shown.head), authorId: accounts.okafor, committerId: accounts.okafor, coAuthorIds: [] },
      ],
    }),
  });
}
