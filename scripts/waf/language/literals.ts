/**
 * Reads literals. Which literal is legal depends on the type on the left of the operator, so every function here is told
 * what it reads. Each moves the cursor past what it read, or past the mistake that it reports.
 */
import type { IntLiteral, IpLiteral, StringForm, StringLiteral } from './ast.ts';
import { isBoundary, oneOf } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';
import { readIp } from './ip.ts';

const encoder = new TextEncoder();

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) > 0x7f) {
      return false;
    }
  }
  return true;
}

/** The UTF-8 bytes of `text`, one character per byte. */
export function toByteString(text: string): string {
  if (isAscii(text)) {
    return text;
  }
  let bytes = '';
  for (const byte of encoder.encode(text)) {
    bytes += String.fromCharCode(byte);
  }
  return bytes;
}

/** True at `"`, `r"` and `r#`, that is, where a string literal starts. */
export function isAtString(cursor: ExpressionCursor): boolean {
  const first = cursor.peek();
  return first === '"' || (first === 'r' && (cursor.peek(1) === '"' || cursor.peek(1) === '#'));
}

/** Reads a quoted or raw string; `regex` selects the rules for a pattern after `matches`. */
export function readString(cursor: ExpressionCursor, isPattern: boolean): StringLiteral {
  const start = cursor.at;
  if (cursor.peek() === 'r') {
    return readRawString(cursor, start);
  }
  cursor.skip(1);
  return isPattern ? readPattern(cursor, start) : readQuoted(cursor, start);
}

function finish(cursor: ExpressionCursor, start: number, form: StringForm, text: string): StringLiteral {
  return { kind: 'string', form, bytes: text, span: cursor.from(start) };
}

function reportUnclosed(cursor: ExpressionCursor, start: number, close: string): void {
  cursor.report(
    {
      code: 'unclosed-string',
      category: 'syntax',
      message: 'this string is not closed',
      expected: [close],
      suggestion: `a closing ${close}`,
    },
    { start, end: start + 1 },
  );
}

function readRawString(cursor: ExpressionCursor, start: number): StringLiteral {
  cursor.skip(1);
  const hashes = cursor.peekRun((character) => character === '#', 256);
  cursor.skip(hashes.length);
  if (hashes.length > 255 || cursor.peek() !== '"') {
    const message =
      hashes.length > 255 ? 'a raw string takes at most 255 #' : 'a raw string starts with r" or r#"';
    cursor.report({ code: 'raw-string', category: 'syntax', message, expected: ['"'] }, cursor.from(start));
    return finish(cursor, start, 'raw', '');
  }
  cursor.skip(1);
  const close = `"${hashes}`;
  const from = cursor.at;
  while (!cursor.isAtEnd && !(cursor.peek() === '"' && cursor.looksAt(close))) {
    cursor.skip(1);
  }
  const bytes = toByteString(cursor.text.slice(from, cursor.at));
  if (!cursor.take(close)) {
    reportUnclosed(cursor, start, close);
  }
  return finish(cursor, start, 'raw', bytes);
}

/** After `matches`: only `\"` outside a class is un-escaped, and a `"` inside a class does not end the string. */
function readPattern(cursor: ExpressionCursor, start: number): StringLiteral {
  let pattern = '';
  let inClass = false;
  for (;;) {
    const character = cursor.peek();
    if (character === '') {
      reportUnclosed(cursor, start, inClass ? ']"' : '"');
      break;
    }
    cursor.skip(1);
    if (character === '"' && !inClass) {
      break;
    }
    if (character === '\\') {
      const next = cursor.peek();
      pattern += next === '"' && !inClass ? next : character + next;
      cursor.skip(1);
    } else {
      inClass = character === '[' ? true : inClass && character !== ']';
      pattern += character;
    }
  }
  return finish(cursor, start, 'regex', toByteString(pattern));
}

function readQuoted(cursor: ExpressionCursor, start: number): StringLiteral {
  const parts: string[] = [];
  let plainFrom = cursor.at;
  for (;;) {
    const character = cursor.peek();
    if (character === '' || character === '"') {
      parts.push(toByteString(cursor.text.slice(plainFrom, cursor.at)));
      if (character === '') {
        reportUnclosed(cursor, start, '"');
      }
      cursor.skip(1);
      return finish(cursor, start, 'quoted', parts.join(''));
    }
    if (character === '\\') {
      parts.push(toByteString(cursor.text.slice(plainFrom, cursor.at)), readEscape(cursor));
      plainFrom = cursor.at;
    } else {
      cursor.skip(1);
    }
  }
}

