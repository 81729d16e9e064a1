/** How long releases and rollbacks take, from those that did the same before. */
import { effectKinds } from '../../scripts/plan/difference/effect-kind.ts';
import type { ResourceChange } from '../../scripts/plan/types.ts';
import type { RuleInput } from '../model/facts.ts';

/** Minutes that are kept free where nothing like it was done before, and at least: the team's own figure. */
export const leastMinutes = 10;
/** What was slowest so far may be slower by half the next time. */
const margin = 1.5;

/**
 * Minutes for one stack: the slowest release, or rehearsed rollback, of the ledger that did one of the kinds of things that
 * this change does there, with a margin, in steps of five.
 */
export function usualMinutes(
  { history }: Pick<RuleInput, 'history'>,
  {
    stack,
    changes,
    of,
  }: {
    readonly stack: string;
    readonly changes: readonly ResourceChange[];
    readonly of: 'release' | 'rollback';
  },
): number {
  const kinds = new Set(changes.filter((change) => change.stack === stack).flatMap(effectKinds));
  const seconds = history
    .filter(({ kind, changed }) => kind === 'release' && changed?.some((each) => kinds.has(each)) === true)
    .map(({ took }) => (of === 'release' ? took?.releaseSeconds : took?.rollbackSeconds) ?? 0);
  return Math.max(leastMinutes, 5 * Math.ceil((margin * Math.max(0, ...seconds)) / 300));
}
