/** What a change takes away, for the top of the CAB comment: zones first, then deletions, replacements and what is forgotten. */
import { compareText } from '../plan/json.ts';
import { changeKind } from '../plan/kind.ts';
import { byGravity } from '../plan/summary.ts';
import type { ChangeKind, Plan, ResourceChange } from '../plan/types.ts';
import { fitLines, fitText } from './bounded.ts';
import { escapeMarkdown } from './escape.ts';

/** Length of the whole part, in lines and characters; what does not fit is counted by kind and type. */
const limits = { lines: 50, characters: 14_000 };
const addressLength = 260;
const groupsShown = 20;

interface Loss {
  readonly stack: string;
  readonly change: ResourceChange;
  readonly kind: ChangeKind;
}

/** Never folded. A zone takes everything in it along, so none is behind a record. */
export function renderGravest(plan: Plan): string {
  const losses = plan.stacks
    .flatMap(({ stack, changes }) =>
      changes.map((change): Loss => ({ stack, change, kind: changeKind(change) })),
    )
    .filter(({ kind }) => kind === 'delete' || kind === 'replace' || kind === 'forget')
    .toSorted(gravestFirst);
  if (losses.length === 0) {
    return 'Nothing is deleted, replaced or forgotten.';
  }
  const { kept, left } = fitLines(losses.map(line), limits);
  const rest = left === 0 ? [] : [`- and **${String(left)} more**: ${groups(losses.slice(kept.length))}`];
  return [`**Deleted, replaced or forgotten (${String(losses.length)})**`, '', ...kept, ...rest].join('\n');
}

function gravestFirst(a: Loss, b: Loss): number {
  const zones = Number(isZone(b.change)) - Number(isZone(a.change));
  return zones === 0 ? byGravity(a.change, b.change) : zones;
}

function isZone(change: ResourceChange): boolean {
  return change.type === 'cloudflare_zone';
}

function line({ stack, change, kind }: Loss): string {
  return `- **${kind}** ${fitText(`${stack}/${change.address}`, addressLength, escapeMarkdown)}`;
}

/** `delete 840 cloudflare_dns_record, replace 2 cloudflare_list`; the rarest first, for those are the easiest to miss. */
function groups(losses: readonly Loss[]): string {
  const counts = new Map<string, { readonly loss: Loss; readonly count: number }>();
  for (const loss of losses) {
    const key = `${loss.kind} ${loss.change.type}`;
    counts.set(key, { loss, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...counts].toSorted(([a, x], [b, y]) => x.count - y.count || compareText(a, b));
  const shown = sorted
    .slice(0, groupsShown)
    .map(
      ([, { loss, count }]) =>
        `${loss.kind} ${String(count)} ${fitText(loss.change.type, 120, escapeMarkdown)}`,
    );
  const others = sorted.slice(groupsShown).reduce((sum, [, { count }]) => sum + count, 0);
  return [...shown, ...(others === 0 ? [] : [`${String(others)} of other types`])].join(', ');
}