function readEscape(cursor: ExpressionCursor): string {
  const start = cursor.at;
  const next = cursor.peek(1);
  if (next === '"' || next === '\\') {
    cursor.skip(2);
    return next;
  }
  const code =
    next === 'x' ? cursor.text.slice(start + 2, start + 4) : cursor.text.slice(start + 1, start + 4);
  const value =
    next === 'x' ? numberOf(code, /^[0-9a-fA-F]{2}$/u, 16) : numberOf(code, /^[0-3][0-7]{2}$/u, 8);
  if (value !== null) {
    cursor.skip(4);
    return String.fromCharCode(value);
  }
  cursor.skip(next === '' ? 1 : 2);
  cursor.report(
    {
      code: 'unknown-escape',
      category: 'syntax',
      message: `\\${next} is not an escape of the language`,
      expected: ['\\"', '\\\\', '\\xHH', '\\OOO'],
      suggestion: `\\\\${next} for a backslash, or a raw string r"…"`,
    },
    cursor.from(start),
  );
  return toByteString(`\\${next}`);
}

function numberOf(text: string, shape: RegExp, radix: number): number | null {
  return shape.test(text) ? Number.parseInt(text, radix) : null;
}

const isTokenCharacter = oneOf(/[0-9A-Za-z_.:-]/u);
const isNumberCharacter = oneOf(/[0-9a-fA-FxX-]/u);

/** Characters of IP addresses. */
export const isAddressCharacter = oneOf(/[0-9a-fA-F.:]/u);

/** The run of letters, digits and `_.:-` at the cursor, without moving. */
export function peekToken(cursor: ExpressionCursor): string {
  return cursor.peekRun(isTokenCharacter);
}

const byteToken = /^[0-9a-fA-F]{2}(?:[:.-][0-9a-fA-F]{2})+$/u;

/** Reads bytes such as `2f:61` (two at least); null, without moving, when there are none. */
export function readBytes(cursor: ExpressionCursor): StringLiteral | null {
  const token = peekToken(cursor);
  if (!byteToken.test(token)) {
    return null;
  }
  const start = cursor.at;
  cursor.skip(token.length);
  let bytes = '';
  for (let index = 0; index < token.length; index += 3) {
    bytes += String.fromCharCode(Number.parseInt(token.slice(index, index + 2), 16));
  }
  return finish(cursor, start, 'bytes', bytes);
}

const intToken = /^-?(?:0[xX][0-9a-fA-F]+|[0-9]+)/u;
const maxInt = (1n << 63n) - 1n;

/** Reads a number: decimal, `0x` hexadecimal, leading `0` octal, signed 64 bit; null, without moving, when there is none. */
export function readInt(cursor: ExpressionCursor): IntLiteral | null {
  const start = cursor.at;
  const token = intToken.exec(cursor.peekRun(isNumberCharacter, 32))?.[0];
  if (token === undefined) {
    return null;
  }
  cursor.skip(token.length);
  const digits = token.replace('-', '');
  const isOctal = digits.length > 1 && /^0[0-9]/u.test(digits);
  const span = cursor.from(start);
  if (isOctal) {
    reportOctal(cursor, digits, start);
  }
  const magnitude = BigInt(
    isOctal && /^[0-7]+$/u.test(digits) ? `0o${digits}` : digits.replace(/^0+(?=[0-9])/u, ''),
  );
  const value = token.startsWith('-') ? -magnitude : magnitude;
  if (value > maxInt || value < -maxInt - 1n) {
    const message = 'a number has at most 64 bits with sign';
    cursor.report({ code: 'number-range', category: 'syntax', message }, span);
  }
  return { kind: 'int', value: BigInt.asIntN(64, value), span };
}

function reportOctal(cursor: ExpressionCursor, digits: string, start: number): void {
  const isValid = /^[0-7]+$/u.test(digits);
  cursor.report(
    {
      code: 'octal-number',
      category: isValid ? 'style' : 'syntax',
      severity: isValid ? 'warning' : 'error',
      message: isValid
        ? `${digits} is octal and means ${Number.parseInt(digits, 8)}`
        : `${digits} is not octal`,
      suggestion: isValid ? String(Number.parseInt(digits, 8)) : digits.replace(/^0+/u, ''),
    },
    cursor.from(start),
  );
}

/** Reads one IP address; null, without moving, when the token is none. */
export function readIpLiteral(cursor: ExpressionCursor): IpLiteral | null {
  const token = cursor.peekRun(isAddressCharacter, 46);
  const address = readIp(token);
  if (address === null) {
    return null;
  }
  const start = cursor.at;
  cursor.skip(token.length);
  return { kind: 'ip', address, span: cursor.from(start) };
}

/** Text up to the next blank, closing bracket or comma, for messages about words that should have been quoted. */
export function peekWord(cursor: ExpressionCursor): string {
  return cursor.peekRun((character) => !isBoundary(character) && !')},"'.includes(character), 256);
}
