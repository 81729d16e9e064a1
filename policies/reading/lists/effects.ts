/** What changes of lists do through the rules that name them, whether those change themselves or not. */
import type { Comparison } from '../../../scripts/waf/reason/compare/compare.ts';
import { compareThroughList } from '../../../scripts/waf/reason/compare/list-change.ts';
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import { showComparison } from '../../../scripts/waf/reason/compare/show.ts';
import type { RuleContext } from '../../model/finding.ts';
import { changedLists } from './lists.ts';
import type { ChangedList } from './lists.ts';
import { listUsers } from './users.ts';
import type { ListUser } from './users.ts';
import { isReference } from '../values.ts';

/** An enabled rule that names a list which changes. */
export interface ListEffect extends Omit<ListUser, 'expression'> {
  readonly list: ChangedList;
  /** `no` is proven, `yes` is shown by an example. */
  readonly gains: Comparison['gains'];
  readonly loses: Comparison['loses'];
  /** One line with an example where there is one. */
  readonly line: string;
}

/** Beyond this many they are not compared, and what the list does through them is unknown. */
const maxCompared = 200;

/** Effects in the order of the lists and of the rules that use them. */
export function listEffects(context: RuleContext): readonly ListEffect[] {
  return context.workedOut(effectsOf);
}

function effectsOf(context: RuleContext): readonly ListEffect[] {
  const uses = changedLists(context.estate).flatMap((list) =>
    listUsers(list, 'after', context).map((user) => ({ list, user })),
  );
  const { expressions } = context.index;
  return uses.map(({ list, user }, at) => effectOf(list, user, at < maxCompared ? expressions : null));
}

/** How many rules named the list before, of those in view. */
export function usesBefore(list: ChangedList, context: RuleContext): number {
  return listUsers(list, 'before', context).length;
}

/** `expressions` is null where it is not to be compared. */
function effectOf(
  list: ChangedList,
  { expression, ...user }: ListUser,
  expressions: Expressions | null,
): ListEffect {
  const about = { ...user, list };
  if (list.after === null || expressions === null || isReference(expression)) {
    const line = list.after === null ? 'names a list that is gone' : 'what it matches is not known';
    return { ...about, gains: 'unknown', loses: 'unknown', line };
  }
  const { name, kind, before, after } = list;
  const comparison = compareThroughList(expressions.read(expression), { name, kind, before, after });
  const { gains, loses } = comparison;
  // The tests are those of the comparison, not of the rule, and what is said of the list itself is known.
  const [line = ''] = showComparison(comparison).line.split('; tests: ');
  return { ...about, gains, loses, line: line.replaceAll(`, not in the list $${name}`, '') };
}
