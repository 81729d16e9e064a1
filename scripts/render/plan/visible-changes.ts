/** Which of very many changes are listed with everything about them. */
import { isDestructive } from '../../provider/kind.ts';
import { byGravity, kindsByGravity, displayKind } from '../../plan/difference/summary.ts';
import type { ResourceChange } from '../../plan/types.ts';

export interface VisibleChanges {
  /** Gravest first, and of one gravity first what a finding is about. */
  readonly whole: readonly ResourceChange[];
  /** Of the rest what takes something away: never folded. */
  readonly destructive: readonly ResourceChange[];
  /** Of the rest everything else. */
  readonly others: readonly ResourceChange[];
}

/** `most` is a number of changes; what `named` tells as `stack/address` is listed in that order before anything else. */
export function visibleChanges(
  changes: readonly ResourceChange[],
  most: number,
  named: readonly string[],
): VisibleChanges {
  const sorted = changes.toSorted(byGravity);
  if (sorted.length <= most) {
    return { whole: sorted, destructive: [], others: [] };
  }
  const byName = new Map(sorted.map((change) => [`${change.stack}/${change.address}`, change]));
  const first = named.map((name) => byName.get(name)).filter((change) => change !== undefined);
  const chosen = [...new Set([...first, ...sorted])];
  const rest = chosen.slice(most);
  return {
    // The order of the choice stays within each kind.
    whole: chosen.slice(0, most).toSorted((a, b) => rank(a) - rank(b)),
    destructive: rest.filter(isTaken),
    others: rest.filter((change) => !isTaken(change)),
  };
}

function rank(change: ResourceChange): number {
  return kindsByGravity.indexOf(displayKind(change));
}

function isTaken(change: ResourceChange): boolean {
  return isDestructive(change) || change.actions.includes('forget');
}

/** What findings are about, as `stack/address`: without the part inside the resource. */
export function subjectsNamed(findings: readonly { readonly subject: string }[]): readonly string[] {
  return findings.map(({ subject }) => subject.split('#', 1)[0] ?? '');
}
