/**
 * Whether a state holds what was released. Drift is looked for between the state and Cloudflare; who ran Terraform by hand moved
 * both, and only the bundle in the ledger still tells. Pure.
 */
import { isList } from '../json/json.ts';
import { diffBundles } from '../plan/difference/diff.ts';
import type { StateResource } from '../plan/terraform/state.ts';
import type { Bundle, Json, JsonObject, ResourceChange } from '../plan/types.ts';
import { configurableNames } from '../provider/configurable.ts';
import { builtinProvider, factsOf } from '../provider/facts.ts';
import { isOnTheWay } from '../provider/pending.ts';
import { argumentsOf } from './instances.ts';
import { SameValue } from './live/same-value.ts';

export interface StateDeviation {
  readonly address: string;
  /** The end of a sentence about the address: `is in the state and was not released`. */
  readonly what: string;
}

/**
 * Of every object of the state, and of the bundle. The values of what `count` and `for_each` make are not compared, only that
 * their block was released.
 */
export function stateDeviations(
  bundle: Bundle,
  resources: readonly StateResource[],
): readonly StateDeviation[] {
  const { changes } = diffBundles({ stack: bundle.stack, before: null, after: bundle });
  const released = new Map(
    changes.filter(({ mode }) => mode === 'managed').map((change) => [change.address, change]),
  );
  const there = resources.filter(({ mode, provider }) => mode === 'managed' && !builtinProvider(provider));
  const known = new Set(there.map(blockOf));
  return [
    ...there.flatMap((resource) => deviationOf(released.get(blockOf(resource)), resource)),
    ...[...released.values()]
      .filter(({ address, provider }) => !known.has(address) && !builtinProvider(provider))
      .map(({ address }) => ({ address, what: 'was released and is not in the state' })),
  ];
}

/** The address of the block that an object belongs to: without the key of its own. */
function blockOf({ address, index }: StateResource): string {
  const key = index === undefined ? '' : `[${JSON.stringify(index)}]`;
  return key !== '' && address.endsWith(key) ? address.slice(0, -key.length) : address;
}

function deviationOf(
  released: ResourceChange | undefined,
  { address, index, values }: StateResource,
): readonly StateDeviation[] {
  if (released === undefined) {
    return [{ address, what: 'is in the state and was not released' }];
  }
  const others = index === undefined ? otherNames(released, values) : [];
  return others.length === 0
    ? []
    : [{ address, what: `has in the state another ${others.join(', ')} than was released` }];
}

/** Attributes that the release configured and the state holds otherwise. */
function otherNames(released: ResourceChange, values: JsonObject): readonly string[] {
  const { type, provider } = released;
  const same = new SameValue(released);
  const facts = factsOf(type, provider);
  const names = new Set(configurableNames(type) ?? []);
  return Object.entries(argumentsOf(released.after) ?? {}).flatMap(([name, wanted]) => {
    const reported = values[name] ?? null;
    const isTold = names.has(name) && facts?.attributes.get(name)?.sensitiveBelow !== true;
    const isSet = facts?.attributes.get(name)?.set === true;
    const holds = isSet
      ? holdsInAnyOrder(wanted, reported, (one, other) => same.holds(one, other, [name, 0]))
      : same.holds(wanted, reported, [name]);
    return !isTold || holds || isOnTheWay(released, name, { wanted, reported }) ? [] : [name];
  });
}

/** A set whose elements refer to others cannot be put into one order: each element that was released has one of its own there. */
function holdsInAnyOrder(
  wanted: Json,
  reported: Json,
  holds: (wanted: Json, reported: Json) => boolean,
): boolean {
  if (!isList(wanted) || !isList(reported) || wanted.length !== reported.length) {
    return false;
  }
  const left = [...reported];
  return wanted.every((element) => {
    const position = left.findIndex((other) => holds(element, other));
    left.splice(position, position === -1 ? 0 : 1);
    return position !== -1;
  });
}
