/**
 * What `sluice new` has to know: one entry per answer, in the order in which a person would think of them. Each says
 * when it is needed, what it is by default, and what is wrong with an answer. No I/O.
 */
import type { CatalogueEntry, Register } from '../../../policies/model/facts.ts';
import { nearestWord } from '../../plan/nearest-word.ts';
import { quantity } from '../../plan/quantity.ts';

const changeTypes = ['standard', 'normal', 'emergency'] as const;
const riskLevels = ['low', 'medium', 'high', 'critical'] as const;
const categories = [
  'waf',
  'dns',
  'tls',
  'cache',
  'lb',
  'access',
  'workers',
  'rules',
  'account',
  'monitoring',
  'other',
] as const;

/** Answers by name; `stacks` is a comma-separated list while it is being asked for. */
export type RecordDraft = Partial<Record<AnswerName, string>>;

export type AnswerName =
  | 'client'
  | 'service'
  | 'type'
  | 'standardChange'
  | 'category'
  | 'kind'
  | 'model'
  | 'title'
  | 'reason'
  | 'stacks'
  | 'risk'
  | 'requester'
  | 'owner'
  | 'implementer'
  | 'backupImplementer'
  | 'incident'
  | 'severity'
  | 'trafficSample'
  | 'start'
  | 'end';

export interface QuestionContext {
  readonly registers: readonly Register[];
  readonly catalogue: readonly CatalogueEntry[];
  /** Ids of those who hold the seat of an engineer. */
  readonly engineers: readonly string[];
}

export interface RecordQuestion {
  readonly name: AnswerName;
  readonly flag: string;
  readonly text: string;
  /** Not asked for, and refused as a flag, when false. */
  readonly isNeeded: (draft: RecordDraft) => boolean;
  /** Not asked for: what no flag says is computed, or is the least. */
  readonly isOptional?: (draft: RecordDraft) => boolean;
  /** Proposed to a person, and used without asking when there is nobody to ask; null when only the author can know. */
  readonly proposal: (draft: RecordDraft, known: QuestionContext) => string | null;
  /** What is wrong with the answer; null when it will do. */
  readonly problem: (answer: string, draft: RecordDraft, known: QuestionContext) => string | null;
}

const always = (): boolean => true;
const none = (): null => null;
const isPlanned = ({ type, kind }: RecordDraft): boolean => type !== 'standard' && kind !== 'administrative';
const isEmergency = ({ type }: RecordDraft): boolean => type === 'emergency';

const oneOf =
  (allowed: (draft: RecordDraft, known: QuestionContext) => readonly string[]): RecordQuestion['problem'] =>
  (answer, draft, known) =>
    notListed(answer, allowed(draft, known));

function notListed(answer: string, allowed: readonly string[]): string | null {
  if (allowed.includes(answer)) {
    return null;
  }
  const near = nearestWord(answer, allowed);
  const hint = near === null ? '' : ` Did you mean ${near}?`;
  return `"${answer}" is not one of ${allowed.length === 0 ? '(none)' : allowed.join(', ')}.${hint}`;
}

const sized =
  (minimum: number, maximum: number): RecordQuestion['problem'] =>
  (answer) => {
    const { length } = answer.trim();
    return length >= minimum && length <= maximum
      ? null
      : `${quantity(length, 'character')}; between ${minimum} and ${maximum} are needed.`;
  };

const matching =
  (pattern: RegExp, example: string): RecordQuestion['problem'] =>
  (answer) =>
    pattern.test(answer) ? null : `"${answer}" does not have the form of ${example}.`;

const person = matching(/^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+$/, 'a person id such as r.okafor');
const digest = matching(/^sha256:[0-9a-f]{64}$/, `sha256:${'0'.repeat(64)}`);
const time: RecordQuestion['problem'] = (answer) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/.test(answer) &&
  !Number.isNaN(Date.parse(answer))
    ? null
    : `"${answer}" is not a time with offset such as 2026-11-23T20:00:00Z.`;

export function registerOf(draft: RecordDraft, { registers }: QuestionContext): Register | undefined {
  return registers.find(({ client }) => client === draft.client);
}

export function entryOf(draft: RecordDraft, { catalogue }: QuestionContext): CatalogueEntry | undefined {
  return catalogue.find(({ id }) => id === draft.standardChange);
}

export function stackList(answer: string): readonly string[] {
  return answer
    .split(',')
    .map((stack) => stack.trim())
    .filter((stack) => stack !== '');
}

const services = (draft: RecordDraft, known: QuestionContext): readonly string[] =>
  registerOf(draft, known)?.services.map(({ id }) => id) ?? [];
const stacks = (draft: RecordDraft, known: QuestionContext): readonly string[] =>
  registerOf(draft, known)?.stacks.map(({ name }) => name) ?? [];
const entries = (draft: RecordDraft, known: QuestionContext): readonly string[] => {
  const agreed = registerOf(draft, known)?.standardChanges ?? [];
  return known.catalogue
    .filter(({ id, status }) => status === 'active' && agreed.includes(id))
    .map(({ id }) => id);
};
const only = (values: readonly string[]): string | null => (values.length === 1 ? (values[0] ?? null) : null);

const stacksProblem: RecordQuestion['problem'] = (answer, draft, known) => {
  const wanted = stackList(answer);
  const wrong = wanted
    .map((stack) => notListed(stack, stacks(draft, known)))
    .find((problem) => problem !== null);
  return wanted.length === 0 ? 'At least one stack is needed.' : (wrong ?? null);
};

