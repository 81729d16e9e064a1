/** Goes through a tree. Shared by checks, analysis and explanation, so that none of them forgets a place. */
import type { Argument, Comparison, Expression, Value } from './ast.ts';

export interface Visitor {
  readonly value?: (value: Value) => void;
  readonly comparison?: (comparison: Comparison) => void;
  readonly expression?: (expression: Expression) => void;
}

export function isValue(node: { readonly kind: string }): node is Value {
  return node.kind === 'field' || node.kind === 'call';
}

export function walkExpression(expression: Expression, visitor: Visitor): void {
  visitor.expression?.(expression);
  switch (expression.kind) {
    case 'logical':
      for (const operand of expression.operands) {
        walkExpression(operand, visitor);
      }
      return;
    case 'not':
      walkExpression(expression.operand, visitor);
      return;
    case 'group':
      walkExpression(expression.inner, visitor);
      return;
    case 'comparison':
      visitor.comparison?.(expression);
      walkValue(expression.left, visitor);
      if (isValue(expression.right)) {
        walkValue(expression.right, visitor);
      }
      return;
    case 'truth':
      walkValue(expression.value, visitor);
      return;
    case 'constant':
    case 'invalid':
      return;
  }
}

export function walkValue(value: Value, visitor: Visitor): void {
  visitor.value?.(value);
  if (value.kind === 'call') {
    for (const argument of value.args) {
      walkArgument(argument, visitor);
    }
  }
}

function walkArgument(argument: Argument, visitor: Visitor): void {
  if (argument.kind === 'test') {
    walkExpression(argument.test, visitor);
  } else if (isValue(argument)) {
    walkValue(argument, visitor);
  }
}
