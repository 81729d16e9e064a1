/**
 * Checks on a text before it is parsed, shared by the readers: characters that no reviewer can see, and offsets to
 * line and column.
 */
import type { Diagnostic, SourceLocation } from '../plan/types.ts';
import { findInvisible } from '../plan/visible.ts';

/** A byte order mark is not content. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}

/** Turns offsets into places. Lines end with LF or CRLF; columns count UTF-16 code units from 1. */
export function placeFinder(text: string, file: string): (offset: number) => SourceLocation {
  let starts: readonly number[] | undefined;
  return (offset) => {
    starts ??= lineStarts(text);
    const line = lastAtOrBelow(starts, offset);
    return { file, line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

function lastAtOrBelow(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((sorted[middle] ?? 0) <= wanted) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}

/** Refuses what is not readable text at all: undecodable bytes, control characters, text-direction marks. */
export function textProblem(text: string, place: (offset: number) => SourceLocation): Diagnostic | null {
  const undecodable = text.indexOf('\uFFFD');
  if (undecodable >= 0) {
    return {
      location: place(undecodable),
      message: 'the file is not valid UTF-8 text',
      expected: 'text saved as UTF-8',
      found: 'bytes that do not decode, or the replacement character U+FFFD',
      fix: 'save the file as UTF-8 and retype the damaged characters',
    };
  }
  const hidden = findInvisible(text);
  if (hidden === null) {
    return null;
  }
  return {
    location: place(hidden.offset),
    message: 'the text contains a character that a reader cannot see',
    expected: 'printable text, spaces and line ends',
    found: hidden.name,
    fix: 'delete the character',
  };
}
