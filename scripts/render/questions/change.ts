/** `sluice show` for a person: one change with everything that is known of it. */
import { hostsIn } from '../../../policies/model/decision.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import type { Ledger, LedgerFolder, ReleaseEntry } from '../../release/types.ts';
import { ledgerDocument } from '../release/ledger-document.ts';
import { foreseenLines, type ForeseenReport } from './foreseen.ts';
import { owedLines } from './owed.ts';
import { escapeTerminalBlock, escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import {
  forWhomText,
  stacksText,
  personText,
  pullText,
  releaseText,
  shortTime,
  unknownLines,
} from './lines.ts';

/**
 * Record, people, schedule, way back, pull request, and each release with who approved it and what its probes said; before
 * the first release, what it comes to. `foreseen` is null for a change that was released or is over.
 */
export function renderChange(
  change: KnownChange,
  { overview, foreseen }: { readonly overview: Overview; readonly foreseen: ForeseenReport | null },
  style: Style,
): string {
  const { policy, unknown, ledger } = overview;
  const { record, state, pull, branch, file, releases } = change;
  const person = (id: string | undefined): string => (id === undefined ? '-' : personText(policy.roster, id));
  const row = (name: string, value: string): string => `${style.bold(`${name}:`.padEnd(14))} ${value}`;
  const links = Object.entries(record.links ?? {}).map(([kind, ids]) => `${kind} ${ids.join(', ')}`);
  return [
    style.bold(escapeTerminalLine(`${record.id} ${record.title}`)),
    row(
      'State',
      escapeTerminalLine(`${state.state}, ${state.reasons.join('; ')}${state.isOverdue ? ' (overdue)' : ''}`),
    ),
    row(
      'Where',
      escapeTerminalLine(`${file}, ${branch === null ? 'on the default branch' : `on branch ${branch}`}`),
    ),
    row('For', escapeTerminalLine(`${forWhomText(record)}: ${stacksText(record)}`)),
    row('Type', typeText(record)),
    row('Why', escapeTerminalBlock(record.reason.trim(), ' '.repeat(15))),
    row(
      'People',
      `requester ${person(record.requester)}, owner ${person(record.owner)}, implementer ${person(record.implementer)}`,
    ),
    row('When', scheduleText(change)),
    row(
      'Way back',
      escapeTerminalLine(
        `${record.rollback.strategy}${(record.rollback.maxDurationMin ?? 0) === 0 ? '' : `, at most ${String(record.rollback.maxDurationMin)} min`}`,
      ),
    ),
    ...listRow('Undone by', record.rollback.steps, style),
    ...listRow(
      'Probes',
      (record.test.probes ?? []).map((probe) =>
        'url' in probe ? `${probe.name}: ${probe.url}` : probe.name,
      ),
      style,
    ),
    ...listRow('Incidents', incidentsOf(record.id, overview), style),
    ...(links.length === 0 ? [] : [row('Links', escapeTerminalLine(links.join('; ')))]),
    row('Pull request', pull === null ? noPullText(overview) : pullText(pull)),
    ...(record.outcome === undefined ? [] : [row('Outcome', outcomeText(record.outcome, person))]),
    '',
    ...(releases.length === 0 ? ['The ledger of this clone holds no release of it.'] : []),
    ...(foreseen === null ? [] : foreseenLines(change, foreseen, style)),
    ...releases.flatMap((folder) => renderRelease(folder, ledger, style)),
    ...owedLines(record.id, overview),
    ...unknownLines(unknown, style),
    '',
  ].join('\n');
}

function outcomeText(
  { result, closedAt, closedBy }: NonNullable<KnownChange['record']['outcome']>,
  person: (id: string) => string,
): string {
  return `${result}, closed ${shortTime(closedAt)} by ${person(closedBy)}`;
}

/** Whether there is none is known where GitHub was asked. */
function noPullText({ otherPulls }: Overview): string {
  return otherPulls === null ? 'not known: GitHub was not asked' : 'none is open';
}

/** The entries below each other; nothing where there is none. */
function listRow(name: string, entries: readonly string[], style: Style): readonly string[] {
  const [first, ...others] = entries.map((entry) => escapeTerminalLine(entry));
  return first === undefined
    ? []
    : [
        `${style.bold(`${name}:`.padEnd(14))} ${first}`,
        ...others.map((entry) => `${' '.repeat(15)}${entry}`),
      ];
}

/** Those that it has caused, as their form says. */
function incidentsOf(id: string, { incidents }: Overview): readonly string[] {
  return incidents.flatMap((incident) =>
    'causedBy' in incident && incident.causedBy === id
      ? [`${incident.id} ${incident.priority}, ${incident.state}: caused by this change`]
      : [],
  );
}

function typeText({ type, category, risk, impact }: KnownChange['record']): string {
  const { declared = 'nothing' } = risk ?? {};
  return `${type}, ${category ?? 'category by the plan'}, risk declared ${declared}, impact ${String(impact.level ?? 'by the plan')}`;
}

function scheduleText({ record: { schedule } }: KnownChange): string {
  return schedule === undefined
    ? 'no schedule'
    : `${shortTime(schedule.plannedStart)} to ${shortTime(schedule.plannedEnd)} UTC${schedule.window === undefined ? '' : `, window ${escapeTerminalLine(schedule.window)}`}`;
}

/** One release of the ledger: what it did, who approved it for which seat, what was verified. */
export function renderRelease(folder: LedgerFolder, ledger: Ledger, style: Style): readonly string[] {
  const { intent, entry } = folder;
  const approvals = intent.approvals.map(({ login, seat }) => `${login} as ${seat}`);
  const undoing = ledger.folders.filter((other) => other.intent.undoes.includes(intent.id));
  const lines = [
    ...(intent.reason === null ? [] : [`reason: ${intent.reason}`]),
    `approved by: ${approvals.length === 0 ? nobodyText(folder, ledger) : approvals.join(', ')}`,
    ...decisionOf(folder, ledger),
    ...(intent.undoes.length === 0 ? [] : [`undoes: ${intent.undoes.join(', ')}`]),
    ...undoing.map(
      (other) => `undone by: ${other.intent.id}, ${other.entry === null ? 'not ended' : other.entry.result}`,
    ),
    ...(entry === null ? [] : endOf(entry)),
    `files: ${Object.keys(intent.files).join(', ')} in ${folder.folder} of the ledger`,
  ];
  const colour = entry?.result === 'successful' ? style.green : style.red;
  return [colour(releaseText(folder)), ...lines.map((line) => `  ${escapeTerminalLine(line)}`)];
}

/** Why there was nobody: no pull request was needed, no seat was open, or somebody of an emergency went alone. */
function nobodyText(folder: LedgerFolder, ledger: Ledger): string {
  const decision = ledgerDocument(ledger, folder, 'decision.json');
  if (decision === null) {
    return 'nobody, it needed no pull request';
  }
  const { level, reasons } = decision.approvals;
  return level === 'standard' ? 'nobody, a standard change needs none' : ['nobody', ...reasons].join('; ');
}

function endOf({ completed, errors, verification }: ReleaseEntry): readonly string[] {
  return [
    ...completed.map(({ address, action }) => `${action} ${address}`),
    ...errors.map(({ address, summary }) => `error: ${address ?? ''} ${summary}`),
    ...verification.probes.map(
      ({ name, ok, detail, ms, before, counts }) =>
        `probe ${name}: ${ok ? 'passed' : counts === false ? 'failed as before the release' : 'failed'}, ${detail}, ${String(Math.round(ms))} ms${before === undefined ? '' : `; before: ${before.detail}`}`,
    ),
    `verified: ${verified(verification.converged)}`,
  ];
}

function verified(converged: boolean | null): string {
  return converged === null
    ? 'not looked at'
    : converged
      ? 'a plan after it was empty'
      : 'a plan after it was not empty';
}

/** Risk, hosts, rehearsal, and why each approval counted, as the decision beside the release has them; nothing where there is none. */
function decisionOf(folder: LedgerFolder, ledger: Ledger): readonly string[] {
  const decision = ledgerDocument(ledger, folder, 'decision.json');
  if (decision === null) {
    return [];
  }
  const { verdict, risk, checks, approvals, computed = [] } = decision;
  const rehearsal = checks.find(({ id }) => id === 'rehearsal');
  const decisive = risk.reasons.filter(({ level }) => level === risk.effective).map(({ text }) => text);
  const hosts = hostsIn(computed);
  return [
    `decided: ${verdict}, risk ${risk.effective}${rehearsal === undefined ? '' : `, rehearsal: ${rehearsal.summary}`}`,
    ...(decisive.length === 0 ? [] : [`risk ${risk.effective}, because: ${decisive.join('; ')}`]),
    ...(hosts === '' ? [] : [`hosts: ${hosts}`]),
    ...approvals.reviewers.flatMap(({ login, counted, reason }) =>
      counted === null ? [] : [`${login} ${reason}`],
    ),
  ];
}
