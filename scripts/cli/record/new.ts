/**
 * `sluice new`: collects the answers (from flags, and by asking when there is somebody to ask), writes one record under
 * the next free id, and never touches a file that exists.
 */
import type { CatalogueEntry, Register } from '../../../policies/model/facts.ts';
import type { Category, ChangeType, RiskLevel } from '../../../policies/model/record.ts';
import { windowText } from '../../../policies/windows.ts';
import { UsageError } from '../../contract/errors.ts';
import { nextId } from '../../read/record/ids.ts';
import type { Clock, Files } from '../../contract/ports.ts';
import { refuseInvalid } from './valid-record.ts';
import { newRecord, type NewAnswers } from './new-record.ts';
import { later, proposeEmergencyTime, proposeTime, windowOf, type ProposedTime } from './new-schedule.ts';
import {
  entryOf,
  questions,
  registerOf,
  stackList,
  type AnswerName,
  type RecordDraft,
  type QuestionContext,
  type RecordQuestion,
} from './new-questions.ts';

/** Answers given as flags. `stacks` is the repeated `--stack`. */
export type NewOptions = Partial<Readonly<Record<Exclude<AnswerName, 'stacks'>, string>>> & {
  readonly stacks?: readonly string[];
};

/** Asks one question until `problem` has nothing against the answer. An empty answer means the proposal. */
export type Ask = (question: {
  readonly text: string;
  readonly proposal: string | null;
  readonly problem: (answer: string) => string | null;
}) => Promise<string>;

export interface NewIo {
  readonly files: Pick<Files, 'exists' | 'writeText'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Null when nobody can be asked: then every answer that has no default must be a flag. */
  readonly ask: Ask | null;
  /** Root of the repository; the record's path is relative to it. */
  readonly root: string;
  /** Ids on every ref and in the working tree. */
  readonly knownIds: readonly string[];
  /** RFC 3339: a normal change is proposed for then or later, so that it does not come at short notice. */
  readonly earliest?: string;
  readonly registers: readonly Register[];
  readonly catalogue: readonly CatalogueEntry[];
  readonly engineers: QuestionContext['engineers'];
  /** What the plan of the branch says; it stands until somebody answers otherwise. */
  readonly planned: RecordDraft;
}

