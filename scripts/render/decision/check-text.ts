/** The result of `sluice check` for an engineer at a terminal: what it does, how risky, what is refused and the fix. */
import type { DerivedState } from '../../../policies/model/state.ts';
import type { Plan } from '../../plan/types.ts';
import type { Finding, RuleReport } from '../../../policies/model/finding.ts';
import type { Risk } from '../../../policies/model/assessment.ts';
import type { CompleteRecord } from '../../../policies/model/record.ts';
import type { TrafficFacts } from '../../../policies/model/traffic.ts';
import type { NotTaken } from '../../../policies/foreign.ts';
import { renderNotTaken } from '../text/foreign-text.ts';
import { formatLocation } from '../findings/diagnostics.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import { renderTrafficText } from '../waf/traffic-text.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';
import { renderPlanText } from '../plan/text.ts';
import { subjectsNamed } from '../plan/visible-changes.ts';
import { beyondText, visibleFindings } from '../findings/visible-findings.ts';
import type { Style } from '../text/style.ts';
import { wavesText } from './waves-text.ts';

/** Findings that are shown; nobody reads more in a terminal. */
const maxFindings = 100;

/** Files that git does not track, at most as many as fit on a line. */
const mostNamed = 5;

/** What `sluice check` found out, in every format. */
export interface CheckReport {
  readonly plan: Plan;
  readonly record: CompleteRecord | null;
  /** Derived, never typed; null without a record. */
  readonly state: DerivedState | null;
  readonly risk: Risk;
  readonly report: RuleReport;
  /** False for plans and configurations from elsewhere, which get no change record. */
  readonly own: boolean;
  /** What the gate would not take of a configuration that is not a stack of the estate; no part of the verdict. */
  readonly notTaken: readonly NotTaken[];
  readonly traffic: TrafficFacts;
  /** That the change concerns, from the plan; empty where nothing changes for any. */
  readonly hosts: readonly string[];
  /** In which the stacks of an own change are released, in order; as the record says, or as the risk and the registers have it. */
  readonly waves: readonly (readonly string[])[];
  /** Files that are in no commit and that nothing reads: not judged. */
  readonly untracked: readonly string[];
}

/** Plan first, verdict last: what stands just above the prompt is what has to be done. */
export function renderCheckText(result: CheckReport, style: Style, expressions: Expressions): string {
  const record =
    result.record === null
      ? 'no change record on this branch'
      : `${result.record.record.id} (${result.record.file})`;
  const traffic = renderTrafficText(result.traffic, style);
  const named = subjectsNamed(visibleFindings(result.report.findings, maxFindings).visible);
  return [
    renderPlanText(result.plan, { style, named, expressions, hosts: result.hosts }).trimEnd(),
    '',
    `${style.bold('Record:')} ${escapeTerminalLine(record)}`,
    ...(result.state === null ? [] : [renderState(result.state, style)]),
    ...renderWaves(result, style),
    ...(traffic === '' ? [] : [traffic.trimEnd()]),
    renderRiskText(result.risk, style),
    renderFindingsText(result.report, style),
    ...renderNotTaken(result.notTaken, style),
    ...renderUntracked(result.untracked, style),
    renderVerdict(result, style),
    '',
  ].join('\n');
}

/** Nothing where everything is released together. */
function renderWaves({ waves, record }: CheckReport, style: Style): readonly string[] {
  return waves.length < 2
    ? []
    : [`${style.bold('Waves:')} ${escapeTerminalLine(wavesText(waves, record?.record.rollout))}`];
}

/** Where the change stands, and from which facts that follows. */
export function renderState(state: DerivedState, style: Style): string {
  const overdue = state.isOverdue ? style.yellow(' (planned start has passed)') : '';
  return `${style.bold('State:')} ${state.state}${overdue}, ${escapeTerminalLine(state.reasons.join('; '))}`;
}

