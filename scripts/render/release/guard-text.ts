/** Guard-rails for a terminal: what is wanted, what differs and why it matters, what would be sent. */
import type { GuardRail, GuardRequest, RailFinding } from '../../../policies/model/guard-rails.ts';
import { canonicalJson } from '../../json/json.ts';
import type { Json } from '../../plan/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** Each rail with its reason and the values that it must have. */
export function renderRails(rails: readonly GuardRail[], style: Style): string {
  return [
    ...rails.flatMap((rail) => [
      style.bold(escapeTerminalLine(rail.title)),
      `  ${escapeTerminalLine(rail.why)}`,
      ...lost(rail, style),
      ...Object.entries(rail.wanted).flatMap(([key, value]) => wantedLines(key, value, style)),
      '',
    ]),
    'Next: sluice guard check',
    '',
  ].join('\n');
}

/** Rules get a line each. */
function wantedLines(key: string, value: Json, style: Style): readonly string[] {
  return key === 'rules' && Array.isArray(value)
    ? value.map((rule: Json) => `  ${style.dim('rule')} ${displayText(rule)}`)
    : [`  ${style.dim(escapeTerminalLine(key))} ${displayText(value)}`];
}

/** One line or more per rail; what is wrong comes with why it matters. */
export function renderRailFindings(findings: readonly RailFinding[], style: Style): string {
  const wrong = findings.filter(({ state }) => state !== 'ok');
  return [
    ...findings.flatMap((finding) => findingLines(finding, style)),
    wrong.length === 0
      ? style.green(`All ${String(findings.length)} guard-rails are as they must be.`)
      : `${String(wrong.length)} of ${String(findings.length)} guard-rails are not as they must be, or not known. Next: ${nextOf(wrong)}`,
    '',
  ].join('\n');
}

function nextOf(wrong: readonly RailFinding[]): string {
  return wrong.every(({ isForPeople }) => isForPeople)
    ? 'put them right by hand, then sluice guard check'
    : 'sluice guard setup prints the requests that put them right';
}

function findingLines(finding: RailFinding, style: Style): readonly string[] {
  const { rail, state, differences, reason } = finding;
  const mark = { ok: style.green, differs: style.red, missing: style.red, unknown: style.yellow }[state];
  const head = `${mark(state.padEnd(8))} ${escapeTerminalLine(rail.title)}`;
  if (state === 'ok') {
    return [head, ...lost(rail, style)];
  }
  return [
    head,
    ...(reason === null ? [] : [`  ${escapeTerminalLine(reason)}`]),
    ...differences.map(
      ({ path, seen, wanted }) =>
        `  ${escapeTerminalLine(path)}: ${displayText(seen)} → ${displayText(wanted)}`,
    ),
    `  ${style.dim('why')} ${escapeTerminalLine(rail.why)}`,
    ...lost(rail, style),
  ];
}

function lost({ lostWithout }: GuardRail, style: Style): readonly string[] {
  return lostWithout === null
    ? []
    : [`  ${style.yellow('lost without the App')} ${escapeTerminalLine(lostWithout)}`];
}

export interface SetupReport {
  readonly repository: string;
  readonly apply: boolean;
  readonly requests: readonly GuardRequest[];
  readonly sent: number;
  readonly refused: readonly {
    readonly request: GuardRequest;
    readonly reason: string;
    readonly lost: string;
  }[];
  readonly failed: string | null;
  readonly findings: readonly RailFinding[];
}

/** The requests, what became of them, and the state of the rails. */
export function renderSetup(report: SetupReport, style: Style): string {
  const { repository, requests, sent, refused, apply, failed } = report;
  const lines = requests.map((request, index) => {
    const { method, path, body } = request;
    const refusal = refused.find((one) => one.request === request);
    const did = !apply
      ? 'would send'
      : refusal !== undefined
        ? 'refused'
        : index < sent + refused.length
          ? 'sent'
          : 'not sent';
    const at = escapeTerminalLine(`/repos/${repository}/${path}`);
    const lostHere =
      refusal === undefined
        ? ''
        : `\n  ${escapeTerminalLine(refusal.reason)}\n  ${style.yellow('lost on this plan')} ${refusal.lost}`;
    return `${style.bold(did)} ${method} ${at}\n  ${displayText(body)}${lostHere}`;
  });
  return [
    ...(lines.length === 0 ? ['Nothing to send.'] : lines),
    ...(failed === null ? [] : [`${style.red('Stopped:')} ${escapeTerminalLine(failed)}`]),
    '',
    apply ? 'As GitHub has it now:' : 'As GitHub has it:',
    renderRailFindings(report.findings, style).trimEnd(),
    ...(apply || requests.length === 0 ? [] : ['Nothing was sent. Next: sluice guard setup --apply']),
    '',
  ].join('\n');
}

function displayText(value: Json): string {
  return escapeTerminalLine(canonicalJson(value));
}
