/** When two rules of a ruleset that no name ties together are one rule that was edited. */
import { isObject, own } from './json.ts';
import { textPaths, valueAt } from './path.ts';
import type { Json } from './types.ts';

/**
 * Share of words that two rules must have in common. An edit leaves the most of a rule as it was; taking two strangers for
 * one rule would hide that one of them begins to act.
 */
export const leastAlike = 0.5;

/** The words of all texts of a rule; null for what is no rule, or one that does something else than stated by `action`. */
export function wordsOfRule(item: Json | undefined): ReadonlySet<string> | null {
  if (
    !isObject(item) ||
    typeof own(item, 'expression') !== 'string' ||
    typeof own(item, 'action') !== 'string'
  ) {
    return null;
  }
  const { id: _id, ref: _ref, last_updated: _updated, version: _version, ...rest } = item;
  const texts = textPaths(rest, () => true).map((path) => String(valueAt(rest, path)));
  return new Set([
    ...texts.flatMap((text) => text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []),
    action(item),
  ]);
}

/** Common words by all words, from 0 to 1; rules of different actions have nothing in common. */
export function likeness(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): number {
  if (a === null || b === null || ![...a].some((word) => word.startsWith('action ') && b.has(word))) {
    return 0;
  }
  const common = [...a].filter((word) => b.has(word)).length;
  return common / (a.size + b.size - common);
}

/** Kept apart from the words of texts by its blank. */
function action(item: Json): string {
  return `action ${isObject(item) ? String(own(item, 'action')) : ''}`;
}

/** True when nobody gave the rule its `ref`: Cloudflare then takes the rule's id for it. */
export function isMadeUp(item: Json | undefined): boolean {
  const ref = isObject(item) ? own(item, 'ref') : undefined;
  return ref !== undefined && isObject(item) && ref === own(item, 'id');
}
