/**
 * What differs between two values of one resource, attribute by attribute.
 *
 * Used for both kinds of plan. From configuration, facts of the provider say what forces replacement. From Terraform, the
 * plan's own marks say what is unknown, sensitive and replacing. For both, the facts say which defaults stand for an absent
 * attribute, which lists are sets, and which spellings are the same; what differs only so is counted and not listed.
 */
import { isSecretName } from '../../secrets/names.ts';
import { below, changeAt, childAt, childOf, hasMark } from './attribute-change.ts';
import type { AttributeContext, Emission, ChangePlace, AttributeSides } from './attribute-change.ts';
import { canonicalValue, contentText, fallbackOf } from '../../provider/equivalence.ts';
import { matchLists } from './identity.ts';
import type { IdentityMatch, Matching } from './identity.ts';
import { compareText, isList, isObject, own, sameJson, sortedKeys } from '../../json/json.ts';
import { formatPath } from '../path.ts';
import { isRecomputed } from './recomputed.ts';
import { longestIncreasing } from './sequence.ts';
import { canonicalSpelling } from '../../provider/spelling.ts';
import type { SpellingContext } from '../../provider/spelling.ts';
import type { AttributeChange, Json, Path } from '../types.ts';

export type { AttributeContext } from './attribute-change.ts';

/** What differs between two objects. */
export interface AttributeDifference {
  /** In path order. */
  readonly attributes: readonly AttributeChange[];
  /** How many attributes are unknown only because the provider computes them anew. */
  readonly recomputed: number;
  /** What is the same value in another spelling, or the default written out. */
  readonly respelled: readonly Path[];
}

interface ComparisonWork {
  readonly context: AttributeContext;
  /** The objects as a whole. */
  readonly roots: Pick<AttributeSides, 'before' | 'after'>;
  readonly spelling: SpellingContext;
  readonly found: AttributeChange[];
  readonly recomputed: Path[];
  readonly respelled: Path[];
}

/** Differences between two objects (either may be undefined: everything is then added or removed), in path order. */
export function diffAttributes(context: AttributeContext, sides: AttributeSides): readonly AttributeChange[] {
  return differenceOf(context, sides).attributes;
}

/** The same, and what was folded. */
export function differenceOf(context: AttributeContext, sides: AttributeSides): AttributeDifference {
  const roots = { before: sides.before ?? {}, after: sides.after ?? {} };
  const types = [roots.before, roots.after].map((root) => (isObject(root) ? own(root, 'type') : undefined));
  const [type] = types;
  const work: ComparisonWork = {
    context,
    roots,
    spelling: {
      recordType: typeof type === 'string' && type === types[1] ? type : null,
      zone: context.zone ?? null,
    },
    found: [],
    recomputed: [],
    respelled: [],
  };
  const place: ChangePlace = {
    path: [],
    name: '',
    facts: context.facts ?? undefined,
    forces: context.replacement === 'predicted' && context.facts === null,
    sensitive: false,
    isLeftOut: false,
    isComputed: false,
  };
  compareObjects(work, place, { ...sides, ...roots });
  return { attributes: work.found, recomputed: work.recomputed.length, respelled: work.respelled };
}

function compare(work: ComparisonWork, place: ChangePlace, sides: AttributeSides): void {
  const before = sides.before ?? undefined;
  const after = sides.after ?? undefined;
  if (sides.unknown === true) {
    if (isRecomputed(work.context.recomputing, place, before)) {
      work.recomputed.push(place.path);
      return;
    }
    const kind = before === undefined ? 'added' : 'changed';
    emit(work, place, { ...sides, before, after: undefined }, { kind });
  } else if (before === undefined || after === undefined) {
    compareWithAbsent(work, place, { ...sides, before, after });
  } else if (isList(before) && isList(after)) {
    compareLists(work, place, sides);
  } else if (isObject(before) && isObject(after)) {
    compareObjects(work, place, sides);
  } else {
    compareScalars(work, place, { ...sides, before, after });
  }
}

function compareScalars(
  work: ComparisonWork,
  place: ChangePlace,
  sides: AttributeSides & { readonly before: Json; readonly after: Json },
): void {
  const { before, after } = sides;
  if (!sameScalar(place, before, after)) {
    if (sameSpelled(work, place, before, after)) {
      work.respelled.push(place.path);
    } else {
      emit(work, place, sides, { kind: 'changed' });
    }
  } else if (typeof after === 'string' && work.context.isFresh?.(after) === true) {
    emit(work, place, sides, { kind: 'changed', unknown: true });
  }
}

