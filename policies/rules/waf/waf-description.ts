import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import { ruleText, ruleValue } from '../../reading/rulesets/rules.ts';

export const wafDescription = defineRule({
  id: 'waf-description',
  title: 'Every rule says what it is for',
  area: 'estate',
  severity: 'warn',
  why: 'At three in the morning the description is all that tells why a rule exists.',
  fix: 'Add a description of a few words: what is stopped or allowed, and for whom.',
  since: '2026-11-23',
  source: 'Sluice convention',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.editedRules.filter((pair) => pair.after !== null),
      'no rule is added or changed',
      (pair) => {
        const text = ruleText(pair, 'after', ['description'])?.trim() ?? '';
        const isUnknown = ruleValue(pair, 'after', ['description']).kind === 'unknown';
        return isUnknown || text.length >= 5
          ? fine
          : finding(pair.subject, text === '' ? 'no description' : text, 'a description');
      },
    ),
});
