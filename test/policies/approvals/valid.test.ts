/** Whether one approval counts, and who is who: each question at the moment at which its answer changes. */
import { describe, expect, it } from 'vitest';
import {
  isFreeHolder,
  nameOf,
  ownVoicesAt,
  personById,
  personOfAccount,
  voicesAt,
  voicesThroughout,
} from '../../../policies/approvals/people.ts';
import { judgeApproval } from '../../../policies/approvals/valid.ts';
import type { Facts, QuorumLevel, Review, Roster, RosterPerson } from '../../../policies/model/facts.ts';
import { aPerson, aRoster } from '../../builders/policy.ts';
import { aPolicy, aPull, aQuorum, accounts, facts, onShow, review, rosterWith } from '../world.ts';

interface Around {
  readonly facts?: Partial<Facts>;
  readonly quorum?: Partial<QuorumLevel>;
  readonly disqualified?: string;
  readonly person?: RosterPerson | null;
}

function judged(parts: Partial<Review>, around: Around = {}) {
  const given = facts(around.facts);
  return judgeApproval(
    review('novak', parts),
    around.person === undefined ? personById(given.policy.roster, 'j.novak') : around.person,
    {
      facts: given,
      quorum: { ...aQuorum().medium, ...around.quorum },
      disqualified: new Map(around.disqualified === undefined ? [] : [[around.disqualified, 'took part']]),
    },
  );
}

const reason = (parts: Partial<Review>, around: Around = {}) => {
  const found = judged(parts, around);
  return found.kind === 'invalid' ? found.reason : found.kind;
};

describe('an approval', () => {
  it('counts with the voices of its author', () => {
    expect(judged({})).toEqual({
      kind: 'valid',
      voices: [{ principal: 'j.novak', seat: 'cab', client: null }],
    });
  });

  it.each<[string, Partial<Review>, Around]>([
    ['the account was deleted', { accountId: null }, {}],
    ['it is a bot', { isBot: true }, {}],
    ['it is not known whether the account is a bot', { isBot: null }, {}],
    ['there is no pull request', {}, { facts: { pull: null } }],
    ['not on the roster', {}, { person: null }],
    ['disqualified: j.novak took part', {}, { disqualified: 'j.novak' }],
    ['not for main', { baseBranch: 'release' }, {}],
    ['a base branch that is not known', { baseBranch: null }, {}],
  ])('does not count: %s', (text, parts, around) => {
    expect(reason(parts, around)).toContain(text);
  });

  it('is given before the merge or with it', () => {
    const merged = (at: string): Around => ({
      facts: { pull: aPull({ merge: { at, sha: 'e', tree: 'same' } }) },
    });
    const late = 'it was given after the merge, and approves nothing';
    expect(reason({}, merged('2026-11-23T08:00:00Z'))).toBe('valid');
    expect(reason({}, merged('2026-11-23T07:59:59Z'))).toBe(late);
    expect(reason({}, merged('some time'))).toBe(late);
    expect(reason({ submittedAt: 'some time' }, merged('2026-11-23T08:30:00Z'))).toBe(late);
  });

  it('is given by now, at a time that can be read', () => {
    const impossible = 'it was given at a time that cannot be, by the server clock';
    expect(reason({ submittedAt: '2026-11-23T09:00:00Z' })).toBe('valid');
    expect(reason({ submittedAt: '2026-11-23T09:00:00.001Z' })).toBe(impossible);
    expect(reason({ submittedAt: 'some time' })).toBe(impossible);
    expect(reason({}, { facts: { now: 'now' } })).toBe(impossible);
  });

  it('stays as it was given', () => {
    expect(reason({ editedAt: '2026-11-23T08:00:00Z' })).toBe('valid');
    expect(reason({ editedAt: '2026-11-23T08:05:00Z' })).toBe(
      'its text was edited after it was given (2026-11-23T08:05:00Z)',
    );
  });

  it('lasts as long as its level says, to the millisecond', () => {
    expect(reason({}, { quorum: { approvalTtlHours: 1 } })).toBe('valid');
    expect(reason({ submittedAt: '2026-11-23T07:59:59.999Z' }, { quorum: { approvalTtlHours: 1 } })).toBe(
      'it expired on 2026-11-23T08:59:59Z, 1 hours after it was given',
    );
  });

  it('shows the fingerprint of the effect where the level asks for it', () => {
    const quorum = { typedFingerprint: true };
    const fingerprint = onShow().effectDigest.slice('sha256:'.length, 'sha256:'.length + 12);
    expect(reason({ fingerprint }, { quorum })).toBe('valid');
    expect(reason({ fingerprint: 'abcdef012345' }, { quorum })).toBe(
      'the fingerprint of the effect is another one',
    );
    expect(judged({ fingerprint: null }, { quorum })).toEqual({
      kind: 'invalid',
      reason: 'the fingerprint of the effect is not in the review',
      wouldCountIf: `they approve again and type ${fingerprint} in the review`,
    });
    expect(reason({ fingerprint: null })).toBe('valid');
  });

  it('needs a seat then and now, and says which is missing', () => {
    const seat = (from: string, to?: string): Around => {
      const seats = [{ seat: 'cab' as const, from, ...(to === undefined ? {} : { to }) }];
      return { facts: { policy: aPolicy({ roster: rosterWith('j.novak', { seats }) }) } };
    };
    expect(reason({}, seat('2026-11-23T08:30:00Z'))).toBe(
      'not entitled when it was given: the seat is newer than the approval',
    );
    expect(reason({}, seat('2026-01-01', '2026-11-23T08:30:00Z'))).toBe(
      'no longer entitled: the seat has ended since',
    );
    expect(reason({}, seat('2026-01-01', '2026-06-01'))).toBe('not entitled: holds no seat');
    expect(reason({}, seat('2027-01-01'))).toBe('not entitled: holds no seat');
  });
});

