/**
 * Incidents are issues, and an issue is what anybody writes: one counts while somebody on the roster has opened it and
 * nobody else has edited or reopened it. Its priority follows from impact and urgency, whatever its labels say.
 */
import { personOfAccount, voicesAt } from '../approvals/people.ts';
import { instantMs } from '../gate/instant.ts';
import type { Roster } from '../model/facts.ts';
import type { Hand, Incident, IncidentReport, IncidentLevel, Priority } from '../model/incident.ts';

/** The usual matrix of service management; impact first. ITIL 4, Incident Management practice guide, has the same shape. */
const priorities: Readonly<Record<IncidentLevel, Readonly<Record<IncidentLevel, Priority>>>> = {
  high: { high: 'P1', medium: 'P2', low: 'P3' },
  medium: { high: 'P2', medium: 'P3', low: 'P4' },
  low: { high: 'P3', medium: 'P4', low: 'P4' },
};

/** `INC-41` for issue 41. */
export function incidentId(issue: number): string {
  return `INC-${String(issue)}`;
}

/** The incident that a report comes to, for whoever is on `roster`. */
export function incidentOf(report: IncidentReport, roster: Roster): Incident {
  const id = incidentId(report.number);
  const { opened, edited, reopened, answers } = report;
  const strange = [
    { did: 'opened', hand: opened },
    { did: 'edited', hand: edited },
    { did: 'reopened', hand: reopened },
  ].find(({ hand }) => hand !== null && !isOnRoster(hand, roster));
  if (strange !== undefined) {
    return {
      id,
      state: 'doubtful',
      reason: `it was ${strange.did} by ${strange.hand?.login ?? ''}, who was not on the roster then`,
    };
  }
  if ('problem' in answers) {
    return { id, state: 'doubtful', reason: `its form does not read: ${answers.problem}` };
  }
  const { services, impact, urgency, causedBy } = answers.form;
  return {
    id,
    priority: priorities[impact][urgency],
    state: report.isOpen ? 'open' : 'resolved',
    services,
    ...(causedBy === null ? {} : { causedBy }),
    openedBy: opened.login,
    editedBy: edited?.login ?? null,
  };
}

function isOnRoster({ accountId, at }: Hand, roster: Roster): boolean {
  const person = accountId === null ? null : personOfAccount(roster, accountId);
  const then = instantMs(at);
  return person !== null && then !== null && voicesAt(roster, person, then).length > 0;
}
