/**
 * Expressions. Operators are read without their precedence: it decides about the value, not about what is called and
 * referred to. Source: HCL's specification, "Expressions", and its parser (hclsyntax/parser.go).
 */
import type { ExpressionNames, ExpressionReference, ReferenceStep, Whole } from './facts.ts';
import { nameOf, type TraversalStep } from './naming.ts';
import { TemplateReader, type Pieces } from './template-reader.ts';

const composite: Whole = { kind: 'composite' };
const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
/** The longer ones first: `<=` is not `<` and something else. */
const operators = ['==', '!=', '<=', '>=', '&&', '||', '<', '>', '+', '-', '*', '/', '%'] as const;
const operatorStarts: ReadonlySet<string> = new Set(operators.map((operator) => operator.charAt(0)));

/** Longer traversals are not configuration of a person; a loop over one would copy it again and again. */
const maxSteps = 200;

export class ExpressionReader extends TemplateReader {
  /** The template that the whole text is. */
  wholeTemplate(): Pieces {
    return this.bareTemplate();
  }

  /** The expression that the whole text is. */
  wholeExpression(): Whole {
    const whole = this.expression();
    this.skipBlanks();
    if (!this.isAtEnd()) {
      this.fail('something is left over');
    }
    return whole;
  }

  /** What was called and referred to so far. */
  get names(): ExpressionNames {
    return { references: this.references, calls: this.calls };
  }

  protected expression(): Whole {
    const whole = this.#operation();
    this.skipBlanks();
    if (!this.take('?')) {
      return whole;
    }
    this.#branch();
    this.skipBlanks();
    this.expect(':');
    this.#branch();
    return composite;
  }

