/**
 * The rules inside changed rulesets, old beside new. They are paired by the matcher of the plan (`scripts/plan/difference/identity.ts`):
 * what a plan shows as one edited rule is one to the rules as well. This is the one place where policies look into a
 * ruleset's rule list.
 */
import { matchLists } from '../../../scripts/plan/difference/identity.ts';
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';
import { readRule, readRules } from '../../../scripts/waf/rulesets/rules.ts';
import type { RulesetRule } from '../../../scripts/waf/rulesets/rules.ts';
import type { Json, JsonObject, Path, PathSegment, ResourceChange } from '../../../scripts/plan/types.ts';
import { endIn } from '../../emergency/expiry.ts';
import { show, zoneName } from '../estate-context.ts';
import { knownText, readValue, valueWithin } from '../values.ts';
import type { Side, Value } from '../values.ts';
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import type { ReadExpression } from '../../../scripts/waf/reason/read-expression.ts';
import { analyseExpression } from '../../../scripts/waf/reason/analyse.ts';
import type { ExpressionAnalysis } from '../../../scripts/waf/language/types.ts';
import { isObject } from '../../../scripts/json/json.ts';

/** What a rule is called and what Cloudflare writes beside it: the attributes of a rule that decide nothing. */
export const describing: ReadonlySet<PathSegment | undefined> = new Set([
  'description',
  'id',
  'last_updated',
  'ref',
  'version',
]);

export interface RulesetRuleChange {
  readonly change: ResourceChange;
  /** The rule's `ref`, or null when it has none. */
  readonly ref: string | null;
  /** `stack/address#name`, by the name that `scripts/waf/rulesets/rules.ts` gives every rule. */
  readonly subject: string;
  readonly phase: Value;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Nothing of the rule differs but its description, and that says no other end of an emergency move. */
  readonly isOnlyDescribed: boolean;
  /** Position in the list that the rule is in now (or was in, when it is removed). */
  readonly position: number;
  /** The expression after the change, analysed on first use and only once. */
  readonly expression: () => ExpressionReading;
}

export type ExpressionReading =
  | {
      readonly kind: 'known';
      readonly text: string;
      readonly read: ReadExpression;
      readonly analysis: ExpressionAnalysis;
    }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** One rule of a ruleset on both sides, by positions in the two lists; null on the side where it is not. */
export interface PlacedPair {
  readonly before: number | null;
  readonly after: number | null;
}

/**
 * Which rule before is which rule after, in the order after the change and then what is gone: by `ref`, and for rules
 * without one as the plan pairs them. What is not a rule is left out.
 */
export function placedPairs(change: ResourceChange): readonly PlacedPair[] {
  const [before, after] = [rulesOn(change, 'before'), rulesOn(change, 'after')];
  const [was, now] = [before, after].map((rules) => rules.map(({ attributes }) => attributes));
  return matchLists(was ?? [], now ?? [], { isSet: false, isSecret: false })
    .matches.map((match) => ({
      before: match.before === null ? null : (before[match.before]?.position ?? null),
      after: match.after === null ? null : (after[match.after]?.position ?? null),
    }))
    .filter((pair) => pair.before !== null || pair.after !== null)
    .toSorted((a, b) => rank(a) - rank(b) || (a.after ?? a.before ?? 0) - (b.after ?? b.before ?? 0));
}

function rank({ after }: PlacedPair): number {
  return after === null ? 1 : 0;
}

/** The rules of a ruleset on one side; none where the list is absent or unknown. */
export function rulesOn(change: ResourceChange, side: Side): readonly RulesetRule[] {
  const found = readValue(change, side, ['rules']);
  return found.kind === 'known' ? readRules(found.value) : [];
}

/** The phase after the change, or before it of a ruleset that goes; null when it is not known, and of what is no ruleset. */
export function phaseOf(change: ResourceChange): string | null {
  return change.type === rulesetType
    ? knownText(change, change.after === null ? 'before' : 'after', ['phase'])
    : null;
}

/** Rules that were added, removed or changed. A ruleset whose rule list is unknown yields none: see `hasUnknownRules`. */
export function pairRulesetRules(
  change: ResourceChange,
  expressions: Expressions,
): readonly RulesetRuleChange[] {
  const isUnknown = hasUnknownRules(change);
  const lists = { before: rulesOn(change, 'before'), after: rulesOn(change, 'after') };
  return placedPairs(change).flatMap((place) => {
    const [was, now] = [ruleAt(lists.before, place.before), ruleAt(lists.after, place.after)];
    const isChanged = now === null ? !isUnknown : was === null || !isSameRule(was, now);
    const position = place.after ?? place.before ?? 0;
    return isChanged ? [pairOf(change, { was, now, position }, expressions)] : [];
  });
}

function ruleAt(rules: readonly RulesetRule[], place: number | null): JsonObject | null {
  return rules.find(({ position }) => position === place)?.attributes ?? null;
}

