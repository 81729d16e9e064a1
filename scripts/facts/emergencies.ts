/**
 * Emergencies that were released: until somebody else ratifies them their clock runs, and an overdue one stops other
 * changes. Who took part is read from the decision in the ledger and from the record, not from anybody's memory. A
 * record that says it is closed (`outcome`) was written by its author, so it ends nothing here: the gate judges who closed
 * it. What was said after the merge is read from the pull request of the emergency.
 */
import { owedRules, stillOwed } from '../../policies/emergency/owed.ts';
import { limits } from '../json/limits.ts';
import { compareText } from '../json/json.ts';
import { parseJson } from '../json/parse.ts';
import type { Plan } from '../plan/types.ts';
import type { GitHub } from '../contract/ports.ts';
import { isMadeWith, type ApprovedChange } from '../release/approval-use.ts';
import type { Ledger, LedgerFolder } from '../release/types.ts';
import { readComments, readRatifications, type RatificationContext } from './statements.ts';
import { isEndedByClosing } from '../../policies/emergency/ratification.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { PastEmergency, Statement } from '../../policies/model/facts.ts';
import type { AuthoredRecord, LocatedRecord } from '../../policies/model/record.ts';

/**
 * Every released emergency, closed or not, but for the one that is being judged. `records` are those of the base branch;
 * one that is not there is not closed.
 */
export function openEmergencies(
  ledger: Ledger,
  records: readonly LocatedRecord[],
  judged: Pick<ApprovedChange, 'headSha'>,
): readonly PastEmergency[] {
  return [...releasesByEmergency(ledger)]
    .filter(([, folders]) => !folders.some(({ intent }) => isMadeWith(intent, judged)))
    .map(([changeId, folders]) =>
      describe(changeId, folders, { ledger, record: recordOf(changeId, folders, records) }),
    );
}

/** Another client may have a record of the same id, and a note is not a change: neither says anything about the emergency. */
function recordOf(
  changeId: string,
  folders: readonly LedgerFolder[],
  records: readonly LocatedRecord[],
): AuthoredRecord | null {
  const client = folders[0]?.intent.client;
  const found = records.find(
    ({ record }) => record.id === changeId && record.client === client && record.kind === 'Change',
  );
  return found?.record ?? null;
}

/** By change, in the order of the ledger; one that was only begun, or was given up, may have been applied all the same. */
function releasesByEmergency(ledger: Ledger): ReadonlyMap<string, readonly LedgerFolder[]> {
  const found = new Map<string, readonly LedgerFolder[]>();
  for (const folder of ledger.folders.filter((one) => isEmergency(ledger, one))) {
    const changeId = folder.intent.changeId ?? folder.intent.id;
    found.set(changeId, [...(found.get(changeId) ?? []), folder]);
  }
  return found;
}

/** By its entry, or by the decision that let it through: a release that never ended by itself has no type in its entry. */
function isEmergency(ledger: Ledger, folder: LedgerFolder): boolean {
  const level = decisionOf(ledger, folder)?.approvals.level;
  return (
    folder.intent.action === 'release' &&
    (folder.entry?.type === 'emergency' || level === 'emergency' || level === 'break-glass')
  );
}

/** Decisions of before do not say who took part. */
type StoredDecision = Omit<Decision, 'tookPart'> & Partial<Pick<Decision, 'tookPart'>>;

function decisionOf(ledger: Ledger, { folder }: LedgerFolder): StoredDecision | null {
  const text = ledger.files.get(`${folder}/decision.json`);
  return text === undefined ? null : (parseJson(text, limits.document) as StoredDecision);
}

type MisreadStatement = Statement & { readonly kind: 'misread' };

/** Tells its author on the pull request that a statement was not understood; no verdict does any more after the merge. */
export type AnswerMisread = (number: number, statement: MisreadStatement) => Promise<void>;

/**
 * The same with what was said in retrospect, on the pull requests whose head was released. Emergencies that somebody closed
 * who may are not asked about: the pull request that closed them was decided on like any other.
 */
