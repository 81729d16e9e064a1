/**
 * Says in plain words what an expression means, for people who decide about a change without writing expressions. The
 * reading follows the tree; where documentation and engine differ about a missing value, a note says so.
 */
import type {
  Argument,
  ComparisonNode,
  ComparisonOperator,
  Expression,
  SetElement,
  ValueNode,
} from '../language/ast.ts';
import { checkFilter, checkValueExpression } from './check.ts';
import type { ExpressionContext } from './check.ts';
import type { LanguageDiagnostic } from '../language/diagnostics.ts';
import { unreachable } from '../language/exhaustive.ts';
import { namesOn } from './names.ts';
import { parseValueExpression } from '../language/parser.ts';
import { printArgument, printElement, printExpression, printValue } from '../language/print.ts';
import { fieldFact, functionFact, isAlwaysPresent, managedListPlan, plans } from '../language/tables.ts';
import type { CloudflarePlan } from '../language/tables.ts';
import { typeName } from '../language/value-type.ts';
import { ReadExpression } from './read-expression.ts';
import { isValue, walkExpression, walkValue } from '../language/walk.ts';
import type { NodeVisitor } from '../language/walk.ts';

interface ExplainedField {
  readonly name: string;
  /** In words; `unknown` for a field that is not in the tables. */
  readonly type: string;
  readonly plan: CloudflarePlan | 'unknown';
}

export interface Explanation {
  /** Lines of the reading, indented by two blanks per level. */
  readonly reading: readonly string[];
  readonly fields: readonly ExplainedField[];
  readonly lists: readonly string[];
  /** Lowest plan that has everything used here, as far as it is known. */
  readonly plan: CloudflarePlan;
  /** What asks for that plan; empty for `free`. */
  readonly planReasons: readonly string[];
  /** Always true, always false, or null. */
  readonly constant: boolean | null;
  /** What a reader should know besides, such as how a missing value is read. */
  readonly notes: readonly string[];
  readonly diagnostics: readonly LanguageDiagnostic[];
  /** What a value expression gives, in words; null for a filter. */
  readonly gives: string | null;
}

/** Explains a value expression (rewrite, redirect target, header value). Never throws. */
export function explainValue(text: string, context: ExpressionContext = {}): Explanation {
  const parsed = parseValueExpression(text);
  const { value } = parsed;
  const walk = (visitor: NodeVisitor): void => {
    if (value !== null) {
      walkValue(value, visitor);
    }
  };
  return {
    reading: [value === null ? 'something that could not be read' : `the value of ${printValue(value)}`],
    ...namesAndPlan(walk, context),
    constant: null,
    notes: [],
    diagnostics: checkValueExpression(parsed, context),
    gives: value === null ? 'unknown' : typeName(value.type),
  };
}

/** Explains a filter expression; for text with errors the reading covers what could be understood. Never throws. */
export function explainFilter(text: string, context: ExpressionContext = {}): Explanation {
  const read = new ReadExpression(text);
  const { parsed } = read;
  const { expression } = parsed;
  return {
    reading: readingOf(expression, 0),
    ...namesAndPlan((visitor) => walkExpression(expression, visitor), context),
    constant: read.constant,
    notes: notesOf(expression),
    diagnostics: checkFilter(parsed, context),
    gives: null,
  };
}

type Walk = (visitor: NodeVisitor) => void;

function namesAndPlan(
  walk: Walk,
  { phase }: ExpressionContext,
): Pick<Explanation, 'fields' | 'lists' | 'plan' | 'planReasons'> {
  const { fields, lists } = namesOn(walk);
  const needs = planNeeds(walk, phase);
  const rank = Math.max(0, ...needs.map((need) => plans.indexOf(need.plan)));
  return {
    fields: fields.map((name) => explainField(name, phase)),
    lists,
    plan: plans[rank] ?? 'free',
    planReasons: needs
      .filter((need) => rank > 0 && plans.indexOf(need.plan) === rank)
      .map((need) => need.what),
  };
}

function explainField(name: string, phase: string | undefined): ExplainedField {
  const fact = fieldFact(name, phase);
  return fact === undefined
    ? { name, type: 'unknown', plan: 'unknown' }
    : { name, type: typeName(fact.type), plan: fact.plan };
}

interface PlanNeed {
  readonly what: string;
  readonly plan: CloudflarePlan;
}

function planNeeds(walk: Walk, phase: string | undefined): readonly PlanNeed[] {
  const needs = new Map<string, CloudflarePlan>();
  walk({
    value: (value) => {
      const fact = value.kind === 'field' ? fieldFact(value.name, phase) : functionFact(value.name);
      if (fact !== undefined) {
        needs.set(value.kind === 'field' ? value.name : `${value.name}()`, fact.plan);
      }
    },
    comparison: ({ operator, right }) => {
      if (operator === 'matches') {
        needs.set('matches', 'business');
      }
      if (right.kind === 'list' && right.name.startsWith('cf.')) {
        needs.set(`the managed list $${right.name}`, managedListPlan);
      }
    },
  });
  return [...needs].map(([what, plan]) => ({ what, plan }));
}

