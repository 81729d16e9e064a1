/** Sets of texts as the operators of the language describe them. */
import type { ComparisonOperator } from '../../language/ast.ts';
import { readWildcard } from '../../evaluate/wildcard.ts';
import { exactly, globOf } from './globs.ts';
import type { Glob } from './globs.ts';
import { literalRegex } from './literal-regex.ts';

export interface TextSet {
  readonly exact: ReadonlySet<string>;
  readonly globs: readonly Glob[];
}

/** The texts that a comparison with one literal holds for (`ne`: does not hold for); null for other operators. */
export function globsOf(operator: ComparisonOperator, text: string): readonly Glob[] | null {
  if (operator === 'eq' || operator === 'ne' || operator === 'in') {
    return [exactly(text)];
  }
  if (operator === 'contains') {
    return [globOf(['', text, ''], false)];
  }
  if (operator === 'wildcard' || operator === 'strict wildcard') {
    return [globOf(readWildcard(text).parts, operator === 'wildcard')];
  }
  return operator === 'matches' ? literalRegex(text) : null;
}

/** A text that lower() or upper() can give stands for all spellings of it; any other for none. */
export function textSet(globs: readonly Glob[], letters: 'lower' | 'upper' | null): TextSet {
  const never = letters === 'lower' ? /[A-Z]/u : /[a-z]/u;
  const folded =
    letters === null
      ? globs
      : globs
          .filter((glob) => glob.anyCase || !glob.parts.some((part) => never.test(part)))
          .map((glob) => globOf(glob.parts, true));
  const plain = folded.filter(({ parts, anyCase }) => parts.length === 1 && !anyCase);
  return {
    exact: new Set(plain.map(({ parts }) => parts[0] ?? '')),
    globs: folded.filter((glob) => !plain.includes(glob)),
  };
}
