/** Keeps secrets that stand in an expression out of everything that is said about it. */
import type { LintedExpression } from './expression.ts';
import { secretLiterals } from './rules/meaning.ts';

const mask = '"(secret)"';

/** Replaces the secret literals of the expression wherever a text quotes them, whole or cut off. */
export function maskFor(expression: LintedExpression): (text: string) => string {
  const secrets = secretLiterals(expression).flatMap(({ span, bytes }) => [
    expression.text.slice(span.start, span.end),
    bytes,
  ]);
  const pieces = secrets
    .filter((secret) => secret.length >= shortest)
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    pieces.reduce((masked, secret) => withoutCut(masked.replaceAll(secret, mask), secret), text);
}

const shortest = 4;

/** A quotation may end in the middle of a secret. */
function withoutCut(text: string, secret: string): string {
  for (let length = secret.length - 1; length >= shortest; length -= 1) {
    const start = secret.slice(0, length);
    if (text.endsWith(start) || text.endsWith(`${start}...`)) {
      return `${text.slice(0, text.lastIndexOf(start))}${mask}`;
    }
  }
  return text;
}
