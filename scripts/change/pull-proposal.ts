/** What a pull request would make of the default branch, and which of the records that it touches is its own. */
import type { Services } from '../contract/context.ts';
import type { BaseData } from '../facts/decision-data.ts';
import { fromRef } from '../facts/policy.ts';
import { keyFaults, proposalFaults } from '../facts/proposal.ts';
import { isRecordPath } from '../facts/records.ts';
import type { PullFacts } from '../contract/ports.ts';
import type { Facts } from '../../policies/model/facts.ts';
import type { Proposal } from '../../policies/model/proposal.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { referenceFaults, type ReferenceTargets } from '../../policies/gate/references.ts';

interface Proposed {
  readonly found: PullFacts;
  readonly moment: Facts['moment'];
  readonly base: BaseData;
  readonly changedFiles: readonly string[];
}

/**
 * Judged by the merge that git would make now. A pull request that does not merge is judged by its head: GitHub does not
 * merge it either. After the merge the default branch itself is what was read already.
 */
export async function proposalOf(
  services: Services,
  { found, moment, base, changedFiles }: Proposed,
): Promise<Proposal> {
  const { git, clock } = services;
  const { fallback, data } = base;
  if (moment === 'apply') {
    return { faults: [], fallback };
  }
  const { headSha } = found.pull;
  const tree = (await git.mergedTree(found.baseTip, headSha)) ?? headSha;
  const source = fromRef(git, tree);
  const faults = await proposalFaults({
    entries: await git.entriesAt(tree),
    source,
    changed: changedFiles,
    before: data.policy,
    now: clock.now(),
  });
  return { faults: [...faults, ...(await keyFaults(services, { source, changed: changedFiles }))], fallback };
}

/** Records that the pull request is about: one that does not read is a fault, and one that it repairs is not its own. */
export function ownRecords(
  changedFiles: readonly string[],
  { faults, fallback }: Proposal,
): readonly string[] {
  const others = new Set([...faults, ...(fallback?.faults ?? [])].map(({ file }) => file));
  return changedFiles.filter((path) => isRecordPath(path) && !others.has(path));
}

/** With what the pull request's own records name and the default branch does not have. */
export function withReferences(
  { faults, fallback }: Proposal,
  records: readonly LocatedRecord[],
  known: ReferenceTargets,
): Proposal {
  return { faults: [...faults, ...referenceFaults(records, known)], fallback };
}
