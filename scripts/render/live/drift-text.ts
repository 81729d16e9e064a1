/** Drift for a person: what is live otherwise than it was released, what is in no stack, and what could not be told. */
import type {
  DriftedObject,
  DriftReport,
  NotCompared,
  StackDrift,
  UnmanagedObject,
} from '../../live/drift/types.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { linesOf, type PlanLine } from '../plan/lines.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';
import { counted } from './issue.ts';

/** Objects of one kind that are named; the JSON has all of them. */
const mostNamed = 50;

/** Newline-terminated; everything from outside is escaped for a terminal. */
export function renderDrift(report: DriftReport, style: Style): string {
  const expressions = new Expressions();
  return [
    ...report.stacks.flatMap((stack) => stackLines(stack, style, expressions)),
    ...report.skipped.map(
      ({ stack, reason }) =>
        `${style.bold(escapeTerminalLine(stack))}  ${style.yellow(`not compared: ${escapeTerminalLine(reason)}`)}`,
    ),
    '',
    ...unmanagedLines(report, style),
    ...report.failed.map(({ path, reason }) =>
      style.yellow(escapeTerminalLine(`Not read: ${path}: ${reason}`)),
    ),
    ...totalLines(report),
    ...nextLines(report),
    '',
  ].join('\n');
}

function stackLines(
  { stack, release, drifted, compared, notCompared, state }: StackDrift,
  style: Style,
  expressions: Expressions,
): readonly string[] {
  const count = compared.listed + compared.single + compared.refreshed;
  const verdict =
    drifted.length === 0
      ? style.green(`as ${release} released it`)
      : style.red(
          `${counted(drifted.length, 'object')} not as ${release} released ${drifted.length === 1 ? 'it' : 'them'}`,
        );
  return [
    `${style.bold(escapeTerminalLine(stack))}  ${verdict}  ${style.dim(`(${counted(count, 'object')} compared)`)}`,
    ...drifted.slice(0, mostNamed).flatMap((object) => objectLines(object, style, expressions)),
    ...andMore(drifted.length, style),
    ...state
      .slice(0, mostNamed)
      .map(
        ({ address, what }) =>
          `  ${style.red('state')}  ${style.bold(escapeTerminalLine(address))}  ${escapeTerminalLine(what)}`,
      ),
    ...andMore(state.length, style),
    ...notComparedLines(notCompared, style),
  ];
}

function objectLines(
  { kind, change }: DriftedObject,
  style: Style,
  expressions: Expressions,
): readonly string[] {
  const zone = change.zone === null ? '' : style.dim(`  ${escapeTerminalLine(change.zone)}`);
  const heading = kind === 'deleted' ? style.red('deleted live') : style.yellow('changed live');
  return [
    `  ${heading}  ${style.bold(escapeTerminalLine(change.address))}${zone}`,
    ...(kind === 'deleted' ? [] : linesOf(change, expressions).map((line) => `      ${signed(line, style)}`)),
  ];
}

const signStyles = { '+': 'green', '-': 'red', '~': 'yellow', '>': 'cyan', ' ': 'dim' } as const;

function signed({ sign, text }: PlanLine, style: Style): string {
  return style[signStyles[sign]](`${sign} ${escapeTerminalLine(text)}`);
}

/** One line for each reason, with how many objects it is about and the first of them. */
function notComparedLines(notCompared: readonly NotCompared[], style: Style): readonly string[] {
  const byReason = new Map<string, { readonly first: string; readonly count: number }>();
  for (const { address, reason } of notCompared) {
    const known = byReason.get(reason) ?? { first: address, count: 0 };
    byReason.set(reason, { ...known, count: known.count + 1 });
  }
  const lines = [...byReason].map(([reason, { first, count }]) => {
    const named = `${first}${count === 1 ? '' : ', …'}`;
    return style.yellow(
      escapeTerminalLine(`  not compared: ${counted(count, 'object')} (${named}): ${reason}`),
    );
  });
  return [...lines.slice(0, mostNamed), ...andMore(lines.length, style)];
}

function unmanagedLines({ unmanaged, coverage }: DriftReport, style: Style): readonly string[] {
  if (unmanaged === null || coverage === null) {
    return ['What is in no stack can be told only when all stacks are compared: sluice drift'];
  }
  const all = `${String(coverage.managed)} of ${counted(coverage.listed, 'object')} that Cloudflare lists ${coverage.listed === 1 ? 'is' : 'are'} in a stack`;
  return unmanaged.length === 0
    ? [`${all}.`]
    : [
        `${all}; ${style.red(`${String(unmanaged.length)} in none`)}:`,
        ...unmanaged.slice(0, mostNamed).map((object) => `  ${unmanagedText(object)}`),
        ...andMore(unmanaged.length, style),
      ];
}

function unmanagedText({ type, identity, path }: UnmanagedObject): string {
  return escapeTerminalLine(`${type}  ${identity}  ${path}`);
}

function andMore(count: number, style: Style): readonly string[] {
  return count > mostNamed
    ? [style.dim(`  and ${String(count - mostNamed)} more: sluice drift --format json has all of them`)]
    : [];
}

function totalLines({ stacks, requests, target }: DriftReport): readonly string[] {
  const sum = (of: (stack: StackDrift) => number): number =>
    stacks.reduce((total, stack) => total + of(stack), 0);
  const refreshed = sum(({ compared }) => compared.refreshed);
  const count = sum(({ compared }) => compared.listed + compared.single) + refreshed;
  const beside =
    refreshed === 0 ? '' : `, and a refresh of ${counted(refreshed, 'object')} that no list tells of`;
  return [`${counted(count, 'object')} of ${target} compared with ${counted(requests, 'request')}${beside}.`];
}

function nextLines({ stacks, unmanaged }: DriftReport): readonly string[] {
  const first = stacks.find(({ drifted, state }) => drifted.length + state.length > 0);
  return [
    ...(first === undefined
      ? []
      : [
          `Find out who did it. To keep it, write it into the code: sluice new. To undo it, put it back where it was done, then: sluice drift ${first.stack}`,
        ]),
    ...((unmanaged ?? []).length === 0
      ? []
      : ['What is in no stack is under no control: bring it into the code with an import, or take it away.']),
  ];
}
