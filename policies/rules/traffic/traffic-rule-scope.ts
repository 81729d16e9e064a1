import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import { ruleText } from '../../reading/rulesets/rules.ts';
import { isEnabled } from '../../reading/rulesets/skip-rules.ts';

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
