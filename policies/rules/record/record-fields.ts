import { fieldsLacking } from '../../record/needed.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';

export const recordFields = defineRule({
  id: 'record-fields',
  title: 'The record says what a change of its risk has to say',
  area: 'record',
  severity: 'deny',
  why: 'Who decides about a grave change has to know what the tool cannot work out: whom it hurts, why it is worth it, how it is undone.',
  fix: 'Write the field into the record; the risk that asks for it is computed, whatever the author declares.',
  since: '2026-11-30',
  source: 'ISO/IEC 20000-1:2018 8.5.1.3; ISO/IEC 27001 A.8.32; the levels are our own',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (_record) => {
      const risk = context.assessment().risk.effective;
      const written = context.record?.written;
      return judged(
        (written === undefined ? [] : fieldsLacking(written, risk)).flatMap(({ field, from, example }) =>
          finding('record', `no \`${field}\``, `asked from ${from} risk upward; the risk is ${risk}`, {
            pointer: `/${field.replace('.', '/')}`,
            fix: `Write it, as \`${example}\`.`,
          }),
        ),
      );
    }),
});
