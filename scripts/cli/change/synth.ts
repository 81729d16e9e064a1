import type { SluiceContext } from '../../contract/context.ts';
import { InputError } from '../../contract/errors.ts';
import { synthesizedProposal, writeBundles, type Bundles } from '../../facts/bundles.ts';
import { bundleDigest } from '../../plan/bundle.ts';

export interface SynthFlags {
  readonly out: string;
  readonly twice: boolean;
}

/** `sluice synth`: the only step that runs code of the branch; what it leaves is data. */
export async function synthCommand(this: SluiceContext, flags: SynthFlags): Promise<void> {
  const { git, files, reporter, synth } = await this.services();
  const root = await git.root();
  const bundles = await reporter.step('synthesize', () => synthesizedProposal(synth, root));
  if (flags.twice) {
    sameTwice(bundles, await reporter.step('synthesize again', () => synthesizedProposal(synth, root)));
  }
  const written = await writeBundles(files, flags.out, bundles);
  for (const path of written) {
    this.print(`${path}\n`);
  }
}

/** Stack code that answers differently when asked twice would let the release apply something else than was approved. */
function sameTwice(first: Bundles, second: Bundles): void {
  const differing = [...new Set([...first.keys(), ...second.keys()])].filter((stack) => {
    const [a, b] = [first.get(stack), second.get(stack)];
    return a === undefined || b === undefined || bundleDigest(a) !== bundleDigest(b);
  });
  if (differing.length > 0) {
    throw new InputError({
      what: `The stack code gives another result each time: ${differing.join(', ')}.`,
      why: 'What is approved must be what is applied; code that reads time, chance or the machine cannot promise that.',
      fix: 'Make the stack depend on its own source files only.',
      next: 'sluice synth --twice',
    });
  }
}
