/**
 * What a person asks of a change, in the order in which they ask, and what it still lacks: one list for the terminal and for the
 * pull request. Nothing is escaped.
 */
import { computedText, hostsIn } from '../../../policies/model/decision.ts';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Json } from '../../plan/types.ts';
import type { AuthoredRecord } from '../../../policies/model/record.ts';
import { wavesText } from './waves-text.ts';

export interface QuestionAnswer {
  readonly question: 'what' | 'for whom' | 'when' | 'in waves' | 'how bad' | 'undone by';
  readonly answer: string;
}

/** `record` is as its author wrote it; null where there is not exactly one, and then only the risk is known. */
export function answersTo(decision: Decision, record: AuthoredRecord | null): readonly QuestionAnswer[] {
  const bad: QuestionAnswer = { question: 'how bad', answer: riskOf(decision) };
  if (record === null) {
    return [bad];
  }
  const about: About = { decision, record };
  return [
    { question: 'what', answer: `${record.title}, in ${valueOf(about, 'stacks') ?? 'no stack'}` },
    { question: 'for whom', answer: forWhom(about) },
    { question: 'when', answer: timeOf(about) },
    ...wavesIn(about),
    bad,
    { question: 'undone by', answer: undoneBy(about) },
  ];
}

interface About {
  readonly decision: Decision;
  readonly record: AuthoredRecord;
}

function riskOf({ risk }: Decision): string {
  const decisive = risk.reasons.filter(({ level }) => level === risk.effective).map(({ text }) => text);
  return `risk ${risk.effective}${decisive.length === 0 ? '' : `: ${decisive.join('; ')}`}`;
}

function forWhom({ decision, record }: About): string {
  const who =
    record.clients === undefined
      ? [record.client, valueOf({ decision, record }, 'service') ?? '']
      : record.clients;
  const hosts = hostsIn(decision.computed ?? []);
  return `${who.filter((id) => id !== '').join(', ')}${hosts === '' ? '' : `: ${hosts}`}`;
}

function timeOf(about: About): string {
  const start = valueOf(about, 'schedule.plannedStart');
  const end = valueOf(about, 'schedule.plannedEnd');
  const window = valueOf(about, 'schedule.window');
  return start === null
    ? 'no time is set'
    : `${start}${end === null ? '' : ` to ${end}`}${window === null ? '' : `, window ${window}`}`;
}

/** Nothing where everything is released together. */
function wavesIn({ decision: { waves }, record: { rollout } }: About): readonly QuestionAnswer[] {
  return waves === undefined ? [] : [{ question: 'in waves', answer: wavesText(waves, rollout) }];
}

/** As the record says, and what the rehearsal made of it. */
function undoneBy(about: About): string {
  const proof = about.decision.checks.find(({ id }) => id === 'rehearsal')?.summary;
  return `${valueOf(about, 'rollback.strategy') ?? 'nothing'}${proof === undefined ? '' : `: ${proof}`}`;
}

/** What the author wrote, else what was computed in its place; null for neither. */
function valueOf({ decision, record }: About, field: string): string | null {
  const written = field
    .split('.')
    .reduce<unknown>(
      (value, key) => (value === undefined ? value : (value as Readonly<Record<string, unknown>>)[key]),
      record,
    );
  if (written !== undefined) {
    return computedText({ field, value: written as Json, from: 'the record' });
  }
  const computed = decision.computed?.find((one) => one.field === field);
  return computed === undefined ? null : computedText(computed);
}

export interface Missing {
  /** What somebody has to do or give; never a command. */
  readonly lacking: readonly string[];
  /** What is run when that is done. */
  readonly commands: readonly string[];
}

/** Each step of a check is an act, a command, or an act with the command that it ends in: `approve again: sluice gate --pr 4`. */
export function missingIn({ checks }: Pick<Decision, 'checks'>): Missing {
  const steps = checks.flatMap(({ next }) => next).map(partsOf);
  const lacking = steps.flatMap(({ act }) => (act === null ? [] : [act.replace(/^missing: /u, '')]));
  const commands = steps.flatMap(({ command }) => (command === null ? [] : [command]));
  return { lacking: [...new Set(lacking)], commands: [...new Set(commands)] };
}

function partsOf(step: string): { readonly act: string | null; readonly command: string | null } {
  if (/^(?:sluice|git|npm|npx) /u.test(step)) {
    return { act: null, command: step };
  }
  const parts = /^(.+?)(?::|, then) ((?:sluice|git|npm|npx) .+)$/u.exec(step);
  return { act: parts?.[1] ?? step, command: parts?.[2] ?? null };
}
