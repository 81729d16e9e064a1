/** The plan for a terminal: per stack, the gravest first, nothing folded. Pure; colours come from the style. */
import { shownKind } from '../plan/summary.ts';
import { byGravity, countKinds, kindsByGravity, summarise } from '../plan/summary.ts';
import type { Counts } from '../plan/summary.ts';
import type { ShownKind, Plan, ResourceChange, StackPlan } from '../plan/types.ts';
import { escapeTerminalLine } from './escape.ts';
import { headingOf, linesOf } from './plan-lines.ts';
import type { PlanLine } from './plan-lines.ts';
import { settingsLines } from './plan-settings.ts';
import type { Style } from './style.ts';

export interface PlanTextOptions {
  readonly style: Style;
}

/** The whole plan, newline-terminated. Everything that came from outside is escaped for a terminal. */
export function renderPlanText(plan: Plan, options: PlanTextOptions): string {
  const { style } = options;
  const stacks = plan.stacks.map((stack) => renderStack(stack, style));
  const summary = summarise(plan);
  const total = `${style.bold('Plan:')} ${countsText(summary.counts, style)}`;
  const scope = plan.stacks.length === 0 ? ['No stack is in scope.'] : [];
  return `${[...scope, ...stacks, total].join('\n')}\n`;
}

/** `1 to delete, 2 to create`, gravest first; `no changes` when there are none. */
export function countsText(counts: Counts, style: Style): string {
  const parts = kindsByGravity
    .filter((kind) => counts[kind] > 0)
    .map((kind) => style[kindStyles[kind]](`${counts[kind]} ${countWords[kind]}`));
  return parts.length === 0 ? 'no changes' : parts.join(', ');
}

const countWords: Readonly<Record<ShownKind, string>> = {
  delete: 'to delete',
  replace: 'to replace',
  undetermined: 'undetermined',
  forget: 'to forget',
  update: 'to update',
  create: 'to create',
  import: 'to import',
  move: 'moved',
  read: 'to read',
  'no-op': 'with changed settings only',
};

function renderStack(stack: StackPlan, style: Style): string {
  const name = style.bold(escapeTerminalLine(stack.stack));
  const counts = countsText(countKinds(stack.changes), style);
  const head = `${name}  ${counts}  ${style.dim(`(${stack.totals.before} → ${stack.totals.after} resources)`)}`;
  const settings = settingsLines(stack.settings.before, stack.settings.after).map(
    (line) => `  ${renderLine(line, style)}`,
  );
  const changes = stack.changes.toSorted(byGravity).map((change) => renderChange(change, style));
  return `${[head, ...settings, ...changes].join('\n')}\n`;
}

function renderChange(change: ResourceChange, style: Style): string {
  const kind = shownKind(change);
  const zone = change.zone === null ? '' : style.dim(`  ${escapeTerminalLine(change.zone)}`);
  const head = `  ${style[kindStyles[kind]](headingOf(change))}  ${style.bold(escapeTerminalLine(change.address))}${zone}`;
  return [head, ...linesOf(change).map((line) => `      ${renderLine(line, style)}`)].join('\n');
}

function renderLine(line: PlanLine, style: Style): string {
  return style[signStyles[line.sign]](`${line.sign} ${escapeTerminalLine(line.text)}`);
}

const signStyles: Readonly<Record<PlanLine['sign'], keyof Style>> = {
  '+': 'green',
  '-': 'red',
  '~': 'yellow',
  '>': 'cyan',
  ' ': 'dim',
};

const kindStyles: Readonly<Record<ShownKind, keyof Style>> = {
  delete: 'red',
  replace: 'red',
  undetermined: 'red',
  forget: 'red',
  update: 'yellow',
  create: 'green',
  import: 'cyan',
  move: 'cyan',
  read: 'dim',
  'no-op': 'dim',
};
