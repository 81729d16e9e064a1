import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isInPhase, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isEnabled } from '../../reading/rulesets/skip-rules.ts';

/** Settings of a configuration rule that take protection away, with the values that do. */
const weakValues: Readonly<Record<string, readonly (string | boolean)[]>> = {
  ssl: ['off', 'flexible'],
  security_level: ['off', 'essentially_off'],
  bic: [false],
  automatic_https_rewrites: [false],
};

export const configRuleWeakening = defineRule({
  id: 'config-rule-weakening',
  title: 'Configuration rules do not weaken security settings',
  area: 'estate',
  severity: 'deny',
  why: 'A configuration rule overrides the zone setting for whatever it matches, so the zone still looks safe.',
  fix: 'Leave ssl, security_level, bic and automatic_https_rewrites out of the rule, or ask security for a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of configuration rules',
  protects: 'security',
  waivable: true,
  kinds: Object.keys(weakValues),
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(
        (pair) =>
          pair.after?.['action'] === 'set_config' &&
          isInPhase(pair, 'http_config_settings') &&
          isEnabled(pair, 'after'),
      ),
      'no configuration rule is added or changed',
      judge,
    ),
});

function judge(pair: RulesetRuleChange): Judgement {
  return Object.entries(weakValues).flatMap(([name, weak]) => {
    const after = ruleValue(pair, 'after', ['action_parameters', name]);
    if (after.kind === 'unknown') {
      return doubt(pair.subject, `${name} is known only after apply`, name);
    }
    const seen = after.kind === 'known' ? weak.find((value) => value === after.value) : undefined;
    return seen === undefined
      ? fine
      : finding(pair.subject, `sets ${name} = ${String(seen)}`, `no weaker ${name}`, { kind: name });
  });
}
