/**
 * Rust regular expressions in byte mode, as the engine has them, run by RE2. Values are byte strings with one character
 * per byte, so the pattern is translated to match bytes. Where RE2 reads something differently than Rust, it is
 * translated, or named as something that cannot be evaluated; it is never run in the hope that it means the same.
 */
import { RE2JS } from 're2js';
import { toByteString } from '../language/literals.ts';
import { fromByteString } from '../language/print.ts';
import { readClass, readHex, writeCode } from './regex-class.ts';
import { RegexProblem } from './regex-problem.ts';
import { simpleRegex } from './regex-simple.ts';

export type TranslatedRegex =
  | { readonly ok: true; readonly source: string; readonly isUnicode: boolean }
  | {
      readonly ok: false;
      readonly kind: 'refused' | 'untranslated';
      readonly message: string;
      readonly at: number;
    };

/** Translates a pattern, given as bytes (the literal's `bytes`). */
export function translateRegex(bytes: string): TranslatedRegex {
  const pattern = fromByteString(bytes);
  if (pattern === null) {
    return { ok: false, kind: 'refused', message: 'the pattern is not valid UTF-8', at: 0 };
  }
  try {
    return new Translator(pattern).translate();
  } catch (error) {
    if (error instanceof RegexProblem) {
      return { ok: false, kind: error.kind, message: error.message, at: error.at };
    }
    throw error;
  }
}

export interface CompiledRegex {
  /** Null when the value is not valid UTF-8 and the pattern is in Unicode mode: then it cannot be told. */
  readonly test: (value: string) => boolean | null;
  readonly re2: RE2JS;
  readonly isUnicode: boolean;
}

/** Compiles a pattern; a text when it cannot be evaluated. */
export function compileRegex(bytes: string): CompiledRegex | string {
  const translated = translateRegex(bytes);
  if (!translated.ok) {
    return translated.message;
  }
  const { isUnicode } = translated;
  try {
    const re2 = RE2JS.compile(translated.source);
    const simple = simpleRegex(bytes);
    return {
      re2,
      isUnicode,
      test: simple === null ? (value) => testWith(re2, value, isUnicode) : (value) => simple.test(value),
    };
  } catch (error) {
    return error instanceof Error ? error.message : 'the pattern is too large';
  }
}

function testWith(re2: RE2JS, value: string, isUnicode: boolean): boolean | null {
  const text = isUnicode ? fromByteString(value) : value;
  return text === null ? null : re2.test(text);
}

interface FlagScope {
  readonly ignoresCase: boolean;
}

const asciiSpace = String.raw`[\t\n\x0b\f\r ]`;
const asciiNonSpace = String.raw`[^\t\n\x0b\f\r ]`;

/** RE2's own limit for counted repetition. */
const maxRepeat = 1000;

/** The flags without those that only Rust has. */
function writeFlags(on: string, off: string): string {
  const remaining = off.replaceAll(/[uxR]/gu, '');
  return on.replaceAll(/[uxR]/gu, '') + (remaining === '' ? '' : `-${remaining}`);
}

interface EscapeProblem {
  readonly kind: 'refused' | 'untranslated';
  readonly message: string;
}

/** What is wrong with a backslash before `letter` outside a class; null when nothing is. */
function escapeProblem(letter: string, isBeforeBrace: boolean, isUnicode: boolean): EscapeProblem | null {
  if (letter === '') {
    return { kind: 'refused', message: 'a backslash at the end' };
  }
  if (/[<>]/u.test(letter) || (letter === 'b' && isBeforeBrace)) {
    return { kind: 'untranslated', message: String.raw`word boundaries other than \b and \B` };
  }
  if (/[0-9]/u.test(letter)) {
    return { kind: 'refused', message: 'back-references do not exist' };
  }
  if (/[A-Za-z]/u.test(letter) && !/[dDwWbBAzaftnrv]/u.test(letter)) {
    return { kind: 'refused', message: `\\${letter} is not an escape` };
  }
  if (letter.charCodeAt(0) > 0x7f) {
    return { kind: 'refused', message: 'only ASCII characters are escaped' };
  }
  return isUnicode && /[dDwWbB]/u.test(letter)
    ? { kind: 'untranslated', message: `\\${letter} with (?u)` }
    : null;
}

