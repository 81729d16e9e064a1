/** A decision for a terminal, in the order in which a person asks: what, for whom, when, how bad, how undone, what is missing; then the proof. */
import type { CheckResult, Decision, Verdict } from '../../../policies/model/decision.ts';
import type { CompleteRecord } from '../../../policies/model/record.ts';
import { answersTo, missingIn } from './answers.ts';
import { renderFindingsText, renderRiskText } from './check-text.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** `record` is that of the change, complete; null where there is not exactly one. */
export function renderDecisionText(decision: Decision, record: CompleteRecord | null, style: Style): string {
  const { tuple } = decision;
  return [
    `${verdictMark(decision.verdict, style)} ${escapeTerminalLine(decision.changeId ?? 'no change record')}`,
    ...answers(decision, record, style),
    ...missing(decision),
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

function answers(decision: Decision, record: CompleteRecord | null, style: Style): readonly string[] {
  return answersTo(decision, record?.written ?? null).map(
    ({ question, answer }) => `  ${style.dim(question.padEnd(10))} ${escapeTerminalLine(answer)}`,
  );
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

/** A command is what comes after, and no part of what is missing. */
function missing(decision: Decision): readonly string[] {
  const { lacking, commands } = missingIn(decision);
  return [
    ...(lacking.length === 0
      ? []
      : ['', 'What is missing:', ...lacking.map((step) => `  - ${escapeTerminalLine(step)}`)]),
    ...(commands.length === 0 ? [] : ['', `Then: ${commands.map(escapeTerminalLine).join(', then ')}`]),
  ];
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
