/**
 * Whether the approval of a change is used up. It is given once, for one effect on each stack: after its release was
 * rolled back, or after another release came on top of it, what it was given for is not the world any more. The rest of
 * a change that is released stack by stack is open as long as its own releases are the last word where they went.
 */
import type { ApprovalUse } from '../model/approval-use.ts';
import type { Problem } from './check.ts';

/** Why `changeId` may not be released to any of `stacks` now; empty when one of them is left to release. */
export function spentProblems(
  changeId: string | null,
  uses: readonly ApprovalUse[],
  stacks: readonly string[],
): readonly Problem[] {
  const change = changeId ?? 'the change';
  const over = uses.filter(({ became }) => became !== 'in-force');
  if (over.length > 0) {
    return over.map((use) => ({
      text: `${change} was released to ${use.stack} as ${use.release} and ${endOf(use)}: its approvals are used up`,
      next: `write a record of its own that names the old one: sluice retry ${change}`,
    }));
  }
  const done = doneOn(uses);
  if (stacks.length === 0 || stacks.some((stack) => !done.has(stack))) {
    return [];
  }
  const where = stacks.map((stack) => `${stack} as ${done.get(stack) ?? ''}`).join(', ');
  return [
    {
      text: `${change} was released already, to ${where}: its approvals are used up`,
      next: 'leave it as it was released; for another change: sluice new',
    },
  ];
}

/** Stacks on which the change is in force, with the id of its release there. */
export function doneOn(uses: readonly ApprovalUse[]): ReadonlyMap<string, string> {
  return new Map(
    uses.filter(({ became }) => became === 'in-force').map(({ stack, release }) => [stack, release]),
  );
}

function endOf({ became, by }: ApprovalUse): string {
  return became === 'rolled-back'
    ? `rolled back by ${by ?? 'a rollback'}`
    : `followed by ${by ?? 'another release'}`;
}
