import { describe, expect, it } from 'vitest';
import { unfillableSeats } from '../../../policies/approvals/fillable.ts';
import { aPolicySet, aRegister } from '../../builders/policy.ts';
import { aQuorum, now, rosterWith, rosterWithout } from '../world.ts';

const seats = (parts: Parameters<typeof aPolicySet>[0], at = now): readonly string[] =>
  unfillableSeats(aPolicySet({ quorum: aQuorum(), registers: [aRegister()], ...parts }), at).map(
    ({ level, client, seats: open }) => `${level} ${client ?? '-'}: ${open.join(', ')}`,
  );

describe('seats that nobody could fill', () => {
  it('are none with the roster as it is', () => {
    expect(seats({})).toEqual([]);
  });

  it('are named by level and client', () => {
    expect(seats({ roster: rosterWithout('s.haddad') })).toContain('high acme: change-manager');
    expect(seats({ roster: rosterWithout('d.quist') })).toContain('high -: process-owner');
    expect(seats({ roster: rosterWithout('a.marsh') })).toContain('critical acme: service-delivery');
    expect(seats({ roster: { people: [] } })).toContain('low acme: engineer, security');
  });

  it('are those of people without an account, whose seat is over, or has not begun', () => {
    const quist = (from: string, to?: string) =>
      rosterWith('d.quist', {
        seats: [{ seat: 'process-owner', from, ...(to === undefined ? {} : { to }) }],
      });
    expect(seats({ roster: rosterWith('d.quist', { accounts: [] }) })).toContain('high -: process-owner');
    expect(seats({ roster: quist('2025-01-01', '2026-11-01') })).toContain('high -: process-owner');
    expect(seats({ roster: quist('2026-12-01') })).toContain('high -: process-owner');
    expect(seats({ roster: quist('2025-01-01') })).not.toContain('high -: process-owner');
  });

  it('are more approvals than there are people', () => {
    const quorum = aQuorum();
    expect(seats({ quorum: { ...quorum, low: { ...quorum.low, approvals: 99 } } })).toEqual([
      'low acme: peer',
    ]);
  });

  it('are those of a client that is asked and has nobody', () => {
    const register = aRegister({ client: 'nova', clientApprovalRequired: true });
    expect(seats({ registers: [aRegister(), register] })).toEqual([
      'high nova: client-approver of nova',
      'critical nova: client-approver of nova',
    ]);
    const unasked = { ...register, clientApprovalRequired: false };
    expect(seats({ registers: [aRegister(), unasked] })).toEqual(['critical nova: client-approver of nova']);
  });

  it('are for every client alike where there is none yet', () => {
    expect(seats({ registers: [] })).toEqual([]);
    expect(seats({ registers: [], roster: rosterWithout('a.marsh') })).toEqual([
      'critical -: service-delivery',
    ]);
  });
});
