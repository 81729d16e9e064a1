/** What the checks of the gate read, without running the rest of the gate: for tests of one check at its edges. */
import { contextFor } from '../../../policies/context.ts';
import type { CheckInput } from '../../../policies/gate/check.ts';
import { completeOf, ruleInputOf } from '../../../policies/gate/input.ts';
import type { Approvals } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { aRisk, facts } from '../world.ts';

export const agreed: Approvals = {
  verdict: 'allow',
  level: 'medium',
  required: 2,
  given: 2,
  openSeats: [],
  vetoes: [],
  reviewers: [],
  reasons: [],
};

/** A low-risk-free, agreed change with a clean report of the rules; the parts of the facts are what a test is about. */
export function aCase(parts: Partial<Facts> = {}, more: Partial<Omit<CheckInput, 'facts'>> = {}): CheckInput {
  const given = facts(parts);
  return {
    facts: given,
    risk: aRisk('medium'),
    rules: { outcomes: [], findings: [], verdict: 'allow' },
    approvals: agreed,
    context: contextFor(ruleInputOf(given)),
    approvers: new Set<string>(),
    record: completeOf(given)?.record ?? null,
    computed: [],
    disqualified: new Set(['m.lind', 'r.okafor']),
    ...more,
  };
}
