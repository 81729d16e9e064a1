/** The checks of what was proven: the ledger, the evidence, the rules with their waivers, the rehearsal. */
import { isReason } from '../../scripts/plan/visible.ts';
import { readDisqualified } from '../approvals/disqualified.ts';
import { nameOf } from '../approvals/people.ts';
import type { Finding } from '../model/finding.ts';
import { isSecurityRelevant } from '../reading/security-relevance.ts';
import { spentProblems } from './approval-use.ts';
import { allowed, gateCommand, judged, refused } from './check.ts';
import type { CheckAnswer, CheckInput, Problem } from './check.ts';
import { changedStacks } from './plan-state.ts';
import { laterOrder, openPrerequisites } from './prerequisites.ts';
import { quantity } from '../../scripts/plan/quantity.ts';

/**
 * The ledger's chain holds, every recorded file is still the one that was recorded, the change was not released before,
 * and at apply what it comes after is in force.
 */
export function checkLedger(given: CheckInput): CheckAnswer {
  const { ledger, evidence } = given.facts;
  const reason = ledger.reason === undefined ? '' : `: ${ledger.reason}`;
  const problems: Problem[] = evidence
    .filter((file) => file.actualDigest !== file.recordedDigest)
    .map((file) => ({
      text: `evidence ${file.path} ${file.actualDigest === null ? 'cannot be read' : 'is not the file that was recorded'}: a security incident`,
      next: 'stop, and open a security incident: sluice ledger verify',
    }));
  switch (ledger.state) {
    case 'verified':
      // Whoever says so: what is applied, and a plan that starts from a release, builds on a recorded state.
      if (ledger.head === null && !startsFromNothing(given)) {
        problems.push({
          text: 'the ledger is empty: nothing that could be released upon is recorded',
          next: 'sluice baseline <stack> --reason "first release"',
          isUnknown: true,
        });
      }
      break;
    case 'broken':
      problems.push({ text: `the chain of the ledger is broken${reason}`, next: 'sluice ledger verify' });
      break;
    case 'unverified':
      problems.push({
        text: `the ledger could not be verified${reason}`,
        next: 'sluice ledger verify',
        isUnknown: true,
      });
      break;
    default:
      problems.push({
        text: `ledger state ${String(ledger.state satisfies never)} is not known`,
        next: 'sluice ledger verify',
      });
  }
  problems.push(...usedUp(given), ...tooEarly(given));
  const until =
    ledger.head === null ? 'the ledger is empty' : `ledger verified up to ${ledger.head.slice(0, 10)}`;
  return judged(`${until}${laterOrder(given.facts.prerequisites)}`, problems);
}

function tooEarly({ facts }: CheckInput): readonly Problem[] {
  return facts.moment === 'merge' || changedStacks(facts).length === 0
    ? []
    : openPrerequisites(facts.prerequisites);
}

function usedUp({ facts, record }: CheckInput): readonly Problem[] {
  const stacks = changedStacks(facts).map(({ stack }) => stack);
  // Closing a record, or editing one that is merged, releases nothing.
  return stacks.length === 0 ? [] : spentProblems(record?.id ?? null, facts.uses, stacks);
}

/** Before the merge of the very first change: nothing is recorded, and nothing in the facts says otherwise. */
function startsFromNothing({ facts }: CheckInput): boolean {
  return (
    facts.moment === 'merge' &&
    facts.history.length === 0 &&
    facts.plan.stacks.every(({ bundles }) => bundles.before === null)
  );
}

/** No rule denies, none is in doubt, and every waiver was agreed to by the person it names. */
export function checkRules(given: CheckInput): CheckAnswer {
  const { rules } = given;
  const denies = rules.findings.filter((finding) => finding.severity === 'deny');
  const open = denies.filter((finding) => finding.waivedBy === undefined);
  const problems: Problem[] = [
    ...open.map((finding) => ({
      text: `${finding.ruleId} on ${finding.subject}: ${finding.seen}; required: ${finding.required}`,
      next: finding.fix,
    })),
    ...rules.outcomes
      .filter(({ kind }) => kind === 'undetermined')
      .map(({ ruleId, reason }) => ({
        text: `${ruleId} cannot tell: ${reason ?? 'no reason given'}`,
        next: 'make it known, or let an approver take it on: a waiver in the record',
        isUnknown: true,
      })),
    ...waiverProblems(given, rules.findings),
    ...reviewerProblems(given),
  ];
  if (problems.length === 0 && rules.verdict !== 'allow') {
    problems.push({ text: `the rules say ${rules.verdict}`, next: 'sluice check' });
  }
  return judged(`${quantity(rules.outcomes.length, 'rule')}, nothing that denies`, problems);
}

