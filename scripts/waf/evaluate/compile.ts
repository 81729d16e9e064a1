/**
 * Compiles an expression into closures that answer true, false or `Unknown`. Kleene's rules hold for and, or, not, xor,
 * any and all: what decides the answer decides it, and an unknown part counts only when nothing else does.
 */
import { ungroup } from '../language/ast.ts';
import type { ComparisonNode, Expression, LogicalOperator, ValueNode } from '../language/ast.ts';
import { fieldComparison } from './compile-fields.ts';
import { compileValue } from './compile-values.ts';
import type { CompiledValue } from './compile-values.ts';
import { unreachable } from '../language/exhaustive.ts';
import { allOf, combine, someOf } from './kleene.ts';
import { isOrdering, makePredicate, orderingTest } from './predicates.ts';
import type { Predicate } from './predicates.ts';
import { isArray, mergeUnknown, negate, Unknown, unknownBecause, xor } from './runtime.ts';
import type { ListContent, RequestFields, Truth } from './runtime.ts';
import { isValue } from '../language/walk.ts';

export interface EvaluationSettings {
  /** Contents of lists by name, without dollar; a list that is not here is unknown. */
  readonly lists: ReadonlyMap<string, ListContent>;
  /**
   * What `ne` says about a missing value: false after the documentation ("any comparison with a missing value is
   * false"), true after the open engine's default.
   */
  readonly missingNotEqual: boolean;
}

export const defaultSettings: EvaluationSettings = { lists: new Map(), missingNotEqual: false };

export type CompiledTest = (request: RequestFields) => Truth;
/** One answer per element; `Unknown` when the elements are not known. */
type CompiledEach = (request: RequestFields) => readonly Truth[] | Unknown;

/** Compiles a filter. An expression with errors must not come here: what was not understood is unknown. */
export function compileFilter(
  expression: Expression,
  settings: EvaluationSettings = defaultSettings,
): CompiledTest {
  return new Compiler(settings).test(expression);
}

/** Compiles a value expression (rewrite, redirect target). `undefined` is the missing value. */
export function compileValueExpression(
  value: ValueNode,
  settings: EvaluationSettings = defaultSettings,
): CompiledValue {
  return new Compiler(settings).value(value);
}

function isMany(expression: Expression): boolean {
  switch (expression.kind) {
    case 'logical':
      return expression.operands.some((operand) => isMany(operand));
    case 'not':
      return isMany(expression.operand);
    case 'group':
      return isMany(expression.inner);
    case 'comparison':
      return expression.left.spread;
    case 'truth':
      return expression.value.spread || expression.value.type.kind === 'array';
    case 'constant':
    case 'invalid':
      return false;
    default:
      return unreachable(expression);
  }
}

/** any() or all() of one comparison with something fixed: stops at the element that decides. */
function quantified(isAll: boolean, elements: CompiledValue, predicate: Predicate): CompiledTest {
  return (request) => {
    const found = elements(request);
    if (found instanceof Unknown) {
      return found;
    }
    let unknown: Unknown | null = null;
    for (const element of found !== undefined && isArray(found) ? found : []) {
      const truth = predicate(element);
      if (truth === !isAll) {
        return truth;
      }
      if (truth instanceof Unknown) {
        unknown = unknown === null ? truth : mergeUnknown(unknown, truth);
      }
    }
    return unknown ?? isAll;
  };
}

const unreadable = unknownBecause('text that could not be read');

class Compiler {
  readonly #settings: EvaluationSettings;

  constructor(settings: EvaluationSettings) {
    this.#settings = settings;
  }

