/** An expression read once for all lint rules: its tree, what the checks say, and its parts in the order of the text. */
import type {
  CallValue,
  ComparisonNode,
  Expression,
  FieldValue,
  SetElement,
  StringLiteral,
  ValueNode,
} from '../language/ast.ts';
import { isRefused } from '../language/diagnostics.ts';
import { checkFilter, checkValueExpression } from '../reason/check.ts';
import type { ExpressionContext } from '../reason/check.ts';
import type { LanguageDiagnostic } from '../language/diagnostics.ts';
import { parseValueExpression } from '../language/parser.ts';
import { walkExpression, walkValue } from '../language/walk.ts';
import type { NodeVisitor } from '../language/walk.ts';
import type { ReadExpression } from '../reason/read-expression.ts';
import type { Expressions } from '../reason/expressions.ts';
import type { LintedRule } from './model.ts';

export interface ExpressionPlace extends ExpressionContext {
  readonly kind: 'filter' | 'value';
  /** Attribute of the rule that holds it; empty for a text of its own. */
  readonly path: string;
  readonly rule: LintedRule | null;
}

/** The place of a text of its own. */
export const nowhere: ExpressionPlace = { kind: 'filter', path: '', rule: null };

export interface LintedExpression extends ExpressionPlace {
  readonly text: string;
  readonly diagnostics: readonly LanguageDiagnostic[];
  /** Null for a value expression. */
  readonly read: ReadExpression | null;
  /** Null for a value expression, and for a text that Cloudflare would refuse. */
  readonly tree: Expression | null;
  readonly value: ValueNode | null;
  /** Everything below is empty for a text that Cloudflare would refuse. */
  readonly comparisons: readonly ComparisonNode[];
  readonly nodes: readonly Expression[];
  readonly fields: readonly FieldValue[];
  readonly calls: readonly CallValue[];
}

export function lintedExpression(
  text: string,
  place: ExpressionPlace,
  expressions: Expressions,
): LintedExpression {
  const comparisons: ComparisonNode[] = [];
  const nodes: Expression[] = [];
  const fields: FieldValue[] = [];
  const calls: CallValue[] = [];
  const visitor: NodeVisitor = {
    comparison: (comparison) => void comparisons.push(comparison),
    expression: (node) => void nodes.push(node),
    value: (value) => void (value.kind === 'field' ? fields.push(value) : calls.push(value)),
  };
  const base = { ...place, text, comparisons, nodes, fields, calls };
  if (place.kind === 'value') {
    const parsed = parseValueExpression(text);
    const diagnostics = checkValueExpression(parsed, place);
    const value = isRefused(diagnostics) ? null : parsed.value;
    if (value !== null) {
      walkValue(value, visitor);
    }
    return { ...base, diagnostics, read: null, tree: null, value };
  }
  const read = expressions.read(text);
  const { parsed, tree } = read;
  const diagnostics = checkFilter(parsed, place);
  if (tree !== null) {
    walkExpression(tree, visitor);
  }
  return { ...base, diagnostics, read, tree, value: null };
}

/** The string literals that a comparison compares with. */
export function comparedStrings({ right }: ComparisonNode): readonly StringLiteral[] {
  return comparedElements(right).filter((element) => element.kind === 'string');
}

/** The literals, blocks and ranges that a comparison compares with. */
export function comparedElements(right: ComparisonNode['right']): readonly SetElement[] {
  switch (right.kind) {
    case 'set':
      return right.elements;
    case 'string':
    case 'int':
    case 'ip':
      return [right];
    case 'list':
    case 'field':
    case 'call':
      return [];
    default:
      return [];
  }
}

/** The name of the field when the value is one as it is, without keys and functions; null otherwise. */
export function plainField(value: ValueNode): string | null {
  return value.kind === 'field' && value.accessors.length === 0 ? value.name : null;
}

/** The literal of `starts_with` and `ends_with`, with the value that it is looked for in. */
export function affixes(
  expression: LintedExpression,
): readonly { readonly name: string; readonly value: ValueNode; readonly literal: StringLiteral }[] {
  return expression.calls.flatMap(({ name, args: [value, literal] }) =>
    (name === 'starts_with' || name === 'ends_with') &&
    (value?.kind === 'field' || value?.kind === 'call') &&
    literal?.kind === 'string'
      ? [{ name, value, literal }]
      : [],
  );
}

export function sourceOf(
  { text }: LintedExpression,
  { span }: { readonly span: ComparisonNode['span'] },
): string {
  return text.slice(span.start, Math.min(span.end, span.start + 120));
}