export interface WrittenRecord {
  readonly id: string;
  /** `changes/<client>/<id>.yaml`, relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly answers: NewAnswers;
}

/**
 * Writes the record and returns what was written. Throws UsageError when answers are missing (all of them are named) or
 * do not fit the registers, or when the file exists; InputError when the record that would be written is not valid.
 * Nothing is written in any of these cases.
 */
export async function runNew(options: NewOptions, io: NewIo): Promise<WrittenRecord> {
  const now = io.clock.now();
  const draft = await collect(options, io, now);
  const answers = complete(draft, io, now);
  const path = `changes/${answers.client}/${answers.id}.yaml`;
  const text = newRecord(answers);
  refuseInvalid(
    { path, text },
    { fix: 'Correct the answers below the places named, and run the command again.' },
  );
  const target = `${io.root}/${path}`;
  if (await io.files.exists(target)) {
    throw new UsageError({
      what: `${path} exists already.`,
      why: 'A record is never overwritten.',
      fix: 'Commit or rename the existing file, so that its id is known, and run the command again.',
      next: 'git status changes/',
    });
  }
  await io.files.writeText(target, text);
  return { id: answers.id, path, text, answers };
}

async function collect(options: NewOptions, io: NewIo, now: string): Promise<RecordDraft> {
  const draft: RecordDraft = {};
  const missing: RecordQuestion[] = [];
  const wrong: string[] = [];
  for (const question of questions) {
    if (!question.isNeeded(draft)) {
      wrong.push(...unneeded(question, options, draft));
      continue;
    }
    if (question.isOptional?.(draft) === true && optionOf(options, question.name) === undefined) {
      continue;
    }
    const answer = await answerTo({ question, options, draft, io, now, wrong });
    if (answer === null) {
      // A time is proposed from the windows of the client: where that is wrong, nothing is missing yet.
      const isOfWindow = question.name === 'start' || question.name === 'end';
      missing.push(...(isOfWindow && registerOf(draft, io) === undefined ? [] : [question]));
    } else {
      draft[question.name] = answer;
    }
  }
  refuseIncomplete(missing, wrong);
  return draft;
}

function refuseIncomplete(missing: readonly RecordQuestion[], wrong: readonly string[]): void {
  const flags = missing.map(({ flag }) => flag);
  if (wrong.length > 0) {
    throw new UsageError({
      what: [...wrong, ...(flags.length === 0 ? [] : [`Missing as well: ${flags.join(', ')}.`])].join(' '),
      fix: 'Correct the flags, or leave them away: what is left out is asked for or computed.',
      next: 'sluice new --help',
    });
  }
  if (missing.length > 0) {
    throw new UsageError({
      what: `Missing: ${flags.join(', ')}.`,
      why: 'There is no terminal to ask on, and only the author knows these answers.',
      fix: missing.map(({ flag, text }) => `${flag}: ${text}`).join('; '),
      next: `sluice new ${flags.map((flag) => `${flag} …`).join(' ')}`,
    });
  }
}

const ofClient: ReadonlySet<AnswerName> = new Set(['service', 'stacks', 'standardChange']);

interface OpenQuestion {
  readonly question: RecordQuestion;
  readonly options: NewOptions;
  readonly draft: RecordDraft;
  readonly io: NewIo;
  readonly now: string;
  /** Takes what is wrong with flags. */
  readonly wrong: string[];
}

/** From the flag, else by asking, else the proposal; null when there is none of the three. */
async function answerTo({ question, options, draft, io, now, wrong }: OpenQuestion): Promise<string | null> {
  const given = optionOf(options, question.name);
  if (given !== undefined) {
    // Of a client that is not known nothing can be said.
    const isUnknown = ofClient.has(question.name) && registerOf(draft, io) === undefined;
    const problem = isUnknown ? null : question.problem(given, draft, io);
    if (problem !== null) {
      wrong.push(`${question.flag}: ${problem}`);
    }
    return given.trim();
  }
  const proposal =
    io.planned[question.name] ?? question.proposal(draft, io) ?? proposedTime(question.name, draft, io, now);
  if (io.ask === null) {
    return proposal;
  }
  const answer = await io.ask({
    text: question.text,
    proposal,
    problem: (text) => question.problem(text, draft, io),
  });
  const problem = question.problem(answer, draft, io);
  if (problem !== null) {
    throw new UsageError({ what: `${question.text}: ${problem}`, next: 'sluice new' });
  }
  return answer.trim();
}

/** The times are proposed from the register and the clock, which the table of questions does not know. */
function proposedTime(
  name: AnswerName,
  draft: RecordDraft,
  known: QuestionContext & Pick<NewIo, 'earliest'>,
  now: string,
): string | null {
  if (name === 'end' && draft.start !== undefined) {
    return later(draft.start);
  }
  const register = registerOf(draft, known);
  if (name !== 'start' || register === undefined) {
    return null;
  }
  return draft.type === 'emergency'
    ? proposeEmergencyTime(now).start
    : (proposeTime(register, known.earliest ?? now)?.start ?? null);
}

function optionOf(options: NewOptions, name: AnswerName): string | undefined {
  if (name !== 'stacks') {
    return options[name];
  }
  return options.stacks === undefined || options.stacks.length === 0 ? undefined : options.stacks.join(',');
}

/** What is against a flag that does not go with the others; nothing where it was not given. */
function unneeded(question: RecordQuestion, options: NewOptions, draft: RecordDraft): readonly string[] {
  if (optionOf(options, question.name) === undefined) {
    return [];
  }
  const isOfCategory = question.name === 'trafficSample' && draft.type !== 'standard';
  const kind = isOfCategory ? `${draft.category ?? 'other'} change` : `${draft.type ?? 'normal'} change`;
  return [`${question.flag} does not go with a ${kind}.`];
}

function complete(draft: RecordDraft, io: NewIo, now: string): NewAnswers {
  const register = registerOf(draft, io);
  const { client, title, reason, requester, owner } = draft;
  if (
    register === undefined ||
    client === undefined ||
    title === undefined ||
    reason === undefined ||
    requester === undefined ||
    owner === undefined
  ) {
    throw new Error('every question that is always needed has an answer');
  }
  return {
    id: nextId(Number(now.slice(0, 4)), io.knownIds),
    client,
    title,
    reason,
    requester,
    owner,
    kind: draft.kind === 'administrative' ? 'Administrative' : 'Change',
    // The questions accepted only members of these unions.
    type: draft.type as ChangeType,
    ...present({
      category: draft.category as Category | undefined,
      risk: draft.risk as RiskLevel | undefined,
      service: draft.service,
      model: draft.model,
      stacks: draft.stacks === undefined ? undefined : stackList(draft.stacks),
      implementer: draft.implementer,
      backupImplementer: draft.backupImplementer,
    }),
    ...standardPart(draft, io),
    ...emergencyPart(draft, now),
    ...trafficPart(draft),
    ...schedulePart(draft, register),
  };
}

/** Without the answers that nobody gave. */
function present<T extends object>(answers: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(answers).filter(([, answer]) => answer !== undefined);
  return Object.fromEntries(given) as { readonly [K in keyof T]?: Exclude<T[K], undefined> };
}

/** An empty answer is that there is no sample. */
function trafficPart({ trafficSample = '' }: RecordDraft): Pick<NewAnswers, 'trafficSample'> {
  return trafficSample === '' ? {} : { trafficSample };
}

function standardPart(draft: RecordDraft, known: QuestionContext): Pick<NewAnswers, 'standardChange'> {
  const entry = entryOf(draft, known);
  return entry === undefined ? {} : { standardChange: { ref: entry.id, version: entry.version } };
}

function emergencyPart(draft: RecordDraft, now: string): Pick<NewAnswers, 'emergency'> {
  const { incident, severity, requester } = draft;
  if (incident === undefined || requester === undefined) {
    return {};
  }
  return {
    emergency: {
      declaredBy: requester,
      declaredAt: now,
      severity: severity === 'P2' ? 'P2' : 'P1',
      incident,
    },
  };
}

function schedulePart(draft: RecordDraft, register: Register): Pick<NewAnswers, 'schedule'> {
  const { start, end, type } = draft;
  if (start === undefined) {
    return {};
  }
  const slot = { start, end: end ?? later(start) };
  if (type !== 'emergency' && windowOf(register, slot) === null) {
    throw outsideWindows(register, slot);
  }
  return { schedule: { plannedStart: start, ...(end === undefined ? {} : { plannedEnd: end }) } };
}

function outsideWindows(register: Register, { start, end }: ProposedTime): UsageError {
  const openings = register.windows.map((window) => `${window.id} (${windowText(window)})`);
  return new UsageError({
    what: `${start} to ${end} is not inside a release window of ${register.client}.`,
    why: 'A normal change is made in a window agreed with the client.',
    fix: `Choose a time in one of: ${openings.join(', ') || '(the register names no window)'}.`,
    next: 'sluice new --start … --end …',
  });
}
