/** A decision for a terminal: verdict, what is missing, then the reasons. */
import type { CheckResult, Decision, Verdict } from '../../../policies/model/decision.ts';
import { renderFindingsText, renderRiskText } from './check-text.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** Everything that a person has to do comes first. */
export function renderDecisionText(decision: Decision, style: Style): string {
  const { tuple } = decision;
  return [
    `${verdictMark(decision.verdict, style)} ${escapeTerminalLine(decision.changeId ?? 'no change record')}`,
    ...nextSteps(decision),
    '',
    style.bold('Checks:'),
    ...decision.checks.map((check) => renderCheck(check, style)),
    '',
    renderRiskText(decision.risk, style),
    renderApprovals(decision, style),
    renderFindingsText(
      { outcomes: decision.outcomes, findings: decision.findings, verdict: decision.verdict },
      style,
    ),
    style.dim(
      `effect ${tuple.effectDigest}\nrecord ${tuple.recordDigest}\npolicy ${tuple.policyDigest}\nhead   ${tuple.headSha}`,
    ),
    '',
  ].join('\n');
}

function verdictMark(verdict: Verdict, style: Style): string {
  switch (verdict) {
    case 'allow':
      return style.green('ALLOW');
    case 'deny':
      return style.red('DENY');
    case 'undetermined':
      return style.yellow('UNDETERMINED');
  }
}

function nextSteps(decision: Decision): readonly string[] {
  const next = [...new Set(decision.checks.flatMap((check) => check.next))];
  return next.length === 0
    ? []
    : ['', 'What is missing:', ...next.map((step) => `  - ${escapeTerminalLine(step)}`)];
}

function renderCheck(check: CheckResult, style: Style): string {
  const mark =
    check.verdict === 'allow'
      ? style.green('ok  ')
      : check.verdict === 'deny'
        ? style.red('deny')
        : style.yellow('?   ');
  const reasons =
    check.verdict === 'allow' ? [] : check.reasons.map((reason) => `         ${escapeTerminalLine(reason)}`);
  return [`  ${mark} ${check.id.padEnd(10)} ${escapeTerminalLine(check.summary)}`, ...reasons].join('\n');
}

function renderApprovals(decision: Decision, style: Style): string {
  const { approvals } = decision;
  const head = `${style.bold('Approvals:')} ${String(approvals.given)} of ${String(approvals.required)} (${escapeTerminalLine(approvals.level)})`;
  const lines = approvals.reviewers.map((reviewer) => {
    const counted = reviewer.counted === null ? style.yellow('not counted') : style.green(reviewer.counted);
    const could =
      reviewer.wouldCountIf === undefined
        ? ''
        : ` Would count if: ${escapeTerminalLine(reviewer.wouldCountIf)}`;
    return `  ${escapeTerminalLine(reviewer.login).padEnd(16)} ${counted}: ${escapeTerminalLine(reviewer.reason)}${could}`;
  });
  return [head, ...lines].join('\n');
}
