import { registerOfStack } from '../../reading/estate-context.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordClientMatch = defineRule({
  id: 'record-client-match',
  title: 'The record is of the client whose estate changes',
  area: 'record',
  severity: 'deny',
  why: 'Approvers, windows and notice all follow the client in the record; with the wrong one the wrong people agree.',
  fix: 'Correct client and service, or move the change to a record of the other client.',
  since: '2026-11-23',
  source: 'Bypass list B26: wrong tenant',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) =>
      judged([...judgeService(context, record), ...judgeStacks(context, record)]),
    ),
});

function judgeService(context: RuleContext, record: ChangeRecord): Judgement {
  const register = context.policy.registers.find((one) => one.client === record.client);
  if (register === undefined) {
    const known = context.policy.registers.map((one) => one.client).join(', ');
    return finding('record', `client ${record.client} is not known`, `one of ${known || '(none)'}`, {
      pointer: '/client',
    });
  }
  return register.services.some((service) => service.id === record.service)
    ? []
    : finding(
        'record',
        record.service === ''
          ? 'no service, and the plan does not tell which'
          : `service ${record.service} is not known`,
        register.services.map(({ id }) => id).join(', '),
        {
          pointer: '/service',
        },
      );
}

function judgeStacks(context: RuleContext, record: ChangeRecord): Judgement {
  return context.reach.stacks.flatMap((stack) => {
    const client = registerOfStack(context.policy, stack)?.client ?? null;
    return client === record.client
      ? []
      : finding(
          'record',
          `${stack} belongs to ${client ?? 'no known client'}`,
          `stacks of ${record.client}`,
          {
            pointer: '/client',
          },
        );
  });
}
