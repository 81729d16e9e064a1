/** From the words and indexes of a traversal to the object that it names, and what is taken of that. */
import type { ExpressionReference, ReferenceStep } from './facts.ts';

/** A name behind a dot, or what stands in brackets. */
export interface TraversalStep {
  readonly step: ReferenceStep;
  readonly isName: boolean;
  /** The place behind it. */
  readonly end: number;
}

/** How many words name the object; two for all that is not here. */
const targetLengths: ReadonlyMap<string, number> = new Map([
  ['each', 1],
  ['count', 1],
  ['self', 1],
  ['path', 1],
  ['terraform', 1],
  ['data', 3],
  ['ephemeral', 3],
]);

/**
 * The reference of a traversal, and how many of its steps belong to the name. Where an index stands in the place of a
 * name, the first word is all that is known.
 */
export function nameOf(
  first: string,
  steps: readonly TraversalStep[],
): { readonly reference: ExpressionReference; readonly named: number } {
  const wanted = (targetLengths.get(first) ?? 2) - 1;
  const isNamed = steps.length >= wanted && steps.slice(0, wanted).every(({ isName }) => isName);
  const named = isNamed ? wanted : 0;
  const target = [first, ...steps.slice(0, named).map(({ step }) => String(step))].join('.');
  return { reference: { target, rest: steps.slice(named).map(({ step }) => step) }, named };
}
