/**
 * Tests of an expression as statements about one thing each: which values it may have, and what a missing value gives.
 * Whatever is not of a known form is a flag that is only equal to itself.
 */
import type { Comparison, Expression, SetElement, Value } from '../ast.ts';
import { isAlwaysPresent } from '../constraints.ts';
import type { RuntimeValue } from '../runtime.ts';
import { isValue } from '../walk.ts';
import { readWildcard } from '../wildcard.ts';
import { exactly, globOf } from './globs.ts';
import type { Glob } from './globs.ts';
import { complement, everyNumber, intervalsOf } from './intervals.ts';
import type { Intervals } from './intervals.ts';
import { literalRegex } from './literal-regex.ts';
import { onlySource, termKey, testKey, testOfSource } from './terms.ts';
import { textsIn } from './test-texts.ts';

export interface TextSet {
  readonly exact: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

/** The values for which a test holds. */
export type Domain =
  | { readonly kind: 'text'; readonly texts: TextSet }
  | { readonly kind: 'number'; readonly of: 'int' | 'length'; readonly numbers: Intervals }
  | { readonly kind: 'address'; readonly ip4: Intervals; readonly ip6: Intervals }
  /** Known by name only; `holdsFor` tells it of one value, where that can be told. */
  | {
      readonly kind: 'named';
      readonly name: string;
      readonly holdsFor: (value: RuntimeValue) => boolean | null;
      /** Texts that a value could be, to try. */
      readonly samples: readonly string[];
    };

/** A statement about the value of one thing. */
export interface Statement {
  /** Equal for the same thing. */
  readonly subject: string;
  readonly value: Value;
  readonly domain: Domain;
  /** Whether the value is in the domain, or is not. */
  readonly inside: boolean;
  /** Whether a missing value makes it hold. */
  readonly whenMissing: boolean;
  readonly mayBeMissing: boolean;
}

export type Literal =
  | { readonly kind: 'statement'; readonly of: readonly Statement[] }
  | { readonly kind: 'flag'; readonly name: string; readonly holds: boolean; readonly value: Value | null }
  | { readonly kind: 'list'; readonly name: string; readonly list: string; readonly holds: boolean }
  /** Some element is as stated, or (`exists` false) none is. */
  | {
      readonly kind: 'element';
      readonly array: string;
      readonly value: Value;
      readonly exists: boolean;
      readonly statement: Statement;
    };

/** The opposite of a literal. A statement about a thing and its source is denied as a whole, see `deny`. */
export function negated(literal: Literal): Literal {
  switch (literal.kind) {
    case 'statement':
      return { ...literal, of: literal.of.map(deny) };
    case 'flag':
    case 'list':
      return { ...literal, holds: !literal.holds };
    case 'element':
      return { ...literal, exists: !literal.exists };
  }
}

/** Statements after the first follow from it and are about values that are there; a missing one is left open. */
function deny(statement: Statement, index: number): Statement {
  return {
    ...statement,
    inside: !statement.inside,
    whenMissing: index > 0 || !statement.whenMissing,
  };
}

type Test = Expression & { readonly kind: 'comparison' | 'truth' };

/** Reads a test; `missingNotEqual` as in the settings of evaluation. */
export function readTest(test: Test, missingNotEqual: boolean): Literal {
  const quantified = test.kind === 'truth' ? readQuantifier(test.value, missingNotEqual) : null;
  return quantified ?? readPlain(test, missingNotEqual);
}

function readPlain(test: Test, missingNotEqual: boolean): Literal {
  if (test.kind === 'comparison' && test.right.kind === 'list') {
    return { kind: 'list', name: testKey(test), list: test.right.name, holds: true };
  }
  const statement = statementOf(test, missingNotEqual);
  if (statement === null) {
    return {
      kind: 'flag',
      name: testKey(test),
      holds: true,
      value: test.kind === 'truth' ? test.value : null,
    };
  }
  const derived = derivedStatement(test, statement, missingNotEqual);
  return { kind: 'statement', of: derived === null ? [statement] : [statement, derived] };
}

/** What a test of a function says about the field that the function is of. */
function derivedStatement(test: Test, statement: Statement, missingNotEqual: boolean): Statement | null {
  const source = onlySource(statement.value);
  if (source === null || termKey(source) === statement.subject) {
    return null;
  }
  return {
    subject: termKey(source),
    value: source,
    domain: {
      kind: 'named',
      name: testKey(test),
      holdsFor: testOfSource(test, termKey(source), missingNotEqual),
      samples: textsIn(test),
    },
    inside: true,
    whenMissing: true,
    mayBeMissing: mayBeMissing(source),
  };
}

/** lower(), upper() and len() have a value whenever their argument has. */
function mayBeMissing(value: Value): boolean {
  if (value.kind === 'call' && value.accessors.length === 0 && ['lower', 'upper', 'len'].includes(value.name)) {
    const [inner] = value.args;
    return inner === undefined || !isValue(inner) || mayBeMissing(inner);
  }
  return !isAlwaysPresent(value);
}

function statementOf(test: Test, missingNotEqual: boolean): Statement | null {
  return test.kind === 'comparison' ? ofComparison(test, missingNotEqual) : ofAffix(test.value);
}

function ofComparison(comparison: Comparison, missingNotEqual: boolean): Statement | null {
  const { left, operator, right } = comparison;
  if (left.spread || isValue(right) || right.kind === 'list') {
    return null;
  }
  const elements = right.kind === 'set' ? right.elements : [right];
  const isNe = operator === 'ne';
  const found = aboutText(comparison, elements) ?? aboutNumber(comparison, elements) ?? aboutAddress(comparison, elements) ?? named(comparison);
  return found === null
    ? null
    : { ...found, inside: found.inside !== isNe, whenMissing: isNe && missingNotEqual };
}

function statement(value: Value, domain: Domain, inside = true): Statement {
  return {
    subject: termKey(value),
    value,
    domain,
    inside,
    whenMissing: false,
    mayBeMissing: mayBeMissing(value),
  };
}

/** A test of another form about a value of a known type: it goes with the others about that value. */
function named(comparison: Comparison): Statement | null {
  const { left } = comparison;
  if (!['string', 'int', 'ip'].includes(left.type.kind) || comparison.operator === 'ne') {
    return null;
  }
  const source = termKey(left);
  const holdsFor = left.kind === 'field' ? testOfSource(comparison, source, false) : (): null => null;
  return statement(left, { kind: 'named', name: testKey(comparison), holdsFor, samples: textsIn(comparison) });
}

interface Folded {
  readonly value: Value;
  readonly letters: 'lower' | 'upper' | null;
}

/** The value inside lower() or upper(). */
function unfold(value: Value): Folded {
  if (value.kind === 'call' && (value.name === 'lower' || value.name === 'upper')) {
    const [inner] = value.args;
    const isWhole = value.accessors.every(({ kind }, index) => kind === 'each' && index === 0);
    if (isWhole && inner !== undefined && isValue(inner)) {
      return { value: inner, letters: value.name };
    }
  }
  return { value, letters: null };
}

function aboutText({ left, operator }: Comparison, elements: readonly SetElement[]): Statement | null {
  if (left.type.kind !== 'string') {
    return null;
  }
  const texts: string[] = [];
  for (const element of elements) {
    if (element.kind !== 'string') {
      return null;
    }
    texts.push(element.bytes);
  }
  const { value, letters } = unfold(left);
  const globs = texts.map((text) => globsOf(operator, text));
  if (!globs.every((found) => found !== null) || (letters !== null && operator === 'matches')) {
    return null;
  }
  return statement(value, { kind: 'text', texts: textSet(globs.flat(), letters) });
}

function globsOf(operator: Comparison['operator'], text: string): readonly Glob[] | null {
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'in':
      return [exactly(text)];
    case 'contains':
      return [globOf(['', text, ''], false)];
    case 'wildcard':
    case 'strict wildcard': {
      const { parts } = readWildcard(text);
      return [globOf(parts, operator === 'wildcard')];
    }
    case 'matches':
      return literalRegex(text);
    default:
      return null;
  }
}

