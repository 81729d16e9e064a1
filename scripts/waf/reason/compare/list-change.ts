/**
 * What a change of a list does to an expression that names it: the expression is compared with itself, once with what the
 * list held and once with what it will hold. Items that stay are on both sides and may be anything.
 */
import type {
  Argument,
  ComparisonNode as Test,
  Expression,
  SetElement,
  ValueNode,
} from '../../language/ast.ts';
import { toByteString } from '../../language/literals.ts';
import { addressMembership } from '../../evaluate/address-set.ts';
import { networkBounds } from '../../language/ip.ts';
import { readAddress } from '../../evaluate/lists.ts';
import { compareTrees, unreadable } from './compare.ts';
import type { Comparison } from './compare.ts';
import type { ReadExpression } from '../read-expression.ts';

export interface ListSide {
  /** Texts of the items as `scripts/waf/rulesets` reads them; null when they are not known. */
  readonly items: readonly string[] | null;
}

export interface ListComparison {
  readonly kind: string;
  readonly name: string;
  readonly before: ListSide;
  readonly after: ListSide;
}

/** Items that came or went and that are put into an example; of more, nothing is said to be impossible. */
const maxItems = 40;
const nowhere = { start: 0, end: 0 };

/** Compares an expression before and after the change of a list; unknown in both directions when it cannot be read. */
export function compareThroughList({ tree }: ReadExpression, list: ListComparison): Comparison {
  if (tree === null) {
    return unreadable;
  }
  const [gone, come] = [difference(list, 'before', 'after'), difference(list, 'after', 'before')];
  const before = withList(tree, list, { visible: gone, isEmpty: isEmpty(list.before) });
  const after = withList(tree, list, { visible: come, isEmpty: isEmpty(list.after) });
  const found = compareTrees(before, after);
  return gone.isWhole && come.isWhole ? found : withoutProofs(found);
}

/** Where not every item was looked at, what was not found is not ruled out. */
function withoutProofs(found: Comparison): Comparison {
  const gains = found.gains === 'no' ? 'unknown' : found.gains;
  const loses = found.loses === 'no' ? 'unknown' : found.loses;
  const isTold = gains === found.gains && loses === found.loses;
  return { ...found, gains, loses, relation: isTold ? found.relation : 'unknown' };
}

function isEmpty({ items }: ListSide): boolean {
  return items !== null && items.length === 0;
}

interface VisibleItems {
  readonly elements: readonly SetElement[];
  /** Every item that only this side has is among the elements. */
  readonly isWhole: boolean;
}

/** Items of one side that the other does not cover. */
function difference(list: ListComparison, of: 'before' | 'after', other: 'before' | 'after'): VisibleItems {
  const [own, others] = [list[of].items, list[other].items];
  if (own === null || others === null) {
    return { elements: [], isWhole: own !== null && own.length === 0 };
  }
  const there = new Set(others);
  const isIncluded = list.kind === 'ip' ? coverage(others) : () => false;
  const only = own.filter((item) => !there.has(item) && !isIncluded(item));
  const elements = only.slice(0, maxItems).map((item) => elementOf(list.kind, item));
  return {
    elements: elements.filter((element) => element !== null),
    isWhole: only.length <= maxItems && !elements.includes(null),
  };
}

/** Whether the first and the last address of a network are in the others: what lies between is taken to be in as well. */
function coverage(items: readonly string[]): (item: string) => boolean {
  const contains = addressMembership(items.map(readAddress).filter((element) => element !== null));
  return (item) => {
    const network = readAddress(item);
    if (network?.kind === 'ip') {
      return contains(network.address);
    }
    if (network?.kind !== 'cidr') {
      return false;
    }
    const { first, last } = networkBounds(network.address, network.bits);
    return contains(first) && contains(last);
  };
}

/** Null for what is not a literal of the language: a wildcard of a hostname, the source of a redirect. */
function elementOf(kind: string, item: string): SetElement | null {
  if (kind === 'ip') {
    return readAddress(item);
  }
  if (kind === 'asn') {
    return /^[0-9]{1,10}$/u.test(item) ? { kind: 'int', value: BigInt(item), span: nowhere } : null;
  }
  return kind === 'hostname' && !item.includes('*')
    ? { kind: 'string', form: 'quoted', bytes: toByteString(item.toLowerCase()), span: nowhere }
    : null;
}

interface Content {
  readonly visible: VisibleItems;
  readonly isEmpty: boolean;
}

function withList(expression: Expression, { name }: ListComparison, content: Content): Expression {
  return rewritten(expression, (test) =>
    test.right.kind === 'list' && test.right.name === name ? membership(test, content) : test,
  );
}

/** What is shown or, unless the list is empty, whatever else it holds. */
function membership(test: Test, { visible, isEmpty: hasNone }: Content): Expression {
  const { span } = test;
  const parts: readonly Expression[] = [
    ...(visible.elements.length === 0
      ? []
      : [{ ...test, right: { kind: 'set', elements: visible.elements, span } } satisfies Test]),
    ...(hasNone ? [] : [test]),
  ];
  const [only] = parts;
  if (only === undefined) {
    return { kind: 'constant', value: false, span };
  }
  return parts.length === 1
    ? only
    : { kind: 'group', span, inner: { kind: 'logical', operator: 'or', operands: parts, span } };
}

/** The expression with every comparison in it replaced. */
function rewritten(expression: Expression, replace: (test: Test) => Expression): Expression {
  switch (expression.kind) {
    case 'logical':
      return { ...expression, operands: expression.operands.map((one) => rewritten(one, replace)) };
    case 'not':
      return { ...expression, operand: rewritten(expression.operand, replace) };
    case 'group':
      return { ...expression, inner: rewritten(expression.inner, replace) };
    case 'comparison':
      return replace({ ...expression, left: rewrittenValue(expression.left, replace) });
    case 'truth':
      return { ...expression, value: rewrittenValue(expression.value, replace) };
    case 'constant':
    case 'invalid':
      return expression;
  }
}

function rewrittenValue(value: ValueNode, replace: (test: Test) => Expression): ValueNode {
  return value.kind === 'call'
    ? { ...value, args: value.args.map((argument) => rewrittenArgument(argument, replace)) }
    : value;
}

function rewrittenArgument(argument: Argument, replace: (test: Test) => Expression): Argument {
  if (argument.kind === 'test') {
    return { ...argument, test: rewritten(argument.test, replace) };
  }
  return argument.kind === 'call' ? rewrittenValue(argument, replace) : argument;
}
