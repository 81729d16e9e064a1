/**
 * Compares two expressions by what they match. What is said is proven for every request, every content of lists and
 * both readings of missing values, or shown by a request that was evaluated; anything else is `unknown`.
 */
import type { Expression } from '../../language/ast.ts';
import { changedTests } from './changed-tests.ts';
import type { ChangedTests } from './changed-tests.ts';
import { ExampleFinder } from './example.ts';
import type { Example } from './example.ts';
import { readings, satisfy } from './proof.ts';

/** `narrower`: the second matches less than the first. `different`: each matches something that the other does not. */
export type ExpressionRelation = 'equivalent' | 'narrower' | 'wider' | 'different' | 'unknown';

export interface Comparison {
  readonly relation: ExpressionRelation;
  /**
   * Whether the second can match what the first does not: `no` is proven, `yes` is shown by an example, `unknown` is
   * neither. `loses` is the same the other way round.
   */
  readonly gains: 'yes' | 'no' | 'unknown';
  readonly loses: 'yes' | 'no' | 'unknown';
  /** A request that only the second expression matches. */
  readonly gained: Example | null;
  /** A request that only the first expression matches. */
  readonly lost: Example | null;
  readonly tests: ChangedTests;
}

/** Nothing can be told of what cannot be read. */
export const unreadable: Comparison = {
  relation: 'unknown',
  gains: 'unknown',
  loses: 'unknown',
  gained: null,
  lost: null,
  tests: { added: [], removed: [] },
};

/** Of expressions that Cloudflare would take. */
export function compareTrees(before: Expression, after: Expression): Comparison {
  const more = direction(after, before);
  const less = direction(before, after);
  return {
    relation: relationOf(more.verdict, less.verdict),
    gains: more.verdict,
    loses: less.verdict,
    gained: more.example,
    lost: less.example,
    tests: changedTests(before, after),
  };
}

function relationOf(gains: Comparison['gains'], loses: Comparison['loses']): ExpressionRelation {
  if (gains === 'unknown' || loses === 'unknown') {
    return 'unknown';
  }
  if (gains === 'no') {
    return loses === 'no' ? 'equivalent' : 'narrower';
  }
  return loses === 'no' ? 'wider' : 'different';
}

interface Direction {
  readonly verdict: 'yes' | 'no' | 'unknown';
  readonly example: Example | null;
}

/** Whether `matched` can be true where `unmatched` is false. */
function direction(matched: Expression, unmatched: Expression): Direction {
  let isProven = true;
  for (const missingNotEqual of readings) {
    const finder = new ExampleFinder({ matched, unmatched }, missingNotEqual);
    const found: Example[] = [];
    const outcome = satisfy(
      (reader) => ({ kind: 'and', parts: [reader.read(matched, true), reader.read(unmatched, false)] }),
      missingNotEqual,
      (open, budget) => {
        const example = finder.find(open, budget);
        found.push(...(example === null ? [] : [example]));
        return example !== null;
      },
    );
    const [example] = found;
    if (example !== undefined) {
      return { verdict: 'yes', example };
    }
    isProven &&= outcome === 'closed';
  }
  return { verdict: isProven ? 'no' : 'unknown', example: null };
}
