/** Cases that live: a resource is made, planned again, changed, planned again and destroyed. */
import { isList } from '../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import type { Attribute } from '../../scripts/sandbox/provider/schema.ts';
import type { Answers, Case } from './cases.ts';
import type { TypeFacts } from './facts.ts';
import { catalogue, fit, plainOf, readAt, valueAt, withAt } from './made.ts';

/** What makes a change of an attribute a replacement, from the schema's file: by type and path. */
export type ReplaceFlags = (type: string, path: string) => 'always' | 'if configured' | 'never';

/** The lives of a type: a change in place, one that replaces, one that says a default. */
export function livesOf(
  type: string,
  facts: TypeFacts,
  replaces: ReplaceFlags,
  random: () => number,
): readonly Case[] {
  if (facts.delete === 'unsupported') {
    const first = plainOf(type, `${type} refused`);
    const expect: Answers = { validate: 'accepted', plan: 'create', apply: 'failed' };
    return [
      { name: `${type}: every call fails`, kind: 'no call succeeds', type, first, changed: first, expect },
    ];
  }
  const shared = { type, facts, candidates: shuffled(changeable(type), random), replaces };
  return [inPlace(shared), dropped(shared), replaced(shared), defaulted(shared)].flatMap(
    (each) => each ?? [],
  );
}

interface Shared {
  readonly type: string;
  readonly facts: TypeFacts;
  readonly candidates: readonly string[];
  readonly replaces: ReplaceFlags;
}

/** Plain attributes at the top that can be written and do not say what the object belongs to. */
function changeable(type: string): readonly string[] {
  return Object.entries(catalogue.resources[type]?.attributes ?? {})
    .filter(
      ([name, { presence, shape }]) => presence !== 'computed' && shape.kind === 'plain' && !scopes.has(name),
    )
    .map(([name]) => name);
}

const scopes: ReadonlySet<string> = new Set(['zone_id', 'account_id', 'provider']);

