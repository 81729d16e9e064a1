import { clientsInScope } from '../../reading/clients.ts';
import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';

export const recordClientApproval = defineRule({
  id: 'record-client-approval',
  title: 'The client is asked where the contract says so',
  area: 'record',
  severity: 'deny',
  why: 'This client has kept the right to agree to every change of its service.',
  fix: 'Set clientApproval.required to true and say how the client will approve.',
  since: '2026-11-23',
  source: 'Service register: clientApprovalRequired',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const clients = clientsInScope(record, context.policy, context.index.changedStacks);
      const asking = context.policy.registers.filter(
        ({ client, clientApprovalRequired }) => clientApprovalRequired && clients.includes(client),
      );
      if (asking.length === 0 || record.type !== 'normal') {
        return notApplicable('the client does not approve such changes');
      }
      return judged(
        record.clientApproval?.required === true
          ? []
          : finding(
              'record',
              'clientApproval.required is not true',
              `approval by ${asking.map(({ name }) => name).join(', ')}`,
              {
                pointer: record.clientApproval === undefined ? '' : '/clientApproval/required',
              },
            ),
      );
    }),
});
