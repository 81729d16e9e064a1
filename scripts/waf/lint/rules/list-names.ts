/** Lists that expressions name. */
import { closestName } from '../../language/suggest.ts';
import type { LintedExpression } from '../expression.ts';
import { hitWhen, leftTo, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';
import { managedLists } from './value-domains.ts';

const define = rulesFrom('Cloudflare Rules language reference, lists');

/** Lists that expressions name, with what they are compared with. */
function named(expression: LintedExpression): readonly {
  readonly name: string;
  readonly type: string;
  readonly span: { readonly start: number; readonly end: number };
}[] {
  return expression.comparisons.flatMap(({ left, right }) =>
    right.kind === 'list' ? [{ name: right.name, type: left.type.kind, span: right.span }] : [],
  );
}

const typesOf: Readonly<Record<string, string>> = {
  ip: 'ip',
  asn: 'int',
  hostname: 'string',
  redirect: 'string',
};

function kindHits(expression: LintedExpression): readonly Hit[] {
  const known = expression.rule?.ruleset.estate.listKinds;
  return named(expression).flatMap(({ name, type, span }) => {
    const kind = name.startsWith('cf.') ? 'ip' : known?.get(name);
    const wanted = kind === undefined ? undefined : typesOf[kind];
    return hitWhen(
      wanted !== undefined && type !== 'unknown' && type !== wanted,
      `$${name} is a list of kind ${kind ?? ''} and does not fit the value on the left`,
    ).map((hit) => ({ ...hit, span }));
  });
}

function undefinedHits(expression: LintedExpression): readonly Hit[] {
  const known = expression.rule?.ruleset.estate.listKinds;
  return known === undefined
    ? none
    : named(expression)
        .filter(({ name }) => !name.startsWith('cf.') && !known.has(name))
        .map(({ name, span }) => {
          const meant = closestName(name, known.keys());
          return {
            message: `no list $${name} is configured`,
            span,
            ...(meant === null ? {} : { suggestion: `$${meant}` }),
          };
        });
}

export const listNameRules: readonly LintRule[] = [
  leftTo(
    'list-known',
    define(
      'list-undefined',
      'warning',
      [
        'Lists that expressions name are configured',
        'Cloudflare refuses the rule when the list does not exist.',
        'Correct the name, or declare the list.',
      ],
      { on: 'expression', find: undefinedHits },
    ),
  ),
  define(
    'list-managed-unknown',
    'warning',
    [
      'Managed lists exist',
      'Cloudflare refuses a list that it does not have.',
      `Use ${[...managedLists].join(', ')}.`,
    ],
    {
      on: 'expression',
      find: (expression) =>
        named(expression)
          .filter(({ name }) => name.startsWith('cf.') && !managedLists.has(name))
          .map(({ name, span }) => ({ message: `$${name} is not documented`, span })),
    },
  ),
  define(
    'list-kind',
    'error',
    [
      'Lists fit the values that are looked for in them',
      'Cloudflare refuses a list of another kind.',
      'Use a list of the kind, or another field.',
    ],
    { on: 'expression', find: kindHits },
  ),
];
