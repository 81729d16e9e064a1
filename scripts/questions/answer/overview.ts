/**
 * Everything that is known of changes at this moment: records of the default branch and of the branches beside it, the
 * ledger, and the open pull requests where GitHub can be asked. What could not be known is said and never guessed.
 */
import type { Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { loadDecisionData } from '../../facts/decision-data.ts';
import { historyOf } from '../../facts/basis.ts';
import { incidentsHere } from '../../facts/incidents.ts';
import { defaultBranchOf, loadLedger } from '../../facts/ledger.ts';
import { fromRef, fromWorkingTree } from '../../facts/policy.ts';
import { isRecordPath, parsedRecord, recordIdAt } from '../../facts/records.ts';
import { usualBranch } from '../../change/check-change.ts';
import { released, type Bundles } from '../../facts/bundles.ts';
import { isObject } from '../../json/json.ts';
import { viewOf } from '../../plan/stack-view.ts';
import type { Json } from '../../plan/types.ts';
import { daysOver, endIn } from '../../../policies/emergency/expiry.ts';
import { openEmergencies } from '../../facts/emergencies.ts';
import { ratificationDue } from '../../../policies/emergency/ratification.ts';
import type { KnownChange, ListedPull, OverMove, Overview, OwingEmergency } from '../types.ts';
import type { GitHub, OpenPull } from '../../contract/ports.ts';
import { ledgerBranch } from '../../release/ledger/format.ts';
import type { Ledger } from '../../release/types.ts';
import type { PastRelease, PolicySet } from '../../../policies/model/facts.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import { deriveState } from '../../../policies/model/state.ts';
import { knownRecord } from '../../../policies/record/known.ts';
import { computedBefore } from '../../release/computed.ts';

interface FoundRecord {
  readonly record: LocatedRecord;
  readonly branch: string | null;
  readonly ref: string | null;
}

/** Whether GitHub is asked: for an answer that pull requests say nothing about, it is not. Each of them is a request. */
export type PullsWanted = 'with-pulls' | 'without-pulls';

/** Throws InputError where the default branch's own data does not read, or the ledger does not verify. */
export async function gatherOverview(services: Services, wanted: PullsWanted): Promise<Overview> {
  const { git, files, clock } = services;
  const unknown: string[] = [];
  const named = await defaultBranchOf(services);
  const base = named ?? (await usualBranch(services));
  if (named === null) {
    unknown.push(
      `which branch is the default one: taken is ${base ?? 'the working tree'} (git remote set-head origin --auto)`,
    );
  }
  const source = base === null ? fromWorkingTree(files, await git.root()) : fromRef(git, base);
  const { policy, records } = await loadDecisionData(source);
  const { ledger } = await loadLedger(services);
  const incidents = await incidentsHere(services, { policy, records, ledger });
  const unasked = incidents.find(({ state }) => state === 'unasked');
  if (unasked !== undefined && 'reason' in unasked) {
    unknown.push(`how incidents stand that records name: ${unasked.reason}`);
  }
  const merged = new Set(records.map(({ record }) => record.id));
  const proposed = await proposedRecords(services, { base, merged, unknown });
  const pulls = wanted === 'with-pulls' ? await listedPulls(services, base, unknown) : null;
  const known = {
    ledger,
    policy,
    now: clock.now(),
    history: historyOf(ledger, records, incidents, null),
    pulls,
  };
  const changes = [
    ...records.map((record) => knownChange({ record, branch: null, ref: base }, known)),
    ...proposed.map((each) => knownChange(each, known)),
  ];
  return {
    now: known.now,
    changes: changes.toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1)),
    otherPulls: pulls?.filter((pull) => pull.changes.length === 0) ?? null,
    policy,
    owing: owingEmergencies({ ledger, records, policy }),
    over: movesOver(released(ledger, null), known.now),
    incidents,
    ledger,
    unfinished: ledger.folders.filter(({ entry }) => entry === null),
    unknown,
  };
}

function owingEmergencies({
  ledger,
  records,
  policy,
}: {
  readonly ledger: Ledger;
  readonly records: readonly LocatedRecord[];
  readonly policy: PolicySet;
}): readonly OwingEmergency[] {
  return openEmergencies(ledger, records, { headSha: '' }).flatMap((emergency) => {
    const { changeId, risk, owed = [], closed } = emergency;
    const due = ratificationDue(emergency, { policy });
    return owed.length === 0 || closed !== undefined
      ? []
      : [{ changeId, risk, owed, due: due === 0 ? null : new Date(due).toISOString() }];
  });
}

/** Emergency moves of what is live whose last day is over. */
function movesOver(bundles: Bundles, now: string): readonly OverMove[] {
  return [...bundles.values()].flatMap(({ stack, configuration }) =>
    Object.entries(viewOf(configuration).resources.get('cloudflare_ruleset')?.byName ?? {}).flatMap(
      ([name, body]) =>
        descriptionsIn(body['rules']).flatMap((description) => {
          const end = endIn(description);
          const days = end === null ? 0 : daysOver(end, now);
          return days === 0 ? [] : [{ address: `${stack}/cloudflare_ruleset.${name}`, description, days }];
        }),
    ),
  );
}

