/** What a rule says about a change, for floors that rest on it: risk and rules cannot disagree. */
import type { Rule, RuleContext } from '../model/finding.ts';

/** What a rule objects to or cannot judge; both count. */
export function subjectsOf(rule: Rule, context: RuleContext): readonly string[] {
  const result = rule.evaluate(context);
  return result.kind === 'judged'
    ? [...result.observations, ...result.doubts].map(({ subject }) => subject)
    : [];
}
