/** Random stories of releases, failures, rollbacks and reverts: the ledger's code and a model of Cloudflare agree on all. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acts, type Act } from './story-acts.ts';
import { Story } from './story.ts';

const runs = Number(process.env['SLUICE_STORY_RUNS'] ?? 1000);

/** What the two do not agree on, up to the first act after which there is something; two stacks have their baseline. */
function told(story: readonly Act[]): readonly string[] {
  const both = new Story();
  const begun: readonly Act[] = [0, 1].map((stack) => ({
    act: 'baseline',
    stack,
    pick: 0,
    width: 1,
    result: 'successful',
  }));
  for (const act of [...begun, ...story]) {
    both.perform(act);
    if (both.disagreements.length > 0) {
      break;
    }
  }
  return both.disagreements;
}

describe('any story of releases and rollbacks', () => {
  it('leaves live, in force, undone, unsettled and used up as a model of Cloudflare has them', () => {
    const result = fc.check(
      fc.property(acts, (story) => told(story).length === 0),
      { seed: 20_261_129, numRuns: runs },
    );
    const [story] = result.counterexample ?? [];
    expect(story === undefined ? [] : told(story)).toEqual([]);
    expect(result.numRuns).toBe(runs);
  });
});