function sameSpelled(
  { spelling }: ComparisonWork,
  { facts }: ChangePlace,
  before: Json,
  after: Json,
): boolean {
  const kind = facts?.spelling;
  return (
    kind !== undefined &&
    typeof before === 'string' &&
    typeof after === 'string' &&
    canonicalSpelling(kind, before, spelling) === canonicalSpelling(kind, after, spelling)
  );
}

function compareWithAbsent(work: ComparisonWork, place: ChangePlace, sides: AttributeSides): void {
  const value = sides.before ?? sides.after;
  // Nobody wrote the member of a default, and the provider decides about what is left out beside it.
  const isOfDefault = place.defaulted !== undefined && sides[place.defaulted] !== undefined;
  if (isOfDefault || (value === undefined && !hasMark(sides.unknown))) {
    return;
  }
  const filled = withFallback(work, place, sides);
  if (filled !== null && isToldByDefault(work, place, sides, filled)) {
    return;
  }
  emit(work, place, sides, {
    kind: sides.before === undefined ? 'added' : 'removed',
    ...(isLeftToProvider(work, place, sides) ? { unknown: true } : {}),
  });
}

/** Compares with the default in place of what is absent. False where that tells less than added and removed do. */
function isToldByDefault(
  work: ComparisonWork,
  place: ChangePlace,
  sides: AttributeSides,
  filled: AttributeSides,
): boolean {
  const trial: ComparisonWork = { ...work, found: [], recomputed: [], respelled: [] };
  const defaulted = sides.before === undefined ? 'before' : 'after';
  compare(trial, { ...place, isLeftOut: sides.after === undefined, defaulted }, filled);
  if (trial.found.length > 0 && (isEmpty(filled.before) || isEmpty(filled.after))) {
    return false;
  }
  work.found.push(...trial.found);
  work.recomputed.push(...trial.recomputed);
  work.respelled.push(...(trial.found.length === 0 ? [place.path] : trial.respelled));
  return true;
}

/** Both sides with the default on the one that is absent; null where none is known. */
function withFallback(
  { context, roots }: ComparisonWork,
  { facts }: ChangePlace,
  sides: AttributeSides,
): AttributeSides | null {
  const isBefore = sides.before === undefined;
  if (!context.useDefaults || (isBefore && sides.after === undefined)) {
    return null;
  }
  // What is not read back is null in a state whatever Cloudflare has.
  if (
    isBefore &&
    context.replacement === 'given' &&
    (facts?.notRefreshed === true || context.isReadBack === false)
  ) {
    return null;
  }
  const fallback = fallbackOf(facts, isBefore ? roots.before : roots.after);
  return fallback === undefined
    ? null
    : { ...sides, ...(isBefore ? { before: fallback } : { after: fallback }) };
}

