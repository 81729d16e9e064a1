/**
 * Reads JSON that arrives in parts, in memory that does not grow with the document: tells a listener what comes, and keeps
 * a text only when the listener wants it. Strict as RFC 8259; a byte order mark is the caller's to remove.
 */

/** Stands for a text that was longer than the listener takes. */
export const tooLong: unique symbol = Symbol('too long');

export type Scalar = null | boolean | number | string | typeof tooLong;

export interface JsonListener {
  /** Longest text that is wanted as the value that comes next, in characters; -1 when none is. */
  readonly wantedText: () => number;
  readonly open: (kind: 'object' | 'list', line: number) => void;
  readonly close: () => void;
  readonly name: (name: string) => void;
  readonly value: (value: Scalar, line: number) => void;
}

/** Where reading ended, and why. Lines and columns count from 1. */
export interface JsonFlaw {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly expected: string;
}

/** Deeper than any program writes; each level costs memory. */
const maxDepth = 512;
const maxWord = 400;
/** A longer name is not a name that anybody looks for: it is told as an empty one. */
const maxName = 1024;

type TokenState = 'value' | 'element' | 'member' | 'name' | 'colon' | 'next' | 'text' | 'word' | 'done';

/** Everything but the quote, the backslash and control characters. */
const plainText = /[ !#-[\]-\uffff]*/y;
const plainWord = /[A-Za-z0-9+.-]*/y;
const blank = /[ \t\r]*/y;
const numberText = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/u;
const words: ReadonlyMap<string, { readonly is: Scalar }> = new Map([
  ['true', { is: true }],
  ['false', { is: false }],
  ['null', { is: null }],
]);
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

const hexDigits = '0123456789abcdefABCDEF';

const expectedIn: Readonly<Record<TokenState, string>> = {
  value: 'a value',
  element: 'a value or "]"',
  member: 'a name in double quotes or "}"',
  name: 'a name in double quotes',
  colon: '":"',
  next: '"," or the end of the list or object',
  text: 'the end of the text, a double quote',
  word: 'a value',
  done: 'the end of the document',
};

export class JsonTokens {
  private readonly listener: JsonListener;
  private readonly open: ('object' | 'list')[] = [];
  private state: TokenState = 'value';
  private source = '';
  private at = 0;
  private line = 1;
  /** Characters before the present part, and before the present line. */
  private before = 0;
  private lineStart = 0;
  private flaw: JsonFlaw | null = null;
  /** The text or word that is being read, as far as it is kept. */
  private text = '';
  private textLimit = -1;
  private isTooLong = false;
  private isName = false;
  private startLine = 1;
  /** An escape as far as it was read, without its backslash; null outside of one. */
  private escape: string | null = null;

  constructor(listener: JsonListener) {
    this.listener = listener;
  }

  /** Null while nothing is wrong; what comes after a flaw is not read. */
  push(part: string): JsonFlaw | null {
    this.source = part;
    this.at = 0;
    while (this.flaw === null && this.at < part.length) {
      this.step();
    }
    this.before += part.length;
    this.source = '';
    return this.flaw;
  }

  /** To be called once, after the last part. */
  end(): JsonFlaw | null {
    this.at = 0;
    if (this.flaw === null && this.state === 'word') {
      this.endWord();
    }
    if (this.flaw === null && this.state !== 'done') {
      this.fail('the document ends before it is complete', expectedIn[this.state]);
    }
    return this.flaw;
  }

  private step(): void {
    if (this.state === 'text') {
      this.readText();
      return;
    }
    if (this.state === 'word') {
      this.readWord();
      return;
    }
    this.pass(blank);
    const here = this.source[this.at];
    if (here === '\n') {
      this.at += 1;
      this.line += 1;
      this.lineStart = this.before + this.at;
    } else if (here !== undefined) {
      this.mark(here);
    }
  }

  private mark(here: string): void {
    switch (this.state) {
      case 'value':
        this.begin(here);
        return;
      case 'element':
        if (here === ']') {
          this.close();
        } else {
          this.begin(here);
        }
        return;
      case 'member':
      case 'name':
        this.member(here);
        return;
      case 'colon':
        this.expect(here === ':', 'value');
        return;
      case 'next':
        this.next(here);
        return;
      case 'text':
      case 'word':
      case 'done':
        this.fail('something follows the end of the document', expectedIn.done);
    }
  }

  private begin(here: string): void {
    if (here === '{' || here === '[') {
      this.openContainer(here === '{' ? 'object' : 'list');
    } else if (here === '"') {
      this.beginText(false);
    } else if (/[-0-9A-Za-z]/.test(here)) {
      this.state = 'word';
      this.text = '';
    } else {
      this.unexpected();
    }
  }

  private openContainer(kind: 'object' | 'list'): void {
    if (this.open.length === maxDepth) {
      this.fail(
        'the document is nested too deeply',
        `at most ${String(maxDepth)} levels of lists and objects`,
      );
      return;
    }
    this.at += 1;
    this.open.push(kind);
    this.state = kind === 'object' ? 'member' : 'element';
    this.listener.open(kind, this.line);
  }

  private member(here: string): void {
    if (here === '}' && this.state === 'member') {
      this.close();
    } else if (here === '"') {
      this.beginText(true);
    } else {
      this.unexpected();
    }
  }

  private next(here: string): void {
    const isObject = this.open.at(-1) === 'object';
    if (here === (isObject ? '}' : ']')) {
      this.close();
    } else {
      this.expect(here === ',', isObject ? 'name' : 'value');
    }
  }

  private expect(isThere: boolean, then: TokenState): void {
    if (isThere) {
      this.at += 1;
      this.state = then;
    } else {
      this.unexpected();
    }
  }

  private close(): void {
    this.at += 1;
    this.open.pop();
    this.listener.close();
    this.endValue();
  }

  private endValue(): void {
    this.state = this.open.length === 0 ? 'done' : 'next';
  }

  private beginText(isName: boolean): void {
    this.at += 1;
    this.isName = isName;
    this.textLimit = isName ? maxName : this.listener.wantedText();
    this.state = 'text';
    this.text = '';
    this.isTooLong = false;
    this.startLine = this.line;
  }

  private readText(): void {
    if (this.escape !== null) {
      this.readEscape(this.escape);
      return;
    }
    this.keepPlain(this.pass(plainText));
    const here = this.source[this.at];
    if (here === '"') {
      this.at += 1;
      this.endText();
    } else if (here === '\\') {
      this.at += 1;
      this.escape = '';
    } else if (here !== undefined) {
      this.fail(
        'a line break or control character inside a text',
        'its escape, such as \\n, or a closing quote',
      );
    }
  }

  private readEscape(begun: string): void {
    const here = this.source[this.at] ?? ' ';
    const plain = begun === '' ? escapes.get(here) : undefined;
    const isHex = begun !== '' && hexDigits.includes(here);
    if (plain === undefined && !isHex && !(begun === '' && here === 'u')) {
      this.fail(
        'unknown escape in a text',
        'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t, or \\u and four hexadecimal digits',
      );
      return;
    }
    this.at += 1;
    this.escape = begun + here;
    if (plain !== undefined || this.escape.length === 5) {
      this.keep(plain ?? String.fromCharCode(Number.parseInt(this.escape.slice(1), 16)));
      this.escape = null;
    }
  }

  private keepPlain(start: number): void {
    if (this.at > start) {
      this.keep(this.textLimit === -1 ? 'x' : this.source.slice(start, this.at));
    }
  }

  private keep(piece: string): void {
    if (this.text.length + piece.length <= this.textLimit) {
      this.text += piece;
    } else {
      this.isTooLong = true;
      this.textLimit = -1;
      this.text = '';
    }
  }

  private endText(): void {
    const text = this.isTooLong ? tooLong : this.text;
    if (this.isName) {
      this.state = 'colon';
      this.listener.name(text === tooLong ? '' : text);
    } else {
      this.endValue();
      this.listener.value(text, this.startLine);
    }
  }

  private readWord(): void {
    this.text += this.source.slice(this.pass(plainWord), this.at);
    if (this.text.length > maxWord) {
      this.fail('this is not a value', 'a number, a text in double quotes, true, false or null');
    } else if (this.at < this.source.length) {
      this.endWord();
    }
  }

  private endWord(): void {
    const value = words.get(this.text) ?? { is: numberText.test(this.text) ? Number(this.text) : Number.NaN };
    if (Number.isNaN(value.is)) {
      this.at -= this.text.length;
      this.fail('this is not a value', 'a number, a text in double quotes, true, false or null');
      return;
    }
    this.endValue();
    this.listener.value(value.is, this.line);
  }

  /** Moves past what the pattern, which also matches nothing, finds here. Returns where that began. */
  private pass(pattern: RegExp): number {
    const start = this.at;
    pattern.lastIndex = start;
    pattern.test(this.source);
    this.at = pattern.lastIndex;
    return start;
  }

  private unexpected(): void {
    this.fail('this does not belong here', expectedIn[this.state]);
  }

  private fail(message: string, expected: string): void {
    const column = Math.max(1, this.before + this.at - this.lineStart + 1);
    this.flaw = { line: this.line, column, message, expected };
  }
}
