/** Hostile pull requests by seed: the same seed gives the same ones. */
import { array, oneof, record, sample, type Arbitrary } from 'fast-check';
import type { Ingredient } from './draft.ts';
import { recordClaims } from './claims.ts';
import { histories } from './events.ts';
import { expressions } from './expressions.ts';
import { placements } from './placements.ts';
import type { Attack } from './judge.ts';

const ingredient: Arbitrary<Ingredient> = oneof(
  { weight: 3, arbitrary: expressions },
  { weight: 2, arbitrary: placements },
  { weight: 2, arbitrary: recordClaims },
);

const attack: Arbitrary<Attack> = record({
  ingredients: oneof(
    { weight: 1, arbitrary: array(ingredient, { maxLength: 0 }) },
    { weight: 3, arbitrary: array(ingredient, { minLength: 1, maxLength: 1 }) },
    { weight: 1, arbitrary: array(ingredient, { minLength: 2, maxLength: 2 }) },
  ),
  events: histories,
});

export function attacks(seed: number, count: number): readonly Attack[] {
  return sample(attack, { seed, numRuns: count });
}
