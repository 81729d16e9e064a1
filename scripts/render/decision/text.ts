/** A decision for a terminal, in the order in which a person asks: what, for whom, when, how bad, how undone, what is missing; then the proof. */
import { hostsIn } from '../../../policies/model/decision.ts';
import type { CheckResult, Decision, Verdict } from '../../../policies/model/decision.ts';
import type { CompleteRecord } from '../../../policies/model/record.ts';
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

/** The five questions that come before any detail. */
function answers(
  { risk, checks, waves }: Decision,
  located: CompleteRecord | null,
  style: Style,
): readonly string[] {
  const gravest = risk.reasons.filter(({ level }) => level === risk.effective).map(({ text }) => text);
  const bad = `risk ${risk.effective}${gravest.length === 0 ? '' : `: ${gravest.join('; ')}`}`;
  const lines: readonly (readonly [question: string, answer: string])[] =
    located === null
      ? [['how bad', bad]]
      : [
          ['what', `${located.record.title}, in ${located.record.stacks.join(', ')}`],
          ['for whom', forWhom(located)],
          ['when', timeOf(located)],
          ...(waves === undefined ? [] : [['in waves', wavesLine(waves, located)] as const]),
          ['how bad', bad],
          ['undone by', undoneBy(located, checks)],
        ];
  return lines.map(
    ([question, answer]) => `  ${style.dim(question.padEnd(10))} ${escapeTerminalLine(answer)}`,
  );
}

function forWhom({ record: { client, service }, computed }: CompleteRecord): string {
  const hosts = hostsIn(computed);
  return `${[client, service].filter((id) => id !== '').join(', ')}${hosts === '' ? '' : `: ${hosts}`}`;
}

function timeOf({ record: { schedule } }: CompleteRecord): string {
  return schedule === undefined
    ? 'no time is set'
    : `${schedule.plannedStart} to ${schedule.plannedEnd}${schedule.window === undefined ? '' : `, window ${schedule.window}`}`;
}

function wavesLine(waves: NonNullable<Decision['waves']>, { record: { rollout } }: CompleteRecord): string {
  const watched = rollout?.observeMin ?? 0;
  const between = watched === 0 ? '' : `, each watched for ${String(watched)} min before the next`;
  return `${waves.map((wave) => wave.join(' and ')).join(', then ')}${between}`;
}

/** As the record says, and what the rehearsal made of it. */
function undoneBy({ record: { rollback } }: CompleteRecord, checks: readonly CheckResult[]): string {
  const proof = checks.find(({ id }) => id === 'rehearsal')?.summary;
  return `${rollback.strategy}${proof === undefined ? '' : `: ${proof}`}`;
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

/** A step that is a command is what comes after, and no part of what is missing. */
function missing({ checks }: Decision): readonly string[] {
  const steps = [...new Set(checks.flatMap((check) => check.next))].map(escapeTerminalLine);
  const lacking = steps.filter((step) => !isStepCommand(step)).map((step) => step.replace(/^missing: /u, ''));
  const commands = steps.filter(isStepCommand);
  return [
    ...(lacking.length === 0 ? [] : ['', 'What is missing:', ...lacking.map((step) => `  - ${step}`)]),
    ...(commands.length === 0 ? [] : ['', `Then: ${commands.join(', then ')}`]),
  ];
}

function isStepCommand(step: string): boolean {
  return /^(?:sluice|git|npm|npx) /u.test(step);
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
