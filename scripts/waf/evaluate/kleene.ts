/** And, or and xor of three-valued answers. The order of the tests is kept: what comes first decides first. */
import type { LogicalOperator } from '../language/ast.ts';
import { mergeUnknown, Unknown, xor } from './runtime.ts';
import type { RequestFields, Truth } from './runtime.ts';

type KleeneTest = (request: RequestFields) => Truth;

/** And of two answers. */
export function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) {
    return false;
  }
  if (a === true) {
    return b;
  }
  return b === true ? a : mergeUnknown(a, b);
}

/** Or of two answers. */
export function either(a: Truth, b: Truth): Truth {
  if (a === true || b === true) {
    return true;
  }
  if (a === false) {
    return b;
  }
  return b === false ? a : mergeUnknown(a, b);
}

/** The usual two operands, without the loop. */
function bothOf(first: KleeneTest, second: KleeneTest): KleeneTest {
  return (request) => {
    const a = first(request);
    return a === false ? false : both(a, second(request));
  };
}

function oneOf(first: KleeneTest, second: KleeneTest): KleeneTest {
  return (request) => {
    const a = first(request);
    return a === true ? true : either(a, second(request));
  };
}

/** False wins, then unknown, then true. */
export function allOf(tests: readonly KleeneTest[]): KleeneTest {
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
export function someOf(tests: readonly KleeneTest[]): KleeneTest {
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
