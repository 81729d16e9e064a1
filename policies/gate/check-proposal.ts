/** The check of what the default branch would be after the merge: it must leave the gate something to decide with. */
import type { Facts } from '../model/facts.ts';
import type { PolicyFallback, ProposalFault } from '../model/proposal.ts';
import { isDecisionData } from '../reading/places/places.ts';
import { allowed, judged } from './check.ts';
import type { CheckAnswer, CheckInput, Problem } from './check.ts';

/**
 * Denies what must not be there, what does not read, and what would leave a seat that nobody can fill. While the default
 * branch's own policy data does not read, only a pull request that repairs it and touches nothing else is decided, with
 * the last that read; the process owner has to agree to that one.
 */
export function checkProposal({ facts }: CheckInput): CheckAnswer {
  const { faults, fallback } = facts.proposal;
  const problems = [...faults.map(asProblem), ...(fallback === null ? [] : elsewhere(facts, fallback))];
  if (problems.length > 0 || fallback === null) {
    return judged('what would be merged reads, and leaves no seat empty', problems);
  }
  return allowed(
    `repairs the policy data, which does not read: decided with that of ${fallback.sha}, the last that did`,
    fallback.faults.map(placed),
  );
}

/** Files that do not read on the default branch: a change of them is their repair, not a change of its own. */
export function repairedFiles({ proposal }: Facts): ReadonlySet<string> {
  return new Set(proposal.fallback?.faults.map(({ file }) => file));
}

function asProblem(fault: ProposalFault): Problem {
  return { text: placed(fault), next: fault.fix };
}

function placed({ file, line, column, text }: ProposalFault): string {
  return `${file}:${String(line)}:${String(column)} ${text}`;
}

function elsewhere({ pull }: Facts, { sha, faults }: PolicyFallback): readonly Problem[] {
  const others = (pull?.changedFiles ?? []).filter((path) => !isDecisionData(path));
  if (pull !== null && others.length === 0 && pull.changedFiles.length > 0) {
    return [];
  }
  const [first] = faults;
  const where = first === undefined ? '' : `: ${placed(first)}`;
  return [
    {
      text: `the policy data of ${pull?.baseBranch ?? 'the default branch'} does not read${where}. Until it does, only a pull request that changes nothing but policies, registers, cases and records is decided, with those of ${sha}`,
      next: `repair it in a pull request of its own: git diff ${sha} -- policies stacks/clients changes`,
    },
  ];
}
