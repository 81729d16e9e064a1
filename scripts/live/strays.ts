/** What is live and in no state: made by a run that died before it wrote that down, or by somebody else. */
import { isObject } from '../plan/json.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import type { LiveAnswers, LiveObject, LiveSetting } from './types.ts';

export interface Held {
  /** Objects that something in the state stands for now, as `<type> <id>`. */
  readonly held: ReadonlySet<string>;
  /** Objects that the state only keeps to take them away: left by a replacement that broke off. */
  readonly deposed: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
}

/** What a state holds; from the `prior_state` of a plan, which is fresh. */
export function heldObjects(planDocument: JsonObject): Held {
  const held = new Set<string>();
  const deposed = new Set<string>();
  const addresses = new Set<string>();
  const visit = (module: Json | undefined): void => {
    if (!isObject(module)) {
      return;
    }
    for (const resource of listAt(module, 'resources')) {
      const { address, values } = resource;
      if (typeof address === 'string') {
        addresses.add(address);
      }
      const ids = isObject(values) ? idNames.map((name) => values[name]) : [];
      for (const id of ids) {
        if (typeof resource['type'] === 'string' && (typeof id === 'string' || typeof id === 'number')) {
          (resource['deposed_key'] === undefined ? held : deposed).add(keyOf(resource['type'], String(id)));
        }
      }
    }
    listAt(module, 'child_modules').forEach(visit);
  };
  const state = planDocument['prior_state'];
  const values = isObject(state) ? state['values'] : undefined;
  visit(isObject(values) ? values['root_module'] : undefined);
  return { held, deposed, addresses };
}

/** Attributes under which the provider keeps an object's id. */
const idNames = ['id', 'queue_id', 'uuid', 'sitekey', 'network_id'] as const;

function listAt(object: JsonObject, name: string): readonly JsonObject[] {
  const list = object[name];
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}

function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

/** Whether a replacement that broke off left this object, and the state still knows it. */
export function isDeposed({ type, id }: LiveObject, { deposed }: Pick<Held, 'deposed'>): boolean {
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
  before: LiveAnswers,
  now: readonly LiveSetting[],
): readonly (LiveSetting & { readonly was: Json })[] {
  return now.flatMap((setting) => {
    const was = before.settings.find(({ path }) => path === setting.path);
    return was === undefined || JSON.stringify(was.value) === JSON.stringify(setting.value)
      ? []
      : [{ ...setting, was: was.value }];
  });
}