function shuffled(items: readonly string[], random: () => number): readonly string[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

function inPlace({ type, facts, candidates, replaces }: Shared): Case | null {
  for (const path of candidates.filter((each) => replaces(type, each) === 'never')) {
    const pair = changeOf(type, path, `${type} in place`);
    if (pair !== null) {
      return {
        name: `${type}: ${path} changes in place`,
        kind: facts.update === 'unsupported' ? 'update that is not sent' : 'update',
        type,
        ...pair,
        expect: {
          ...made,
          'change: plan': 'update',
          'change: replaced by': '',
          ...unknownAfter(type, facts, pair.changed),
          ...updateOf(facts),
          ...destroyed(facts),
        },
      };
    }
  }
  return null;
}

const made: Answers = {
  validate: 'accepted',
  plan: 'create',
  apply: 'done',
  'plan again': 'no-op',
  'change: validate': 'accepted',
};

function updateOf({ update }: TypeFacts): Answers {
  return update === 'unsupported'
    ? { 'change: apply': 'failed', 'change: plan again': 'update' }
    : { 'change: apply': 'done', 'change: plan again': 'no-op' };
}

function destroyed({ delete: call }: TypeFacts): Answers {
  return { destroy: 'done', remains: call === 'keeps-value' ? 'kept' : 'gone' };
}

/** Not told where the provider's plan function makes exceptions. */
function unknownAfter(type: string, facts: TypeFacts, changed: JsonObject): Answers {
  if (facts.retainedByPlan !== undefined) {
    return {};
  }
  const anew = [
    ...facts.computedWithoutState,
    ...facts.optionalComputedWithoutState.filter((path) => readAt(changed, path) === null),
  ];
  const known = new Set(Object.keys(catalogue.resources[type]?.attributes ?? {}));
  const found = anew.filter((path) => {
    const parent = /^(.*?)(?:\[\])*\.[^.]*$/.exec(path)?.[1];
    return parent === undefined
      ? known.has(path)
      : readAt(changed, parent) !== null && !anew.includes(parent);
  });
  return { 'change: unknown': found.toSorted().join(', ') };
}

/** What replaces only where it is configured is updated in place when it is left out. */
function dropped({ type, facts }: Shared): Case | null {
  for (const path of facts.replaceIfConfigured) {
    const attribute = catalogue.resources[type]?.attributes[path];
    const changed = plainOf(type, `${type} dropped`);
    const first = fit(type, withAt(type, changed, path, valueAt(type, path, 'dropped')));
    const isLeftOut = attribute?.presence === 'optional' && readAt(changed, path) === null;
    if (isLeftOut && first !== null && readAt(first, path) !== null) {
      return {
        name: `${type}: ${path} is left out`,
        kind: facts.update === 'unsupported' ? 'update that is not sent' : 'update',
        type,
        first,
        changed,
        expect: {
          ...made,
          'change: plan': 'update',
          'change: replaced by': '',
          ...updateOf(facts),
          ...destroyed(facts),
        },
      };
    }
  }
  return null;
}

function replaced({ type, facts, candidates, replaces }: Shared): Case | null {
  for (const path of candidates.filter((each) => replaces(type, each) !== 'never')) {
    const pair = changeOf(type, path, `${type} replaced`);
    if (pair !== null) {
      return {
        name: `${type}: ${path} replaces`,
        kind: replaces(type, path) === 'always' ? 'replacement' : 'replacement if configured',
        type,
        ...pair,
        expect: {
          ...made,
          'change: plan': 'replace',
          'change: replaced by': path,
          'change: apply': 'done',
          'change: plan again': 'no-op',
          ...destroyed(facts),
        },
      };
    }
  }
  return null;
}

/** Spelling a default out is not a change. */
function defaulted({ type, facts }: Shared): Case | null {
  for (const [path, value] of Object.entries(facts.defaults)) {
    const first = plainOf(type, `${type} default`);
    const changed =
      path.includes('.') || readAt(first, path) !== null ? null : valid(type, first, path, value);
    if (changed !== null) {
      return {
        name: `${type}: the default of ${path}`,
        kind: 'default',
        type,
        first,
        changed,
        expect: { ...made, 'change: plan': 'no-op', ...destroyed(facts) },
      };
    }
  }
  return null;
}

function valid(type: string, first: JsonObject, path: string, value: Json): JsonObject | null {
  const changed = withAt(type, first, path, value);
  return JSON.stringify(fit(type, changed)) === JSON.stringify(changed) ? changed : null;
}

/** Two valid configurations that differ in one attribute; null when there are none. */
function changeOf(
  type: string,
  path: string,
  name: string,
): { readonly first: JsonObject; readonly changed: JsonObject } | null {
  const attribute = catalogue.resources[type]?.attributes[path];
  const value = valueAt(type, path, name);
  const other = attribute === undefined ? undefined : another(attribute, value);
  const first = fit(type, withAt(type, plainOf(type, name), path, value));
  const changed = other === undefined || first === null ? null : valid(type, first, path, other);
  return first === null || readAt(first, path) === null || changed === null ? null : { first, changed };
}

function another({ oneOf = [] }: Attribute, value: Json): Json | undefined {
  if (oneOf.length > 0) {
    return anotherListed(oneOf, value);
  }
  if (typeof value === 'boolean') {
    return !value;
  }
  if (typeof value === 'number') {
    return value + 1;
  }
  if (typeof value === 'string') {
    return /^[0-9a-f]{32}$/.test(value) ? 'b'.repeat(32) : `${value}b`;
  }
  return isList(value) && typeof value[0] === 'string' ? [`${value[0]}b`] : undefined;
}

function anotherListed(oneOf: readonly string[], value: Json): Json | undefined {
  const now = isList(value) ? value[0] : value;
  const next = oneOf.find(
    (each) => each.toLowerCase() !== JSON.stringify(now).replaceAll('"', '').toLowerCase(),
  );
  if (next === undefined) {
    return undefined;
  }
  const own = typeof now === 'number' ? Number(next) : next;
  return isList(value) ? [own] : own;
}
