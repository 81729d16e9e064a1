/**
 * Break-glass: with an incident running and nobody of the ECAB awake, the implementer applies an emergency alone. It is
 * never an approval: the change is `unratified`, and its clock runs.
 */
import { isReason } from '../../scripts/plan/visible.ts';
import { hourMs, instantMs } from '../gate/instant.ts';
import type { BreakGlass, Facts, QuorumLevel } from '../model/facts.ts';
import { staleReason } from './freshness.ts';
import { onlyRecord } from './level.ts';
import { personOfAccount } from './people.ts';

export type BreakGlassUse =
  | { readonly kind: 'not-asked' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unratified'; readonly text: string };

/** It was said before anything was on show, or of something else: what to do about it. */
const againText = 'say it again once this verdict is published';

/** Whether the implementer may go alone. Everything that an emergency needs besides the second person still stands. */
export function breakGlassOf(facts: Facts, quorum: QuorumLevel): BreakGlassUse {
  const use = facts.breakGlass;
  if (use === null) {
    return { kind: 'not-asked' };
  }
  const person = personOfAccount(facts.policy.roster, use.accountId);
  if (person === null || person.id !== onlyRecord(facts)?.implementer) {
    return { kind: 'refused', reason: 'only the implementer named in the record may break the glass' };
  }
  const stale = staleUse(use, facts);
  const problem =
    useProblem(use, facts.now, quorum.approvalTtlHours) ??
    (stale === null || facts.pull === null ? stale : `${stale}; ${againText}`);
  return problem === null
    ? {
        kind: 'unratified',
        text: `unratified: ${person.name} goes alone because ${use.reason}; to be ratified within 24 hours`,
      }
    : { kind: 'refused', reason: problem };
}

/**
 * Why the word is not for what would happen now; null when it is: whoever goes alone goes with what was on show, as an
 * approver does.
 */
export function staleUse({ at, tuple }: BreakGlass, { pull, tuple: current }: Facts): string | null {
  return pull === null
    ? 'there is no pull request'
    : staleReason({ at, tuple }, { headAt: pull.headAt, tuple: current });
}

function useProblem(use: BreakGlass, at: string, hours: number): string | null {
  if (!isReason(use.reason)) {
    return 'breaking the glass needs a reason';
  }
  const [now, requestedAt] = [instantMs(at), instantMs(use.at)];
  if (now === null || requestedAt === null || requestedAt > now || now > requestedAt + hours * hourMs) {
    return `it was not asked for within the last ${hours} hours`;
  }
  const paged = use.pagedAt === null ? null : instantMs(use.pagedAt);
  return paged === null || paged > now ? 'the change manager was not paged' : null;
}
