/** Whom a change asks, choice by choice: of small rosters, in which one thing decides. */
import { describe, expect, it } from 'vitest';
import { whomToAsk, type ReviewRequests } from '../../../policies/approvals/to-ask.ts';
import type { Facts, RosterPerson } from '../../../policies/model/facts.ts';
import type { Seat } from '../../../policies/model/seat.ts';
import { aReview, now, someFacts } from '../../builders/facts.ts';
import { aPerson, aPolicySet, aQuorum } from '../../builders/policy.ts';
import { aRecord } from '../../builders/record.ts';
import { aRisk } from '../world.ts';

type Delegation = NonNullable<RosterPerson['delegations']>[number];

interface Given {
  /** Seats of the quorum; what `approvals` asks for on top are peers. */
  readonly seats?: readonly Seat[];
  readonly approvals?: number;
  readonly requested?: readonly number[];
  readonly facts?: Partial<Facts>;
}

function asking(people: readonly RosterPerson[], given: Given = {}): ReviewRequests {
  const quorum = aQuorum();
  const { seats = [], approvals = seats.length } = given;
  const policy = aPolicySet({
    roster: { people },
    quorum: { ...quorum, low: { ...quorum.low, seats, approvals } },
  });
  return whomToAsk(someFacts({ policy, ...given.facts }), aRisk('low'), given.requested ?? []);
}

/** `seat: person` for each seat of the quorum, `for` whom they stand in, and nobody as `-`. */
const places = ({ seats }: ReviewRequests): readonly string[] =>
  seats.map(
    ({ seat, personId, onBehalfOf }) =>
      `${seat}: ${personId ?? '-'}${onBehalfOf === null ? '' : ` for ${onBehalfOf}`}`,
  );

const delegating = (person: RosterPerson, ...delegations: readonly Partial<Delegation>[]): RosterPerson => ({
  ...person,
  delegations: delegations.map((parts) => ({
    to: 'deputy',
    seat: 'cab',
    from: '2026-11-01',
    until: '2026-12-01',
    ...parts,
  })),
});

/** The record is number 42: with two, three, six or seven people the first of the roster has the turn. */
describe('a deputy', () => {
  const deputy = aPerson('deputy', 2, 'engineer', 'security');
  const chair = aPerson('chair', 1, 'cab');
  const asksCab = (...people: readonly RosterPerson[]) => places(asking(people, { seats: ['cab'] }));

  it('goes before whom they stand in for, though they have more seats', () => {
    expect(asksCab(delegating(chair, {}), deputy)).toEqual(['cab: deputy for chair']);
    expect(asksCab(chair, deputy)).toEqual(['cab: chair']);
  });

  it('does not while the delegation has not begun, is over, or goes to nobody', () => {
    expect(asksCab(delegating(chair, { from: '2026-11-24' }), deputy)).toEqual(['cab: chair']);
    expect(asksCab(delegating(chair, { until: '2026-11-23' }), deputy)).toEqual(['cab: chair']);
    const other = aPerson('other', 3, 'cab', 'engineer');
    expect(asksCab(delegating(chair, { to: 'left.long.ago' }), deputy, other)).toEqual(['cab: chair']);
  });

  it('goes before them for the seat that was handed over only', () => {
    const busy = delegating(aPerson('chair', 1, 'cab', 'security'), { seat: 'security' });
    const other = aPerson('other', 3, 'cab', 'ecab', 'engineer');
    expect(asksCab(busy, deputy, other)).toEqual(['cab: chair']);
    const both = delegating(aPerson('chair', 1, 'cab', 'security'), { seat: 'security' }, { seat: 'cab' });
    expect(asksCab(both, deputy)).toEqual(['cab: deputy for chair']);
  });

  it('keeps what they do for another while their own seat is handed over', () => {
    const away = delegating(aPerson('deputy', 2, 'cab'), { to: 'stand-in' });
    const standIn = aPerson('stand-in', 3, 'engineer', 'ecab');
    expect(asksCab(delegating(chair, {}), away, standIn)).toEqual(['cab: deputy for chair']);
  });

  it('is no reason to pass over another holder of the seat', () => {
    expect(asksCab(delegating(chair, {}), deputy, aPerson('other', 3, 'cab'))).toEqual(['cab: other']);
  });

  it('who may not judge the change leaves the seat to its holder', () => {
    const records = [aRecord({ implementer: 'deputy' })];
    const given = { seats: ['cab'] as const, facts: { records } };
    expect(places(asking([delegating(chair, {}), deputy], given))).toEqual(['cab: chair']);
  });

  it('speaks for the seat also when its holder is asked for another', () => {
    const holder = delegating(aPerson('chair', 1, 'cab', 'engineer'), {});
    const given = { seats: ['cab'] as const, approvals: 2, requested: [1, 2] };
    expect(places(asking([holder, deputy], given))).toEqual(['cab: deputy for chair', 'peer: chair']);
  });
});

