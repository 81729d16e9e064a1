/**
 * Takes secrets out of text before it is kept, shown or logged. Two sources: values the caller knows to be secret, and
 * forms that only credentials have. It may take out too much (a random-looking identifier), never knowingly too
 * little: text that passed here is safe to print, and is therefore not data to parse.
 */
import { withoutCredentials, withoutRandomRuns } from './credentials.ts';
import { knownValues, redacted as mask } from './known-values.ts';

/** What follows the name of a scheme or of a secret in a log. In a configuration such words stand for themselves. */
const named: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /\b(Bearer|Basic|token)(\s+)[A-Za-z0-9._~+/=-]{12,}/gi, replacement: `$1$2${mask}` },
  { pattern: /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@]{0,200}):[^\s/@]{1,200}@/gi, replacement: `$1:${mask}@` },
  {
    pattern:
      /\b([A-Za-z0-9_-]{0,80}(?:password|passwd|secret|api[_-]?key|access[_-]?key|token)["']?\s*[=:]\s*["']?)[^\s"',;]{6,}/gi,
    replacement: `$1${mask}`,
  },
];

const keyBegins = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/;
const keyEnds = /-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----/;

/** Cleans one line at a time; remembers that it is inside a private key block. */
export type LineRedactor = (line: string) => string;

/** A redactor for one stream. `secrets` are known values, in any order. */
export function lineRedactor(secrets: readonly string[]): LineRedactor {
  const known = knownValues(secrets);
  let insideKey = false;
  return (line) => {
    const begins = keyBegins.test(line);
    if (insideKey || begins) {
      insideKey = !keyEnds.test(line);
      return mask;
    }
    const unnamed = named.reduce(
      (text, { pattern, replacement }) => text.replace(pattern, replacement),
      withoutCredentials(known.without(line, mask), mask),
    );
    return withoutRandomRuns(unnamed, mask);
  };
}

/** Cleans a whole text. */
export function redact(text: string, secrets: readonly string[] = []): string {
  return text.split('\n').map(lineRedactor(secrets)).join('\n');
}
