/** And, or and xor of three-valued answers. The order of the tests is kept: what comes first decides first. */
import type { LogicalOperator } from '../language/ast.ts';
import { mergeUnknown, Unknown, xor } from './runtime.ts';
import type { RequestFields, Truth } from './runtime.ts';

type Test = (request: RequestFields) => Truth;

/** The usual two operands, without the loop. */
function bothOf(first: Test, second: Test): Test {
  return (request) => {
    const a = first(request);
    if (a === false) {
      return false;
    }
    const b = second(request);
    return b === false || a === true ? b : b === true ? a : mergeUnknown(a, b);
  };
}

function oneOf(first: Test, second: Test): Test {
  return (request) => {
    const a = first(request);
    if (a === true) {
      return true;
    }
    const b = second(request);
    return b === true || a === false ? b : b === false ? a : mergeUnknown(a, b);
  };
}

/** False wins, then unknown, then true. */
export function allOf(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return bothOf(first, second);
  }
  return (request) => {
    let unknown: Unknown | null = null;
    for (const test of tests) {
      const truth = test(request);
      if (truth === false) {
        return false;
      }
      if (truth !== true) {
        unknown = unknown === null ? truth : mergeUnknown(unknown, truth);
      }
    }
    return unknown ?? true;
  };
}

/** True wins, then unknown, then false. */
export function someOf(tests: readonly Test[]): Test {
  const [first, second] = tests;
  if (first !== undefined && second !== undefined && tests.length === 2) {
    return oneOf(first, second);
  }
  return (request) => {
    let unknown: Unknown | null = null;
    for (const test of tests) {
      const truth = test(request);
      if (truth === true) {
        return true;
      }
      if (truth !== false) {
        unknown = unknown === null ? truth : mergeUnknown(unknown, truth);
      }
    }
    return unknown ?? false;
  };
}

/** Combines answers that are already there: what decides wins, then unknown. */
export function combine(operator: LogicalOperator, truths: readonly Truth[]): Truth {
  if (operator === 'xor') {
    return truths.reduce<Truth>(xor, false);
  }
  const deciding = operator === 'or';
  let unknown: Unknown | null = null;
  for (const truth of truths) {
    if (truth === deciding) {
      return deciding;
    }
    if (truth instanceof Unknown) {
      unknown = unknown === null ? truth : mergeUnknown(unknown, truth);
    }
  }
  return unknown ?? !deciding;
}