/**
 * The author writes the waiver, so the name in it proves nothing: the person has to approve this very tuple. Whether they
 * may waive at all is checked where waivers are read; one that is not valid hides no finding.
 */
function waiverProblems(given: CheckInput, findings: readonly Finding[]): readonly Problem[] {
  const named = new Set(
    findings.flatMap(({ waivedBy }) => (waivedBy === undefined ? [] : [waivedBy.approvedBy])),
  );
  return [...named]
    .filter((id) => !given.approvers.has(id))
    .map((id) => {
      const name = nameOf(given.facts.policy.roster, id);
      return {
        text: `a waiver names ${name}, who has not approved this change`,
        next: `ask ${name} to approve it`,
      };
    });
}

/** Who reviews a change of a control did not open, write or push it either; what the record says of them is judged by the rules. */
function reviewerProblems({ facts, record }: CheckInput): readonly Problem[] {
  const touches = facts.plan.stacks.some(({ changes }) => changes.some(isSecurityRelevant));
  const id = touches ? record?.securityImpact.reviewer : undefined;
  const part = id === undefined ? undefined : readDisqualified(facts).people.get(id);
  return id === undefined || part === undefined
    ? []
    : [
        {
          text: `the security reviewer ${nameOf(facts.policy.roster, id)} ${part}`,
          next: 'name somebody of the security seat who took no part: `securityImpact.reviewer`',
        },
      ];
}

/** The rollback of every stack that changes was rehearsed for this effect, within the time that the record promises. */
export function checkRehearsal(given: CheckInput): CheckAnswer {
  const { facts, record } = given;
  // Where only settings differ (the version of a provider) there is no resource that a rehearsal could put back.
  const stacks = changedStacks(facts).filter(({ changes }) => changes.length > 0);
  if (stacks.length === 0) {
    return allowed('no resource changes, so none has to be rolled back');
  }
  if (record?.rollback.strategy === 'not-possible') {
    const reason = record.rollback.irreversibleReason;
    return reason === undefined || !isReason(reason)
      ? refused([
          {
            text: 'the record says that no rollback is possible, and not why',
            next: 'give `rollback.irreversibleReason`',
          },
        ])
      : allowed('no rollback is possible, as the record says', [reason]);
  }
  const names = stacks.map(({ stack }) => stack);
  const problems = names.flatMap((stack) => stackProblems(given, stack));
  return judged(`rollback rehearsed for ${names.join(', ')}`, [
    ...problems,
    ...(problems.length === 0 ? durationProblems(given, names) : []),
  ]);
}

function stackProblems({ facts }: CheckInput, stack: string): readonly Problem[] {
  const next = `sluice rehearse ${stack}, then ${gateCommand(facts)}`;
  const all = facts.rehearsals.filter((rehearsal) => rehearsal.stack === stack);
  const own = all.filter((rehearsal) => rehearsal.effectDigest === facts.tuple.effectDigest);
  if (own.length === 0) {
    const why = all.length === 0 ? 'was not rehearsed' : 'was rehearsed for another plan only';
    return [{ text: `the rollback of ${stack} ${why}`, next }];
  }
  const bad = own.find(({ result }) => result !== 'proven');
  if (bad !== undefined) {
    const what = bad.result === 'failed' ? 'failed' : 'did not run';
    return [{ text: `the rehearsal of ${stack} ${what}: ${bad.reason ?? 'no reason given'}`, next }];
  }
  return [];
}

/** Stacks are rolled back one after the other, so that the promised time is for all of them. What was not measured keeps no promise. */
function durationProblems({ facts, record }: CheckInput, stacks: readonly string[]): readonly Problem[] {
  const limit = record?.rollback.maxDurationMin;
  const own = facts.rehearsals.filter(
    ({ stack, effectDigest }) => stacks.includes(stack) && effectDigest === facts.tuple.effectDigest,
  );
  const unmeasured = own.find(({ rollbackSeconds }) => rollbackSeconds === undefined);
  if (unmeasured !== undefined) {
    return [
      {
        text: `the rehearsal of ${unmeasured.stack} does not say how long its rollback took`,
        next: `sluice rehearse ${unmeasured.stack}, then ${gateCommand(facts)}`,
        isUnknown: true,
      },
    ];
  }
  // Of several rehearsals of a stack the slowest counts.
  const seconds = stacks.reduce(
    (sum, stack) =>
      sum +
      Math.max(0, ...own.filter((each) => each.stack === stack).map((each) => each.rollbackSeconds ?? 0)),
    0,
  );
  return limit === undefined || seconds <= limit * 60
    ? []
    : [
        {
          text: `the rollback of ${stacks.join(', ')} took ${seconds} s; the record promises ${limit} min`,
          next: 'raise `rollback.maxDurationMin`',
        },
      ];
}
