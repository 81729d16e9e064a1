/** The plan for a terminal: per stack, the gravest first, nothing that destroys folded. Pure; colours come from the style. */
import { countKinds, kindsByGravity, displayKind, summarise } from '../../plan/difference/summary.ts';
import type { ChangeCounts } from '../../plan/difference/summary.ts';
import type { Folded, Plan, ResourceChange, DisplayKind, StackPlan } from '../../plan/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import { foldedResources } from './folded-words.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { headingOf, linesOf } from './lines.ts';
import type { PlanLine } from './lines.ts';
import { settingsLines } from './settings.ts';
import { visibleChanges } from './visible-changes.ts';
import type { VisibleChanges } from './visible-changes.ts';
import type { Style } from '../text/style.ts';

export interface PlanTextOptions {
  readonly style: Style;
  /** Resources as `stack/address` that are listed first where not all of them are. */
  readonly named?: readonly string[];
  /** Where expressions are read; a table of its own where nobody hands one. */
  readonly expressions?: Expressions;
  /** That the plan concerns; left out where nobody worked them out. */
  readonly hosts?: readonly string[];
}

/** The whole plan, newline-terminated. Everything that came from outside is escaped for a terminal. */
export function renderPlanText(plan: Plan, options: PlanTextOptions): string {
  const { style } = options;
  const stacks = plan.stacks.map((stack) => renderStack(stack, options));
  const summary = summarise(plan);
  const total = `${style.bold('Plan:')} ${countsText(summary.counts, style, summary.folded)}`;
  const scope = plan.stacks.length === 0 ? ['No stack is in scope.'] : [];
  return `${[...scope, ...stacks, total, ...hostsLine(plan, options)].join('\n')}\n`;
}

function hostsLine({ stacks }: Plan, { hosts, style }: PlanTextOptions): readonly string[] {
  const isOfNothing = stacks.every(({ changes }) => changes.length === 0);
  return hosts === undefined || isOfNothing
    ? []
    : [
        `${style.bold('Hosts:')} ${hosts.length === 0 ? 'nothing changes for any' : escapeTerminalLine(hosts.join(', '))}`,
      ];
}

/** `1 to delete, 2 to create`, gravest first; `no changes` when there are none; then what differs and changes nothing. */
function countsText(counts: ChangeCounts, style: Style, folded?: Folded): string {
  const parts = kindsByGravity
    .filter((kind) => counts[kind] > 0)
    .map((kind) => style[kindStyles[kind]](`${counts[kind]} ${countWords[kind]}`));
  const beside = foldedResources(folded).map((text) => style.dim(text));
  return [...(parts.length === 0 ? ['no changes'] : parts), ...beside].join(', ');
}

const countWords: Readonly<Record<DisplayKind, string>> = {
  delete: 'to delete',
  replace: 'to replace',
  'may-replace': 'that may be replaced',
  undetermined: 'undetermined',
  forget: 'to forget',
  update: 'to update',
  create: 'to create',
  import: 'to import',
  move: 'moved',
  read: 'to read',
  'no-op': 'with changed settings only',
};

function renderStack(
  stack: StackPlan,
  { style, named, expressions = new Expressions() }: PlanTextOptions,
): string {
  const name = style.bold(escapeTerminalLine(stack.stack));
  const counts = countsText(countKinds(stack.changes), style, stack.folded);
  const head = `${name}  ${counts}  ${style.dim(`(${stack.totals.before} → ${stack.totals.after} resources)`)}`;
  const settings = settingsLines(stack.settings.before, stack.settings.after).map(
    (line) => `  ${renderLine(line, style)}`,
  );
  const visible = visibleChanges(stack.changes, maxWhole, named ?? []);
  const changes = visible.whole.map((change) => renderChange(change, style, expressions));
  return `${[head, ...settings, ...changes, ...beyond(visible, style)].join('\n')}\n`;
}

/** Changes of a stack that are shown with everything about them; nobody reads more in a terminal. */
const maxWhole = 1000;

/** Of the rest what destroys is still named, one line each, and everything else is counted. */
function beyond({ destructive, others }: VisibleChanges, style: Style): readonly string[] {
  return [
    ...destructive.map((change) => renderHeading(change, style)),
    ...(others.length === 0
      ? []
      : [
          style.dim(
            `  and ${String(others.length)} more, the least grave: sluice plan --format json has all of them`,
          ),
        ]),
  ];
}

function renderHeading(change: ResourceChange, style: Style): string {
  const zone = change.zone === null ? '' : style.dim(`  ${escapeTerminalLine(change.zone)}`);
  return `  ${style[kindStyles[displayKind(change)]](headingOf(change))}  ${style.bold(escapeTerminalLine(change.address))}${zone}`;
}

function renderChange(change: ResourceChange, style: Style, expressions: Expressions): string {
  return [
    renderHeading(change, style),
    ...linesOf(change, expressions).map((line) => `      ${renderLine(line, style)}`),
  ].join('\n');
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

const kindStyles: Readonly<Record<DisplayKind, keyof Style>> = {
  delete: 'red',
  replace: 'red',
  'may-replace': 'red',
  undetermined: 'red',
  forget: 'red',
  update: 'yellow',
  create: 'green',
  import: 'cyan',
  move: 'cyan',
  read: 'dim',
  'no-op': 'dim',
};
