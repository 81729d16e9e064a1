/** The one zone that a move is for: what the incident, the words and the rule leave, else whoever is asked. */
import type { PolicySet } from '../../../policies/model/facts.ts';
import type { Surroundings } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import type { EmergencyRequest } from '../../emergency/moves.ts';
import { choose } from '../choose.ts';
import { placesOf, type LiveIncident, type IncidentPlace } from './incident.ts';
import { placesOfRule } from './rule-places.ts';
import type { StandingRule } from './standing-rules.ts';

export interface Sought {
  readonly request: EmergencyRequest;
  readonly incident: LiveIncident;
  readonly policy: PolicySet;
  /** That the command names. */
  readonly zone: string | undefined;
  /** Of the stacks as they are; read for a rule that is switched off only. */
  readonly rules: () => Promise<readonly StandingRule[]>;
  /** The same command, for one zone. */
  readonly commandFor: (zone: string) => string;
  readonly asking: Pick<Surroundings, 'ask' | 'stderr'>;
}

/** Throws UsageError where no zone is left, or several are and nobody can be asked. */
export async function onlyPlace(sought: Sought): Promise<IncidentPlace> {
  const { request, rules, asking, commandFor } = sought;
  const places = placesLeft(sought);
  const found =
    request.move === 'disable'
      ? placesOfRule(request.ref, {
          places,
          rules: await rules(),
          incident: sought.incident.id,
          commandFor: (ref) => commandFor(places[0]?.zone ?? '').replace(request.ref, () => ref),
        })
      : places;
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  const chosen = await choose(asking, {
    text: `${sought.incident.id} is about ${sought.incident.services.join(', ')}. Which zone?`,
    options: found.map((place) => [`${place.zone} (${place.stack.name})`, place] as const),
  });
  return chosen ?? refuseSeveral(sought, found);
}

/** At least one. */
function placesLeft({ request, incident, policy, zone, commandFor }: Sought): readonly IncidentPlace[] {
  const host =
    request.move === 'under-attack' ? request.host : 'target' in request ? request.target.host : null;
  const places = placesOf(incident, policy.registers, zone === undefined ? { host } : { host, zone });
  if (places.length > 0) {
    return places;
  }
  const all = placesOf(incident, policy.registers, { host: null }).map((place) => place.zone);
  const about = `${incident.id} is about ${incident.services.join(', ')}`;
  if (all.length === 0) {
    throw new UsageError({
      what: `${about}, which has no zone in production.`,
      why: 'A move is made where the service is.',
      fix: 'Correct the service in the incident, or the zones of the service in its register.',
      next: `gh issue view ${incident.id.replace('INC-', '')}`,
    });
  }
  throw new UsageError({
    what: `${about}, which has no zone ${[zone, host].filter((each) => each !== undefined && each !== null).join(' with ')} in production.`,
    why: `Its zones in production are ${all.join(', ')}.`,
    fix:
      host === null
        ? 'Name one of them.'
        : 'Name a host in one of them, or correct the service in the incident.',
    next: host === null ? commandFor(all[0] ?? '') : `gh issue view ${incident.id.replace('INC-', '')}`,
  });
}

function refuseSeveral({ incident, commandFor }: Sought, places: readonly IncidentPlace[]): never {
  throw new UsageError({
    what: `${incident.id} is about ${incident.services.join(', ')}, which has several zones.`,
    why: `There is no terminal to ask on. Its zones in production are ${places.map(({ zone }) => zone).join(', ')}.`,
    fix: 'Name one.',
    next: commandFor(places[0]?.zone ?? ''),
  });
}
