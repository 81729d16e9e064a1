/**
 * Random histories of pushes, reviews, dismissals, edits and waiting. Safety: the code never allows what the slow oracle
 * does not. Liveness: it never refuses what the oracle allows, and a fresh full quorum always unblocks.
 * `SLUICE_PROPERTY_RUNS` sets the number of histories; the seed is fixed, and fast-check prints the one that fails.
 */
import { assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateApprovals } from '../../../policies/approvals.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aRisk } from '../world.ts';
import { begin, factsOf, histories, people, play } from './history.ts';
import type { Event } from './history.ts';
import { mayGo, replay } from './oracle.ts';

const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? '400');
const options = { numRuns: runs, seed: 20261123 };
const levels = constantFrom<RiskLevel>('low', 'medium', 'high', 'critical');

function decideAfter(events: readonly Event[], level: RiskLevel): boolean {
  const shown = begin();
  for (const event of events) {
    play(shown, event);
  }
  return evaluateApprovals(factsOf(shown), aRisk(level)).verdict === 'allow';
}

/** Everybody looks again and approves, one after the other. */
const everybodyApproves: readonly Event[] = people.map((by) => ({
  kind: 'review',
  by,
  says: 'APPROVED',
  typed: true,
}));

describe('any history of a pull request', () => {
  it('is allowed exactly when the oracle allows it, after every event', () => {
    let allowed = 0;
    assert(
      property(histories, levels, (events, level) => {
        for (let length = 1; length <= events.length; length += 1) {
          const past = events.slice(0, length);
          const expected = mayGo(replay(past), level);
          allowed += expected ? 1 : 0;
          expect({ length, allowed: decideAfter(past, level) }).toEqual({ length, allowed: expected });
        }
      }),
      { ...options, numRuns: Math.ceil(runs / 4) },
    );
    // A generator that never reaches a quorum would prove nothing.
    expect(allowed).toBeGreaterThan(runs / 20);
  }, 600_000);

  it('never allows more than the oracle at its end', () => {
    assert(
      property(histories, levels, (events, level) => {
        expect(decideAfter(events, level) && !mayGo(replay(events), level)).toBe(false);
      }),
      options,
    );
  }, 600_000);

  it('is unblocked by a fresh full quorum, unless nobody could fill it', () => {
    let unblocked = 0;
    assert(
      property(histories, levels, (events, level) => {
        const full = [...events, ...everybodyApproves];
        const expected = mayGo(replay(full), level);
        unblocked += expected ? 1 : 0;
        expect(decideAfter(full, level)).toBe(expected);
        const shown = begin();
        full.forEach((event) => play(shown, event));
        const { reasons } = evaluateApprovals(factsOf(shown), aRisk(level));
        expect(reasons.some((reason) => reason.startsWith('unsatisfiable'))).toBe(!expected);
      }),
      options,
    );
    expect(unblocked).toBeGreaterThan(runs / 5);
  }, 600_000);
});
