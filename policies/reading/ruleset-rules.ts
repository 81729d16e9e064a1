/**
 * The rules inside changed rulesets, old beside new. Matched by `ref`, as Cloudflare does; a rule without one is matched
 * by its expression, so that a list shifted by an insertion does not look like a list of changes. This is the one place
 * where policies look into a ruleset's rule list.
 */
import type { Json, JsonObject, ResourceChange } from '../../scripts/plan/types.ts';
import { zoneName } from './estate-context.ts';
import { isObject, readList, readValue, valueWithin } from './values.ts';
import type { Value } from './values.ts';
import { analyseExpression } from '../../scripts/waf/check/analyse.ts';
import type { ExpressionAnalysis } from '../../scripts/waf/language/types.ts';

export interface RulesetRuleChange {
  readonly change: ResourceChange;
  /** The rule's `ref`, or null when it has none. */
  readonly ref: string | null;
  /** `stack/address#ref`, or `stack/address#rules[2]` for a rule without ref. */
  readonly subject: string;
  readonly phase: Value;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Position in the list that the rule is in now (or was in, when it is removed). */
  readonly position: number;
  /** The expression after the change, analysed on first use and only once. */
  readonly expression: () => ExpressionReading;
}

export type ExpressionReading =
  | { readonly kind: 'known'; readonly text: string; readonly analysis: ExpressionAnalysis }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unknown' };

/** Rules that were added, removed or changed. A ruleset whose rule list is unknown yields none: see `hasUnknownRules`. */
export function pairRulesetRules(change: ResourceChange): readonly RulesetRuleChange[] {
  const before = identified(readList(change, 'before', ['rules']) ?? []);
  const after = identified(readList(change, 'after', ['rules']) ?? []);
  const pairs: RulesetRuleChange[] = [];
  for (const [key, now] of after) {
    const was = before.get(key);
    if (was === undefined || !isSame(was.rule, now.rule)) {
      pairs.push(pairOf(change, was?.rule ?? null, now.rule, now.position));
    }
  }
  for (const [key, was] of before) {
    if (!after.has(key) && !hasUnknownRules(change)) {
      pairs.push(pairOf(change, was.rule, null, was.position));
    }
  }
  return pairs;
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

interface PlacedRule {
  readonly rule: JsonObject;
  readonly position: number;
}

function identified(rules: readonly Json[]): ReadonlyMap<string, PlacedRule> {
  const found = new Map<string, PlacedRule>();
  rules.forEach((rule, position) => {
    if (!isObject(rule)) {
      return;
    }
    const name = identityOf(rule);
    let key = name;
    for (let copy = 2; found.has(key); copy += 1) {
      key = `${name} ${copy}`;
    }
    found.set(key, { rule, position });
  });
  return found;
}

function identityOf(rule: JsonObject): string {
  const ref = refOf(rule);
  if (ref !== null) {
    return `ref ${ref}`;
  }
  const expression = rule['expression'];
  return `expression ${typeof expression === 'string' ? expression : ''}`;
}

function refOf(rule: JsonObject): string | null {
  const ref = rule['ref'];
  return typeof ref === 'string' && ref !== '' ? ref : null;
}

function pairOf(
  change: ResourceChange,
  before: JsonObject | null,
  after: JsonObject | null,
  position: number,
): RulesetRuleChange {
  const ref = refOf(after ?? before ?? {});
  const name = ref ?? `rules[${position}]`;
  const side = change.after === null ? 'before' : 'after';
  let reading: ExpressionReading | null = null;
  return {
    change,
    ref,
    expression: () => (reading ??= readExpression(change, after === null ? null : position)),
    subject: `${change.stack}/${change.address}#${name}`,
    phase: readValue(change, side, ['phase']),
    before,
    after,
    position,
  };
}

function readExpression(change: ResourceChange, position: number | null): ExpressionReading {
  if (position === null) {
    return { kind: 'absent' };
  }
  const found = readValue(change, 'after', ['rules', position, 'expression']);
  if (found.kind !== 'known') {
    return found;
  }
  const text = typeof found.value === 'string' ? found.value : '';
  return { kind: 'known', text, analysis: analyseExpression(text, { zone: zoneName(change) }) };
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
