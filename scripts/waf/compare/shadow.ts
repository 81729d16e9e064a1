/** Rules that never get a request because an earlier rule that ends the evaluation matches all of theirs. */
import type { Expression } from '../ast.ts';
import { isRefused } from '../analyse.ts';
import { checkFilter } from '../check.ts';
import { constantValue } from '../fold.ts';
import { parseFilter } from '../parser.ts';
import { implies } from './proof.ts';

export interface ShadowRule {
  /** How the rule is named in a report. */
  readonly ref: string;
  readonly expression: string;
  /** True when nothing of the same list is looked at after this rule has matched. */
  readonly ends: boolean;
}

export interface Shadow {
  readonly rule: ShadowRule;
  readonly position: number;
  /** The first rule that is proven to match everything that the rule matches. */
  readonly by: ShadowRule;
  readonly byPosition: number;
  /** True when each matches what the other does. */
  readonly isSame: boolean;
}

/** Pairs that are looked at; those beyond are not, and a shadow among them is not seen. */
const maxPairs = 3000;

/**
 * Shadows in a list of enabled rules in their order. `isAsked` says for which pairs of positions (later, earlier) to
 * look. Expressions that Cloudflare would refuse cast none and have none.
 */
export function findShadows(
  rules: readonly ShadowRule[],
  isAsked: (later: number, earlier: number) => boolean = () => true,
): readonly Shadow[] {
  const read = rules.map(({ expression }) => readable(expression));
  const found: Shadow[] = [];
  let left = maxPairs;
  for (const [position, rule] of rules.entries()) {
    const later = read[position] ?? null;
    for (const [byPosition, by] of rules.slice(0, position).entries()) {
      const earlier = read[byPosition] ?? null;
      if (later === null || earlier === null || !by.ends || !isAsked(position, byPosition)) {
        continue;
      }
      left -= 1;
      if (left < 0) {
        return found;
      }
      if (implies(later, earlier)) {
        found.push({ rule, position, by, byPosition, isSame: implies(earlier, later) });
        break;
      }
    }
  }
  return found;
}

/** The expression; null when it cannot be read or can never match, which is another matter. */
function readable(text: string): Expression | null {
  const parsed = parseFilter(text);
  const isRead = parsed.expression.kind !== 'invalid' && !isRefused(checkFilter(parsed));
  return isRead && constantValue(parsed.expression) !== false ? parsed.expression : null;
}
