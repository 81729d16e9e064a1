/**
 * Reads one bracketed class of a Rust regular expression and writes it for RE2. What RE2 would read differently (nested
 * classes, set operators) is not translated but named.
 */
import { RegexProblem } from './regex-problem.ts';

export interface ClassSource {
  readonly source: string;
  /** Index after the closing bracket. */
  readonly end: number;
}

export interface ClassOptions {
  readonly ignoresCase: boolean;
  readonly isUnicode: boolean;
}

const shorthand: Readonly<Record<string, string>> = {
  d: '0-9',
  w: '0-9A-Za-z_',
  s: String.raw`\t\n\x0b\f\r `,
};
const negatedShorthand: Readonly<Record<string, string>> = {
  D: String.raw`\x00-/:-\x{ff}`,
  W: String.raw`\x00-/:-@\[-\^` + '`' + String.raw`{-\x{ff}`,
  S: String.raw`\x00-\x08\x0e-\x1f!-\x{ff}`,
};
const control: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

interface ClassItem {
  /** Source text of a set such as \d; null for a single character. */
  readonly set: string | null;
  readonly code: number;
  readonly end: number;
}

/** Reads the class that starts at `start` (the index of its `[`). Throws RegexProblem. */
export function readClass(pattern: string, start: number, options: ClassOptions): ClassSource {
  let at = start + 1;
  const isNegated = pattern[at] === '^';
  at += isNegated ? 1 : 0;
  let source = isNegated ? '[^' : '[';
  let isFirst = true;
  for (;;) {
    if (at >= pattern.length) {
      throw new RegexProblem('refused', 'this [ is not closed', start);
    }
    if (pattern[at] === ']' && !isFirst) {
      return { source: `${source}]`, end: at + 1 };
    }
    const posix = /^\[:\^?[a-z]+:\]/u.exec(pattern.slice(at, at + 16))?.[0];
    if (posix === undefined) {
      const range = readRange(pattern, at, options);
      source += range.source;
      at = range.end;
    } else {
      source += posix;
      at += posix.length;
    }
    isFirst = false;
  }
}

function readRange(pattern: string, at: number, options: ClassOptions): ClassSource {
  rejectOperators(pattern, at);
  const from = readItem(pattern, at, options);
  const isRange =
    pattern[from.end] === '-' && pattern[from.end + 1] !== ']' && pattern[from.end + 1] !== undefined;
  if (!isRange) {
    return { source: from.set ?? writeCode(from.code), end: from.end };
  }
  if (pattern[from.end + 1] === '-') {
    throw new RegexProblem('untranslated', 'the set operator -- in a class', from.end);
  }
  const to = readItem(pattern, from.end + 1, options);
  if (from.set !== null || to.set !== null) {
    throw new RegexProblem('refused', 'a range in a class goes from one character to another', at);
  }
  if (from.code > to.code) {
    throw new RegexProblem('refused', 'this range in a class runs backwards', at);
  }
  return { source: `${writeCode(from.code)}-${writeCode(to.code)}`, end: to.end };
}

function rejectOperators(pattern: string, at: number): void {
  const two = pattern.slice(at, at + 2);
  if (two === '&&' || two === '~~' || pattern[at] === '[') {
    throw new RegexProblem('untranslated', 'nested classes and set operators', at);
  }
}

function readItem(pattern: string, at: number, options: ClassOptions): ClassItem {
  const code = pattern.codePointAt(at) ?? 0;
  if (code !== 0x5c) {
    checkCode(code, at, options);
    return { set: null, code, end: at + (code > 0xffff ? 2 : 1) };
  }
  return readClassEscape(pattern, at, options);
}

function checkCode(code: number, at: number, options: ClassOptions): void {
  if (code > 0x7f && !options.isUnicode) {
    throw new RegexProblem('refused', 'a class has ASCII characters and bytes only, without (?u)', at);
  }
}

function readClassEscape(pattern: string, at: number, options: ClassOptions): ClassItem {
  const letter = pattern[at + 1] ?? '';
  if (/[xuU]/u.test(letter)) {
    return readClassHex(pattern, at, options);
  }
  if (letter === 'p' || letter === 'P') {
    return readUnicodeSet(pattern, at, options);
  }
  const set = shorthand[letter] ?? (options.isUnicode ? undefined : negatedShorthand[letter]);
  if (set !== undefined) {
    return { set, code: 0, end: at + 2 };
  }
  const code = control[letter];
  if (code === undefined && /^[0-9A-Za-z]?$/u.test(letter)) {
    throw new RegexProblem(/[DWS]/u.test(letter) ? 'untranslated' : 'refused', `\\${letter} in a class`, at);
  }
  return { set: null, code: code ?? letter.charCodeAt(0), end: at + 2 };
}

function readClassHex(pattern: string, at: number, options: ClassOptions): ClassItem {
  const { code, end, isByte } = readHex(pattern, at);
  if (code > 0x7f && !isByte) {
    checkCode(code, at, options);
  }
  if (code > 0x7f && options.ignoresCase && !options.isUnicode) {
    throw new RegexProblem('untranslated', 'bytes above 7F in a class with (?i)', at);
  }
  return { set: null, code, end };
}

function readUnicodeSet(pattern: string, at: number, options: ClassOptions): ClassItem {
  const found = /^\\[pP](?:[A-Za-z]|\{\^?[A-Za-z_ ]{1,40}\})/u.exec(pattern.slice(at, at + 50))?.[0];
  if (found === undefined || !options.isUnicode) {
    throw new RegexProblem('refused', String.raw`\p needs (?u) and a name`, at);
  }
  return { set: found, code: 0, end: at + found.length };
}

export interface HexEscape {
  readonly code: number;
  readonly end: number;
  /** True for `\xHH`, which is a byte; the other forms are code points. */
  readonly isByte: boolean;
}

const hexEscape =
  /^\\(?:[xuU]\{(?<braced>[0-9A-Fa-f]{1,8})\}|x(?<byte>[0-9A-Fa-f]{2})|u(?<short>[0-9A-Fa-f]{4})|U(?<long>[0-9A-Fa-f]{8}))/u;

function isScalar(code: number): boolean {
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/** Reads `\xHH`, `\x{H…}`, `\uHHHH`, `\UHHHHHHHH` at the backslash. Throws RegexProblem. */
export function readHex(pattern: string, at: number): HexEscape {
  const found = hexEscape.exec(pattern.slice(at, at + 14));
  const digits = Object.values(found?.groups ?? {}).find((group: string | undefined) => group !== undefined);
  const code = Number.parseInt(digits ?? '', 16);
  if (found === null || !isScalar(code)) {
    throw new RegexProblem('refused', 'this is not a character code', at);
  }
  return { code, end: at + found[0].length, isByte: found.groups?.['byte'] !== undefined };
}

/** One character of a class or literal as RE2 reads it whatever it is. */
export function writeCode(code: number): string {
  const character = String.fromCodePoint(code);
  return /[0-9A-Za-z]/u.test(character) ? character : `\\x{${code.toString(16)}}`;
}
