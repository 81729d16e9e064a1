/** What an example of a rule stands for: the input that the rule would get, were the change of the example proposed. */
import { canonicalBundle } from '../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../scripts/plan/difference/diff.ts';
import type { Bundle, JsonObject } from '../scripts/plan/types.ts';
import { unchangedInBundle } from '../scripts/plan/difference/unchanged.ts';
import type { RuleInput } from './model/facts.ts';
import type { LocatedRecord } from './model/record.ts';
import { isBeside, typesBeside } from './reading/beside.ts';
import type { RuleCase } from './model/rule-case.ts';

/** `given` is the estate as it is; the plan, the record and the changed files are the example's. */
export function caseInput(given: RuleInput, example: RuleCase): RuleInput {
  const stack = example.stack ?? given.policy.registers[0]?.stacks[0]?.name ?? 'example';
  const before = bundleOf(stack, example.before);
  const after = bundleOf(stack, example.after);
  const plan = assemblePlan([diffBundles({ stack, before, after })], 'configuration');
  const wanted = typesBeside(plan);
  return {
    ...given,
    plan,
    unchanged:
      after === null ? [] : unchangedInBundle(after, plan.stacks[0] ?? null, wanted).filter(isBeside(plan)),
    record: recordOf(example),
    changedFiles: example.changedFiles ?? [],
  };
}

function bundleOf(stack: string, resources: RuleCase['before']): Bundle | null {
  return resources === undefined
    ? null
    : canonicalBundle(stack, { resource: resources } satisfies JsonObject);
}

/** Only what the example says of it: a rule that reads another field of the record says so by failing. */
function recordOf({ record }: RuleCase): LocatedRecord | null {
  return record === undefined
    ? null
    : {
        file: 'changes/example/CHG-2026-0001.yaml',
        record: { kind: 'Change', ...record } as unknown as LocatedRecord['record'],
        locations: {},
      };
}
