/**
 * Values as they will be, as far as the configuration itself says: defaults of variables, locals, and attributes that
 * another block states literally. What only the provider or a run can tell stays an expression and counts as open.
 */
import type { PlacedReference, ExpressionReference, ReferenceStep, Whole } from '../expression/facts.ts';
import { isOpenText, mayBeTemplate, parseTemplate, referencesOfText } from '../expression/parse.ts';
import { isList, isObject, own, setOwn } from '../../json/json.ts';
import { findBlock } from '../stack-view.ts';
import type { StackView } from '../stack-view.ts';
import type { Json, JsonObject, Path } from '../types.ts';

/** Limits on what resolving may build: nested locals can be made to grow without bound. */
const maxTextLength = 1_000_000;
const maxNodes = 20_000;
const maxChain = 50;

/** What `each` or `count` stands for in one instance of a block. */
export interface Repeated {
  readonly target: 'each' | 'count';
  readonly value: JsonObject;
}

/** One side of a stack, ready to resolve values of it. */
export interface ResolveScope {
  readonly view: StackView;
  /** Addresses as they are called after the change, for the side before it; empty on the side after it. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Resolved texts that still hold something unknown. */
  readonly open: Set<string>;
  readonly locals: Map<string, Json | undefined>;
  readonly texts: Map<string, Json>;
  /** Set while an instance of a block is worked out. */
  readonly repeated?: Repeated;
}

export function scopeOf(view: StackView, renamed: ReadonlyMap<string, string> = new Map()): ResolveScope {
  return { view, renamed, open: new Set(), locals: new Map(), texts: new Map() };
}

/**
 * The value with everything resolved that can be; the same object when nothing can. Texts that stay expressions are added
 * to `scope.open`.
 */
export function resolveValue(scope: ResolveScope, value: Json, chain = 0): Json {
  if (typeof value === 'string') {
    return mayBeTemplate(value) ? resolveText(scope, value, chain) : value;
  }
  if (isList(value)) {
    const resolved = value.map((item) => resolveValue(scope, item, chain));
    return resolved.some((item, index) => item !== value[index]) ? resolved : value;
  }
  return isObject(value) ? resolveObject(scope, value, chain) : value;
}

function resolveObject(scope: ResolveScope, value: JsonObject, chain: number): JsonObject {
  let copy: Record<string, Json> | null = null;
  for (const key of Object.keys(value)) {
    if (isOpenText(key)) {
      scope.open.add(key);
    }
    const item = value[key] ?? null;
    const resolved = resolveValue(scope, item, chain);
    if (resolved !== item) {
      copy ??= { ...value };
      setOwn(copy, key, resolved);
    }
  }
  return copy ?? value;
}

/** The same few texts name the zone of thousands of resources: each is worked out once, at the outermost level. */
function resolveText(scope: ResolveScope, text: string, chain: number): Json {
  const known = chain === 0 ? scope.texts.get(text) : undefined;
  if (known !== undefined) {
    return known;
  }
  const resolved = resolveTemplate(scope, text, chain);
  if (chain === 0) {
    scope.texts.set(text, resolved);
  }
  return resolved;
}

function resolveTemplate(scope: ResolveScope, text: string, chain: number): Json {
  const template = parseTemplate(text);
  if (template.kind === 'unread') {
    scope.open.add(text);
    return text;
  }
  const parts = template.isConcatenation ? template.parts : [];
  const values = parts.map((part) => (part.kind === 'text' ? part.text : evaluate(scope, part.whole, chain)));
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    return only;
  }
  if (
    template.isConcatenation &&
    values.every((value) => value !== undefined && !isOpenValue(scope, value) && typeof value !== 'object')
  ) {
    const joined = values.map(String).join('');
    if (joined.length <= maxTextLength) {
      return joined;
    }
  }
  const renamed = scope.renamed.size === 0 ? text : renamedText(scope.renamed, text, template.references);
  scope.open.add(renamed);
  return renamed;
}

/**
 * The value of an expression, or undefined when it is not a plain reference to something stated. What is stated may itself
 * be an expression: `${local.zone_id}` becomes `${cloudflare_zone.shop.id}`.
 */
function evaluate(scope: ResolveScope, whole: Whole, chain: number): Json | undefined {
  if (whole.kind === 'value') {
    return whole.value;
  }
  if (whole.kind === 'composite' || chain >= maxChain) {
    return undefined;
  }
  const value = stated(scope, whole.reference, chain);
  return value === undefined || tooLarge(value) ? undefined : value;
}

function stated(scope: ResolveScope, reference: ExpressionReference, chain: number): Json | undefined {
  const { target, rest } = reference;
  const name = target.slice(target.indexOf('.') + 1);
  if (target === scope.repeated?.target) {
    return descend(scope.repeated.value, rest);
  }
  if (target.startsWith('var.')) {
    const variable = scope.view.variables.get(name);
    return variable === undefined || variable.sensitive ? undefined : descend(variable.value, rest);
  }
  if (target.startsWith('local.')) {
    return descend(localValue(scope, name, chain), rest);
  }
  return ofBlock(scope, reference, chain);
}

