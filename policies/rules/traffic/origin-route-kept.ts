import { zoneName } from '../../reading/estate-context.ts';
import { ruleText, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isEnabled } from '../../reading/rulesets/skip-rules.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const originRouteKept = defineRule({
  id: 'origin-route-kept',
  title: 'Origin rules send requests to hosts of their zone',
  area: 'estate',
  severity: 'deny',
  why: 'Whoever answers in place of the origin sees every cookie and form of the requests it is sent.',
  fix: 'Name a host of the zone and point that at the origin, or ask security for a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of origin rules',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(
        (pair) => isEnabled(pair, 'after') && ruleText(pair, 'after', ['action']) === 'route',
      ),
      'no origin rule is added or changed',
      judge,
    ),
});

function judge(pair: RulesetRuleChange): Judgement {
  const zone = zoneName(pair.change);
  const host = ruleValue(pair, 'after', ['action_parameters', 'origin', 'host']);
  if (host.kind === 'absent') {
    return fine;
  }
  if (host.kind === 'unknown' || typeof host.value !== 'string' || zone === null) {
    return doubt(pair.subject, 'whether the origin is a host of the zone cannot be told');
  }
  const name = host.value.toLowerCase().replace(/\.$/, '');
  return name === zone || name.endsWith(`.${zone}`)
    ? fine
    : finding(pair.subject, `sends requests to ${name}`, `a host of ${zone}`);
}
