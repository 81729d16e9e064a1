/**
 * Looks up one value in a JSON text by plain keys and array positions. Numbers are kept as written, because only whole
 * numbers without point or exponent count.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { fromByteString } from '../language/print.ts';
import { toByteString } from '../language/literals.ts';

export type JsonKey = string | number;

const token = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/gu;

/** The string at the path, as bytes; undefined when the text is not JSON or there is no string there. */
export function lookupJsonString(source: string, path: readonly JsonKey[]): string | undefined {
  const found = lookup(source, path);
  return found?.startsWith('s') === true ? toByteString(found.slice(1)) : undefined;
}

/** The whole number at the path; undefined when there is none, or when it is too large to be exact. */
export function lookupJsonInteger(source: string, path: readonly JsonKey[]): number | undefined {
  const found = lookup(source, path);
  if (found === undefined || !/^n-?[0-9]+$/u.test(found)) {
    return undefined;
  }
  const value = Number(found.slice(1));
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Strings come back with an `s` in front, numbers as written with an `n`. */
function lookup(source: string, path: readonly JsonKey[]): string | undefined {
  const text = fromByteString(source);
  if (text === null) {
    return undefined;
  }
  let current: unknown;
  try {
    current = parseJson(
      text.replaceAll(token, (found) => (found.startsWith('"') ? `"s${found.slice(1)}` : `"n${found}"`)),
      limits.line,
    );
  } catch {
    return undefined;
  }
  for (const key of path) {
    current = step(current, key);
  }
  return typeof current === 'string' ? current : undefined;
}

function step(value: unknown, key: JsonKey): unknown {
  if (Array.isArray(value)) {
    return typeof key === 'number' ? (value as readonly unknown[])[key] : undefined;
  }
  if (typeof value !== 'object' || value === null || typeof key !== 'string') {
    return undefined;
  }
  const name = `s${fromByteString(key) ?? key}`;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}
