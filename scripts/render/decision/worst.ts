/**
 * What a change takes away, for the top of the CAB comment: zones first, then security controls, then deletions,
 * replacements and what is forgotten.
 */
import { compareText } from '../../json/json.ts';
import { changeKind } from '../../provider/kind.ts';
import { isPossible } from '../../provider/possible.ts';
import { byGravity } from '../../plan/difference/summary.ts';
import type { ChangeKind, Plan, ResourceChange } from '../../plan/types.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';
import { changeSummary, recognisableName } from './change-summary.ts';
import type { SecurityChanges } from './security.ts';
import { escapeMarkdown, escapeMarkdownCode } from '../text/escape.ts';

/** Length of the whole part, in lines and characters; what does not fit is counted by kind and type. */
const limits = { lines: 50, characters: 11_000 };
const addressLength = 260;
const maxLength = 640;
const knownLength = 200;
const maxGroups = 12;

interface Loss {
  readonly stack: string;
  readonly change: ResourceChange;
  readonly kind: ChangeKind;
  readonly isControl: boolean;
}

/** Never folded. A zone takes everything in it along, so none is behind a record. */
export function renderWorst(plan: Plan, security: SecurityChanges, expressions: Expressions): string {
  const losses = plan.stacks
    .flatMap(({ stack, changes }) =>
      changes.map((change): Loss => {
        return { stack, change, kind: changeKind(change), isControl: security.touched.has(change) };
      }),
    )
    .filter(({ kind }) => kind === 'delete' || kind === 'replace' || kind === 'forget')
    .toSorted(worstFirst);
  if (losses.length === 0) {
    return 'Nothing is deleted, replaced or forgotten.';
  }
  const { fitting, left } = fitLines(
    losses.map((loss) => line(loss, expressions)),
    limits,
  );
  const rest = left === 0 ? [] : [`- and **${String(left)} more**: ${groups(losses.slice(fitting.length))}`];
  return [`**Deleted, replaced or forgotten (${String(losses.length)})**`, '', ...fitting, ...rest].join(
    '\n',
  );
}

function worstFirst(a: Loss, b: Loss): number {
  return rank(a) - rank(b) || byGravity(a.change, b.change);
}

function rank({ change, isControl }: Loss): number {
  return change.type === 'cloudflare_zone' ? 0 : isControl ? 1 : 2;
}

/** Of a control also what it did: nobody can tell a rule by the name of its ruleset. */
function line({ stack, change, kind, isControl }: Loss, expressions: Expressions): string {
  const address = code(`${stack}/${change.address}`, addressLength);
  const known = recognisableName(change);
  const [first] = isControl && kind !== 'replace' ? changeSummary(change, expressions) : [];
  return [
    `- **${isPossible(change) ? 'may be replaced' : kind}** ${address}${known === '' ? '' : ` ${fitText(known, knownLength, escapeMarkdown)}`}${isControl ? ' · security control' : ''}`,
    ...(first === undefined ? [] : [`  - ${code(first, maxLength)}`]),
  ].join('\n');
}

function code(text: string, most: number): string {
  return `<code>${fitText(text, most, escapeMarkdownCode)}</code>`;
}

/** `delete 840 cloudflare_dns_record, replace 2 cloudflare_list`; the rarest first, for those are the easiest to miss. */
function groups(losses: readonly Loss[]): string {
  const counts = new Map<string, { readonly loss: Loss; readonly count: number }>();
  for (const loss of losses) {
    const key = `${loss.kind} ${loss.change.type}`;
    counts.set(key, { loss, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const sorted = [...counts].toSorted(([a, x], [b, y]) => x.count - y.count || compareText(a, b));
  const listed = sorted
    .slice(0, maxGroups)
    .map(
      ([, { loss, count }]) =>
        `${loss.kind} ${String(count)} ${fitText(loss.change.type, 120, escapeMarkdown)}`,
    );
  const others = sorted.slice(maxGroups).reduce((sum, [, { count }]) => sum + count, 0);
  return [...listed, ...(others === 0 ? [] : [`${String(others)} of other types`])].join(', ');
}