class Translator {
  readonly #pattern: string;
  readonly #isUnicode: boolean;
  #at = 0;
  #source = '';
  #scope: FlagScope = { ignoresCase: false };
  /** Names of groups so far. */
  readonly #names = new Set<string>();
  readonly #outer: { readonly scope: FlagScope; readonly at: number }[] = [];
  /** Whether the last thing read can be repeated, and whether it already is. */
  #last: 'nothing' | 'item' | 'repeated' = 'nothing';

  constructor(pattern: string) {
    this.#pattern = pattern;
    this.#isUnicode = /^\(\?[a-z]*u[a-z]*\)/u.test(pattern);
  }

  translate(): TranslatedRegex {
    while (this.#at < this.#pattern.length) {
      this.#readNext();
    }
    const unclosed = this.#outer.at(-1);
    if (unclosed !== undefined) {
      throw new RegexProblem('refused', 'this ( is not closed', unclosed.at);
    }
    return { ok: true, source: this.#source, isUnicode: this.#isUnicode };
  }

  #emit(source: string, length: number, last: 'nothing' | 'item' | 'repeated'): void {
    this.#source += source;
    this.#at += length;
    this.#last = last;
  }

  #readNext(): void {
    const character = this.#pattern[this.#at] ?? '';
    if ('*+?'.includes(character)) {
      this.#repeat(character, 1);
    } else if ('^$.|'.includes(character)) {
      this.#emit(character, 1, character === '|' ? 'nothing' : 'item');
    } else {
      this.#readStructure(character);
    }
  }

  #readStructure(character: string): void {
    switch (character) {
      case '\\':
        this.#readEscape();
        break;
      case '[':
        this.#readClass();
        break;
      case '(':
        this.#openGroup();
        break;
      case ')':
        this.#closeGroup();
        break;
      case '{':
        this.#readCount();
        break;
      default:
        this.#readLiteral();
    }
  }

  #readLiteral(): void {
    const code = this.#pattern.codePointAt(this.#at) ?? 0;
    this.#emit(this.#literal(code), code > 0xffff ? 2 : 1, 'item');
  }

  /** A character outside a class: itself, or in byte mode its UTF-8 bytes, which fold no case. */
  #literal(code: number): string {
    if (code <= 0x7f || this.#isUnicode) {
      return writeCode(code);
    }
    const bytes = Array.from(toByteString(String.fromCodePoint(code)), (byte) =>
      writeCode(byte.charCodeAt(0)),
    );
    return `(?-i:${bytes.join('')})`;
  }

  #readClass(): void {
    const options = { ignoresCase: this.#scope.ignoresCase, isUnicode: this.#isUnicode };
    const { source, end } = readClass(this.#pattern, this.#at, options);
    this.#emit(source, end - this.#at, 'item');
  }

  #readEscape(): void {
    const letter = this.#pattern[this.#at + 1] ?? '';
    if (/[xuU]/u.test(letter)) {
      const { code, end, isByte } = readHex(this.#pattern, this.#at);
      const isPlainByte = isByte && code > 0x7f && !this.#isUnicode;
      this.#emit(isPlainByte ? `(?-i:${writeCode(code)})` : this.#literal(code), end - this.#at, 'item');
    } else if (letter === 's' || letter === 'S') {
      this.#emit(letter === 's' ? asciiSpace : asciiNonSpace, 2, 'item');
    } else if (letter === 'p' || letter === 'P') {
      this.#readUnicodeSet();
    } else {
      this.#readPlainEscape(letter);
    }
  }

  #readPlainEscape(letter: string): void {
    const problem = escapeProblem(letter, this.#pattern[this.#at + 2] === '{', this.#isUnicode);
    if (problem !== null) {
      throw new RegexProblem(problem.kind, problem.message, this.#at);
    }
    const isLetter = /[A-Za-z]/u.test(letter);
    this.#emit(isLetter ? `\\${letter}` : writeCode(letter.charCodeAt(0)), 2, 'item');
  }

  #readUnicodeSet(): void {
    const found = /^\\[pP](?:[A-Za-z]|\{\^?[A-Za-z_ ]{1,40}\})/u.exec(
      this.#pattern.slice(this.#at, this.#at + 50),
    )?.[0];
    if (found === undefined || !this.#isUnicode) {
      throw new RegexProblem('refused', String.raw`\p needs (?u) and a name`, this.#at);
    }
    this.#emit(found, found.length, 'item');
  }

  #openGroup(): void {
    const rest = this.#pattern.slice(this.#at, this.#at + 80);
    const flags = /^\(\?([a-zA-Z-]*)([:)])/u.exec(rest);
    if (flags !== null) {
      this.#readFlags(flags[1] ?? '', flags[2] === ':', flags[0].length);
      return;
    }
    const name = /^\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>/u.exec(rest);
    if (name === null && rest.startsWith('(?')) {
      throw new RegexProblem('refused', 'look-around does not exist', this.#at);
    }
    this.#outer.push({ scope: this.#scope, at: this.#at });
    if (name !== null) {
      this.#claimName(name[1] ?? '');
    }
    this.#emit(name === null ? '(' : `(?P<${name[1] ?? ''}>`, name === null ? 1 : name[0].length, 'nothing');
  }

  #claimName(name: string): void {
    if (this.#names.has(name)) {
      throw new RegexProblem('refused', `two groups have the name ${name}`, this.#at);
    }
    this.#names.add(name);
  }

  #readFlags(letters: string, isGroup: boolean, length: number): void {
    const [on = '', off = ''] = letters.split('-', 2);
    if (!/^[imsUuxR]*$/u.test(on + off) || (letters === '' && !isGroup)) {
      throw new RegexProblem('refused', `(?${letters} is not a flag`, this.#at);
    }
    this.#rejectFlags(on, letters, this.#at === 0 && !isGroup);
    if (isGroup) {
      this.#outer.push({ scope: this.#scope, at: this.#at });
    }
    this.#applyFlags(on, off);
    const remaining = writeFlags(on, off);
    const bare = remaining === '' ? '' : `(?${remaining})`;
    this.#emit(isGroup ? `(?${remaining}:` : bare, length, 'nothing');
  }

  /** (?u) counts for a whole pattern only; verbose mode and CRLF mode have no counterpart. */
  #rejectFlags(on: string, letters: string, isStart: boolean): void {
    const turnsUnicodeOn = isStart && on.includes('u');
    if (/[xR]/u.test(on) || (letters.includes('u') && !turnsUnicodeOn)) {
      throw new RegexProblem('untranslated', `the flags ${letters} here`, this.#at);
    }
  }

  #applyFlags(on: string, off: string): void {
    this.#scope = { ignoresCase: on.includes('i') || (this.#scope.ignoresCase && !off.includes('i')) };
  }

  #closeGroup(): void {
    const outer = this.#outer.pop();
    if (outer === undefined) {
      throw new RegexProblem('refused', 'this ) closes nothing', this.#at);
    }
    this.#scope = outer.scope;
    this.#emit(')', 1, 'item');
  }

  #repeat(source: string, length: number): void {
    if (this.#last === 'nothing') {
      throw new RegexProblem('refused', 'nothing to repeat', this.#at);
    }
    if (this.#last === 'repeated') {
      throw new RegexProblem('untranslated', 'a repetition of a repetition without brackets', this.#at);
    }
    const isLazy = this.#pattern[this.#at + length] === '?';
    this.#emit(isLazy ? `${source}?` : source, length + (isLazy ? 1 : 0), 'repeated');
  }

  #readCount(): void {
    const found = /^\{([0-9]+)(,([0-9]*))?\}/u.exec(this.#pattern.slice(this.#at, this.#at + 24));
    if (found === null) {
      const message = String.raw`a { that does not count must be written \{`;
      throw new RegexProblem('refused', message, this.#at);
    }
    const low = Number(found[1]);
    const high = found[3] === undefined || found[3] === '' ? low : Number(found[3]);
    if (low > high) {
      throw new RegexProblem('refused', 'this repetition runs backwards', this.#at);
    }
    if (high > maxRepeat) {
      throw new RegexProblem('untranslated', `a repetition of more than ${maxRepeat}`, this.#at);
    }
    this.#repeat(found[0], found[0].length);
  }
}
