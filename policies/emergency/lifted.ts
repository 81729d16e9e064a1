/** Taking out an emergency move that is over: nothing that stood before it goes, and it was agreed to for a time only. */
import type { RuleContext } from '../model/finding.ts';
import { ruleText } from '../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../reading/rulesets/rules.ts';
import { isEnabled, isStopping, stoppingActions } from '../reading/rulesets/skip-rules.ts';
import type { Side } from '../reading/values.ts';
import { daysOver, endIn } from './expiry.ts';

/**
 * Whether a rule that goes was a move whose day is over, or whose incident is. Its ref names the incident as well: a rule
 * that stood before cannot come to have one without being seen to go.
 */
export function isLifted(
  pair: RulesetRuleChange,
  { now, incidents }: Pick<RuleContext, 'incidents' | 'now'>,
): boolean {
  const end = endIn(ruleText(pair, 'before', ['description']) ?? '');
  if (
    pair.after !== null ||
    end === null ||
    pair.ref?.startsWith(`${end.incident.toLowerCase()}-`) !== true
  ) {
    return false;
  }
  const incident = incidents.find(({ id }) => id === end.incident);
  return daysOver(end, now) > 0 || incident?.state === 'resolved';
}

/** What the constructs write between the description of a rule and the end of the move that switched it off. */
const mark = '; switched off; expires ';

/** What the rule was called before an emergency switched it off; null where none did. */
function markedText(pair: RulesetRuleChange, side: Side): string | null {
  const description = ruleText(pair, side, ['description']) ?? '';
  const at = description.lastIndexOf(mark);
  return at < 0 || endIn(description) === null ? null : description.slice(0, at);
}

/** Whether a rule that an emergency switched off comes back as it was. */
export function isBackOn(pair: RulesetRuleChange): boolean {
  const was = markedText(pair, 'before');
  return was !== null && was === ruleText(pair, 'after', ['description']) && doesSame(pair);
}

/**
 * The day until which an emergency had switched off a rule that stays off for longer, or goes; null for every other one.
 * That it is off was agreed to for a time only.
 */
export function offUntil(pair: RulesetRuleChange): string | null {
  const end = endIn(ruleText(pair, 'before', ['description']) ?? '');
  if (end === null || markedText(pair, 'before') === null || isEnabled(pair, 'after')) {
    return null;
  }
  const now = endIn(ruleText(pair, 'after', ['description']) ?? '');
  return now !== null && now.expires <= end.expires ? null : end.expires;
}

/** Whether a rule gets the description of one that was switched off, or is edited while it has it: it would come back unseen. */
export function isFalselyOff(pair: RulesetRuleChange): boolean {
  const was = markedText(pair, 'after');
  if (was === null || !stoppingActions.has(ruleText(pair, 'after', ['action']) ?? '')) {
    return false;
  }
  const stopped = isStopping(pair, 'before') && ruleText(pair, 'before', ['description']) === was;
  return !(doesSame(pair) && (stopped || markedText(pair, 'before') === was));
}

/** What cannot be read is not the same. */
function doesSame(pair: RulesetRuleChange): boolean {
  return (['action', 'expression'] as const).every((name) => {
    const after = ruleText(pair, 'after', [name]);
    return after !== null && ruleText(pair, 'before', [name]) === after;
  });
}
