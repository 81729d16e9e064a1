/** When two rules of a ruleset that no name ties together are one rule that was edited. */
import { isObject, own } from '../../json/json.ts';
import { textPaths, valueAt } from '../path.ts';
import type { Json } from '../types.ts';

/**
 * Share of words that two rules must have in common. An edit leaves the most of a rule as it was; taking two strangers for
 * one rule would hide that one of them begins to act.
 */
export const leastAlike = 0.5;

/** The words of all texts of a rule, and its action; null for what is not a rule. */
export function wordsOfRule(item: Json | undefined): ReadonlySet<string> | null {
  const action = isObject(item) ? own(item, 'action') : undefined;
  if (!isObject(item) || typeof own(item, 'expression') !== 'string' || typeof action !== 'string') {
    return null;
  }
  const { id: _id, ref: _ref, last_updated: _updated, version: _version, ...rest } = item;
  const words = textPaths(rest, () => true).flatMap((path) => {
    const text = valueAt(rest, path);
    return typeof text === 'string' ? (text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []) : [];
  });
  // Kept apart from the words of texts by its blank.
  return new Set([...words, `action ${action}`]);
}

/** Common words by all words, from 0 to 1; rules of different actions have nothing in common. */
export function likeness(a: ReadonlySet<string> | null, b: ReadonlySet<string> | null): number {
  if (a === null || b === null || ![...a].some((word) => word.startsWith('action ') && b.has(word))) {
    return 0;
  }
  const common = [...a].filter((word) => b.has(word)).length;
  return common / (a.size + b.size - common);
}

/** True when nobody gave the rule its `ref`: Cloudflare then takes the rule's id for it. */
export function isMadeUp(item: Json | undefined): boolean {
  const ref = isObject(item) ? own(item, 'ref') : undefined;
  return ref !== undefined && isObject(item) && ref === own(item, 'id');
}
