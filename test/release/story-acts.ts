/** What can happen in a story of releases and rollbacks, at random. */
import * as fc from 'fast-check';
import type { ReleaseResult } from '../../scripts/release/types.ts';

export const stacks = ['acme-production', 'acme-staging', 'borough-production'] as const;
export const keys = ['api', 'mail', 'shop', 'www'] as const;

export interface Act {
  readonly act: 'change' | 'again' | 'revert' | 'latest' | 'to' | 'only' | 'baseline';
  readonly stack: number;
  /** Which of those that there are. */
  readonly pick: number;
  readonly width: number;
  readonly result: ReleaseResult;
}

export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.record({
    act: fc.constantFrom<Act['act'][]>(
      ...(['baseline', 'change', 'change', 'change', 'again', 'again'] as const),
      ...(['revert', 'latest', 'latest', 'to', 'to', 'only', 'only'] as const),
    ),
    stack: fc.nat({ max: stacks.length - 1 }),
    pick: fc.nat({ max: 30 }),
    width: fc.integer({ min: 1, max: 3 }),
    result: fc.constantFrom<ReleaseResult[]>(
      ...(['successful', 'successful', 'successful', 'successful'] as const),
      ...(['failed', 'failed', 'failed-verification', 'aborted'] as const),
    ),
  }),
  { minLength: 4, maxLength: 24, size: 'max' },
);
