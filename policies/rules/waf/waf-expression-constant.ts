import { tautologies } from '../../../scripts/waf/reason/tautologies.ts';
import type { ExpressionAnalysis } from '../../../scripts/waf/language/types.ts';
import { show } from '../../reading/estate-context.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isEnabled, isStopping } from '../../reading/rulesets/skip-rules.ts';

export const wafExpressionConstant = defineRule({
  id: 'waf-expression-constant',
  title: 'A rule that stops requests does not match everything',
  area: 'estate',
  severity: 'deny',
  why: 'A block or challenge that is always true takes the whole zone or host offline; one that is never true protects nothing.',
  fix: 'Confine the expression by host, path or address (`a ne 1 or a ne 2` is always true: join with and); to close a whole site use a maintenance page.',
  since: '2026-11-23',
  source: 'Cloudflare Rules language reference',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter((pair) => isEnabled(pair, 'after')),
      'no enabled rule is added or changed',
      judge,
    ),
});

function judge(pair: RulesetRuleChange): Judgement {
  const reading = pair.expression();
  if (reading.kind === 'unknown' && isStopping(pair, 'after')) {
    return doubt(pair.subject, 'the expression of a rule that stops requests is known only after apply');
  }
  if (reading.kind !== 'known' || !reading.analysis.parsed) {
    return fine;
  }
  if (reading.analysis.constant === true && isStopping(pair, 'after')) {
    return finding(pair.subject, 'it stops every request', 'an expression that depends on the request');
  }
  const [part] =
    isStopping(pair, 'after') && reading.analysis.constant === null ? tautologies(reading.read) : [];
  if (part !== undefined) {
    return finding(
      pair.subject,
      partText(part, reading.analysis.hosts),
      'parts that some request does not satisfy',
    );
  }
  return reading.analysis.constant === false
    ? finding(pair.subject, 'it can never match', 'an expression that some request satisfies', {
        severity: 'warn',
      })
    : fine;
}

/** The part that narrows nothing leaves the rest: it stops everything there. */
function partText(part: string, hosts: ExpressionAnalysis['hosts']): string {
  const where =
    typeof hosts === 'string' ? 'that the rest matches' : `of ${hosts.join(', ')} that the rest matches`;
  return `${show(part)} is always true: it stops every request ${where}`;
}
