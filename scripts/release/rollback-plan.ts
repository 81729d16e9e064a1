/**
 * Works out what a rollback would restore. Three ways to say it: the latest release of the stack (the usual 3 a.m. case),
 * back to the state after release N, or only release N out of the middle. None of them may silently undo somebody
 * else's later change: what else would go is either refused as a conflict or must be named by its change id.
 */
import type { Bundle, Json, JsonObject } from '../plan/types.ts';
import { canonicalBundle } from '../plan/bundle.ts';
import { diffBundles } from '../plan/diff.ts';
import { canonicalJson } from '../plan/json.ts';
import type { StackPlan } from '../plan/types.ts';
import { bundleOf, releasesOf } from './history.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from './types.ts';

type Finished = LedgerFolder & { readonly entry: ReleaseEntry };

export type RollbackRequest =
  | { readonly kind: 'latest' }
  | { readonly kind: 'to'; readonly id: string; readonly including: readonly string[] }
  | { readonly kind: 'only'; readonly id: string };

export type RollbackPlan =
  | {
      readonly ok: true;
      /** What will be live afterwards. */
      readonly target: Bundle;
      /** From what the ledger says is live to the target: what Terraform may do, and nothing else. */
      readonly expected: StackPlan;
      readonly undoes: readonly Finished[];
    }
  | { readonly ok: false; readonly what: string; readonly why: string; readonly next: string };

/** Pure: reads a verified ledger, decides, changes nothing. */
export function planRollback(ledger: Ledger, stack: string, request: RollbackRequest): RollbackPlan {
  const releases = releasesOf(ledger, stack);
  const latest = releases.at(-1);
  if (latest === undefined) {
    return refused(
      `Nothing was ever released to ${stack}.`,
      'There is no earlier state to go back to.',
      'sluice ledger show',
    );
  }
  switch (request.kind) {
    case 'latest':
      return undoLatest(ledger, releases, latest);
    case 'to':
      return backTo(ledger, releases, request);
    case 'only':
      return undoOnly(ledger, releases, request.id);
  }
}

function undoLatest(ledger: Ledger, releases: readonly Finished[], latest: Finished): RollbackPlan {
  if (latest.entry.action === 'rollback') {
    return latest.entry.result === 'successful'
      ? nothingLeft(releases, latest)
      : finishRollback(ledger, releases, latest);
  }
  // A failed release left the stack somewhere between the last good bundle and its own.
  const previous = releases.slice(0, -1).findLast((folder) => folder.entry.result === 'successful');
  if (previous === undefined) {
    return firstRelease(latest);
  }
  return planned({ ledger, from: latest, target: bundleOf(ledger, previous), undoes: [latest] });
}

/** A second rollback must neither bring the change back nor take away an older one that nobody complained about. */
function nothingLeft(releases: readonly Finished[], latest: Finished): RollbackPlan {
  const { id, stack, undoes } = latest.entry;
  const undone = new Set(
    releases.flatMap(({ entry }) => (entry.result === 'successful' ? entry.undoes : [])),
  );
  const inForce = releases.findLast(
    ({ entry }) => entry.action === 'release' && entry.result === 'successful' && !undone.has(entry.id),
  );
  return refused(
    `${undoes.join(', ')} of ${stack} was rolled back already, by ${id}.`,
    inForce === undefined
      ? 'Nothing that was released since the baseline is live.'
      : `${inForce.entry.id} (${inForce.entry.changeId ?? inForce.entry.action}) is the latest release that is live.`,
    inForce === undefined
      ? `sluice ledger show --stack ${stack}`
      : `sluice rollback ${stack} --only ${inForce.entry.id} --reason "..."`,
  );
}

/** A rollback that broke off is finished, not undone. */
function finishRollback(ledger: Ledger, releases: readonly Finished[], latest: Finished): RollbackPlan {
  const undoes = releases.filter(({ entry }) => latest.entry.undoes.includes(entry.id));
  return planned({ ledger, from: startOf(releases, latest), target: bundleOf(ledger, latest), undoes });
}

/** What was live before any rollback that broke off: such an attempt leaves the stack between there and its target. */
function startOf(releases: readonly Finished[], latest: Finished): Finished {
  return (
    releases.findLast(({ entry }) => entry.action !== 'rollback' || entry.result === 'successful') ?? latest
  );
}

