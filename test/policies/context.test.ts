import { expect, it } from 'vitest';
import { contextFor } from '../../policies/context.ts';
import type { RuleContext } from '../../policies/model/finding.ts';
import { aRuleInput } from '../builders/facts.ts';
import { aPolicySet } from '../builders/policy.ts';

it('works the risk and the catalogue entry out once for all who ask', () => {
  let read = 0;
  const policy = aPolicySet();
  const counting = {
    ...policy,
    get matrix() {
      read += 1;
      return policy.matrix;
    },
  };
  const context = contextFor(aRuleInput({ policy: counting }));
  expect(read).toBe(0);
  expect(context.assessment()).toBe(context.assessment());
  expect(context.catalogue()).toBe(context.catalogue());
  expect(read).toBe(1);
});

it('tells who asks for the risk while it is worked out, and throws the same again for everybody after', () => {
  const asked: { context?: RuleContext } = {};
  const policy = aPolicySet();
  const asking = {
    ...policy,
    get matrix() {
      asked.context?.assessment();
      return policy.matrix;
    },
  };
  asked.context = contextFor(aRuleInput({ policy: asking }));
  const ask = () => asked.context?.assessment();
  expect(ask).toThrow('the risk was asked for while it was being worked out');
  expect(ask).toThrow('the risk was asked for while it was being worked out');
});
