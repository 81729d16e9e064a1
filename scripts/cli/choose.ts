/** One of several, by its number. */
import type { Surroundings } from '../contract/context.ts';

/** Null where nobody can be asked. Asks again until the answer is one of the numbers. */
export async function choose<T>(
  { ask, stderr }: Pick<Surroundings, 'ask' | 'stderr'>,
  question: { readonly text: string; readonly options: readonly (readonly [label: string, value: T])[] },
): Promise<T | null> {
  if (ask === null) {
    return null;
  }
  const { text, options } = question;
  stderr.write(`${[text, ...options.map(([label], at) => `  ${String(at + 1)}  ${label}`)].join('\n')}\n`);
  for (;;) {
    const answer = (await ask(`Number, 1 to ${String(options.length)}: `)).trim();
    const chosen = /^[1-9]\d*$/u.test(answer) ? options[Number(answer) - 1] : undefined;
    if (chosen !== undefined) {
      return chosen[1];
    }
    stderr.write(`  "${answer}" is none of the numbers.\n`);
  }
}