const at = Date.parse('2026-11-23T09:00:00Z');
const roster = (...people: readonly RosterPerson[]): Roster => ({ people });
const delegating = (parts: NonNullable<RosterPerson['delegations']>): RosterPerson => ({
  ...aPerson('s.haddad', 1003, 'change-manager', 'cab'),
  delegations: parts,
});
const span = { from: '2026-11-01', until: '2026-12-01' };

describe('people of the roster', () => {
  it('are called by their name, and by their id when nobody knows them', () => {
    const named = roster({ ...aPerson('a.b', 1), name: 'Ada B' }, { ...aPerson('c.d', 2), name: 'Cy D' });
    expect(nameOf(named, 'c.d')).toBe('Cy D');
    expect(nameOf(named, 'a.b')).toBe('Ada B');
    expect(nameOf(named, 'x.y')).toBe('x.y');
  });

  it('own an account only if nobody else claims it', () => {
    expect(personOfAccount(aRoster(), 1013)?.id).toBe('b.osei');
    expect(personOfAccount(aRoster(), 9999)).toBeNull();
    expect(personOfAccount(roster(aPerson('a.b', 1), aPerson('c.d', 1)), 1)).toBeNull();
  });

  it('speak for a client only in the seat of its approver', () => {
    const seats = [
      { seat: 'client-approver' as const, client: 'acme', from: '2025-01-01' },
      { seat: 'cab' as const, client: 'acme', from: '2025-01-01' },
      { seat: 'client-approver' as const, from: '2025-01-01' },
    ];
    const person = { ...aPerson('a.b', 1), seats } as RosterPerson;
    expect(ownVoicesAt(person, at).map(({ client }) => client)).toEqual(['acme', null, null]);
  });
});

describe('a delegation', () => {
  const deputy = aPerson('d.quist', 1011);
  const seatsOf = (person: RosterPerson, principal: RosterPerson) =>
    voicesAt(roster(principal, deputy, aPerson('b.osei', 1012)), person, at).map(({ seat }) => seat);

  it('is of the one seat it names', () => {
    const principal = delegating([{ to: 'd.quist', seat: 'cab', ...span }]);
    expect(seatsOf(deputy, principal)).toEqual(['cab']);
    const both = delegating([
      { to: 'b.osei', seat: 'change-manager', ...span },
      { to: 'd.quist', seat: 'cab', ...span },
    ]);
    expect(seatsOf(deputy, both)).toEqual(['cab']);
  });

  it('is to one deputy at a time: the first that is listed and in force', () => {
    const two = [
      { to: 'd.quist', seat: 'cab' as const, ...span },
      { to: 'b.osei', seat: 'cab' as const, ...span },
    ];
    expect(seatsOf(deputy, delegating(two))).toEqual(['cab']);
    expect(seatsOf(deputy, delegating(two.toReversed()))).toEqual([]);
    const over = { to: 'b.osei', seat: 'cab' as const, from: '2026-01-01', until: '2026-02-01' };
    expect(seatsOf(deputy, delegating([over, ...two]))).toEqual(['cab']);
  });

  it('to oneself adds no voice', () => {
    const principal = delegating([{ to: 's.haddad', seat: 'cab', ...span }]);
    expect(seatsOf(principal, principal)).toEqual(['change-manager', 'cab']);
  });

  it('counts when it was in force at both instants', () => {
    const principal = delegating([{ to: 'd.quist', seat: 'cab', from: '2026-11-23', until: '2026-12-01' }]);
    const people = roster(principal, deputy);
    expect(voicesThroughout(people, deputy, at - 3_600_000, at)).toHaveLength(1);
    expect(voicesThroughout(people, deputy, at - 86_400_000, at)).toEqual([]);
    const own = { ...deputy, seats: [{ seat: 'engineer' as const, from: '2025-01-01' }] };
    expect(
      voicesThroughout(roster(principal, own), own, at - 86_400_000, at).map(({ seat }) => seat),
    ).toEqual(['engineer']);
  });
});

describe('a free holder of a seat', () => {
  const said = '2026-11-23T08:30:00Z';
  const free = (accountId: number, without: readonly string[] = [], parts: Partial<Facts> = {}) =>
    isFreeHolder(facts(parts), { accountId, at: said }, 'security', new Set(without));

  it('holds it now and took no part', () => {
    expect(free(accounts.berg)).toBe(true);
    expect(free(accounts.novak)).toBe(false);
    expect(free(accounts.berg, ['t.berg'])).toBe(false);
    expect(free(9999)).toBe(false);
    expect(free(accounts.berg, [], { now: 'now' })).toBe(false);
  });

  it('held it when they spoke, too: nobody grants anything by a seat that they got later', () => {
    const delegations = [
      { to: 'j.novak', seat: 'security' as const, from: '2026-11-23', until: '2026-12-01' },
    ];
    const policy = aPolicy({ roster: rosterWith('t.berg', { delegations }) });
    const speaks = (when: string) =>
      isFreeHolder(facts({ policy }), { accountId: accounts.novak, at: when }, 'security', new Set());
    expect(speaks(said)).toBe(true);
    expect(speaks('2026-11-22T08:30:00Z')).toBe(false);
    expect(speaks('yesterday')).toBe(false);
  });
});