export async function withRatifications(
  github: GitHub,
  {
    ledger,
    answer,
    facts,
  }: {
    readonly ledger: Ledger;
    readonly answer: AnswerMisread | null;
    readonly facts: RatificationContext['facts'];
  },
  emergencies: readonly PastEmergency[],
): Promise<readonly PastEmergency[]> {
  const releases = releasesByEmergency(ledger);
  const found: PastEmergency[] = [];
  for (const emergency of emergencies) {
    const headSha = releases.get(emergency.changeId)?.at(-1)?.intent.tuple?.headSha ?? null;
    const isNeeded = headSha !== null && !isEndedByClosing(emergency, facts);
    const numbers = isNeeded ? await github.mergedPulls(headSha) : [];
    const court = { facts, involved: new Set(emergency.involved) };
    const ratifications: PastEmergency['ratifications'][number][] = [];
    for (const number of numbers) {
      ratifications.push(...(await ratificationsOn(github, number, { answer, court })));
    }
    found.push(numbers.length === 0 ? emergency : { ...emergency, ratifications });
  }
  return found;
}

async function ratificationsOn(
  github: GitHub,
  number: number,
  { answer, court }: { readonly answer: AnswerMisread | null; readonly court: RatificationContext },
): Promise<PastEmergency['ratifications']> {
  const ofPull = await github.pullFacts(number);
  const { merge } = ofPull.pull;
  if (merge === null) {
    return [];
  }
  if (answer !== null) {
    const late = readComments(ofPull).statements.filter(
      (statement): statement is MisreadStatement =>
        statement.kind === 'misread' && Date.parse(statement.at) > Date.parse(merge.at),
    );
    for (const statement of late) {
      await answer(number, statement);
    }
  }
  return readRatifications(ofPull, { mergedAt: merge.at, court });
}

/** What a release was allowed to change; it may have been applied although it never ended. */
function touchedBy(ledger: Ledger, { folder }: LedgerFolder): readonly string[] {
  const text = ledger.files.get(`${folder}/plan.json`);
  const plan = text === undefined ? null : (parseJson(text, limits.document) as Plan);
  return (plan?.stacks ?? []).flatMap(({ stack, changes }) =>
    changes.map(({ address }) => `${stack}/${address}`),
  );
}

function describe(
  changeId: string,
  folders: readonly LedgerFolder[],
  known: { readonly ledger: Ledger; readonly record: AuthoredRecord | null },
): PastEmergency {
  const decisions = folders.map((folder) => decisionOf(known.ledger, folder));
  const decision = decisions.at(-1) ?? null;
  const counted = decisions
    .flatMap((each) => each?.approvals.reviewers ?? [])
    .filter((line) => line.counted !== null)
    .map((line) => line.personId);
  const [first] = folders;
  return {
    changeId,
    client: first?.intent.client ?? '',
    risk: decision?.risk.effective ?? 'critical',
    // The clock starts with the first attempt: trying again does not wind it up anew.
    appliedAt: first?.entry?.finishedAt ?? first?.intent.startedAt ?? '',
    breakGlass: decision === null || decision.approvals.level === 'break-glass',
    touched: [...new Set(folders.flatMap((folder) => touchedBy(known.ledger, folder)))].toSorted(compareText),
    involved: [
      ...new Set([...tookPart(decisions, known.record), ...counted].filter((id) => typeof id === 'string')),
    ],
    ratifications: [],
    ...owedOf(decision, known.record),
    ...closureOf(known.record),
  };
}

/** As the decisions have it: a record may be another by now. One that does not say so leaves the record of the base branch. */
function tookPart(
  decisions: readonly (StoredDecision | null)[],
  record: AuthoredRecord | null,
): readonly (string | undefined)[] {
  return decisions.flatMap((decision) => decision?.tookPart ?? namedIn(record));
}

function namedIn(record: AuthoredRecord | null): readonly (string | undefined)[] {
  return record === null
    ? []
    : [
        record.requester,
        record.owner,
        record.implementer,
        record.backupImplementer,
        record.emergency?.declaredBy,
      ];
}

function owedOf(
  decision: StoredDecision | null,
  record: AuthoredRecord | null,
): Pick<PastEmergency, 'gaveWay' | 'owed'> {
  if (decision === null || record === null) {
    return {};
  }
  const found = new Set(decision.findings.map(({ ruleId }) => ruleId));
  const gaveWay = [...owedRules.keys()].filter((rule) => found.has(rule));
  return { gaveWay, owed: stillOwed(record, { risk: decision.risk.effective, rules: gaveWay }) };
}

function closureOf(record: AuthoredRecord | null): Pick<PastEmergency, 'closed'> {
  return record?.outcome === undefined
    ? {}
    : { closed: { by: record.outcome.closedBy, at: record.outcome.closedAt } };
}
