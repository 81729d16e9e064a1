/** Entries of `resource_changes` that stand for several resources of the provider's version 5, one for each of them. */
import { isList, isObject, own, sameJson } from '../../json/json.ts';
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
  const whole = (own(change, 'actions') ?? []) as readonly Action[];
  return [...new Set([...before.keys(), ...after.keys()])].map((address) =>
    entryOf({ ...entry, address }, { old: before.get(address), now: after.get(address) }, { unknown, whole }),
  );
}

function entryOf(
  entry: JsonObject & { readonly address: string },
  { old, now }: { readonly old: EntryPart | undefined; readonly now: EntryPart | undefined },
  { unknown, whole }: { readonly unknown: ReadonlySet<string>; readonly whole: readonly Action[] },
): JsonObject {
  const name = entry.address.slice(entry.address.lastIndexOf('.') + 1);
  const isOpen = now !== undefined && unknown.has(name);
  const [before, after] = [bodyOf(old), bodyOf(now)];
  const isSame = !isOpen && sameJson(before, after);
  return {
    ...entry,
    type: (now ?? old)?.type ?? '',
    change: {
      actions: actionsOf(whole, before, after, isSame),
      before,
      after,
      after_unknown: isOpen ? { value: true } : {},
    },
  };
}

function bodyOf(part: EntryPart | undefined): JsonObject | null {
  return part === undefined ? null : part.body;
}

interface EntryPart {
  readonly type: string;
  readonly body: JsonObject;
}

function partsOf(entry: JsonObject, type: string, body: Json | undefined): ReadonlyMap<string, EntryPart> {
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
  whole: readonly Action[],
  before: JsonObject | null,
  after: JsonObject | null,
  isSame: boolean,
): readonly Action[] {
  if (before === null || after === null) {
    return [before === null ? 'create' : 'delete'];
  }
  return whole.length === 1 && isSame ? ['no-op'] : whole;
}
