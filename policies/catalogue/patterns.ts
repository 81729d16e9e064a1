/**
 * Attribute paths as a catalogue entry writes them (`items[].ip`): what they cover, and what stands at them. They do not go
 * through a regular expression, so that no character of a name has a second meaning.
 */
import type { Json, JsonObject, Path } from '../../scripts/plan/types.ts';

/** A path as a catalogue entry writes it: every step into a list, by position or by identity, is `[]`. */
export function pathPattern(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment !== 'string') {
      return `${text}[]`;
    }
    return text === '' ? segment : `${text}.${segment}`;
  }, '');
}

/** Whether `pattern` is `scope` itself or lies inside it: `items[]` covers `items[].ip`, and `a` does not cover `ab`. */
export function isWithin(pattern: string, scope: string): boolean {
  return pattern === scope || pattern.startsWith(`${scope}.`) || pattern.startsWith(`${scope}[]`);
}

/** Paths of all leaves of a value, as patterns; a list of plain values is `[]` at its end. Nulls are not set, so not listed. */
export function leafPatterns(value: JsonObject): readonly string[] {
  return [...new Set(Object.entries(value).flatMap(([key, child]) => leavesBelow(child, key)))].toSorted();
}

/** Paths of all leaves of what stands at `at`, as patterns. */
export function leavesBelow(value: Json, at: string): readonly string[] {
  if (value === null) {
    return [];
  }
  if (isList(value)) {
    return value.flatMap((child) => leavesBelow(child, `${at}[]`));
  }
  if (typeof value === 'object') {
    return Object.entries(value).flatMap(([key, child]) => leavesBelow(child, `${at}.${key}`));
  }
  return [at];
}

/** All values at a pattern inside `value`; empty when nothing is there. Absent and null are the same: not set. */
export function valuesAtPattern(value: Json | undefined, pattern: string): readonly Json[] {
  if (value === null || value === undefined) {
    return [];
  }
  if (pattern === '') {
    return [value];
  }
  if (pattern.startsWith('[]')) {
    return isList(value)
      ? value.flatMap((child) => valuesAtPattern(child, withoutDot(pattern.slice(2))))
      : [];
  }
  const [key = ''] = pattern.split(/[.[]/u, 1);
  if (typeof value !== 'object' || isList(value) || !Object.hasOwn(value, key)) {
    return [];
  }
  return valuesAtPattern(value[key], withoutDot(pattern.slice(key.length)));
}

function withoutDot(pattern: string): string {
  return pattern.startsWith('.') ? pattern.slice(1) : pattern;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
