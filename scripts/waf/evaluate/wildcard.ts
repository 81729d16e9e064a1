/**
 * Wildcard patterns: `*` stands for any bytes, `\*` and `\\` for themselves, everything else for itself. The whole value
 * must match. Runs in time proportional to value times pattern at worst, without recursion.
 */

export interface WildcardPattern {
  /** The texts between the stars. */
  readonly parts: readonly string[];
}

export function readWildcard(pattern: string): WildcardPattern {
  const parts: string[] = [];
  let part = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? '';
    if (character === '*') {
      parts.push(part);
      part = '';
    } else {
      const isEscape = character === '\\' && index + 1 < pattern.length;
      index += isEscape ? 1 : 0;
      part += isEscape ? (pattern[index] ?? '') : character;
    }
  }
  return { parts: [...parts, part] };
}

const beyondAscii = /[^\0-\x7F]/;

/** Lower-cases ASCII letters only, as the engine does. */
export function asciiLower(text: string): string {
  if (!beyondAscii.test(text)) {
    return text.toLowerCase();
  }
  return /[A-Z]/u.test(text) ? text.replaceAll(/[A-Z]+/gu, (letters) => letters.toLowerCase()) : text;
}

export function asciiUpper(text: string): string {
  return /[a-z]/u.test(text) ? text.replaceAll(/[a-z]+/gu, (letters) => letters.toUpperCase()) : text;
}

/** A matcher for the pattern; without `isStrict`, ASCII letters match in either case. */
export function compileWildcard(pattern: string, isStrict: boolean): (value: string) => boolean {
  const { parts } = readWildcard(isStrict ? pattern : asciiLower(pattern));
  return (value) => captureParts(parts, isStrict ? value : asciiLower(value)) !== null;
}

/**
 * Where each star's text starts and ends in `value`, shortest first; null when the value does not match. The last star
 * takes what is left before the last part.
 */
export function captureParts(
  parts: readonly string[],
  value: string,
): readonly { readonly start: number; readonly end: number }[] | null {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) {
    return value === first ? [] : null;
  }
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) {
    return null;
  }
  const limit = value.length - last.length;
  const captures: { readonly start: number; readonly end: number }[] = [];
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found === -1 || found + part.length > limit) {
      return null;
    }
    captures.push({ start: at, end: found });
    at = found + part.length;
  }
  captures.push({ start: at, end: limit });
  return captures;
}
