/**
 * A ruleset and its rules as configuration has them. The one reader of `cloudflare_ruleset`, whoever wrote its attributes: a
 * bundle, either side of a plan, or Terraform's state in a store. What a value means that only Terraform can tell is for
 * those who read it; here it is not `false` and no name.
 */
import { isObject } from '../../json/json.ts';
import { isOpenText } from '../../plan/expression/parse.ts';
import { isMadeUp } from '../../plan/difference/rule-likeness.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { objectAt, textAt } from './attributes.ts';

export interface RulesetRule {
  /** The `ref` that somebody gave it; null without one. Only this says that two rules are the same one. */
  readonly ref: string | null;
  /** That Cloudflare has given it; null where that is not known, as in a bundle. */
  readonly id: string | null;
  /** See `nameOfRule`. */
  readonly name: string;
  /** From 0, in the list as it is written. */
  readonly position: number;
  readonly attributes: JsonObject;
  /** Empty when there is none. */
  readonly action: string;
  readonly parameters: JsonObject;
  /** Empty when there is none. */
  readonly expression: string;
  /** Unless it says `false`. */
  readonly enabled: boolean;
  /** What it does depends on counters. */
  readonly isRateLimit: boolean;
}

export interface Ruleset {
  readonly attributes: JsonObject;
  readonly phase: string;
  /** As it is written. */
  readonly kind: string;
  /** True for a ruleset of an account. */
  readonly isAccount: boolean;
  readonly rules: readonly RulesetRule[];
}

export function readRuleset(attributes: JsonObject): Ruleset {
  return {
    attributes,
    phase: textAt(attributes, 'phase'),
    kind: textAt(attributes, 'kind'),
    isAccount: (attributes['zone_id'] ?? null) === null,
    rules: readRules(attributes['rules']),
  };
}

/** A list of rules, or the only one. What is not an object is no rule, and keeps its place. */
export function readRules(written: Json | undefined): readonly RulesetRule[] {
  const list = Array.isArray(written) ? (written as readonly Json[]) : [written];
  return list.flatMap((rule, position) => (isObject(rule) ? [readRule(rule, position)] : []));
}

export function readRule(attributes: JsonObject, position: number): RulesetRule {
  return {
    ref: givenRef(attributes),
    id: textAt(attributes, 'id') || null,
    name: nameOfRule(attributes, position),
    position,
    attributes,
    action: textAt(attributes, 'action'),
    parameters: objectAt(attributes, 'action_parameters'),
    expression: textAt(attributes, 'expression'),
    enabled: attributes['enabled'] !== false,
    isRateLimit: isObject(attributes['ratelimit']),
  };
}

/**
 * What a rule is called, in subjects, waivers, ledgers and verdicts: the `ref` that somebody gave it, else its place,
 * `rules[2]`. Not its description, which two rules may share and anybody rewords; and not the id, which Cloudflare makes up
 * (also as the `ref` of a rule without one) and which no bundle and no plan of a new rule has: a rule is called the same
 * before its first release and after it.
 */
function nameOfRule(attributes: JsonObject, position: number): string {
  return givenRef(attributes) ?? `rules[${String(position)}]`;
}

function givenRef(attributes: JsonObject): string | null {
  const ref = textAt(attributes, 'ref');
  return ref === '' || isOpenText(ref) || isMadeUp(attributes) ? null : ref;
}