/** One test, or a whole expression, in words on one line. */
export function testInWords(expression: Expression): string {
  return readingOf(expression, 0)
    .map((line) => line.trim())
    .join(' ');
}

function indent(depth: number, text: string): string {
  return `${'  '.repeat(depth)}${text}`;
}

const headings = {
  and: 'all of these hold:',
  or: 'at least one of these holds:',
  xor: 'an odd number of these holds (of two: exactly one):',
} as const;

function readingOf(expression: Expression, depth: number): readonly string[] {
  switch (expression.kind) {
    case 'logical':
      return [
        indent(depth, headings[expression.operator]),
        ...expression.operands.flatMap((operand) => readingOf(operand, depth + 1)),
      ];
    case 'not':
      return negated(expression.operand, depth);
    case 'group':
      return readingOf(expression.inner, depth);
    case 'comparison':
      return [indent(depth, comparisonInWords(expression))];
    case 'truth':
      return [indent(depth, truthInWords(expression.value))];
    case 'constant':
      return [indent(depth, expression.value ? 'always' : 'never')];
    case 'invalid':
      return [indent(depth, 'something that could not be read')];
    default:
      return unreachable(expression);
  }
}

function negated(operand: Expression, depth: number): readonly string[] {
  const [first = '', ...rest] = readingOf(operand, depth);
  return rest.length === 0
    ? [indent(depth, `not: ${first.trimStart()}`)]
    : [indent(depth, `it is not so that ${first.trimStart()}`), ...rest];
}

const words: Readonly<Record<ComparisonOperator, string>> = {
  eq: 'is',
  ne: 'is not',
  lt: 'is less than',
  le: 'is at most',
  gt: 'is more than',
  ge: 'is at least',
  contains: 'contains',
  wildcard: 'as a whole fits the pattern',
  'strict wildcard': 'as a whole, with its letter case, fits the pattern',
  matches: 'has a part that matches the regular expression',
  in: 'is',
  bitwise_and: 'has one of the bits of',
};

function comparisonInWords({ left, operator, right }: ComparisonNode): string {
  return `${valueInWords(left)} ${words[operator]} ${rightInWords(right)}`;
}

function rightInWords(right: ComparisonNode['right']): string {
  switch (right.kind) {
    case 'set':
      return setInWords(right.elements);
    case 'list':
      return `in the list $${right.name}`;
    case 'field':
    case 'call':
      return valueInWords(right);
    case 'string':
    case 'int':
    case 'ip':
      return printElement(right);
    default:
      return unreachable(right);
  }
}

function setInWords(elements: readonly SetElement[]): string {
  const printed = elements.map(printElement);
  return printed.length === 0 ? 'one of nothing, which is never so' : `one of ${printed.join(', ')}`;
}

function valueInWords(value: ValueNode): string {
  if (!value.spread) {
    return printValue(value);
  }
  return `an element of ${printValue(value).replaceAll('[*]', '')}`;
}

function truthInWords(value: ValueNode): string {
  if (value.kind === 'field') {
    return `${printValue(value)} is true`;
  }
  const [first, second] = value.args;
  if (first?.kind === 'test') {
    const test = testInWords(first.test);
    return value.name === 'all'
      ? `for every element (also when there is none): ${test}`
      : `for at least one element: ${test}`;
  }
  const form = first !== undefined && second !== undefined ? callForms[value.name] : undefined;
  return form === undefined || first === undefined || second === undefined
    ? `${printValue(value)} is true`
    : `${argumentInWords(first)} ${form} ${printArgument(second)}`;
}

const callForms: Readonly<Record<string, string>> = {
  starts_with: 'starts with',
  ends_with: 'ends with',
  has_key: 'has the key',
  has_value: 'has the value',
};

function argumentInWords(argument: Argument): string {
  return isValue(argument) ? valueInWords(argument) : printArgument(argument);
}

function notesOf(expression: Expression): readonly string[] {
  const notes = new Set<string>();
  walkExpression(expression, {
    comparison: (comparison) => {
      const { left, operator } = comparison;
      if (operator === 'ne' && !left.spread && left.accessors.length > 0 && !isAlwaysPresent(left)) {
        notes.add(
          `${printExpression(comparison)}: when ${printValue(left)} is absent, the documentation says this is false, the open engine says true`,
        );
      }
      if (operator === 'contains' || operator === 'eq') {
        addCaseNote(comparison, notes);
      }
    },
    value: (value) => {
      if (value.kind === 'call' && value.name === 'all') {
        notes.add(`${printValue(value).slice(0, 120)}: true when there is no element at all`);
      }
    },
  });
  return [...notes];
}

function addCaseNote({ left, right }: ComparisonNode, notes: Set<string>): void {
  const lowers = left.kind === 'call' && (left.name === 'lower' || left.name === 'upper');
  const wrong = left.kind === 'call' && left.name === 'lower' ? /[A-Z]/u : /[a-z]/u;
  if (lowers && right.kind === 'string' && wrong.test(right.bytes)) {
    notes.add(
      `${printValue(left)} never has letters like those in ${printElement(right)}: this is never true`,
    );
  }
}
