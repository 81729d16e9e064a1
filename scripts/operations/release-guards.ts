/** What an allowed release still has to respect: what was rolled back, the order of the stacks, and the clock. */
import { DeniedError, PartialApplyError } from '../errors.ts';
import type { StackPlan } from '../plan/types.ts';
import { undoneIds } from '../release/history.ts';
import { effectiveChanges } from '../release/rehearsal.ts';
import type { Ledger, ReleaseEntry } from '../release/types.ts';
import { inOrder } from '../release/waves.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';

/**
 * Throws DeniedError when a release of this change, or of its commit, was rolled back: its approvals were used up, and
 * what went wrong was not known to those who gave them.
 */
export function refuseRolledBack(ledger: Ledger, facts: Facts, changeId: string | null): void {
  const undone = undoneIds(ledger);
  const earlier = releasesOfChange(ledger, facts, changeId).find(({ id }) => undone.has(id));
  if (earlier === undefined) {
    return;
  }
  const by = ledger.folders.findLast(({ entry }) => entry?.undoes.includes(earlier.id) === true)?.entry;
  throw new DeniedError({
    what: `${earlier.changeId ?? earlier.id} was released to ${earlier.stack} as ${earlier.id} and rolled back by ${by?.id ?? 'a rollback'}.`,
    why: 'Its approvals were given before anybody knew that it would have to be undone.',
    fix: `Correct it under a new record that names the old one (retryOf: ${earlier.changeId ?? 'its id'}), and have that approved.`,
    next: 'sluice new',
  });
}

/** Throws DeniedError when a stack that comes earlier in the order changes too, is not named, and was not released yet. */
export function refuseOutOfOrder(ledger: Ledger, facts: Facts, plans: readonly StackPlan[]): void {
  const order = inOrder(facts.plan.stacks, facts.policy.registers);
  const last = order.findLastIndex((plan) => plans.includes(plan));
  const changeId = facts.records[0]?.record.id ?? null;
  const done = new Set(
    releasesOfChange(ledger, facts, changeId)
      .filter(({ result }) => result === 'successful')
      .map(({ stack }) => stack),
  );
  const missing = order
    .slice(0, Math.max(last, 0))
    .filter((plan) => !plans.includes(plan) && effectiveChanges(plan) > 0 && !done.has(plan.stack))
    .map(({ stack }) => stack);
  if (missing.length === 0) {
    return;
  }
  const pull = facts.pull === null ? '' : `--pr ${String(facts.pull.number)} `;
  throw new DeniedError({
    what: `${missing.join(', ')} must be released first.`,
    why: `The order of this change is ${order.map(({ stack }) => stack).join(', ')}: a fault must show where it hurts least.`,
    fix: 'Release the stacks in that order, or all of them in one go.',
    next: `sluice release ${pull}${[...missing, ...plans.map(({ stack }) => stack)].join(' ')}`,
  });
}

function releasesOfChange(ledger: Ledger, facts: Facts, changeId: string | null): readonly ReleaseEntry[] {
  return ledger.folders.flatMap(({ entry }) =>
    entry !== null &&
    entry.action === 'release' &&
    ((changeId !== null && entry.changeId === changeId) || entry.tuple?.headSha === facts.tuple.headSha)
      ? [entry]
      : [],
  );
}

/** Throws PartialApplyError when the gate does not allow the next stack any more, with what was released so far. */
export function refuseToGoOn(
  decision: Decision,
  done: readonly ReleaseEntry[],
  left: readonly StackPlan[],
): void {
  if (decision.verdict === 'allow') {
    return;
  }
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  const [first] = done;
  throw new PartialApplyError({
    what: `The gate stopped the release between two stacks: ${failing.map(({ id }) => id).join(', ')}.`,
    diagnostics: failing.flatMap(({ id, summary, reasons }) =>
      [...new Set([summary, ...reasons])].map((message) => ({ message: `${id}: ${message}` })),
    ),
    why: `Released: ${done.map(({ id, stack }) => `${stack} (${id})`).join(', ')}. Not touched: ${left.map(({ stack }) => stack).join(', ')}.`,
    fix: 'Release the rest when the gate allows it again, or roll back what was released.',
    next: `sluice rollback ${first?.stack ?? ''} --reason "the release was stopped half-way"`,
  });
}
