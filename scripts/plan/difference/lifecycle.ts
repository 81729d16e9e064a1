/** Terraform's own arguments of a block: `lifecycle`, and `count` and `for_each`, which decide how many there are. */
import type { ExpressionReference } from '../expression/facts.ts';
import { isOpenText, namedReference } from '../expression/parse.ts';
import type { AttributeFacts } from '../../provider/facts.ts';
import { isList, isObject, own, sameJson } from '../../json/json.ts';
import { referencesIn, resolveValue } from './resolve.ts';
import type { ResolveScope } from './resolve.ts';
import { singleBlock } from '../stack-view.ts';
import { asBoolean } from '../typed.ts';
import type { Json, JsonObject, Lifecycle, ResourceChange } from '../types.ts';

/** The `lifecycle` of a block; null when it has none. Absent settings are Terraform's defaults. */
export function lifecycleOf(owner: { readonly body: JsonObject } | null): Lifecycle | null {
  const block = owner === null ? null : singleBlock(own(owner.body, 'lifecycle'));
  if (block === null) {
    return null;
  }
  const ignored = own(block, 'ignore_changes');
  const names = isList(ignored) ? ignored : [ignored];
  return {
    createBeforeDestroy: asBoolean(own(block, 'create_before_destroy')) === true,
    ignoreChanges: names.filter((name) => typeof name === 'string').map(attributeName),
    preventDestroy: asBoolean(own(block, 'prevent_destroy')) === true,
  };
}

/** Terraform reads the text as a traversal, in which blanks and comments say nothing. */
function attributeName(text: string): string {
  const reference = namedReference(text);
  const steps = reference?.rest.map((step) => (typeof step === 'string' ? `.${step}` : `[${String(step)}]`));
  return reference === null ? text : `${reference.target}${steps?.join('') ?? ''}`;
}

/** Entries of `replace_triggered_by`, which Terraform reads as references as they stand. */
export function replacementTriggers(body: JsonObject): readonly ExpressionReference[] {
  const block = singleBlock(own(body, 'lifecycle'));
  const triggers = block === null ? undefined : own(block, 'replace_triggered_by');
  return (isList(triggers) ? triggers : []).flatMap((item) =>
    typeof item === 'string' ? (namedReference(item) ?? []) : [],
  );
}

/**
 * True when a change of `count` or `for_each` may destroy instances. One address stands for all instances here, so this
 * makes the change of the address a replacement: fewer instances, another kind of key, or an expression that cannot be
 * read must not pass as an update. Gaining instances destroys nothing. A side that `makesNone` is not a side of a pair.
 */
export function mayLoseInstances(before: JsonObject, after: JsonObject): boolean {
  const first = repetition(before);
  const second = repetition(after);
  if (first === null) {
    // Terraform moves a single object to index 0 of a `count` by itself; under `for_each` it would be destroyed.
    return second !== null && typeof second !== 'number';
  }
  if (second === null) {
    return first !== 1;
  }
  if (typeof first === 'number' && typeof second === 'number') {
    return second < first;
  }
  if (isObject(first) && isObject(second)) {
    return Object.keys(first).some((key) => !Object.hasOwn(second, key));
  }
  if (isList(first) && isList(second)) {
    return first.some((item) => !second.includes(item));
  }
  return !sameJson(first, second);
}

/** `count` or `for_each` as it stands in the body, null for a block that has neither. */
export function repetition(body: JsonObject): Json {
  return asCount(own(body, 'count') ?? own(body, 'for_each') ?? null);
}

/** Terraform reads a `count` in quotes as the number that it holds. */
function asCount(value: Json): Json {
  return typeof value === 'string' && /^\d+(?:\.\d*)?$/.test(value) ? Number(value) : value;
}

/** True for a block whose `count` or `for_each`, worked out as far as the configuration tells, makes none of it. */
export function makesNone(scope: ResolveScope, body: JsonObject): boolean {
  const written = repetition(body);
  const value = written === null ? null : asCount(resolveValue(scope, written));
  return isList(value) ? value.length === 0 : isObject(value) ? Object.keys(value).length === 0 : value === 0;
}

/**
 * Why it cannot be told what a change destroys, changes and creates; null when it can. The action list then has the worst.
 * A reader is told the reason in place of a count that would be made up.
 */
export function untold(change: ResourceChange): string | null {
  if (change.type === 'module') {
    // A module that is new destroys nothing.
    return change.before === null
      ? null
      : 'what the module destroys, changes or creates is not in this configuration; a plan of Terraform tells it';
  }
  const keys = untoldKeys(change);
  return keys === null ? null : `${keys} is an expression: which instances are left, if any, is not told`;
}

/** True for a block that gets other keys, or another kind of keys. */
export function changesKeys({ attributes }: Pick<ResourceChange, 'attributes'>): boolean {
  return attributes.some(({ path: [first] }) => first === 'for_each' || first === 'count');
}

/**
 * The argument that says which instances stay, where it changes and cannot be worked out from the configuration: there may
 * be none left. Null when it can be.
 */
export function untoldKeys(change: ResourceChange): 'count' | 'for_each' | null {
  if (change.before === null || change.after === null || !changesKeys(change)) {
    return null;
  }
  const keys = repetition(change.after);
  const names = isList(keys) ? keys : isObject(keys) ? Object.keys(keys) : [keys];
  const isTold = names.every((name) => typeof name !== 'string' || !isOpenText(name));
  return isTold && (keys === null || typeof keys === 'number' || typeof keys === 'object')
    ? null
    : own(change.after, 'count') === undefined
      ? 'for_each'
      : 'count';
}

/** True when values of `for_each` differ and an attribute that forces replacement takes its value from there. */
export function replacesThroughEach(body: JsonObject, facts: AttributeFacts | null): boolean {
  return Object.keys(body).some((key) => {
    const argument = facts?.attributes.get(key);
    const forces =
      facts === null || argument?.replaceBelow === true || argument?.configuredReplaceBelow === true;
    return forces && key !== 'for_each' && namesEach(body[key] ?? null);
  });
}

function namesEach(value: Json): boolean {
  return referencesIn(value, new Map()).some(({ target }) => target === 'each');
}
