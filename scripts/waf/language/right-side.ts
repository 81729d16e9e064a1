/**
 * Reads the right side of a comparison. The operator and the type on the left decide what may stand there: since
 * 2026-10-01 the six equality and ordering operators also take a field or function.
 */
import type { ComparisonNode, ComparisonOperator, ValueNode } from './ast.ts';
import { isNameCharacter, oneOf } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';
import { unreachable } from './exhaustive.ts';
import { readIp } from './ip.ts';
import {
  isAtString,
  peekToken,
  peekWord,
  readBytes,
  readInt,
  readIpLiteral,
  readString,
} from './literals.ts';
import { isCurlyQuote, reportCurlyQuote, reportSingleQuotes, reportUnquoted } from './mistakes.ts';
import type { FoundOperator } from './operators.ts';
import { readList, readSet } from './sets.ts';
import { fieldFact, functionFact } from './tables.ts';
import type { ValueType } from './value-type.ts';
import { typeName } from './value-type.ts';
import { readValue } from './values.ts';
import type { ValueReader } from './values.ts';

type RightSide = ComparisonNode['right'];

/** Reads the right side; null when nothing could be read, which has then been reported. */
export function readRightSide(
  reader: ValueReader,
  left: ValueNode,
  operator: FoundOperator,
): RightSide | null {
  const { cursor } = reader;
  const type = elementType(left.type);
  if (operator.operator === 'in') {
    return readMembers(cursor, type, left);
  }
  if (operator.operator === 'bitwise_and') {
    return readInt(cursor) ?? reportMissing(cursor, 'a number');
  }
  return isTextOperator(operator.operator)
    ? readText(cursor, operator.operator)
    : readOperandOfType(reader, type, left);
}

type TextOperator = 'contains' | 'wildcard' | 'strict wildcard' | 'matches';

function isTextOperator(operator: ComparisonOperator): operator is TextOperator {
  return ['contains', 'wildcard', 'strict wildcard', 'matches'].includes(operator);
}

/** The type that a literal beside `type` is read with: that of the elements for an array or map without `[*]`. */
function elementType(type: ValueType): ValueType {
  let inner = type;
  while (inner.kind === 'array' || inner.kind === 'map') {
    inner = inner.of;
  }
  return inner;
}

function reportMissing(cursor: ExpressionCursor, wanted: string): null {
  const word = peekWord(cursor);
  cursor.report(
    {
      code: 'right-side',
      category: 'syntax',
      message: word === '' ? `${wanted} is missing here` : `${word.slice(0, 80)} is not ${wanted}`,
      expected: [wanted],
    },
    { start: cursor.at, end: cursor.at + Math.max(1, word.length) },
  );
  return null;
}

function readMembers(cursor: ExpressionCursor, type: ValueType, left: ValueNode): RightSide | null {
  if (cursor.peek() === '{') {
    return readSet(cursor, type);
  }
  if (cursor.peek() === '$') {
    return readList(cursor);
  }
  const start = cursor.at;
  const isBracket = cursor.peek() === '(' || cursor.peek() === '[';
  const field = cursor.text.slice(left.span.start, Math.min(left.span.end, left.span.start + 80));
  const excerpt = isAtString(cursor) ? '"…"' : peekWord(cursor);
  cursor.report(
    {
      code: 'in-without-set',
      category: 'syntax',
      message: 'after in stands a set in curly brackets or a $list',
      expected: ['{', '$'],
      suggestion: `${field} in {${isBracket ? '…' : excerpt}}`,
    },
    { start, end: start + 1 },
  );
  return null;
}

function readText(cursor: ExpressionCursor, operator: TextOperator): RightSide | null {
  if (isAtString(cursor)) {
    return readString(cursor, operator === 'matches');
  }
  const first = cursor.peek();
  if (first === "'") {
    return reportSingleQuotes(cursor);
  }
  if (isCurlyQuote(first)) {
    reportCurlyQuote(cursor);
    return null;
  }
  const bytes = readBytes(cursor);
  if (bytes !== null) {
    return bytes;
  }
  if (first === '{' || first === '$') {
    cursor.report(
      {
        code: 'literal-only',
        category: 'syntax',
        message: `${operator} takes one string, not a set or list`,
        expected: ['"…"'],
        suggestion: `FIELD ${operator} "a" or FIELD ${operator} "b"`,
      },
      { start: cursor.at, end: cursor.at + 1 },
    );
    return null;
  }
  return readNameForText(cursor, operator);
}

function readNameForText(cursor: ExpressionCursor, operator: string): RightSide | null {
  const name = cursor.peekRun(isNameCharacter, 256);
  if (fieldFact(name) !== undefined || functionFact(name) !== undefined) {
    cursor.report(
      {
        code: 'literal-only',
        category: 'type',
        message: `${operator} takes a string literal; only eq, ne, lt, le, gt, ge take a field on the right`,
        expected: ['"…"'],
      },
      { start: cursor.at, end: cursor.at + name.length },
    );
    return null;
  }
  return peekWord(cursor) === ''
    ? reportMissing(cursor, 'a string in double quotes')
    : reportUnquoted(cursor);
}

