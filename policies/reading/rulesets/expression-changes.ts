/** What the changed expressions of a plan do: shared by risk floors and whoever else asks. */
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import type { Comparison } from '../../../scripts/waf/reason/compare/compare.ts';
import { showComparison } from '../../../scripts/waf/reason/compare/show.ts';
import type { Path, ResourceChange } from '../../../scripts/plan/types.ts';
import type { PlanIndex } from '../plan-index.ts';
import { ruleText } from './rules.ts';
import type { RulesetRuleChange } from './rules.ts';

export interface ExpressionChange {
  readonly pair: RulesetRuleChange;
  /** `no` is proven, `yes` is shown by an example; everything else is `unknown`. */
  readonly gains: Comparison['gains'];
  readonly loses: Comparison['loses'];
  /** One line about it, with an example where there is one. */
  readonly line: string;
}

/** Beyond this many in a plan they are not compared, and what they do is unknown. */
const maxCompared = 300;

/** Rules that stay and get another expression, in the order of the plan. */
export function expressionChanges({ rulesetRules, expressions }: PlanIndex): readonly ExpressionChange[] {
  return rulesetRules
    .filter(hasOtherExpression)
    .map((pair, position) => compared(pair, position < maxCompared ? expressions : null));
}

function hasOtherExpression(pair: RulesetRuleChange): boolean {
  return (
    pair.before !== null &&
    pair.after !== null &&
    (pair.expression().kind === 'unknown' ||
      ruleText(pair, 'before', ['expression']) !== ruleText(pair, 'after', ['expression']))
  );
}

/** Null where it is not to be compared. */
function compared(pair: RulesetRuleChange, expressions: Expressions | null): ExpressionChange {
  const before = ruleText(pair, 'before', ['expression']);
  const after = ruleText(pair, 'after', ['expression']);
  if (before === null || after === null || expressions === null) {
    return { pair, gains: 'unknown', loses: 'unknown', line: 'what the new expression matches is not known' };
  }
  const comparison = expressions.compare(before, after);
  const { gains, loses, relation } = comparison;
  const line = hidesRules(pair.change) ? `${relation} (sensitive)` : showComparison(comparison).line;
  return { pair, gains, loses, line };
}

/** An example repeats parts of the expression, so it is not given where a rule holds something sensitive. */
function hidesRules({ sensitive, attributes }: ResourceChange): boolean {
  return (
    sensitive.some(isOfRules) ||
    attributes.some((attribute) => attribute.sensitive && isOfRules(attribute.path))
  );
}

function isOfRules([first]: Path): boolean {
  return first === undefined || first === 'rules';
}
