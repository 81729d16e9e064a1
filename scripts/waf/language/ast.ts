/**
 * The tree of an expression. Spans are offsets into the text as given, in UTF-16 code units, end exclusive. Brackets are
 * kept as `group` so that printing gives back what was written; everything that reasons about meaning skips them.
 */
import type { ValueType } from './value-type.ts';

export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

export type LogicalOperator = 'and' | 'xor' | 'or';

type OrderingOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

export type ComparisonOperator =
  | OrderingOperator
  | 'contains'
  | 'wildcard'
  | 'strict wildcard'
  | 'matches'
  | 'in'
  | 'bitwise_and';

/** How a string was written; it decides what its backslashes mean. */
export type StringForm = 'quoted' | 'regex' | 'raw' | 'bytes';

/** A byte string, one character per byte (U+0000 to U+00FF). A pattern of the `regex` form keeps its backslashes. */
export interface StringLiteral {
  readonly kind: 'string';
  readonly form: StringForm;
  readonly bytes: string;
  readonly span: TextSpan;
}

export interface IntLiteral {
  readonly kind: 'int';
  readonly value: bigint;
  readonly span: TextSpan;
}

export interface IpAddress {
  readonly family: 4 | 6;
  readonly value: bigint;
}

export interface IpLiteral {
  readonly kind: 'ip';
  readonly address: IpAddress;
  readonly span: TextSpan;
}

interface CidrLiteral {
  readonly kind: 'cidr';
  readonly address: IpAddress;
  readonly bits: number;
  readonly span: TextSpan;
}

interface IntRange {
  readonly kind: 'int-range';
  readonly from: bigint;
  readonly to: bigint;
  readonly span: TextSpan;
}

interface IpRange {
  readonly kind: 'ip-range';
  readonly from: IpAddress;
  readonly to: IpAddress;
  readonly span: TextSpan;
}

export type LiteralNode = StringLiteral | IntLiteral | IpLiteral;
export type SetElement = LiteralNode | CidrLiteral | IntRange | IpRange;

export interface SetLiteral {
  readonly kind: 'set';
  readonly elements: readonly SetElement[];
  readonly span: TextSpan;
}

export interface ListName {
  readonly kind: 'list';
  /** Without the dollar. */
  readonly name: string;
  readonly span: TextSpan;
}

export type Accessor =
  | { readonly kind: 'key'; readonly key: string; readonly span: TextSpan }
  | { readonly kind: 'index'; readonly index: number; readonly span: TextSpan }
  | { readonly kind: 'each'; readonly span: TextSpan };

export interface FieldValue {
  readonly kind: 'field';
  readonly name: string;
  readonly accessors: readonly Accessor[];
  /** After the accessors; of one element when `spread`. */
  readonly type: ValueType;
  /** True when a `[*]` makes this stand for many values. */
  readonly spread: boolean;
  readonly span: TextSpan;
}

export interface CallValue {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: TextSpan;
  readonly args: readonly Argument[];
  readonly accessors: readonly Accessor[];
  readonly type: ValueType;
  readonly spread: boolean;
  readonly span: TextSpan;
}

export type ValueNode = FieldValue | CallValue;

/** `test` is an expression as the argument of any() or all(). */
export type Argument =
  | ValueNode
  | LiteralNode
  | { readonly kind: 'test'; readonly test: Expression; readonly span: TextSpan };

export interface ComparisonNode {
  readonly kind: 'comparison';
  readonly left: ValueNode;
  readonly operator: ComparisonOperator;
  readonly operatorSpan: TextSpan;
  readonly right: LiteralNode | SetLiteral | ListName | ValueNode;
  readonly span: TextSpan;
}

export type Expression =
  | {
      readonly kind: 'logical';
      readonly operator: LogicalOperator;
      readonly operands: readonly Expression[];
      readonly span: TextSpan;
    }
  | { readonly kind: 'not'; readonly operand: Expression; readonly span: TextSpan }
  | { readonly kind: 'group'; readonly inner: Expression; readonly span: TextSpan }
  | ComparisonNode
  /** A Boolean value that is a test by itself. */
  | { readonly kind: 'truth'; readonly value: ValueNode; readonly span: TextSpan }
  | { readonly kind: 'constant'; readonly value: boolean; readonly span: TextSpan }
  /** Text that could not be understood; the diagnostics say why. */
  | { readonly kind: 'invalid'; readonly span: TextSpan };

/** The expression without its outer brackets. */
export function ungroup(expression: Expression): Expression {
  let inner = expression;
  while (inner.kind === 'group') {
    inner = inner.inner;
  }
  return inner;
}
