/** The retrospective clock of an emergency: who ratifies, who refuses, until when, and what ends it. */
import { describe, expect, it } from 'vitest';
import { overdueEmergencies, ratificationOf } from '../../../policies/emergency/ratification.ts';
import type { Facts, PastEmergency, Quorum } from '../../../policies/model/facts.ts';
import { aPolicy, aQuorum, accounts, facts, rosterWith } from '../world.ts';
import type { Who } from '../world.ts';

/** Applied on a Wednesday night; at medium risk it takes one of the CAB and one peer, by the end of Friday. */
const past = (parts: Partial<PastEmergency> = {}): PastEmergency => ({
  changeId: 'CHG-2026-0030',
  client: 'acme',
  risk: 'medium',
  appliedAt: '2026-11-18T02:00:00Z',
  breakGlass: false,
  touched: ['acme-production/cloudflare_dns_record.www'],
  involved: ['m.lind', 'k.dunne'],
  ratifications: [],
  ...parts,
});

type Word = PastEmergency['ratifications'][number];

const word = (
  who: Who | number,
  decision: Word['decision'] = 'ratified',
  at = '2026-11-19T09:00:00Z',
): Word => ({
  accountId: typeof who === 'number' ? who : accounts[who],
  at,
  decision,
});

const state = (parts: Partial<PastEmergency>, around: Partial<Facts> = {}) =>
  ratificationOf(past(parts), facts(around));
const after = (...ratifications: readonly Word[]) => state({ ratifications });
const missing = (parts: Partial<PastEmergency>, around: Partial<Facts> = {}) => {
  const found = state(parts, around);
  return found.kind === 'pending' ? found.missing.map(({ seat }) => seat) : found.kind;
};

describe('ratification', () => {
  it('takes the quorum of the risk: the seats, and peers up to the number of approvals', () => {
    expect(missing({})).toEqual(['cab', 'peer']);
    expect(missing({ ratifications: [word('novak')] })).toEqual(['peer']);
    expect(missing({ ratifications: [word('osei')] })).toEqual(['cab']);
    expect(after(word('novak'), word('osei'))).toEqual({ kind: 'ratified' });
    expect(missing({ risk: 'low' })).toEqual(['engineer']);
  });

  it('takes at least the smallest share of the CAB where the level has a share', () => {
    expect(missing({ risk: 'critical' })).toEqual(['service-delivery', 'cab', 'cab', 'cab']);
    const quorum: Quorum = aQuorum({ low: { ...aQuorum().low, approvals: 0, seats: [] } });
    expect(missing({ risk: 'low' }, { policy: aPolicy({ quorum }) })).toBe('ratified');
  });

  it('does not count who took part, who has no seat, who is not known', () => {
    expect(missing({ ratifications: [word('lind'), word('dunne')] })).toEqual(['cab', 'peer']);
    expect(missing({ ratifications: [word(9999)] })).toEqual(['cab', 'peer']);
    const roster = rosterWith('j.novak', { seats: [{ seat: 'cab', from: '2025-01-01', to: '2026-11-19' }] });
    const policy = aPolicy({ roster });
    expect(missing({ ratifications: [word('novak')] }, { policy })).toEqual(['cab', 'peer']);
    expect(missing({ ratifications: [word('novak', 'refused')] }, { policy })).toEqual(['cab', 'peer']);
    const before = word('novak', 'ratified', '2026-11-18T23:59:59Z');
    expect(missing({ ratifications: [before] }, { policy })).toEqual(['peer']);
  });

  it.each([
    ['before it was applied', '2026-11-18T01:59:59.999Z', ['cab', 'peer']],
    ['as it was applied', '2026-11-18T02:00:00Z', ['peer']],
    ['at the time of the decision', '2026-11-23T09:00:00Z', ['peer']],
    ['after the decision', '2026-11-23T09:00:00.001Z', ['cab', 'peer']],
    ['at a time that cannot be read', 'yesterday', ['cab', 'peer']],
  ])('given %s', (_, at, open) => {
    expect(missing({ ratifications: [word('novak', 'ratified', at)] })).toEqual(open);
  });

  it('counts nothing while the time of application or of the decision cannot be read', () => {
    const ratifications = [word('novak'), word('osei')];
    expect(state({ ratifications, appliedAt: 'at night' })).toMatchObject({ kind: 'pending', due: 0 });
    expect(missing({ ratifications }, { now: 'now' })).toEqual(['cab', 'peer']);
  });

  it('is refused by one person with a seat, whatever the others say', () => {
    expect(after(word('novak'), word('osei'), word('berg', 'refused'))).toEqual({
      kind: 'refused',
      by: 't.berg',
    });
    expect(after(word('novak'), word('osei'), word('lind', 'refused'))).toEqual({
      kind: 'refused',
      by: 'm.lind',
    });
    expect(after(word('novak'), word('osei'), word('lind', 'unclear'))).toEqual({ kind: 'ratified' });
  });

  it('goes by the latest word of each person, whatever the order in which they are listed', () => {
    const early = '2026-11-18T09:00:00Z';
    const refusedEarly = word('novak', 'refused', early);
    const refused = { kind: 'refused', by: 'j.novak' };
    expect(after(refusedEarly, word('novak'), word('osei')).kind).toBe('ratified');
    expect(after(word('novak'), refusedEarly, word('osei')).kind).toBe('ratified');
    expect(after(word('novak', 'ratified', early), word('osei'), word('novak', 'refused'))).toEqual(refused);
    expect(after(word('novak'), word('osei'), word('novak', 'refused'))).toEqual(refused);
  });
});

