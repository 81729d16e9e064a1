/**
 * Recursive-descent parser of the Rules language. It decides what a text says and where it is wrong; whether names,
 * types, phase and plan fit is decided by `check.ts`. It never throws, reports several mistakes in one pass, and looks at
 * each character a bounded number of times.
 */
import type { Argument, ComparisonNode, Expression, LogicalOperator, TextSpan, ValueNode } from './ast.ts';
import { ExpressionCursor } from './cursor.ts';
import type { LanguageDiagnostic } from './diagnostics.ts';
import { reportNoTest, skipAhead } from './mistakes.ts';
import { peekLogical, readOperator, reportCapitals } from './operators.ts';
import { passBooleanComparison, readInfixFunction } from './odd-comparisons.ts';
import { readRightSide } from './right-side.ts';
import { readValue } from './values.ts';
import type { ValueReader } from './values.ts';

/** Cloudflare's limit (API error 20127), counted after runs of blanks became one. */
const maxExpressionLength = 4096;

/** Longer text is refused unread; nothing that Cloudflare accepts comes near. */
export const maxReadLength = 65_536;

export interface ParsedFilter {
  readonly kind: 'filter';
  readonly text: string;
  readonly expression: Expression;
  readonly diagnostics: readonly LanguageDiagnostic[];
  /** How many looks at characters reading took. */
  readonly steps: number;
}

export interface ParsedValue {
  readonly kind: 'value';
  readonly text: string;
  /** Null when the text is not a value expression. */
  readonly value: ValueNode | null;
  readonly diagnostics: readonly LanguageDiagnostic[];
  readonly steps: number;
}

/** Reads a filter expression. Any text gives a tree; see the diagnostics for whether it is one of the language. */
export function parseFilter(text: string): ParsedFilter {
  const cursor = new ExpressionCursor(text);
  if (!checkLength(cursor)) {
    const span = { start: 0, end: text.length };
    const diagnostics = cursor.log.sorted();
    return { kind: 'filter', text, expression: { kind: 'invalid', span }, diagnostics, steps: cursor.steps };
  }
  const expression = new FilterParser(cursor).read();
  return { kind: 'filter', text, expression, diagnostics: cursor.log.sorted(), steps: cursor.steps };
}

/** Reads a value expression (rewrite, redirect target, header value): one field or function call. */
export function parseValueExpression(text: string): ParsedValue {
  const cursor = new ExpressionCursor(text);
  let value: ValueNode | null = null;
  if (checkLength(cursor)) {
    value = readValue(new FilterParser(cursor));
    cursor.skipBlanks();
    if (value === null || !cursor.isAtEnd) {
      cursor.report(
        {
          code: 'value-expression',
          category: 'syntax',
          message: 'a value expression is one field or one function call',
          ...(cursor.peek() === '"' ? { suggestion: 'a static value instead of an expression' } : {}),
        },
        { start: cursor.at, end: cursor.at + 1 },
      );
    }
  }
  return { kind: 'value', text, value, diagnostics: cursor.log.sorted(), steps: cursor.steps };
}

function checkLength(cursor: ExpressionCursor): boolean {
  const { text } = cursor;
  const span = { start: 0, end: Math.min(text.length, 1) };
  const isReadable = text.length <= maxReadLength;
  const length = isReadable ? text.trim().replaceAll(/[ \r\n\t]+/gu, ' ').length : text.length;
  if (length > maxExpressionLength) {
    cursor.report(
      {
        code: 'too-long',
        category: 'limit',
        message: `${length} characters; Cloudflare takes at most ${maxExpressionLength}${isReadable ? '' : ', not read'}`,
        suggestion: 'move values into a list, or split the rule',
      },
      span,
    );
  }
  return isReadable;
}

/** From loosest to tightest binding. */
const levels: readonly LogicalOperator[] = ['or', 'xor', 'and'];

class FilterParser implements ValueReader {
  readonly cursor: ExpressionCursor;

  constructor(cursor: ExpressionCursor) {
    this.cursor = cursor;
  }

  read(): Expression {
    const { cursor } = this;
    const start = cursor.at;
    const parts = [this.readLevel(0)];
    for (cursor.skipBlanks(); !cursor.isAtEnd; cursor.skipBlanks()) {
      parts.push(this.passTrailing());
    }
    const [first] = parts;
    return parts.length === 1 && first !== undefined
      ? first
      : { kind: 'logical', operator: 'and', operands: parts, span: cursor.from(start) };
  }

