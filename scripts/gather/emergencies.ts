/**
 * Emergencies that were released: until somebody else ratifies them their clock runs, and an overdue one stops other
 * changes. Who took part is read from the decision in the ledger and from the record, not from anybody's memory. A
 * record that says it is closed (`outcome`) was written by its author, so it ends nothing here: the gate judges who closed
 * it. What was said after the merge is read from the pull request of the emergency.
 */
import type { GitHub } from '../ports.ts';
import type { Ledger, LedgerFolder } from '../release/types.ts';
import { readRatifications } from './statements.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { PastEmergency } from '../../policies/model/facts.ts';
import type { ChangeRecord, LocatedRecord } from '../../policies/model/record.ts';

/** Every released emergency, closed or not. `records` are those of the base branch; one that is not there is not closed. */
export function openEmergencies(ledger: Ledger, records: readonly LocatedRecord[]): readonly PastEmergency[] {
  const byId = new Map(records.map(({ record }) => [record.id, record]));
  return [...newestReleases(ledger)].map(([changeId, folder]) =>
    describe(changeId, folder, { ledger, record: byId.get(changeId) ?? null }),
  );
}

/** The newest release of each emergency, by its change. */
function newestReleases(ledger: Ledger): ReadonlyMap<string, LedgerFolder> {
  const released = ledger.folders.filter(
    ({ entry }) => entry?.action === 'release' && entry.type === 'emergency',
  );
  return new Map(released.map((folder) => [folder.intent.changeId ?? folder.intent.id, folder]));
}

/**
 * The same with what was said in retrospect, on the pull request whose head was released. Emergencies whose record is
 * closed are not asked about: the pull request that closed them was decided on like any other.
 */
export async function withRatifications(
  github: GitHub,
  ledger: Ledger,
  emergencies: readonly PastEmergency[],
): Promise<readonly PastEmergency[]> {
  const releases = newestReleases(ledger);
  const found: PastEmergency[] = [];
  for (const emergency of emergencies) {
    const headSha = releases.get(emergency.changeId)?.intent.tuple?.headSha ?? null;
    const isAsked = emergency.closed === undefined && headSha !== null;
    const number = isAsked ? await github.mergedPull(headSha) : null;
    found.push(
      number === null ? emergency : { ...emergency, ratifications: await ratificationsOn(github, number) },
    );
  }
  return found;
}

async function ratificationsOn(github: GitHub, number: number): Promise<PastEmergency['ratifications']> {
  const said = await github.pullFacts(number);
  return said.pull.merge === null ? [] : readRatifications(said, said.pull.merge.at);
}

function describe(
  changeId: string,
  folder: LedgerFolder,
  known: { readonly ledger: Ledger; readonly record: ChangeRecord | null },
): PastEmergency {
  const text = known.ledger.files.get(`${folder.folder}/decision.json`);
  const decision = text === undefined ? null : (JSON.parse(text) as Decision);
  const counted = (decision?.approvals.reviewers ?? [])
    .filter((line) => line.counted !== null)
    .map((line) => line.personId);
  return {
    changeId,
    client: folder.intent.client,
    risk: decision?.risk.effective ?? 'critical',
    appliedAt: folder.entry?.finishedAt ?? folder.intent.startedAt,
    breakGlass: decision === null || decision.approvals.level === 'break-glass',
    involved: [
      ...new Set([...namedIn(known.record), ...counted].filter((id): id is string => typeof id === 'string')),
    ],
    ratifications: [],
    ...closureOf(known.record),
  };
}

function namedIn(record: ChangeRecord | null): readonly (string | undefined)[] {
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

function closureOf(record: ChangeRecord | null): Pick<PastEmergency, 'closed'> {
  return record?.outcome === undefined
    ? {}
    : { closed: { by: record.outcome.closedBy, at: record.outcome.closedAt } };
}