describe('the clock', () => {
  const due = (parts: Partial<PastEmergency>, around: Partial<Facts> = {}) => {
    const found = state(parts, around);
    return found.kind === 'pending' ? new Date(found.due).toISOString() : found.kind;
  };

  it('runs two working days, over holidays and weekends', () => {
    expect(due({})).toBe('2026-11-20T02:00:00.000Z');
    const calendar = { freezes: [], holidays: ['2026-11-19'] };
    const policy = aPolicy();
    const shut = { ...policy, calendar: { ...policy.calendar, ...calendar } };
    expect(due({}, { policy: shut })).toBe('2026-11-23T02:00:00.000Z');
  });

  it('runs 24 hours after somebody went alone', () => {
    expect(due({ breakGlass: true })).toBe('2026-11-19T02:00:00.000Z');
  });

  it('stops changes only once it has run out', () => {
    const emergencies = [past({ appliedAt: '2026-11-19T09:00:00Z' })];
    expect(overdueEmergencies(facts({ emergencies }))).toEqual([]);
    expect(overdueEmergencies(facts({ emergencies, now: '2026-11-23T09:00:00.001Z' }))).toEqual([
      {
        changeId: 'CHG-2026-0030',
        text: 'is overdue: it was not ratified in time; missing: cab, peer',
        next: 'ratify CHG-2026-0030 first, with a review or the comment /sluice ratify on its pull request',
      },
    ]);
    expect(overdueEmergencies(facts({ emergencies, now: 'now' }))).toHaveLength(1);
  });

  it('names a change that was applied alone for what it is, and how a refused one is put right', () => {
    const alone = past({ breakGlass: true });
    const refused = past({ ratifications: [word('novak', 'refused')] });
    const found = overdueEmergencies(facts({ emergencies: [alone, refused] }));
    expect(found.map(({ text }) => text)).toEqual([
      'is an unauthorised change: it was applied alone and was not ratified in time; missing: cab, peer',
      'was rejected retrospectively by j.novak',
    ]);
    expect(found[1]?.next).toContain('in `retryOf`');
  });
});

describe('an emergency that was closed', () => {
  const closed = (by: string, at = '2026-11-19T09:00:00Z', around: Partial<Facts> = {}) =>
    state({ closed: { by, at } }, around).kind;

  it('is settled when the change manager or one of the CAB closed it', () => {
    expect(closed('s.haddad')).toBe('ratified');
    expect(closed('j.novak')).toBe('ratified');
  });

  it('is not settled by another seat, by who took part, or by nobody known', () => {
    expect(closed('b.osei')).toBe('pending');
    expect(closed('nobody.known')).toBe('pending');
    expect(state({ involved: ['j.novak'], closed: { by: 'j.novak', at: '2026-11-19T09:00:00Z' } }).kind).toBe(
      'pending',
    );
  });

  it('is not settled before it was applied, in the future or at a time that cannot be read', () => {
    expect(closed('j.novak', '2026-11-18T02:00:00Z')).toBe('ratified');
    expect(closed('j.novak', '2026-11-18T01:59:59Z')).toBe('pending');
    expect(closed('j.novak', '2026-11-23T09:00:00Z')).toBe('ratified');
    expect(closed('j.novak', '2026-11-23T09:00:01Z')).toBe('pending');
    expect(closed('j.novak', 'on Thursday')).toBe('pending');
    expect(closed('j.novak', '2026-11-19T09:00:00Z', { now: 'now' })).toBe('pending');
    const at = '2026-11-19T09:00:00Z';
    expect(state({ appliedAt: 'at night', closed: { by: 'j.novak', at } }).kind).toBe('pending');
  });

  it('is not settled by a seat that had ended by then', () => {
    const roster = rosterWith('j.novak', { seats: [{ seat: 'cab', from: '2025-01-01', to: '2026-11-19' }] });
    expect(closed('j.novak', '2026-11-19T09:00:00Z', { policy: aPolicy({ roster }) })).toBe('pending');
    expect(closed('j.novak', '2026-11-18T09:00:00Z', { policy: aPolicy({ roster }) })).toBe('ratified');
  });
});