export const questions: readonly RecordQuestion[] = [
  {
    name: 'client',
    flag: '--client',
    text: 'Client',
    isNeeded: always,
    proposal: (_draft, { registers }) => only(registers.map(({ client }) => client)),
    problem: oneOf((_draft, { registers }) => registers.map(({ client }) => client)),
  },
  {
    name: 'kind',
    flag: '--kind',
    text: 'Kind: change, or administrative for a decision that alters no stack',
    isNeeded: always,
    isOptional: always,
    proposal: none,
    problem: oneOf(() => ['change', 'administrative']),
  },
  {
    name: 'service',
    flag: '--service',
    text: 'Service',
    isNeeded: always,
    isOptional: always,
    proposal: (draft, known) => only(services(draft, known)),
    problem: oneOf(services),
  },
  {
    name: 'type',
    flag: '--type',
    text: 'Type: standard (matches a catalogue entry), normal, emergency (open P1 or P2)',
    isNeeded: always,
    proposal: () => 'normal',
    problem: oneOf(() => changeTypes),
  },
  {
    name: 'standardChange',
    flag: '--standard-change',
    text: 'Catalogue entry',
    isNeeded: ({ type }) => type === 'standard',
    isOptional: always,
    proposal: (draft, known) => only(entries(draft, known)),
    problem: oneOf(entries),
  },
  {
    name: 'category',
    flag: '--category',
    text: 'Category',
    isNeeded: always,
    isOptional: always,
    proposal: (draft, known) => entryOf(draft, known)?.category ?? null,
    problem: oneOf((draft, known) => {
      const entry = entryOf(draft, known);
      return entry === undefined ? categories : [entry.category];
    }),
  },
  {
    name: 'model',
    flag: '--model',
    text: 'Model, the kind of work',
    isNeeded: ({ type }) => type !== 'standard',
    isOptional: always,
    proposal: none,
    problem: matching(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, 'a model such as dns-add'),
  },
  {
    name: 'title',
    flag: '--title',
    text: 'Title, one line',
    isNeeded: always,
    proposal: none,
    problem: sized(10, 120),
  },
  {
    name: 'reason',
    flag: '--reason',
    text: 'Reason: what is wrong or wanted, who asked, what the change does about it',
    isNeeded: always,
    proposal: none,
    problem: sized(30, 4000),
  },
  {
    name: 'stacks',
    flag: '--stack',
    text: 'Stacks in the order of release, separated by commas',
    isNeeded: always,
    isOptional: always,
    proposal: (draft, known) => only(stacks(draft, known)),
    problem: stacksProblem,
  },
  {
    name: 'risk',
    flag: '--risk',
    text: 'Your own judgement of the risk; the computed risk can only be raised by it',
    isNeeded: always,
    isOptional: always,
    proposal: none,
    problem: oneOf(() => riskLevels),
  },
  {
    name: 'requester',
    flag: '--requester',
    text: 'Requested by',
    isNeeded: always,
    proposal: none,
    problem: person,
  },
  {
    name: 'owner',
    flag: '--owner',
    text: 'Accountable owner',
    isNeeded: always,
    proposal: ({ requester }) => requester ?? null,
    problem: person,
  },
  {
    name: 'implementer',
    flag: '--implementer',
    text: 'Implementer',
    isNeeded: isPlanned,
    proposal: ({ owner }) => owner ?? null,
    problem: person,
  },
  {
    name: 'backupImplementer',
    flag: '--backup-implementer',
    text: 'Backup implementer',
    isNeeded: isPlanned,
    isOptional: ({ risk = 'low' }) => risk === 'low',
    // Where the roster leaves one only; of several nobody but the author knows who has time.
    proposal: ({ implementer, owner, requester }, { engineers }) =>
      only(engineers.filter((id) => id !== implementer && id !== owner && id !== requester)),
    problem: (answer, draft, known) =>
      answer === draft.implementer
        ? 'The implementer cannot be their own backup.'
        : person(answer, draft, known),
  },
  {
    name: 'incident',
    flag: '--incident',
    text: 'Open incident',
    isNeeded: isEmergency,
    proposal: none,
    problem: matching(/^INC-[1-9][0-9]{0,8}$/, 'INC-41'),
  },
  {
    name: 'severity',
    flag: '--severity',
    text: 'Priority of the incident, P1 or P2',
    isNeeded: isEmergency,
    proposal: none,
    problem: oneOf(() => ['P1', 'P2']),
  },
  {
    name: 'trafficSample',
    flag: '--traffic-sample',
    text: 'Digest of the recorded traffic to replay, as sluice waf traffic import printed it; empty for none',
    isNeeded: (draft) => isPlanned(draft) && (draft.category ?? 'waf') === 'waf',
    isOptional: always,
    proposal: () => '',
    problem: (answer, draft, known) => (answer === '' ? null : digest(answer, draft, known)),
  },
  {
    name: 'start',
    flag: '--start',
    text: 'Planned start',
    isNeeded: isPlanned,
    proposal: none,
    problem: time,
  },
  {
    name: 'end',
    flag: '--end',
    text: 'Planned end, without rollback',
    isNeeded: isPlanned,
    isOptional: always,
    proposal: none,
    problem: (answer, draft, known) =>
      time(answer, draft, known) ??
      (draft.start !== undefined && Date.parse(answer) <= Date.parse(draft.start)
        ? `It must be after the start, ${draft.start}.`
        : null),
  },
];
