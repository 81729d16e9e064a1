/** What a schema cannot say of windows and freezes, weekly, once or by a rule. Pure. */
import type { FreezeTimes, Recurrence, Window } from '../../../policies/model/calendar.ts';
import { recurrenceProblems, type RecurrenceUse } from '../../../policies/recurrence/recurrence.ts';
import { isZone } from '../../../policies/recurrence/zone.ts';
import type { DocumentProblem } from '../record/probes.ts';

/** `pointer` is that of the list. */
export function windowProblems(windows: readonly Window[], pointer: string): readonly DocumentProblem[] {
  return windows.flatMap((window, index): readonly DocumentProblem[] => {
    const at = `${pointer}/${String(index)}`;
    if ('rrule' in window) {
      return ruleProblems(window, 'window', at);
    }
    const { start, end, timezone } = window;
    return [
      ...(start === end
        ? [
            {
              pointer: `${at}/end`,
              message: 'the window has no length',
              found: end,
              fix: 'use another end; one before the start is on the next day',
            },
          ]
        : []),
      ...(isZone(timezone)
        ? []
        : [
            {
              pointer: `${at}/timezone`,
              message: 'the time zone is not known',
              expected: 'an IANA name such as Europe/London or UTC',
              found: timezone,
              fix: 'correct the name',
            },
          ]),
    ];
  });
}

/** `pointer` is that of the list. */
export function freezeProblems(
  freezes: readonly (FreezeTimes & { readonly id: string })[],
  pointer: string,
): readonly DocumentProblem[] {
  return freezes.flatMap((freeze, index) => {
    const at = `${pointer}/${String(index)}`;
    if ('rrule' in freeze) {
      return ruleProblems(freeze, 'freeze', at);
    }
    return Date.parse(freeze.start) < Date.parse(freeze.end)
      ? []
      : [
          {
            pointer: `${at}/end`,
            message: `freeze ${freeze.id} ends before it starts`,
            expected: `an instant after ${freeze.start}`,
            found: freeze.end,
            fix: 'correct the dates; as it stands the freeze would stop nothing',
          },
        ];
  });
}

function ruleProblems(recurrence: Recurrence, use: RecurrenceUse, at: string): readonly DocumentProblem[] {
  return recurrenceProblems(recurrence, use).map(({ field, index, message, fix }) => ({
    pointer: `${at}/${field}${index === undefined ? '' : `/${String(index)}`}`,
    message,
    found: String(index === undefined ? recurrence[field] : recurrence[field]?.[index]),
    fix,
  }));
}
