import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { readValue } from '../../reading/values.ts';

/** Settings of a page rule that take protection away, with the values that do. */
const weakValues: Readonly<Record<string, readonly (string | boolean)[]>> = {
  disable_security: [true, 'on'],
  ssl: ['off', 'flexible'],
  waf: ['off'],
  security_level: ['off', 'essentially_off'],
  browser_check: ['off'],
  automatic_https_rewrites: ['off'],
};

export const pageRuleWeakening = defineRule({
  id: 'page-rule-weakening',
  title: 'Page rules do not weaken security settings',
  area: 'estate',
  severity: 'deny',
  why: 'A page rule overrides the zone for every address it matches, so the zone still looks safe.',
  fix: 'Leave disable_security, ssl, waf, security_level, browser_check and automatic_https_rewrites out of the rule.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of page rules',
  protects: 'security',
  waivable: true,
  kinds: Object.keys(weakValues),
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_page_rule').filter((change) => change.after !== null),
      'no page rule is created or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  return Object.entries(weakValues).flatMap(([name, weak]) => {
    const value = readValue(change, 'after', ['actions', name]);
    const subject = subjectOf(change, `actions.${name}`);
    if (value.kind === 'unknown') {
      return doubt(subject, `${name} is known only after apply`, name);
    }
    const seen = value.kind === 'known' ? weak.find((one) => one === value.value) : undefined;
    return seen === undefined
      ? fine
      : finding(subject, `sets ${name} = ${String(seen)}`, `no weaker ${name}`, { kind: name });
  });
}
