import type { SluiceContext } from '../../contract/context.ts';
import { completionScript, type Shell } from './shells.ts';

/** `sluice completion bash|zsh|fish`: a script for the shell, which asks `completion words` at each tab. */
export function completionFor(shell: Shell) {
  return function printScript(this: SluiceContext): void {
    this.print(completionScript(shell));
  };
}

/**
 * `sluice completion words`: what could come at the place of the last word, one a line, with what it is after a tab. Flags
 * only where one was begun: where a value is due they would stand in its way.
 */
export async function completionWords(
  this: SluiceContext,
  _flags: Record<string, never>,
  ...words: string[]
): Promise<void> {
  const isFlag = words.at(-1)?.startsWith('-') === true;
  const proposed = await this.commandLine.propose(words);
  const wanted = proposed.filter(({ kind }) => isFlag || kind !== 'argument:flag');
  this.print(wanted.map(({ completion, brief }) => `${completion}\t${brief}\n`).join(''));
}
