/** Taking out an emergency move that is over: nothing that stood before it goes, and it was agreed to for a time only. */
import type { RuleContext } from '../model/finding.ts';
import { ruleText } from '../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../reading/rulesets/rules.ts';
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
