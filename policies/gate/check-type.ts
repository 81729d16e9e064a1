/** The checks of what the change claims to be: an emergency with a live incident, a standard change that is one. */
import { isReclassified } from '../approvals/level.ts';
import { personById, voicesAt } from '../approvals/people.ts';
import { holdsClosingSeat, overdueEmergencies } from '../emergency/ratification.ts';
import type { OverdueEmergency } from '../emergency/ratification.ts';
import type { Facts } from '../model/facts.ts';
import type { KnownIncident, Priority } from '../model/incident.ts';
import { stillOwed } from '../emergency/owed.ts';
import type { AuthoredRecord, ChangeRecord } from '../model/record.ts';
import { subjectOf } from '../reading/estate-context.ts';
import { allowed, contextOf, judged, refused } from './check.ts';
import type { CheckAnswer, CheckInput, Problem } from './check.ts';
import { closedRecord, isPastEmergency } from './closing.ts';
import { declarationProblems } from './declaration.ts';
import { instantMs } from './instant.ts';

/**
 * An emergency has a live P1 or P2 on its service and relaxes only what may be relaxed. Any other change waits while an
 * earlier emergency is overdue for ratification, unless it is the one that puts it right.
 */
export function checkEmergency(given: CheckInput): CheckAnswer {
  const { record } = given;
  const closed = closedRecord(given.facts);
  if (record?.type === 'emergency' && closed === null) {
    return emergencyAnswer(given, record);
  }
  const overdue = overdueEmergencies(given.facts);
  const right = rightedBy(given);
  const isRight = (changeId: string): boolean => changeId === closed?.id || right.has(changeId);
  const problems = [
    ...(closed !== null && isEmergency(given.facts, closed) ? closureProblems(given, closed) : []),
    ...overdue
      .filter(({ changeId }) => !isRight(changeId))
      .map(({ changeId, text, next }) => overdueProblem(record, { changeId, text, next })),
  ];
  const notes = overdue
    .filter(({ changeId }) => isRight(changeId))
    .map(({ changeId }) => `puts ${changeId} right`);
  return judged(
    record === null ? 'no record says that this is an emergency' : 'not an emergency',
    problems,
    notes,
  );
}

function isEmergency(facts: Facts, { id, type }: AuthoredRecord): boolean {
  return type === 'emergency' || isPastEmergency(facts, id);
}

/**
 * Emergencies that the change puts right. That the record names one (`retryOf`, `dependsOn`) is a claim: it is believed
 * when all that changes is what the emergency changed, or when the change manager has approved this very change.
 */
function rightedBy(given: CheckInput): ReadonlySet<string> {
  const { facts, record } = given;
  const changed = contextOf(given).index.changes.map((change) => subjectOf(change));
  const isVisible = (touched: readonly string[]): boolean =>
    changed.length > 0 && changed.every((subject) => touched.includes(subject));
  const isTakenOn = [...given.approvers].some((id) => isChangeManager(facts, id));
  return new Set(
    facts.emergencies
      .filter(({ changeId }) => namedIn(record).includes(changeId))
      .filter(({ touched }) => isTakenOn || isVisible(touched))
      .map(({ changeId }) => changeId),
  );
}

function namedIn(record: ChangeRecord | null): readonly string[] {
  const { retryOf, dependsOn = [] } = record ?? {};
  return retryOf === undefined ? dependsOn : [retryOf, ...dependsOn];
}

function isChangeManager({ policy, now }: Facts, id: string): boolean {
  const person = personById(policy.roster, id);
  const at = instantMs(now);
  return (
    person !== null &&
    at !== null &&
    voicesAt(policy.roster, person, at).some(({ seat }) => seat === 'change-manager')
  );
}

function overdueProblem(record: ChangeRecord | null, { changeId, text, next }: OverdueEmergency): Problem {
  return namedIn(record).includes(changeId)
    ? {
        text: `${changeId} ${text}; that this change puts it right is not shown: it changes what ${changeId} did not`,
        next: `leave out what ${changeId} did not change, or ask the change manager to approve; else ${next}`,
      }
    : { text: `${changeId} ${text}`, next };
}

function emergencyAnswer(given: CheckInput, record: ChangeRecord): CheckAnswer {
  const problems = [
    ...incidentProblems(given, record),
    ...(record.emergency === undefined ? [] : declarationProblems(given.facts, record.emergency.declaredBy)),
    ...relaxationProblems(record),
    ...closureProblems(given, record),
  ];
  if (isReclassified(given.facts, given.disqualified)) {
    problems.push({
      text: 'the change manager has reclassified the change: it is a normal one',
      next: 'set `type: normal` in the record and go the way of a normal change: sluice check',
    });
  }
  const isUnratified = given.approvals.level === 'break-glass';
  return judged(
    `${isUnratified ? 'unratified emergency' : 'emergency'} for ${record.emergency?.incident ?? ''}`,
    problems,
    [
      isUnratified
        ? 'break-glass: to be ratified within 24 hours'
        : 'to be ratified within 2 working days, by people who took no part',
    ],
  );
}

const liveOne = 'name a live P1 or P2 in `emergency.incident`, or make it a normal change: sluice check';
const incidentAgain = 'open it with the incident form, as somebody on the roster, and name its number';