/** The effective risk and every reason for it. */
export function renderRiskText(risk: Risk, style: Style): string {
  const lines = risk.reasons.map((reason) => {
    const subjects =
      reason.subjects.length === 0
        ? ''
        : style.dim(
            ` ${reason.subjects.slice(0, 3).map(escapeTerminalLine).join(', ')}${reason.subjects.length > 3 ? ', …' : ''}`,
          );
    return `  ${reason.level.padEnd(8)} ${reason.id}: ${escapeTerminalLine(reason.text)}${subjects}`;
  });
  return [`${style.bold('Risk:')} ${risk.effective}`, ...lines].join('\n');
}

/** Findings, worst first, each with what was seen, what is required and how to get there. */
export function renderFindingsText(report: RuleReport, style: Style): string {
  const ran = report.outcomes.filter((outcome) => outcome.kind !== 'not-applicable').length;
  const head = `${style.bold('Rules:')} ${String(ran)} of ${String(report.outcomes.length)} apply, ${String(report.findings.length)} finding(s)`;
  const undetermined = report.outcomes
    .filter((outcome) => outcome.kind === 'undetermined' || outcome.kind === 'crashed')
    .map(
      (outcome) =>
        `  ${style.yellow('undetermined')} ${outcome.ruleId}: ${escapeTerminalLine(outcome.reason ?? '')}`,
    );
  const { visible: listed, beyond } = visibleFindings(report.findings, maxFindings);
  const lines = [
    ...listed.map((finding) => renderFinding(finding, style)),
    ...beyond.map((rest) => style.dim(`  ${escapeTerminalLine(beyondText(rest))}`)),
  ];
  return [head, ...lines, ...undetermined].join('\n');
}

function renderFinding(finding: Finding, style: Style): string {
  const place = finding.location === undefined ? '' : `${formatLocation(finding.location)}: `;
  const waived =
    finding.waivedBy === undefined
      ? null
      : `waived by ${finding.waivedBy.approvedBy} until ${finding.waivedBy.expires}`;
  const mark =
    waived !== null
      ? style.dim('waived')
      : finding.severity === 'deny'
        ? style.red('deny  ')
        : style.yellow('warn  ');
  const lines = [
    `  ${mark} ${place}${style.bold(escapeTerminalLine(finding.subject))} ${style.dim(finding.ruleId)}`,
    `         seen: ${escapeTerminalLine(finding.seen)}`,
    ...sidesLines(finding),
    `         required: ${escapeTerminalLine(finding.required)}`,
    waived === null
      ? `         fix: ${escapeTerminalLine(finding.fix)}`
      : `         ${escapeTerminalLine(waived)}`,
  ];
  return lines.join('\n');
}

/** What was and what will be, side by side. */
function sidesLines({ sides }: Finding): readonly string[] {
  if (sides === undefined) {
    return [];
  }
  const before = ['before', ...sides.before.map(escapeTerminalLine)];
  const after = ['after', ...sides.after.map(escapeTerminalLine)];
  const width = Math.max(...before.map((line) => line.length)) + 2;
  return Array.from({ length: Math.max(before.length, after.length) }, (_, at) =>
    `           ${(before[at] ?? '').padEnd(width)}${after[at] ?? ''}`.trimEnd(),
  );
}

/** What the gate would make of them is said, and is not part of this verdict. */
function renderUntracked(paths: readonly string[], style: Style): readonly string[] {
  const listed = paths.slice(0, mostNamed).map(escapeTerminalLine).join(', ');
  const more = paths.length > mostNamed ? ` and ${String(paths.length - mostNamed)} more` : '';
  return paths.length === 0
    ? []
    : [
        `${style.bold('Not in git:')} ${listed}${more}. Not judged: no commit has it yet. Added, it is control: high risk, the process owner agrees.`,
      ];
}

function renderVerdict(result: CheckReport, style: Style): string {
  switch (result.report.verdict) {
    case 'allow':
      if (!result.own) {
        return style.green('No rule objects.');
      }
      return result.record === null
        ? `${style.green('No rule objects.')} Next: write the change record with sluice new.`
        : `${style.green('No rule objects.')} Next: push the branch and open the pull request.`;
    case 'deny':
      return `${style.red('Denied')} by the rules above.`;
    case 'undetermined':
      return `${style.yellow('Cannot be decided')}: what is unknown above needs a person.`;
  }
}
