/**
 * Prints trees back as text in one canonical spelling: words for operators, one space between words, numbers decimal.
 * Brackets stay as written and are added where a tree made by hand needs them. Reading the text again gives the same tree.
 */
import { unreachable } from './exhaustive.ts';
import type {
  Accessor,
  Argument,
  ComparisonNode,
  Expression,
  LogicalOperator,
  SetElement,
  StringLiteral,
  ValueNode,
} from './ast.ts';
import { formatIp } from './ip.ts';

/** The expression in canonical spelling, on one line. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'logical':
      return expression.operands
        .map((operand) => printOperand(operand, expression.operator))
        .join(` ${expression.operator} `);
    case 'not':
      return `not ${expression.operand.kind === 'logical' ? `(${printExpression(expression.operand)})` : printExpression(expression.operand)}`;
    case 'group':
      return `(${printExpression(expression.inner)})`;
    case 'comparison':
      return `${printValue(expression.left)} ${expression.operator} ${printRight(expression.right)}`;
    case 'truth':
      return printValue(expression.value);
    case 'constant':
      return String(expression.value);
    case 'invalid':
      return '?';
    default:
      return unreachable(expression);
  }
}

const binding: Readonly<Record<LogicalOperator, number>> = { or: 1, xor: 2, and: 3 };

function printOperand(operand: Expression, outer: LogicalOperator): string {
  const needsBrackets = operand.kind === 'logical' && binding[operand.operator] <= binding[outer];
  return needsBrackets ? `(${printExpression(operand)})` : printExpression(operand);
}

export function printValue(value: ValueNode): string {
  const accessors = value.accessors.map(printAccessor).join('');
  return value.kind === 'field'
    ? `${value.name}${accessors}`
    : `${value.name}(${value.args.map(printArgument).join(', ')})${accessors}`;
}

export function printAccessor(accessor: Accessor): string {
  switch (accessor.kind) {
    case 'each':
      return '[*]';
    case 'index':
      return `[${accessor.index}]`;
    case 'key':
      return `[${quote(accessor.key)}]`;
    default:
      return unreachable(accessor);
  }
}

export function printArgument(argument: Argument): string {
  switch (argument.kind) {
    case 'field':
    case 'call':
      return printValue(argument);
    case 'test':
      return printExpression(argument.test);
    case 'string':
    case 'int':
    case 'ip':
      return printElement(argument);
    default:
      return unreachable(argument);
  }
}

function printRight(right: ComparisonNode['right']): string {
  switch (right.kind) {
    case 'field':
    case 'call':
      return printValue(right);
    case 'set':
      return right.elements.length === 0 ? '{}' : `{${right.elements.map(printElement).join(' ')}}`;
    case 'list':
      return `$${right.name}`;
    case 'string':
    case 'int':
    case 'ip':
      return printElement(right);
    default:
      return unreachable(right);
  }
}

export function printElement(element: SetElement): string {
  switch (element.kind) {
    case 'string':
      return printString(element);
    case 'int':
      return String(element.value);
    case 'ip':
      return formatIp(element.address);
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

function printString(literal: StringLiteral): string {
  switch (literal.form) {
    case 'quoted':
      return quote(literal.bytes);
    case 'raw':
      return quoteRaw(literal.bytes);
    case 'regex':
      return quotePattern(literal.bytes);
    case 'bytes':
      return Array.from(literal.bytes, hex).join(':');
    default:
      return unreachable(literal.form);
  }
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0');
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text whose UTF-8 bytes these are; null when they are not valid UTF-8. */
export function fromByteString(bytes: string): string | null {
  try {
    return decoder.decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)));
  } catch {
    return null;
  }
}

function escapeByte(character: string): string {
  return `\\x${hex(character)}`;
}

function quote(bytes: string): string {
  const text = fromByteString(bytes);
  const escaped = (text ?? bytes).replaceAll(/["\\]/gu, String.raw`\$&`);
  return `"${text === null ? escaped.replaceAll(/[^ -~]/gu, escapeByte) : escaped.replaceAll(/\p{Cc}/gu, escapeControl)}"`;
}

/** Controls above U+007F are two bytes in UTF-8 and stay as they are. */
function escapeControl(character: string): string {
  return character.charCodeAt(0) > 0x7f ? character : escapeByte(character);
}

function quoteRaw(bytes: string): string {
  const text = fromByteString(bytes) ?? bytes;
  let hashes = '';
  while (text.includes(`"${hashes}`)) {
    hashes += '#';
  }
  return `r${hashes}"${text}"${hashes}`;
}

/** The inverse of how a pattern after `matches` is read. */
function quotePattern(bytes: string): string {
  const text = fromByteString(bytes) ?? bytes;
  let inClass = false;
  let quoted = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\') {
      quoted += character + (text[index + 1] ?? '');
      index += 1;
    } else {
      quoted += character === '"' && !inClass ? String.raw`\"` : character;
      inClass = character === '[' ? true : inClass && character !== ']';
    }
  }
  return `"${quoted}"`;
}
