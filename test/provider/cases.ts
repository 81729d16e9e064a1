/** What is asked of a provider, what it answers, and where two answers differ. */
import type { JsonObject } from '../../scripts/plan/types.ts';

/** The steps of a case, in the order in which they are taken; a step after a failed one is not taken. */
export const steps = [
  'validate',
  'plan',
  'apply',
  'plan again',
  'change: validate',
  'change: plan',
  'change: replaced by',
  'change: unknown',
  'change: apply',
  'change: plan again',
  'destroy',
  'remains',
] as const;

export type Step = (typeof steps)[number];

/**
 * Answers by step, as a person reads them: `accepted` or `refused: <paths>`; the action of a plan; paths; `done` or
 * `failed`; `kept`, `gone` or `not told`. Paths are written `a.b[].c`.
 */
export type Answers = Readonly<Partial<Record<Step, string>>>;

/** A resource, or one and what it is changed to. Without a change it is validated only. */
export interface Case {
  readonly name: string;
  /** Which kind of fact it is about. */
  readonly kind: string;
  readonly type: string;
  readonly first: JsonObject;
  readonly changed?: JsonObject;
  /** What the facts say; a step that they do not tell is left out. */
  readonly expect: Answers;
}

/** Expectations of our own, and what they were made from. */
export interface Recorded {
  readonly provider: string;
  readonly source: string;
  /** Day on which they were made. */
  readonly date: string;
  readonly seed: number;
  readonly cases: readonly Case[];
}

export interface Difference {
  readonly case: Case;
  readonly step: Step;
  readonly one: string;
  readonly other: string;
}

/**
 * Where recorded answers and those of a provider differ. A recorded refusal names one place; the provider may name more,
 * because one value can break several rules.
 */
export function differencesFromRecorded(asked: Case, answers: Answers): readonly Difference[] {
  return steps.flatMap((step) => {
    const one = asked.expect[step];
    const other = answers[step] ?? 'not reached';
    return one === undefined || one === other || namesMore(one, other)
      ? []
      : [{ case: asked, step, one, other }];
  });
}

function namesMore(recorded: string, found: string): boolean {
  const [place = '', ...rest] = placesOf(recorded);
  return rest.length === 0 && place !== '' && placesOf(found).some((other) => isAt(place, other));
}

/** Terraform tells no place inside of a set, and some providers tell the element of a list. */
function isAt(recorded: string, found: string): boolean {
  return found === recorded || found === `${recorded}[]` || recorded.startsWith(`${found}[]`);
}

function placesOf(answer: string): readonly string[] {
  return answer.startsWith('refused: ') ? answer.slice('refused: '.length).split(', ') : [];
}

/** Where two providers differ. What one of them cannot tell is not a difference. */
export function differences(asked: Case, one: Answers, other: Answers): readonly Difference[] {
  return steps.flatMap((step) => {
    const [left = 'not reached', right = 'not reached'] = [one[step], other[step]];
    return left === right || [left, right].includes('not told')
      ? []
      : [{ case: asked, step, one: left, other: right }];
  });
}
