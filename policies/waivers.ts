/**
 * Exceptions that a change record claims. A waiver counts only when it names a waivable rule and a subject, gives a
 * reason, is approved by somebody who may and who has no part in the change, and ends soon. One that does not count is a
 * finding itself: an exception nobody understands is worse than none.
 */
import { instantMs, isWithinDates, dayMs } from './gate/instant.ts';
import type { Roster, RuleInput } from './model/facts.ts';
import type { Seat } from './model/seat.ts';
import { findingIds } from './model/finding.ts';
import type { Rule, Severity } from './model/finding.ts';
import type { AuthoredRecord, Waiver } from './model/record.ts';

/** A reason shorter than this says nothing. */
const minReasonLength = 20;
const maxWaiverDays = 90;

/** Seats whose holders may approve an exception. */
const approvingSeats: readonly Seat[] = ['security', 'change-manager', 'cab'];

export type WaiverProblemId =
  | 'waiver-approver'
  | 'waiver-expired'
  | 'waiver-malformed'
  | 'waiver-unknown-rule'
  | 'waiver-unused';

export type WaiverCheck = Pick<Rule, 'id' | 'title' | 'severity' | 'why' | 'fix' | 'since' | 'source'>;

/** The runner's own checks. They stand in every report beside the rules, and nothing waives them. */
export const waiverChecks: Readonly<Record<WaiverProblemId, WaiverCheck>> = {
  'waiver-approver': check('waiver-approver', 'deny', {
    title: 'A waiver is approved by somebody who may',
    why: 'An exception that the author grants to themselves is not a control.',
    fix: 'Have it approved by a holder of the security, change-manager or CAB seat who has no part in the change.',
  }),
  'waiver-expired': check('waiver-expired', 'deny', {
    title: 'A waiver has not expired',
    why: 'What was acceptable for a while has to be decided again.',
    fix: 'Remove the waiver, or have a new one approved.',
  }),
  'waiver-malformed': check('waiver-malformed', 'deny', {
    title: 'A waiver is complete and confined',
    why: 'An exception without reason, end or confined subject is a hole, not an exception.',
    fix: `Name one subject, give a reason of at least ${minReasonLength} characters and an end within ${maxWaiverDays} days.`,
  }),
  'waiver-unknown-rule': check('waiver-unknown-rule', 'deny', {
    title: 'A waiver is for one kind of finding that can be waived',
    why: 'A misspelt rule waives nothing while everybody believes that it does; a family of rules waives what nobody has seen.',
    fix: 'Use the id of the finding as sluice check shows it; rules marked as not waivable stay.',
  }),
  'waiver-unused': check('waiver-unused', 'warn', {
    title: 'A waiver is needed',
    why: 'A leftover waiver would silently let a later mistake through.',
    fix: 'Remove the waiver, or correct its subject.',
  }),
};

function check(
  id: WaiverProblemId,
  severity: Severity,
  texts: Pick<WaiverCheck, 'title' | 'why' | 'fix'>,
): WaiverCheck {
  return { id, severity, ...texts, since: '2026-11-23', source: 'Change policy: exceptions' };
}

export interface WaiverProblem {
  readonly id: WaiverProblemId;
  /** Position in `record.waivers`. */
  readonly position: number;
  readonly seen: string;
  readonly required: string;
  /** Set for a waiver that names a rule of many kinds of findings instead of one of them. */
  readonly family?: string;
}

export interface WaiverReading {
  /** Those that count, with their position in the record. */
  readonly valid: readonly { readonly waiver: Waiver; readonly position: number }[];
  readonly problems: readonly WaiverProblem[];
}

/** Sorts the waivers of the record into those that count and what is wrong with the others. */
export function readWaivers(input: RuleInput, rules: readonly Rule[]): WaiverReading {
  const record = input.record?.record;
  const all = record?.waivers ?? [];
  const read = all.map((waiver, position) => ({
    waiver,
    position,
    problems: record === undefined ? [] : problemsOf(waiver, { input, record, rules, position }),
  }));
  return {
    valid: read.filter((one) => one.problems.length === 0),
    problems: read.flatMap((one) => one.problems),
  };
}

/** The id of one finding. Throws for a kind that the rule does not have: nobody could waive it, or everybody. */
export function findingId(rule: Pick<Rule, 'id' | 'kinds'>, kind: string | undefined): string {
  const id = kind === undefined ? rule.id : `${rule.id}/${kind}`;
  if (!findingIds(rule).includes(id)) {
    throw new Error(`${rule.id} has no findings of kind ${kind ?? '(none)'}`);
  }
  return id;
}

/**
 * True when the waiver is about this finding. The subject may be written with or without stack and `#path`; a trailing
 * `*` stands for the rest.
 */
