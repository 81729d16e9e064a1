/** How a check of the gate answers: allowed, or the list of what is wrong with what to do about each. */
import type { Risk } from '../model/assessment.ts';
import type { CheckResult, Approvals, Verdict } from '../model/decision.ts';
import type { Facts } from '../model/facts.ts';
import type { RuleContext, RuleReport } from '../model/finding.ts';
import type { ChangeRecord, ComputedField } from '../model/record.ts';

export type CheckId = CheckResult['id'];
export type CheckAnswer = Omit<CheckResult, 'id'>;

/** What the checks read: the facts, and what was concluded from them once for all. */
export interface CheckInput {
  readonly facts: Facts;
  readonly risk: Risk;
  readonly rules: RuleReport;
  readonly approvals: Approvals;
  /** What rules and risk read; null where it could not be worked out, and then `rules` denies. */
  readonly context: RuleContext | null;
  /** Ids of the people whose approval is valid now, also when no seat needs it. */
  readonly approvers: ReadonlySet<string>;
  /** With what its author left out; null unless the change has exactly one. */
  readonly record: ChangeRecord | null;
  /** What its author left out of it. */
  readonly computed: readonly ComputedField[];
  /** People who took part in the change. */
  readonly disqualified: ReadonlySet<string>;
}

export interface Problem {
  readonly text: string;
  readonly next: string;
  /** A missing fact makes the check undetermined instead of a deny; it stops the change just as well. */
  readonly isUnknown?: boolean;
}

/** The context, for a check that cannot answer without one: it crashes, which denies. */
export function contextOf({ context }: CheckInput): RuleContext {
  if (context === null) {
    throw new Error('the plan could not be read');
  }
  return context;
}

export function allowed(summary: string, reasons: readonly string[] = []): CheckAnswer {
  return { verdict: 'allow', summary, reasons, next: [] };
}

/** Allowed without problems; else what `refused` says. */
export function judged(ok: string, problems: readonly Problem[], notes: readonly string[] = []): CheckAnswer {
  const [first, ...others] = problems;
  return first === undefined ? allowed(ok, notes) : refused([first, ...others], notes);
}

/** A deny, or undetermined when everything that is wrong is something unknown. */
export function refused(
  problems: readonly [Problem, ...(readonly Problem[])],
  notes: readonly string[] = [],
): CheckAnswer {
  const [first] = problems;
  const verdict: Verdict = problems.every((problem) => problem.isUnknown === true) ? 'undetermined' : 'deny';
  const more = problems.length === 1 ? '' : ` (and ${problems.length - 1} more)`;
  return {
    verdict,
    summary: `${first.text}${more}`,
    reasons: [...problems.map(({ text }) => text), ...notes],
    next: [...new Set(problems.map(({ next }) => next))],
  };
}

/** `sluice gate --pr 12`, or without a pull request the command that opens one. */
export function gateCommand(facts: Facts): string {
  return facts.pull === null ? 'sluice raise' : `sluice gate --pr ${facts.pull.number}`;
}
