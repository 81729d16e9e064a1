/** What to do about a live plan that is not what was approved: refuse, and say what a person may accept and how. */
import { DriftError } from '../../contract/errors.ts';
import type { StackPlan } from '../../plan/types.ts';
import { compareLive, type Deviation } from '../live/compare-live.ts';
import type { HalfReplaced } from '../live/half-replaced.ts';
import type { ReleaseAction } from '../types.ts';

export interface AppliedComparison {
  readonly action: ReleaseAction;
  readonly stack: string;
  /** Null only for a baseline of the sandbox, whose plan is the approval. */
  readonly allowed: StackPlan | null;
  readonly half: HalfReplaced;
  readonly acceptedDrift: readonly string[];
  /** Flags that ask for the same rollback again; empty for anything else. */
  readonly flags: string;
}

/** Throws DriftError for every deviation that was not accepted by its address. */
export function refuseDeviations(comparison: AppliedComparison, live: StackPlan): void {
  if (comparison.allowed === null) {
    return;
  }
  const accepted = new Set(comparison.acceptedDrift);
  const deviations = compareLive(comparison.allowed, live, comparison.half).deviations.filter(
    (deviation) => !(accepted.has(deviation.address) && isAcceptable(deviation)),
  );
  if (deviations.length > 0) {
    throw driftError(comparison, deviations);
  }
}

/**
 * An edit by hand may be overwritten, and what was deleted by hand may be made again. A deletion or a replacement that the
 * ledger does not ask for takes something away that no rollback can bring back: it needs a change of its own.
 */
function isAcceptable({ kind }: Deviation): boolean {
  return kind === 'update' || kind === 'create';
}

function driftError(comparison: AppliedComparison, deviations: readonly Deviation[]): DriftError {
  const { stack, action } = comparison;
  const isRollback = action === 'rollback';
  const beyond = deviations.filter((deviation) => !isAcceptable(deviation));
  return new DriftError({
    what: `Live ${stack} is not as it was released: ${String(deviations.length)} difference(s). Nothing was changed.`,
    diagnostics: deviations.map((deviation) => ({
      message: `${deviation.subject}: ${deviation.what}${isRollback && !isAcceptable(deviation) ? `; a ${deviation.kind} cannot be accepted` : ''}`,
    })),
    why: 'Somebody edited Cloudflare outside of Sluice, or the approval was given for another starting point.',
    fix: fixOf(isRollback, beyond),
    next: isRollback && beyond.length === 0 ? acceptAll(comparison, deviations) : `sluice plan ${stack}`,
  });
}

function fixOf(isRollback: boolean, beyond: readonly Deviation[]): string {
  if (!isRollback) {
    return 'Bring the edit into the code with a change of its own, or undo it in the dashboard; then release again.';
  }
  return beyond.length === 0
    ? 'Find out who did it. To overwrite those edits knowingly, name each address.'
    : `Put ${beyond.map(({ address }) => address).join(', ')} back in the dashboard as it was released, then roll back again.`;
}

function acceptAll(
  { stack, flags, acceptedDrift }: AppliedComparison,
  deviations: readonly Deviation[],
): string {
  const addresses = new Set([...acceptedDrift, ...deviations.map(({ address }) => address)]);
  const accept = [...addresses].map((address) => `--accept '${address}'`).join(' ');
  return `sluice rollback ${stack} ${flags}${accept} --reason "..."`;
}
