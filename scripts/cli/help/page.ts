/** Pages of `--help`: the root by task, a command like a page of a manual. Pure. */
import type { Command, RouteMap } from '@stricli/core';
import type { SluiceContext } from '../../contract/context.ts';
import type { Style } from '../../render/text/style.ts';
import { rowsOf, wrapped, type ColumnsRow } from '../../render/text/columns.ts';
import { examplesOf, tasks } from './tasks.ts';

export type HelpTarget = Command<SluiceContext> | RouteMap<SluiceContext>;
type Parameters = Command<SluiceContext>['parameters'];
type Flag = NonNullable<Parameters['flags']>[string];

interface HelpPage {
  /** Words that lead to the target, without the name of the program. */
  readonly path: readonly string[];
  readonly style: Style;
  readonly width: number;
}

export function isCommand(target: HelpTarget): target is Command<SluiceContext> {
  return 'parameters' in target;
}

/** Commands right below a route map, as they are typed. */
export function entriesOf(
  map: RouteMap<SluiceContext>,
): readonly (readonly [name: string, target: HelpTarget])[] {
  return map.getAllEntries().map(({ name, target }) => [name['convert-camel-to-kebab'], target]);
}

/** What `--help` prints of a command, of the commands within one, or of all (an empty path). */
export function helpPage(target: HelpTarget, page: HelpPage): string {
  const parts = isCommand(target)
    ? commandParts(target, page)
    : page.path.length === 0
      ? rootParts(target, page)
      : groupParts(target, page);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function rootParts(root: RouteMap<SluiceContext>, { style, width }: HelpPage): readonly string[] {
  const briefs = new Map(entriesOf(root).map(([name, target]) => [name, target.brief]));
  return [
    root.brief,
    ...tasks.map(({ title, commands }) => {
      const names = [...new Set(Object.keys(commands).map((path) => path.split(' ')[0] ?? path))];
      const [example = ''] = Object.values(commands)[0] ?? [];
      return [
        style.bold(title),
        ...rowsOf(
          names.map((name): ColumnsRow => [name, briefs.get(name) ?? '']),
          width,
          12,
        ),
        style.dim(`  e.g. ${example}`),
      ].join('\n');
    }),
    [
      'sluice <command> --help   flags and examples of a command',
      'sluice help <topic>       record, risk, approvals, exit-codes and more; `sluice help` lists them',
    ].join('\n'),
  ];
}

function groupParts(map: RouteMap<SluiceContext>, { path, style, width }: HelpPage): readonly string[] {
  const rows = entriesOf(map).map(([name, target]): ColumnsRow => [name, target.brief]);
  const examples = entriesOf(map).flatMap(([name, target]) =>
    isCommand(target) ? examplesOf([...path, name]).slice(0, 1) : [],
  );
  return [
    `sluice ${path.join(' ')}: ${map.brief}`,
    section('Usage', [`  sluice ${path.join(' ')} <command>`], style),
    section('Commands', rowsOf(rows, width), style),
    section('Examples', examples.map(indented), style),
  ];
}

function commandParts({ brief, parameters }: Command<SluiceContext>, page: HelpPage): readonly string[] {
  const { path, style, width } = page;
  const flags = Object.entries(parameters.flags ?? {});
  const required = flags.filter(([, flag]) => !isOptional(flag));
  const usage = [
    'sluice',
    ...path,
    ...required.map(flagName),
    ...(flags.length > required.length ? ['[flags]'] : []),
    ...argumentsOf(parameters).map(([name]) => name),
  ].join(' ');
  return [
    `sluice ${path.join(' ')}: ${brief}`,
    section('Usage', wrapped(usage, width - 2).map(indented), style),
    section('Examples', examplesOf(path).map(indented), style),
    section('Arguments', rowsOf(argumentsOf(parameters), width), style),
    section(
      'Flags',
      rowsOf(
        [...required, ...flags.filter(([, flag]) => isOptional(flag))].map((entry): ColumnsRow => [
          flagName(entry),
          flagText(entry[1]),
        ]),
        width,
      ),
      style,
    ),
  ];
}

function argumentsOf({ positional }: Parameters): readonly ColumnsRow[] {
  if (positional === undefined) {
    return [];
  }
  if (positional.kind === 'array') {
    const { placeholder = 'value', brief } = positional.parameter;
    return [[(positional.minimum ?? 0) > 0 ? `<${placeholder}>…` : `[<${placeholder}>…]`, brief]];
  }
  return positional.parameters.map(({ placeholder = 'value', brief, optional, default: fallback }) => [
    optional === true || fallback !== undefined ? `[<${placeholder}>]` : `<${placeholder}>`,
    brief,
  ]);
}

function flagName([name, flag]: readonly [string, Flag]): string {
  const written = `--${name.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`;
  const value =
    flag.kind === 'parsed' ? ` <${flag.placeholder ?? 'value'}>` : flag.kind === 'enum' ? ' <…>' : '';
  return `${written}${value}${'variadic' in flag ? ' …' : ''}`;
}

function flagText(flag: Flag): string {
  const sections = [
    ...(flag.kind === 'enum' ? [`one of ${flag.values.join(', ')}`] : []),
    ...(flag.kind === 'parsed' || flag.kind === 'enum'
      ? flag.default === undefined
        ? []
        : [`default ${String(flag.default)}`]
      : []),
    ...(isOptional(flag) ? [] : ['required']),
  ];
  return sections.length === 0 ? flag.brief : `${flag.brief} (${sections.join('; ')})`;
}

function isOptional(flag: Flag): boolean {
  return flag.optional === true || 'default' in flag || flag.kind === 'counter';
}

function section(title: string, lines: readonly string[], style: Style): string {
  return lines.length === 0 ? '' : [style.bold(title), ...lines].join('\n');
}

function indented(line: string): string {
  return `  ${line}`;
}
