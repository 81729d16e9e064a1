/**
 * One release out of the middle: the live bundle without what that release did to it, if this can be told apart from
 * everything that came after.
 */
import { canonicalBundle } from '../plan/bundle.ts';
import { diffBundles } from '../plan/difference/diff.ts';
import { canonicalJson } from '../json/json.ts';
import type { Bundle, Json, JsonObject, StackPlan } from '../plan/types.ts';

export type TakenOut =
  | { readonly kind: 'target'; readonly target: Bundle }
  /** It changed top-level blocks around the resources. */
  | { readonly kind: 'around'; readonly blocks: readonly string[] }
  /** What it changed was changed again. */
  | { readonly kind: 'touched'; readonly addresses: readonly string[] }
  /** Going without it would do more than the inverse: something else refers to it. */
  | { readonly kind: 'dependent' };

export interface TakingOut {
  readonly live: Bundle;
  /** What was live before the release, and what the release made of it. */
  readonly before: Bundle;
  readonly own: Bundle;
  /** The same of every later release that is in force. */
  readonly later: readonly { readonly before: Bundle; readonly own: Bundle }[];
}

/** Pure. The bundles are of one stack. */
export function withoutRelease({ live, before, own, later }: TakingOut): TakenOut {
  const blocks = aroundResources(before, own);
  if (blocks.length > 0) {
    return { kind: 'around', blocks };
  }
  const { stack } = live;
  const inverse = diffBundles({ stack, before: own, after: before });
  // Step by step as well: a later release may have put the very same value there again, and it is that release's now.
  const steps = [{ before: own, own: live }, ...later].map((step) =>
    diffBundles({ stack, before: step.before, after: step.own }),
  );
  const touchedLater = new Set(steps.flatMap(({ changes }) => changes.map((change) => change.address)));
  const changed = inverse.changes.map((change) => change.address);
  const addresses = changed.filter((address) => touchedLater.has(address));
  if (addresses.length > 0) {
    return { kind: 'touched', addresses };
  }
  const target = restoreResources(live, before, changed);
  return isSameEffect(diffBundles({ stack, before: live, after: target }), inverse)
    ? { kind: 'target', target }
    : { kind: 'dependent' };
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
