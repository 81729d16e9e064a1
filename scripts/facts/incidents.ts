/** Incidents for a decision: of the tracker's issues those that a record names, that name a change as their cause, or that are open P1s. */
import { incidentId, incidentOf } from '../../policies/emergency/incidents.ts';
import type { Roster } from '../../policies/model/facts.ts';
import type { Incident, IncidentReport } from '../../policies/model/incident.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import type { Services } from '../contract/context.ts';
import { ExternalError, UsageError } from '../contract/errors.ts';
import type { Issue } from '../contract/ports.ts';
import { readIncidentForm } from '../read/incident/form.ts';

export interface NamedIncident {
  readonly roster: Roster;
  /** Records that may name one: of the default branch, and of the change itself. */
  readonly records: readonly LocatedRecord[];
}

/** As the tracker has them now. Throws ExternalError when it cannot be read: nothing is decided without. */
export async function readIncidents(
  services: Pick<Services, 'reporter' | 'tracker'>,
  { roster, records }: NamedIncident,
): Promise<readonly Incident[]> {
  const tracker = await services.tracker();
  const issues = await services.reporter.step('read the incidents', () => tracker.issues());
  const named = new Set(records.flatMap(namesIn));
  return issues
    .flatMap((issue): readonly IncidentReport[] => {
      const report = reportOf(issue);
      return report === null ? unreadable(issue, named) : [report];
    })
    .map((report) => ({ report, incident: incidentOf(report, roster) }))
    .filter(
      ({ report: { answers }, incident }) =>
        named.has(incident.id) || isCaused(answers) || isOpenP1(incident),
    )
    .map(({ incident }) => incident);
}

/** The same where it may be that nobody can be asked: what is named is then known as not known here. */
export async function incidentsHere(
  services: Pick<Services, 'reporter' | 'tracker'>,
  named: NamedIncident,
): Promise<readonly Incident[]> {
  try {
    return await readIncidents(services, named);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ExternalError)) {
      throw error;
    }
    const reason = error.parts.what.replace(/\.$/, '');
    return [...new Set(named.records.flatMap(namesIn))]
      .filter((id) => issueId.test(id))
      .map((id) => ({ id, state: 'unasked', reason }));
  }
}

/** Ids of before incidents were issues have a year in them. */
const issueId = /^INC-[1-9]\d*$/;

function namesIn({ record }: LocatedRecord): readonly string[] {
  const { emergency, links, outcome } = record;
  return [
    ...(emergency === undefined ? [] : [emergency.incident]),
    ...(links?.incidents ?? []),
    ...(outcome?.incidentsCaused ?? []),
  ];
}

/** Null for an issue that is no incident. */
export function reportOf(issue: Issue): IncidentReport | null {
  const read = readIncidentForm(issue.body);
  switch (read.kind) {
    case 'form':
      return { ...handsOf(issue), answers: { form: read.form } };
    case 'unreadable':
      return { ...handsOf(issue), answers: { problem: read.problem } };
    case 'other':
      return null;
    default:
      throw new Error(`reading that is not known: ${JSON.stringify(read satisfies never)}`);
  }
}

/** An issue that is named as an incident and is none says so. */
function unreadable(issue: Issue, named: ReadonlySet<string>): readonly IncidentReport[] {
  return named.has(incidentId(issue.number))
    ? [{ ...handsOf(issue), answers: { problem: 'it was not opened with the incident form' } }]
    : [];
}

function handsOf({ number, isOpen, opened, edited, reopened }: Issue): Omit<IncidentReport, 'answers'> {
  return { number, isOpen, opened, edited, reopened };
}

/** It closes its service to every other change, whether a record names it or not. */
function isOpenP1(incident: Incident): boolean {
  return 'priority' in incident && incident.priority === 'P1' && incident.state === 'open';
}

function isCaused(answers: IncidentReport['answers']): boolean {
  return 'form' in answers && answers.form.causedBy !== null;
}
