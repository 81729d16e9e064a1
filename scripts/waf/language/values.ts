/**
 * Reads fields and function calls with their `["key"]`, `[0]` and `[*]`, and gives each its type from the tables. Unknown
 * names get the type `unknown` and are reported by the checks, so that the rest of the expression is still read.
 */
import { unreachable } from './exhaustive.ts';
import type { Accessor, Argument, CallValue, LiteralNode, TextSpan, ValueNode } from './ast.ts';
import { isBoundary, isNameCharacter } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';
import { isAtString, readBytes, readInt, readIpLiteral, readString } from './literals.ts';
import { passStrayArgument, reportCapitalName, reportSingleQuotes } from './mistakes.ts';
import { fieldFact, functionFact } from './tables.ts';
import type { FunctionFact, ParamFact } from './tables.ts';
import { arrayOf, boolType, unknownType } from './value-type.ts';
import type { ValueType } from './value-type.ts';

/** What reading a value needs from the expression parser. */
export interface ValueReader {
  readonly cursor: ExpressionCursor;
  /** Reads the test inside any( … ) or all( … ). */
  readonly readQuantifierTest: (name: string) => Argument;
}

export function isQuantifier(name: string): boolean {
  return name === 'any' || name === 'all';
}

/** Reads a field or a call; null, without moving, when there is no name here. */
export function readValue(reader: ValueReader): ValueNode | null {
  const { cursor } = reader;
  const start = cursor.at;
  const written = cursor.peekRun(isNameCharacter);
  if (written === '') {
    return null;
  }
  cursor.skip(written.length);
  const nameSpan = cursor.from(start);
  const name = written.toLowerCase();
  if (name !== written) {
    reportCapitalName(cursor, written, nameSpan);
  }
  if (isAtCall(cursor, name)) {
    return cursor.nested(start, () => readCall(reader, name, nameSpan)) ?? unknownCall(name, nameSpan);
  }
  const base = fieldFact(name)?.type ?? unknownType;
  return { kind: 'field', name, ...readAccessors(cursor, base, start) };
}

function isAtCall(cursor: ExpressionCursor, name: string): boolean {
  if (cursor.peek() === '(') {
    return true;
  }
  if (functionFact(name) === undefined) {
    return false;
  }
  const blanks = cursor.peekRun((character) => character === ' ', 16);
  if (cursor.peek(blanks.length) !== '(') {
    return false;
  }
  cursor.skip(blanks.length);
  return true;
}

function unknownCall(name: string, nameSpan: TextSpan): CallValue {
  return {
    kind: 'call',
    name,
    nameSpan,
    args: [],
    accessors: [],
    type: unknownType,
    spread: false,
    span: nameSpan,
  };
}

function readCall(reader: ValueReader, name: string, nameSpan: TextSpan): CallValue {
  const { cursor } = reader;
  cursor.skip(1);
  const args = isQuantifier(name)
    ? [reader.readQuantifierTest(name)]
    : readArguments(reader, functionFact(name));
  cursor.skipBlanks();
  if (!cursor.take(')')) {
    cursor.report(
      {
        code: 'unclosed-bracket',
        category: 'syntax',
        message: `${name}( is not closed`,
        expected: [')', ','],
      },
      { start: cursor.at, end: cursor.at + 1 },
    );
  }
  const base = returnType(name, args);
  return { kind: 'call', name, nameSpan, args, ...readAccessors(cursor, base, nameSpan.start) };
}

/** The type of a call: `T` follows the arguments, and a `[*]` in the first argument makes it an array. */
function returnType(name: string, args: readonly Argument[]): ValueType {
  const fact = functionFact(name);
  if (fact === undefined) {
    return unknownType;
  }
  if (isQuantifier(name)) {
    return boolType;
  }
  const types = args.map(argumentType);
  const first = args[0];
  let single = fact.returns;
  if (single.kind === 'unknown') {
    single = types.find((type) => type.kind !== 'unknown') ?? unknownType;
  } else if (name === 'concat' && types[0]?.kind === 'array') {
    single = types[0];
  }
  const isSpread = first !== undefined && (first.kind === 'field' || first.kind === 'call') && first.spread;
  return isSpread ? arrayOf(single) : single;
}

/** The type of one argument; a test has type Boolean. */
export function argumentType(argument: Argument): ValueType {
  switch (argument.kind) {
    case 'field':
    case 'call':
      return argument.type;
    case 'test':
      return boolType;
    case 'string':
    case 'int':
    case 'ip':
      return { kind: argument.kind };
    default:
      return unreachable(argument);
  }
}

/** The parameter that argument number `index` belongs to. */
export function paramAt(fact: FunctionFact | undefined, index: number): ParamFact | undefined {
  const last = fact?.params.at(-1);
  return fact?.params[index] ?? (last?.variadic === true ? last : undefined);
}

function readArguments(reader: ValueReader, fact: FunctionFact | undefined): readonly Argument[] {
  const { cursor } = reader;
  const args: Argument[] = [];
  let isAfterComma = false;
  for (;;) {
    cursor.skipBlanks();
    if (cursor.isAtEnd || (cursor.peek() === ')' && !isAfterComma)) {
      return args;
    }
    const argument = readArgument(reader, paramAt(fact, args.length));
    if (argument === null) {
      reportNoArgument(cursor);
    } else {
      args.push(argument);
    }
    cursor.skipBlanks();
    if (!isAtSeparator(cursor)) {
      passStrayArgument(cursor, argument !== null);
    }
    isAfterComma = cursor.take(',');
  }
}

