/** Regular expressions that are plain text with anchors, alternatives of such, or `(?i)` before them. */
import { compileRegex } from '../../evaluate/regex.ts';
import { globOf } from './globs.ts';
import type { Glob } from './globs.ts';

/** More alternatives than this are not taken apart. */
const maxAlternatives = 64;

const plainText = /^(?:[A-Za-z0-9 _/\-%=&@~:,;<>#!'"]|\\[./?+*()[\]{}|^$\\-])*$/u;
const oneGroup =
  /^((?:[^()[\]|\\]|\\.)*)(?:\((?:\?:)?((?:[^()[\]\\]|\\.)*)\)((?:[^()[\]|\\?*+{]|\\.)(?:[^()[\]|\\]|\\.)*)?)?$/u;

/** The texts that the pattern finds itself in; null when it is not of this kind. */
export function literalRegex(pattern: string): readonly Glob[] | null {
  if (typeof compileRegex(pattern) === 'string') {
    return null;
  }
  const anyCase = pattern.startsWith('(?i)');
  const body = anyCase ? pattern.slice(4) : pattern;
  const alternatives = expand(body);
  if (alternatives === null || alternatives.length > maxAlternatives) {
    return null;
  }
  const globs = alternatives.map((text) => globOfText(text, anyCase));
  return globs.every((glob) => glob !== null) ? globs : null;
}

function expand(body: string): readonly string[] | null {
  if (!body.includes('(')) {
    return splitAlternatives(body);
  }
  const [, before = '', inner, after = ''] = oneGroup.exec(body) ?? [];
  return inner === undefined ? null : splitAlternatives(inner).map((text) => before + text + after);
}

function splitAlternatives(text: string): readonly string[] {
  return (text.match(/(?:[^|\\]|\\.)+|\|/gu) ?? ['']).reduce<string[]>(
    (found, piece) =>
      piece === '|' ? [...found, ''] : [...found.slice(0, -1), (found.at(-1) ?? '') + piece],
    [''],
  );
}

function globOfText(pattern: string, anyCase: boolean): Glob | null {
  const isStart = pattern.startsWith('^');
  const isEnd = pattern.endsWith('$') && !pattern.endsWith('\\$');
  const inner = pattern.slice(isStart ? 1 : 0, isEnd ? -1 : undefined);
  // What may be there or not, at an end where anything may stand, says nothing.
  const text = isEnd ? inner : inner.replace(/(?<!\\)\.\*$/u, '');
  if (!plainText.test(text)) {
    return null;
  }
  const literal = text.replaceAll(/\\(.)/gu, '$1');
  const parts = [...(isStart ? [] : ['']), literal, ...(isEnd ? [] : [''])];
  return globOf(parts, anyCase);
}
