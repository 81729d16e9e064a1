/** How a lint rule is written: what it is about, in words for people, and a function that finds. */
import type { TextSpan } from '../language/ast.ts';
import type { LintedExpression } from './expression.ts';
import type { LintedList, LintedRule, LintedRuleset } from './model.ts';

/** `error`: refused by Cloudflare, or certain not to do what it says. `info`: worth knowing, nothing to object to. */
export type LintSeverity = 'error' | 'warning' | 'info';

/** One place that a rule objects to. */
export interface Hit {
  readonly message: string;
  /** Where in the expression; only for rules about expressions. */
  readonly span?: TextSpan;
  /** Attribute below the rule, ruleset or list, such as `action_parameters.uri`; for an expression it is known. */
  readonly path?: string;
  /** What to write instead, when that can be said for this place. */
  readonly suggestion?: string;
}

/** A change of the text that leaves the meaning as it is for every request. */
export interface LintEdit {
  readonly span: TextSpan;
  readonly text: string;
}

export type LintFinder =
  | {
      readonly on: 'expression';
      readonly find: (expression: LintedExpression) => readonly Hit[];
      /** Only for rewrites that give the same answer for every request, whichever way missing values are read. */
      readonly rewrite?: (expression: LintedExpression) => readonly LintEdit[];
    }
  | { readonly on: 'rule'; readonly find: (rule: LintedRule) => readonly Hit[] }
  | { readonly on: 'ruleset'; readonly find: (ruleset: LintedRuleset) => readonly Hit[] }
  | { readonly on: 'list'; readonly find: (list: LintedList) => readonly Hit[] };

/** What every rule says of itself, whether it judges a change at the gate or an expression in an editor. */
export interface RuleTexts {
  /** kebab-case, never changed once released: waivers and ledgers refer to it. */
  readonly id: string;
  readonly title: string;
  /** Why it matters, for somebody who decides. */
  readonly why: string;
  /** How to get past it honestly. */
  readonly fix: string;
  /** Date (YYYY-MM-DD) of the rule's introduction. */
  readonly since: string;
  /** Source of the rule or its figures. */
  readonly source: string;
}

/**
 * Who says the same of a change at the gate, so that it is said once: the policy rule of that id, of every text or only
 * of a rule's `expression`; or nobody, because it takes the whole configuration and the gate sees what changes, or
 * because it is advice about what works.
 */
type LeftTo =
  | { readonly policyRule: string; readonly of: 'everything' | 'expression' }
  | 'whole-configuration'
  | 'advice';

export interface LintRule extends RuleTexts {
  readonly severity: LintSeverity;
  readonly finder: LintFinder;
  readonly leftTo?: LeftTo;
}

type Define = (
  id: string,
  severity: LintSeverity,
  texts: readonly [title: string, why: string, fix: string],
  finder: LintFinder,
) => LintRule;

/** Makes the rules of one area, which share their source. */
export function rulesFrom(source: string, since = '2026-11-26'): Define {
  return (id, severity, [title, why, fix], finder) => ({
    id,
    severity,
    title,
    why,
    fix,
    source,
    since,
    finder,
  });
}

/** The rule, left at the gate to the policy rule that says it. */
export function leftTo(
  policyRule: string,
  rule: LintRule,
  of: 'everything' | 'expression' = 'everything',
): LintRule {
  return { ...rule, leftTo: { policyRule, of } };
}

export const none: readonly Hit[] = [];

/** One hit when the message is not null. */
export function hitWhen(condition: boolean, message: string, path?: string): readonly Hit[] {
  return condition ? [{ message, ...(path === undefined ? {} : { path }) }] : none;
}
