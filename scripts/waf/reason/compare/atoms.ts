/**
 * Tests of an expression as literals: statements about one thing each, elements of arrays, lists. Whatever is not of a
 * known form is a flag that is only equal to itself.
 */
import type { Expression, ValueNode } from '../../language/ast.ts';
import { isValue } from '../../language/walk.ts';
import { mayBeMissing, statementOf, unfold } from './statement.ts';
import type { LogicStatement, AtomTest } from './statement.ts';
import { onlySource, termKey, testKey, testOfSource } from './terms.ts';
import { textsIn } from './test-texts.ts';
import { onParts } from './uri-parts.ts';

export type SignedAtom =
  | {
      readonly kind: 'statement';
      readonly of: readonly LogicStatement[];
      /** What follows and says less: it is not denied with the statement. */
      readonly implied: readonly LogicStatement[];
    }
  | {
      readonly kind: 'flag';
      readonly name: string;
      readonly holds: boolean;
      readonly value: ValueNode | null;
    }
  | { readonly kind: 'list'; readonly name: string; readonly list: string; readonly holds: boolean }
  /** Some element is as stated, or (`exists` false) none is. */
  | {
      readonly kind: 'element';
      readonly array: string;
      readonly value: ValueNode;
      readonly exists: boolean;
      readonly statement: LogicStatement;
    };

/** The opposite of a literal. A statement about a thing and its source is denied as a whole, see `deny`. */
export function negated(literal: SignedAtom): SignedAtom {
  switch (literal.kind) {
    case 'statement':
      return { ...literal, of: literal.of.map(deny), implied: [] };
    case 'flag':
    case 'list':
      return { ...literal, holds: !literal.holds };
    case 'element':
      return { ...literal, exists: !literal.exists };
  }
}

/** Statements after the first follow from it and are about values that are there; a missing one is left open. */
function deny(given: LogicStatement, index: number): LogicStatement {
  return {
    ...given,
    inside: !given.inside,
    whenMissing: index > 0 || !given.whenMissing,
  };
}

/** Reads a test; `missingNotEqual` as in the settings of evaluation. */
export function readTest(test: AtomTest, missingNotEqual: boolean): SignedAtom {
  const quantified = test.kind === 'truth' ? readQuantifier(test.value, missingNotEqual) : null;
  return quantified ?? readPlain(test, missingNotEqual);
}

function readPlain(test: AtomTest, missingNotEqual: boolean): SignedAtom {
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
  const { same, implied } = onParts(statement);
  return {
    kind: 'statement',
    of: [statement, ...(derived === null ? [] : [derived]), ...same],
    implied,
  };
}

/** What a test of a function says about the field that the function is of. */
function derivedStatement(
  test: AtomTest,
  statement: LogicStatement,
  missingNotEqual: boolean,
): LogicStatement | null {
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

/** any() and all() of one test of the elements of one array; null for anything wider. */
function readQuantifier(value: ValueNode, missingNotEqual: boolean): SignedAtom | null {
  const [argument] = value.kind === 'call' ? value.args : [];
  if (argument?.kind !== 'test') {
    return null;
  }
  const { test, isDenied } = withoutNot(argument.test);
  const isTest = test.kind === 'comparison' || test.kind === 'truth';
  const found = isTest ? elementTest(test, missingNotEqual) : null;
  if (found === null) {
    return null;
  }
  const isAll = value.name === 'all';
  const { array, statement } = found;
  return {
    kind: 'element',
    array: termKey(array),
    value: array,
    exists: !isAll,
    statement: isDenied === isAll ? statement : { ...statement, inside: !statement.inside },
  };
}

function withoutNot(given: Expression): { readonly test: Expression; readonly isDenied: boolean } {
  let test = given;
  let isDenied = false;
  while (test.kind === 'group' || test.kind === 'not') {
    isDenied = isDenied !== (test.kind === 'not');
    test = test.kind === 'group' ? test.inner : test.operand;
  }
  return { test, isDenied };
}

interface ElementTest {
  readonly array: ValueNode;
  readonly statement: LogicStatement;
}

/** The test as one of a value that is there, and the array whose elements it is made of. */
function elementTest(test: AtomTest, missingNotEqual: boolean): ElementTest | null {
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

function withOneElement(test: AtomTest, single: ValueNode): AtomTest {
  if (test.kind === 'comparison') {
    return { ...test, left: single };
  }
  const { value } = test;
  return value.kind === 'call'
    ? { ...test, value: { ...value, args: [single, ...value.args.slice(1)] } }
    : test;
}

function affixSubject(value: ValueNode): ValueNode | null {
  if (value.kind !== 'call' || (value.name !== 'starts_with' && value.name !== 'ends_with')) {
    return null;
  }
  const [subject] = value.args;
  return subject !== undefined && isValue(subject) ? subject : null;
}
