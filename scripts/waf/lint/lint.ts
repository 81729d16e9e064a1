/** Runs the lint rules over a configuration or over one expression. */
import { objectAt, textAt } from '../rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import { addressOf } from '../rulesets/configured-bundle.ts';
import type { ConfiguredObject } from '../rulesets/configured.ts';
import type { ExpressionContext } from '../reason/check-context.ts';
import { Expressions } from '../reason/expressions.ts';
import { lintRules } from './catalogue.ts';
import { lintedExpression } from './expression.ts';
import type { ExpressionPlace, LintedExpression } from './expression.ts';
import { maskFor } from './mask.ts';
import { isReference, lintedEstate } from './model.ts';
import type { EstateOptions, LintedRule } from './model.ts';
import type { Hit, LintRule, LintSeverity } from './rule.ts';

export interface LintFinding {
  readonly ruleId: string;
  readonly severity: LintSeverity;
  /** `address#ref`, or the address of a ruleset or list; empty for an expression of its own. */
  readonly subject: string;
  /** Attribute below the subject; empty for the whole. */
  readonly path: string;
  /** Place within the expression at `path`, both from 1; null when the finding is not about one. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly fix: string;
}

export interface LintOptions extends EstateOptions {
  /** Date for which the language is taken, YYYY-MM-DD. */
  readonly date?: string;
  /** Put before each address, as `stack/`. */
  readonly prefix?: string;
  /** Ids of the lint rules to run; all when left away. */
  readonly only?: ReadonlySet<string>;
  /** Whether the rule at this position of a ruleset is looked at by itself; all are when left away. */
  readonly isInScope?: (position: number) => boolean;
}

/** Findings in the order of the configuration; secrets in expressions are masked in every text. */
export function lintConfiguration(
  objects: readonly ConfiguredObject[],
  options: LintOptions = {},
): readonly LintFinding[] {
  const estate = lintedEstate(objects, options);
  const selected = selectedRules(options);
  const { isInScope = () => true } = options;
  const rulesets = estate.rulesets.flatMap((ruleset) => [
    ...selected.flatMap((rule) =>
      rule.finder.on === 'ruleset'
        ? placed(rule, rule.finder.find(ruleset), addressed(ruleset.id, options))
        : [],
    ),
    ...ruleset.rules
      .filter(({ position }) => isInScope(position))
      .flatMap((rule) => lintOneRule(rule, subjectOf(rule, options), options)),
  ]);
  const lists = estate.lists.flatMap((list) =>
    selected.flatMap((rule) =>
      rule.finder.on === 'list' ? placed(rule, rule.finder.find(list), addressed(list.id, options)) : [],
    ),
  );
  return [...rulesets, ...lists];
}

/** Every filter expression of the configuration that is known, with its subject. */
export function configuredFilters(
  objects: readonly ConfiguredObject[],
  options: LintOptions = {},
): readonly { readonly subject: string; readonly expression: LintedExpression }[] {
  return lintedEstate(objects, options).rulesets.flatMap(({ rules }) =>
    rules.flatMap((rule) =>
      expressionsOf(rule, options)
        .filter(({ kind }) => kind === 'filter')
        .map((expression) => ({ subject: subjectOf(rule, options), expression })),
    ),
  );
}

function selectedRules({ only }: LintOptions): readonly LintRule[] {
  return only === undefined ? lintRules : lintRules.filter(({ id }) => only.has(id));
}

function addressed(id: string, { prefix = '' }: LintOptions): string {
  return `${prefix}${addressOf(id) ?? id}`;
}

function subjectOf(rule: LintedRule, options: LintOptions): string {
  return `${addressed(rule.ruleset.id, options)}#${rule.name}`;
}

function lintOneRule(linted: LintedRule, subject: string, options: LintOptions): readonly LintFinding[] {
  const selected = selectedRules(options);
  return [
    ...selected.flatMap((rule) =>
      rule.finder.on === 'rule' ? placed(rule, rule.finder.find(linted), subject) : [],
    ),
    ...expressionsOf(linted, options).flatMap((expression) => lintParsed(expression, subject, selected)),
  ];
}

/** One filter expression, or one value expression of a rewrite or redirect. */
export function lintExpression(
  text: string,
  context: ExpressionContext & { readonly kind?: 'filter' | 'value' } = {},
  expressions = new Expressions(),
): readonly LintFinding[] {
  const { kind = 'filter', ...place } = context;
  return lintParsed(lintedExpression(text, { ...place, kind, path: '', rule: null }, expressions), '');
}

function lintParsed(
  expression: LintedExpression,
  subject: string,
  selected: readonly LintRule[] = lintRules,
): readonly LintFinding[] {
  const mask = maskFor(expression);
  return selected.flatMap((rule) => {
    const { finder } = rule;
    return finder.on === 'expression'
      ? finder.find(expression).map((hit) => {
          const finding = findingOf(rule, { ...hit, path: expression.path }, subject);
          const place = hit.span === undefined ? {} : placeOf(expression.text, hit.span.start);
          return { ...finding, ...place, message: mask(finding.message), fix: mask(finding.fix) };
        })
      : [];
  });
}

function placed(rule: LintRule, hits: readonly Hit[], subject: string): readonly LintFinding[] {
  return hits.map((hit) => findingOf(rule, hit, subject));
}

function findingOf(rule: LintRule, { message, path = '', suggestion }: Hit, subject: string): LintFinding {
  return {
    ruleId: rule.id,
    severity: rule.severity,
    subject,
    path,
    line: null,
    column: null,
    message,
    fix: suggestion === undefined ? rule.fix : `${rule.fix} Here: ${suggestion}`,
  };
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** The expressions of a rule with their places; those that are only known when Terraform runs are left out. */
function expressionsOf(rule: LintedRule, { date }: LintOptions): readonly LintedExpression[] {
  const { phase, plan } = rule.ruleset;
  const context = {
    rule,
    phase,
    ...(plan === undefined ? {} : { plan }),
    ...(date === undefined ? {} : { date }),
  };
  return textsOf(rule).flatMap(({ text, ...place }) =>
    text.trim() === '' || isReference(text)
      ? []
      : [lintedExpression(text, { ...context, ...place }, rule.ruleset.estate.expressions)],
  );
}

type PlacedText = Pick<ExpressionPlace, 'kind' | 'path'> & {
  readonly text: string;
  readonly isCountingExpression?: boolean;
};

function textsOf({ attributes, parameters }: LintedRule): readonly PlacedText[] {
  const uri = objectAt(parameters, 'uri');
  const headers = objectAt(parameters, 'headers');
  return [
    { kind: 'filter', path: 'expression', text: textAt(attributes, 'expression') },
    {
      kind: 'filter',
      path: 'ratelimit.counting_expression',
      text: textAt(objectAt(attributes, 'ratelimit'), 'counting_expression'),
      isCountingExpression: true,
    },
    valueText(
      'action_parameters.from_value.target_url',
      objectAt(objectAt(parameters, 'from_value'), 'target_url'),
    ),
    valueText('action_parameters.uri.path', objectAt(uri, 'path')),
    valueText('action_parameters.uri.query', objectAt(uri, 'query')),
    ...Object.keys(headers).map((name) =>
      valueText(`action_parameters.headers[${JSON.stringify(name)}]`, objectAt(headers, name)),
    ),
  ];
}

function valueText(path: string, object: JsonObject): PlacedText {
  return { kind: 'value', path: `${path}.expression`, text: textAt(object, 'expression') };
}
