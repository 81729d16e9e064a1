/** Who declares an emergency: somebody of the service, who stands behind it with an account of their own. */
import { describe, expect, it } from 'vitest';
import { declarationProblems } from '../../../policies/gate/declaration.ts';
import type { BreakGlass, Facts, Review } from '../../../policies/model/facts.ts';
import { anEmergency } from '../../builders/record.ts';
import { aPull, accounts, facts, review, rosterWith, aPolicy, showing } from '../world.ts';

const given = (parts: Partial<Facts> = {}): Facts => facts({ records: [anEmergency()], ...parts });
const reviewed = (...reviews: readonly Review[]): Facts => {
  const parts = { records: [anEmergency()] };
  return given({ reviews: showing(parts, reviews) });
};
const texts = (by: string, around: Facts = given()): readonly string[] =>
  declarationProblems(around, by).map(({ text }) => text);

const notSaid = 'who neither opened the pull request nor approved it';
const noSeat = 'who declared the emergency holds no seat on the roster that may declare one';

describe('an emergency is declared', () => {
  it('by the engineer who opens its pull request, alone', () => {
    expect(texts('r.okafor')).toEqual([]);
  });

  it('by somebody else who approves it as it is now', () => {
    expect(texts('p.iyer')[0]).toContain(notSaid);
    expect(declarationProblems(given(), 'p.iyer')[0]?.next).toContain(
      'approves the pull request as it is now',
    );
    expect(texts('p.iyer', reviewed(review('iyer')))).toEqual([]);
  });

  it.each<[string, Partial<Review>]>([
    ['in words that were edited', { editedAt: '2026-11-23T08:59:00Z' }],
    ['as a bot', { isBot: true }],
    ['as one of whom it is not known whether it is a bot', { isBot: null }],
    ['and only comments', { state: 'COMMENTED' }],
    ['and asks for changes', { state: 'CHANGES_REQUESTED' }],
    ['and the review was dismissed', { state: 'DISMISSED' }],
  ])('not by somebody who approves it %s', (_, parts) => {
    expect(texts('p.iyer', reviewed(review('iyer', parts)))[0]).toContain(notSaid);
  });

  it('not by somebody who approves what was on show before, or what is not known', () => {
    const now = reviewed(review('iyer'));
    const [own] = now.reviews;
    for (const tuple of [{ ...now.tuple, recordDigest: 'sha256:0' }, undefined]) {
      const { tuple: _shown, ...rest } = own ?? review('iyer');
      const reviews = [tuple === undefined ? rest : { ...rest, tuple }];
      expect(texts('p.iyer', { ...now, reviews })[0]).toContain(notSaid);
    }
  });

  it('not by somebody whose approval somebody else gave, or who takes it back', () => {
    expect(texts('p.iyer', reviewed(review('dunne')))[0]).toContain(notSaid);
    const back = review('iyer', { state: 'CHANGES_REQUESTED', submittedAt: '2026-11-23T08:59:00Z' });
    expect(texts('p.iyer', reviewed(review('iyer'), back))[0]).toContain(notSaid);
  });

  it('by the implementer who goes alone, whoever opened the pull request', () => {
    const breakGlass: BreakGlass = {
      accountId: accounts.lind,
      at: '2026-11-23T08:50:00Z',
      reason: 'nobody answers',
      pagedAt: '2026-11-23T08:51:00Z',
      tuple: given().tuple,
    };
    expect(texts('m.lind')[0]).toContain(notSaid);
    expect(texts('m.lind', given({ breakGlass }))).toEqual([]);
    expect(texts('k.dunne', given({ breakGlass }))[0]).toContain(notSaid);
    const pushed = aPull({ headAt: '2026-11-23T08:55:00Z' });
    expect(texts('m.lind', given({ breakGlass, pull: pushed }))[0]).toContain(notSaid);
    expect(texts('m.lind', given({ breakGlass: { ...breakGlass, tuple: null } }))[0]).toContain(notSaid);
  });

  it('not by whoever opened a bot’s pull request, or none', () => {
    expect(texts('r.okafor', given({ pull: aPull({ authorIsBot: true }) }))[0]).toContain(notSaid);
    expect(texts('r.okafor', given({ pull: null }))[0]).toContain(notSaid);
  });

  it('by nobody off the roster, without a seat now, or with one that declares nothing', () => {
    expect(texts('n.obody')).toEqual([noSeat]);
    expect(texts('R.Okafor')).toEqual([noSeat]);
    const left = rosterWith('r.okafor', {
      seats: [{ seat: 'engineer', from: '2025-01-01', to: '2026-11-01' }],
    });
    expect(texts('r.okafor', given({ policy: aPolicy({ roster: left }) }))).toEqual([noSeat]);
    const client = rosterWith('r.okafor', {
      seats: [{ seat: 'client-approver', client: 'acme', from: '2025-01-01' }],
    });
    expect(texts('r.okafor', given({ policy: aPolicy({ roster: client }) }))).toEqual([noSeat]);
    expect(texts('r.okafor', given({ now: 'now' }))).toEqual([noSeat]);
  });
});