export function waives(waiver: Waiver, ruleId: string, subject: string): boolean {
  return waiver.rule === ruleId && spellings(subject).some((text) => isMatch(waiver.subject, text));
}

function isMatch(pattern: string, text: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** A subject with and without its path and its stack. */
function spellings(subject: string): readonly string[] {
  const address = subject.split('#')[0] ?? subject;
  const withoutStack = address.indexOf('/') + 1;
  return [subject, address, subject.slice(withoutStack), address.slice(withoutStack)];
}

interface WaiverClaim {
  readonly input: RuleInput;
  readonly record: AuthoredRecord;
  readonly rules: readonly Rule[];
  readonly position: number;
}

function problemsOf(waiver: Waiver, claim: WaiverClaim): readonly WaiverProblem[] {
  const found = [
    ruleProblem(waiver, claim.rules),
    ...formProblems(waiver),
    ...endProblems(waiver, claim.input.now),
  ];
  return [...found, approverProblem(waiver, claim)].flatMap((problem) =>
    problem === null ? [] : [{ ...problem, position: claim.position }],
  );
}

type UnplacedProblem = Omit<WaiverProblem, 'position'>;

function ruleProblem(waiver: Waiver, rules: readonly Rule[]): UnplacedProblem | null {
  const rule = rules.find((one) => findingIds(one).includes(waiver.rule));
  if (rule === undefined) {
    return familyProblem(waiver, rules);
  }
  return rule.waivable
    ? null
    : {
        id: 'waiver-unknown-rule',
        seen: `${rule.id} cannot be waived`,
        required: 'a rule that can be waived',
      };
}

/** One waiver for a whole family would hide findings that nobody has looked at, also those of later. */
function familyProblem({ rule }: Waiver, rules: readonly Rule[]): UnplacedProblem {
  const family = rules.find(({ id }) => id === rule);
  return family === undefined
    ? { id: 'waiver-unknown-rule', seen: `rule ${rule}`, required: 'the id of a finding' }
    : {
        id: 'waiver-unknown-rule',
        seen: `${family.id} stands for many kinds of findings`,
        required: `one of ${findingIds(family).join(', ')}`,
        family: family.id,
      };
}

function malformed(seen: string, required: string): UnplacedProblem {
  return { id: 'waiver-malformed', seen, required };
}

function formProblems(waiver: Waiver): readonly (UnplacedProblem | null)[] {
  return [
    isConfined(waiver.subject)
      ? null
      : malformed(
          `subject ${waiver.subject}`,
          'one address, or a prefix that names at least the resource type',
        ),
    waiver.reason.trim().length >= minReasonLength
      ? null
      : malformed('a reason too short to understand', `at least ${minReasonLength} characters`),
  ];
}

/** An exact subject, or a prefix that goes beyond the stack: `*`, `acme-*` and `acme-production/*` are not scope. */
function isConfined(subject: string): boolean {
  const star = subject.indexOf('*');
  if (star === -1) {
    return subject.trim() !== '';
  }
  return star === subject.length - 1 && subject.includes('.');
}

function endProblems(waiver: Waiver, now: string): readonly (UnplacedProblem | null)[] {
  const end = instantMs(waiver.expires);
  const at = instantMs(now);
  if (end === null || at === null) {
    return [
      {
        id: 'waiver-malformed',
        seen: `expires ${waiver.expires}`,
        required: 'a date and time with an offset',
      },
    ];
  }
  if (end <= at) {
    return [{ id: 'waiver-expired', seen: `expired ${waiver.expires}`, required: 'an end in the future' }];
  }
  return end - at > maxWaiverDays * dayMs
    ? [
        {
          id: 'waiver-malformed',
          seen: `expires ${waiver.expires}`,
          required: `an end within ${maxWaiverDays} days`,
        },
      ]
    : [];
}

function approverProblem(waiver: Waiver, { input, record }: WaiverClaim): UnplacedProblem | null {
  const involved = [record.requester, record.owner, record.implementer, record.backupImplementer];
  const required = `a holder of ${approvingSeats.join(', ')} without a part in the change`;
  if (involved.includes(waiver.approvedBy)) {
    return { id: 'waiver-approver', seen: `${waiver.approvedBy} has a part in the change`, required };
  }
  return mayWaive(input.policy.roster, waiver.approvedBy, input.now)
    ? null
    : { id: 'waiver-approver', seen: `${waiver.approvedBy} may not waive`, required };
}

/** Whether a person holds a seat at `at` (RFC 3339) that may waive; a part in the change is asked elsewhere. */
export function mayWaive(roster: Roster, id: string, at: string): boolean {
  const now = instantMs(at);
  const person = roster.people.find((one) => one.id === id);
  return (
    now !== null &&
    person?.seats.some(
      (seat) => approvingSeats.includes(seat.seat) && isWithinDates(now, seat.from, seat.to),
    ) === true
  );
}
