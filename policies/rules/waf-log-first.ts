import { loggedRule } from '../../scripts/plan/logged-rule.ts';
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
  return (
    ruleValue(pair, 'after', ['action']).kind === 'unknown' ||
    (isStopping(pair, 'after') && (!isStopping(pair, 'before') || !hasSameExpression(pair)))
  );
}

function judge(pair: RulesetRuleChange, context: RuleContext): Judgement {
  const required = requiredAge(context);
  if (ruleValue(pair, 'after', ['action']).kind === 'unknown' || pair.expression().kind === 'unknown') {
    return doubt(pair.subject, 'its action or expression is known only after apply');
  }
  if (isStopping(pair, 'before')) {
    return finding(pair.subject, 'a rule that stops requests gets another expression', required, {
      severity: 'warn',
    });
  }
  const wasLogged = ruleText(pair, 'before', ['action']) === 'log';
  const loggedSince = firstLogged(pair, context.history);
  if (!wasLogged && loggedSince === null) {
    return finding(pair.subject, `starts with action ${ruleText(pair, 'after', ['action']) ?? ''}`, required);
  }
  if (wasLogged && !hasSameExpression(pair)) {
    return finding(pair.subject, 'its expression is not the one that was logged', required);
  }
  return judgeAge(pair, context, loggedSince);
}

/** Without an entry that says since when, a rule is at least as old as the last release of its stack. */
function judgeAge(pair: RulesetRuleChange, context: RuleContext, loggedSince: number | null): Judgement {
  const required = requiredAge(context);
  const since = loggedSince ?? lastRelease(pair.change.stack, context.history);
  const age = (Date.parse(context.now) - since) / hourMs;
  // A time that cannot be read is no age.
  if (!(age >= context.policy.thresholds.logModeHours)) {
    const seen =
      loggedSince === null
        ? 'the ledger does not say since when it logs this expression, and the stack was released since'
        : `in log mode for ${Math.floor(age)} hours`;
    return finding(pair.subject, seen, required);
  }
  return loggedSince === null
    ? finding(pair.subject, 'was in log mode; the ledger does not say since when', required, {
        severity: 'warn',
      })
    : fine;
}

function requiredAge({ policy }: RuleContext): string {
  return `the same expression in log mode for at least ${policy.thresholds.logModeHours} hours`;
}

/**
 * When the unbroken run of logging this expression up to now began, by the releases of the rule's stack; null when it is
 * not logged now.
 */
function firstLogged(pair: RulesetRuleChange, history: readonly PastRelease[]): number | null {
  const expression = ruleText(pair, 'after', ['expression']);
  if (expression === null) {
    return null;
  }
  const wanted = loggedRule(pair.subject, expression);
  const newestFirst = successful(pair.change.stack, history).toSorted(
    (a, b) => Date.parse(b.at) - Date.parse(a.at),
  );
  let since: number | null = null;
  for (const release of newestFirst) {
    if (!release.loggedRules.includes(wanted)) {
      break;
    }
    since = Date.parse(release.at);
  }
  return since;
}

/** What was rolled back or failed did not stay live: it neither proves log mode nor ends it. */
function successful(stack: string, history: readonly PastRelease[]): readonly PastRelease[] {
  return history.filter((release) => release.stack === stack && release.result.startsWith('successful'));
}

/** When what is live came about: a rule of it is at least as old as that. Before all times when no release says so. */
function lastRelease(stack: string, history: readonly PastRelease[]): number {
  return Math.max(...successful(stack, history).map(({ at }) => Date.parse(at)));
}

function hasSameExpression(pair: RulesetRuleChange): boolean {
  const after = ruleText(pair, 'after', ['expression']);
  return after !== null && ruleText(pair, 'before', ['expression']) === after;
}
