/** Makes the bundles of the ledger again, each from its commit, in a checkout of its own and without any secret. */
import type { Services } from '../../contract/context.ts';
import { SluiceError } from '../../contract/errors.ts';
import { synthesizedAt } from '../../facts/bundles.ts';
import { bundleDigest } from '../../plan/bundle.ts';
import { withoutResources } from '../../plan/nothing.ts';
import { commitsToDerive, derivations, type Derivation, type Remade } from '../ledger/derive.ts';
import type { Ledger } from '../types.ts';

const lockFile = 'package-lock.json';

export async function deriveLedger(services: Services, ledger: Ledger): Promise<readonly Derivation[]> {
  const remade = new Map<string, Remade>();
  for (const commit of commitsToDerive(ledger)) {
    remade.set(
      commit,
      await services.reporter.step(`make the bundles of ${commit.slice(0, 12)} again`, () =>
        remake(services, commit),
      ),
    );
  }
  return derivations(ledger, remade);
}

/** An old commit may not build any more: that is an answer, not an error. */
async function remake({ git, synth }: Services, commit: string): Promise<Remade> {
  try {
    const bundles = await synthesizedAt(git, synth, commit);
    const [then, now] = await Promise.all([git.digestAt(commit, lockFile), git.digestAt('HEAD', lockFile)]);
    return {
      ok: true,
      digests: new Map([...bundles].map(([stack, bundle]) => [stack, bundleDigest(bundle)])),
      digestsOfNothing: new Map(
        [...bundles].map(([stack, bundle]) => [stack, bundleDigest(withoutResources(bundle))]),
      ),
      samePackages: then === now,
    };
  } catch (error) {
    if (error instanceof SluiceError) {
      return { ok: false, why: error.parts.what };
    }
    throw error;
  }
}
