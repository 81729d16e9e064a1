/**
 * Templates: text with `${ }` interpolations and `%{ }` directives, on their own, in quotes and in heredocs.
 * Source: HCL's specification, "Templates", and what Terraform 1.11 was seen to do with it (test/plan/expression).
 */
import { TemplateCursor } from './cursor.ts';
import type { TemplatePart, PlacedReference, ExpressionReference, Whole } from './facts.ts';

export interface Pieces {
  readonly parts: readonly TemplatePart[];
  readonly isConcatenation: boolean;
}

/** Where a template ends: with the text, at its quote, or at the line of its marker. */
type TemplateEnding =
  | { readonly kind: 'text' }
  | { readonly kind: 'quote' }
  | { readonly kind: 'heredoc'; readonly marker: string };

interface TemplateFrame {
  kind: 'if' | 'else' | 'for';
  readonly bound: number;
}

/** What is gathered while one template is read. */
interface Building {
  readonly ending: TemplateEnding;
  readonly parts: TemplatePart[];
  readonly frames: TemplateFrame[];
  isConcatenation: boolean;
  /** Where the present line, or what stands behind the last sequence in it, begins. */
  lineStart: number;
  isAtLineStart: boolean;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
/** Directives that are open at a time, and variables of loops. */
const maxFrames = 100;

export abstract class TemplateReader extends TemplateCursor {
  protected readonly references: PlacedReference[] = [];
  protected readonly calls: string[] = [];
  /** Variables of the `for` expressions around this place, the innermost last. */
  readonly #bound: { readonly name: string; readonly standsFor: ExpressionReference | null }[] = [];

  protected abstract expression(): Whole;

  /** A template up to the end of the text. */
  protected bareTemplate(): Pieces {
    return this.#template({ kind: 'text' });
  }

  /** A text in quotes, behind the opening one. */
  protected quotedTemplate(): Pieces {
    return this.inside(() => this.#template({ kind: 'quote' }));
  }

  /** A heredoc, behind its `<<`. */
  protected heredoc(): void {
    this.take('-');
    const marker = this.expectWord('the marker of a heredoc');
    if (!this.takeLineBreak()) {
      this.fail('the line does not end behind the marker of a heredoc');
    }
    this.inside(() => this.#template({ kind: 'heredoc', marker }));
  }

  /** What a bound variable stands for; undefined for a name that is not bound. */
  protected boundAs(name: string): { readonly standsFor: ExpressionReference | null } | undefined {
    return this.#bound.findLast((entry) => entry.name === name);
  }

  /** `k, v in collection`, with the names bound from there on. Returns the number of names that were bound before. */
  protected bindLoop(): number {
    const before = this.#bound.length;
    this.skipBlanks();
    const names = [this.expectWord('the variable of a "for"')];
    this.skipBlanks();
    if (this.take(',')) {
      this.skipBlanks();
      names.push(this.expectWord('the second variable of a "for"'));
      this.skipBlanks();
    }
    if (!this.takeKeyword('in')) {
      this.fail('"in" is missing');
    }
    const collection = this.expression();
    this.#bind(names, collection);
    return before;
  }

  #bind(names: readonly string[], collection: Whole): void {
    const last = this.references.at(-1);
    let standsFor: ExpressionReference | null = null;
    if (collection.kind === 'reference' && last !== undefined) {
      this.references[this.references.length - 1] = { ...last, isIterated: true };
      standsFor = { target: collection.reference.target, rest: [...collection.reference.rest, null] };
    }
    if (this.#bound.length >= maxFrames) {
      this.fail(`nests deeper than ${maxFrames} variables of loops`);
    }
    const [first = '', second] = names;
    // The first of two is the key, which is not an element.
    this.#bound.push({ name: first, standsFor: second === undefined ? standsFor : null });
    if (second !== undefined) {
      this.#bound.push({ name: second, standsFor });
    }
  }

  protected unbindTo(count: number): void {
    this.#bound.length = count;
  }

  #template(ending: TemplateEnding): Pieces {
    const building: Building = {
      ending,
      parts: [],
      frames: [],
      isConcatenation: true,
      lineStart: this.at,
      isAtLineStart: true,
    };
    let literal = '';
    while (!this.#takeEnd(building)) {
      const character = this.text[this.at] ?? '';
      if ((character === '$' || character === '%') && this.text[this.at + 1] === '{') {
        addText(building, literal);
        literal = '';
        this.#sequence(building, character);
        building.lineStart = this.at;
        building.isAtLineStart = false;
      } else {
        literal += this.#literal(building, character);
      }
    }
    addText(building, literal);
    if (building.frames.length > 0) {
      this.fail('a directive is not ended');
    }
    return { parts: building.parts, isConcatenation: building.isConcatenation };
  }

  /** True when the template ends here; passes over its end. */
  #takeEnd({ ending, isAtLineStart, lineStart }: Building): boolean {
    switch (ending.kind) {
      case 'text':
        return this.isAtEnd();
      case 'quote':
        return this.take('"');
      case 'heredoc':
        return this.text[this.at] === '\n' && this.#isMarkerLine(ending.marker, lineStart, isAtLineStart);
    }
  }

