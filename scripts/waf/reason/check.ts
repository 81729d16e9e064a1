/**
 * Checks what a parsed text means: names, types, arguments, and what phase, plan and date allow. A name that the tables
 * do not know is a warning, "cannot evaluate", and everything round it is still checked.
 */
import { unreachable } from '../language/exhaustive.ts';
import type {
  CallValue,
  ComparisonNode,
  ComparisonOperator,
  Expression,
  TextSpan,
  ValueNode,
} from '../language/ast.ts';
import { checkArguments } from './check-calls.ts';
import { checkFieldContext, checkFunctionContext, checkOperatorContext } from './check-context.ts';
import type { ExpressionContext } from './check-context.ts';
import { checkPattern } from './check-patterns.ts';
import { DiagnosticLog } from '../language/diagnostics.ts';
import type { LanguageDiagnostic } from '../language/diagnostics.ts';
import type { ParsedFilter, ParsedValue } from '../language/parser.ts';
import { closestName } from '../language/suggest.ts';
import { allFields, allFunctions, fieldFact, functionFact } from '../language/tables.ts';
import { typeFits, typeName } from '../language/value-type.ts';
import type { ValueType } from '../language/value-type.ts';
import { isValue, walkExpression, walkValue } from '../language/walk.ts';
import type { NodeVisitor } from '../language/walk.ts';

export type { ExpressionContext } from './check-context.ts';

interface TypeCheck {
  readonly log: DiagnosticLog;
  readonly text: string;
  readonly context: ExpressionContext;
}

/** All findings of a filter, those of the parser included, in the order of the text. */
export function checkFilter(
  parsed: ParsedFilter,
  context: ExpressionContext = {},
): readonly LanguageDiagnostic[] {
  const check: TypeCheck = { log: new DiagnosticLog(parsed.text), text: parsed.text, context };
  walkExpression(parsed.expression, visitorFor(check));
  if (testShape(parsed.expression, check) === 'many') {
    reportSpread(check, parsed.expression.span);
  }
  checkLoneConstants(parsed.expression, check);
  return merge(parsed.diagnostics, check.log.sorted());
}

/** All findings of a value expression, whose result must be one text. */
export function checkValueExpression(
  parsed: ParsedValue,
  context: ExpressionContext = {},
): readonly LanguageDiagnostic[] {
  const check: TypeCheck = { log: new DiagnosticLog(parsed.text), text: parsed.text, context };
  if (parsed.value !== null) {
    walkValue(parsed.value, visitorFor(check));
    checkIsText(check, parsed.value);
  }
  return merge(parsed.diagnostics, check.log.sorted());
}

/** Rewrites, redirects and headers take texts. Cloudflare documentation, Rules language, functions, `to_string`. */
function checkIsText(check: TypeCheck, value: ValueNode): void {
  const { type, spread } = value;
  if ((type.kind === 'string' || type.kind === 'unknown') && !spread) {
    return;
  }
  const written = check.text.slice(value.span.start, value.span.end).slice(0, 80);
  const form = suggestedText(type, written.replaceAll('[*]', ''));
  check.log.add(
    {
      code: 'value-type',
      category: 'type',
      message: spread
        ? 'this gives one value per element; one String is needed'
        : `its type is ${typeName(type)}; a String is needed`,
      ...(form === null ? {} : { suggestion: form }),
    },
    value.span,
  );
}

function suggestedText(type: ValueType, written: string): string | null {
  if (type.kind === 'int' || type.kind === 'ip' || type.kind === 'bool') {
    return `to_string(${written})`;
  }
  return type.kind === 'array' && type.of.kind === 'string' ? `join(${written}, ",")` : null;
}

function merge(
  a: readonly LanguageDiagnostic[],
  b: readonly LanguageDiagnostic[],
): readonly LanguageDiagnostic[] {
  return [...a, ...b].toSorted((x, y) => x.span.start - y.span.start);
}