  test(expression: Expression): CompiledTest {
    switch (expression.kind) {
      case 'logical':
        return this.#logical(
          expression.operator,
          expression.operands.map((operand) => this.test(operand)),
        );
      case 'not': {
        const operand = this.test(expression.operand);
        return (request) => negate(operand(request));
      }
      case 'group':
        return this.test(expression.inner);
      case 'comparison':
        return this.#comparison(expression);
      case 'truth':
        return this.#truth(expression.value);
      case 'constant': {
        const { value } = expression;
        return () => value;
      }
      case 'invalid':
        return () => unreadable;
      default:
        return unreachable(expression);
    }
  }

  #logical(operator: LogicalOperator, tests: readonly CompiledTest[]): CompiledTest {
    switch (operator) {
      case 'and':
        return allOf(tests);
      case 'or':
        return someOf(tests);
      case 'xor':
        return (request) => tests.reduce<Truth>((truth, test) => xor(truth, test(request)), false);
      default:
        return unreachable(operator);
    }
  }

  /** A Boolean value as a test; missing is false. */
  #truth(value: ValueNode): CompiledTest {
    const compiled = this.value(value);
    return (request) => {
      const found = compiled(request);
      return found instanceof Unknown ? found : found === true;
    };
  }

  #comparison(comparison: ComparisonNode): CompiledTest {
    const left = this.value(comparison.left);
    const whenMissing = comparison.operator === 'ne' && this.#settings.missingNotEqual;
    const { right } = comparison;
    if (isValue(right)) {
      return this.#betweenValues(comparison, right, whenMissing);
    }
    const predicate = makePredicate(comparison.operator, right, this.#settings.lists);
    const ofField = fieldComparison(comparison, predicate);
    if (ofField !== null) {
      return ofField;
    }
    return (request) => {
      const value = left(request);
      if (value === undefined) {
        return whenMissing;
      }
      return value instanceof Unknown ? value : predicate(value);
    };
  }

  #betweenValues(comparison: ComparisonNode, right: ValueNode, whenMissing: boolean): CompiledTest {
    if (!isOrdering(comparison.operator)) {
      return () => unreadable;
    }
    const a = this.value(comparison.left);
    const b = this.value(right);
    const test = orderingTest(comparison.operator);
    return (request) => {
      const x = a(request);
      const y = b(request);
      if (x instanceof Unknown) {
        return y instanceof Unknown ? mergeUnknown(x, y) : x;
      }
      if (y instanceof Unknown) {
        return y;
      }
      return x === undefined || y === undefined ? whenMissing : test(x, y);
    };
  }

  /** One answer per element, for any() and all(). */
  #each(expression: Expression): CompiledEach {
    switch (expression.kind) {
      case 'group':
        return this.#each(expression.inner);
      case 'not': {
        const operand = this.#each(expression.operand);
        return (request) => {
          const truths = operand(request);
          return truths instanceof Unknown ? truths : truths.map(negate);
        };
      }
      case 'logical':
        return this.#eachLogical(expression.operator, expression.operands);
      case 'comparison':
        return this.#eachComparison(expression);
      case 'truth':
        return this.#eachTruth(expression.value);
      case 'constant':
      case 'invalid': {
        const test = this.test(expression);
        return (request) => [test(request)];
      }
      default:
        return unreachable(expression);
    }
  }

  /** Element by element, cut to the shortest. */
  #eachLogical(operator: LogicalOperator, operands: readonly Expression[]): CompiledEach {
    const compiled = operands.map((operand) => this.#each(operand));
    return (request) => {
      const columns: (readonly Truth[])[] = [];
      for (const operand of compiled) {
        const truths = operand(request);
        if (truths instanceof Unknown) {
          return truths;
        }
        columns.push(truths);
      }
      const length = Math.min(...columns.map((column) => column.length));
      return Array.from({ length }, (_, index) =>
        combine(
          operator,
          columns.map((column) => column[index] ?? false),
        ),
      );
    };
  }

  #eachComparison(comparison: ComparisonNode): CompiledEach {
    const { left, right, operator } = comparison;
    if (!left.spread) {
      const test = this.#comparison(comparison);
      return (request) => [test(request)];
    }
    if (!isValue(right)) {
      return this.#eachWith(left, () => makePredicate(operator, right, this.#settings.lists));
    }
    const other = this.value(right);
    const test = isOrdering(operator) ? orderingTest(operator) : null;
    const whenMissing = operator === 'ne' && this.#settings.missingNotEqual;
    const elements = this.value(left);
    return (request) => {
      const found = elements(request);
      const wanted = other(request);
      if (found instanceof Unknown || wanted instanceof Unknown) {
        return found instanceof Unknown ? found : (wanted as Unknown);
      }
      const values = found !== undefined && isArray(found) ? found : [];
      return values.map((value) =>
        wanted === undefined ? whenMissing : (test?.(value, wanted) ?? unreadable),
      );
    };
  }

  #eachWith(left: ValueNode, make: () => Predicate): CompiledEach {
    const elements = this.value(left);
    const predicate = make();
    return (request) => {
      const found = elements(request);
      if (found instanceof Unknown) {
        return found;
      }
      return found !== undefined && isArray(found) ? found.map(predicate) : [];
    };
  }

  #eachTruth(value: ValueNode): CompiledEach {
    const compiled = this.value(value);
    return (request) => {
      const found = compiled(request);
      if (found instanceof Unknown) {
        return found;
      }
      return found !== undefined && isArray(found)
        ? found.map((element) => element === true)
        : [found === true];
    };
  }

  /** The value; for one with `[*]`, the array of its elements. */
  value(value: ValueNode): CompiledValue {
    return compileValue(value, (isAll, test) => this.#quantifier(isAll, test));
  }

  /** any(): no element gives false. all(): no element gives true, also when the array itself is missing. */
  #quantifier(isAll: boolean, test: Expression): CompiledValue {
    if (!isMany(test)) {
      return this.test(test);
    }
    const inner = ungroup(test);
    if (inner.kind === 'comparison' && inner.left.spread && !isValue(inner.right)) {
      const predicate = makePredicate(inner.operator, inner.right, this.#settings.lists);
      return quantified(isAll, this.value(inner.left), predicate);
    }
    const each = this.#each(test);
    return (request) => {
      const truths = each(request);
      return truths instanceof Unknown ? truths : combine(isAll ? 'and' : 'or', truths);
    };
  }
}
