import { defineRule, finding, judgeRecord, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { strayPlaces } from '../../reading/places/incident-places.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { KnownIncident, UnknownIncident } from '../../model/incident.ts';
import type { ChangeRecord } from '../../model/record.ts';

export const recordEmergencyIncident = defineRule({
  id: 'record-emergency-incident',
  title: 'An emergency names an open P1 or P2 incident',
  area: 'record',
  severity: 'deny',
  why: 'The emergency way skips lead time and most approvals; only a live incident justifies that.',
  fix: 'Name the incident in emergency.incident, or make the change a normal one.',
  since: '2026-11-23',
  source: 'Approval case 64; bypass list B43',
  waivable: false,
  evaluate: (context) =>
    judgeRecord(context, (record) =>
      record.type === 'emergency'
        ? judged(judge(context, record))
        : notApplicable('the change is not an emergency'),
    ),
});

function judge(context: RuleContext, record: ChangeRecord): Judgement {
  const required = 'an open incident of priority P1 or P2';
  const { emergency } = record;
  if (emergency === undefined) {
    return finding('record', 'no emergency block', required, { pointer: '' });
  }
  const pointer = '/emergency/incident';
  const incident = context.incidents.find((one) => one.id === emergency.incident);
  if (incident === undefined) {
    return finding('record', `incident ${emergency.incident} is not known`, required, { pointer });
  }
  if (!('priority' in incident)) {
    return notKnown(incident, required);
  }
  if (incident.state !== 'open') {
    return finding('record', `incident ${incident.id} is ${incident.state}`, required, { pointer });
  }
  if (incident.priority !== 'P1' && incident.priority !== 'P2') {
    return finding('record', `incident ${incident.id} is ${incident.priority}`, required, { pointer });
  }
  return judgeKnown(context, record, { emergency, incident });
}

interface DeclaredIncident {
  readonly emergency: NonNullable<ChangeRecord['emergency']>;
  readonly incident: KnownIncident;
}

function judgeKnown(
  context: RuleContext,
  record: ChangeRecord,
  { emergency, incident }: DeclaredIncident,
): Judgement {
  const pointer = '/emergency/incident';
  const isOther = !incident.services.includes(record.service) && !incident.services.includes(record.client);
  return [
    ...(incident.priority === emergency.severity
      ? []
      : finding(
          'record',
          `severity ${emergency.severity}, incident ${incident.priority}`,
          'the severity of the incident',
          {
            pointer: '/emergency/severity',
          },
        )),
    ...(isOther
      ? finding(
          'record',
          `incident ${incident.id} is about ${incident.services.join(', ') || 'no service'}`,
          `an incident of ${record.service}`,
          {
            pointer,
          },
        )
      : []),
    ...(isOther ? [] : judgePlaces(context, incident)),
  ];
}

/** Where nobody could be asked, what only the gate can tell is not denied. */
function notKnown({ id, state, reason }: UnknownIncident, required: string): Judgement {
  const pointer = '/emergency/incident';
  return state === 'doubtful'
    ? finding('record', `incident ${id} is not believed: ${reason}`, required, { pointer })
    : finding('record', `incident ${id} is not known here: ${reason}`, required, {
        pointer,
        severity: 'warn',
        fix: 'Nothing here: the gate reads the incident from the tracker, and denies where it cannot.',
      });
}

function judgePlaces({ index, policy }: RuleContext, incident: KnownIncident): Judgement {
  const strays = strayPlaces(index, policy, incident.services);
  return strays.length === 0
    ? []
    : finding(
        'record',
        `incident ${incident.id} does not cover ${strays.join(', ')}`,
        `only zones and hosts of ${incident.services.join(', ')}; for all of an account, an incident on the client`,
        { pointer: '/emergency/incident' },
      );
}
