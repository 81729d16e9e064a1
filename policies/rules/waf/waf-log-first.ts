import { loggedPart, loggedRule } from '../../../scripts/plan/logged-rule.ts';
import type { Baseline } from '../../model/facts.ts';
import type { RuleContext } from '../../model/finding.ts';
import { managedStarts } from '../../reading/rulesets/managed-starts.ts';
import type { ManagedStart } from '../../reading/rulesets/managed-starts.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { isBackOn, isFalselyOff } from '../../emergency/lifted.ts';
import { defineRule, doubt, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { customPhase, managedWafPhase } from '../../reading/rulesets/phases.ts';
import { isInPhase, ruleText, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { countsAsProduction } from '../../reading/places/reach.ts';
import { isEnabled, isStopping } from '../../reading/rulesets/skip-rules.ts';

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
  evaluate: (context) => {
    const { rulesetRules, editedRules } = context.index;
    const pairs = rulesetRules.filter((pair) => countsAsProduction(context, pair.change));
    const described = editedRules.filter((pair) => countsAsProduction(context, pair.change));
    const starting = new Set([
      ...pairs.filter((pair) => isInPhase(pair, customPhase) && isNewlyStopping(pair)),
      ...described.filter((pair) => isInPhase(pair, customPhase) && isFalselyOff(pair)),
    ]);
    const managed = pairs.flatMap(managedStarts).filter((start) => !isOfNewZone(start.pair, context));
    const elsewhere = pairs.filter((pair) => runsElsewhere(pair));
    return starting.size + managed.length + elsewhere.length === 0
      ? notApplicable('no rule in production starts to stop requests')
      : judged([
          ...[...starting].flatMap((pair) => judge(pair, context)),
          ...managed.flatMap((start) => judgeManaged(start, context)),
          ...elsewhere.flatMap((pair) => otherExpression(pair, context)),
        ]);
  },
});

/** A zone that comes with the change has no visitors yet. */
function isOfNewZone({ change }: RulesetRuleChange, { index }: RuleContext): boolean {
  return changesOf(index, 'cloudflare_zone').some(
    (zone) => zone.before === null && zone.zone !== null && zone.zone === change.zone,
  );
}

/** A managed ruleset that stays gets another expression. */
function runsElsewhere(pair: RulesetRuleChange): boolean {
  return (
    isInPhase(pair, managedWafPhase) &&
    (['before', 'after'] as const).every(
      (side) => isEnabled(pair, side) && ruleText(pair, side, ['action']) === 'execute',
    ) &&
    !hasSameExpression(pair)
  );
}

function otherExpression(pair: RulesetRuleChange, context: RuleContext): Judgement {
  return finding(pair.subject, 'a rule that stops requests gets another expression', requiredAge(context), {
    severity: 'warn',
  });
}

function judgeManaged(
  { pair, part, seen, wasLogged, severity }: ManagedStart,
  context: RuleContext,
): Judgement {
  const required = requiredAge(context);
  if (!wasLogged || pair.before === null || pair.after === null) {
    return finding(pair.subject, seen, required, severity === 'warn' ? { severity } : {});
  }
  if (!hasSameExpression(pair)) {
    return finding(pair.subject, `${seen}; its expression is not the one that was logged`, required);
  }
  return judgeAge(
    pair,
    context,
    firstLogged(pair, loggedPart(pair.subject, pair.before, part), context),
    seen,
  );
}

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
  if (isFalselyOff(pair)) {
    return finding(
      pair.subject,
      'is described as switched off by an emergency, and was not as it is now',
      'the description of a rule that an emergency switches off now',
    );
  }
  if (isStopping(pair, 'before')) {
    return otherExpression(pair, context);
  }
  if (isBackOn(pair)) {
    return finding(pair.subject, 'comes back as it was before an emergency switched it off', required, {
      severity: 'warn',
    });
  }
  const wasLogged = ruleText(pair, 'before', ['action']) === 'log';
  const expression = ruleText(pair, 'after', ['expression']);
  const loggedSince =
    expression === null ? null : firstLogged(pair, loggedRule(pair.subject, expression), context);
  if (!wasLogged && loggedSince === null) {
    return finding(pair.subject, `starts with action ${ruleText(pair, 'after', ['action']) ?? ''}`, required);
  }
  if (wasLogged && !hasSameExpression(pair)) {
    return finding(pair.subject, 'its expression is not the one that was logged', required);
  }
  return judgeAge(pair, context, loggedSince);
}

/** Without an entry that says since when, a rule is at least as old as the last release of its stack. */
function judgeAge(
  pair: RulesetRuleChange,
  context: RuleContext,
  loggedSince: number | null,
  what = '',
): Judgement {
  const required = requiredAge(context);
  const prefix = what === '' ? '' : `${what}; `;
  const since = loggedSince ?? lastRelease(pair.change.stack, context);
  const age = (Date.parse(context.now) - since) / hourMs;
  // A time that cannot be read is not an age.
  if (!(age >= context.policy.thresholds.logModeHours)) {
    if (age >= 0 && isBaseline(pair, context, since)) {
      const known = `in log mode for ${Math.floor(age)} hours since the baseline; before it nobody knows`;
      return finding(pair.subject, `${prefix}${known}`, required, { severity: 'warn' });
    }
    const seen =
      loggedSince === null
        ? 'the ledger does not say since when it logs this expression, and the stack was released since'
        : `in log mode for ${Math.floor(age)} hours`;
    return finding(pair.subject, `${prefix}${seen}`, required);
  }
  return loggedSince === null
    ? finding(pair.subject, `${prefix}was in log mode; the ledger does not say since when`, required, {
        severity: 'warn',
      })
    : fine;
}

/** What a baseline took over was there before it, for nobody knows how long: as where the ledger says nothing. */
function isBaseline({ change }: RulesetRuleChange, { baselines }: RuleContext, at: number): boolean {
  return baselines.some((baseline) => baseline.stack === change.stack && Date.parse(baseline.at) === at);
}

function requiredAge({ policy }: RuleContext): string {
  return `the same expression in log mode for at least ${policy.thresholds.logModeHours} hours`;
}

/**
 * When the unbroken run of logging just this up to now began, by the releases of the rule's stack and its baseline; null
 * when it is not logged now.
 */
function firstLogged({ change }: RulesetRuleChange, wanted: string, context: RuleContext): number | null {
  const newestFirst = inForce(change.stack, context).toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  let since: number | null = null;
  for (const release of newestFirst) {
    if (!release.loggedRules.includes(wanted)) {
      break;
    }
    since = Date.parse(release.at);
  }
  return since;
}

/** What was rolled back or failed did not stay live: it neither proves log mode nor ends it. A baseline was live already. */
function inForce(stack: string, { history, baselines }: RuleContext): readonly Baseline[] {
  return [
    ...baselines.filter((baseline) => baseline.stack === stack),
    ...history.filter((release) => release.stack === stack && release.result.startsWith('successful')),
  ];
}

/** When what is live came about: a rule of it is at least as old as that. Before all times when no release says so. */
function lastRelease(stack: string, context: RuleContext): number {
  return Math.max(...inForce(stack, context).map(({ at }) => Date.parse(at)));
}

function hasSameExpression(pair: RulesetRuleChange): boolean {
  const after = ruleText(pair, 'after', ['expression']);
  return after !== null && ruleText(pair, 'before', ['expression']) === after;
}