/** A text that lower() or upper() can give stands for all spellings of it; any other for none. */
function textSet(globs: readonly Glob[], letters: 'lower' | 'upper' | null): TextSet {
  const never = letters === 'lower' ? /[A-Z]/u : /[a-z]/u;
  const folded =
    letters === null
      ? globs
      : globs
          .filter((glob) => glob.anyCase || !glob.parts.some((part) => never.test(part)))
          .map((glob) => globOf(glob.parts, true));
  const plain = folded.filter(({ parts, anyCase }) => parts.length === 1 && !anyCase);
  return {
    exact: new Set(plain.map(({ parts }) => parts[0] ?? '')),
    globs: folded.filter((glob) => !plain.includes(glob)),
  };
}

function ofAffix(value: Value): Statement | null {
  if (value.kind !== 'call' || (value.name !== 'starts_with' && value.name !== 'ends_with')) {
    return null;
  }
  const [subject, literal] = value.args;
  if (
    subject === undefined ||
    !isValue(subject) ||
    literal?.kind !== 'string' ||
    subject.type.kind !== 'string' ||
    subject.spread
  ) {
    return null;
  }
  const parts = value.name === 'starts_with' ? [literal.bytes, ''] : ['', literal.bytes];
  const { value: inner, letters } = unfold(subject);
  return statement(inner, { kind: 'text', texts: textSet([globOf(parts, false)], letters) });
}

