/**
 * Tells the demo: numbered steps, the command line that a person would type, then that very command with its own output.
 * The commands run in this process and through the same entry as from a shell.
 */
import { runCommandLine } from '../cli/run.ts';
import type { Surroundings } from '../contract/context.ts';
import type { ExitName } from '../contract/exit-codes.ts';
import type { Style } from '../render/text/style.ts';

export interface Story {
  step(title: string): void;
  say(text: string): void;
  /** Prints and runs a command; throws when it ends otherwise than the story expects. */
  sluice(args: readonly string[], expected: ExitName): Promise<void>;
  /** Like `sluice`, showing only the first lines of a long output. */
  excerpt(args: readonly string[], expected: ExitName, lines: number): Promise<void>;
}

export function tellStory(surroundings: Surroundings, style: Style, home: string): Story {
  let number = 0;
  const write = (text: string): void => {
    surroundings.stdout.write(text);
  };
  const run = async (
    args: readonly string[],
    expected: ExitName,
    show: (output: string) => string,
  ): Promise<void> => {
    write(`\n  ${style.bold(`$ sluice ${args.map(quoted).join(' ')}`)}\n`);
    const chunks: string[] = [];
    const stdout = {
      write: (text: string) => void chunks.push(text),
      isTTY: surroundings.stdout.isTTY ?? false,
    };
    const ended = await runCommandLine(args, { ...surroundings, stdout }, home);
    write(indented(show(chunks.join(''))));
    if (ended !== expected) {
      throw new Error(
        `the demo expected \`sluice ${args.join(' ')}\` to end with ${expected}, it ended with ${ended}`,
      );
    }
  };
  return {
    step: (title) => {
      number += 1;
      write(`\n${style.cyan(style.bold(`${String(number)}. ${title}`))}\n`);
    },
    say: (text) => write(`  ${text}\n`),
    sluice: (args, expected) => run(args, expected, (output) => output),
    excerpt: (args, expected, lines) => run(args, expected, (output) => firstLines(output, lines)),
  };
}

function quoted(arg: string): string {
  return /^[\w./:=@-]+$/.test(arg) ? arg : `'${arg}'`;
}

function firstLines(text: string, count: number): string {
  const lines = text.trimEnd().split('\n');
  return lines.length <= count
    ? text
    : `${lines.slice(0, count).join('\n')}\n… ${String(lines.length - count)} more lines\n`;
}

function indented(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '\n' : `  ${line}\n`))
    .join('');
}
