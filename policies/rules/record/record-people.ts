import { isWithinDates, instantMs } from '../../gate/instant.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const recordPeople = defineRule({
  id: 'record-people',
  title: 'Owner and implementer are people on the roster',
  area: 'record',
  severity: 'deny',
  why: 'Somebody has to answer for the change and somebody has to be there for it; a name nobody knows is nobody.',
  fix: 'Use ids of policies/roster.yaml; give a normal or emergency change an implementer and another person as backup.',
  since: '2026-11-23',
  source: 'ISO/IEC 20000-1 8.5.1.3; ISO 27001 A.5.3',
  waivable: false,
  evaluate: (context) => judgeRecord(context, (record) => judged(judge(context, record))),
});

function judge(context: RuleContext, record: ChangeRecord): Judgement {
  const { implementer, backupImplementer } = record;
  const named = [
    ['owner', record.owner],
    ['implementer', implementer],
    ['backupImplementer', backupImplementer],
  ] as const;
  return [
    ...named.flatMap(([field, id]) =>
      id === undefined || isOnRoster(context, id)
        ? []
        : finding('record', `${field} ${id}`, 'a person on the roster today', { pointer: `/${field}` }),
    ),
    ...(implementer === undefined && record.type !== 'standard'
      ? finding('record', 'no implementer', 'an implementer', { pointer: '' })
      : []),
    ...(implementer !== undefined && implementer === backupImplementer
      ? finding('record', 'the backup is the implementer', 'another person', {
          pointer: '/backupImplementer',
        })
      : []),
  ];
}

function isOnRoster(context: RuleContext, id: string): boolean {
  const now = instantMs(context.now);
  const person = context.policy.roster.people.find((one) => one.id === id);
  return now !== null && person?.seats.some((seat) => isWithinDates(now, seat.from, seat.to)) === true;
}