function visitorFor(check: TypeCheck): NodeVisitor {
  return {
    value: (value) => {
      if (value.kind === 'field') {
        checkFieldName(check, value.name, value.span);
      } else {
        checkFunctionName(check, value.name, value.nameSpan);
        checkArguments(check.log, check.text, value);
        checkQuantifierTest(check, value);
      }
    },
    comparison: (comparison) => {
      checkComparison(check, comparison);
    },
    expression: (expression) => {
      if (expression.kind === 'logical') {
        checkShapes(check, expression.operands);
      }
    },
  };
}

function checkFieldName(check: TypeCheck, name: string, span: TextSpan): void {
  const fact = fieldFact(name, check.context.phase);
  if (fact === undefined) {
    const meant = check.log.isFull ? null : (formerNames.get(name) ?? closestName(name, fieldNames()));
    check.log.add(
      {
        code: 'unknown-field',
        category: 'unknown-name',
        severity: 'error',
        message: `${name.slice(0, 80)} is not a field known here: Cloudflare refuses a name it does not know`,
        ...(meant === null ? {} : { suggestion: meant }),
      },
      span,
    );
    return;
  }
  checkFieldContext(check.log, fact, check.context, span);
}

/** Names from old documentation and other tools that are not close to the right one. */
const formerNames = new Map([
  ['ip.addr', 'ip.src'],
  ['http.request.host', 'http.host'],
  ['http.request.user_agent', 'http.user_agent'],
  ['http.request.path', 'http.request.uri.path'],
]);

function* fieldNames(): Generator<string> {
  for (const field of allFields) {
    yield field.name;
  }
}

function checkFunctionName(check: TypeCheck, name: string, span: TextSpan): void {
  const fact = functionFact(name);
  if (fact === undefined) {
    const names = allFunctions.map((known) => known.name);
    const meant = check.log.isFull ? null : closestName(name, names);
    check.log.add(
      {
        code: 'unknown-function',
        category: 'unknown-name',
        severity: 'error',
        message: `${name.slice(0, 80)}() is not a function known here: Cloudflare refuses a name it does not know`,
        ...(meant === null ? {} : { suggestion: `${meant}()` }),
      },
      span,
    );
    return;
  }
  checkFunctionContext(check.log, fact, check.context, span);
}

/** One test, one per element (`[*]`), or not known. */
type OperandShape = 'one' | 'many' | 'unknown';

function testShape(expression: Expression, check: TypeCheck): OperandShape {
  switch (expression.kind) {
    case 'logical': {
      const shapes = new Set(expression.operands.map((operand) => testShape(operand, check)));
      return shapes.has('unknown') ? 'unknown' : shapes.has('many') ? 'many' : 'one';
    }
    case 'not':
      return testShape(expression.operand, check);
    case 'group':
      return testShape(expression.inner, check);
    case 'comparison':
      return valueShape(expression.left.type, expression.left.spread);
    case 'truth':
      return valueShape(expression.value.type, expression.value.spread);
    case 'constant':
      return 'one';
    case 'invalid':
      return 'unknown';
    default:
      return unreachable(expression);
  }
}

function valueShape(type: ValueType, spread: boolean): OperandShape {
  if (spread || (type.kind === 'array' && type.of.kind === 'bool')) {
    return 'many';
  }
  return type.kind === 'unknown' ? 'unknown' : 'one';
}

function reportSpread(check: TypeCheck, span: TextSpan): void {
  const written = check.text.slice(span.start, Math.min(span.end, span.start + 120));
  check.log.add(
    {
      code: 'many-results',
      category: 'type',
      message: 'this gives one result per element; a filter needs exactly one',
      suggestion: `any(${written})`,
    },
    span,
  );
}

function checkShapes(check: TypeCheck, operands: readonly Expression[]): void {
  const shapes = operands.map((operand) => testShape(operand, check));
  const many = shapes.indexOf('many');
  const operand = operands[many];
  if (operand !== undefined && shapes.includes('one')) {
    reportSpread(check, operand.span);
  }
}

