import { zoneName } from '../../reading/estate-context.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { ExpressionReading, RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isStopping } from '../../reading/rulesets/skip-rules.ts';

export const wafHostScope = defineRule({
  id: 'waf-host-scope',
  title: 'A rule that stops requests is confined to hosts of its zone',
  area: 'estate',
  severity: 'deny',
  why: 'A rule of the account without a host acts on every client; one that names another zone never matches.',
  fix: 'Name the hosts the rule is for, and put it into the ruleset of their zone.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of account and zone rulesets',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter((pair) => isStopping(pair, 'after')),
      'no rule that stops requests is added or changed',
      judge,
    ),
});

function judge(pair: RulesetRuleChange): Judgement {
  const reading = pair.expression();
  if (reading.kind !== 'known' || !reading.analysis.parsed) {
    return fine; // Judged by waf-expression-valid.
  }
  return pair.change.zone === null ? judgeAccountRule(pair, reading) : judgeZoneRule(pair, reading);
}

function judgeAccountRule(
  pair: RulesetRuleChange,
  reading: ExpressionReading & { kind: 'known' },
): Judgement {
  switch (reading.analysis.hosts) {
    case 'all':
      return finding(
        pair.subject,
        'it acts on every host of the account',
        'an expression confined to named hosts',
      );
    case 'unknown':
      return doubt(pair.subject, 'which hosts an account-wide rule acts on cannot be told');
    default:
      return fine;
  }
}

function judgeZoneRule(pair: RulesetRuleChange, reading: ExpressionReading & { kind: 'known' }): Judgement {
  const zone = zoneName(pair.change);
  const { hosts } = reading.analysis;
  if (zone === null || typeof hosts === 'string') {
    return fine;
  }
  const foreign = hosts.filter((host) => host !== zone && !host.endsWith(`.${zone}`));
  return foreign.length === 0
    ? fine
    : finding(pair.subject, `names ${foreign.join(', ')}`, `hosts of ${zone}`, { severity: 'warn' });
}