function descriptionsIn(rules: Json | undefined): readonly string[] {
  return (Array.isArray(rules) ? rules : []).flatMap((rule: Json) =>
    isObject(rule) && typeof rule['description'] === 'string' ? [rule['description']] : [],
  );
}

interface OverviewFacts {
  readonly ledger: Ledger;
  readonly policy: PolicySet;
  readonly now: string;
  readonly history: readonly PastRelease[];
  readonly pulls: readonly ListedPull[] | null;
}

function knownChange(
  { record: located, branch, ref }: FoundRecord,
  { ledger, policy, now, history, pulls }: OverviewFacts,
): KnownChange {
  const { file } = located;
  const releases = ledger.folders.filter(({ intent }) => intent.changeId === located.record.id);
  const record = knownRecord(located, { policy, history, now }, computedBefore(ledger, releases));
  const pull = pulls?.find(({ changes }) => changes.includes(record.id)) ?? null;
  const state = deriveState({
    record,
    pull: branch === null ? { state: 'merged', draft: false } : pull && { state: 'open', draft: pull.draft },
    decision: 'not-asked',
    releases: history,
    isApplying: releases.some(({ entry }) => entry === null),
    now,
  });
  const past = history.filter(({ changeId }) => changeId === record.id);
  return { record, file, ref, branch, pull, state, releases, past };
}

/** Records that a branch adds to the default one, each once. A branch whose record does not read is named, not hidden. */
async function proposedRecords(
  services: Services,
  {
    base,
    merged,
    unknown,
  }: { readonly base: string | null; readonly merged: ReadonlySet<string>; readonly unknown: string[] },
): Promise<readonly FoundRecord[]> {
  const { git } = services;
  const found = new Map<string, FoundRecord>();
  const seen = new Set<string>();
  const isNew = (path: string): boolean =>
    isRecordPath(path) && !merged.has(recordIdAt(path)) && !found.has(recordIdAt(path));
  for (const { ref, sha } of await git.refs()) {
    const branch = branchOf(ref);
    if (branch === null || ref === base || seen.has(sha)) {
      continue;
    }
    seen.add(sha);
    for (const { path, text } of await git.filesAt(sha, 'changes', isNew)) {
      const record = readable(text, path);
      if (record === null) {
        unknown.push(`${path} of branch ${branch}, which does not read (sluice check --record ${path})`);
      } else {
        found.set(recordIdAt(path), { record, branch, ref: sha });
      }
    }
  }
  return [...found.values(), ...(await uncommittedRecords(services, isNew, unknown))];
}

/** Records that only the working tree has: whoever just wrote one asks about it before it is committed. */
async function uncommittedRecords(
  { git, files }: Services,
  isNew: (path: string) => boolean,
  unknown: string[],
): Promise<readonly FoundRecord[]> {
  const texts = await fromWorkingTree(files, await git.root())('changes', isNew);
  const branch = (await git.branch()) ?? 'HEAD';
  return texts.flatMap(({ path, text }) => {
    const record = readable(text, path);
    if (record === null) {
      unknown.push(`${path} of the working tree, which does not read (sluice check --record ${path})`);
      return [];
    }
    return [{ record, branch, ref: null }];
  });
}

function readable(text: string, path: string): LocatedRecord | null {
  try {
    return parsedRecord(text, path);
  } catch {
    return null;
  }
}

/** Name of the branch; null for the ledger, for what is not a branch, and for the pointer to the default one. */
function branchOf(ref: string): string | null {
  const name = /^refs\/(?:heads|remotes\/origin)\/(.+)$/u.exec(ref)?.[1];
  return name === undefined || name === 'HEAD' || name === ledgerBranch ? null : name;
}

/** Null where GitHub is not configured; the reason is then in `unknown`. */
async function listedPulls(
  services: Services,
  base: string | null,
  unknown: string[],
): Promise<readonly ListedPull[] | null> {
  const github = await configuredGitHub(services, unknown);
  if (github === null) {
    return null;
  }
  const open = await services.reporter.step('list the open pull requests', () => github.openPulls());
  const listed: ListedPull[] = [];
  for (const pull of open) {
    const { number, title, draft, requestedIds } = pull;
    const changes = await recordsOf(services, pull, base, unknown);
    listed.push({ number, title, draft, requestedIds, verdict: await github.verdictOn(pull), changes });
  }
  return listed;
}

async function configuredGitHub(services: Services, unknown: string[]): Promise<GitHub | null> {
  try {
    return await services.github();
  } catch (error) {
    if (!(error instanceof UsageError)) {
      throw error;
    }
    unknown.push(`the open pull requests, their reviews and verdicts: ${error.parts.what}`);
    return null;
  }
}

async function recordsOf(
  { git }: Services,
  { number, headSha, baseSha }: OpenPull,
  base: string | null,
  unknown: string[],
): Promise<readonly string[]> {
  try {
    return (await git.changedBetween(base ?? baseSha, headSha)).filter(isRecordPath).map(recordIdAt);
  } catch {
    unknown.push(
      `what pull request ${String(number)} changes: this clone does not have ${headSha.slice(0, 12)} (git fetch origin)`,
    );
    return [];
  }
}
