/**
 * Characters, blanks, comments and words of Terraform's language, read by hand and in one pass.
 * Source: the scanner of HCL (hclsyntax/scan_tokens.rl) and its specification, "Lexical Elements".
 */

/** Thrown inside this folder only; `parse.ts` turns it into a result. */
export class NotUnderstood extends Error {
  readonly at: number;

  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}

/** Deeper nesting is not configuration of a person, and recursion must end. */
const maxNesting = 100;

const wordStart = /\p{ID_Start}/u;
const wordPart = /\p{ID_Continue}/u;

export class TemplateCursor {
  protected readonly text: string;
  protected at = 0;
  #nesting = 0;
  /** Inside the braces of an object a line break ends an item; everywhere else it is a blank. */
  #linesCount = false;

  constructor(text: string) {
    this.text = text;
  }

  protected fail(why: string): never {
    throw new NotUnderstood(this.at, why);
  }

  protected isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  protected sees(word: string): boolean {
    return this.text.startsWith(word, this.at);
  }

  /** Passes over the word when it stands here. */
  protected take(word: string): boolean {
    if (!this.sees(word)) {
      return false;
    }
    this.at += word.length;
    return true;
  }

  protected expect(word: string): void {
    if (!this.take(word)) {
      this.fail(`"${word}" is missing`);
    }
  }

  /** Reads something one level further in, with line breaks that count or do not. */
  protected inside<T>(read: () => T, linesCount = false): T {
    const before = this.#linesCount;
    this.#nesting += 1;
    if (this.#nesting > maxNesting) {
      this.fail(`nests deeper than ${maxNesting} levels`);
    }
    this.#linesCount = linesCount;
    const result = read();
    this.#linesCount = before;
    this.#nesting -= 1;
    return result;
  }

  /** The same with line breaks as they are here. */
  protected insideAsIs<T>(read: () => T): T {
    return this.inside(read, this.#linesCount);
  }

  /** Passes over blanks and comments, and over line breaks where those do not count. */
  protected skipBlanks(): void {
    for (;;) {
      const character = this.text[this.at];
      if (character === ' ' || character === '\t') {
        this.at += 1;
      } else if (character === '#' || (character === '/' && this.sees('//'))) {
        this.#skipToLineEnd();
      } else if (character === '/' && this.sees('/*')) {
        this.#skipComment();
      } else if (this.#linesCount || !this.takeLineBreak()) {
        return;
      }
    }
  }

  protected takeLineBreak(): boolean {
    return this.take('\n') || this.take('\r\n');
  }

  /** Up to the line break. A carriage return of its own is refused: nothing may depend on how it is read. */
  #skipToLineEnd(): void {
    while (!this.isAtEnd() && this.text[this.at] !== '\n' && !this.sees('\r\n')) {
      if (this.text[this.at] === '\r') {
        this.fail('a carriage return stands in a comment');
      }
      this.at += 1;
    }
  }

  #skipComment(): void {
    const end = this.text.indexOf('*/', this.at + 2);
    if (end < 0) {
      this.fail('a comment does not end');
    }
    this.at = end + 2;
  }

  /** An identifier; null when none stands here. */
  protected takeWord(): string | null {
    const start = this.at;
    let length = wordLength(this.text, start, 'start');
    if (length === 0) {
      return null;
    }
    while (length > 0) {
      this.at += length;
      length = wordLength(this.text, this.at, 'part');
    }
    return this.text.slice(start, this.at);
  }

  protected expectWord(what: string): string {
    return this.takeWord() ?? this.fail(`${what} is missing`);
  }

  /** The word when it stands here on its own. */
  protected takeKeyword(keyword: string): boolean {
    const start = this.at;
    if (this.takeWord() === keyword) {
      return true;
    }
    this.at = start;
    return false;
  }

  protected takeDigits(): string {
    const start = this.at;
    while (isDigit(this.text[this.at])) {
      this.at += 1;
    }
    return this.text.slice(start, this.at);
  }

  protected seesDigit(): boolean {
    return isDigit(this.text[this.at]);
  }
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

/** Code units of the character at a place if it begins or continues a word; 0 if not. Nearly all are of ASCII. */
function wordLength(text: string, at: number, kind: 'start' | 'part'): number {
  const code = text.codePointAt(at) ?? 0;
  if (code < 128) {
    return isLetter(code) || (kind === 'part' && (code === hyphen || (code >= 48 && code <= 57))) ? 1 : 0;
  }
  const character = String.fromCodePoint(code);
  return (kind === 'start' ? wordStart : wordPart).test(character) ? character.length : 0;
}

const hyphen = 45;

/** Of ASCII, with the underscore. */
function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}
