/**
 * Which element of a list before is which element after.
 *
 * Elements are matched by what names them (`ref` of a WAF rule, `name` of an origin, the address of a list item), so that
 * an insertion is one addition. Strong keys name an element: two elements with different refs are different, whatever
 * else they share. Weak keys (a description, an expression) only help where a strong one is missing or ambiguous.
 * Matching never fails: what cannot be told apart is compared by position or counts as removed and added.
 */
import { contentText } from '../../provider/equivalence.ts';
import { canonicalJson, isObject } from '../../json/json.ts';
import { contentIdentity, identityOf } from '../path.ts';
import { isMadeUp, leastAlike, likeness, wordsOfRule } from './rule-likeness.ts';
import { looksLikeSecret } from '../secrets.ts';
import type { Json, PathSegment } from '../types.ts';

export interface IdentityMatch {
  readonly before: number | null;
  readonly after: number | null;
  readonly segment: PathSegment;
}

/** How one list pairs with the other. `ordered` is false where nothing can be said about elements having moved. */
export interface Matching {
  readonly matches: readonly IdentityMatch[];
  readonly byIdentity: boolean;
}

/**
 * Dotted keys that name an element, strongest first. Taken from the lists of the Cloudflare provider: rulesets (`ref`),
 * override rules and headers (`id`), pool origins and worker bindings (`name`), lists (`ip`, `hostname`, `asn`,
 * `redirect`), Zero Trust lists (`value`), snippets, override categories, tunnel ingress (`hostname`).
 */
const strongKeys = [
  'ref',
  'id',
  'snippet_name',
  'name',
  'ip',
  'hostname.url_hostname',
  'redirect.source_url',
  'asn',
  'key',
  'category',
  'uri',
  'hostname',
  'host',
  'email',
  'address',
  'value',
] as const;

const weakKeys = ['description', 'expression'] as const;

interface IdentitySide {
  readonly list: readonly Json[];
  /** The strong key and value of each element if no other element of the list has the same. */
  readonly strong: readonly (string | null)[];
  readonly open: Set<number>;
}

export interface MatchOptions {
  readonly isSet: boolean;
  readonly isSecret: boolean;
  /** Text that two elements share if they are the same; without it their `contentText`. */
  readonly contentOf?: (item: Json) => string;
}

/**
 * Pairs the elements of two lists. Sets are paired by identity or by content, and never have an order. `isSecret` lists
 * are paired by position: the identity would put the value into the path.
 */
export function matchLists(before: readonly Json[], after: readonly Json[], options: MatchOptions): Matching {
  const { isSet, isSecret, contentOf = contentText } = options;
  if (isSecret) {
    return { matches: alignByPosition(before, after), byIdentity: false };
  }
  if (areScalars(before) && areScalars(after)) {
    return matchScalars(before, after, isSet);
  }
  if (isSet || hasKeys(before) || hasKeys(after)) {
    return { matches: matchElements(before, after, { isSet, contentOf }), byIdentity: true };
  }
  return { matches: alignByPosition(before, after), byIdentity: false };
}

function areScalars(list: readonly Json[]): boolean {
  return list.every((item) => item === null || typeof item !== 'object');
}

function hasKeys(list: readonly Json[]): boolean {
  const keys = [...strongKeys, ...weakKeys];
  return list.some((item) => isObject(item) && keys.some((key) => identityOf(item, key) !== undefined));
}

/** Plain values are their own identity, unless one occurs twice in an ordered list: then position is all there is. */
function matchScalars(before: readonly Json[], after: readonly Json[], isSet: boolean): Matching {
  const first = positions(before);
  const second = positions(after);
  if (!isSet && (first.size !== before.length || second.size !== after.length)) {
    return { matches: alignByPosition(before, after), byIdentity: false };
  }
  const matches: IdentityMatch[] = [];
  for (const [key, index] of second) {
    matches.push({ before: first.get(key) ?? null, after: index, segment: { by: 'value', is: key } });
  }
  for (const [key, index] of first) {
    if (!second.has(key)) {
      matches.push({ before: index, after: null, segment: { by: 'value', is: key } });
    }
  }
  return { matches, byIdentity: true };
}

function positions(list: readonly Json[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const key = typeof item === 'string' ? item : JSON.stringify(item);
    if (!found.has(key)) {
      found.set(key, index);
    }
  }
  return found;
}