  /** A branch of a conditional, with line breaks as they are around it. */
  #branch(): void {
    this.insideAsIs(() => this.expression());
  }

  #operation(): Whole {
    const first = this.#operand();
    let count = 1;
    for (;;) {
      this.skipBlanks();
      // `}` and the like follow nearly always: one look settles that.
      const operator = operatorStarts.has(this.text[this.at] ?? '')
        ? operators.find((candidate) => this.sees(candidate))
        : undefined;
      // `=>` belongs to the `for` around this.
      if (operator === undefined || !this.take(operator)) {
        return count === 1 ? first : composite;
      }
      this.#operand();
      count += 1;
    }
  }

  #operand(): Whole {
    this.skipBlanks();
    let isNegated = false;
    while ((this.sees('!') && !this.sees('!=')) || this.sees('-')) {
      this.at += 1;
      isNegated = true;
      this.skipBlanks();
    }
    const whole = this.#term();
    return isNegated ? composite : whole;
  }

  #term(): Whole {
    const start = this.at;
    const word = this.takeWord();
    if (word !== null) {
      return this.#word(word, start);
    }
    const whole = this.#delimited();
    return this.#steps().length === 0 ? whole : composite;
  }

  /** A term that is not a word. */
  #delimited(): Whole {
    if (this.seesDigit()) {
      return this.#number();
    }
    if (this.take('"')) {
      return wholeOf(this.quotedTemplate());
    }
    if (this.take('<<')) {
      this.heredoc();
      return composite;
    }
    if (this.take('(')) {
      return this.inside(() => {
        const whole = this.expression();
        this.skipBlanks();
        this.expect(')');
        return whole;
      });
    }
    if (this.take('[')) {
      this.inside(() => this.#listBody());
      return composite;
    }
    this.expect('{');
    this.#object();
    return composite;
  }

  #number(): Whole {
    let digits = this.takeDigits();
    if (this.sees('.') && /^[0-9]$/.test(this.text[this.at + 1] ?? '')) {
      this.at += 1;
      digits += `.${this.takeDigits()}`;
    }
    const exponent = /^[eE][+-]?(?=[0-9])/.exec(this.text.slice(this.at, this.at + 3))?.[0];
    if (exponent !== undefined) {
      this.at += exponent.length;
      digits += `${exponent}${this.takeDigits()}`;
    }
    const value = Number(digits);
    // What JavaScript would write in another way may be another number for Terraform, which counts exactly.
    return String(value) === digits ? { kind: 'value', value } : composite;
  }

  #word(word: string, start: number): Whole {
    const constant = constants.get(word);
    if (constant !== undefined) {
      return this.#steps().length === 0 ? { kind: 'value', value: constant } : composite;
    }
    const afterWord = this.at;
    this.skipBlanks();
    if (this.sees('::') || this.sees('(')) {
      return this.#call(word);
    }
    this.at = afterWord;
    return this.#traversal(word, start);
  }

  #call(first: string): Whole {
    let name = first;
    while (this.take('::')) {
      this.skipBlanks();
      name += `::${this.expectWord('the name of a function')}`;
      this.skipBlanks();
    }
    this.calls.push(name);
    this.expect('(');
    this.inside(() => this.#arguments());
    this.#steps();
    return composite;
  }

  #arguments(): void {
    this.skipBlanks();
    while (!this.take(')')) {
      this.expression();
      this.skipBlanks();
      if (this.take('...')) {
        this.skipBlanks();
        this.expect(')');
        return;
      }
      this.#separator(')');
    }
  }

  /** A comma, or the bracket that ends the list and stays. */
  #separator(close: string): void {
    if (this.take(',')) {
      this.skipBlanks();
    } else if (!this.sees(close)) {
      this.fail(`"," or "${close}" is missing`);
    }
  }

  #listBody(): void {
    this.skipBlanks();
    if (this.takeKeyword('for')) {
      this.#loop(']', false);
      return;
    }
    while (!this.take(']')) {
      this.expression();
      this.skipBlanks();
      this.#separator(']');
    }
  }

  /** Behind the opening brace. A `for` may follow on another line; items are parted by line breaks or commas. */
  #object(): void {
    const start = this.at;
    const isLoop = this.inside(() => {
      this.skipBlanks();
      return this.takeKeyword('for');
    });
    if (isLoop) {
      this.inside(() => this.#loop('}', true));
      return;
    }
    this.at = start;
    this.inside(() => this.#items(), true);
  }

  #items(): void {
    this.#skipLines();
    while (!this.take('}')) {
      this.#key();
      this.skipBlanks();
      if (!this.take(':')) {
        this.expect('=');
      }
      this.skipBlanks();
      this.expression();
      this.skipBlanks();
      if (!this.take(',') && !this.takeLineBreak() && !this.sees('}')) {
        this.fail('"," or "}" is missing');
      }
      this.#skipLines();
    }
  }

  #skipLines(): void {
    this.skipBlanks();
    while (this.takeLineBreak()) {
      this.skipBlanks();
    }
  }

  /** A word alone is a text here; anything else is an expression. */
  #key(): void {
    const start = this.at;
    const word = this.takeWord();
    this.skipBlanks();
    const isText = word !== null && (this.sees(':') || (this.sees('=') && !this.sees('==')));
    if (!isText || this.sees('::')) {
      this.at = start;
      this.expression();
    }
  }

  #loop(close: string, hasKey: boolean): void {
    const bound = this.bindLoop();
    this.skipBlanks();
    this.expect(':');
    this.expression();
    this.skipBlanks();
    if (hasKey) {
      this.expect('=>');
      this.expression();
      this.skipBlanks();
      this.take('...');
      this.skipBlanks();
    }
    if (this.takeKeyword('if')) {
      this.expression();
      this.skipBlanks();
    }
    this.expect(close);
    this.unbindTo(bound);
  }

  #traversal(word: string, start: number): Whole {
    const isExplicit = word === 'resource';
    const steps = this.#steps();
    const [type, ...others] = steps;
    const { reference, named } =
      isExplicit && type?.isName === true ? nameOf(String(type.step), others) : nameOf(word, steps);
    const bound = this.boundAs(word);
    const whole = bound === undefined ? reference : standIn(bound.standsFor, steps);
    if (whole === null) {
      return composite;
    }
    if (whole.rest.length > maxSteps) {
      this.fail(`a reference has more than ${maxSteps} steps`);
    }
    const nameSteps = isExplicit ? named + 1 : named;
    const end = nameSteps === 0 ? start + word.length : (steps[nameSteps - 1]?.end ?? start);
    const place = bound === undefined ? { start, end } : null;
    this.references.push({ ...whole, place, isIterated: false });
    return { kind: 'reference', reference: whole };
  }

  /** What stands behind a term: `.name`, `.0`, `.*`, `[0]`, `["key"]`, `[expression]`, `[*]`. */
  #steps(): readonly TraversalStep[] {
    const steps: TraversalStep[] = [];
    for (;;) {
      const before = this.at;
      this.skipBlanks();
      if (this.sees('.') && !this.sees('...')) {
        this.at += 1;
        steps.push({ ...this.#dotStep(), end: this.at });
      } else if (this.take('[')) {
        steps.push({ step: this.inside(() => this.#index()), isName: false, end: this.at });
      } else {
        this.at = before;
        return steps;
      }
    }
  }

  #dotStep(): Pick<TraversalStep, 'step' | 'isName'> {
    this.skipBlanks();
    if (this.take('*')) {
      return { step: null, isName: false };
    }
    if (this.seesDigit()) {
      return { step: Number(this.takeDigits()), isName: false };
    }
    return { step: this.expectWord('a name behind a dot'), isName: true };
  }

  #index(): ReferenceStep {
    this.skipBlanks();
    if (this.take('*')) {
      this.skipBlanks();
      this.expect(']');
      return null;
    }
    const whole = this.expression();
    this.skipBlanks();
    this.expect(']');
    const value = whole.kind === 'value' ? whole.value : null;
    return typeof value === 'string' || typeof value === 'number' ? value : null;
  }
}

function standIn(
  standsFor: ExpressionReference | null,
  steps: readonly TraversalStep[],
): ExpressionReference | null {
  return standsFor === null
    ? null
    : { target: standsFor.target, rest: [...standsFor.rest, ...steps.map(({ step }) => step)] };
}

/** A text in quotes as an expression: without parts or with one, it is that; Terraform hands one through as it is. */
function wholeOf({ isConcatenation, parts }: Pieces): Whole {
  const [part, ...more] = parts;
  if (!isConcatenation || more.length > 0) {
    return composite;
  }
  if (part === undefined) {
    return { kind: 'value', value: '' };
  }
  return part.kind === 'text' ? { kind: 'value', value: part.text } : part.whole;
}
