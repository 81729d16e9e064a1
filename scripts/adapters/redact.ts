/**
 * Takes secrets out of text before it is kept, shown or logged. Two sources: values the caller knows to be secret, and
 * shapes that only credentials have. It may take out too much (a random-looking identifier), never knowingly too
 * little: text that passed here is safe to print, and is therefore not data to parse.
 */

const mask = '[redacted]';

/** Shorter values (a port, a region) would take ordinary words out of every message. */
const shortestSecret = 6;

const shapes: readonly { readonly pattern: RegExp; readonly replacement: string }[] = [
  { pattern: /\bgh[pousr]_[A-Za-z0-9]{20,}\b/g, replacement: mask },
  { pattern: /\bgithub_pat_[A-Za-z0-9_]{20,}\b/g, replacement: mask },
  { pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, replacement: mask },
  { pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, replacement: mask },
  { pattern: /\b(Bearer|Basic|token)(\s+)[A-Za-z0-9._~+/=-]{12,}/gi, replacement: `$1$2${mask}` },
  { pattern: /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]+@/gi, replacement: `$1:${mask}@` },
  {
    pattern:
      /\b([A-Za-z0-9_-]*(?:password|passwd|secret|api[_-]?key|access[_-]?key|token)["']?\s*[=:]\s*["']?)[^\s"',;]{6,}/gi,
    replacement: `$1${mask}`,
  },
  // Cloudflare API tokens: 40 characters of mixed case with a digit. Git object names are all lower case.
  {
    pattern:
      /(?<![A-Za-z0-9_-])(?=[A-Za-z0-9_-]*[A-Z])(?=[A-Za-z0-9_-]*[a-z])(?=[A-Za-z0-9_-]*[0-9])[A-Za-z0-9_-]{40}(?![A-Za-z0-9_-])/g,
    replacement: mask,
  },
];

const keyBegins = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const keyEnds = /-----END [A-Z ]*PRIVATE KEY-----/;

/** Cleans one line at a time; remembers that it is inside a private key block. */
export type LineRedactor = (line: string) => string;

function writtenForms(secret: string): readonly string[] {
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
}

/**
 * A redactor for one stream. `secrets` are known values, in any order; the longest is taken out first so that a secret
 * that contains another leaves no rest behind.
 */
export function lineRedactor(secrets: readonly string[]): LineRedactor {
  const known = [
    ...new Set(secrets.filter((one) => one.length >= shortestSecret).flatMap(writtenForms)),
  ].toSorted((left, right) => right.length - left.length);
  let insideKey = false;
  return (line) => {
    const begins = keyBegins.test(line);
    if (insideKey || begins) {
      insideKey = !keyEnds.test(line);
      return mask;
    }
    const withoutKnown = known.reduce((text, secret) => text.replaceAll(secret, mask), line);
    return shapes.reduce((text, shape) => text.replace(shape.pattern, shape.replacement), withoutKnown);
  };
}

/** Cleans a whole text. */
export function redact(text: string, secrets: readonly string[] = []): string {
  return text.split('\n').map(lineRedactor(secrets)).join('\n');
}
