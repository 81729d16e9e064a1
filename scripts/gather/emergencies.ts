/**
 * Emergencies that were released and are not closed: until somebody else ratifies them their clock runs, and an overdue
 * one stops other changes. Who took part is read from the decision in the ledger, not from anybody's memory. Closing the
 * record (`outcome`) ends the clock; ratifications on the pull request are read by the GitHub side.
 */
import type { Ledger, LedgerFolder } from '../release/types.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { PastEmergency } from '../../policies/model/facts.ts';
import type { ChangeRecord, LocatedRecord } from '../../policies/model/record.ts';

/** `records` are those of the base branch. An emergency whose record is not there counts as not closed. */
export function openEmergencies(ledger: Ledger, records: readonly LocatedRecord[]): readonly PastEmergency[] {
  const byId = new Map(records.map(({ record }) => [record.id, record]));
  const released = ledger.folders.filter(
    ({ entry }) => entry?.action === 'release' && entry.type === 'emergency',
  );
  const newest = new Map(released.map((folder) => [folder.intent.changeId ?? folder.intent.id, folder]));
  return [...newest]
    .filter(([changeId]) => byId.get(changeId)?.outcome === undefined)
    .map(([changeId, folder]) => describe(changeId, folder, { ledger, record: byId.get(changeId) ?? null }));
}

function describe(
  changeId: string,
  folder: LedgerFolder,
  known: { readonly ledger: Ledger; readonly record: ChangeRecord | null },
): PastEmergency {
  const text = known.ledger.files.get(`${folder.folder}/decision.json`);
  const decision = text === undefined ? null : (JSON.parse(text) as Decision);
  const people = [known.record?.requester, known.record?.owner, known.record?.implementer];
  const counted = (decision?.approvals.reviewers ?? [])
    .filter((line) => line.counted !== null)
    .map((line) => line.personId);
  return {
    changeId,
    client: folder.intent.client,
    risk: decision?.risk.effective ?? 'critical',
    appliedAt: folder.entry?.finishedAt ?? folder.intent.startedAt,
    breakGlass: decision === null || decision.approvals.level === 'break-glass',
    involved: [...new Set([...people, ...counted].filter((id): id is string => typeof id === 'string'))],
    ratifications: [],
  };
}
