import { waveProblems } from '../../gate/waves.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';

export const recordStacksMatch = defineRule({
  id: 'record-stacks-match',
  title: 'The record lists exactly the stacks that change',
  area: 'record',
  severity: 'deny',
  why: 'A stack that changes without standing in the record was never agreed to.',
  fix: 'Make record.stacks the list of stacks in the plan, or take the stray change out.',
  since: '2026-11-23',
  source: 'Bypass list B09 and B25: scope comes from the approved set',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const { changedStacks } = context.index;
      const unlisted = changedStacks.filter((stack) => !record.stacks.includes(stack));
      const written = context.record?.written.stacks ?? [];
      const idle = written.filter((stack) => !changedStacks.includes(stack));
      return judged([
        ...unlisted.flatMap((stack) =>
          finding('record', `${stack} changes and is not listed`, `stacks ${changedStacks.join(', ')}`, {
            pointer: '/stacks',
          }),
        ),
        ...idle.flatMap((stack) =>
          finding('record', `${stack} is listed and does not change`, 'only stacks that change', {
            pointer: '/stacks',
            severity: 'warn',
          }),
        ),
        ...waveProblems(record.rollout ?? {}, changedStacks, context.policy.registers).flatMap((problem) =>
          finding('record', problem, 'each stack that changes once, staging and the account first', {
            pointer: '/rollout/waves',
          }),
        ),
      ]);
    }),
});
