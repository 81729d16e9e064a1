/** The incident that an emergency is for, as the tracker has it now, and the places that its service determines. */
import { incidentId, incidentOf } from '../../../policies/emergency/incidents.ts';
import type { PolicySet, Register } from '../../../policies/model/facts.ts';
import type { KnownIncident } from '../../../policies/model/incident.ts';
import { liesIn } from '../../../policies/reading/places/host-pattern.ts';
import type { Services } from '../../contract/context.ts';
import { DeniedError, UsageError } from '../../contract/errors.ts';
import { reportOf } from '../../facts/incidents.ts';

export interface LiveIncident extends KnownIncident {
  readonly priority: 'P1' | 'P2';
  readonly title: string;
}

const how = 'Open one with the incident form, as somebody on the roster.';

/** Throws UsageError where there is none of this number, DeniedError for one that makes no emergency. */
export async function liveIncident(
  services: Services,
  number: number,
  { roster }: Pick<PolicySet, 'roster'>,
): Promise<LiveIncident> {
  const tracker = await services.tracker();
  const [issue] = await tracker.issuesNumbered([number]);
  const report = issue === undefined ? null : reportOf(issue);
  if (issue === undefined || report === null) {
    throw new UsageError({
      what: `Issue ${String(number)} is ${issue === undefined ? 'not there' : 'no incident'}.`,
      why: 'The gate believes an emergency by its incident.',
      fix: how,
      next: 'gh issue list --label incident',
    });
  }
  const incident = incidentOf(report, roster);
  const problem = whyNot(incident);
  if (problem !== null || !('priority' in incident)) {
    throw new DeniedError({
      what: `${incidentId(number)} makes no emergency: ${problem ?? 'it is not known'}.`,
      why: 'The emergency way skips lead time and most approvals; only a live P1 or P2 justifies that.',
      fix: `Make it a normal change. ${how}`,
      next: `gh issue view ${String(number)}`,
    });
  }
  return { ...incident, priority: incident.priority === 'P1' ? 'P1' : 'P2', title: oneLine(issue.title) };
}

/** Anybody may have written it: what cannot be seen is no part of it. */
function oneLine(title: string): string {
  return title.replaceAll(/[\s\p{C}]+/gu, ' ').trim();
}

function whyNot(incident: ReturnType<typeof incidentOf>): string | null {
  if (!('priority' in incident)) {
    return incident.reason;
  }
  if (incident.state !== 'open') {
    return `it is ${incident.state}`;
  }
  return incident.priority === 'P1' || incident.priority === 'P2' ? null : `it is a ${incident.priority}`;
}

export interface IncidentPlace {
  readonly register: Register;
  readonly stack: Register['stacks'][number];
  readonly service: string;
  readonly zone: string;
}

export interface WantedIncident {
  readonly zone?: string;
  /** That the request names. */
  readonly host: string | null;
}

/** Zones of production that the incident is about; those that the request leaves. */
export function placesOf(
  { services }: Pick<KnownIncident, 'services'>,
  registers: readonly Register[],
  { zone, host }: WantedIncident,
): readonly IncidentPlace[] {
  return registers
    .flatMap((register) =>
      register.services
        .filter(({ id }) => services.includes(id) || services.includes(register.client))
        .flatMap((service) =>
          register.stacks
            .filter(({ environment }) => environment === 'production')
            .flatMap((stack) =>
              stack.zones
                .filter((each) => service.zones.includes(each))
                .map((each): IncidentPlace => ({ register, stack, service: service.id, zone: each })),
            ),
        ),
    )
    .filter((place) => zone === undefined || place.zone === zone)
    .filter((place) => host === null || liesIn(host, place.zone));
}
