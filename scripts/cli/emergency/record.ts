/** The record of an emergency: what the form of a normal change asks besides is owed when it is ratified. */
import { titleOf } from '../../emergency/moves.ts';
import type { Move } from '../../emergency/sources.ts';
import type { Waiver } from '../../../policies/model/record.ts';
import { nextId } from '../../read/record/ids.ts';
import { newRecord } from '../record/new-record.ts';
import { refuseInvalid } from '../record/valid-record.ts';
import type { Edited } from './edits.ts';
import type { LiveIncident, IncidentPlace } from './incident.ts';

/** Time for the one approval and the release; a later one takes a new record. */
const slotMs = 4 * 3_600_000;

export interface EmergencyFacts {
  readonly move: Move;
  readonly incident: LiveIncident;
  readonly place: IncidentPlace;
  readonly by: string;
  readonly now: string;
  readonly reason: string | null;
  readonly ids: readonly string[];
  readonly waivers: readonly Waiver[];
}

export interface EmergencyRecord extends Edited {
  readonly id: string;
}

/** Everything that may be relaxed is, for that is what the command is for; each is owed at the ratification. */
const relaxations = ['lead-time', 'window', 'soft-freeze', 'quorum', 'client-notice'];

/** Throws InputError for a reason that is too short. */
export function recordOf({
  move,
  incident,
  place,
  by,
  now,
  reason,
  ids,
  waivers,
}: EmergencyFacts): EmergencyRecord {
  const id = nextId(Number(now.slice(0, 4)), ids);
  const { client } = place.register;
  const path = `changes/${client}/${id}.yaml`;
  const at = `${now.slice(0, 16)}:00Z`;
  const text = newRecord({
    id,
    kind: 'Change',
    client,
    service: place.service,
    type: 'emergency',
    title: `${titleOf(move.request)} in ${move.zone} (${incident.id})`.slice(0, 120),
    reason: reasonOf({ move, incident, reason }),
    requester: by,
    owner: by,
    implementer: by,
    emergency: {
      incident: incident.id,
      severity: incident.priority,
      declaredBy: by,
      declaredAt: at,
      relaxations,
    },
    ...(waivers.length > 0 && { waivers }),
    schedule: {
      plannedStart: at,
      plannedEnd: `${new Date(Date.parse(at) + slotMs).toISOString().slice(0, 16)}:00Z`,
    },
  });
  refuseInvalid(
    { path, text },
    { fix: 'Say the reason in 30 characters or more.', next: `sluice emergency --reason "…"` },
  );
  return { id, path, text };
}

/** As it is said, else from the incident. */
export function reasonOf({
  move,
  incident,
  reason,
}: Pick<EmergencyFacts, 'incident' | 'move' | 'reason'>): string {
  return (
    reason ?? `${incident.id}, ${incident.priority}: ${incident.title}. The move holds until ${move.expires}.`
  );
}
