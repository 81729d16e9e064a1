/**
 * A document from outside, read as plain data, with the place of every node.
 *
 * Readers (`yaml.ts`, `json.ts`) produce it, schema and domain checks consume it, so that every problem can be shown
 * as file:line:column. Values here are own-property trees without prototypes to pollute, without cycles, and without
 * numbers that JSON cannot carry.
 */
import type { Diagnostic, Json, SourceLocation } from '../plan/types.ts';

export interface LocatedDocument {
  readonly file: string;
  readonly value: Json;
  /**
   * JSON pointer to the place of the value, for every node; the empty pointer is the document. For JSON documents this
   * is computed when first read: prefer `locate` for a few pointers of a large document.
   */
  readonly locations: Readonly<Record<string, SourceLocation>>;
  /** Place of a pointer, or of its nearest ancestor that exists. */
  readonly locate: (pointer: string) => SourceLocation;
  /** Like `locate`, but the place of the map key that the pointer ends in; for what is wrong with a name. */
  readonly locateKey: (pointer: string) => SourceLocation;
}

/** More problems than this help nobody: the rest is counted, not listed. */
export const maxDiagnostics = 50;

/** Appends one reference token to a JSON pointer (RFC 6901 escaping). */
export function pointerTo(parent: string, key: string | number): string {
  const token = typeof key === 'number' ? String(key) : key.replaceAll('~', '~0').replaceAll('/', '~1');
  return `${parent}/${token}`;
}

/** Reference tokens of a JSON pointer, unescaped; the empty pointer has none. */
export function pointerTokens(pointer: string): readonly string[] {
  if (pointer === '') {
    return [];
  }
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The pointer of the containing node; the empty pointer contains itself. */
function parentPointer(pointer: string): string {
  return pointer.slice(0, Math.max(0, pointer.lastIndexOf('/')));
}

/** Looks a pointer up in a map of places, falling back to the nearest ancestor and then to the file's start. */
export function nearestLocation(
  locations: Readonly<Record<string, SourceLocation>>,
  pointer: string,
  file: string,
): SourceLocation {
  let at = pointer;
  for (;;) {
    const found = Object.hasOwn(locations, at) ? locations[at] : undefined;
    if (found !== undefined) {
      return found;
    }
    if (at === '') {
      return { file, line: 1, column: 1 };
    }
    at = parentPointer(at);
  }
}

/**
 * The part of reading that comes before parsing: a text over the limit is refused by its size alone.
 * Returns null when the size is fine.
 */
export function sizeProblem(text: string, file: string, maxBytes: number): Diagnostic | null {
  const bytes = text.length > maxBytes ? text.length : Buffer.byteLength(text, 'utf8');
  if (bytes <= maxBytes) {
    return null;
  }
  return {
    location: { file, line: 1, column: 1 },
    message: 'the document is too large to be read',
    expected: `at most ${formatBytes(maxBytes)}`,
    found: `${text.length > maxBytes ? 'at least ' : ''}${formatBytes(bytes)}`,
    fix: 'check that this is the intended file, and split it if it is',
  };
}

/** `1 MB`, `50.2 MB`, `812 bytes`: decimal megabytes, one digit at most. */
function formatBytes(bytes: number): string {
  if (bytes < 1000) {
    return `${bytes} bytes`;
  }
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1000, 'kB'] : [bytes / 1_000_000, 'MB'];
  return `${String(Number(value.toFixed(1)))} ${unit}`;
}

/** Sorts by place, drops exact repetitions, and cuts the list at `maxDiagnostics` with a count of the rest. */
export function tidyDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  const unique = diagnostics.filter((diagnostic) => {
    const { location, message, found } = diagnostic;
    const key = JSON.stringify([location?.file, location?.line, location?.column, message, found]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
  const sorted = unique.toSorted(
    (left, right) =>
      (left.location?.line ?? 0) - (right.location?.line ?? 0) ||
      (left.location?.column ?? 0) - (right.location?.column ?? 0),
  );
  if (sorted.length <= maxDiagnostics) {
    return sorted;
  }
  const rest = sorted.length - maxDiagnostics;
  return [...sorted.slice(0, maxDiagnostics), { message: `and ${rest} more problems in this document` }];
}