function checkQuantifierTest(check: TypeCheck, call: CallValue): void {
  const [first] = call.args;
  if (first?.kind !== 'test' || testShape(first.test, check) !== 'one') {
    return;
  }
  check.log.add(
    {
      code: 'quantifier-without-each',
      category: 'type',
      message: `${call.name}() needs a test per element; [*] is missing`,
      suggestion: 'FIELD[*] eq …',
    },
    first.test.span,
  );
}

const orderings: ReadonlySet<string> = new Set(['lt', 'le', 'gt', 'ge']);
const equalities: ReadonlySet<string> = new Set(['eq', 'ne', 'in']);

function operatorTakes(operator: ComparisonOperator, type: ValueType): boolean {
  const isOrder = orderings.has(operator) || equalities.has(operator);
  switch (type.kind) {
    case 'string':
      return operator !== 'bitwise_and';
    case 'int':
      return isOrder || operator === 'bitwise_and';
    case 'ip':
      return isOrder;
    case 'unknown':
      return true;
    case 'bool':
    case 'array':
    case 'map':
      return false;
    default:
      return unreachable(type);
  }
}

function checkComparison(check: TypeCheck, comparison: ComparisonNode): void {
  const { left, operator, right } = comparison;
  checkOperatorContext(check.log, comparison, check.context);
  if (left.type.kind === 'array' || left.type.kind === 'map') {
    reportArray(check, comparison);
    return;
  }
  if (!operatorTakes(operator, left.type)) {
    const message = `${operator} does not work on a ${typeName(left.type)}`;
    check.log.add({ code: 'operator-type', category: 'type', message }, comparison.operatorSpan);
    return;
  }
  if (left.type.kind === 'ip' && orderings.has(operator)) {
    const message = `${operator} on IP addresses works in the engine but is not documented`;
    check.log.add(
      { code: 'operator-type', category: 'style', severity: 'warning', message, suggestion: 'in {from..to}' },
      comparison.operatorSpan,
    );
  }
  if (isValue(right)) {
    checkRightValue(check, comparison, right.type);
  } else if (right.kind === 'string') {
    checkPattern(check.log, operator, right);
  }
}

function checkRightValue(check: TypeCheck, comparison: ComparisonNode, type: ValueType): void {
  const { left, right } = comparison;
  if (!typeFits(type, left.type)) {
    const message = `a ${typeName(left.type)} is compared with a ${typeName(type)}`;
    check.log.add({ code: 'operand-type', category: 'type', message }, right.span);
  }
  const isRightSpread = isValue(right) && right.spread;
  if (isRightSpread && !left.spread) {
    const message = '[*] stands on the left side of a comparison';
    check.log.add({ code: 'each-place', category: 'type', message }, right.span);
  }
}

function reportArray(check: TypeCheck, comparison: ComparisonNode): void {
  const { left } = comparison;
  const written = check.text.slice(left.span.start, left.span.end).slice(0, 80);
  const rest = check.text.slice(left.span.end, comparison.span.end).slice(0, 80);
  const access = left.type.kind === 'map' ? `${written}["name"][*]` : `${written}[*]`;
  check.log.add(
    {
      code: 'array-without-quantifier',
      category: 'type',
      message: `${written} is an ${typeName(left.type).replace(/^Map/u, 'Map')}: ${comparison.operator} works on one value`,
      suggestion: `any(${access}${rest})`,
    },
    comparison.span,
  );
}

/** Whether `true and x` is accepted is not settled; alone, `true` and `false` are. */
function checkLoneConstants(expression: Expression, check: TypeCheck): void {
  let top = expression;
  while (top.kind === 'group') {
    top = top.inner;
  }
  walkExpression(expression, {
    expression: (node) => {
      if (node.kind === 'constant' && node !== top) {
        const message = `it is not known whether Cloudflare accepts ${String(node.value)} beside other tests`;
        check.log.add(
          { code: 'constant-in-test', category: 'style', severity: 'warning', message },
          node.span,
        );
      }
    },
  });
}
