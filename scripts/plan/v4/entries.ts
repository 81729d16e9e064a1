/** Entries of `resource_changes` that stand for several resources of the provider's version 5, one for each of them. */
import { isList, isObject, own, sameJson } from '../json.ts';
import type { Action, Json, JsonObject } from '../types.ts';
import { isSplit, settingsIn } from './settings.ts';

/** The entry itself for every type that is one resource in version 5 too. */
export function entriesOf(entry: JsonObject): readonly JsonObject[] {
  const [type, change] = [own(entry, 'type'), own(entry, 'change')];
  if (typeof type !== 'string' || !isSplit(type) || !isObject(change)) {
    return [entry];
  }
  const [before, after] = [
    partsOf(entry, type, own(change, 'before')),
    partsOf(entry, type, own(change, 'after')),
  ];
  const unknown = unknownIn(own(change, 'after_unknown'));
  return [...new Set([...before.keys(), ...after.keys()])].map((address) => {
    const [old, now] = [before.get(address) ?? null, after.get(address) ?? null];
    const isOpen = now !== null && unknown.has(address.slice(address.lastIndexOf('.') + 1));
    return {
      ...entry,
      address,
      type: (now ?? old)?.type ?? type,
      change: {
        actions: actionsOf(
          own(change, 'actions') ?? [],
          old?.body ?? null,
          isOpen ? null : (now?.body ?? null),
          now !== null,
        ),
        before: old?.body ?? null,
        after: now?.body ?? null,
        after_unknown: isOpen ? { value: true } : {},
      },
    };
  });
}

interface Part {
  readonly type: string;
  readonly body: JsonObject;
}

function partsOf(entry: JsonObject, type: string, body: Json | undefined): ReadonlyMap<string, Part> {
  const address = own(entry, 'address');
  return typeof address === 'string' && isObject(body)
    ? new Map(
        settingsIn({ kind: 'resource', type, name: '', address, body }).map((part) => [part.address, part]),
      )
    : new Map();
}

/** Names of settings that are known only after apply. */
function unknownIn(marks: Json | undefined): ReadonlySet<string> {
  const written = isObject(marks) ? (own(marks, 'settings') ?? marks) : {};
  const block = isList(written) ? (written[0] ?? {}) : written;
  return new Set(
    isObject(block) ? Object.entries(block).flatMap(([name, mark]) => (mark === false ? [] : [name])) : [],
  );
}

/** A replacement replaces each; an update touches those that differ, and takes up and gives up what is on one side only. */
function actionsOf(
  whole: Json,
  before: JsonObject | null,
  after: JsonObject | null,
  isThere: boolean,
): readonly Action[] {
  if (before === null || !isThere) {
    return [before === null ? 'create' : 'delete'];
  }
  const actions = whole as readonly Action[];
  return actions.length === 1 && sameJson(before, after) ? ['no-op'] : actions;
}