/** True when the rules after the change cannot be known, so that nothing can be said about any of them. */
export function hasUnknownRules(change: ResourceChange): boolean {
  return readValue(change, 'after', ['rules']).kind === 'unknown';
}

/** A value inside one rule, honouring what the plan lists as unknown. */
export function ruleValue(
  pair: RulesetRuleChange,
  side: 'before' | 'after',
  path: readonly (string | number)[],
): Value {
  const rule = pair[side];
  if (rule === null) {
    return { kind: 'absent' };
  }
  if (side === 'after') {
    return readValue(pair.change, 'after', ['rules', pair.position, ...path]);
  }
  return valueWithin(rule, path);
}

/** The known text inside one rule; null when absent, unknown or no text. */
export function ruleText(
  pair: RulesetRuleChange,
  side: 'before' | 'after',
  path: readonly (string | number)[],
): string | null {
  const found = ruleValue(pair, side, path);
  return found.kind === 'known' && typeof found.value === 'string' ? found.value : null;
}

/** True when the rule is in one of the phases, or when its phase cannot be told. */
export function isInPhase(pair: RulesetRuleChange, ...phases: readonly string[]): boolean {
  return (
    pair.phase.kind !== 'known' || (typeof pair.phase.value === 'string' && phases.includes(pair.phase.value))
  );
}

/** What a rule is called in a message: its name, and where that is only its place, with its description. */
export function ruleLabel({ ref, name, attributes: { description } }: RulesetRule): string {
  const isDescribed = ref === null && typeof description === 'string' && description !== '';
  return isDescribed ? `${name} (${show(description)})` : name;
}

function pairOf(
  change: ResourceChange,
  {
    was: before,
    now: after,
    position,
  }: { readonly was: JsonObject | null; readonly now: JsonObject | null; readonly position: number },
  expressions: Expressions,
): RulesetRuleChange {
  const { ref, name } = readRule(after ?? before ?? {}, position);
  const side = change.after === null ? 'before' : 'after';
  let reading: ExpressionReading | null = null;
  return {
    change,
    ref,
    expression: () => (reading ??= readExpression(change, after === null ? null : position, expressions)),
    subject: `${change.stack}/${change.address}#${name}`,
    phase: readValue(change, side, ['phase']),
    before,
    after,
    isOnlyDescribed:
      before !== null &&
      after !== null &&
      isSameRule(undescribed(before), undescribed(after)) &&
      !hasOtherEnd(before, after) &&
      !hasUnknownPart(change, position),
    position,
  };
}

function readExpression(
  change: ResourceChange,
  position: number | null,
  expressions: Expressions,
): ExpressionReading {
  if (position === null) {
    return { kind: 'absent' };
  }
  const found = readValue(change, 'after', ['rules', position, 'expression']);
  if (found.kind !== 'known') {
    return found;
  }
  const text = typeof found.value === 'string' ? found.value : '';
  const read = expressions.read(text);
  return { kind: 'known', text, read, analysis: analyseExpression(read, { zone: zoneName(change) }) };
}

/** What was switched on for a time was agreed to for that time. */
function hasOtherEnd(before: JsonObject, after: JsonObject): boolean {
  const [was, is] = [before, after].map(({ description }) =>
    typeof description === 'string' ? endIn(description) : null,
  );
  return (was ?? null) !== null && was?.expires !== is?.expires;
}

function undescribed(rule: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(rule).filter(([key]) => key !== 'description'));
}

/** A plan of Terraform's leaves out what is unknown, so that it looks like what is not there. */
function hasUnknownPart(change: ResourceChange, position: number): boolean {
  return change.unknown.some(
    (path) => rulePosition(change, path) === position && !(path.length === 3 && describing.has(path[2])),
  );
}

/** Where the rule stands after the change that a path leads into; null for any other path. */
export function rulePosition(change: ResourceChange, [root, at]: Path): number | null {
  if (root !== 'rules' || at === undefined || typeof at === 'string') {
    return null;
  }
  return typeof at === 'number'
    ? at
    : (rulesOn(change, 'after').find(({ attributes }) => attributes[at.by] === at.is)?.position ?? -1);
}

/** A rule without a `ref` of its own has the one that Cloudflare gave it, which a plan does not know yet. */
function isSameRule(was: JsonObject, now: JsonObject): boolean {
  const [before, after] = [was, now].map((rule) => readRule(rule, 0).ref);
  const { id: _wasId, ref: _was, ...first } = was;
  const { id: _nowId, ref: _now, ...second } = now;
  return before === after && isSame(first, second);
}

/** Deep equality; fields that only live plans carry are left out, and null is the same as absent. */
function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b || ((a ?? null) === null && (b ?? null) === null)) {
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    const left = a as readonly Json[];
    const right = b as readonly Json[];
    return left.length === right.length && left.every((item, at) => isSame(item, right[at]));
  }
  if (!isObject(a) || !isObject(b)) {
    return false;
  }
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => computedKeys.has(key) || isSame(a[key], b[key]));
}

const computedKeys: ReadonlySet<string> = new Set(['last_updated', 'version']);
