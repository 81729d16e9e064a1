/**
 * Reads operators. They are matched by prefix, there is no word boundary after them: `len(x)==11` and `contains"() {"`
 * are legal. Words that people write instead are known, reported with what to write, and read as that where possible.
 */
import type { ComparisonOperator, LogicalOperator, TextSpan } from './ast.ts';
import { oneOf } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';

export interface FoundOperator {
  readonly operator: ComparisonOperator;
  readonly span: TextSpan;
  /** True when it was written `not in` and the like: the comparison is to be negated. */
  readonly isNegated: boolean;
}

/** In the order of trying: longer before shorter where one begins with the other. */
const spellings: readonly (readonly [string, ComparisonOperator])[] = [
  ['strict wildcard', 'strict wildcard'],
  ['eq', 'eq'],
  ['==', 'eq'],
  ['ne', 'ne'],
  ['!=', 'ne'],
  ['le', 'le'],
  ['<=', 'le'],
  ['lt', 'lt'],
  ['<', 'lt'],
  ['ge', 'ge'],
  ['>=', 'ge'],
  ['gt', 'gt'],
  ['>', 'gt'],
  ['contains', 'contains'],
  ['wildcard', 'wildcard'],
  ['matches', 'matches'],
  ['~', 'matches'],
  ['in', 'in'],
  ['bitwise_and', 'bitwise_and'],
  ['&', 'bitwise_and'],
];

/** Operators of other languages. `negated` ones mean the opposite of the operator named. */
const foreignWords = new Map<string, { readonly operator: ComparisonOperator; readonly isNegated?: true }>([
  ['equals', { operator: 'eq' }],
  ['equal', { operator: 'eq' }],
  ['is', { operator: 'eq' }],
  ['like', { operator: 'wildcard' }],
  ['match', { operator: 'matches' }],
  ['regex', { operator: 'matches' }],
  ['rlike', { operator: 'matches' }],
  ['contain', { operator: 'contains' }],
  ['includes', { operator: 'contains' }],
  ['has', { operator: 'contains' }],
  ['nin', { operator: 'in', isNegated: true }],
  ['notin', { operator: 'in', isNegated: true }],
  ['not_in', { operator: 'in', isNegated: true }],
]);

const foreignSigns: readonly (readonly [string, ComparisonOperator, boolean])[] = [
  ['===', 'eq', false],
  ['!==', 'ne', false],
  ['=~', 'matches', false],
  ['!~', 'matches', true],
  ['<>', 'ne', false],
  ['=>', 'ge', false],
  ['=<', 'le', false],
];

/** Reads a comparison operator; null, without moving, when there is none. */
export function readOperator(cursor: ExpressionCursor): FoundOperator | null {
  return readForeignSign(cursor) ?? readForeignWord(cursor) ?? readPlainOperator(cursor);
}

function readPlainOperator(cursor: ExpressionCursor): FoundOperator | null {
  const start = cursor.at;
  if (cursor.looksAt('&&')) {
    return null;
  }
  for (const [spelling, operator] of spellings) {
    if (cursor.take(spelling)) {
      return { operator, span: cursor.from(start), isNegated: false };
    }
  }
  if (cursor.peek() === '=') {
    cursor.skip(1);
    return reportForeign(cursor, start, { operator: 'eq', isNegated: false });
  }
  return null;
}

function readForeignSign(cursor: ExpressionCursor): FoundOperator | null {
  const start = cursor.at;
  for (const [sign, operator, isNegated] of foreignSigns) {
    if (cursor.take(sign)) {
      return reportForeign(cursor, start, { operator, isNegated });
    }
  }
  return null;
}

const isWordCharacter = oneOf(/[A-Za-z_]/u);

function peekLetters(cursor: ExpressionCursor): string {
  return cursor.peekRun(isWordCharacter, 24);
}

function readForeignWord(cursor: ExpressionCursor): FoundOperator | null {
  const start = cursor.at;
  const word = peekLetters(cursor);
  if (word.toLowerCase() === 'not') {
    return readNegated(cursor, start, word.length);
  }
  const foreign = foreignWords.get(word.toLowerCase());
  if (foreign !== undefined) {
    cursor.skip(word.length);
    return reportForeign(cursor, start, {
      operator: foreign.operator,
      isNegated: foreign.isNegated ?? false,
    });
  }
  const plain = spellings.find(([spelling]) => spelling === word.toLowerCase());
  if (plain === undefined || word === plain[0]) {
    return null;
  }
  cursor.skip(word.length);
  reportCapitals(cursor, start, word);
  return { operator: plain[1], span: cursor.from(start), isNegated: false };
}

/** `x not in {…}`: the most common mistake of all. */
function readNegated(cursor: ExpressionCursor, start: number, length: number): FoundOperator | null {
  let ahead = length;
  while (cursor.peek(ahead) === ' ') {
    ahead += 1;
  }
  const rest = spellings.find(([spelling]) => cursor.text.startsWith(spelling, cursor.at + ahead));
  if (rest === undefined) {
    return null;
  }
  cursor.skip(ahead + rest[0].length);
  const span = cursor.from(start);
  cursor.report(
    {
      code: 'not-before-operator',
      category: 'syntax',
      message: '"not" cannot stand before an operator, only before the whole comparison',
      suggestion: `not FIELD ${rest[1]} …`,
    },
    span,
  );
  return { operator: rest[1], span, isNegated: true };
}

function reportForeign(
  cursor: ExpressionCursor,
  start: number,
  meant: { readonly operator: ComparisonOperator; readonly isNegated: boolean },
): FoundOperator {
  const span = cursor.from(start);
  cursor.report(
    {
      code: 'foreign-operator',
      category: 'syntax',
      message: `${cursor.text.slice(span.start, span.end)} is not an operator of the language`,
      suggestion: meant.isNegated ? `not FIELD ${meant.operator} …` : meant.operator,
    },
    span,
  );
  return { operator: meant.operator, span, isNegated: meant.isNegated };
}

export function reportCapitals(cursor: ExpressionCursor, start: number, word: string): void {
  cursor.report(
    {
      code: 'capital-letters',
      category: 'syntax',
      message: `${word}: everything outside quotes is lower-case`,
      suggestion: word.toLowerCase(),
    },
    { start, end: start + word.length },
  );
}

const logicalSpellings: readonly (readonly [string, LogicalOperator])[] = [
  ['and', 'and'],
  ['&&', 'and'],
  ['xor', 'xor'],
  ['^^', 'xor'],
  ['or', 'or'],
  ['||', 'or'],
];

export interface FoundLogical {
  readonly operator: LogicalOperator;
  readonly length: number;
  /** As written, when that was with capitals. */
  readonly capitals: string | null;
}

/** The logical operator at the cursor, without moving; null when there is none. */
export function peekLogical(cursor: ExpressionCursor): FoundLogical | null {
  for (const [spelling, operator] of logicalSpellings) {
    if (cursor.looksAt(spelling)) {
      return { operator, length: spelling.length, capitals: null };
    }
  }
  if (!isWordCharacter(cursor.peek())) {
    return null;
  }
  const word = peekLetters(cursor);
  const plain = logicalSpellings.find(([spelling]) => spelling === word.toLowerCase());
  return plain === undefined ? null : { operator: plain[1], length: word.length, capitals: word };
}
