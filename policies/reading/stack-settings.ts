/** What surrounds the resources of each changed stack, old beside new: backends, providers, modules and the like. */
import { canonicalProvider } from '../../scripts/provider/facts.ts';
import type { Plan, StackPlan, StackSettings } from '../../scripts/plan/types.ts';
import { doubt } from '../rule.ts';
import type { Judgement } from '../rule.ts';

export interface SettingsChange {
  readonly stack: string;
  /** Null for a stack that is new. */
  readonly before: StackSettings | null;
  readonly after: StackSettings;
}

/** Stacks that have settings after the change. A stack that goes away has none, and nothing of it runs any more. */
export function settingsChanges(plan: Plan): readonly SettingsChange[] {
  return plan.stacks.flatMap((stack) =>
    stack.settings.after === null
      ? []
      : [{ stack: stack.stack, before: stack.settings.before, after: stack.settings.after }],
  );
}

/** Doubts about stacks that create or change something while their settings are missing: unseen is not the same as clean. */
export function unseenSettings(plan: Plan): Judgement {
  return plan.stacks
    .filter((stack) => stack.settings.after === null && stack.changes.some((change) => change.after !== null))
    .flatMap((stack: StackPlan) => doubt(stack.stack, 'the settings of the stack are not in the plan'));
}

/** Items of `after` that were not in `before`: what is old was judged when it came. */
export function addedItems(
  before: readonly string[] | undefined,
  after: readonly string[],
): readonly string[] {
  const old = new Set(before);
  return after.filter((item) => !old.has(item));
}

/** `cloudflare/cloudflare` is short for the public registry's address of it, and OpenTofu's registry has the same one. */
export function providerAddress(source: string): string {
  const lower = source.toLowerCase();
  return canonicalProvider(lower.split('/').length === 2 ? `registry.terraform.io/${lower}` : lower);
}