describe('whose seats are asked for', () => {
  it('are those with the fewest, wherever they stand', () => {
    const many = aPerson('many', 1, 'cab', 'security');
    expect(places(asking([many, aPerson('one', 2, 'cab')], { seats: ['cab'] }))).toEqual(['cab: one']);
    const engineer = aPerson('engineer', 1, 'cab', 'engineer');
    expect(places(asking([engineer, aPerson('one', 2, 'cab')], { seats: ['cab'] }))).toEqual(['cab: one']);
  });

  it('are engineers for a peer, in their own name', () => {
    const guard = aPerson('deputy', 1, 'security');
    const away = delegating(aPerson('away', 2, 'engineer'), { seat: 'engineer' });
    const people = [guard, { ...away, accounts: [] }, aPerson('engineer', 3, 'engineer')];
    expect(
      places(asking(people, { approvals: 1, facts: { records: [aRecord({ id: 'CHG-2026-0044' })] } })),
    ).toEqual(['peer: engineer']);
  });

  it('fill the seat themselves rather than set somebody else free for it', () => {
    const both = aPerson('both', 1, 'cab', 'security');
    const guard = aPerson('guard', 2, 'security', 'ecab');
    const given = { seats: ['cab', 'security'] as const, requested: [1] };
    const asked = asking([both, guard, aPerson('member', 3, 'cab')], given);
    expect(asked.toAsk).toEqual([{ personId: 'guard', accountId: 2 }]);
    expect(places(asked)).toEqual(['cab: both', 'security: guard']);
    const only = asking([both, aPerson('member', 3, 'cab')], given);
    expect(places(only)).toEqual(['cab: member', 'security: both']);
  });

  it('are judged by the seat at hand, also after one that nobody can fill', () => {
    const people = [aPerson('guard', 1, 'security'), aPerson('engineer', 2, 'engineer')];
    expect(places(asking(people, { seats: ['change-manager'], approvals: 2 }))).toEqual([
      'change-manager: -',
      'peer: engineer',
    ]);
  });

  it('are one for each person, however many seats they hold', () => {
    const asked = asking([aPerson('both', 1, 'cab', 'security')], { seats: ['cab', 'security'] });
    expect(places(asked)).toEqual(['cab: both', 'security: -']);
    expect(asked.toAsk).toEqual([{ personId: 'both', accountId: 1 }]);
    expect(asked.wayOut).toContain('a dated delegation');
  });

  it('have the turn of the change when nothing else tells them apart', () => {
    const engineers = ['e0', 'e1', 'e2'].map((id, at) => aPerson(id, at + 1, 'engineer'));
    const people = [aPerson('left', 8), ...engineers, { ...aPerson('no.account', 9, 'cab'), accounts: [] }];
    const turns = ['0009', '0010', '0011', '0012', '10013'].map((number) =>
      places(asking(people, { approvals: 1, facts: { records: [aRecord({ id: `CHG-2026-${number}` })] } })),
    );
    expect(turns.flat()).toEqual(['peer: e0', 'peer: e1', 'peer: e2', 'peer: e0', 'peer: e1']);
    expect(places(asking(people, { approvals: 1, facts: { records: [] } }))).toEqual(['peer: e0']);
  });

  it('are nobody of an empty roster', () => {
    expect(asking([], { seats: ['cab'] })).toEqual({
      level: 'low',
      seats: [{ seat: 'cab', personId: null, name: null, onBehalfOf: null, isAsked: false, alternates: [] }],
      toAsk: [],
      wayOut: expect.stringContaining('let somebody else do the change') as unknown,
    });
  });
});

describe('who was asked', () => {
  const first = aPerson('first', 1, 'cab', 'security');
  const second = { ...aPerson('second', 2, 'cab', 'security'), accounts: [2, 22] };
  const seats = ['cab', 'security'] as const;

  it('keeps the seat they were chosen for', () => {
    const kept = [[], [1], [2], [22], [1, 2]].map((requested) =>
      asking([first, second], { seats, requested }),
    );
    for (const asked of kept) {
      expect(places(asked)).toEqual(['cab: first', 'security: second']);
      expect(asked.wayOut).toBeNull();
    }
    expect(kept.map(({ toAsk }) => toAsk.map(({ accountId }) => accountId))).toEqual([
      [1, 2],
      [2],
      [1],
      [1],
      [],
    ]);
    expect(kept.map((asked) => asked.seats.map(({ isAsked }) => isAsked))).toEqual([
      [false, false],
      [true, false],
      [false, true],
      [false, true],
      [true, true],
    ]);
  });

  it('is not somebody who has only begun to write a review', () => {
    const reviews = [aReview({ accountId: 2, state: 'PENDING', submittedAt: now })];
    const asked = asking([first, second], { seats: ['cab'], facts: { reviews } });
    expect(asked.toAsk).toEqual([{ personId: 'first', accountId: 1 }]);
  });
});

describe('the others who could fill a seat', () => {
  it('are named where they could, without those who have a seat or were asked', () => {
    const people = [
      aPerson('member', 1, 'cab'),
      aPerson('guard', 2, 'security', 'cab'),
      aPerson('spare', 3, 'cab', 'engineer'),
      aPerson('asked', 4, 'cab', 'engineer', 'ecab'),
      aPerson('client', 5, 'client-approver'),
      aPerson('gone', 6),
    ];
    const asked = asking(people, { seats: ['cab', 'security'], requested: [4] });
    expect(asked.seats.map(({ seat, personId, alternates }) => [seat, personId, alternates])).toEqual([
      ['cab', 'asked', ['member', 'spare']],
      ['security', 'guard', []],
    ]);
  });
});
