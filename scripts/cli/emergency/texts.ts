/** What is said of an emergency before and after it is written. */
import { titleOf } from '../../emergency/moves.ts';
import type { Move } from '../../emergency/sources.ts';
import type { Edited } from './edits.ts';
import type { IncidentPlace } from './incident.ts';
import type { EmergencyRecord } from './record.ts';

interface Told {
  readonly sources: readonly Edited[];
  readonly record: EmergencyRecord;
  readonly days: number;
}

export function announced(move: Move, place: IncidentPlace, { sources, record, days }: Told): string {
  return [
    `${titleOf(move.request)} in ${move.zone} (${place.stack.name}) for ${move.incident}.`,
    `Until ${move.expires}, ${String(days)} days; \`sluice check\` and the gate name it from then on.`,
    ...warnings(move),
    ...sources.map(({ path }) => `code    ${path}`),
    `record  ${record.path}`,
    '',
  ].join('\n');
}

/** What somebody who is in a hurry may not think of. */
function warnings({ request, zone }: Move): readonly string[] {
  const isForAll = request.move === 'under-attack' && request.host === null;
  return isForAll
    ? [
        `Every visitor of ${zone} is challenged; what is no browser (apps, APIs, payment callbacks) fails. For one host: under attack on <host>.`,
      ]
    : [];
}

export function undoText({ stack }: IncidentPlace, id: string): string {
  return [
    `Undo before the merge: close the pull request. Afterwards: sluice rollback ${stack.name} --reason "…"`,
    `Owed at the ratification: sluice show ${id}`,
    '',
  ].join('\n');
}
