/**
 * A strict, iterative JSON scanner, used only when something is wrong: it finds the place of everything that the reader
 * refuses, and says in its own words what it expected, on every Node version alike.
 */
import type { Diagnostic, SourceLocation } from '../../plan/types.ts';
import { maxDiagnostics } from '../document.ts';
import { endOfText } from '../../json/outline.ts';

interface ScanFrame {
  readonly isMap: boolean;
  readonly keys: Map<string, number>;
  index: number;
}

interface JsonProblem extends Omit<Diagnostic, 'location'> {
  readonly offset: number;
  /** A syntax error ends the scan; other problems are collected. */
  readonly ends: boolean;
}

/** Everything that `readJson` refuses, with its place. */
export function findJsonProblems(
  source: string,
  place: (offset: number) => SourceLocation,
  maxDepth: number,
): readonly Diagnostic[] {
  const scanner = new Scanner(source, maxDepth);
  scanner.run();
  return scanner.problems.map(({ offset, ends: _ends, ...text }) => ({ location: place(offset), ...text }));
}

const blank = /[ \t\r\n]*/y;
const numberText = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const wordText = /[A-Za-z_$][\w$]*/y;
const words: ReadonlySet<string> = new Set(['true', 'false', 'null']);
const pollutingKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor']);

class Scanner {
  readonly problems: JsonProblem[] = [];
  private readonly source: string;
  private readonly maxDepth: number;
  private readonly frames: ScanFrame[] = [];
  private at = 0;
  private ended = false;

  constructor(source: string, maxDepth: number) {
    this.source = source;
    this.maxDepth = maxDepth;
  }

  run(): void {
    this.value();
    while (!this.ended && this.frames.length > 0) {
      this.step();
    }
    this.skipBlank();
    if (!this.ended && this.at < this.source.length) {
      this.fail('something follows the end of the document', 'the end of the file', 'delete what follows');
    }
  }

  /** One entry of the innermost list or map, or its end. */
  private step(): void {
    const frame = this.frames.at(-1);
    if (frame === undefined) {
      return;
    }
    this.skipBlank();
    const close = frame.isMap ? '}' : ']';
    const here = this.source[this.at];
    if (here === close) {
      this.at += 1;
      this.frames.pop();
      return;
    }
    if (frame.index > 0) {
      if (here !== ',') {
        this.fail('an entry is not finished', `"," or "${close}"`, `add a "," or close with "${close}"`);
        return;
      }
      this.at += 1;
      this.skipBlank();
      if (this.source[this.at] === close) {
        this.fail('a comma before the closing bracket', 'another entry', 'delete the comma');
        return;
      }
    }
    frame.index += 1;
    if (frame.isMap) {
      this.entry(frame);
    } else {
      this.value();
    }
  }

  private entry(frame: ScanFrame): void {
    const keyOffset = this.at;
    if (this.source[this.at] !== '"') {
      this.fail('a key is expected here', 'a key in double quotes', 'put the key in double quotes');
      return;
    }
    const key = this.text();
    if (key === null) {
      return;
    }
    this.checkKey(frame, key, keyOffset);
    this.skipBlank();
    if (this.source[this.at] !== ':') {
      this.fail('a key has no value', '":" after the key', 'add ":" and the value');
      return;
    }
    this.at += 1;
    this.value();
  }

  private checkKey(frame: ScanFrame, key: string, offset: number): void {
    const first = frame.keys.get(key);
    if (first !== undefined) {
      const { line } = this.lineOf(first);
      this.report(offset, {
        message: `the key ${JSON.stringify(key.slice(0, 60))} is given twice`,
        expected: 'each key once',
        found: `first given at line ${line}`,
        fix: 'delete one of the two, or join their contents',
      });
    } else if (pollutingKeys.has(key)) {
      const fix = 'rename or delete the key';
      this.report(offset, { message: 'this key is reserved', expected: 'a field name', found: key, fix });
    }
    frame.keys.set(key, offset);
  }

  private lineOf(offset: number): { readonly line: number } {
    return { line: this.source.slice(0, offset).split('\n').length };
  }

  private value(): void {
    this.skipBlank();
    const here = this.source[this.at];
    if (here === '{' || here === '[') {
      this.open(here === '{');
    } else if (here === '"') {
      this.text();
    } else if (here === undefined) {
      this.fail('the document ends too early', 'a value', 'complete the document: it may have been cut off');
    } else if (here === '-' || (here >= '0' && here <= '9')) {
      this.number();
    } else {
      this.word();
    }
  }

  private open(isMap: boolean): void {
    if (this.frames.length >= this.maxDepth) {
      const expected = `at most ${this.maxDepth} levels of lists and maps`;
      const fix = 'check for an unclosed bracket, or flatten the structure';
      this.fail('the document is nested too deeply', expected, fix);
      return;
    }
    this.at += 1;
    this.frames.push({ isMap, keys: new Map(), index: 0 });
  }

  /** The decoded text at the current place, or null after a syntax error. */
  private text(): string | null {
    const start = this.at;
    const end = endOfText(this.source, start);
    if (end >= this.source.length) {
      this.fail('a text is not closed', 'a closing double quote', 'add the missing quote');
      return null;
    }
    try {
      const decoded = JSON.parse(this.source.slice(start, end + 1)) as string;
      this.at = end + 1;
      return decoded;
    } catch {
      const fix = 'write line breaks as \\n, tabs as \\t and a backslash as \\\\';
      this.fail('a text contains a raw line break or an unknown escape', 'a JSON text', fix);
      return null;
    }
  }

  private number(): void {
    const text = this.match(numberText);
    if (text === '') {
      this.fail('a number is malformed', 'digits', 'correct the number');
      return;
    }
    const value = Number(text);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      this.report(this.at, {
        message: 'a number that cannot be kept exactly',
        expected: 'a finite number; whole numbers up to 9007199254740991',
        found: text.slice(0, 40),
        fix: 'correct the number, or write it as a text in quotes',
      });
    }
    this.at += text.length;
  }

  private word(): void {
    const text = this.match(wordText);
    if (words.has(text)) {
      this.at += text.length;
      return;
    }
    const fix =
      'use a number, true, false, null, a text in double quotes, a list or a map; JSON has no comments';
    this.fail('this is not a JSON value', 'a value', fix);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    return pattern.exec(this.source)?.[0] ?? '';
  }

  private skipBlank(): void {
    if (this.source.charCodeAt(this.at) <= 0x20) {
      this.at += this.match(blank).length;
    }
  }

  private report(offset: number, text: Omit<Diagnostic, 'location'>): void {
    this.problems.push({ ...text, offset, ends: false });
    this.ended ||= this.problems.length > maxDiagnostics;
  }

  private fail(message: string, expected: string, fix: string): void {
    // One character only: what stands here may be a secret that lost its quotes.
    const here = this.source.codePointAt(this.at);
    const found = here === undefined ? 'the end of the file' : JSON.stringify(String.fromCodePoint(here));
    this.problems.push({
      message: `not valid JSON: ${message}`,
      expected,
      found,
      fix,
      offset: this.at,
      ends: true,
    });
    this.ended = true;
  }
}
