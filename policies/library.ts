/** The library `sluice/policies`: what a team's own rules in `policies/rules/` are written with. */
export {
  defineRule,
  doubt,
  fine,
  finding,
  judgeEach,
  judged,
  judgeRecord,
  notApplicable,
  type Judgement,
} from './rule.ts';
export type { RuleCase } from './model/rule-case.ts';
export type { ResourceChange } from '../scripts/plan/types.ts';
export type { Doubt, Observation, Rule, RuleContext, RuleResult, Severity } from './model/finding.ts';