function firstRelease({ entry }: Finished): RollbackPlan {
  const { id, stack, result } = entry;
  return result === 'successful'
    ? refused(
        `${id} is the first release of ${stack}.`,
        'The state before it was never recorded, so it cannot be restored.',
        `sluice ledger show --stack ${stack}`,
      )
    : refused(
        `${id}, the first release of ${stack}, ended as ${result}.`,
        'There is no state before it to go back to; a baseline goes on from where it stopped.',
        `sluice baseline ${stack} --reason "first release, after ${id}"`,
      );
}

function backTo(
  ledger: Ledger,
  releases: readonly Finished[],
  request: Extract<RollbackRequest, { kind: 'to' }>,
): RollbackPlan {
  const position = releases.findIndex((folder) => folder.entry.id === request.id);
  const target = releases[position];
  const latest = releases.at(-1);
  if (target === undefined || latest === undefined) {
    return unknownRelease(request.id, releases);
  }
  if (target.entry.result !== 'successful') {
    return refused(
      `${request.id} ended as ${target.entry.result}.`,
      'Only a state that was released and verified can be restored.',
      `sluice ledger show --stack ${target.entry.stack}`,
    );
  }
  const undone = releases.slice(position + 1);
  if (undone.length === 0) {
    return refused(
      `${request.id} is live now.`,
      'There is nothing to undo.',
      `sluice ledger show --stack ${target.entry.stack}`,
    );
  }
  const others = new Set(
    undone.slice(0, -1).flatMap((folder) => (folder.entry.changeId === null ? [] : [folder.entry.changeId])),
  );
  others.delete(latest.entry.changeId ?? '');
  const unnamed = [...others].filter((change) => !request.including.includes(change));
  if (unnamed.length > 0) {
    return refused(
      `Going back to ${request.id} would also undo ${unnamed.join(', ')}.`,
      'Those changes were released after it and belong to somebody else.',
      `sluice rollback ${target.entry.stack} --to ${request.id} ${unnamed.map((change) => `--including ${change}`).join(' ')}`,
    );
  }
  return planned({
    ledger,
    from: startOf(releases, latest),
    target: bundleOf(ledger, target),
    undoes: undone,
  });
}

function undoOnly(ledger: Ledger, releases: readonly Finished[], id: string): RollbackPlan {
  const position = releases.findIndex((folder) => folder.entry.id === id);
  const undone = releases[position];
  const before = releases
    .slice(0, Math.max(position, 0))
    .findLast((folder) => folder.entry.result === 'successful');
  const latest = releases.at(-1);
  if (undone === undefined || latest === undefined) {
    return unknownRelease(id, releases);
  }
  if (undone === latest) {
    return undoLatest(ledger, releases, latest);
  }
  const problem = notAlone(undone.entry, latest.entry);
  if (problem !== null) {
    return problem;
  }
  if (before === undefined) {
    return firstRelease(undone);
  }
  const live = bundleOf(ledger, latest);
  const [old, own] = [bundleOf(ledger, before), bundleOf(ledger, undone)];
  const goBack = `sluice rollback ${live.stack} --to ${before.entry.id}`;
  const reaching = refuseReaching(id, aroundResources(old, own), goBack);
  if (reaching !== null) {
    return reaching;
  }
  const inverse = diffBundles({ stack: live.stack, before: own, after: old });
  const later = diffBundles({ stack: live.stack, before: own, after: live });
  const touchedLater = new Set(later.changes.map((change) => change.address));
  const conflicts = inverse.changes
    .map((change) => change.address)
    .filter((address) => touchedLater.has(address));
  if (conflicts.length > 0) {
    const by = releases
      .slice(position + 1)
      .map((folder) => `${folder.entry.id} (${folder.entry.changeId ?? folder.entry.action})`);
    return refused(
      `${id} cannot be undone alone: ${conflicts.join(', ')} changed again later.`,
      `Released since: ${by.join(', ')}. Undoing only ${id} would overwrite that.`,
      goBack,
    );
  }
  const addresses = inverse.changes.map((change) => change.address);
  const plan = planned({
    ledger,
    from: latest,
    target: restoreResources(live, old, addresses),
    undoes: [undone],
  });
  return plan.ok && !isSameEffect(plan.expected, inverse)
    ? refused(
        `${id} cannot be undone alone: taking it out would not be the exact inverse of what it did.`,
        'What was released since depends on it.',
        goBack,
      )
    : plan;
}

