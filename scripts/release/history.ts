/** What the ledger's documents hold: bundles, numbers, and history as the policies read it. */
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import { canonicalBundle } from '../plan/bundle.ts';
import type { Bundle, JsonObject } from '../plan/types.ts';
import type { Baseline, PastRelease } from '../../policies/model/facts.ts';
import { changedKinds } from '../plan/difference/effect-kind.ts';
import { changeKind, takesAway } from '../provider/kind.ts';
import { rulesetType } from '../provider/ruleset-type.ts';
import { loggedBy } from '../plan/logged-rule.ts';
import { resourcesOf } from '../waf/rulesets/configured-bundle.ts';
import { readRuleset } from '../waf/rulesets/rules.ts';
import type { Plan, StackPlan } from '../plan/types.ts';
import { isMadeWith, type ApprovedChange } from './approval-use.ts';
import type { RehearsalEvidence } from './rehearsal.ts';
import { idOf } from './ledger/format.ts';
import { knownStacks, stackState, type StackState } from './state.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from './types.ts';

/** The bundle that a release stored. The ledger was verified, so the file is there and is what was released. */
export function bundleOf(ledger: Ledger, folder: LedgerFolder): Bundle {
  const text = ledger.files.get(`${folder.folder}/bundle.tf.json`) ?? '{}';
  return canonicalBundle(folder.intent.stack, parseJson(text, limits.json) as JsonObject);
}

/** `R0001`, `R0002`, …: one more than were begun, which have no gaps. */
export function nextId(ledger: Ledger): string {
  return idOf((ledger.rest?.begun ?? ledger.folders.length) + 1);
}

/**
 * History as the policies read it. Incidents caused are joined in from the change records by the caller. Releases made
 * with the approval that is being judged are left out: what a change did itself so far must not raise its own risk.
 */
export function pastReleases(
  ledger: Ledger,
  causedIncidents: ReadonlyMap<string, PastRelease['causedIncidents']>,
  judged: Pick<ApprovedChange, 'headSha'> | null,
): readonly PastRelease[] {
  const states = new Map(knownStacks(ledger).map((stack) => [stack, stackState(ledger, stack)]));
  return ledger.folders
    .filter(({ intent }) => judged === null || !isMadeWith(intent, judged))
    .flatMap((folder) => {
      const { entry } = folder;
      return entry === null || entry.action === 'baseline'
        ? []
        : [{ entry, changed: changedBy(ledger, folder), rollbackSeconds: rehearsedBy(ledger, folder) }];
    })
    .map(({ entry, changed, rollbackSeconds }) => ({
      id: entry.id,
      changeId: entry.changeId ?? entry.id,
      stack: entry.stack,
      client: entry.client,
      ...(entry.model === null ? {} : { model: entry.model }),
      changed,
      type: entry.type ?? 'normal',
      at: entry.finishedAt,
      kind: entry.action === 'rollback' ? ('rollback' as const) : ('release' as const),
      result: pastResult(entry, states.get(entry.stack)),
      causedIncidents: causedIncidents.get(entry.changeId ?? '') ?? [],
      zones: entry.zones,
      ...tookOf(entry, rollbackSeconds),
      loggedRules: entry.loggedRules,
    }));
}

/** Nothing where the end is before the beginning: another machine ended it, or a clock was set back between the two. */
function tookOf(
  { startedAt, finishedAt }: ReleaseEntry,
  rollbackSeconds: number | null,
): Pick<PastRelease, 'took'> {
  const releaseSeconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return releaseSeconds < 0
    ? {}
    : { took: { releaseSeconds, ...(rollbackSeconds === null ? {} : { rollbackSeconds }) } };
}

/** Taking over of stacks, each with what its rules logged then; one that was undone or failed is left out. */
export function baselinesOf(ledger: Ledger): readonly Baseline[] {
  return ledger.folders.flatMap(({ entry }) =>
    entry?.action === 'baseline' && entry.result.startsWith('successful')
      ? [{ stack: entry.stack, at: entry.finishedAt, loggedRules: entry.loggedRules }]
      : [],
  );
}

/** From the plan that the release was made from; what its author called it says nothing. */
function changedBy(ledger: Ledger, { folder, intent }: LedgerFolder): PastRelease['changed'] {
  const text = ledger.files.get(`${folder}/plan.json`);
  const plan = text === undefined ? null : (parseJson(text, limits.document) as Plan);
  const own = plan?.stacks.find(({ stack }) => stack === intent.stack);
  return own === undefined ? null : changedKinds(own);
}

/** Seconds that the rollback took when it was rehearsed; null where the release has no rehearsal. */
function rehearsedBy(ledger: Ledger, { folder }: LedgerFolder): number | null {
  const text = ledger.files.get(`${folder}/rehearsal.json`);
  const rehearsal = text === undefined ? null : (parseJson(text, limits.document) as RehearsalEvidence);
  return rehearsal?.steps.find(({ step }) => step === 'roll-back')?.seconds ?? null;
}

function pastResult(entry: ReleaseEntry, state: StackState | undefined): PastRelease['result'] {
  if (state?.undone.has(entry.id) === true) {
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
    count.deleted += takesAway(change) ? 1 : 0;
    count.updated += kind === 'update' ? 1 : 0;
    counts.set(zone, count);
  }
  return [...counts]
    .map(([zone, count]) => ({ zone, ...count }))
    .toSorted((a, b) => (a.zone < b.zone ? -1 : 1));
}

/** WAF rules and parts of managed rulesets that the bundle leaves in log mode, each with what it logs. */
export function loggedRules({ stack, configuration }: Bundle): readonly string[] {
  return resourcesOf(configuration, (type) => type === rulesetType).flatMap(({ type, name, attributes }) =>
    readRuleset(attributes).rules.flatMap((rule) =>
      rule.ref === null ? [] : loggedBy(`${stack}/${type}.${name}#${rule.ref}`, rule.attributes),
    ),
  );
}