  /** Text after a complete expression: reported, and read on after it so that later mistakes show too. */
  private passTrailing(): Expression {
    const { cursor } = this;
    const start = cursor.at;
    const isBracket = cursor.peek() === ')';
    const message = isBracket
      ? 'this ) closes nothing'
      : 'the expression should end here or go on with and, or, xor';
    cursor.report(
      {
        code: isBracket ? 'stray-bracket' : 'trailing-text',
        category: 'syntax',
        message,
        expected: ['and', 'or', 'xor'],
      },
      { start, end: start + 1 },
    );
    cursor.skip(1);
    if (!isBracket) {
      skipAhead(cursor, false);
    }
    cursor.skipBlanks();
    const logical = peekLogical(cursor);
    if (logical === null) {
      return { kind: 'invalid', span: cursor.from(start) };
    }
    cursor.skip(logical.length);
    return this.readLevel(0);
  }

  private readLevel(level: number): Expression {
    const operator = levels[level];
    if (operator === undefined) {
      return this.readSimple();
    }
    const { cursor } = this;
    cursor.skipBlanks();
    const start = cursor.at;
    const operands = [this.readLevel(level + 1)];
    while (this.takeLogical(operator)) {
      operands.push(this.readLevel(level + 1));
    }
    const [first] = operands;
    return operands.length === 1 && first !== undefined
      ? first
      : { kind: 'logical', operator, operands, span: { start, end: operands.at(-1)?.span.end ?? cursor.at } };
  }

  private takeLogical(operator: LogicalOperator): boolean {
    const { cursor } = this;
    cursor.skipBlanks();
    const found = peekLogical(cursor);
    if (found?.operator !== operator) {
      return false;
    }
    if (found.capitals !== null) {
      reportCapitals(cursor, cursor.at, found.capitals);
    }
    cursor.skip(found.length);
    return true;
  }

  private readSimple(): Expression {
    const { cursor } = this;
    cursor.skipBlanks();
    const start = cursor.at;
    if (cursor.peek() === '(') {
      return this.readGroup(start);
    }
    const notLength = this.notLength();
    if (notLength > 0) {
      cursor.skip(notLength);
      const operand = cursor.nested(start, () => this.readSimple());
      return operand === null
        ? { kind: 'invalid', span: cursor.from(start) }
        : { kind: 'not', operand, span: { start, end: operand.span.end } };
    }
    return this.readComparison(start);
  }

  private notLength(): number {
    const { cursor } = this;
    if (cursor.looksAt('not')) {
      return 3;
    }
    if (cursor.peek() === '!' && cursor.peek(1) !== '=') {
      return 1;
    }
    if (cursor.looksAt('NOT') || cursor.looksAt('Not')) {
      reportCapitals(cursor, cursor.at, cursor.text.slice(cursor.at, cursor.at + 3));
      return 3;
    }
    return 0;
  }

  private readGroup(start: number): Expression {
    const { cursor } = this;
    const inner = cursor.nested(start, () => {
      cursor.skip(1);
      return this.readLevel(0);
    });
    if (inner === null) {
      return { kind: 'invalid', span: cursor.from(start) };
    }
    cursor.skipBlanks();
    if (!cursor.isAtEnd && cursor.peek() !== ')') {
      const message = 'here a ) or and, or, xor is expected';
      cursor.report(
        { code: 'trailing-text', category: 'syntax', message, expected: [')', 'and', 'or', 'xor'] },
        { start: cursor.at, end: cursor.at + 1 },
      );
      cursor.skip(1);
      this.skipToBracket();
    }
    this.closeBracket(start);
    return { kind: 'group', inner, span: cursor.from(start) };
  }

  /** Passes what could not be read up to the closing bracket, reading tests after logical operators on the way. */
  private skipToBracket(): void {
    const { cursor } = this;
    for (;;) {
      skipAhead(cursor, false);
      if (cursor.isAtEnd || cursor.peek() === ')') {
        return;
      }
      cursor.skip(peekLogical(cursor)?.length ?? 1);
      this.readLevel(0);
      cursor.skipBlanks();
    }
  }

