/**
 * How a rule is written: `defineRule` for the rule, `judgeEach` for its body, `finding` and `doubt` for what it says. A
 * rule that could not look says so; nothing here turns "could not look" into "fine".
 */
import type {
  Doubt,
  Observation,
  Rule,
  RuleContext,
  RuleResult,
  Severity,
  ResultSides,
} from './model/finding.ts';

/** Returns the rule as it is; exists so that a rule file is checked where it is written. */
export function defineRule(rule: Rule): Rule {
  return rule;
}

/** What a rule says about one item: nothing to object to, or findings and doubts. */
export type Judgement = readonly (Observation | Doubt)[];

export const fine: Judgement = [];

/** One objection. `pointer` gives it a place in the record. */
export function finding(
  subject: string,
  seen: string,
  required: string,
  more: {
    readonly kind?: string;
    readonly pointer?: string;
    readonly fix?: string;
    readonly severity?: Severity;
    readonly sides?: ResultSides['sides'];
  } = {},
): Judgement {
  return [{ subject, seen, required, ...more }];
}

/** One thing that cannot be told and therefore needs a person. */
export function doubt(subject: string, reason: string, kind?: string): Judgement {
  return [{ subject, doubt: reason, ...(kind === undefined ? {} : { kind }) }];
}

export function notApplicable(reason: string): RuleResult {
  return { kind: 'not-applicable', reason };
}

/** The result for everything a rule said. */
export function judged(judgement: Judgement): RuleResult {
  const observations: Observation[] = [];
  const doubts: Doubt[] = [];
  for (const item of judgement) {
    if ('doubt' in item) {
      doubts.push(item);
    } else {
      observations.push(item);
    }
  }
  return { kind: 'judged', observations, doubts };
}

/** Judges each item; with no items the rule is not applicable, for the reason given. */
export function judgeEach<T>(
  items: readonly T[],
  nothingReason: string,
  judge: (item: T) => Judgement,
): RuleResult {
  if (items.length === 0) {
    return notApplicable(nothingReason);
  }
  return judged(items.flatMap((item) => judge(item)));
}

/** For rules about the record: without a record they cannot apply (and the gate denies for that reason). */
export function judgeRecord(
  context: RuleContext,
  judge: (record: NonNullable<RuleContext['record']>['record']) => RuleResult,
): RuleResult {
  if (context.record === null) {
    return notApplicable('there is no change record');
  }
  if (context.record.record.kind === 'Administrative') {
    return notApplicable('the record is administrative: it releases nothing');
  }
  return judge(context.record.record);
}
