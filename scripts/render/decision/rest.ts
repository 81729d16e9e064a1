/** What is neither lost nor a security control, folded: counted by kind and type, with the first of each. */
import { compareText } from '../../json/json.ts';
import { displayKind } from '../../plan/difference/summary.ts';
import { countKinds, kindsByGravity } from '../../plan/difference/summary.ts';
import type { ChangeCounts } from '../../plan/difference/summary.ts';
import type { DisplayKind, ResourceChange } from '../../plan/types.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import { escapeMarkdownCode } from '../text/escape.ts';

const limits = { lines: 30, characters: 2000 };
const maxNames = 2;

/** Empty when there is nothing else. */
export function renderRest(changes: readonly ResourceChange[]): string {
  if (changes.length === 0) {
    return '';
  }
  const groups = new Map<string, { readonly kind: DisplayKind; readonly changes: ResourceChange[] }>();
  for (const change of changes) {
    const kind = displayKind(change);
    const key = `${String(kindsByGravity.indexOf(kind))} ${change.type}`;
    const group = groups.get(key) ?? { kind, changes: [] };
    group.changes.push(change);
    groups.set(key, group);
  }
  const rows = [...groups].toSorted(([a], [b]) => compareText(a, b)).map(([, group]) => row(group));
  const { fitting, left } = fitLines(rows, limits);
  const rest = left === 0 ? [] : ['', `and **${String(left)} more** kinds and types`];
  const title = `<details><summary>The rest: ${countText(countKinds(changes))}</summary>`;
  return [
    title,
    '',
    '| | number | type | such as |',
    '|---|--:|---|---|',
    ...fitting,
    ...rest,
    '',
    '</details>',
  ].join('\n');
}

/** `3 to update, 1 to create`: every kind that there is, gravest first. */
export function countText(counts: ChangeCounts): string {
  const present = kindsByGravity.filter((kind) => counts[kind] > 0);
  return present.length === 0
    ? 'nothing'
    : present.map((kind) => `${String(counts[kind])} ${words[kind]}`).join(', ');
}

const words: Readonly<Record<DisplayKind, string>> = {
  delete: 'to delete',
  replace: 'to replace',
  'may-replace': 'that may be replaced',
  undetermined: 'undetermined',
  forget: 'to forget',
  update: 'to update',
  create: 'to create',
  import: 'to import',
  move: 'to move',
  read: 'to read',
  'no-op': 'with other settings only',
};

function row({
  kind,
  changes,
}: {
  readonly kind: DisplayKind;
  readonly changes: readonly ResourceChange[];
}): string {
  const [first] = changes;
  const names = changes.slice(0, maxNames).map(({ stack, address }) => code(`${stack}/${address}`));
  const more = changes.length > maxNames ? ', …' : '';
  return `| ${kind} | ${String(changes.length)} | ${code(first?.type ?? '')} | ${names.join(', ')}${more} |`;
}

function code(text: string): string {
  return `<code>${fitText(text, 150, escapeMarkdownCode)}</code>`;
}
