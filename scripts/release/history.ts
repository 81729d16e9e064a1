/** Questions that the rest of Sluice asks of a verified ledger. */
import { canonicalBundle } from '../plan/bundle.ts';
import type { Bundle, JsonObject } from '../plan/types.ts';
import type { PastRelease } from '../../policies/model/facts.ts';
import { changeKind } from '../plan/kind.ts';
import type { StackPlan } from '../plan/types.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from './types.ts';

/** Finished releases of a stack, oldest first. */
export function releasesOf(
  ledger: Ledger,
  stack: string,
): readonly (LedgerFolder & { readonly entry: ReleaseEntry })[] {
  return ledger.folders.filter(
    (folder): folder is LedgerFolder & { readonly entry: ReleaseEntry } =>
      folder.entry !== null && folder.entry.stack === stack,
  );
}

/**
 * The release whose bundle is live on the stack: the last one that ended `successful`. A failed or rolled-back one left
 * either a later rollback entry (whose bundle is then the live one) or an unfinished state that `openIntents` or
 * `lastResult` shows.
 */
export function liveRelease(
  ledger: Ledger,
  stack: string,
): (LedgerFolder & { readonly entry: ReleaseEntry }) | null {
  return releasesOf(ledger, stack).findLast((folder) => folder.entry.result === 'successful') ?? null;
}

/**
 * The last finished release of the stack did not end well, may have changed something, and nothing has put it right
 * since. An aborted one counts always: what it did is not known.
 */
export function unsettled(
  ledger: Ledger,
  stack: string,
): (LedgerFolder & { readonly entry: ReleaseEntry }) | null {
  const last = releasesOf(ledger, stack).at(-1);
  if (last === undefined || last.entry.result === 'successful') {
    return null;
  }
  return last.entry.result === 'aborted' || last.entry.completed.length > 0 ? last : null;
}

/** Releases that were begun and not recorded as ended: a crash, or one that runs right now. */
export function openIntents(ledger: Ledger, stack?: string): readonly LedgerFolder[] {
  return ledger.folders.filter(
    (folder) => folder.entry === null && (stack === undefined || folder.intent.stack === stack),
  );
}

/** Ids of the releases that a successful rollback took back. */
export function undoneIds(ledger: Ledger): ReadonlySet<string> {
  return new Set(
    ledger.folders.flatMap(({ entry }) =>
      entry !== null && entry.action === 'rollback' && entry.result === 'successful' ? entry.undoes : [],
    ),
  );
}

/** The bundle that a release stored. The ledger was verified, so the file is there and is what was released. */
export function bundleOf(ledger: Ledger, folder: LedgerFolder): Bundle {
  const text = ledger.files.get(`${folder.folder}/bundle.tf.json`) ?? '{}';
  return canonicalBundle(folder.intent.stack, JSON.parse(text) as JsonObject);
}

/** `R0001`, `R0002`, …: one more than the highest begun. */
export function nextId(ledger: Ledger): string {
  const highest = Math.max(0, ...ledger.folders.map((folder) => Number(folder.intent.id.slice(1))));
  return `R${String(highest + 1).padStart(4, '0')}`;
}

/** History as the policies read it. Incidents caused are joined in from the change records by the caller. */
export function pastReleases(
  ledger: Ledger,
  causedIncidents: ReadonlyMap<string, PastRelease['causedIncidents']>,
): readonly PastRelease[] {
  const entries = ledger.folders.map((folder) => folder.entry).filter((entry) => entry !== null);
  const undone = undoneIds(ledger);
  return entries
    .filter((entry) => entry.action !== 'baseline')
    .map((entry) => ({
      id: entry.id,
      changeId: entry.changeId ?? entry.id,
      stack: entry.stack,
      client: entry.client,
      ...(entry.model === null ? {} : { model: entry.model }),
      type: entry.type ?? 'normal',
      at: entry.finishedAt,
      kind: entry.action === 'rollback' ? ('rollback' as const) : ('release' as const),
      result: pastResult(entry, undone),
      causedIncidents: causedIncidents.get(entry.changeId ?? '') ?? [],
      zones: entry.zones,
      loggedRules: entry.loggedRules,
    }));
}

function pastResult(entry: ReleaseEntry, undone: ReadonlySet<string>): PastRelease['result'] {
  if (undone.has(entry.id)) {
    return 'rolled-back';
  }
  return entry.result === 'failed-verification' ? 'failed' : entry.result;
}

/**
 * Deletions and updates per zone, for the rolling window of the delete and update shares. What belongs to no zone counts
 * under `<stack>/account`, the name under which the shares look for it.
 */
export function zoneCounts(plan: StackPlan): ReleaseEntry['zones'] {
  const counts = new Map<string, { deleted: number; updated: number }>();
  for (const change of plan.changes) {
    if (change.mode !== 'managed') {
      continue;
    }
    const zone = change.zone ?? `${plan.stack}/account`;
    const count = counts.get(zone) ?? { deleted: 0, updated: 0 };
    const kind = changeKind(change);
    count.deleted += kind === 'delete' || kind === 'replace' ? 1 : 0;
    count.updated += kind === 'update' ? 1 : 0;
    counts.set(zone, count);
  }
  return [...counts]
    .map(([zone, count]) => ({ zone, ...count }))
    .toSorted((a, b) => (a.zone < b.zone ? -1 : 1));
}

/** WAF rules that the bundle leaves in log mode, as `stack/address#ref`. */
export function loggedRules(bundle: Bundle): readonly string[] {
  const rulesets = resourcesOfType(bundle, 'cloudflare_ruleset');
  return [...rulesets].flatMap(([name, attributes]) => {
    const rules = Array.isArray(attributes['rules']) ? (attributes['rules'] as readonly JsonObject[]) : [];
    return rules.flatMap(({ action, enabled, ref }) =>
      action === 'log' && enabled !== false && typeof ref === 'string'
        ? [`${bundle.stack}/cloudflare_ruleset.${name}#${ref}`]
        : [],
    );
  });
}

function resourcesOfType(bundle: Bundle, type: string): ReadonlyMap<string, JsonObject> {
  const resources = (bundle.configuration['resource'] ?? {}) as JsonObject;
  return new Map(Object.entries((resources[type] ?? {}) as JsonObject)) as ReadonlyMap<string, JsonObject>;
}
