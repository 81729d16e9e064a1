/** Whom a change asks: always enough people, never one too many, nobody who may not judge it. */
import { assert, array, constantFrom, integer, property, record, subarray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDisqualified } from '../../../policies/approvals/disqualified.ts';
import { levelOf, slotsOf } from '../../../policies/approvals/level.ts';
import { voicesAt } from '../../../policies/approvals/people.ts';
import { fillSeats } from '../../../policies/approvals/seats.ts';
import { whomToAsk, type ReviewRequests } from '../../../policies/approvals/to-ask.ts';
import type { Facts, Roster } from '../../../policies/model/facts.ts';
import type { Seat } from '../../../policies/model/seat.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aPull, aReview, now, someFacts } from '../../builders/facts.ts';
import { aPerson, aPolicySet, aRoster } from '../../builders/policy.ts';
import { aRecord } from '../../builders/record.ts';
import { aRisk } from '../world.ts';

const withRoster = (roster: Roster, parts: Partial<Facts> = {}): Facts =>
  someFacts({
    policy: aPolicySet({ roster }),
    records: [aRecord({ implementer: 'r.okafor', owner: 'a.marsh' })],
    ...parts,
  });

const asked = ({ toAsk }: ReviewRequests): readonly string[] => toAsk.map(({ personId }) => personId);

/** Everyone who may judge, and the seats they would be judged for: the slow way, by trying all sets of people. */
function smallestSet(facts: Facts, risk: RiskLevel, already: readonly string[]): number {
  const { roster } = facts.policy;
  const out = new Set(readDisqualified(facts).people.keys());
  const slots = slotsOf(facts, aRisk(risk), levelOf(facts, aRisk(risk), out), out);
  const voters = roster.people
    .filter(({ id, accounts }) => !out.has(id) && accounts.length > 0)
    .map((person) => ({ personId: person.id, voices: voicesAt(roster, person, Date.parse(facts.now)) }));
  const filled = (ids: ReadonlySet<string>): number =>
    slots.length -
    fillSeats(
      slots,
      voters.filter(({ personId }) => ids.has(personId)),
    ).open.length;
  const best = filled(new Set(voters.map(({ personId }) => personId)));
  const free = voters.map(({ personId }) => personId).filter((id) => !already.includes(id));
  let smallest = Number.POSITIVE_INFINITY;
  for (let set = 0; set < 2 ** free.length; set += 1) {
    const members = free.filter((_, index) => Math.floor(set / 2 ** index) % 2 === 1);
    if (members.length < smallest && filled(new Set([...already, ...members])) === best) {
      smallest = members.length;
    }
  }
  return smallest;
}

const seatNames = ['engineer', 'change-manager', 'cab', 'ecab', 'security', 'service-delivery'] as const;
const ids = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7'];
const rosters = array(
  record({
    seats: subarray<Seat>([...seatNames], { maxLength: 3 }),
    deputy: integer({ min: -6, max: 7 }),
    delegated: constantFrom<Seat>(...seatNames),
    accounts: integer({ min: 0, max: 2 }),
  }),
  { minLength: 3, maxLength: 8 },
).map((people): Roster => ({
  people: people.map(({ seats, deputy, delegated, accounts }, index) => ({
    ...aPerson(`p${String(index)}`, 0, ...seats),
    accounts: Array.from({ length: accounts }, (_, nth) => 100 + index * 10 + nth),
    ...(deputy < 0 || deputy === index || deputy >= people.length
      ? {}
      : {
          delegations: [
            { to: `p${String(deputy)}`, seat: delegated, from: '2026-11-01', until: '2026-12-01' },
          ],
        }),
  })),
}));

