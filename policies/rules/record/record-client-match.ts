import { registerOfStack } from '../../reading/estate-context.ts';
import { clientsOfStacks, namedClients } from '../../reading/clients.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordClientMatch = defineRule({
  id: 'record-client-match',
  title: 'The record is of the clients whose estate changes',
  area: 'record',
  severity: 'deny',
  why: 'Approvers, windows and notice all follow the client in the record; with the wrong one the wrong people agree.',
  fix: 'Correct client and service, or name in `clients` all whose estate changes; one that was not meant gets a record of its own.',
  since: '2026-11-23',
  source: 'Bypass list B26: wrong tenant',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) =>
      judged([
        ...judgeService(context, record),
        ...judgeStacks(context, record),
        ...judgeNamed(context, record),
      ]),
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
  const named = namedClients(record);
  return context.reach.stacks.flatMap((stack) => {
    const client = registerOfStack(context.policy, stack)?.client ?? null;
    return client !== null && named.includes(client)
      ? []
      : finding(
          'record',
          `${stack} belongs to ${client ?? 'no known client'}`,
          `stacks of ${named.join(', ')}`,
          {
            pointer: record.clients === undefined ? '/client' : '/clients',
          },
        );
  });
}

/** Whom nothing is changed of is asked for nothing, told nothing, and would make the change look agreed by more people. */
function judgeNamed(context: RuleContext, { clients = [] }: ChangeRecord): Judgement {
  const reached = clientsOfStacks(context.policy, context.reach.stacks);
  return clients.flatMap((client, index) =>
    context.reach.stacks.length === 0 || reached.includes(client)
      ? []
      : finding('record', `nothing of ${client} changes`, `only ${reached.join(', ')}`, {
          pointer: `/clients/${String(index)}`,
        }),
  );
}