function matchElements(
  before: readonly Json[],
  after: readonly Json[],
  { isSet, contentOf }: Required<Pick<MatchOptions, 'isSet' | 'contentOf'>>,
): IdentityMatch[] {
  const left = sideOf(before);
  const right = sideOf(after);
  const matches: IdentityMatch[] = [];
  for (const key of strongKeys) {
    pairBy(left, right, (side, index) => strongValue(side, index, key), matches);
  }
  const contentKey: KeyOf = (side, index) => contentOf(side.list[index] ?? null);
  pairBy(left, right, contentKey, matches);
  if (!isSet) {
    pairBy(left, right, bothWeak, matches);
    for (const key of weakKeys) {
      pairBy(left, right, (side, index) => weakValue(side, index, key), matches);
    }
    for (const keyOf of [contentKey, ...weakKeys.toReversed().map(weakKeyOf)]) {
      pairInOrder(left, right, keyOf, matches);
    }
    pairSimilar(left, right, matches);
    pairNameless(left, right, matches);
  }
  for (const index of left.open) {
    matches.push({ before: index, after: null, segment: segmentOf(left, index, isSet) });
  }
  for (const index of right.open) {
    matches.push({ before: null, after: index, segment: segmentOf(right, index, isSet) });
  }
  return isSet ? matches.map((match) => setMatch(match, right)) : matches;
}

/** Positions mean nothing in a set: a pair without a name is named by its content, which is equal on both sides. */
function setMatch(match: IdentityMatch, right: IdentitySide): IdentityMatch {
  const item = match.after === null ? undefined : right.list[match.after];
  return typeof match.segment === 'number' && item !== undefined
    ? { ...match, segment: { by: 'content', is: contentIdentity(item) } }
    : match;
}

/** Of several with the same key on either side, the first is the first. */
function pairInOrder(left: IdentitySide, right: IdentitySide, keyOf: KeyOf, matches: IdentityMatch[]): void {
  const waiting = new Map<string, number[]>();
  for (const before of left.open) {
    const key = keyOf(left, before);
    if (key !== undefined) {
      waiting.set(key, [...(waiting.get(key) ?? []), before]);
    }
  }
  for (const after of right.open) {
    const candidates = waiting.get(keyOf(right, after) ?? '') ?? [];
    const at = candidates.findIndex((before) => mayPair(left, before, right, after));
    const [before] = at === -1 ? [] : candidates.splice(at, 1);
    if (before !== undefined) {
      pair([left, right], { before, after }, matches);
    }
  }
}

/** Beyond this many pairs to look at, what has no name in common counts as removed and added. */
const maxSimilar = 40_000;

/** Rules without a name in common: those that are alike most, and then nearest in place, are one that was edited. */
function pairSimilar(left: IdentitySide, right: IdentitySide, matches: IdentityMatch[]): void {
  if (left.open.size * right.open.size > maxSimilar) {
    return;
  }
  const words = [left, right].map(
    (side) => new Map([...side.open].map((index) => [index, wordsOfRule(side.list[index])] as const)),
  );
  const found = [...left.open].flatMap((before) =>
    [...right.open].flatMap((after) => {
      const alike = likeness(words[0]?.get(before) ?? null, words[1]?.get(after) ?? null);
      return alike < leastAlike || !mayPair(left, before, right, after) ? [] : [{ before, after, alike }];
    }),
  );
  const best = found.toSorted(
    (a, b) =>
      b.alike - a.alike || Math.abs(a.before - a.after) - Math.abs(b.before - b.after) || a.after - b.after,
  );
  for (const { before, after } of best) {
    if (left.open.has(before) && right.open.has(after)) {
      pair([left, right], { before, after }, matches);
    }
  }
}

/** What has no name of any kind (a catch-all rule at the end, for example) is paired in order. */
function pairNameless(left: IdentitySide, right: IdentitySide, matches: IdentityMatch[]): void {
  const [first, second] = [left, right].map((side) =>
    [...side.open].filter((index) => side.strong[index] === null && !hasKeys([side.list[index] ?? null])),
  );
  for (const [position, before] of (first ?? []).entries()) {
    const after = second?.[position];
    if (after !== undefined) {
      left.open.delete(before);
      right.open.delete(after);
      matches.push({ before, after, segment: after });
    }
  }
}

