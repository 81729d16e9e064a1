/** Goes through a tree. Shared by checks, analysis and explanation, so that none of them forgets a place. */
import type { Argument, ComparisonNode, Expression, ValueNode } from './ast.ts';

export interface NodeVisitor {
  readonly value?: (value: ValueNode) => void;
  readonly comparison?: (comparison: ComparisonNode) => void;
  readonly expression?: (expression: Expression) => void;
}

export function isValue(node: { readonly kind: string }): node is ValueNode {
  return node.kind === 'field' || node.kind === 'call';
}

export function walkExpression(expression: Expression, visitor: NodeVisitor): void {
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

export function walkValue(value: ValueNode, visitor: NodeVisitor): void {
  visitor.value?.(value);
  if (value.kind === 'call') {
    for (const argument of value.args) {
      walkArgument(argument, visitor);
    }
  }
}

function walkArgument(argument: Argument, visitor: NodeVisitor): void {
  if (argument.kind === 'test') {
    walkExpression(argument.test, visitor);
  } else if (isValue(argument)) {
    walkValue(argument, visitor);
  }
}
