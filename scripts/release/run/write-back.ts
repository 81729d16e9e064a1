/**
 * The part of a rollback that deleting cannot do: values that Cloudflare keeps are set to what was there before. Terraform
 * does it in two applies. The first brings the target about and sets the values, the second takes the resources that set
 * them out of the state, which changes nothing at Cloudflare. Wherever it breaks off, a rollback again ends it: it asks what
 * is live, sets what still differs, and takes out what an earlier attempt left.
 */
import type { Services } from '../../contract/context.ts';
import type { LiveBefore, LiveSetting } from '../../live/types.ts';
import { diffBundles } from '../../plan/difference/diff.ts';
import type { Bundle, StackPlan } from '../../plan/types.ts';
import { bundleOf } from '../history.ts';
import { beforeOf } from '../live-evidence.ts';
import type { Ledger, ReleaseAction } from '../types.ts';
import { leftoversOf, toWriteBack, valuesBefore, withValues } from '../write-back.ts';
import { askCloudflare } from './ask-cloudflare.ts';
import { refuseDeviations, type AppliedComparison } from './deviations.ts';
import { planLive, type Prepared } from './plan-live.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';

/** What a rollback undoes, as the ledger has it. */
export interface Undone {
  readonly befores: readonly LiveBefore[];
  /** What was there before the oldest of them. */
  readonly values: readonly LiveSetting[];
  /** What the newest of them wanted; null when nothing is undone. */
  readonly from: Bundle | null;
}

export function undoneBy(ledger: Ledger, undoes: readonly string[]): Undone {
  const folders = ledger.folders.filter(({ intent }) => undoes.includes(intent.id));
  const befores = folders.map((folder) => beforeOf(ledger, folder)).filter((before) => before !== null);
  const newest = folders.at(-1);
  return {
    befores,
    values: valuesBefore(befores),
    from: newest === undefined ? null : bundleOf(ledger, newest),
  };
}

/** What a rollback may do, with what an earlier attempt at it may have left in the state. */
export function withLeftovers(
  allowed: StackPlan | null,
  { action, bundle }: { readonly action: ReleaseAction; readonly bundle: Bundle },
  { values, from }: Undone,
): StackPlan | null {
  return allowed === null || action !== 'rollback' || from === null
    ? allowed
    : { ...allowed, changes: [...allowed.changes, ...leftoversOf(bundle, from, values).changes] };
}

/** The first of two applies. */
export interface WriteBack {
  readonly prepared: Prepared;
  readonly settings: readonly LiveSetting[];
  /** What the second one may do. */
  readonly ending: StackPlan;
}

export interface WritingBack {
  readonly bundle: Bundle;
  readonly comparison: AppliedComparison;
  readonly undone: Undone;
  /** The plan that leads to the bundle. */
  readonly prepared: Prepared;
  readonly planFile: string;
}

/** Null when nothing has to be set again. What Cloudflare does not answer about is not written: the verification names it. */
export async function planWriteBack(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  { bundle, comparison, undone, prepared, planFile }: WritingBack,
): Promise<WriteBack | null> {
  const { values, from } = undone;
  if (comparison.action !== 'rollback' || from === null || values.length === 0) {
    return null;
  }
  const inquiry = { questions: [], settings: values, notAsked: [] };
  const { settings: now } = await askCloudflare(services, reach.cloudflare, inquiry, false);
  const settings = toWriteBack({ before: values, now, plan: prepared.live, managed: prepared.settings });
  if (settings.length === 0) {
    return null;
  }
  const between = withValues(bundle, from, settings);
  const { stack } = bundle;
  const first = await services.reporter.step(
    `${stack}: plan to set ${String(settings.length)} value(s) again`,
    () => planLive(services, workshop, reach, { bundle: between, planFile }),
  );
  const added = diffBundles({ stack, before: bundle, after: between }).changes;
  const { allowed } = comparison;
  const both = allowed === null ? null : { ...allowed, changes: [...allowed.changes, ...added] };
  refuseDeviations({ ...comparison, allowed: both }, first.live);
  return {
    prepared: first,
    settings,
    ending: diffBundles({ stack, before: between, after: bundle }),
  };
}

/** Plans the second apply. Throws DriftError when it would do anything but take out what the first one added. */
export async function planEnding(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  given: Pick<WritingBack, 'bundle' | 'comparison' | 'planFile'> & { readonly ending: StackPlan },
): Promise<Prepared> {
  const { bundle, comparison, planFile, ending } = given;
  const prepared = await planLive(services, workshop, reach, { bundle, planFile });
  refuseDeviations({ ...comparison, allowed: ending }, prepared.live);
  return prepared;
}
