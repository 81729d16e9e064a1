/**
 * What was asked for and is not reported yet: Cloudflare answers `pending` until the registrar has the DS record, until a
 * certificate is issued, until somebody accepts an invitation. Neither drift nor a failure. Which values may stand for which
 * is in `provider-behaviour.json`; any other value is a difference like every other.
 */
import { behaviourOf } from './behaviour.ts';
import { isList, isObject, textOf } from '../json/json.ts';
import { formatPath } from '../plan/path.ts';
import type { AttributeChange, Json, JsonObject, ResourceChange } from '../plan/types.ts';

export interface PendingValue {
  readonly address: string;
  readonly path: string;
  readonly reported: string;
  /** What is configured; null where only Cloudflare sets the value. */
  readonly wanted: string | null;
}

type OfType = Pick<ResourceChange, 'type' | 'provider'>;

/** Whether Cloudflare may report the one of what is configured as the other, for a while. */
export function isOnTheWay(
  { type, provider }: OfType,
  path: string,
  values: { readonly wanted: Json | undefined; readonly reported: Json | undefined },
): boolean {
  const { wanted, reported } = values;
  const known = behaviourOf(type, provider)?.reportedFor?.[path];
  return (
    typeof wanted === 'string' &&
    typeof reported === 'string' &&
    wanted !== reported &&
    known !== undefined &&
    Object.hasOwn(known, wanted) &&
    known[wanted]?.includes(reported) === true
  );
}

/** An update that would only ask again for what is on the way. */
export function isPendingAttribute(change: OfType, { kind, path, before, after }: AttributeChange): boolean {
  return kind === 'changed' && isOnTheWay(change, formatPath(path), { wanted: after, reported: before });
}

/** The values of an update that are on the way already. */
export function pendingUpdates(change: ResourceChange): readonly PendingValue[] {
  return change.attributes
    .filter((attribute) => isPendingAttribute(change, attribute))
    .map(({ path, before, after }) => ({
      address: change.address,
      path: formatPath(path),
      reported: textOf(before),
      wanted: textOf(after),
    }));
}

/** What is reported, with what is configured in the place of whatever is on the way to it. */
export function asConfigured(
  { type, provider }: OfType,
  configured: JsonObject | null,
  reported: JsonObject | null,
): JsonObject | null {
  const paths = Object.keys(behaviourOf(type, provider)?.reportedFor ?? {});
  if (configured === null || reported === null) {
    return reported;
  }
  const settled = paths.filter((path) =>
    isOnTheWay({ type, provider }, path, { wanted: configured[path], reported: reported[path] }),
  );
  return settled.length === 0
    ? reported
    : { ...reported, ...Object.fromEntries(settled.map((path) => [path, configured[path] ?? null])) };
}

/** Values of an object that only Cloudflare sets, and that are not at their end yet. */
export function pendingStates(
  about: OfType & { readonly address: string },
  values: JsonObject,
): readonly PendingValue[] {
  const states = Object.entries(behaviourOf(about.type, about.provider)?.onTheWay ?? {});
  return states.flatMap(([path, passing]) =>
    valuesAt(values, path.replaceAll('[]', '.[]').split('.'))
      .filter((value) => typeof value === 'string')
      .filter((value) => passing.includes(value))
      .map((reported) => ({ address: about.address, path, reported, wanted: null })),
  );
}

function valuesAt(value: Json | undefined, [step, ...rest]: readonly string[]): readonly Json[] {
  if (step === undefined) {
    return value === undefined ? [] : [value];
  }
  if (step === '[]') {
    return isList(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
  }
  return isObject(value) ? valuesAt(value[step], rest) : [];
}
