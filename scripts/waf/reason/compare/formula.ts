/** Expressions as `and` and `or` of tests that hold or do not: what a proof works on. */
import type { Expression } from '../../language/ast.ts';
import { unreachable } from '../../language/exhaustive.ts';
import { negated, readTest } from './atoms.ts';
import type { SignedAtom } from './atoms.ts';
import type { Budget } from './budget.ts';
import { testKey } from './terms.ts';

export type Formula =
  | { readonly kind: 'literal'; readonly literal: SignedAtom }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] };

const always: Formula = { kind: 'and', parts: [] };
const never: Formula = { kind: 'or', parts: [] };

/** Longer chains of `xor` are one flag: their expansion doubles with each part. */
const maxXor = 5;

function isInNothing(expression: Expression): boolean {
  return (
    expression.kind === 'comparison' &&
    expression.right.kind === 'set' &&
    expression.right.elements.length === 0
  );
}

/** Reads expressions under one reading of missing values; each part is read once. */
export class FormulaReader {
  readonly #literals = new Map<Expression, SignedAtom>();
  readonly #missingNotEqual: boolean;
  readonly #budget: Budget;

  constructor(missingNotEqual: boolean, budget: Budget) {
    this.#missingNotEqual = missingNotEqual;
    this.#budget = budget;
  }

  /** The expression, or its opposite when `holds` is false. */
  read(expression: Expression, holds: boolean): Formula {
    this.#budget.spend(1);
    switch (expression.kind) {
      case 'group':
        return this.read(expression.inner, holds);
      case 'not':
        return this.read(expression.operand, !holds);
      case 'constant':
        return expression.value === holds ? always : never;
      case 'invalid':
        return this.#flag(expression, holds);
      case 'comparison':
      case 'truth': {
        if (isInNothing(expression)) {
          return holds ? never : always;
        }
        const literal = this.#literal(expression);
        return { kind: 'literal', literal: holds ? literal : negated(literal) };
      }
      case 'logical':
        return this.#logical(expression, holds);
      default:
        return unreachable(expression);
    }
  }

  #literal(expression: Expression & { readonly kind: 'comparison' | 'truth' }): SignedAtom {
    let literal = this.#literals.get(expression);
    if (literal === undefined) {
      literal = readTest(expression, this.#missingNotEqual);
      this.#literals.set(expression, literal);
    }
    return literal;
  }

  #flag(expression: Expression, holds: boolean): Formula {
    return {
      kind: 'literal',
      literal: { kind: 'flag', name: testKey(expression), holds, value: null },
    };
  }

  #logical(expression: Expression & { readonly kind: 'logical' }, holds: boolean): Formula {
    const { operator, operands } = expression;
    if (operator === 'xor') {
      return operands.length > maxXor ? this.#flag(expression, holds) : this.#xor(operands, holds);
    }
    const kind = (operator === 'and') === holds ? 'and' : 'or';
    const parts = operands.map((operand) => this.read(operand, holds));
    return { kind, parts: parts.flatMap((part) => (part.kind === kind ? part.parts : [part])) };
  }

  #xor(operands: readonly Expression[], holds: boolean): Formula {
    const [first, ...rest] = operands;
    if (first === undefined) {
      return holds ? never : always;
    }
    if (rest.length === 0) {
      return this.read(first, holds);
    }
    const ways = [true, false].map((one): Formula => ({
      kind: 'and',
      parts: [this.read(first, one), this.#xor(rest, one !== holds)],
    }));
    return { kind: 'or', parts: ways };
  }
}
