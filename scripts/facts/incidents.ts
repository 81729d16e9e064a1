/** Incidents for a decision: of the tracker's issues those that a record names, that name a change as their cause, or that are open P1s. */
import { incidentId, incidentOf } from '../../policies/emergency/incidents.ts';
import type { PolicySet } from '../../policies/model/facts.ts';
import type { Incident, IncidentReport } from '../../policies/model/incident.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import type { Services } from '../contract/context.ts';
import { ExternalError, UsageError } from '../contract/errors.ts';
import type { Issue, Tracker } from '../contract/ports.ts';
import type { Ledger } from '../release/types.ts';
import { trackedFrom } from '../../policies/risk/track-record.ts';
import { readIncidentForm } from '../read/incident/form.ts';

export interface WantedIncidents {
  readonly policy: Pick<PolicySet, 'catalogue' | 'roster'>;
  /** Records that may name one: of the default branch, and of the change itself. */
  readonly records: readonly LocatedRecord[];
  readonly ledger: Pick<Ledger, 'folders'>;
}

/**
 * As the tracker has them now: those that are open, that are named, and of the closed ones those that can still count. No
 * label is asked for: whoever may take one off would take the incident away. Throws ExternalError when they cannot be read:
 * nothing is decided without.
 */
export async function readIncidents(
  services: Pick<Services, 'clock' | 'reporter' | 'tracker'>,
  wanted: WantedIncidents,
): Promise<readonly Incident[]> {
  const tracker = await services.tracker();
  const named = new Set(wanted.records.flatMap(namesIn));
  const issues = await services.reporter.step('read the incidents', () =>
    issuesFor(tracker, named, countsSince(wanted, services.clock.now())),
  );
  return issues
    .flatMap((issue): readonly IncidentReport[] => {
      const report = reportOf(issue);
      return report === null ? unreadable(issue, named) : [report];
    })
    .map((report) => ({ report, incident: incidentOf(report, wanted.policy.roster) }))
    .filter(
      ({ report: { answers }, incident }) =>
        named.has(incident.id) || isCaused(answers) || isOpenP1(incident),
    )
    .map(({ incident }) => incident);
}

/**
 * By number. What is closed or opened again meanwhile is touched by it: read after the open ones, it is in one of the two
 * lists at least, and the later one stands.
 */
async function issuesFor(
  tracker: Tracker,
  named: ReadonlySet<string>,
  since: string,
): Promise<readonly Issue[]> {
  const open = await tracker.openIssues();
  const touched = await tracker.issuesSince(since);
  const found = new Map([...open, ...touched].map((issue) => [issue.number, issue]));
  const missing = [...named].flatMap((id) => {
    const number = issueId.test(id) ? Number(id.replace('INC-', '')) : null;
    return number === null || found.has(number) ? [] : [number];
  });
  const others = missing.length === 0 ? [] : await tracker.issuesNumbered(missing);
  return [...found.values(), ...others].toSorted((a, b) => a.number - b.number);
}

/**
 * From when on a closed incident that nobody has named can have been caused by a release that still counts: of the track
 * record, of a change that is not closed, or of a catalogue entry since its approval. What was not touched since was
 * there before all of these.
 */
function countsSince({ ledger, records, policy }: WantedIncidents, now: string): string {
  const closed = new Set(records.flatMap(({ record }) => (record.outcome === undefined ? [] : [record.id])));
  const times = [
    trackedFrom(Date.parse(now)),
    ...policy.catalogue.entries.map(({ approvedAt }) => Date.parse(approvedAt)),
    ...ledger.folders
      .filter(({ intent: { changeId } }) => changeId !== null && !closed.has(changeId))
      .map(({ intent }) => Date.parse(intent.startedAt)),
  ];
  // A time that does not read bounds nothing.
  const first = times.some((time) => Number.isNaN(time)) ? 0 : Math.min(...times);
  return new Date(first).toISOString();
}

/** The same where it may be that nobody can be asked: what is named is then known as not known here. */
export async function incidentsHere(
  services: Pick<Services, 'clock' | 'reporter' | 'tracker'>,
  wanted: WantedIncidents,
): Promise<readonly Incident[]> {
  try {
    return await readIncidents(services, wanted);
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof ExternalError)) {
      throw error;
    }
    const reason = error.parts.what.replace(/\.$/, '');
    return [...new Set(wanted.records.flatMap(namesIn))]
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
