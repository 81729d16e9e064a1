/**
 * The expressions of one run: each text is read once, and each pair compared once. Made where a run begins and handed to
 * whoever asks about an expression, so that rules, risk, what is tried and what is shown share what was found out.
 */
import { compareTrees, unreadable } from './compare/compare.ts';
import type { Comparison } from './compare/compare.ts';
import { ReadExpression } from './read-expression.ts';

export class Expressions {
  readonly #read = new Map<string, ReadExpression>();
  readonly #compared = new Map<string, Comparison>();

  /** Never throws: what is wrong with a text is in its diagnostics. */
  read(text: string): ReadExpression {
    const known = this.#read.get(text);
    if (known !== undefined) {
      return known;
    }
    const read = new ReadExpression(text);
    this.#read.set(text, read);
    return read;
  }

  /** By what they match. A text that Cloudflare would refuse is `unknown` in both directions. */
  compare(before: string, after: string): Comparison {
    const key = JSON.stringify([before, after]);
    const known = this.#compared.get(key);
    if (known !== undefined) {
      return known;
    }
    const [a, b] = [this.read(before).tree, this.read(after).tree];
    const comparison = a === null || b === null ? unreadable : compareTrees(a, b);
    this.#compared.set(key, comparison);
    return comparison;
  }
}
