/** Values of an expression as terms: what two of them have in common, whatever spelling their literals have. */
import type { Argument, Expression, FieldValue, ValueNode } from '../../language/ast.ts';
import { compileFilter } from '../../evaluate/compile.ts';
import { unreachable } from '../../language/exhaustive.ts';
import { formatIp } from '../../language/ip.ts';
import { Unknown } from '../../evaluate/runtime.ts';
import type { RuntimeValue } from '../../evaluate/runtime.ts';
import { printAccessor } from '../../language/print.ts';
import { isValue } from '../../language/walk.ts';

/** Equal for values that are the same for every request. */
export function termKey(value: ValueNode): string {
  const accessors = value.accessors.map(printAccessor).join('');
  return value.kind === 'field'
    ? `${value.name}${accessors}`
    : `${value.name}(${value.args.map(argumentKey).join(',')})${accessors}`;
}

function argumentKey(argument: Argument): string {
  switch (argument.kind) {
    case 'field':
    case 'call':
      return termKey(argument);
    case 'string':
      return JSON.stringify(argument.bytes);
    case 'int':
      return String(argument.value);
    case 'ip':
      return formatIp(argument.address);
    case 'test':
      return testKey(argument.test);
    default:
      return unreachable(argument);
  }
}

/** Equal for tests that are the same for every request. */
export function testKey(expression: Expression): string {
  switch (expression.kind) {
    case 'logical':
      return `(${expression.operands.map(testKey).join(` ${expression.operator} `)})`;
    case 'not':
      return `not ${testKey(expression.operand)}`;
    case 'group':
      return testKey(expression.inner);
    case 'comparison':
      return `${termKey(expression.left)} ${expression.operator} ${rightKey(expression.right)}`;
    case 'truth':
      return termKey(expression.value);
    case 'constant':
      return String(expression.value);
    case 'invalid':
      return `? ${expression.span.start}`;
    default:
      return unreachable(expression);
  }
}

type Right = (Expression & { readonly kind: 'comparison' })['right'];

function rightKey(right: Right): string {
  switch (right.kind) {
    case 'field':
    case 'call':
      return termKey(right);
    case 'list':
      return `$${right.name}`;
    case 'set':
      return `{${right.elements.map((element) => elementKey(element)).join(' ')}}`;
    case 'string':
    case 'int':
    case 'ip':
      return argumentKey(right);
    default:
      return unreachable(right);
  }
}

type Element = (Right & { readonly kind: 'set' })['elements'][number];

export function elementKey(element: Element): string {
  switch (element.kind) {
    case 'string':
    case 'int':
    case 'ip':
      return argumentKey(element);
    case 'cidr':
      return `${formatIp(element.address)}/${element.bits}`;
    case 'int-range':
      return `${element.from}..${element.to}`;
    case 'ip-range':
      return `${formatIp(element.from)}..${formatIp(element.to)}`;
    default:
      return unreachable(element);
  }
}

/** The one field, with its keys, that a call depends on; null when there are none, several, or a quantifier. */
export function onlySource(value: ValueNode): FieldValue | null {
  if (value.kind === 'field') {
    return value.spread ? null : value;
  }
  let found: FieldValue | null = null;
  for (const argument of value.args) {
    if (argument.kind === 'test') {
      return null;
    }
    if (isValue(argument)) {
      const source = onlySource(argument);
      if (source === null || (found !== null && termKey(found) !== termKey(source))) {
        return null;
      }
      found = source;
    }
  }
  return found;
}

const standIn = 'value';

function substitute(value: ValueNode, source: string): ValueNode {
  if (value.kind === 'field') {
    return termKey(value) === source ? { ...value, name: standIn, accessors: [] } : value;
  }
  return {
    ...value,
    args: value.args.map((argument) => (isValue(argument) ? substitute(argument, source) : argument)),
  };
}

/** What a test says when the source has a value; null when that cannot be told. */
export function testOfSource(
  expression: Expression & { readonly kind: 'comparison' | 'truth' },
  source: string,
  missingNotEqual: boolean,
): (value: RuntimeValue) => boolean | null {
  const replaced: Expression =
    expression.kind === 'comparison'
      ? { ...expression, left: substitute(expression.left, source) }
      : { ...expression, value: substitute(expression.value, source) };
  let compiled: ReturnType<typeof compileFilter> | null = null;
  return (value) => {
    compiled ??= compileFilter(replaced, { lists: new Map(), missingNotEqual });
    const truth = compiled({ fields: new Map([[standIn, value]]) });
    return truth instanceof Unknown ? null : truth;
  };
}
