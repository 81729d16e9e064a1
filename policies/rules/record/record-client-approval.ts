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
      const register = context.policy.registers.find((one) => one.client === record.client);
      if (register?.clientApprovalRequired !== true || record.type !== 'normal') {
        return notApplicable('the client does not approve such changes');
      }
      return judged(
        record.clientApproval?.required === true
          ? []
          : finding('record', 'clientApproval.required is not true', `approval by ${register.name}`, {
              pointer: record.clientApproval === undefined ? '' : '/clientApproval/required',
            }),
      );
    }),
});
