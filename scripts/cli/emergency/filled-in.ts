/**
 * What an emergency left out, made up for: what the ledger, the record and its incident say is computed, and only the rest
 * is asked. All of it is a claim of whoever closes it; the pull request that does needs their approval and another one.
 */
import { isSettledByAccount } from '../../../policies/emergency/owed.ts';
import type { AuthoredRecord, Owed, RiskLevel } from '../../../policies/model/record.ts';
import type { KnownChange, OwingEmergency } from '../../questions/types.ts';
import { carefulAnswers } from '../record/new-record.ts';

export interface Question {
  /** As a flag: `--settled <name>=<text>`. */
  readonly name: string;
  readonly text: string;
  /** Characters. */
  readonly least: number;
  /** Nothing else will do. */
  readonly among?: readonly string[];
}

export interface FilledIn {
  /** Fields of the record that it does not have, or not whole. */
  readonly fields: Readonly<Record<string, object | string>>;
  readonly owed: NonNullable<NonNullable<AuthoredRecord['outcome']>['owed']>;
}

/** Of an account; `changes/record.schema.json` has the same. */
const leastAccount = 20;

/** Fields that a person answers in a line. */
const lineQuestions: ReadonlyMap<string, Omit<Question, 'least'>> = new Map([
  ['impact', { name: 'users', text: 'Who noticed the incident and the move, and how many' }],
  ['securityImpact', { name: 'security', text: 'What the move changed for security, or why nothing did' }],
  ['benefit', { name: 'benefit', text: 'What is better since' }],
  ['monitoring', { name: 'watched', text: 'Which figure or dashboard was watched since' }],
  ...['continuityImpact', 'capacityImpact', 'availabilityImpact', 'slaImpact'].map(
    (name) => [name, { name, text: `${name}: none, or what it did to it` }] as const,
  ),
]);

/** What has to be asked, in the order in which it is owed. `reviewers`: who may have looked at its security. */
export function questionsFor(owed: readonly Owed[], reviewers: readonly string[]): readonly Question[] {
  return owed.flatMap(({ item, what }): readonly Question[] => {
    const question = lineQuestions.get(item);
    if (question !== undefined) {
      return [{ ...question, least: 1 }];
    }
    if (item === 'record-security-impact') {
      const who = reviewers.join(' or ') || 'the roster has nobody of that seat';
      return [{ name: 'reviewer', text: `Who looked at its security: ${who}`, least: 1, among: reviewers }];
    }
    return isSettledByAccount(item) && item !== 'lead-time'
      ? [{ name: item, text: what, least: leastAccount }]
      : [];
  });
}

export interface Known {
  readonly change: KnownChange;
  readonly owing: OwingEmergency;
  /** By the name of the question. */
  readonly answers: ReadonlyMap<string, string>;
  /** RFC 3339. */
  readonly now: string;
}

/** Everything that is owed, from the answers and from what is known. */
export function filledIn(known: Known): FilledIn {
  const wanted = new Set(known.owing.owed.map(({ item }) => item.split('.')[0] ?? ''));
  const fields = Object.entries(fieldsOf(known)).filter(([name]) => wanted.has(name));
  return {
    fields: Object.fromEntries(fields),
    owed: known.owing.owed
      .filter(({ item }) => isSettledByAccount(item))
      .map(({ item }) => ({ item, settled: accountOf(item, known) })),
  };
}

function accountOf(item: string, { change: { record }, answers }: Known): string {
  if (item === 'record-security-impact') {
    return `Looked at by ${answers.get('reviewer') ?? ''}: ${answers.get('security') ?? record.securityImpact.summary}`;
  }
  const { incident = '', severity = '', declaredAt = '' } = record.emergency ?? {};
  return item === 'lead-time'
    ? `${incident} was a live ${severity} when the emergency was declared at ${declaredAt}.`
    : (answers.get(item) ?? '');
}

/** The level that the effective risk is of: nobody claims less afterwards than the gate computed. */
const impactLevels: Readonly<Record<RiskLevel, number>> = { low: 1, medium: 2, high: 3, critical: 4 };

function fieldsOf({ change, owing, answers, now }: Known): FilledIn['fields'] {
  const { record, releases } = change;
  const answer = (name: string): string => answers.get(name) ?? '';
  const { incident = 'the incident' } = record.emergency ?? {};
  const finished = Date.parse(releases.at(-1)?.entry?.finishedAt ?? now);
  const { strategy, steps, maxDurationMin } = record.rollback;
  return {
    impact: { level: impactLevels[owing.risk], users: answer('users'), expectedOutage: 'PT0S' },
    securityImpact: {
      assessed: true,
      summary: answer('security'),
      ...(answers.has('reviewer') && { reviewer: answer('reviewer') }),
    },
    acceptanceCriteria: record.acceptanceCriteria,
    benefit: answer('benefit'),
    consequenceIfNot: `What ${incident} is about goes on.`,
    likelihood: { level: 2 },
    riskAnswers: carefulAnswers,
    plan: record.plan ?? { steps: [] },
    test: {
      pre: [
        {
          what: 'The rollback, rehearsed before the change was let through',
          how: 'sluice gate',
          automated: true,
        },
      ],
      post: record.test.post,
    },
    rollback: {
      strategy,
      steps,
      maxDurationMin: maxDurationMin ?? 15,
      triggers: ['requests that must pass are stopped', `${incident} is over`],
      decider: record.owner,
    },
    monitoring: {
      watch: [answer('watched')],
      observeMin: Math.max(1, Math.min(longestWatch, Math.ceil((Date.parse(now) - finished) / 60_000))),
    },
    ...Object.fromEntries([...answers].filter(([name]) => name.endsWith('Impact'))),
  };
}

/** Minutes, as the schema has it. */
const longestWatch = 10_080;
