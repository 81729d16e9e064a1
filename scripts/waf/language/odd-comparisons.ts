/**
 * Two comparisons that people write and the language does not have: a Boolean compared with `true`, and `starts_with` or
 * `ends_with` between its operands. Both are reported with the right form and read as what was meant.
 */
import type { CallValue, Expression, ValueNode } from './ast.ts';
import { oneOf } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';
import { isAtString, peekWord, readString } from './literals.ts';
import { reportSingleQuotes, reportUnquoted } from './mistakes.ts';
import { peekLogical, readOperator } from './operators.ts';
import { boolType } from './value-type.ts';

function textOf(cursor: ExpressionCursor, value: ValueNode): string {
  const text = cursor.text.slice(value.span.start, value.span.end);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** After a Boolean value: reports and passes `eq true` and the like. */
export function passBooleanComparison(cursor: ExpressionCursor, value: ValueNode): void {
  const blanks = cursor.peekRun((character) => character === ' ', 16).length;
  const next = cursor.peek(blanks);
  if (!/^[=!<>a-z]$/iu.test(next) || next === '') {
    return;
  }
  cursor.skipBlanks();
  if (peekLogical(cursor) !== null || cursor.isAtEnd) {
    return;
  }
  const start = cursor.at;
  const found = readOperator(cursor);
  if (found === null) {
    return;
  }
  cursor.skipBlanks();
  const word = readComparedWord(cursor);
  const isFalse = /^(?:false|0)$/iu.test(word) !== (found.operator === 'ne' || found.isNegated);
  cursor.report(
    {
      code: 'boolean-comparison',
      category: 'type',
      message: 'a Boolean is a test by itself and is not compared',
      suggestion: isFalse ? `not ${textOf(cursor, value)}` : textOf(cursor, value),
    },
    cursor.from(start),
  );
}

function readComparedWord(cursor: ExpressionCursor): string {
  if (isAtString(cursor)) {
    return readString(cursor, false).bytes;
  }
  if (cursor.peek() === "'") {
    return reportSingleQuotes(cursor).bytes;
  }
  const word = peekWord(cursor);
  cursor.skip(word.length);
  return word;
}

const infixNames = new Map([
  ['starts_with', 'starts_with'],
  ['startswith', 'starts_with'],
  ['begins_with', 'starts_with'],
  ['ends_with', 'ends_with'],
  ['endswith', 'ends_with'],
]);

const isNegationCharacter = oneOf(/[a-z_ ]/u);

/** Reads `x starts_with "y"` as `starts_with(x, "y")`; null, without moving, when it is not written here. */
export function readInfixFunction(cursor: ExpressionCursor, left: ValueNode): Expression | null {
  const start = cursor.at;
  const negation = /^not +/u.exec(cursor.peekRun(isNegationCharacter, 32))?.[0] ?? '';
  const word =
    peekWord(cursor).length === 0
      ? ''
      : cursor.text.slice(start + negation.length, start + negation.length + 12);
  const written = /^[A-Za-z_]+/u.exec(word)?.[0] ?? '';
  const name = infixNames.get(written.toLowerCase());
  if (name === undefined) {
    return null;
  }
  cursor.skip(negation.length + written.length);
  const nameSpan = cursor.from(start);
  cursor.skipBlanks();
  const literal = readOperand(cursor);
  const source = cursor.text.slice(literal.span.start, Math.min(literal.span.end, literal.span.start + 80));
  const form = `${name}(${textOf(cursor, left)}, ${source})`;
  cursor.report(
    {
      code: 'infix-function',
      category: 'syntax',
      message: `${written} is a function, not an operator`,
      suggestion: negation === '' ? form : `not ${form}`,
    },
    nameSpan,
  );
  const span = { start: left.span.start, end: literal.span.end };
  const call: CallValue = {
    kind: 'call',
    name,
    nameSpan,
    args: [left, literal],
    accessors: [],
    type: boolType,
    spread: false,
    span,
  };
  const test: Expression = { kind: 'truth', value: call, span };
  return negation === '' ? test : { kind: 'not', operand: test, span };
}

function readOperand(cursor: ExpressionCursor): ReturnType<typeof readString> {
  if (isAtString(cursor)) {
    return readString(cursor, false);
  }
  return cursor.peek() === "'" ? reportSingleQuotes(cursor) : reportUnquoted(cursor);
}