  private closeBracket(start: number): void {
    const { cursor } = this;
    if (!cursor.take(')')) {
      const message = 'this ( is not closed';
      cursor.report(
        { code: 'unclosed-bracket', category: 'syntax', message, expected: [')'] },
        { start, end: start + 1 },
      );
    }
  }

  private readComparison(start: number): Expression {
    const { cursor } = this;
    const left = readValue(this);
    if (left === null) {
      reportNoTest(cursor);
      skipAhead(cursor, false);
      return { kind: 'invalid', span: cursor.from(start) };
    }
    if (
      left.kind === 'field' &&
      left.accessors.length === 0 &&
      (left.name === 'true' || left.name === 'false')
    ) {
      return this.finishConstant(left.name === 'true', left.span);
    }
    if (left.type.kind === 'bool') {
      passBooleanComparison(cursor, left);
      return { kind: 'truth', value: left, span: left.span };
    }
    return this.readOperatorAndRight(left);
  }

  private finishConstant(value: boolean, span: TextSpan): Expression {
    return { kind: 'constant', value, span };
  }

  private readOperatorAndRight(left: ValueNode): Expression {
    const { cursor } = this;
    const afterLeft = cursor.at;
    cursor.skipBlanks();
    const infix = readInfixFunction(cursor, left);
    if (infix !== null) {
      return infix;
    }
    const operator = readOperator(cursor);
    if (operator === null) {
      return this.finishWithoutOperator(left, afterLeft);
    }
    cursor.skipBlanks();
    const right = readRightSide(this, left, operator);
    if (right === null) {
      skipAhead(cursor, false);
      return { kind: 'invalid', span: cursor.from(left.span.start) };
    }
    const span = { start: left.span.start, end: right.span.end };
    const comparison: ComparisonNode = {
      kind: 'comparison',
      left,
      operator: operator.operator,
      operatorSpan: operator.span,
      right,
      span,
    };
    return operator.isNegated ? { kind: 'not', operand: comparison, span } : comparison;
  }

  /** A value alone: right for an unknown name, which may be Boolean, and for an array of Booleans in any() and all(). */
  private finishWithoutOperator(left: ValueNode, afterLeft: number): Expression {
    const { cursor } = this;
    const { type } = left;
    const mayBeTruth = type.kind === 'unknown' || (type.kind === 'array' && type.of.kind === 'bool');
    const endsHere = cursor.isAtEnd || cursor.peek() === ')' || peekLogical(cursor) !== null;
    if (mayBeTruth && endsHere) {
      return { kind: 'truth', value: left, span: left.span };
    }
    cursor.report(
      {
        code: 'missing-operator',
        category: 'syntax',
        message: `after ${cursor.text.slice(left.span.start, left.span.end).slice(0, 80)} an operator is missing`,
        expected: ['eq', 'ne', 'contains', 'in', 'matches', 'wildcard', 'lt', 'gt'],
      },
      { start: endsHere ? afterLeft : cursor.at, end: cursor.at + 1 },
    );
    skipAhead(cursor, false);
    return { kind: 'invalid', span: cursor.from(left.span.start) };
  }

  /** One comparison, or a whole expression when it starts with a bracket, `not` or another quantifier. */
  readQuantifierTest(name: string): Argument {
    const { cursor } = this;
    cursor.skipBlanks();
    const start = cursor.at;
    const isWhole =
      cursor.peek() === '(' || this.notLength() > 0 || cursor.looksAt('any(') || cursor.looksAt('all(');
    const test = isWhole ? this.readLevel(0) : this.readSimple();
    cursor.skipBlanks();
    if (!isWhole && peekLogical(cursor) !== null) {
      this.passCombinedTest(name);
    }
    return { kind: 'test', test, span: cursor.from(start) };
  }

  private passCombinedTest(name: string): void {
    const { cursor } = this;
    const start = cursor.at;
    cursor.report(
      {
        code: 'combined-quantifier-test',
        category: 'syntax',
        message: `${name}() takes one comparison; Cloudflare answers: expected literal ","`,
        expected: [')'],
        suggestion: `${name}(…) and … outside the brackets, or ${name}((…) and (…))`,
      },
      { start, end: start + 1 },
    );
    this.skipToBracket();
  }
}
