/** One difference of an attribute, with all that is known of it: whether it is unknown, secret, or forces replacement. */
import type { AttributeFacts } from '../../provider/facts.ts';
import { isList, isObject, own } from '../../json/json.ts';
import type { Recomputing } from './recomputed.ts';
import { secretPaths } from '../secrets.ts';
import type { AttributeChange, AttributeChangeKind, Json, Path, PathSegment } from '../types.ts';

/** The two values, and beside them trees of `true` where Terraform marked something. */
export interface AttributeSides {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
  readonly unknown?: Json | undefined;
  readonly beforeSensitive?: Json | undefined;
  readonly afterSensitive?: Json | undefined;
  /** Marks of Terraform's `replace_paths`. */
  readonly replace?: Json | undefined;
}

export interface AttributeContext {
  readonly facts: AttributeFacts | null;
  /**
   * `predicted`: by the facts, and every change of a type without facts counts as forcing. `given`: only by the marks.
   * `never`: for arguments that are Terraform's own.
   */
  readonly replacement: 'predicted' | 'given' | 'never';
  /** An absent attribute and its default are the same. */
  readonly useDefaults: boolean;
  /** False for a type of which a state may lack what Cloudflare has, because the provider does not read it back. */
  readonly isReadBack?: boolean;
  /** Zone of the resource where both sides have the same and its name is known. */
  readonly zone?: string | null;
  /** Unknown values that say nothing are folded; absent where every one is listed. */
  readonly recomputing?: Recomputing;
  /** The value holds an expression that cannot be resolved. */
  readonly isOpen: (value: Json) => boolean;
  /** The text is the same on both sides but what it refers to changes. Null when nothing can. */
  readonly isFresh: ((text: string) => boolean) | null;
}

/** Where two values stand. */
export interface ChangePlace {
  readonly path: Path;
  readonly name: string;
  readonly facts: AttributeFacts | undefined;
  readonly forces: boolean;
  readonly sensitive: boolean;
  /** The configuration after the change does not set it. */
  readonly isLeftOut: boolean;
  /** The side on which it is a part of a default. */
  readonly defaulted?: 'before' | 'after';
  /** The provider computes it anew on every update. */
  readonly isComputed: boolean;
  /** The object before the change that this is a member of. */
  readonly owner?: Json | undefined;
}

/** The place one step further in. */
export function below(
  context: AttributeContext,
  place: ChangePlace,
  step: { readonly segment: PathSegment; readonly name: string; readonly facts: AttributeFacts | undefined },
): ChangePlace {
  const predicted = context.replacement === 'predicted';
  return {
    path: [...place.path, step.segment],
    name: step.name,
    facts: step.facts,
    // Whatever changes inside of what is configured changes what is configured.
    forces:
      place.forces ||
      (predicted &&
        (step.facts?.replace === true || (place.facts?.replaceIfConfigured === true && !place.isLeftOut))),
    sensitive: place.sensitive || step.facts?.sensitive === true,
    isLeftOut: place.isLeftOut,
    ...(place.defaulted === undefined ? {} : { defaulted: place.defaulted }),
    isComputed: place.isComputed || step.facts?.recomputed === 'always',
  };
}

/** A tree of marks may be `true` for everything below it. */
export function childOf(tree: Json | undefined, key: string | number): Json | undefined {
  if (tree === true) {
    return true;
  }
  if (typeof key === 'number') {
    return isList(tree) ? tree[key] : undefined;
  }
  return isObject(tree) ? own(tree, key) : undefined;
}

/** The element at an index; nothing where there is none. */
export function childAt(tree: Json | undefined, index: number | null): Json | undefined {
  return index === null ? undefined : childOf(tree, index);
}

export interface Emission {
  readonly kind: AttributeChangeKind;
  readonly unknown?: boolean;
  readonly fromIndex?: number;
  readonly toIndex?: number;
}

/** Members are set in the canonical order of keys, so that digests and JSON of a plan need not sort them again. */
export function changeAt(
  context: AttributeContext,
  place: ChangePlace,
  sides: AttributeSides,
  emission: Emission,
): AttributeChange {
  const { before, after } = sides;
  const change: { -readonly [Key in keyof AttributeChange]?: AttributeChange[Key] } = {};
  if (after !== undefined && after !== null) {
    change.after = after;
  }
  if (before !== undefined && before !== null) {
    change.before = before;
  }
  change.forcesReplacement = forcesReplacement(context, place, sides);
  if (emission.fromIndex !== undefined) {
    change.fromIndex = emission.fromIndex;
  }
  change.kind = emission.kind;
  change.path = place.path;
  change.sensitive = isSensitive(place, sides);
  if (emission.toIndex !== undefined) {
    change.toIndex = emission.toIndex;
  }
  change.unknown = isUnknown(context, sides, emission);
  return change as AttributeChange;
}

function isUnknown(
  context: AttributeContext,
  { after, unknown }: AttributeSides,
  emission: Emission,
): boolean {
  return emission.unknown === true || hasMark(unknown) || (after !== undefined && context.isOpen(after));
}

function isSensitive(place: ChangePlace, sides: AttributeSides): boolean {
  return (
    place.sensitive ||
    hasMark(sides.beforeSensitive) ||
    hasMark(sides.afterSensitive) ||
    [sides.before, sides.after].some(
      (value) =>
        value !== undefined &&
        (secretPaths(value, place.name).length > 0 || sensitivePaths(place.facts, value).length > 0),
    )
  );
}

function forcesReplacement(context: AttributeContext, place: ChangePlace, sides: AttributeSides): boolean {
  const forces: Readonly<Record<AttributeContext['replacement'], boolean>> = {
    given: hasMark(sides.replace),
    predicted:
      place.forces ||
      place.facts?.replaceBelow === true ||
      (place.facts?.configuredReplaceBelow === true &&
        !place.isLeftOut &&
        isConfigured(place.facts, sides.after)),
    never: false,
  };
  return forces[context.replacement];
}

/** Something at or below sets what then forces replacement. */
function isConfigured(facts: AttributeFacts | undefined, value: Json | undefined): boolean {
  if (facts?.configuredReplaceBelow !== true || value === undefined || value === null) {
    return false;
  }
  if (facts.replaceIfConfigured) {
    return true;
  }
  return typeof value === 'object'
    ? Object.entries(value).some(([key, item]: [string, Json]) =>
        isConfigured(isList(value) ? facts.items : (facts.attributes.get(key) ?? facts.items), item),
      )
    : false;
}

/** True when a tree of marks holds a `true` anywhere. */
export function hasMark(tree: Json | undefined): boolean {
  if (tree === true) {
    return true;
  }
  if (tree === undefined || tree === null || typeof tree !== 'object') {
    return false;
  }
  return isList(tree) ? tree.some(hasMark) : Object.values(tree).some((item: Json) => hasMark(item));
}

/** Paths of attributes inside `value` that the provider declares sensitive. */
export function sensitivePaths(
  facts: AttributeFacts | undefined,
  value: Json,
  path: Path = [],
): readonly Path[] {
  if (facts === undefined || !facts.sensitiveBelow || value === null) {
    return [];
  }
  if (facts.sensitive) {
    return [path];
  }
  if (isList(value)) {
    return value.flatMap((item, index) => sensitivePaths(facts.items, item, [...path, index]));
  }
  if (!isObject(value)) {
    return [];
  }
  return Object.keys(value).flatMap((key) =>
    sensitivePaths(facts.attributes.get(key) ?? facts.items, value[key] ?? null, [...path, key]),
  );
}