function refuseReaching(id: string, around: readonly string[], goBack: string): RollbackPlan | null {
  return around.length === 0
    ? null
    : refused(
        `${id} cannot be undone alone: it changed ${around.join(', ')} around the resources as well.`,
        'What such a block changes reaches into resources of other changes, so one release cannot be told apart.',
        goBack,
      );
}

/** Names of the top-level blocks, other than the resources, in which two bundles differ. */
function aroundResources(one: Bundle, other: Bundle): readonly string[] {
  const names = new Set([...Object.keys(one.configuration), ...Object.keys(other.configuration)]);
  return [...names]
    .filter((name) => name !== 'resource' && blockText(one, name) !== blockText(other, name))
    .toSorted();
}

function blockText({ configuration }: Bundle, name: string): string {
  return canonicalJson(configuration[name] ?? null);
}

/** The same changes of the same resources, attribute by attribute. */
function isSameEffect(one: StackPlan, other: StackPlan): boolean {
  return effectText(one) === effectText(other);
}

function effectText({ changes }: StackPlan): string {
  return canonicalJson(changes.map(({ address, actions, attributes }) => ({ address, actions, attributes })));
}

/** Why one release cannot be taken out of the middle, whatever it changed; null when nothing speaks against it. */
function notAlone(undone: ReleaseEntry, latest: ReleaseEntry): RollbackPlan | null {
  if (latest.result !== 'successful') {
    return refused(
      `The latest release of ${latest.stack}, ${latest.id}, ended as ${latest.result}.`,
      'What is live is not known well enough to take one release out of the middle.',
      `sluice rollback ${latest.stack} --reason "clean up ${latest.id}"`,
    );
  }
  return undone.action === 'rollback'
    ? refused(
        `${undone.id} is a rollback.`,
        'Undoing it would bring a change back without an approval: release that change again.',
        `sluice ledger show --stack ${undone.stack}`,
      )
    : null;
}

interface Restoring {
  readonly ledger: Ledger;
  /** The release whose bundle is live, as far as it came. */
  readonly from: Finished;
  readonly target: Bundle;
  readonly undoes: readonly Finished[];
}

function planned({ ledger, from, target, undoes }: Restoring): RollbackPlan {
  const expected = diffBundles({ stack: target.stack, before: bundleOf(ledger, from), after: target });
  return { ok: true, target, expected, undoes };
}

function unknownRelease(id: string, releases: readonly Finished[]): RollbackPlan {
  const known = releases.map((folder) => folder.entry.id).join(', ');
  return refused(
    `${id} is not a finished release of this stack.`,
    `Its releases are: ${known}.`,
    'sluice ledger show',
  );
}

function refused(what: string, why: string, next: string): RollbackPlan {
  return { ok: false, what, why, next };
}

/** `live` with the named resources as they are in `from`; a resource that `from` does not have is taken out. */
function restoreResources(live: Bundle, from: Bundle, addresses: readonly string[]): Bundle {
  const blocks = new Map<string, Map<string, Json>>();
  for (const [type, names] of Object.entries((live.configuration['resource'] ?? {}) as JsonObject)) {
    blocks.set(type, new Map(Object.entries(names as JsonObject)));
  }
  for (const address of addresses) {
    const [type = '', name = ''] = address.split('.');
    const restored = (
      ((from.configuration['resource'] ?? {}) as JsonObject)[type] as JsonObject | undefined
    )?.[name];
    const names = blocks.get(type) ?? new Map<string, Json>();
    if (restored === undefined) {
      names.delete(name);
    } else {
      names.set(name, restored);
    }
    blocks.set(type, names);
  }
  const resource = Object.fromEntries(
    [...blocks]
      .filter(([, names]) => names.size > 0)
      .map(([type, names]) => [type, Object.fromEntries(names)]),
  );
  return canonicalBundle(live.stack, { ...live.configuration, resource });
}
