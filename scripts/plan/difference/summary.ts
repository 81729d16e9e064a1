/** Counts of a plan, for headings and tables. */
import { compareText } from '../../json/json.ts';
import { changeKind } from '../../provider/kind.ts';
import { untold } from './lifecycle.ts';
import { isPossible } from '../../provider/possible.ts';
import type { Folded, Plan, ResourceChange, DisplayKind, StackPlan } from '../types.ts';

export type ChangeCounts = Readonly<Record<DisplayKind, number>>;

export interface Summary {
  readonly counts: ChangeCounts;
  readonly byStack: readonly { readonly stack: string; readonly counts: ChangeCounts }[];
  /** Zones that have changes, sorted; `zone` null collects what belongs to the account. */
  readonly byZone: readonly {
    readonly stack: string;
    readonly zone: string | null;
    readonly counts: ChangeCounts;
  }[];
  /** Resources of all stacks that differ and change nothing. */
  readonly folded: Folded;
  /** Changes that make Terraform do something: all kinds but no-op and read. */
  readonly effective: number;
}

/** Every kind there is, gravest first: the order in which renderers show changes. */
export const kindsByGravity: readonly DisplayKind[] = [
  'delete',
  'replace',
  'may-replace',
  'undetermined',
  'forget',
  'update',
  'create',
  'import',
  'move',
  'read',
  'no-op',
];

export function summarise(plan: Plan): Summary {
  const changes = plan.stacks.flatMap((stack) => stack.changes);
  const counts = countKinds(changes);
  return {
    counts,
    byStack: plan.stacks.map((stack) => ({ stack: stack.stack, counts: countKinds(stack.changes) })),
    byZone: plan.stacks.flatMap(zonesOf),
    folded: foldedIn(plan.stacks),
    effective: changes.length - counts['no-op'] - counts.read,
  };
}

/** What a reader is told of the change. */
export function displayKind(change: ResourceChange): DisplayKind {
  const isPair = change.before !== null && change.after !== null;
  return isPair && untold(change) !== null
    ? 'undetermined'
    : isPossible(change)
      ? 'may-replace'
      : changeKind(change);
}

/** How many resources differ and change nothing, over several stacks. */
export function foldedIn(stacks: readonly Pick<StackPlan, 'folded'>[]): Folded {
  const counts = { recomputed: 0, respelled: 0 };
  for (const { folded } of stacks) {
    counts.recomputed += folded?.recomputed ?? 0;
    counts.respelled += folded?.respelled ?? 0;
  }
  return counts;
}

/** How many changes there are of each kind. An update that imports as well counts as both, as Terraform counts it. */
export function countKinds(changes: readonly ResourceChange[]): ChangeCounts {
  const counts = {
    create: 0,
    update: 0,
    delete: 0,
    replace: 0,
    'may-replace': 0,
    undetermined: 0,
    move: 0,
    import: 0,
    read: 0,
    forget: 0,
    'no-op': 0,
  };
  for (const change of changes) {
    const kind = displayKind(change);
    counts[kind] += 1;
    counts.import += change.importing !== undefined && kind !== 'import' ? 1 : 0;
  }
  return counts;
}

/** Gravest first, then by address: the order of every listing. */
export function byGravity(a: ResourceChange, b: ResourceChange): number {
  const difference = kindsByGravity.indexOf(displayKind(a)) - kindsByGravity.indexOf(displayKind(b));
  return difference === 0 ? compareText(a.address, b.address) : difference;
}

function zonesOf(stack: StackPlan): Summary['byZone'] {
  const groups = new Map<string | null, ResourceChange[]>();
  for (const change of stack.changes) {
    const group = groups.get(change.zone);
    if (group === undefined) {
      groups.set(change.zone, [change]);
    } else {
      group.push(change);
    }
  }
  return [...groups]
    .toSorted(([a], [b]) => compareText(a ?? '', b ?? ''))
    .map(([zone, changes]) => ({ stack: stack.stack, zone, counts: countKinds(changes) }));
}
