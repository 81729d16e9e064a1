import type { RouteMap } from '@stricli/core';
import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { nearestWord } from '../../plan/nearest-word.ts';
import { recordFields } from '../../read/record/fields.ts';
import { pageWidth, rowsOf } from '../../render/text/columns.ts';
import { renderManual, sectionOf } from '../../render/text/manual.ts';
import type { Style } from '../../render/text/style.ts';
import { entriesOf, helpPage, isCommand, type HelpTarget } from './page.ts';
import { topics } from './topics.ts';

/** `sluice help`: the topics, one of them, or what `--help` says of a command. Reads pages of the product and nothing else. */
export async function helpCommand(
  this: SluiceContext,
  _flags: Record<string, never>,
  ...words: string[]
): Promise<void> {
  const width = pageWidth(this.surroundings.stdout);
  const [first] = words;
  if (first === undefined) {
    this.print(topicList(width));
    return;
  }
  if (words.length === 1 && Object.hasOwn(topics, first)) {
    this.print(await topicPage(first, await this.services(), { style: this.style, width }));
    return;
  }
  this.print(helpPage(targetOf(words, this.commandLine.root), { path: words, style: this.style, width }));
}

function topicList(width: number): string {
  const rows = Object.entries(topics).map(([name, { brief }]) => [name, brief] as const);
  return `${[
    ...rowsOf(rows, width),
    '',
    'sluice help <topic>      one of these',
    'sluice help <command>    the same as sluice <command> --help',
  ].join('\n')}\n`;
}

interface Layout {
  readonly style: Style;
  readonly width: number;
}

async function topicPage(name: string, { files, home }: Services, layout: Layout): Promise<string> {
  const topic = topics[name];
  const parts: string[] = [];
  for (const { page, headings } of topic?.parts ?? []) {
    const text = await files.readText(`${home}/${page}`);
    parts.push(...(headings === undefined ? [text] : headings.map((title) => titled(text, title))));
  }
  return `${[
    ...parts.map((text) => renderManual(text, layout.style, layout.width)),
    ...(name === 'record' ? [fieldList(layout)] : []),
    ...seeAlso(topic?.see ?? []),
  ].join('\n\n')}\n`;
}

function fieldList({ style, width }: Layout): string {
  return [style.bold('Every field'), ...rowsOf(recordFields(), width)].join('\n');
}

function seeAlso(commands: readonly string[]): readonly string[] {
  const named = commands.map((command) => `sluice ${command} --help`);
  return named.length === 0 ? [] : [`See also: ${named.join(', ')}`];
}

function titled(page: string, title: string): string {
  return `## ${title}\n\n${sectionOf(page, title) ?? ''}`;
}

function targetOf(words: readonly string[], root: RouteMap<SluiceContext>): HelpTarget {
  let target: HelpTarget = root;
  for (const word of words) {
    const entries: readonly (readonly [string, HelpTarget])[] = isCommand(target) ? [] : entriesOf(target);
    const next = entries.find(([name]) => name === word)?.[1];
    if (next === undefined) {
      throw unknownWord(word, [
        ...entries.map(([name]) => name),
        ...(target === root ? Object.keys(topics) : []),
      ]);
    }
    target = next;
  }
  return target;
}

function unknownWord(word: string, known: readonly string[]): UsageError {
  const near = nearestWord(word, known);
  return new UsageError({
    what: `There is no topic and no command "${word}".`,
    ...(near === null ? {} : { why: `The nearest is ${near}.` }),
    fix: 'Name a topic or a command.',
    next: near === null ? 'sluice help' : `sluice help ${near}`,
  });
}