  /** The line break behind the marker stays: it ends the line that the heredoc began in. */
  #isMarkerLine(marker: string, lineStart: number, isAtLineStart: boolean): boolean {
    const line = this.text.slice(lineStart, this.at);
    if (isAtLineStart && /^[ \t]*([^ \t\r]*)\r?$/.exec(line)?.[1] === marker) {
      return true;
    }
    // Terraform cuts off more kinds of blanks than these before it compares; such a line is not worth the risk.
    if (endsLike(line, marker)) {
      this.fail('a line ends like the marker of its heredoc');
    }
    return false;
  }

  #literal(building: Building, character: string): string {
    if (character === '$' || character === '%') {
      return this.#marks(character);
    }
    if (building.ending.kind === 'quote') {
      return this.#quotedText(character);
    }
    if (building.ending.kind === 'heredoc') {
      return this.#heredocText(building);
    }
    return this.#upTo(/[$%]/g);
  }

  /** `$${` is `${` as text, and so is a longer run: Terraform takes none of them for a sequence. */
  #marks(mark: string): string {
    const start = this.at;
    while (this.text[this.at] === mark) {
      this.at += 1;
    }
    const run = this.text.slice(start, this.at);
    return this.take('{') ? `${run.slice(1)}{` : run;
  }

  #quotedText(character: string): string {
    if (character === '\\') {
      return this.#escape();
    }
    if (character === '' || character === '\n' || character === '\r') {
      this.fail('a text in quotes does not end on its line');
    }
    return this.#upTo(/[$%"\\\r\n]/g);
  }

  #heredocText(building: Building): string {
    if (this.isAtEnd()) {
      this.fail('a heredoc does not end');
    }
    if (this.take('\n')) {
      Object.assign(building, { lineStart: this.at, isAtLineStart: true });
      return '\n';
    }
    return this.#upTo(/[$%\n]/g);
  }

  #upTo(stop: RegExp): string {
    const start = this.at;
    // oxlint-disable-next-line no-param-reassign -- a pattern of the caller's own, made for this search
    stop.lastIndex = start;
    this.at = stop.exec(this.text)?.index ?? this.text.length;
    return this.text.slice(start, this.at);
  }

  #escape(): string {
    this.at += 1;
    const kind = this.text[this.at] ?? '';
    const plain = Object.hasOwn(escapes, kind) ? escapes[kind] : undefined;
    if (plain !== undefined) {
      this.at += 1;
      return plain;
    }
    const length = kind === 'u' ? 4 : kind === 'U' ? 8 : 0;
    const digits = this.text.slice(this.at + 1, this.at + 1 + length);
    const code = /^[0-9A-Fa-f]{4,8}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
    if (length === 0 || digits.length !== length || code < 0 || code > 0x10_ff_ff) {
      this.fail('an escape is not one of the language');
    }
    this.at += 1 + length;
    return String.fromCodePoint(code);
  }

  /** `${ }` or `%{ }`, whose first character is given. */
  #sequence(building: Building, mark: string): void {
    this.at += 2;
    const isStripped = this.take('~');
    const whole = this.inside(() => {
      const inner = mark === '$' ? this.expression() : this.#directive(building.frames);
      this.skipBlanks();
      return inner;
    });
    const isStrippedBehind = this.take('~');
    this.expect('}');
    if (whole !== null) {
      building.parts.push({ kind: 'expression', whole });
    }
    if (whole === null || isStripped || isStrippedBehind) {
      // oxlint-disable-next-line no-param-reassign -- what is being built is filled in here
      building.isConcatenation = false;
    }
  }

  #directive(frames: TemplateFrame[]): null {
    this.skipBlanks();
    const keyword = this.expectWord('the keyword of a directive');
    if (keyword === 'if') {
      this.expression();
      this.#open(frames, { kind: 'if', bound: -1 });
    } else if (keyword === 'for') {
      this.#open(frames, { kind: 'for', bound: this.bindLoop() });
    } else {
      this.#endDirective(frames, keyword);
    }
    return null;
  }

  #open(frames: TemplateFrame[], frame: TemplateFrame): void {
    if (frames.length >= maxFrames) {
      this.fail(`nests deeper than ${maxFrames} directives`);
    }
    frames.push(frame);
  }

  #endDirective(frames: TemplateFrame[], keyword: string): void {
    const frame = frames.at(-1);
    if (keyword === 'else' && frame?.kind === 'if') {
      frame.kind = 'else';
    } else if (keyword === 'endif' && (frame?.kind === 'if' || frame?.kind === 'else')) {
      frames.pop();
    } else if (keyword === 'endfor' && frame?.kind === 'for') {
      this.unbindTo(frame.bound);
      frames.pop();
    } else {
      this.fail('a directive stands where it cannot');
    }
  }
}

function addText({ parts }: Building, text: string): void {
  if (text !== '') {
    parts.push({ kind: 'text', text });
  }
}

/** True when the last word of a line, whatever stands behind it, ends with the marker. */
function endsLike(line: string, marker: string): boolean {
  let end = line.length;
  while (end > 0 && !/[\p{ID_Continue}-]/u.test(line[end - 1] ?? '')) {
    end -= 1;
  }
  return line.slice(0, end).endsWith(marker);
}
