import { findPlaceholders } from '../../model/placeholder.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';

export const recordComplete = defineRule({
  id: 'record-complete',
  title: 'The record has no placeholder left',
  area: 'record',
  severity: 'deny',
  why: 'A placeholder stands for something that only the author knows; approving it approves a blank page.',
  fix: 'Replace every `<text in angle brackets>` with what it asks for.',
  since: '2026-11-23',
  source: 'ISO/IEC 20000-1:2018 8.5.1.3: decisions rest on what the request says',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) =>
      judged(
        findPlaceholders(record).flatMap((pointer) =>
          finding('record', `${pointer} is still a placeholder`, 'what the author knows', { pointer }),
        ),
      ),
    ),
});
