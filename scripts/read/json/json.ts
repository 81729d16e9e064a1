/**
 * Reads JSON as plain data, from small records to plan documents of 100 MB.
 *
 * The fast path is one scan for depth, `JSON.parse`, and one walk that counts keys: only when the counts differ (a
 * duplicate key was dropped), or parsing fails, is the text scanned again slowly to find the places. Places of values
 * are computed when somebody asks for one, so a large document that is fine never pays for them.
 */
import type { Diagnostic, Json, Parsed, SourceLocation } from '../../plan/types.ts';
import { sizeProblem, tidyDiagnostics } from '../document.ts';
import type { LocatedDocument } from '../document.ts';
import { placeFinder, withoutByteOrderMark } from '../document-text.ts';
import { JsonLocator } from './locate.ts';
import { outlineJson } from '../../json/outline.ts';
import { excess, limits, type Limits } from '../../json/limits.ts';
import { findJsonProblems } from './scan.ts';

/**
 * Parses one JSON document. Never throws: size, depth, syntax, duplicate keys, keys that could pollute prototypes and
 * numbers that would be rounded come back as diagnostics with file, line and column. Size, depth and the number of values
 * are checked before anything is built.
 */
export function readJson(text: string, file: string, given: Limits = limits.json): Parsed<LocatedDocument> {
  const tooLarge = sizeProblem(text, file, given.bytes);
  if (tooLarge !== null) {
    return { ok: false, diagnostics: [tooLarge] };
  }
  const source = withoutByteOrderMark(text);
  const outline = outlineJson(source, given);
  const place = placeFinder(source, file);
  if (outline.tooMuch !== null && outline.tooMuch.what !== 'depth') {
    const { what, offset } = outline.tooMuch;
    return { ok: false, diagnostics: [tooMuch(place(offset), excess(what, given))] };
  }
  const value = outline.tooMuch === null ? parse(source) : undefined;
  if (value !== undefined && isFaithful(value, outline.keys)) {
    return { ok: true, value: located(value, source, file) };
  }
  const problems = findJsonProblems(source, place, given.depth);
  return { ok: false, diagnostics: problems.length > 0 ? tidyDiagnostics(problems) : [unlocated(file)] };
}

function parse(source: string): Json | undefined {
  try {
    return JSON.parse(source) as Json;
  } catch {
    // The engine's message differs between versions and often has no place: the scanner finds it instead.
    return undefined;
  }
}

function tooMuch(location: SourceLocation, found: string): Diagnostic {
  return {
    location,
    message: 'there is more in this document than is read',
    found,
    fix: 'check that this is the intended file, and split it if it is',
  };
}

/** Unreachable as long as the scanner knows all that `JSON.parse` refuses; kept so that a gap is never a pass. */
function unlocated(file: string): Diagnostic {
  return {
    location: { file, line: 1, column: 1 },
    message: 'not valid JSON',
    expected: 'one JSON document',
    fix: 'write the document with a JSON tool',
  };
}

/** No key was dropped, none is dangerous, no number was rounded. Iterative: the walk must not depend on the stack. */
function isFaithful(value: Json, keysInText: number): boolean {
  let keys = 0;
  const open: Json[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === 'number') {
      if (!Number.isFinite(next) || (Number.isInteger(next) && !Number.isSafeInteger(next))) {
        return false;
      }
    } else if (Array.isArray(next)) {
      pushCompound(open, next as readonly Json[]);
    } else if (typeof next === 'object' && next !== null) {
      if (Object.hasOwn(next, '__proto__') || Object.hasOwn(next, 'constructor')) {
        return false;
      }
      const values = Object.values(next);
      keys += values.length;
      pushCompound(open, values);
    }
  }
  return keys === keysInText;
}

/** Texts and booleans need no look: leaving them out keeps the stack small. */
function pushCompound(open: Json[], values: readonly Json[]): void {
  for (const value of values) {
    if (typeof value === 'number' || (typeof value === 'object' && value !== null)) {
      open.push(value);
    }
  }
}

function located(value: Json, source: string, file: string): LocatedDocument {
  const place = placeFinder(source, file);
  const locator = new JsonLocator(source);
  let all: Readonly<Record<string, SourceLocation>> | undefined;
  return {
    file,
    value,
    get locations(): Readonly<Record<string, SourceLocation>> {
      all ??= allLocations(locator, place);
      return all;
    },
    locate: (pointer) => place(locator.find(pointer).offset),
    locateKey: (pointer) => {
      const { offset, keyOffset } = locator.find(pointer);
      return place(keyOffset ?? offset);
    },
  };
}

function allLocations(
  locator: JsonLocator,
  place: (offset: number) => SourceLocation,
): Readonly<Record<string, SourceLocation>> {
  const locations: Record<string, SourceLocation> = {};
  for (const { pointer, offset } of locator.all()) {
    locations[pointer] = place(offset);
  }
  return locations;
}