function isAtSeparator(cursor: ExpressionCursor): boolean {
  const next = cursor.peek();
  return next === ',' || next === ')' || next === '';
}

function reportNoArgument(cursor: ExpressionCursor): void {
  if (isAtSeparator(cursor)) {
    cursor.report(
      {
        code: 'argument',
        category: 'syntax',
        message: 'an argument is missing here',
        expected: ['a field', 'a function', 'a literal'],
      },
      { start: cursor.at, end: cursor.at + 1 },
    );
  }
}

function readArgument(reader: ValueReader, param: ParamFact | undefined): Argument | null {
  const { cursor } = reader;
  return readLiteralArgument(cursor, param) ?? readValue(reader);
}

function readLiteralArgument(cursor: ExpressionCursor, param: ParamFact | undefined): LiteralNode | null {
  if (isAtString(cursor)) {
    return readString(cursor, false);
  }
  if (cursor.peek() === "'") {
    return reportSingleQuotes(cursor);
  }
  const takesInt = param?.types.some((type) => type.kind === 'int') ?? true;
  const takesBytes = param === undefined || param.types.some((type) => type.kind === 'string');
  return (
    (takesBytes ? readBytes(cursor) : null) ??
    (param === undefined || !takesInt ? readIpLiteral(cursor) : null) ??
    (/^[0-9-]$/u.test(cursor.peek()) ? readInt(cursor) : null)
  );
}

interface Accessed {
  readonly accessors: readonly Accessor[];
  readonly type: ValueType;
  readonly spread: boolean;
  readonly span: TextSpan;
}

function readAccessors(cursor: ExpressionCursor, base: ValueType, start: number): Accessed {
  const accessors: Accessor[] = [];
  let type = base;
  while (cursor.peek() === '[') {
    const accessor = readAccessor(cursor);
    if (accessor === null) {
      type = unknownType;
    } else {
      accessors.push(accessor);
      type = typeAfter(cursor, type, accessor);
    }
  }
  return {
    accessors,
    type,
    spread: accessors.some((accessor) => accessor.kind === 'each'),
    span: cursor.from(start),
  };
}

function typeAfter(cursor: ExpressionCursor, type: ValueType, accessor: Accessor): ValueType {
  if (type.kind === 'unknown') {
    return type;
  }
  const isRight =
    (type.kind === 'map' && accessor.kind !== 'index') || (type.kind === 'array' && accessor.kind !== 'key');
  if (isRight) {
    return type.of;
  }
  const message =
    type.kind === 'map'
      ? 'a map is read with a quoted key'
      : type.kind === 'array'
        ? 'an array is read with a number'
        : 'only arrays and maps take square brackets';
  const suggestion = type.kind === 'map' ? '["name"]' : type.kind === 'array' ? '[0]' : undefined;
  cursor.report(
    { code: 'accessor-type', category: 'type', message, ...(suggestion === undefined ? {} : { suggestion }) },
    accessor.span,
  );
  return unknownType;
}

function readAccessor(cursor: ExpressionCursor): Accessor | null {
  const start = cursor.at;
  cursor.skip(1);
  cursor.skipBlanks();
  const accessor = readAccessorBody(cursor, start);
  cursor.skipBlanks();
  if (!cursor.take(']')) {
    if (accessor !== null) {
      const message = 'this [ is not closed';
      cursor.report(
        { code: 'unclosed-bracket', category: 'syntax', message, expected: [']'] },
        cursor.from(start),
      );
    }
    return accessor;
  }
  return accessor === null ? null : { ...accessor, span: cursor.from(start) };
}

function readAccessorBody(cursor: ExpressionCursor, start: number): Accessor | null {
  const first = cursor.peek();
  if (cursor.take('*')) {
    return { kind: 'each', span: cursor.from(start) };
  }
  if (first === '"') {
    return { kind: 'key', key: readString(cursor, false).bytes, span: cursor.from(start) };
  }
  if (/^[0-9]$/u.test(first)) {
    const value = readInt(cursor)?.value ?? 0n;
    return { kind: 'index', index: Number(value), span: cursor.from(start) };
  }
  reportBadAccessor(cursor, start);
  return null;
}

function reportBadAccessor(cursor: ExpressionCursor, start: number): void {
  const word = cursor.peekRun((character) => character !== ']' && !isBoundary(character), 256);
  cursor.skip(word.length);
  const plain = word.replaceAll(/^r?#*["']|["']#*$/gu, '');
  const isNegative = /^-[0-9]+$/u.test(word);
  cursor.report(
    {
      code: word.startsWith("'") ? 'single-quotes' : 'accessor',
      category: 'syntax',
      message: isNegative ? 'an index is not negative' : 'a key stands in double quotes',
      expected: ['"…"', 'a number', '*'],
      ...(plain === '' || isNegative ? {} : { suggestion: `["${plain}"]` }),
    },
    cursor.from(start),
  );
}
