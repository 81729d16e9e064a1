/**
 * A position in the text of an expression. Every look at a character is counted, so that tests can prove that reading
 * takes linear time without a clock. Positions only move forward.
 */
import type { TextSpan } from './ast.ts';
import { DiagnosticLog } from './diagnostics.ts';
import type { ExpressionProblem } from './diagnostics.ts';

/** Brackets, `not` and calls inside each other; the engine's default. Deeper text is refused, not followed. */
const maxNesting = 128;

export class ExpressionCursor {
  readonly text: string;
  readonly log: DiagnosticLog;
  readonly #end: number;
  #at: number;
  #steps = 0;
  #depth = 0;

  /** Blanks of any kind at both ends of `text` are not part of the expression. */
  constructor(text: string) {
    this.text = text;
    this.log = new DiagnosticLog(text);
    this.#end = text.trimEnd().length;
    this.#at = text.length - text.trimStart().length;
  }

  get at(): number {
    return this.#at;
  }

  get steps(): number {
    return this.#steps;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  /** The character `ahead` of the position; empty at the end. */
  peek(ahead = 0): string {
    this.#steps += 1;
    const index = this.#at + ahead;
    return index < this.#end ? (this.text[index] ?? '') : '';
  }

  looksAt(word: string): boolean {
    this.#steps += word.length;
    return this.#at + word.length <= this.#end && this.text.startsWith(word, this.#at);
  }

  skip(count: number): void {
    this.#steps += 1;
    this.#at = Math.min(this.#end, this.#at + count);
  }

  /** Moves past `word` when the text continues with it. */
  take(word: string): boolean {
    if (!this.looksAt(word)) {
      return false;
    }
    this.skip(word.length);
    return true;
  }

  /** The longest run of characters that `isMember` accepts, without moving; at most `limit` characters. */
  peekRun(isMember: (character: string) => boolean, limit = Number.POSITIVE_INFINITY): string {
    let length = 0;
    while (length < limit && this.peek(length) !== '' && isMember(this.peek(length))) {
      length += 1;
    }
    return this.text.slice(this.#at, this.#at + length);
  }

  /** Moves past space, CR and LF. A TAB is passed too, with a warning: the engine refuses it, other readers do not. */
  skipBlanks(): void {
    for (;;) {
      const character = this.peek();
      if (character === '\t') {
        this.warnTab();
      } else if (character !== ' ' && character !== '\n' && character !== '\r') {
        return;
      }
      this.skip(1);
    }
  }

  from(start: number): TextSpan {
    return { start, end: Math.max(start, this.#at) };
  }

  report(problem: ExpressionProblem, span: TextSpan): void {
    this.log.add(problem, span);
  }

  /** Runs `read` one level deeper; at the nesting limit reports it, gives up on the rest and returns null. */
  nested<T>(start: number, read: () => T): T | null {
    if (this.#depth >= maxNesting) {
      this.report(
        {
          code: 'nesting-limit',
          category: 'limit',
          message: `nested deeper than ${maxNesting} levels`,
          suggestion: 'split the expression into several rules',
        },
        { start, end: start + 1 },
      );
      this.#at = this.#end;
      return null;
    }
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  private warnTab(): void {
    this.report(
      {
        code: 'tab',
        category: 'style',
        severity: 'warning',
        message: 'a TAB inside an expression is refused by the engine',
        suggestion: 'a space',
      },
      { start: this.#at, end: this.#at + 1 },
    );
  }
}

/** A test for the ASCII characters that match `shape`, faster than asking the expression each time. */
export function oneOf(shape: RegExp): (character: string) => boolean {
  const all = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  const members = new Set(all.filter((character) => shape.test(character)));
  return (character) => members.has(character);
}

/** Characters of a field or function name; capitals are read too, so that they can be reported. */
export const isNameCharacter = oneOf(/[A-Za-z0-9_.]/u);

/** True for the characters that end a stretch of text that was not understood. */
export function isBoundary(character: string): boolean {
  return (
    character === '' || character === ' ' || character === '\n' || character === '\r' || character === '\t'
  );
}
