import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';

export const recordStandardMatch = defineRule({
  id: 'record-standard-match',
  title: 'A standard change is exactly what its catalogue entry allows',
  area: 'record',
  severity: 'deny',
  why: 'A standard change needs no approval because the CAB approved its shape beforehand; another shape was never approved.',
  fix: 'Change the type to normal, or bring the plan back inside the entry.',
  since: '2026-11-23',
  source: 'Approval cases 67 and 68; bypass list B43',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      if (record.type !== 'standard') {
        return notApplicable('the change is not a standard one');
      }
      const match = context.catalogue();
      if (match.kind === 'matches') {
        return judged([]);
      }
      const reasons = match.kind === 'mismatch' ? match.reasons : ['no catalogue entry'];
      const entry = match.kind === 'mismatch' ? match.entry?.id : undefined;
      return judged(
        reasons.flatMap((reason) =>
          finding('record', reason, `the plan inside ${entry ?? 'a catalogue entry'}`, {
            pointer: '/standardChange',
          }),
        ),
      );
    }),
});
