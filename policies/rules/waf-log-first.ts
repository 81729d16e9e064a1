import type { PastRelease } from '../model/facts.ts';
import type { RuleContext } from '../model/finding.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { customPhase } from '../reading/ruleset-phases.ts';
import { isInPhase, ruleText, ruleValue } from '../reading/ruleset-rules.ts';
import type { RulesetRuleChange } from '../reading/ruleset-rules.ts';
import { countsAsProduction } from '../reading/reach.ts';
import { isStopping } from '../reading/skip-rules.ts';

const hourMs = 3_600_000;

export const wafLogFirst = defineRule({
  id: 'waf-log-first',
  title: 'A rule that stops requests has been seen in log mode first',
  area: 'estate',
  severity: 'deny',
  why: 'A new block rule that is wrong turns real visitors away at once; in log mode the same mistake only shows in the log.',
  fix: 'Release the rule with action log, look at what it matches for the time the threshold asks for, then change the action.',
  since: '2026-11-23',
  source: 'Threshold logModeHours; Cloudflare documentation of the log action',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(
        (pair) =>
          isInPhase(pair, customPhase) && countsAsProduction(context, pair.change) && isNewlyStopping(pair),
      ),
      'no rule in production starts to stop requests',
      (pair) => judge(pair, context),
    ),
});

/** New, newly enabled, turned to a stopping action, or stopping with another expression than before. */
function isNewlyStopping(pair: RulesetRuleChange): boolean {
  if (pair.after === null || ruleValue(pair, 'after', ['action']).kind === 'unknown') {
    return pair.after !== null;
  }
  return isStopping(pair, 'after') && (!isStopping(pair, 'before') || !hasSameExpression(pair));
}

function judge(pair: RulesetRuleChange, context: RuleContext): Judgement {
  const hours = context.policy.thresholds.logModeHours;
  const required = `the same expression in log mode for at least ${hours} hours`;
  if (ruleValue(pair, 'after', ['action']).kind === 'unknown' || pair.expression().kind === 'unknown') {
    return doubt(pair.subject, 'its action or expression is known only after apply');
  }
  if (isStopping(pair, 'before')) {
    return finding(pair.subject, 'a rule that stops requests gets another expression', required, {
      severity: 'warn',
    });
  }
  const wasLogged = ruleText(pair, 'before', ['action']) === 'log';
  const loggedSince = firstLogged(pair.subject, context.history);
  if (!wasLogged && loggedSince === null) {
    return finding(pair.subject, `starts with action ${ruleText(pair, 'after', ['action']) ?? ''}`, required);
  }
  if (wasLogged && !hasSameExpression(pair)) {
    return finding(pair.subject, 'its expression is not the one that was logged', required);
  }
  if (loggedSince === null) {
    return finding(pair.subject, 'was in log mode; the ledger does not say since when', required, {
      severity: 'warn',
    });
  }
  const loggedHours = (Date.parse(context.now) - loggedSince) / hourMs;
  return loggedHours >= hours
    ? fine
    : finding(pair.subject, `in log mode for ${Math.floor(loggedHours)} hours`, required);
}

/** When the unbroken run of log mode up to now began, by the releases of the rule's stack; null when it is not logged now. */
function firstLogged(subject: string, history: readonly PastRelease[]): number | null {
  const stack = subject.split('/')[0] ?? '';
  const newestFirst = history
    // What was rolled back or failed did not stay live: it neither proves log mode nor ends it.
    .filter((release) => release.stack === stack && release.result.startsWith('successful'))
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  let since: number | null = null;
  for (const release of newestFirst) {
    if (!release.loggedRules.includes(subject)) {
      break;
    }
    since = Date.parse(release.at);
  }
  return since;
}

function hasSameExpression(pair: RulesetRuleChange): boolean {
  const after = ruleText(pair, 'after', ['expression']);
  return after !== null && ruleText(pair, 'before', ['expression']) === after;
}
