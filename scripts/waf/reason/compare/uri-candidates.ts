/** Targets of requests that may tell tests of a URI and of its parts from each other. They are only tried. */
import type { Expression } from '../../language/ast.ts';
import { walkExpression } from '../../language/walk.ts';
import { onlySource } from './terms.ts';
import { textsIn } from './test-texts.ts';

const partOfUri = /^(?:raw\.)?http\.request\.(?:uri(?:\.path|\.query|\.path\.extension)?|full_uri)$/u;

/** Texts that are tried, and targets that are made of them. */
const maxTexts = 8;
const maxTargets = 48;

/** Empty unless the expressions are about more than one of URI, path, query and full URI. */
export function uriCandidates(expressions: readonly Expression[]): readonly string[] {
  const fields = new Set<string>();
  const texts = new Set<string>();
  const look = (test: Expression): void => {
    const value = test.kind === 'comparison' ? test.left : test.kind === 'truth' ? test.value : null;
    const name = (value === null ? null : onlySource(value))?.name ?? '';
    if (partOfUri.test(name)) {
      fields.add(name);
      textsIn(test)
        .filter(isPartOfTarget)
        .forEach((text) => texts.add(text));
    }
  };
  for (const expression of expressions) {
    walkExpression(expression, { expression: look });
  }
  return fields.size < 2
    ? []
    : [...new Set([...texts].slice(0, maxTexts).flatMap(targetsWith))].slice(0, maxTargets);
}

/** No blank and no control character stands in a target. */
function isPartOfTarget(text: string): boolean {
  return text !== '' && /^[!-~]+$/u.test(text);
}

/** The text as path, as query, at the end, in the middle, and in a spelling that normalization takes away. */
function targetsWith(text: string): readonly string[] {
  const path = text.startsWith('/') ? text : `/${text}`;
  return [`/?${text}`, path, `${path}?x`, `/x${text}`, `/x?x${text}`, `/.${path}`, path.toUpperCase()];
}