function sideOf(list: readonly Json[]): IdentitySide {
  const counts = new Map<string, number>();
  const keys = list.map((item) => {
    const found = strongKeys.find((key) => identityOf(item, key) !== undefined);
    const value = found === undefined ? undefined : identityOf(item, found);
    if (found === undefined || value === undefined || looksLikeSecret(found, value)) {
      return null;
    }
    const name = `${found}=${value}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return name;
  });
  const strong = keys.map((name) => (name !== null && counts.get(name) === 1 ? name : null));
  return { list, strong, open: new Set(list.keys()) };
}

type KeyOf = (side: IdentitySide, index: number) => string | undefined;

/** Pairs open elements whose key occurs once on either side. Two different strong names are never paired. */
function pairBy(left: IdentitySide, right: IdentitySide, keyOf: KeyOf, matches: IdentityMatch[]): void {
  if (left.open.size === 0 || right.open.size === 0) {
    return;
  }
  const first = uniqueKeys(left, keyOf);
  for (const [key, after] of uniqueKeys(right, keyOf)) {
    const before = first.get(key);
    if (before === undefined || before < 0 || after < 0) {
      continue;
    }
    if (mayPair(left, before, right, after)) {
      pair([left, right], { before, after }, matches);
    }
  }
}

/** Two different names that somebody gave are two elements. A name that Cloudflare made up says nothing against a pair. */
function mayPair(left: IdentitySide, before: number, right: IdentitySide, after: number): boolean {
  const names = [left.strong[before] ?? null, right.strong[after] ?? null];
  return (
    names[0] === null ||
    names[1] === null ||
    names[0] === names[1] ||
    isMadeUp(left.list[before]) ||
    isMadeUp(right.list[after])
  );
}

function pair(
  [left, right]: readonly [IdentitySide, IdentitySide],
  { before, after }: { readonly before: number; readonly after: number },
  matches: IdentityMatch[],
): void {
  left.open.delete(before);
  right.open.delete(after);
  matches.push({ before, after, segment: pairSegment(left, before, right, after) });
}

/** Key to position of the open elements; -1 marks a key that occurs more than once. */
function uniqueKeys(side: IdentitySide, keyOf: KeyOf): Map<string, number> {
  const found = new Map<string, number>();
  for (const index of side.open) {
    const key = keyOf(side, index);
    if (key !== undefined) {
      found.set(key, found.has(key) ? -1 : index);
    }
  }
  return found;
}

function strongValue(side: IdentitySide, index: number, key: string): string | undefined {
  const name = side.strong[index] ?? null;
  return name !== null && name.startsWith(`${key}=`) ? name : undefined;
}

function weakValue(side: IdentitySide, index: number, key: string): string | undefined {
  const value = identityOf(side.list[index] ?? null, key);
  return value === '' ? undefined : value;
}

function weakKeyOf(key: (typeof weakKeys)[number]): KeyOf {
  return (side, index) => weakValue(side, index, key);
}

function bothWeak(side: IdentitySide, index: number): string | undefined {
  const values = weakKeys.map((key) => weakValue(side, index, key));
  return values.includes(undefined) ? undefined : JSON.stringify(values);
}

/** The name of a pair: the strong name when both have it, else the position after the change. */
function pairSegment(left: IdentitySide, before: number, right: IdentitySide, after: number): PathSegment {
  const name = right.strong[after] ?? null;
  return name !== null && left.strong[before] === name ? strongSegment(name) : after;
}

function segmentOf(side: IdentitySide, index: number, isSet: boolean): PathSegment {
  const name = side.strong[index] ?? null;
  if (name !== null) {
    return strongSegment(name);
  }
  return isSet ? { by: 'content', is: contentIdentity(side.list[index] ?? null) } : index;
}

function strongSegment(name: string): PathSegment {
  const cut = name.indexOf('=');
  return { by: name.slice(0, cut), is: name.slice(cut + 1) };
}

/** For elements without any name: equal beginnings and ends stay, what is between is paired in order. */
function alignByPosition(before: readonly Json[], after: readonly Json[]): IdentityMatch[] {
  const shorter = Math.min(before.length, after.length);
  const texts = { before: before.map(canonicalJson), after: after.map(canonicalJson) };
  let head = 0;
  while (head < shorter && texts.before[head] === texts.after[head]) {
    head += 1;
  }
  let tail = 0;
  while (
    tail < shorter - head &&
    texts.before[before.length - 1 - tail] === texts.after[after.length - 1 - tail]
  ) {
    tail += 1;
  }
  const matches: IdentityMatch[] = [];
  const middle = shorter - head - tail;
  for (let index = 0; index < head + middle; index += 1) {
    matches.push({ before: index, after: index, segment: index });
  }
  for (let index = head + middle; index < before.length - tail; index += 1) {
    matches.push({ before: index, after: null, segment: index });
  }
  for (let index = head + middle; index < after.length - tail; index += 1) {
    matches.push({ before: null, after: index, segment: index });
  }
  for (let offset = tail; offset > 0; offset -= 1) {
    const index = after.length - offset;
    matches.push({ before: before.length - offset, after: index, segment: index });
  }
  return matches;
}
