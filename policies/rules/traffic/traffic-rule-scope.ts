import { endIn } from '../../emergency/expiry.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import { ruleText, ruleValue, type RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isEnabled } from '../../reading/rulesets/skip-rules.ts';
import { isObject } from '../../../scripts/json/json.ts';

/** Actions that send requests elsewhere or override the settings of the zone for them. */
const steering: ReadonlySet<string> = new Set(['redirect', 'route', 'set_config']);

export const trafficRuleScope = defineRule({
  id: 'traffic-rule-scope',
  title: 'Redirects, origin rules and configuration rules are confined to what they are for',
  area: 'estate',
  severity: 'deny',
  why: 'One that matches nearly every request moves or reconfigures the whole zone, whatever its expression looks like.',
  fix: 'Add the host, path, addresses or list that it is for, as a comparison that holds; for all of it change the zone.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of redirect, origin and configuration rules',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(
        (pair) => isEnabled(pair, 'after') && steering.has(ruleText(pair, 'after', ['action']) ?? ''),
      ),
      'no rule that redirects, routes or configures is added or changed',
      (pair) => {
        if (isUnderAttackMode(pair)) {
          return fine;
        }
        const reading = pair.expression();
        if (reading.kind === 'unknown' || (reading.kind === 'known' && !reading.analysis.parsed)) {
          return doubt(pair.subject, 'what the rule is for cannot be read');
        }
        return reading.kind === 'known' && reading.analysis.confinedBy.length > 0
          ? fine
          : finding(
              pair.subject,
              'nothing positive confines the rule',
              'a host, a path, addresses or a list that every matching request has',
            );
      },
    ),
});

/** An attack is on the whole zone: every visitor is challenged until a day that is said, and nothing else is set. */
function isUnderAttackMode(pair: RulesetRuleChange): boolean {
  const parameters = ruleValue(pair, 'after', ['action_parameters']);
  if (parameters.kind !== 'known' || !isObject(parameters.value)) {
    return false;
  }
  const set = Object.entries(parameters.value).filter(([, value]) => value !== null);
  return (
    ruleText(pair, 'after', ['action']) === 'set_config' &&
    set.every(([name, value]) => name === 'security_level' && value === 'under_attack') &&
    set.length === 1 &&
    endIn(ruleText(pair, 'after', ['description']) ?? '') !== null
  );
}
