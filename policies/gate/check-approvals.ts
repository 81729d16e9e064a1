/** The check of who has agreed, from what `evaluateApprovals` found. */
import type { CheckAnswer, CheckInput } from './check.ts';
import { gateCommand } from './check.ts';

/** Says what is missing first; at apply, what was merged without its approvals is named for what it is. */
export function checkApprovals(given: CheckInput): CheckAnswer {
  const { approvals, facts } = given;
  const count = `${approvals.given} of ${approvals.required} approvals (${approvals.level})`;
  if (approvals.verdict === 'allow') {
    return { verdict: 'allow', summary: count, reasons: approvals.reasons, next: [] };
  }
  const isMerged = facts.moment === 'apply' && facts.pull?.state === 'merged';
  const seats = approvals.openSeats.length === 0 ? '' : `; open: ${approvals.openSeats.join(', ')}`;
  const vetoes =
    approvals.vetoes.length === 0 ? '' : `; veto of ${approvals.vetoes.map(({ login }) => login).join(', ')}`;
  return {
    verdict: approvals.verdict,
    summary: `${isMerged ? 'unauthorised change: merged without valid approvals. ' : ''}${count}${seats}${vetoes}`,
    reasons: approvals.reasons,
    next: [...approvals.reasons.filter((reason) => isToDo(reason)), gateCommand(facts)],
  };
}

function isToDo(reason: string): boolean {
  return ['missing:', 'unsatisfiable:', 'veto:', 'condition ', 'commit '].some((start) =>
    reason.startsWith(start),
  );
}