describe('whom a change asks', () => {
  it('fills the quorum whenever it can be filled, with the fewest people, and nobody who took part', () => {
    let full = 0;
    assert(
      property(
        rosters,
        constantFrom<RiskLevel>('low', 'medium', 'high', 'critical'),
        subarray(ids, { maxLength: 2 }),
        subarray(ids, { maxLength: 3 }),
        (roster, risk, took, engaged) => {
          const accountsOf = (names: readonly string[]): readonly number[] =>
            roster.people.filter(({ id }) => names.includes(id)).flatMap(({ accounts }) => accounts);
          const facts = withRoster(roster, { pull: aPull({ pusherIds: [...accountsOf(took), 1] }) });
          const asking = whomToAsk(facts, aRisk(risk), accountsOf(engaged));
          const chosen = asked(asking);
          const out = new Set(readDisqualified(facts).people.keys());
          const before = roster.people
            .filter(({ id, accounts }) => engaged.includes(id) && accounts.length > 0 && !out.has(id))
            .map(({ id }) => id);
          expect(chosen.filter((id) => out.has(id) || before.includes(id))).toEqual([]);
          expect(new Set(chosen).size).toBe(chosen.length);
          expect(chosen.length).toBe(smallestSet(facts, risk, before));
          expect(chosen.length).toBeLessThanOrEqual(asking.seats.length);
          expect(whomToAsk(facts, aRisk(risk), accountsOf(engaged))).toEqual(asking);
          const again = whomToAsk(facts, aRisk(risk), [
            ...accountsOf(engaged),
            ...asking.toAsk.map(({ accountId }) => accountId),
          ]);
          expect(asked(again)).toEqual([]);
          full += asking.wayOut === null && asking.seats.length > 1 ? 1 : 0;
        },
      ),
      { numRuns: 250, seed: 20261126 },
    );
    expect(full).toBeGreaterThan(20);
  }, 60_000);

  it('asks engineers for a peer, the rare seats only for themselves', () => {
    const asking = whomToAsk(withRoster(aRoster()), aRisk('high'), []);
    const seats = asking.seats.map(({ seat, personId }) => [seat, personId]);
    expect(seats).toEqual([
      ['cab', expect.stringMatching(/j\.novak|p\.iyer/)],
      ['change-manager', 's.haddad'],
      ['peer', expect.stringMatching(/m\.lind|k\.dunne|b\.osei/)],
    ]);
  });

  it('does not ask the same people for every change', () => {
    const peers = ['CHG-2026-0001', 'CHG-2026-0004', 'CHG-2026-0008', 'CHG-2026-0010'].map(
      (id) => asked(whomToAsk(withRoster(aRoster(), { records: [aRecord({ id })] }), aRisk('low'), []))[0],
    );
    expect(new Set(peers).size).toBeGreaterThan(1);
  });

  it('asks the deputy while a delegation is in force, and the holder when the deputy may not', () => {
    const base = aRoster();
    const roster: Roster = {
      people: base.people.map((person) =>
        person.id === 's.haddad'
          ? {
              ...person,
              delegations: [
                { to: 'm.lind', seat: 'change-manager', from: '2026-11-01', until: '2026-12-01' },
              ],
            }
          : person,
      ),
    };
    const seatOf = (facts: Facts) =>
      whomToAsk(facts, aRisk('high'), []).seats.find(({ seat }) => seat === 'change-manager');
    expect(seatOf(withRoster(roster))).toMatchObject({ personId: 'm.lind', onBehalfOf: 's.haddad' });
    expect(seatOf(withRoster(roster, { pull: aPull({ pusherIds: [1001, 1002] }) }))).toMatchObject({
      personId: 's.haddad',
      onBehalfOf: null,
    });
  });

  it('asks nobody more once somebody has reviewed, whatever the account and whatever they said', () => {
    for (const state of ['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED'] as const) {
      const reviews = [aReview({ accountId: 1013, state, submittedAt: now })];
      const asking = whomToAsk(withRoster(aRoster(), { reviews }), aRisk('low'), []);
      expect([asking.toAsk, asking.seats]).toEqual([
        [],
        [expect.objectContaining({ personId: 'b.osei', isAsked: true })],
      ]);
    }
  });

  it('names a seat that nobody can fill with the way out, and asks for the others', () => {
    const base = aRoster();
    const roster = { people: base.people.filter(({ id }) => id !== 's.haddad') };
    const asking = whomToAsk(withRoster(roster), aRisk('high'), []);
    expect(asking.seats.find(({ seat }) => seat === 'change-manager')).toMatchObject({ personId: null });
    expect(asking.toAsk).toHaveLength(2);
    expect(asking.wayOut).toContain('policies/roster.yaml');
  });

  it('asks nobody for a standard change', () => {
    const quorum = aPolicySet().quorum;
    const policy = aPolicySet({ quorum: { ...quorum, low: quorum.standard } });
    expect(whomToAsk(someFacts({ policy }), aRisk('low'), [])).toMatchObject({ seats: [], toAsk: [] });
  });
});