/** To come from nothing, or to become nothing, is told as added and removed. */
function isEmpty(value: Json | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/** What is no longer configured and has no default: the provider keeps what Cloudflare has, or takes what it computes. */
function isLeftToProvider(
  { context }: ComparisonWork,
  { facts }: ChangePlace,
  { after }: AttributeSides,
): boolean {
  return context.replacement === 'predicted' && after === undefined && facts?.computed === true;
}

/** `300` and `"300"`, `true` and `"true"` are one value to Terraform, except where the schema leaves the type open. */
function sameScalar(place: ChangePlace, before: Json, after: Json): boolean {
  if (before === after) {
    return true;
  }
  if (typeof before === 'object' || typeof after === 'object' || place.facts?.dynamic === true) {
    return false;
  }
  return typeof before !== typeof after && String(before) === String(after);
}

function compareObjects(work: ComparisonWork, place: ChangePlace, sides: AttributeSides): void {
  const { context } = work;
  // Without marks and fresh references, equal values cannot hold a difference.
  if (context.isFresh === null && sides.unknown === undefined && sameJson(sides.before, sides.after)) {
    return;
  }
  for (const key of keysOf([sides.before, sides.after, sides.unknown])) {
    const facts = place.facts?.attributes.get(key) ?? place.facts?.items;
    const inner = below(context, place, { segment: key, name: key, facts });
    compare(
      work,
      { ...inner, owner: sides.before },
      {
        before: childOf(sides.before, key),
        after: childOf(sides.after, key),
        unknown: childOf(sides.unknown, key),
        beforeSensitive: childOf(sides.beforeSensitive, key),
        afterSensitive: childOf(sides.afterSensitive, key),
        replace: childOf(sides.replace, key),
      },
    );
  }
}

/** All keys in order. Two sides mostly have the same keys in the same order, which needs no set. */
function keysOf(values: readonly (Json | undefined)[]): readonly string[] {
  const lists = values.flatMap((value) => (isObject(value) ? [sortedKeys(value)] : []));
  const [first = [], ...others] = lists;
  const isSame = others.every(
    (list) => list.length === first.length && list.every((key, index) => key === first[index]),
  );
  return isSame ? first : [...new Set(lists.flat())].toSorted(compareText);
}

function compareLists(work: ComparisonWork, place: ChangePlace, sides: AttributeSides): void {
  const before = sides.before as readonly Json[];
  const after = sides.after as readonly Json[];
  if (work.context.isFresh === null && sides.unknown === undefined && sameJson(before, after)) {
    return;
  }
  const isSet = place.facts?.set === true;
  const { matches, byIdentity } = matchElements(place, sides, { before, after });
  const told = countTold(work);
  const moved = byIdentity && !isSet ? movedMatches(matches) : new Set<IdentityMatch>();
  for (const match of inOrder(matches, isSet)) {
    compareMatch(work, place, { sides, match, isMoved: moved.has(match), isSet });
  }
  if (isSet && countTold(work) === told && !sameJson(before, after)) {
    work.respelled.push(place.path);
  }
}

function countTold({ found, recomputed, respelled }: ComparisonWork): number {
  return found.length + recomputed.length + respelled.length;
}

function matchElements(
  { facts, name, sensitive }: ChangePlace,
  { beforeSensitive, afterSensitive }: AttributeSides,
  { before, after }: { readonly before: readonly Json[]; readonly after: readonly Json[] },
): Matching {
  const items = facts?.items;
  return matchLists(before, after, {
    isSet: facts?.set === true,
    isSecret: sensitive || isSecretName(name) || hasMark(beforeSensitive) || hasMark(afterSensitive),
    ...(items?.variesBelow === true
      ? { contentOf: (item: Json) => contentText(canonicalValue(items, item)) }
      : {}),
  });
}

/** Pairs that changed places among those that stay, as few as possible. */
function movedMatches(matches: readonly IdentityMatch[]): ReadonlySet<IdentityMatch> {
  const pairs = matches
    .filter((match) => match.before !== null && match.after !== null)
    .toSorted((a, b) => (a.after ?? 0) - (b.after ?? 0));
  const unmoved = longestIncreasing(pairs.map((match) => match.before ?? 0));
  return new Set(pairs.filter((_, position) => !unmoved.has(position)));
}

/** Removed elements first, then the rest as they stand after the change; sets by name, as they have no order. */
function inOrder(matches: readonly IdentityMatch[], isSet: boolean): readonly IdentityMatch[] {
  if (isSet) {
    return matches.toSorted((a, b) => compareText(formatPath([a.segment]), formatPath([b.segment])));
  }
  return matches.toSorted((a, b) => rank(a) - rank(b) || placeOf(a) - placeOf(b));
}

function rank(match: IdentityMatch): number {
  return match.after === null ? 0 : 1;
}

function placeOf(match: IdentityMatch): number {
  return match.after ?? match.before ?? 0;
}

function compareMatch(
  work: ComparisonWork,
  place: ChangePlace,
  element: {
    readonly sides: AttributeSides;
    readonly match: IdentityMatch;
    readonly isMoved: boolean;
    readonly isSet: boolean;
  },
): void {
  const { sides, match, isMoved, isSet } = element;
  const inner = below(work.context, place, {
    segment: match.segment,
    name: place.name,
    facts: place.facts?.items,
  });
  const values: AttributeSides = {
    before: childAt(sides.before, match.before),
    after: childAt(sides.after, match.after),
    unknown: childAt(sides.unknown, match.after),
    beforeSensitive: childAt(sides.beforeSensitive, match.before),
    afterSensitive: childAt(sides.afterSensitive, match.after),
    replace: childAt(sides.replace, match.after ?? match.before),
  };
  const positions = {
    ...(match.before === null || isSet ? {} : { fromIndex: match.before }),
    ...(match.after === null || isSet ? {} : { toIndex: match.after }),
  };
  if (match.before === null || match.after === null) {
    emit(work, inner, values, { kind: match.before === null ? 'added' : 'removed', ...positions });
    return;
  }
  if (isMoved) {
    emit(work, inner, values, { kind: 'moved', ...positions });
  }
  compare(work, inner, values);
}

function emit(work: ComparisonWork, place: ChangePlace, sides: AttributeSides, emission: Emission): void {
  work.found.push(changeAt(work.context, place, sides, emission));
}
