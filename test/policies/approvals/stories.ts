/** Arbitrary settings and histories. Weighted towards meetings, so that a good share of the histories reaches a quorum. */
import {
  array,
  boolean,
  constant,
  constantFrom,
  integer,
  nat,
  oneof,
  record,
  shuffledSubarray,
} from 'fast-check';
import type { Arbitrary } from 'fast-check';
import type { RiskLevel } from '../../../policies/model/record.ts';
import type { Who } from '../world.ts';
import type { Deed, Event, Says, Setting } from './history.ts';
import type { RosterChange } from './rulebook.ts';

const people: readonly Who[] = [
  'okafor',
  'lind',
  'haddad',
  'novak',
  'iyer',
  'berg',
  'marsh',
  'dunne',
  'ortiz',
  'frost',
  'quist',
  'osei',
  'oseiSecond',
];
const persons = people.flatMap((who) => (who === 'oseiSecond' ? [] : [who]));

const who = constantFrom(...people);
/** Those who may clear a veto or waive a commit, and everybody else now and then. */
const chairs = oneof(
  { weight: 2, arbitrary: constantFrom<Who>('haddad', 'quist') },
  { weight: 1, arbitrary: who },
);
/** Who works on the change; the others push less often, because it takes them out of the quorum. */
const workers = oneof(
  { weight: 5, arbitrary: constantFrom<Who>('okafor', 'lind') },
  { weight: 1, arbitrary: who },
);

const orNull =
  (weight: number) =>
  <T>(some: Arbitrary<T>): Arbitrary<T | null> =>
    oneof(
      { weight, arbitrary: some.map((value): T | null => value) },
      { weight: 1, arbitrary: constant<T | null>(null) },
    );
const seldomNull = orNull(9);
const oftenNull = orNull(1);

const push: Arbitrary<Deed> = record({
  kind: constant('push' as const),
  by: workers,
  author: seldomNull(workers),
  committer: workers,
  coAuthor: oftenNull(who),
  effect: oftenNull(nat(1)),
  record: oftenNull(nat(2)),
});
const forcePush: Arbitrary<Deed> = record({
  kind: constant('force-push' as const),
  by: workers,
  squashedBy: oftenNull(workers),
});
const pushBack: Arbitrary<Deed> = record({ kind: constant('push-back' as const), by: workers, to: nat(5) });

const says = (...choice: readonly Says[]): Arbitrary<Deed> =>
  record({ kind: constant('review' as const), by: who, says: constantFrom(...choice), typed: boolean() });
const dismissal: Arbitrary<Deed> = record({
  kind: constant('dismiss' as const),
  of: nat(9),
  by: seldomNull(chairs),
  reason: boolean(),
});

const person = constantFrom(...persons);
const inDays = nat(2);
const rosterChange: Arbitrary<RosterChange> = oneof(
  record({ change: constantFrom('remove', 'restore', 'revoke'), person }),
  record({
    change: constant('grant' as const),
    person,
    seat: constantFrom(
      'engineer',
      'change-manager',
      'cab',
      'ecab',
      'security',
      'client-approver',
      'process-owner',
    ),
    inDays,
  }),
  record({ change: constant('end' as const), person, nth: nat(1), inDays }),
  record({
    change: constant('delegate' as const),
    person,
    nth: nat(1),
    to: person,
    inDays,
    days: integer({ min: 1, max: 6 }),
  }),
);

const deed: Arbitrary<Deed> = oneof(
  { weight: 3, arbitrary: push },
  { weight: 2, arbitrary: forcePush },
  { weight: 2, arbitrary: pushBack },
  { weight: 12, arbitrary: says('APPROVED', 'APPROVED', 'APPROVED', 'CHANGES_REQUESTED', 'COMMENTED') },
  { weight: 4, arbitrary: dismissal },
  { weight: 1, arbitrary: record({ kind: constant('edit-review' as const), of: nat(9) }) },
  { weight: 3, arbitrary: record({ kind: constant('roster' as const), next: rosterChange }) },
  {
    weight: 2,
    arbitrary: record({
      kind: constant('rules' as const),
      what: constantFrom('edition', 'catalogue', 'undo', 'undo', 'undo'),
    }),
  },
  { weight: 2, arbitrary: record({ kind: constant('wait' as const), hours: integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: record({
      kind: constant('wait-for-age' as const),
      of: nat(9),
      hours: constantFrom(8, 72, 120, 168, 336),
      off: integer({ min: -1, max: 1 }),
    }),
  },
  {
    weight: 2,
    arbitrary: record({ kind: constant('wait-for-midnight' as const), off: integer({ min: -2, max: 1 }) }),
  },
  { weight: 1, arbitrary: record({ kind: constant('draft' as const), on: boolean() }) },
  {
    weight: 1,
    arbitrary: record({ kind: constant('retarget' as const), to: constantFrom('main', 'main', 'next') }),
  },
  { weight: 1, arbitrary: record({ kind: constant('waive' as const), by: chairs, reason: boolean() }) },
  { weight: 1, arbitrary: record({ kind: constant('reclassify' as const), by: chairs, reason: boolean() }) },
);

const after = constantFrom(0, 1, 1, 1);
const event: Arbitrary<Event> = record({ deed, after }).map((drawn) => ({
  ...drawn.deed,
  after: drawn.after,
}));

/** Several people look at the same thing and approve it, one after the other. */
const meeting: Arbitrary<readonly Event[]> = shuffledSubarray([...people], { minLength: 3 }).map((voices) =>
  voices.map((by): Event => ({ kind: 'review', by, says: 'APPROVED', typed: true, after: 1 })),
);

export const histories: Arbitrary<readonly Event[]> = array(
  oneof(
    { weight: 10, arbitrary: event.map((one): readonly Event[] => [one]) },
    { weight: 1, arbitrary: meeting },
  ),
  { minLength: 1, maxLength: 18, size: 'max' },
).map((parts) => parts.flat());

/** Mostly false. */
const seldom = constantFrom(false, false, false, true);

export const settings: Arbitrary<Setting> = record({
  level: constantFrom<RiskLevel>('low', 'medium', 'high', 'critical'),
  type: constantFrom('normal', 'normal', 'normal', 'normal', 'emergency', 'standard'),
  flagged: seldom,
  policyFiles: seldom,
  clientAsked: seldom,
  fork: seldom,
  opener: constantFrom('okafor', 'okafor', 'okafor', 'okafor', 'bot', 'bot for marsh'),
  roster: constantFrom('board of three', 'board of seven'),
});

/** Everybody looks at what is on show now and approves it, in the same minute. */
export const everybodyApproves: readonly Event[] = people.map((by, index) => ({
  kind: 'review',
  by,
  says: 'APPROVED',
  typed: true,
  after: index === 0 ? 1 : 0,
}));
