/** What is live and in no state: made by a run that died before it wrote that down, or by somebody else. */
import { isObject } from '../json/json.ts';
import { stateResources, type StateResource } from '../plan/terraform/state.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import { pendingStates, type PendingValue } from '../provider/pending.ts';
import { settingPath } from './inquiry.ts';
import { isSameValue } from './retained.ts';
import type { LiveAnswers, LiveObject, LiveSetting } from './types.ts';

export interface HeldObject {
  /** Objects that something in the state stands for now, as `<type> <id>`. */
  readonly held: ReadonlySet<string>;
  /** Objects that the state only keeps to take them away: left by a replacement that broke off. */
  readonly deposed: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  /** Paths of the objects that keep their value and that the state stands for. */
  readonly settings: ReadonlySet<string>;
  /** What each address has. */
  readonly values: ReadonlyMap<string, JsonObject>;
  /** Values that are on the way to another one. */
  readonly pending: readonly PendingValue[];
}

/** What a state holds; from the `prior_state` of a plan, which is fresh. */
export function heldObjects(planDocument: JsonObject): HeldObject {
  const held = new Set<string>();
  const deposed = new Set<string>();
  const settings = new Set<string>();
  const values = new Map<string, JsonObject>();
  const pending: PendingValue[] = [];
  for (const object of resourcesIn(planDocument)) {
    const { address, type, isDeposed: isLeft } = object;
    for (const id of idNames.map((name) => object.values[name])) {
      if (typeof id === 'string' || typeof id === 'number') {
        (isLeft ? deposed : held).add(keyOf(type, String(id)));
      }
    }
    const path = settingPath(type, object.values);
    if (path !== null && !isLeft) {
      settings.add(path);
    }
    values.set(address, object.values);
    pending.push(...pendingStates(object, object.values));
  }
  return { held, deposed, addresses: new Set(values.keys()), settings, values, pending };
}

function resourcesIn(planDocument: JsonObject): readonly StateResource[] {
  const state = planDocument['prior_state'];
  return isObject(state) ? stateResources(state['values']) : [];
}

/** Attributes under which the provider keeps an object's id. */
const idNames = ['id', 'queue_id', 'uuid', 'sitekey', 'network_id'] as const;

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

/** Whether a replacement that broke off left this object, and the state still knows it. */
export function isDeposed({ type, id }: LiveObject, { deposed }: Pick<HeldObject, 'deposed'>): boolean {
  return deposed.has(keyOf(type, id));
}

/** What was found and nothing in the state stands for. */
export function looseOf({ found }: LiveAnswers, held: ReadonlySet<string>): readonly LiveObject[] {
  return found.filter(({ type, id }) => !held.has(keyOf(type, id)));
}

/** Objects of `loose` that were not there before. */
export function newSince(before: LiveAnswers, loose: readonly LiveObject[]): readonly LiveObject[] {
  const known = new Set(before.found.map(({ type, id }) => keyOf(type, id)));
  return loose.filter(({ type, id }) => !known.has(keyOf(type, id)));
}

export interface Strays {
  /** Not there before the run: it made them. One for each address. */
  readonly made: readonly LiveObject[];
  /** Live and in no state, and it cannot be told that the run made them: named, never touched. */
  readonly unclear: readonly LiveObject[];
}

/**
 * Tells what a run left behind. `before` is what was found before it began; null when nobody asked, and then nothing can be
 * laid at its door.
 */
export function straysOf(after: LiveAnswers, held: ReadonlySet<string>, before: LiveAnswers | null): Strays {
  const loose = looseOf(after, held);
  const known = new Set((before?.found ?? []).map(({ type, id }) => keyOf(type, id)));
  const counts = new Map<string, number>();
  const unknown = new Set(
    (before?.notAsked ?? []).filter(({ hasFailed }) => hasFailed).map(({ address }) => address),
  );
  const fresh =
    before === null
      ? []
      : loose.filter(({ address, type, id }) => !unknown.has(address) && !known.has(keyOf(type, id)));
  for (const { address } of fresh) {
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }
  const made = fresh.filter(({ address, importId }) => importId !== null && counts.get(address) === 1);
  return { made, unclear: loose.filter((object) => !made.includes(object)) };
}

/** Settings that have another value now than `before` says. */
export function movedSettings(
  before: readonly LiveSetting[],
  now: readonly LiveSetting[],
): readonly (LiveSetting & { readonly was: Json })[] {
  return now.flatMap((setting) => {
    const was = before.find(({ path }) => path === setting.path);
    return was === undefined || isSameValue(was, setting) ? [] : [{ ...setting, was: was.value }];
  });
}
