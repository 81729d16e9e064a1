/**
 * Sets of texts as patterns: the parts must occur in this order, the first at the beginning, the last at the end, with
 * anything between them. One part alone is that text exactly. `eq`, `contains`, `starts_with`, `ends_with` and both
 * wildcards are all of this form, so that one rule of inclusion and one of disjointness serve them all.
 */
import { asciiLower } from '../../evaluate/wildcard.ts';

export interface Glob {
  readonly parts: readonly string[];
  /** ASCII letters match in either case; the parts are lower-case then. */
  readonly anyCase: boolean;
}

export function globOf(parts: readonly string[], anyCase: boolean): Glob {
  return { parts: anyCase ? parts.map(asciiLower) : parts, anyCase };
}

export function exactly(text: string): Glob {
  return { parts: [text], anyCase: false };
}

/** Stands for a letter of either case; no byte of a text is this. */
const eitherCase = '\u0100';

/** True when every text of `inner` is one of `outer`. False only means that it is not shown. */
export function globIncludes(outer: Glob, inner: Glob): boolean {
  const parts = comparableParts(outer, inner);
  const first = outer.parts[0] ?? '';
  const last = outer.parts.at(-1) ?? '';
  const innerFirst = parts[0] ?? '';
  const innerLast = parts.at(-1) ?? '';
  if (outer.parts.length === 1) {
    return parts.length === 1 && innerFirst === first;
  }
  if (!innerFirst.startsWith(first) || !innerLast.endsWith(last)) {
    return false;
  }
  const isTooShort = parts.length === 1 && innerFirst.length < first.length + last.length;
  return !isTooShort && hasMiddle(outer.parts, parts);
}

function comparableParts(outer: Glob, inner: Glob): readonly string[] {
  if (outer.anyCase) {
    return inner.anyCase ? inner.parts : inner.parts.map(asciiLower);
  }
  return inner.anyCase ? inner.parts.map((part) => part.replaceAll(/[a-z]/gu, eitherCase)) : inner.parts;
}

/** Looks for the middle parts of `outer` in turn, each inside one part of the other. */
function hasMiddle(outer: readonly string[], inner: readonly string[]): boolean {
  const lastLength = outer.at(-1)?.length ?? 0;
  let at = 0;
  let offset = outer[0]?.length ?? 0;
  for (const part of outer.slice(1, -1)) {
    for (;;) {
      const text = inner[at];
      if (text === undefined) {
        return false;
      }
      const end = at === inner.length - 1 ? text.length - lastLength : text.length;
      const found = text.indexOf(part, offset);
      if (found !== -1 && found + part.length <= end) {
        offset = found + part.length;
        break;
      }
      at += 1;
      offset = 0;
    }
  }
  return true;
}

/** True when no text is in both. False only means that it is not shown. */
export function areDisjoint(a: Glob, b: Glob): boolean {
  const [x, y] = a.anyCase === b.anyCase ? [a, b] : [globOf(a.parts, true), globOf(b.parts, true)];
  if (x.parts.length === 1) {
    return y.parts.length === 1 ? x.parts[0] !== y.parts[0] : !globIncludes(y, x);
  }
  if (y.parts.length === 1) {
    return !globIncludes(x, y);
  }
  return (
    conflict(x.parts[0] ?? '', y.parts[0] ?? '', (long, short) => long.startsWith(short)) ||
    conflict(x.parts.at(-1) ?? '', y.parts.at(-1) ?? '', (long, short) => long.endsWith(short))
  );
}

function conflict(a: string, b: string, fits: (long: string, short: string) => boolean): boolean {
  return a.length >= b.length ? !fits(a, b) : !fits(b, a);
}
