/** What an allowed release still has to respect: the state of its stacks, their order, and the clock. */
import { DeniedError, PartialApplyError, StaleError, UsageError } from '../../contract/errors.ts';
import type { StackPlan } from '../../plan/types.ts';
import { approvalUses, startingStates, type ApprovedChange } from '../approval-use.ts';
import { effectiveChanges } from '../rehearsal.ts';
import { openIntents, stackState } from '../state.ts';
import type { Ledger, ReleaseEntry, ReleaseTarget } from '../types.ts';
import { targetFlag, unfinished } from './unfinished.ts';
import { doneOn, spentProblems } from '../../../policies/gate/approval-use.ts';
import type { Wave } from '../../../policies/gate/waves.ts';
import { wavesText } from '../../render/decision/waves-text.ts';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';

/**
 * Throws PartialApplyError where a release of one of the stacks never ended: no stack is touched then. Releases of this very
 * change can be finished in one go; without that each of them is rolled back, and so is what the change reached elsewhere.
 */
export function refuseOpen(
  ledger: Ledger,
  facts: Facts,
  { stacks, again }: { readonly stacks: readonly string[]; readonly again: string },
): void {
  const all = stacks.length === 0 ? facts.plan.stacks.map(({ stack }) => stack) : stacks;
  const open = all.flatMap((stack) => openIntents(ledger, stack).map(({ intent }) => intent));
  if (open.length === 0) {
    return;
  }
  const { changeId } = approvedChange(facts);
  const isOwn = open.every(({ action, changeId: of }) => action === 'release' && of === changeId);
  throw unfinished(open, isOwn ? `${again} ${open.map(({ id }) => `--abandon ${id}`).join(' ')}` : null);
}

/**
 * What a change that may not go on leaves behind, each with its command: stacks on which it broke off, and those on which it
 * is in force while it was taken back from others.
 */
export function leftBehind(
  ledger: Ledger,
  facts: Facts,
  target: ReleaseTarget,
): readonly { readonly message: string; readonly command: string }[] {
  const { changeId } = approvedChange(facts);
  const rollback = (stack: string, reason: string): string =>
    `sluice rollback ${stack} ${targetFlag(target)}--reason "${reason}"`;
  const broken = facts.plan.stacks.flatMap(({ stack }) => {
    const { unsettled } = stackState(ledger, stack);
    return unsettled?.entry.action === 'release' && unsettled.entry.changeId === changeId
      ? [
          {
            message: `${unsettled.entry.id} ended as ${unsettled.entry.result} on ${stack}`,
            command: rollback(stack, `clean up ${unsettled.entry.id}`),
          },
        ]
      : [];
  });
  const back = facts.uses.find(({ became }) => became === 'rolled-back');
  const inForce =
    back === undefined
      ? []
      : [...doneOn(facts.uses)].map(([stack, release]) => ({
          message: `${release} is still in force on ${stack}, and was taken back from ${back.stack}`,
          command: rollback(stack, `taken back from ${back.stack}`),
        }));
  return [...broken, ...inForce];
}

/**
 * Throws PartialApplyError on a stack that is half applied, unless by a release of this very change: it is either
 * finished by that or rolled back; another change must not build on it. Throws UsageError before the baseline.
 */
export function refuseUnsettled(ledger: Ledger, stack: string, changeId: string | null): void {
  const { unsettled, live } = stackState(ledger, stack);
  const isOwn = unsettled?.entry.action === 'release' && unsettled.entry.changeId === changeId;
  if (unsettled !== null && !isOwn) {
    const { id, action, result } = unsettled.entry;
    throw new PartialApplyError({
      what: `${stack} is not in a known good state: ${id} ended as ${result}.`,
      why: 'What is live there is neither what was released before nor what that one wanted.',
      fix:
        action === 'rollback' ? 'Finish the rollback first.' : 'Roll it back, or finish that change first.',
      next: `sluice rollback ${stack} --reason "clean up ${id}"`,
    });
  }
  if (live === null) {
    throw new UsageError({
      what: `${stack} has no baseline.`,
      why: 'Without a recorded state there is nothing to compare with and nothing to go back to.',
      next: `sluice baseline ${stack} --reason "first release"`,
    });
  }
}

/**
 * Throws StaleError when the stack is not any more in the state from which the plan starts: something was released,
 * rolled back or released with this very approval since the decision was taken.
 */
export function refuseMoved(ledger: Ledger, facts: Facts, { stack, bundles }: StackPlan): void {
  const approved = approvedChange(facts);
  const [spent] = spentProblems(approved.changeId, approvalUses(ledger, approved), [stack]);
  const start = startingStates(ledger, approved).get(stack)?.entry;
  if (spent === undefined && start?.bundleDigest === bundles.before) {
    return;
  }
  throw new StaleError({
    what: spent === undefined ? `${stack} is not where the approved plan starts from.` : `${spent.text}.`,
    why: `Live there is ${start === undefined ? 'nothing' : `${start.id} (${start.action})`}, and the decision was taken before that.`,
    fix: 'Ask the gate again: it decides on what is live now. Nothing was changed.',
    next: facts.pull === null ? 'sluice ledger show' : `sluice gate --pr ${String(facts.pull.number)}`,
  });
}

function approvedChange({ records, tuple }: Facts): ApprovedChange {
  return { changeId: records[0]?.record.id ?? null, headSha: tuple.headSha };
}

/** Throws DeniedError when a stack that comes earlier in the order changes too, is not named, and was not released yet. */
export function refuseOutOfOrder(facts: Facts, plans: readonly StackPlan[], waves: readonly Wave[]): void {
  const named = new Set(plans.map(({ stack }) => stack));
  const last = waves.findLastIndex((wave) => wave.some((stack) => named.has(stack)));
  const done = doneOn(facts.uses);
  const missing = facts.plan.stacks
    .filter((plan) => !named.has(plan.stack) && effectiveChanges(plan) > 0 && !done.has(plan.stack))
    .map(({ stack }) => stack)
    .filter((stack) => waves.slice(0, Math.max(last, 0)).flat().includes(stack));
  if (missing.length === 0) {
    return;
  }
  const pull = facts.pull === null ? '' : `--pr ${String(facts.pull.number)} `;
  throw new DeniedError({
    what: `${missing.join(', ')} must be released first.`,
    why: `The order of this change is ${wavesText(waves)}: a fault must show where it hurts least.`,
    fix: 'Release the stacks in that order, or all of them in one go.',
    next: `sluice release ${pull}${[...missing, ...plans.map(({ stack }) => stack)].join(' ')}`,
  });
}

/** Throws PartialApplyError when the gate does not allow the next stack any more, with what was released so far. */
export function refuseToGoOn(
  decision: Decision,
  done: readonly ReleaseEntry[],
  left: readonly string[],
): void {
  if (decision.verdict === 'allow') {
    return;
  }
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  const [first] = done;
  throw new PartialApplyError({
    what: `The gate stopped the release between two waves: ${failing.map(({ id }) => id).join(', ')}.`,
    diagnostics: failing.flatMap(({ id, summary, reasons }) =>
      [...new Set([summary, ...reasons])].map((message) => ({ message: `${id}: ${message}` })),
    ),
    why: `Released: ${done.map(({ id, stack }) => `${stack} (${id})`).join(', ')}. Not touched: ${left.join(', ')}.`,
    fix: 'Release the rest when the gate allows it again, or roll back what was released.',
    next: `sluice rollback ${first?.stack ?? ''} --reason "the release was stopped half-way"`,
  });
}
