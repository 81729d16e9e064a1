import type { SluiceContext } from '../context.ts';
import { fromWorkingTree, loadPolicy } from '../gather/policy.ts';
import { takenIds } from '../gather/records.ts';
import { runNew, type Ask, type NewOptions } from './new.ts';

export type NewFlags = Omit<NewOptions, 'stacks'> & { readonly stack?: readonly string[] };

/** `sluice new`: asks on a terminal, takes everything from flags elsewhere. Prints the path of the new record. */
export async function newCommand(this: SluiceContext, flags: NewFlags): Promise<void> {
  const { git, files, clock } = await this.services();
  const root = await git.root();
  const policy = await loadPolicy(fromWorkingTree(files, root));
  const { stack, ...answers } = flags;
  const written = await runNew(
    { ...answers, ...(stack === undefined ? {} : { stacks: stack }) },
    {
      files,
      clock,
      root,
      ask: this.surroundings.ask === null ? null : asker(this.surroundings.ask, this.surroundings.stderr),
      knownIds: (await takenIds(git, files)).map((taken) => taken.id),
      registers: policy.registers,
      catalogue: policy.catalogue.entries,
    },
  );
  this.print(`${written.path}\n`);
  this.surroundings.stderr.write(`Fill in what only you know, then: sluice check --record ${written.path}\n`);
}

/** Asks again until the answer will do. */
function asker(ask: (question: string) => Promise<string>, out: { write(text: string): unknown }): Ask {
  return async ({ text, proposal, problem }) => {
    for (;;) {
      const answer = (await ask(`${text}${proposal === null ? '' : ` [${proposal}]`}: `)).trim();
      const given = answer === '' && proposal !== null ? proposal : answer;
      const against = problem(given);
      if (against === null) {
        return given;
      }
      out.write(`  ${against}\n`);
    }
  };
}
