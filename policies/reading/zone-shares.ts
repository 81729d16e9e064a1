/**
 * How much of a zone a plan deletes or updates, together with what earlier releases of the last days did to it: a large
 * deletion split over three changes is still one. Used by the two share rules.
 */
import { compareText } from '../../scripts/json/json.ts';
import { takesAway } from '../../scripts/provider/kind.ts';
import { untold } from '../../scripts/plan/difference/lifecycle.ts';
import type { Plan, ResourceChange } from '../../scripts/plan/types.ts';
import type { PastRelease } from '../model/facts.ts';
import type { RuleContext } from '../model/finding.ts';
import { doubt, fine, finding } from '../rule.ts';
import type { Judgement } from '../rule.ts';

export type Touch = 'deleted' | 'updated';

export interface ZoneShare {
  readonly subject: string;
  /** By this plan. */
  readonly now: number;
  /** By earlier releases inside the rolling window. */
  readonly earlier: number;
  /** Managed resources before this plan; null when the plan does not say. */
  readonly before: number | null;
  readonly after: number | null;
  /** Some of `now` may be none, or many: the configuration does not tell. */
  readonly isUntold: boolean;
}

/** Every zone in which this plan touches something, sorted. Resources without a zone count per stack, as `stack/account`. */
export function zoneShares(context: RuleContext, touch: Touch): readonly ZoneShare[] {
  const counts = new Map<
    string,
    { readonly stack: string; readonly zone: string | null; now: number; isUntold: boolean }
  >();
  for (const change of context.index.changes) {
    if (!isTouched(change, touch)) {
      continue;
    }
    const key = change.zone === null ? `${change.stack}/account` : `${change.stack}/zone/${change.zone}`;
    const count = counts.get(key) ?? { stack: change.stack, zone: change.zone, now: 0, isUntold: false };
    count.now += 1;
    count.isUntold ||= untold(change) !== null;
    counts.set(key, count);
  }
  return [...counts]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([subject, count]) => ({
      subject,
      now: count.now,
      isUntold: count.isUntold,
      earlier: earlierTouches(context, count.zone ?? `${count.stack}/account`, touch),
      ...totalsOf(context.plan, count.stack, count.zone),
    }));
}

/** Refuses a share above the limit once more than `floor` resources are touched, and the emptying of a zone at any size. */
export function judgeShare(share: ZoneShare, limit: number, floor: number, verb: Touch): Judgement {
  const touched = share.now + share.earlier;
  const required = `at most ${percent(limit)} of a zone ${verb}, earlier releases of the window included`;
  if (share.before === null) {
    return touched > floor
      ? doubt(share.subject, `${touched} resources ${verb}, of how many is not known`)
      : fine;
  }
  if (share.isUntold) {
    return doubt(share.subject, `how many resources are ${verb} cannot be told from the configuration`);
  }
  if (verb === 'deleted' && share.after === 0) {
    return finding(share.subject, `all ${share.now} resources are deleted`, required);
  }
  // What earlier releases deleted was there at the start of the window.
  const atStart = share.before + (verb === 'deleted' ? share.earlier : 0);
  const part = atStart === 0 ? 1 : touched / atStart;
  if (touched <= floor || part <= limit) {
    return fine;
  }
  const earlier = share.earlier === 0 ? '' : ` (${share.earlier} of them by earlier releases)`;
  return finding(
    share.subject,
    `${touched} of ${atStart} resources ${verb}${earlier}, ${percent(part)}`,
    required,
  );
}

function isTouched(change: ResourceChange, touch: Touch): boolean {
  return touch === 'deleted'
    ? takesAway(change) || change.actions.includes('forget')
    : change.actions.includes('update');
}

function earlierTouches(context: RuleContext, zone: string, touch: Touch): number {
  const nowMs = Date.parse(context.now);
  const windowMs = context.policy.thresholds.rollingWindowDays * 86_400_000;
  return context.history
    .filter((release) => nowMs - Date.parse(release.at) <= windowMs && hadEffect(release))
    .flatMap((release) => release.zones)
    .filter((one) => one.zone === zone)
    .reduce((sum, one) => sum + one[touch], 0);
}

/** A rolled-back release put back what it took; a rollback's own deletions are of what that release had added. */
function hadEffect(release: PastRelease): boolean {
  return release.kind === 'release' && release.result !== 'rolled-back';
}

function totalsOf(
  plan: Plan,
  stack: string,
  zone: string | null,
): { before: number | null; after: number | null } {
  const found = plan.stacks.find((one) => one.stack === stack);
  const totals = zone === null ? found?.totals : found?.zones.find((one) => one.zone === zone);
  return { before: totals?.before ?? null, after: totals?.after ?? null };
}

function percent(part: number): string {
  return `${Math.round(part * 1000) / 10}%`;
}
