/** Whose opinion counts as whose, in which order, and the line that each reviewer gets. */
import { describe, expect, it } from 'vitest';
import { evaluateApprovals } from '../../../policies/approvals.ts';
import { readOpinions } from '../../../policies/approvals/opinions.ts';
import type { Facts, Review } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aRegister, aRoster } from '../../builders/policy.ts';
import { anEmergency } from '../../builders/record.ts';
import {
  aPolicy,
  aPull,
  aRisk,
  accounts,
  dismissed,
  facts,
  onShow,
  review,
  rosterWith,
  showing,
  veto,
} from '../world.ts';

const opinions = (reviews: readonly Review[], around: Partial<Facts> = {}) =>
  readOpinions(facts({ reviews, ...around }), new Set());
const judge = (parts: Partial<Facts>, level: RiskLevel = 'medium') =>
  evaluateApprovals(facts(parts), aRisk(level));
const lines = (parts: Partial<Facts>, level: RiskLevel = 'medium') =>
  judge(parts, level).reviewers.map(({ login, reason }) => `${login}: ${reason}`);

describe('opinions', () => {
  it('are one per person over all their accounts, one per account that nobody owns, one per review of a ghost', () => {
    const ghost = () => review(0, { accountId: null, login: 'ghost' });
    const found = opinions([
      review('osei'),
      review('oseiSecond'),
      review(7001),
      review(7001),
      review(7002),
      ghost(),
      ghost(),
    ]);
    expect(found.map(({ person, reviews }) => [person?.id ?? null, reviews.length])).toEqual([
      ['b.osei', 2],
      [null, 2],
      [null, 1],
      [null, 1],
      [null, 1],
    ]);
  });

  it('are the latest by server time, and by number within a second', () => {
    const kindOf = (...reviews: readonly Review[]) => opinions(reviews)[0]?.opinion.kind;
    const at = (submittedAt: string) => ({ submittedAt });
    const [early, late] = [at('2026-11-23T08:00:00Z'), at('2026-11-23T08:00:01Z')];
    expect(kindOf(review('novak', late), veto('novak', early))).toBe('approval');
    expect(kindOf(veto('novak', late), review('novak', early))).toBe('veto');
    const [first, second] = [review('novak', early), veto('novak', early)];
    expect(kindOf(first, second)).toBe('veto');
    expect(kindOf(second, first)).toBe('veto');
    expect(opinions([second, first])[0]?.reviews.map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  it('whose time cannot be read come last, so that they hide no veto by being early', () => {
    const unread = { submittedAt: 'some time' };
    const order = (...reviews: readonly Review[]) => opinions(reviews)[0]?.reviews.map(({ id }) => id);
    const [known, unknown, more] = [review('novak'), veto('novak', unread), veto('novak', unread)];
    expect(order(known, unknown)).toEqual([known.id, unknown.id]);
    expect(order(unknown, known)).toEqual([known.id, unknown.id]);
    const later = review('novak');
    expect(order(unknown, later)).toEqual([later.id, unknown.id]);
    expect(order(later, unknown)).toEqual([later.id, unknown.id]);
    expect(order(more, unknown)).toEqual([unknown.id, more.id]);
  });

  it('are none by a comment alone, and none that is pending is seen', () => {
    expect(opinions([review('novak', { state: 'COMMENTED' })])[0]?.opinion).toMatchObject({ kind: 'none' });
    expect(opinions([review('novak', { state: 'PENDING' })])).toEqual([]);
    const comment = review('novak', { state: 'COMMENTED', submittedAt: '2026-11-23T08:30:00Z' });
    expect(opinions([review('novak'), comment])[0]?.opinion.kind).toBe('approval');
  });

  it.each(['APPROVED', 'COMMENTED'] as const)(
    'that were %s and dismissed are gone, whoever did it',
    (was) => {
      expect(opinions([dismissed('novak', was, null)])[0]?.opinion).toMatchObject({
        kind: 'none',
        note: 'gave a review that was dismissed',
      });
    },
  );

  it('of a veto that was dismissed stand unless the vetoer or the change manager did it', () => {
    const note = (by: { readonly accountId: number; readonly reason: string } | null) =>
      opinions([dismissed('novak', 'CHANGES_REQUESTED', by)])[0]?.opinion;
    expect(note(null)).toMatchObject({ kind: 'veto' });
    expect(note({ accountId: accounts.novak, reason: '' })).toMatchObject({
      kind: 'none',
      note: 'has withdrawn the request for changes',
    });
    expect(note({ accountId: accounts.osei, reason: 'x' })).toMatchObject({
      kind: 'veto',
      note: 'has requested changes; b.osei dismissed that and may not',
    });
    expect(note({ accountId: 9999, reason: 'x' })).toMatchObject({
      note: 'has requested changes; someone off the roster dismissed that and may not',
    });
    expect(note({ accountId: accounts.haddad, reason: ' ' })).toMatchObject({ kind: 'veto' });
    expect(note({ accountId: accounts.haddad, reason: 'solved' })).toMatchObject({
      kind: 'none',
      note: 'requested changes; the change manager dismissed that: solved',
    });
  });
});

describe('the lines of reviewers', () => {
  it('are in the order in which the opinions were given, by number within a second', () => {
    const at = (minute: number) => ({ submittedAt: `2026-11-23T08:0${String(minute)}:00Z` });
    const [novak, osei, berg] = [review('novak', at(2)), review('osei', at(1)), review('berg', at(1))];
    const unread = review('dunne', { submittedAt: 'x' });
    expect(judge({ reviews: [unread, novak, berg, osei] }).reviewers.map(({ login }) => login)).toEqual([
      'osei',
      'berg',
      'novak',
      'dunne',
    ]);
  });

  it('say for which seat each counts, as what and for whom', () => {
    expect(lines({ reviews: [review('novak'), review('osei')] })).toEqual([
      'novak: counts as cab',
      'osei: counts as engineer, as a peer',
    ]);
    const policy = aPolicy({ registers: [aRegister({ clientApprovalRequired: true })] });
    const four = showing({ policy }, [review('haddad'), review('novak'), review('osei'), review('ortiz')]);
    expect(lines({ policy, reviews: four }, 'high')).toContain('ortiz: counts as client-approver of acme');
  });

  it('say on whose behalf a deputy counts', () => {
    const delegations = [{ to: 'd.quist', seat: 'cab' as const, from: '2026-11-01', until: '2026-12-01' }];
    const policy = aPolicy({ roster: rosterWith('j.novak', { delegations }) });
    const reviews = showing({ policy }, [review('quist'), review('osei')]);
    expect(lines({ policy, reviews })).toEqual([
      'quist: counts as cab on behalf of j.novak',
      'osei: counts as engineer, as a peer',
    ]);
  });

  it('say that a valid approval is not needed', () => {
    const reviews = [review('novak'), review('osei'), review('berg'), review('ortiz')];
    expect(lines({ reviews }).slice(2)).toEqual([
      'berg: valid, but the seats that this person can fill are filled, or are not asked for',
      'ortiz: valid, but the seats that this person can fill are filled, or are not asked for',
    ]);
  });

  it('place the other accounts of a person beside the one that spoke last', () => {
    const reviews = [
      review('osei'),
      review('oseiSecond', { submittedAt: '2026-11-23T08:10:00Z' }),
      review('osei'),
    ];
    expect(lines({ reviews })).toEqual([
      'oseiSecond: counts as engineer, as a peer',
      'osei: another account of the same person; their latest opinion is by oseiSecond',
    ]);
  });
});

describe('a request for changes', () => {
  const vetoes = (parts: Partial<Facts>) => judge(parts).vetoes.map(({ login }) => login);
  const seat = (from: string, to?: string) => ({
    policy: aPolicy({
      roster: rosterWith('j.novak', { seats: [{ seat: 'cab', from, ...(to === undefined ? {} : { to }) }] }),
    }),
  });

  it('stands when its author had a seat then or has one now', () => {
    const submittedAt = '2026-11-22T08:00:00Z';
    const reviews = [veto('novak', { submittedAt })];
    expect(vetoes({ reviews, ...seat('2025-01-01', '2026-11-23') })).toEqual(['novak']);
    expect(vetoes({ reviews, ...seat('2026-11-23') })).toEqual(['novak']);
  });

  it('does not stand when its author had none, and says so', () => {
    const parts = { reviews: [veto('novak')], ...seat('2027-01-01') };
    expect(vetoes(parts)).toEqual([]);
    expect(judge(parts).reviewers[0]).toMatchObject({
      reason: 'has requested changes, but is not entitled to: no seat',
      wouldCountIf: 'someone with a seat says the same',
    });
    expect(vetoes({ reviews: [veto(9999)] })).toEqual([]);
  });

  it('stands when its time cannot be read, or its account is gone or is claimed by two', () => {
    expect(vetoes({ reviews: [veto('novak', { submittedAt: 'x' })], ...seat('2027-01-01') })).toEqual([
      'novak',
    ]);
    expect(vetoes({ reviews: [veto('novak', { accountId: null })] })).toEqual(['novak']);
    const people = aRoster().people.map((each) =>
      each.id === 'p.iyer' ? { ...each, accounts: [accounts.iyer, accounts.novak] } : each,
    );
    expect(vetoes({ reviews: [veto('novak')], policy: aPolicy({ roster: { people } }) })).toEqual(['novak']);
  });
});

describe('an emergency', () => {
  const records = [anEmergency({ owner: 'm.lind', backupImplementer: undefined })];
  const emergency = {
    records,
    breakGlass: {
      accountId: accounts.lind,
      at: '2026-11-23T08:50:00Z',
      reason: 'nobody answers',
      pagedAt: '2026-11-23T08:51:00Z',
      tuple: onShow({ records }),
    },
  };

  it('may go ahead unratified when the glass is broken, and says so', () => {
    expect(judge(emergency)).toMatchObject({
      verdict: 'allow',
      level: 'break-glass',
      openSeats: [],
      required: 1,
      given: 0,
    });
    expect(judge(emergency).reasons[0]).toMatch(/^unratified: m\.lind goes alone/);
  });

  it('does not change policies alone', () => {
    const pull = aPull({ changedFiles: ['policies/roster.yaml'] });
    expect(judge({ ...emergency, pull })).toMatchObject({
      verdict: 'deny',
      openSeats: ['ecab', 'process-owner'],
    });
  });

  it('without the broken glass needs its seat', () => {
    expect(judge({ ...emergency, breakGlass: null })).toMatchObject({
      verdict: 'deny',
      level: 'emergency',
      openSeats: ['ecab'],
    });
    const refused = judge({ ...emergency, breakGlass: { ...emergency.breakGlass, reason: ' ' } });
    expect(refused).toMatchObject({ verdict: 'deny', level: 'emergency' });
    expect(refused.reasons[0]).toBe('break-glass refused: breaking the glass needs a reason');
  });
});
