/**
 * Rulesets as configuration has them, made ready to be run on many requests. A rule that cannot be read is kept: it is
 * unknown for every request, so that no verdict silently ignores it.
 */
import { isRefused } from '../language/diagnostics.ts';
import { checkValueExpression } from '../reason/check.ts';
import { compileValueExpression } from '../evaluate/compile.ts';
import type { CompiledTest, EvaluationSettings } from '../evaluate/compile.ts';
import type { CompiledValue } from '../evaluate/compile-values.ts';
import { toByteString } from '../language/literals.ts';
import type { Expressions } from '../reason/expressions.ts';
import type { ManagedOverrides } from './managed.ts';
import type { RulesetRule } from './rules.ts';
import { parseValueExpression } from '../language/parser.ts';
import { actionEffect } from './phases.ts';
import type { ActionEffect } from './phases.ts';
import { unknownBecause } from '../evaluate/runtime.ts';

/** What a skip rule leaves out. */
export interface CompiledSkipScope {
  /** Rest of the ruleset that the rule is in. */
  readonly currentRuleset: boolean;
  /** Rest of the phase, later rulesets of it included. */
  readonly currentPhase: boolean;
  readonly phases: readonly string[];
  readonly rulesets: readonly string[];
  /** Rule ids by ruleset id. */
  readonly rules: Readonly<Record<string, readonly string[]>>;
  /** Products outside the ruleset engine, such as `waf` or `bic`. */
  readonly products: readonly string[];
}

/** A static value or an expression for one part of the URI. */
export interface UriRewrite {
  readonly path: string | { readonly expression: string } | null;
  readonly query: string | { readonly expression: string } | null;
}

/** What of a rule decides about a request. */
export interface RunRule extends Pick<
  RulesetRule,
  'ref' | 'id' | 'name' | 'expression' | 'action' | 'enabled'
> {
  readonly skip?: CompiledSkipScope;
  /** Id of the ruleset that an execute rule runs. */
  readonly executes?: string;
  /** What an execute rule changes of a managed ruleset. */
  readonly overrides?: ManagedOverrides;
  readonly rewrites?: UriRewrite;
  readonly isRateLimit?: boolean;
}

export interface RunRuleset {
  readonly id: string;
  readonly kind: 'root' | 'zone' | 'custom' | 'managed';
  readonly phase: string;
  readonly rules: readonly RunRule[];
}

export interface CompiledRule {
  readonly rule: RunRule;
  readonly ruleset: RunRuleset;
  readonly test: CompiledTest;
  readonly effect: ActionEffect;
  readonly path: CompiledValue | null;
  readonly query: CompiledValue | null;
}

export interface CompiledRuleset {
  readonly ruleset: RunRuleset;
  readonly rules: readonly CompiledRule[];
}

export function compileRuleset(
  ruleset: RunRuleset,
  settings: EvaluationSettings,
  expressions: Expressions,
): CompiledRuleset {
  const enabled = ruleset.rules.filter((rule) => rule.enabled);
  return {
    ruleset,
    rules: enabled.map((rule) => ({
      ...compileRule(rule, ruleset, settings),
      test: expressions.read(rule.expression).test(settings, `expression of rule ${rule.name}`),
    })),
  };
}

function compileRule(
  rule: RunRule,
  ruleset: RunRuleset,
  settings: EvaluationSettings,
): Omit<CompiledRule, 'test'> {
  return {
    rule,
    ruleset,
    effect: actionEffect(rule.action),
    path: compileRewrite(rule.rewrites?.path ?? null, rule.name, settings),
    query: compileRewrite(rule.rewrites?.query ?? null, rule.name, settings),
  };
}

function compileRewrite(
  rewrite: string | { readonly expression: string } | null,
  name: string,
  settings: EvaluationSettings,
): CompiledValue | null {
  if (rewrite === null) {
    return null;
  }
  if (typeof rewrite === 'string') {
    const bytes = toByteString(rewrite);
    return () => bytes;
  }
  const parsed = parseValueExpression(rewrite.expression);
  if (parsed.value === null || isRefused(checkValueExpression(parsed))) {
    const unknown = unknownBecause(`value expression of rule ${name}`);
    return () => unknown;
  }
  return compileValueExpression(parsed.value, settings);
}
