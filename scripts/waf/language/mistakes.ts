/**
 * The mistakes that people make most, each with what to write instead, and how to go on reading after one. Going on
 * always moves forward, so that reading stays linear however broken the text is.
 */
import type { TextSpan, StringLiteral } from './ast.ts';
import { isBoundary, isNameCharacter } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';
import { peekWord, toByteString } from './literals.ts';
import { peekLogical } from './operators.ts';

export function reportCapitalName(cursor: ExpressionCursor, written: string, span: TextSpan): void {
  cursor.report(
    {
      code: 'capital-letters',
      category: 'syntax',
      message: `${written}: names are lower-case`,
      suggestion: written.toLowerCase(),
    },
    span,
  );
}

/** Reads a string in single quotes as if they were double ones, and reports it; the cursor is at the quote. */
export function reportSingleQuotes(cursor: ExpressionCursor): StringLiteral {
  const start = cursor.at;
  cursor.skip(1);
  const body = cursor.peekRun((character) => character !== "'");
  cursor.skip(body.length + 1);
  const span = cursor.from(start);
  cursor.report(
    {
      code: 'single-quotes',
      category: 'syntax',
      message: 'strings stand in double quotes',
      expected: ['"…"'],
      suggestion: `"${body.slice(0, 80)}"`,
    },
    span,
  );
  return { kind: 'string', form: 'quoted', bytes: toByteString(body), span };
}

const curlyQuotes = /^[\u2018\u2019\u201c\u201d]$/u;

/** Reports text that cannot stand where a test starts. */
export function reportNoTest(cursor: ExpressionCursor): void {
  const start = cursor.at;
  const first = cursor.peek();
  const span = { start, end: start + 1 };
  const base = { category: 'syntax', expected: ['a field', 'a function', 'not', '('] } as const;
  if (first === '' || first === ')') {
    const message =
      first === '' ? 'the expression ends where a test should stand' : 'a test is missing before this )';
    cursor.report({ ...base, code: 'missing-test', message }, span);
  } else if (first === '"' || first === "'" || /^[0-9]$/u.test(first)) {
    const message = 'a comparison starts with a field or function, the literal stands on the right';
    cursor.report({ ...base, code: 'literal-on-left', message, suggestion: 'FIELD eq …' }, span);
  } else if (first === '#' || cursor.looksAt('//') || cursor.looksAt('/*')) {
    const message = 'the language has no comments';
    cursor.report({ ...base, code: 'comment', message, suggestion: 'the description of the rule' }, span);
  } else if (curlyQuotes.test(first)) {
    reportCurlyQuote(cursor);
  } else if (peekLogical(cursor) !== null) {
    const message = 'two operators follow each other, a test is missing between them';
    cursor.report({ ...base, code: 'missing-test', message }, span);
  } else {
    cursor.report({ ...base, code: 'unexpected', message: `${printable(first)} cannot stand here` }, span);
  }
}

export function reportCurlyQuote(cursor: ExpressionCursor): void {
  cursor.report(
    {
      code: 'curly-quotes',
      category: 'syntax',
      message: 'typographic quotes are not quotes',
      expected: ['"…"'],
      suggestion: '"',
    },
    { start: cursor.at, end: cursor.at + 1 },
  );
}

export function isCurlyQuote(character: string): boolean {
  return curlyQuotes.test(character);
}

function printable(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x20 || code > 0x7e
    ? `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    : character;
}

/** Reports and passes what follows an argument although a comma or `)` should. */
export function passStrayArgument(cursor: ExpressionCursor, hasArgument: boolean): void {
  const start = cursor.at;
  const word = peekWord(cursor);
  const isTest = hasArgument && /^(?:[!=<>&|~^]|[a-z_]+$)/iu.test(word);
  cursor.report(
    isTest
      ? {
          code: 'test-as-argument',
          category: 'syntax',
          message: 'only any() and all() take a comparison as argument',
          expected: [',', ')'],
        }
      : {
          code: 'argument',
          category: 'syntax',
          message: `${word === '' ? printable(cursor.peek()) : word} cannot stand here`,
          expected: hasArgument ? [',', ')'] : ['a field', 'a function', 'a literal'],
        },
    { start, end: start + Math.max(1, word.length) },
  );
  skipAhead(cursor, true);
}

/**
 * Skips to where reading can go on: an unmatched `)`, the end, a logical operator between tests, or (in arguments) a
 * comma. Always moves by at least one character unless it is at such a place.
 */
export function skipAhead(cursor: ExpressionCursor, inArguments: boolean): void {
  let depth = 0;
  let wasSeparated = false;
  while (!cursor.isAtEnd) {
    const character = cursor.peek();
    if (depth === 0 && stopsAt(cursor, character, { inArguments, wasSeparated })) {
      return;
    }
    depth += '([{'.includes(character) ? 1 : 0;
    depth -= ')]}'.includes(character) && depth > 0 ? 1 : 0;
    skipPiece(cursor, character);
    wasSeparated = !isNameCharacter(character);
  }
}

function stopsAt(
  cursor: ExpressionCursor,
  character: string,
  where: { readonly inArguments: boolean; readonly wasSeparated: boolean },
): boolean {
  if (character === ')' || (where.inArguments && character === ',')) {
    return true;
  }
  if (where.inArguments) {
    return false;
  }
  const logical = peekLogical(cursor);
  if (logical === null) {
    return false;
  }
  const isWord = /[a-z]/iu.test(character);
  return !isWord || (where.wasSeparated && !isNameCharacter(cursor.peek(logical.length)));
}

function skipPiece(cursor: ExpressionCursor, character: string): void {
  cursor.skip(1);
  if (character === '"') {
    while (!cursor.isAtEnd && cursor.peek() !== '"') {
      cursor.skip(cursor.peek() === '\\' ? 2 : 1);
    }
    cursor.skip(1);
  }
}

/** Reads an unquoted word where a string should stand, up to a blank or bracket, as that string. */
export function reportUnquoted(cursor: ExpressionCursor): StringLiteral {
  const start = cursor.at;
  const word = cursor.peekRun((character) => !isBoundary(character) && !')},"\''.includes(character));
  cursor.skip(Math.max(1, word.length));
  const span = cursor.from(start);
  cursor.report(
    {
      code: 'unquoted-string',
      category: 'syntax',
      message: `${word.slice(0, 80)} is not a string: strings stand in double quotes`,
      expected: ['"…"'],
      suggestion: `"${word.slice(0, 80)}"`,
    },
    span,
  );
  return { kind: 'string', form: 'quoted', bytes: toByteString(word), span };
}