/** What another block states literally. */
function ofBlock(
  scope: ResolveScope,
  { target, rest }: ExpressionReference,
  chain: number,
): Json | undefined {
  const block = findBlock(scope.view, target);
  if (block === undefined || block.kind !== 'resource' || rest.length === 0 || isRepeated(block.body)) {
    return undefined;
  }
  const raw = descend(block.body, rest);
  return raw === undefined || metaArguments.has(String(rest[0]))
    ? undefined
    : resolveValue(scope, raw, chain + 1);
}

const metaArguments: ReadonlySet<string> = new Set([
  'lifecycle',
  'depends_on',
  'provider',
  'provisioner',
  'connection',
]);

function isRepeated(body: JsonObject): boolean {
  return own(body, 'count') !== undefined || own(body, 'for_each') !== undefined;
}

function localValue(scope: ResolveScope, name: string, chain: number): Json | undefined {
  if (scope.locals.has(name)) {
    return scope.locals.get(name);
  }
  // Marks the local as being worked on: a local that refers to itself stays unknown.
  scope.locals.set(name, undefined);
  const raw = scope.view.locals.get(name);
  const value = raw === undefined ? undefined : resolveValue(scope, raw, chain + 1);
  scope.locals.set(name, value);
  return value;
}

function descend(value: Json | undefined, rest: readonly ReferenceStep[]): Json | undefined {
  let current = value;
  for (const step of rest) {
    if (isList(current) && typeof step === 'number') {
      current = current[step];
    } else if (isObject(current) && step !== null) {
      current = own(current, String(step));
    } else {
      return undefined;
    }
  }
  return current;
}

/** True when a text inside the value, or a name of a member, is still an expression. */
export function isOpenValue(scope: ResolveScope, value: Json): boolean {
  if (scope.open.size === 0) {
    return false;
  }
  if (typeof value === 'string') {
    return scope.open.has(value);
  }
  if (isList(value)) {
    return value.some((item) => isOpenValue(scope, item));
  }
  return (
    isObject(value) &&
    Object.entries(value).some(([key, item]) => scope.open.has(key) || isOpenValue(scope, item))
  );
}

/**
 * Paths of what is still an expression inside the value: of each text, and of each object with a member whose name is one,
 * of which nobody can tell what it holds.
 */
export function openPaths(scope: ResolveScope, value: Json): readonly Path[] {
  const found: Path[] = [];
  collectOpen(scope, value, [], found);
  return found;
}

function collectOpen(scope: ResolveScope, value: Json, path: Path, found: Path[]): void {
  if (scope.open.size === 0 || value === null || typeof value === 'boolean' || typeof value === 'number') {
    return;
  }
  if (typeof value === 'string' ? scope.open.has(value) : hasOpenName(scope, value)) {
    found.push(path);
  } else if (typeof value === 'object') {
    for (const [key, item] of isList(value) ? value.entries() : Object.entries(value)) {
      collectOpen(scope, item, [...path, key], found);
    }
  }
}

function hasOpenName(scope: ResolveScope, value: Json): boolean {
  return isObject(value) && Object.keys(value).some((key) => scope.open.has(key));
}

function tooLarge(value: Json): boolean {
  let nodes = 0;
  const pending: Json[] = [value];
  for (let item = pending.pop(); item !== undefined; item = pending.pop()) {
    nodes += 1;
    if (nodes > maxNodes) {
      return true;
    }
    if (item !== null && typeof item === 'object') {
      for (const child of Object.values(item as JsonObject)) {
        pending.push(child);
      }
    }
  }
  return false;
}

/** The template with references to moved resources under their new name, so that a move alone changes no text. */
function renamedText(
  renamed: ReadonlyMap<string, string>,
  text: string,
  references: readonly PlacedReference[],
): string {
  let result = '';
  let copied = 0;
  for (const { place, target } of references.toSorted(byPlace)) {
    const to = renamed.get(target);
    if (place !== null && to !== undefined) {
      result += text.slice(copied, place.start) + to;
      copied = place.end;
    }
  }
  return result + text.slice(copied);
}

/** An index stands behind the name that it belongs to, and is read before the whole is. */
function byPlace(a: PlacedReference, b: PlacedReference): number {
  return (a.place?.start ?? 0) - (b.place?.start ?? 0);
}

/** Objects that the value refers to, wherever it does. `parse` caches by text: most references of an estate are alike. */
export function referencesIn(
  value: Json,
  cache: Map<string, readonly ExpressionReference[]>,
): readonly ExpressionReference[] {
  const found: ExpressionReference[] = [];
  collectReferences(value, cache, found);
  return found;
}

function collectReferences(
  value: Json,
  cache: Map<string, readonly ExpressionReference[]>,
  found: ExpressionReference[],
): void {
  if (typeof value === 'string') {
    if (mayBeTemplate(value)) {
      for (const reference of textReferences(value, cache)) {
        found.push(reference);
      }
    }
  } else if (isList(value)) {
    for (const item of value) {
      collectReferences(item, cache, found);
    }
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      collectReferences(value[key] ?? null, cache, found);
    }
  }
}

/** True when the text refers to the name. */
export function mentions(text: string, target: string): boolean {
  return mayBeTemplate(text) && referencesOfText(text).some((reference) => reference.target === target);
}

export function textReferences(
  text: string,
  cache: Map<string, readonly ExpressionReference[]>,
): readonly ExpressionReference[] {
  const known = cache.get(text);
  if (known !== undefined) {
    return known;
  }
  const references = referencesOfText(text);
  cache.set(text, references);
  return references;
}