function aboutNumber({ left, operator }: Comparison, elements: readonly SetElement[]): Statement | null {
  if (left.type.kind !== 'int') {
    return null;
  }
  const numbers = numbersOf(operator, elements);
  if (numbers === null) {
    return null;
  }
  const measured = measuredText(left);
  if (measured !== null) {
    const isEmpty = isOnly(numbers, 0n);
    const rest = complement('length', numbers.filter(({ to }) => to >= 0n));
    if (isEmpty || isOnly(rest, 0n)) {
      return statement(measured, { kind: 'text', texts: { exact: new Set(['']), globs: [] } }, isEmpty);
    }
    return statement(left, { kind: 'number', of: 'length', numbers });
  }
  return statement(left, { kind: 'number', of: 'int', numbers });
}

function isOnly(numbers: Intervals, wanted: bigint): boolean {
  const [first, ...rest] = numbers;
  return rest.length === 0 && first !== undefined && first.from === wanted && first.to === wanted;
}

/** The text that a length is of; null for lengths of arrays and for other numbers. */
function measuredText(value: Value): Value | null {
  if (value.kind !== 'call' || value.name !== 'len' || value.accessors.length > 0) {
    return null;
  }
  const [inner] = value.args;
  return inner !== undefined && isValue(inner) && inner.type.kind === 'string' && !inner.spread ? inner : null;
}

function numbersOf(operator: Comparison['operator'], elements: readonly SetElement[]): Intervals | null {
  if (operator === 'eq' || operator === 'ne' || operator === 'in') {
    return intervalsOf('int', elements);
  }
  const [bound] = elements;
  if (bound?.kind !== 'int') {
    return null;
  }
  const { from, to } = everyNumber.int;
  switch (operator) {
    case 'lt':
      return bound.value > from ? [{ from, to: bound.value - 1n }] : [];
    case 'le':
      return [{ from, to: bound.value }];
    case 'gt':
      return bound.value < to ? [{ from: bound.value + 1n, to }] : [];
    case 'ge':
      return [{ from: bound.value, to }];
    default:
      return null;
  }
}

function aboutAddress({ left, operator }: Comparison, elements: readonly SetElement[]): Statement | null {
  if (left.type.kind !== 'ip' || !['eq', 'ne', 'in'].includes(operator)) {
    return null;
  }
  return statement(left, {
    kind: 'address',
    ip4: intervalsOf('ip4', elements),
    ip6: intervalsOf('ip6', elements),
  });
}

/** any() and all() of one test of the elements of one array; null for anything wider. */
function readQuantifier(value: Value, missingNotEqual: boolean): Literal | null {
  if (value.kind !== 'call' || (value.name !== 'any' && value.name !== 'all')) {
    return null;
  }
  const [argument] = value.args;
  if (argument?.kind !== 'test') {
    return null;
  }
  let test = argument.test;
  let isDenied = false;
  while (test.kind === 'group' || test.kind === 'not') {
    isDenied = isDenied !== (test.kind === 'not');
    test = test.kind === 'group' ? test.inner : test.operand;
  }
  const found = test.kind === 'comparison' || test.kind === 'truth' ? elementTest(test, missingNotEqual) : null;
  if (found === null) {
    return null;
  }
  const isAll = value.name === 'all';
  const statementOfElement = isDenied === isAll ? found.statement : { ...found.statement, inside: !found.statement.inside };
  return {
    kind: 'element',
    array: termKey(found.array),
    value: found.array,
    exists: !isAll,
    statement: statementOfElement,
  };
}

interface ElementTest {
  readonly array: Value;
  readonly statement: Statement;
}

/** The test as one of a value that is there, and the array whose elements it is made of. */
function elementTest(test: Test, missingNotEqual: boolean): ElementTest | null {
  const tested = test.kind === 'comparison' ? test.left : affixSubject(test.value);
  if (tested === null || !tested.spread || !['string', 'int', 'ip'].includes(tested.type.kind)) {
    return null;
  }
  const { value: array } = unfold(tested);
  const found = statementOf(withOneElement(test, { ...tested, spread: false }), missingNotEqual);
  return found === null
    ? null
    : { array, statement: { ...found, whenMissing: false, mayBeMissing: false, subject: 'element' } };
}

function withOneElement(test: Test, single: Value): Test {
  if (test.kind === 'comparison') {
    return { ...test, left: single };
  }
  const { value } = test;
  return value.kind === 'call' ? { ...test, value: { ...value, args: [single, ...value.args.slice(1)] } } : test;
}

function affixSubject(value: Value): Value | null {
  if (value.kind !== 'call' || (value.name !== 'starts_with' && value.name !== 'ends_with')) {
    return null;
  }
  const [subject] = value.args;
  return subject !== undefined && isValue(subject) ? subject : null;
}