function incidentProblems(given: CheckInput, record: ChangeRecord): readonly Problem[] {
  const { emergency } = record;
  const next = liveOne;
  if (emergency === undefined) {
    return [{ text: 'the record is of type emergency and declares none', next }];
  }
  const incident = given.facts.incidents.find(({ id }) => id === emergency.incident);
  if (incident === undefined) {
    return [{ text: `incident ${emergency.incident} is not known`, next }];
  }
  if (!('priority' in incident)) {
    const what = incident.state === 'doubtful' ? 'is not believed' : 'could not be read';
    return [{ text: `incident ${incident.id} ${what}: ${incident.reason}`, next: incidentAgain }];
  }
  return [
    ...knownProblems(given, record, { incident, severity: emergency.severity }),
    ...timeProblems(given, emergency.declaredAt),
  ];
}

interface DeclaredType {
  readonly incident: KnownIncident;
  readonly severity: Priority;
}

function knownProblems(
  given: CheckInput,
  record: ChangeRecord,
  { incident, severity }: DeclaredType,
): readonly Problem[] {
  const problems: Problem[] = [];
  const next = liveOne;
  const { priority, state, services } = incident;
  if (priority !== 'P1' && priority !== 'P2') {
    problems.push({ text: `incident ${incident.id} is a ${priority}: no emergency`, next });
  } else if (priority !== severity) {
    problems.push({
      text: `incident ${incident.id} is a ${priority}, the record says ${severity}`,
      next,
    });
  }
  // Once the application is under way the fix may well have resolved the incident.
  if (state !== 'open' && given.facts.applyStartedAt === null) {
    problems.push({ text: `incident ${incident.id} is ${state}: nothing is urgent any more`, next });
  }
  if (!isAbout(services, record)) {
    problems.push({
      text: `incident ${incident.id} is about ${services.join(', ')}, not ${record.service}`,
      next,
    });
  }
  return problems;
}

/** Of a change of several clients the incident has to be one of all of them. */
function isAbout(services: readonly string[], { clients, client, service }: ChangeRecord): boolean {
  return clients === undefined
    ? [service, client].some((each) => services.includes(each))
    : clients.every((each) => services.includes(each));
}

function timeProblems(given: CheckInput, declaredAt: string): readonly Problem[] {
  const [declared, now] = [instantMs(declaredAt), instantMs(given.facts.now)];
  return declared === null || now === null || declared > now
    ? [
        {
          text: 'the emergency was declared at a time that cannot be',
          next: 'correct `emergency.declaredAt`',
        },
      ]
    : [];
}

/**
 * Closing an emergency ends its clock, so the name of who closed it is proven like that of a waiver: by their approval. The
 * time is a claim as well: a seat that has ended since then closes nothing.
 */
function closureProblems(given: CheckInput, record: AuthoredRecord): readonly Problem[] {
  const { facts, approvers } = given;
  const { outcome } = record;
  if (outcome === undefined) {
    return [];
  }
  const owed = owedProblems(facts, record);
  if (owed.length > 0) {
    return owed;
  }
  const { closedBy, closedAt } = outcome;
  if (!approvers.has(closedBy)) {
    return [
      {
        text: `the record says that ${closedBy} closed the emergency, who has not approved this`,
        next: `leave \`outcome\` out until it is ratified, or ask ${closedBy} to approve it`,
      },
    ];
  }
  const { roster } = facts.policy;
  const [then, now] = [instantMs(closedAt), instantMs(facts.now)];
  const isSeatOver =
    then !== null &&
    holdsClosingSeat(roster, closedBy, then) &&
    !(now !== null && holdsClosingSeat(roster, closedBy, now));
  return isSeatOver
    ? [
        {
          text: `${closedBy} had a seat that closes emergencies at ${closedAt} and has none now`,
          next: 'ask a change manager or a member of the CAB who took no part to close it and to approve this',
        },
      ]
    : [];
}

/** What it was let through without is made up for before it ends. */
function owedProblems({ emergencies }: Facts, record: AuthoredRecord): readonly Problem[] {
  const past = emergencies.find(({ changeId }) => changeId === record.id);
  const owed = past?.gaveWay === undefined ? [] : stillOwed(record, { risk: past.risk, rules: past.gaveWay });
  return owed.map(({ item, what }) => ({
    text: `${record.id} owes \`${item}\`: ${what}`,
    next: `write it into the record that is closed: sluice show ${record.id}`,
  }));
}

const relaxable: ReadonlySet<string> = new Set([
  'lead-time',
  'window',
  'soft-freeze',
  'quorum',
  'client-notice',
]);

function relaxationProblems(record: ChangeRecord): Problem[] {
  return (record.emergency?.relaxations ?? [])
    .filter((name) => !relaxable.has(name))
    .map((name) => ({
      text: `${name} is never relaxed`,
      next: `relax only: ${[...relaxable].join(', ')}`,
    }));
}

/** A change that calls itself standard is proven to be one. If it is not, it goes the way of a normal change. */
export function checkCatalogue(given: CheckInput): CheckAnswer {
  const match = contextOf(given).catalogue();
  switch (match.kind) {
    case 'not-standard':
      return allowed('not a standard change');
    case 'matches':
      return allowed(
        `${match.entry.id} ${match.entry.version}, used ${match.uses} of ${match.entry.maxUsesBeforeReview} times`,
      );
    case 'mismatch':
      return notStandard(match.reasons);
    default:
      throw new Error(`catalogue answer that is not known: ${JSON.stringify(match satisfies never)}`);
  }
}

function notStandard([first, ...others]: readonly [string, ...(readonly string[])]): CheckAnswer {
  return refused([asNormal(first), ...others.map(asNormal)]);
}

function asNormal(text: string): Problem {
  return {
    text,
    next: 'it counts as a normal change: set `type: normal`, complete the record: sluice check',
  };
}
