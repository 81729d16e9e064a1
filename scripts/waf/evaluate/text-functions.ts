/**
 * The functions of the language that work on byte strings. Each gets values that are present and known, and gives
 * `undefined` when it has no result.
 */
import { compileRegex } from './regex.ts';
import { asciiLower, captureParts, readWildcard } from './wildcard.ts';

/** Part from `start` to before `end`, in bytes; negative positions count from the end. */
export function substring(source: string, start: number, end: number | undefined): string | undefined {
  const from = start < 0 ? source.length + start : start;
  const to = end === undefined ? source.length : end < 0 ? source.length + end : Math.min(end, source.length);
  return from < 0 || from > source.length || to < from ? undefined : source.slice(from, to);
}

export function removeBytes(source: string, bytes: string): string {
  const unwanted = new Set(bytes);
  return Array.from(source)
    .filter((byte) => !unwanted.has(byte))
    .join('');
}

/** Drops the named arguments from a query; what stays keeps its order and spelling. */
export function removeQueryArgs(query: string, names: ReadonlySet<string>): string {
  return query
    .split('&')
    .filter((part) => !names.has(part.split('=', 1)[0] ?? ''))
    .join('&');
}

/** At most this many rounds: each shortens the text, so a real text needs far fewer. */
const maxDecodeRounds = 64;

/** `%XX` to a byte and `+` to a space. Option `r` repeats until nothing changes, `u` also reads `%uXXXX`. */
export function urlDecode(source: string, options: string): string {
  let text = decodeOnce(source, options.includes('u'));
  if (options.includes('r')) {
    for (let round = 0; round < maxDecodeRounds; round += 1) {
      const next = decodeOnce(text, options.includes('u'));
      if (next === text) {
        break;
      }
      text = next;
    }
  }
  return text;
}

function decodeOnce(source: string, readsUnicode: boolean): string {
  if (!/[%+]/u.test(source)) {
    return source;
  }
  const shape = readsUnicode ? /\+|%u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2}/gu : /\+|%[0-9a-fA-F]{2}/gu;
  return source.replaceAll(shape, (found) => {
    if (found === '+') {
      return ' ';
    }
    return found[1] === 'u'
      ? Buffer.from(String.fromCharCode(Number.parseInt(found.slice(2), 16)), 'utf8').toString('latin1')
      : String.fromCharCode(Number.parseInt(found.slice(1), 16));
  });
}

/** Standard base64 with or without padding; undefined when it is not base64. */
export function decodeBase64(source: string): string | undefined {
  const body = source.replace(/={1,2}$/u, '');
  const isPadded = body.length !== source.length;
  const isValid =
    /^[A-Za-z0-9+/]*$/u.test(body) && body.length % 4 !== 1 && (!isPadded || source.length % 4 === 0);
  return isValid ? Buffer.from(body, 'base64').toString('latin1') : undefined;
}

/** Without padding unless `p`; with the URL-safe alphabet for `u`. */
export function encodeBase64(source: string, flags: string): string {
  const standard = Buffer.from(source, 'latin1').toString('base64');
  const text = flags.includes('u') ? standard.replaceAll('+', '-').replaceAll('/', '_') : standard;
  return flags.includes('p') ? text : text.replaceAll('=', '');
}

/** Pieces between separators, at most `limit`; the last piece keeps the rest. */
export function split(source: string, separator: string, limit: number): readonly string[] {
  const pieces = source.split(separator);
  return pieces.length <= limit
    ? pieces
    : [...pieces.slice(0, limit - 1), pieces.slice(limit - 1).join(separator)];
}

function fillIn(replacement: string, groups: readonly (string | undefined)[]): string {
  return replacement.replaceAll(/\$\$|\$\{([0-9]+)\}/gu, (found, index: string | undefined) =>
    found === '$$' ? '$' : (groups[Number(index)] ?? ''),
  );
}

/** Replaces the first match; null when the pattern cannot be evaluated on this value. */
export function compileRegexReplace(pattern: string, replacement: string): (source: string) => string | null {
  const compiled = compileRegex(pattern);
  if (typeof compiled === 'string' || compiled.isUnicode) {
    return () => null;
  }
  return (source) => {
    const matcher = compiled.re2.matcher(source);
    if (!matcher.find()) {
      return source;
    }
    const groups = Array.from(
      { length: compiled.re2.groupCount() + 1 },
      (_, index) => matcher.group(index) ?? undefined,
    );
    return source.slice(0, matcher.start()) + fillIn(replacement, groups) + source.slice(matcher.end());
  };
}

/** Replaces the whole value when it fits the pattern; gives it back unchanged when it does not. */
export function compileWildcardReplace(
  pattern: string,
  replacement: string,
  isStrict: boolean,
): (source: string) => string {
  const { parts } = readWildcard(isStrict ? pattern : asciiLower(pattern));
  return (source) => {
    const captures = captureParts(parts, isStrict ? source : asciiLower(source));
    if (captures === null) {
      return source;
    }
    return fillIn(replacement, [source, ...captures.map(({ start, end }) => source.slice(start, end))]);
  };
}
