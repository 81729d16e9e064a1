/**
 * The plan for a comment on GitHub. A table first, then what destroys, open and whole, then the rest folded.
 *
 * Text from outside stands either inside `<code>`, escaped, or inside a fence that is longer than any run of its own
 * characters within. Nothing of it can become markup, a mention or a link.
 */
import { byGravity, countKinds, kindsByGravity, displayKind } from '../../plan/difference/summary.ts';
import type { ChangeCounts } from '../../plan/difference/summary.ts';
import type { DisplayKind, Plan, ResourceChange, StackPlan } from '../../plan/types.ts';
import { escapeMarkdownCode, escapeTerminalLine } from '../text/escape.ts';
import { foldedResources } from './folded-words.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { headingOf, linesOf } from './lines.ts';
import type { PlanLine } from './lines.ts';
import { settingsLines } from './settings.ts';

export interface PlanMarkdownOptions {
  readonly expressions?: Expressions;
  /** Whose traffic or answers may change; left away, nothing is said of them. */
  readonly hosts?: readonly string[];
}

/** Markdown of the whole plan, newline-terminated. The caller cuts it where a length is prescribed. */
export function renderPlanMarkdown(
  plan: Plan,
  { expressions = new Expressions(), hosts }: PlanMarkdownOptions = {},
): string {
  const parts = [
    summaryTable(plan),
    hostsLine(plan, hosts),
    ...plan.stacks.flatMap((stack) => renderStack(stack, expressions)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function hostsLine({ stacks }: Plan, hosts: readonly string[] | undefined): string {
  if (hosts === undefined || stacks.every(({ changes }) => changes.length === 0)) {
    return '';
  }
  return `Hosts: ${hosts.length === 0 ? 'nothing changes for any' : hosts.map(code).join(', ')}`;
}

const kindColumns = kindsByGravity.filter((kind) => kind !== 'read' && kind !== 'no-op');

/** Kinds that have a column only where there is one. */
const rareKinds: ReadonlySet<DisplayKind> = new Set(['import', 'may-replace', 'undetermined']);

function summaryTable(plan: Plan): string {
  if (plan.stacks.length === 0) {
    return 'No stack is in scope.';
  }
  const counted = plan.stacks.map((stack) => ({ stack, counts: countKinds(stack.changes) }));
  const columns = kindColumns.filter(
    (kind) => !rareKinds.has(kind) || counted.some(({ counts }) => counts[kind] > 0),
  );
  const rows = counted.map(({ stack, counts }) => {
    const cells = columns.map((kind) => countCell(kind, counts));
    return `| ${code(stack.stack)} | ${cells.join(' | ')} | ${stack.totals.before} → ${stack.totals.after} |`;
  });
  return [
    `| Stack | ${columns.join(' | ')} | resources |`,
    `|---|${columns.map(() => '--:').join('|')}|--:|`,
    ...rows,
  ].join('\n');
}

function countCell(kind: DisplayKind, counts: ChangeCounts): string {
  const number = counts[kind];
  if (number === 0) {
    return '·';
  }
  return kind === 'delete' || kind === 'replace' ? `**${number}**` : String(number);
}

const graveKinds: ReadonlySet<DisplayKind> = new Set([
  'delete',
  'replace',
  'may-replace',
  'undetermined',
  'forget',
]);

/** What can lose something is never folded: deletions, replacements, and what leaves management. */
function isGrave(change: ResourceChange): boolean {
  return graveKinds.has(displayKind(change));
}

function renderStack(stack: StackPlan, expressions: Expressions): readonly string[] {
  const settings = settingsLines(stack.settings.before, stack.settings.after);
  const beside = foldedResources(stack.folded);
  if (stack.changes.length === 0 && settings.length === 0 && beside.length === 0) {
    return [];
  }
  const sorted = stack.changes.toSorted(byGravity);
  const grave = sorted.filter(isGrave);
  const rest = sorted.filter((change) => !isGrave(change));
  return [
    `### ${code(stack.stack)}`,
    ...(settings.length === 0 ? [] : [`**Settings of the stack change:**\n\n${fenced(settings)}`]),
    ...grave.map((change) => renderChange(change, { isGraveChange: true, expressions })),
    ...kindsByGravity.flatMap((kind) =>
      folded(
        kind,
        rest.filter((change) => displayKind(change) === kind),
        expressions,
      ),
    ),
    ...(beside.length === 0 ? [] : [`Changes nothing: ${beside.join(', ')}.`]),
  ];
}

function folded(
  kind: DisplayKind,
  changes: readonly ResourceChange[],
  expressions: Expressions,
): readonly string[] {
  if (changes.length === 0) {
    return [];
  }
  const body = changes
    .map((change) => renderChange(change, { isGraveChange: false, expressions }))
    .join('\n\n');
  return [`<details><summary>${changes.length} to ${folds[kind]}</summary>\n\n${body}\n\n</details>`];
}

const folds: Readonly<Record<DisplayKind, string>> = {
  delete: 'delete',
  replace: 'replace',
  'may-replace': 'look at, since they may be replaced',
  undetermined: 'look at, since what happens cannot be told',
  forget: 'forget',
  update: 'update',
  create: 'create',
  import: 'import',
  move: 'move, nothing is destroyed',
  read: 'read',
  'no-op': 'leave as they are, with other settings for Terraform',
};

function renderChange(
  change: ResourceChange,
  { isGraveChange, expressions }: { readonly isGraveChange: boolean; readonly expressions: Expressions },
): string {
  const zone = change.zone === null ? '' : ` in ${code(change.zone)}`;
  const heading = isGraveChange ? `**${headingOf(change)}**` : headingOf(change);
  const lines = linesOf(change, expressions);
  const body = lines.length === 0 ? '' : `\n\n${fenced(lines)}`;
  return `${heading} ${code(change.address)}${zone}${body}`;
}

function code(text: string): string {
  return `<code>${escapeMarkdownCode(text)}</code>`;
}

/** Signs that GitHub colours in a diff block. */
const diffSigns: Readonly<Record<PlanLine['sign'], string>> = {
  '+': '+',
  '-': '-',
  '~': '!',
  '>': '#',
  ' ': ' ',
};

/** A diff block. Inside a fence only the fence itself has a meaning, so it is made longer than any run of backticks. */
function fenced(lines: readonly PlanLine[]): string {
  const text = lines.map((line) => `${diffSigns[line.sign]} ${escapeTerminalLine(line.text)}`).join('\n');
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}diff\n${text}\n${fence}`;
}
