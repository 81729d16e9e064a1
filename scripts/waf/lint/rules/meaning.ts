/** What an expression means in a way that its author may not expect. */
import { ungroup } from '../../language/ast.ts';
import type {
  CallValue,
  ComparisonNode,
  Expression,
  TextSpan,
  StringLiteral,
  ValueNode,
} from '../../language/ast.ts';
import type { ReadExpression } from '../../reason/read-expression.ts';
import { actionEffect } from '../../rulesets/phases.ts';
import { provesIdentity } from '../../../secrets/names.ts';
import { comparedStrings } from '../expression.ts';
import type { LintedExpression } from '../expression.ts';
import { leftTo, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare Rules language reference; open engine (wirefilter)');

function whole(expression: LintedExpression): TextSpan {
  return { start: 0, end: expression.text.length };
}

/** `true` is how a rule for every request is written; that it is in a rule that stops or skips is worth a look. */
function alwaysTrueHits(expression: LintedExpression): readonly Hit[] {
  const { tree, rule, read } = expression;
  if (tree === null || read?.constant !== true) {
    return [];
  }
  const isPlain = ungroup(tree).kind === 'constant';
  const action = rule?.action ?? '';
  const isQuiet =
    isPlain &&
    (rule === null ||
      (actionEffect(action) === 'go-on' && action !== 'skip') ||
      expression.path !== 'expression');
  return isQuiet ? [] : [{ message: 'it is true for every request', span: whole(expression) }];
}

function alwaysFalseHits(expression: LintedExpression): readonly Hit[] {
  return expression.read?.constant === false
    ? [{ message: 'it is true for no request', span: whole(expression) }]
    : [];
}

/** The outermost parts that do not depend on the request, of an expression that does. */
function constantParts(node: Expression, read: ReadExpression): readonly Expression[] {
  if (node.kind === 'constant' || isEmptySet(node)) {
    return [];
  }
  if (read.constantOf(node) !== null) {
    return [node];
  }
  switch (node.kind) {
    case 'logical':
      return node.operands.flatMap((operand) => constantParts(operand, read));
    case 'group':
      return constantParts(node.inner, read);
    case 'not':
      return constantParts(node.operand, read);
    case 'comparison':
    case 'truth':
    case 'invalid':
      return [];
    default:
      return [];
  }
}

function isEmptySet(node: Expression): boolean {
  return node.kind === 'comparison' && node.right.kind === 'set' && node.right.elements.length === 0;
}

function constantPartHits({ tree, read }: LintedExpression): readonly Hit[] {
  return tree === null || read === null || read.constant !== null
    ? []
    : constantParts(tree, read).map((part) => ({
        message: `this part is always ${String(read.constantOf(part))}`,
        span: part.span,
      }));
}

/** True when the value is of a map key or array index, or made from one: then a request may not have it. */
function mayBeMissing(value: ValueNode): boolean {
  if (value.kind === 'field') {
    return value.accessors.length > 0;
  }
  return (
    value.accessors.length > 0 ||
    (value.name !== 'coalesce' &&
      value.name !== 'concat' &&
      value.args.some((argument) => isMissingArgument(argument)))
  );
}

function isMissingArgument(argument: CallValue['args'][number]): boolean {
  return (argument.kind === 'field' || argument.kind === 'call') && mayBeMissing(argument);
}

function missingHits(expression: LintedExpression): readonly Hit[] {
  const unequal = expression.comparisons
    .filter(({ operator, left }) => operator === 'ne' && !left.spread && mayBeMissing(left))
    .map(({ span }) => ({
      message: 'documentation and engine differ about ne when the value is missing',
      span,
    }));
  const all = expression.calls
    .filter(({ name, args: [test] }) => name === 'all' && test?.kind === 'test' && isAboutKey(test.test))
    .map(({ span }) => ({ message: 'all() is true in the engine when the value is missing', span }));
  return [...unequal, ...all];
}

function isAboutKey(test: Expression): boolean {
  const inner = ungroup(test.kind === 'not' ? test.operand : test);
  const value = inner.kind === 'comparison' ? inner.left : inner.kind === 'truth' ? inner.value : null;
  return value !== null && mayBeMissing(value);
}

function isSecretPlace(value: ValueNode): boolean {
  if (value.kind === 'call') {
    return value.args.some(
      (argument) => (argument.kind === 'field' || argument.kind === 'call') && isSecretPlace(argument),
    );
  }
  return value.accessors.some((accessor) => accessor.kind === 'key' && provesIdentity(accessor.key));
}

/** Shorter texts and plain words (`true`, `bearer`) are tests for the kind of a value, not for a secret. */
function looksSecret(bytes: string): boolean {
  return bytes.length >= 12 || (bytes.length >= 8 && /[0-9]/u.test(bytes) && /[A-Za-z]/u.test(bytes));
}

const comparing: ReadonlySet<ComparisonNode['operator']> = new Set(['eq', 'ne', 'in', 'contains']);

/** Literals that are secrets: keys of HMAC functions, and what headers and cookies with telling names are compared with. */
export function secretLiterals(expression: LintedExpression): readonly StringLiteral[] {
  const keys = expression.calls.flatMap(({ name, args: [key] }) =>
    name.startsWith('is_timed_hmac_valid') && key?.kind === 'string' ? [key] : [],
  );
  const compared = expression.comparisons
    .filter(({ left, operator }) => comparing.has(operator) && isSecretPlace(left))
    .flatMap((comparison) => comparedStrings(comparison))
    .filter(({ bytes }) => looksSecret(bytes));
  return [...keys, ...compared];
}

export const meaningRules: readonly LintRule[] = [
  leftTo(
    'waf-expression-constant',
    define(
      'always-true',
      'warning',
      [
        'The expression depends on the request',
        'A rule that stops or skips every request is rarely meant.',
        'Confine it by host, path or address.',
      ],
      { on: 'expression', find: alwaysTrueHits },
    ),
  ),
  leftTo(
    'waf-expression-constant',
    define(
      'always-false',
      'warning',
      ['Some request matches', 'The rule does nothing.', 'Correct the expression, or disable the rule.'],
      { on: 'expression', find: alwaysFalseHits },
    ),
  ),
  define(
    'constant-part',
    'warning',
    [
      'Every part depends on the request',
      'A part that is always true or false hides a mistake: contradicting tests, or values that cannot be.',
      'Correct the part, or leave it out.',
    ],
    { on: 'expression', find: constantPartHits },
  ),
  define(
    'missing-value',
    'info',
    [
      'It is known what happens when the value is missing',
      'Documentation and engine differ about ne and all() on a missing header, cookie or argument.',
      'Test for presence too: has_key(…), or len() and coalesce().',
    ],
    { on: 'expression', find: missingHits },
  ),
  define(
    'secret-in-expression',
    'warning',
    [
      'No secrets in expressions',
      'Expressions stand in repositories, plans, logs and dashboards that many people read.',
      'Use mTLS, access policies or a signed URL with a key that is rotated; rotate what stood here.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        secretLiterals(expression).map(({ span }) => ({
          message: 'a literal that looks like a secret',
          span,
        })),
    },
  ),
];