function readOperandOfType(reader: ValueReader, type: ValueType, left: ValueNode): RightSide | null {
  const { cursor } = reader;
  const first = cursor.peek();
  if (isAtString(cursor)) {
    return readQuotedOperand(cursor, type);
  }
  if (first === "'") {
    return reportSingleQuotes(cursor);
  }
  if (isCurlyQuote(first)) {
    reportCurlyQuote(cursor);
    return null;
  }
  if (first === '{' || first === '$') {
    return readSetAfterEquals(cursor, type);
  }
  return readBareOperand(reader, type, left);
}

function readSetAfterEquals(cursor: ExpressionCursor, type: ValueType): RightSide {
  cursor.report(
    {
      code: 'set-without-in',
      category: 'syntax',
      message: 'sets and lists go with the operator in',
      suggestion: 'in',
    },
    { start: cursor.at, end: cursor.at + 1 },
  );
  return cursor.peek() === '$' ? readList(cursor) : readSet(cursor, type);
}

/** A string beside a number or address is a mistake that is reported here, where the plain form is known. */
function readQuotedOperand(cursor: ExpressionCursor, type: ValueType): RightSide {
  const literal = readString(cursor, false);
  if (type.kind === 'int' || type.kind === 'ip') {
    const isPlain = type.kind === 'int' ? /^-?[0-9]+$/u.test(literal.bytes) : readIp(literal.bytes) !== null;
    cursor.report(
      {
        code: 'quoted-literal',
        category: 'type',
        message: `the left side is ${type.kind === 'ip' ? 'an' : 'a'} ${typeName(type)}, a string cannot stand here`,
        ...(isPlain ? { suggestion: literal.bytes } : {}),
      },
      literal.span,
    );
  }
  return literal;
}

function readBareOperand(reader: ValueReader, type: ValueType, left: ValueNode): RightSide | null {
  const { cursor } = reader;
  const literal = readBareLiteral(cursor, type);
  if (literal !== null) {
    return literal.kind === 'ip' ? passPrefix(cursor, literal, left) : literal;
  }
  if (isAtName(cursor)) {
    return readValue(reader);
  }
  if (type.kind === 'string' || type.kind === 'unknown') {
    return peekWord(cursor) === ''
      ? reportMissing(cursor, 'a string in double quotes')
      : reportUnquoted(cursor);
  }
  return reportMissing(cursor, type.kind === 'int' ? 'a number' : 'an IP address');
}

function readBareLiteral(cursor: ExpressionCursor, type: ValueType): RightSide | null {
  switch (type.kind) {
    case 'string':
      return readBytes(cursor);
    case 'int':
      return readInt(cursor);
    case 'ip':
      return readIpLiteral(cursor);
    case 'unknown':
      return (
        readIpLiteral(cursor) ?? (/^-?[0-9]+$/u.test(peekToken(cursor)) ? readInt(cursor) : readBytes(cursor))
      );
    case 'bool':
    case 'array':
    case 'map':
      return null;
    default:
      return unreachable(type);
  }
}

const isPrefixCharacter = oneOf(/[/0-9]/u);

/** `ip.src eq 10.0.0.0/8`: a block belongs into a set. */
function passPrefix(cursor: ExpressionCursor, literal: RightSide, left: ValueNode): RightSide {
  const prefix = cursor.peekRun(isPrefixCharacter, 8);
  if (!prefix.startsWith('/')) {
    return literal;
  }
  cursor.skip(prefix.length);
  const block = cursor.text.slice(literal.span.start, cursor.at);
  const field = cursor.text.slice(left.span.start, Math.min(left.span.end, left.span.start + 80));
  cursor.report(
    {
      code: 'block-without-in',
      category: 'syntax',
      message: 'a CIDR block is compared with in, inside a set',
      suggestion: `${field} in {${block}}`,
    },
    cursor.from(literal.span.start),
  );
  return literal;
}

const knownRoots = new Set(['http', 'cf', 'ip', 'raw', 'tcp', 'udp', 'icmp', 'ssl', 'sip']);

/** True at a known name, at a call, and at an unknown name below a known root; anything else is an unquoted word. */
function isAtName(cursor: ExpressionCursor): boolean {
  const name = cursor.peekRun(isNameCharacter).toLowerCase();
  if (name === '' || /[/?:@-]/u.test(cursor.peek(name.length))) {
    return false;
  }
  const isCall = cursor.peek(name.length) === '(';
  const root = name.includes('.') ? name.slice(0, name.indexOf('.')) : '';
  return isCall || knownRoots.has(root) || fieldFact(name) !== undefined || functionFact(name) !== undefined;
}
