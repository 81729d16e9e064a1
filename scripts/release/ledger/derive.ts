/** Whether the bundle of an entry is what its commit gives: the answer of whoever makes it again is judged here. */
import type { Ledger, LedgerFolder } from '../types.ts';

export interface Derivation {
  readonly id: string;
  readonly stack: string;
  /** `unknown`: it could not be made again, or not with the packages of then. */
  readonly state: 'derived' | 'differs' | 'unknown';
  readonly why: string;
}

/** What making the bundles of a commit again gave: digests by stack, or why there are none. */
export type Remade =
  | {
      readonly ok: true;
      readonly digests: ReadonlyMap<string, string>;
      /** Of the same stacks without their resources: what a baseline records where nothing was live. */
      readonly digestsOfNothing: ReadonlyMap<string, string>;
      /** The commit asks for the packages that are installed here. */
      readonly samePackages: boolean;
    }
  | { readonly ok: false; readonly why: string };

/** Commits whose bundles are to be made again. What a rollback restores was released before, or is judged by its signature. */
export function commitsToDerive(ledger: Ledger): readonly string[] {
  return [...new Set(ledger.folders.filter(isMade).map(({ intent }) => intent.commit))];
}

/** One answer for each entry, in the order of the ledger. */
export function derivations(ledger: Ledger, remade: ReadonlyMap<string, Remade>): readonly Derivation[] {
  return ledger.folders.map((folder, index) => {
    const { id, stack } = folder.intent;
    const before = ledger.folders.slice(0, index);
    const answer = isMade(folder)
      ? madeAgain(folder, remade.get(folder.intent.commit))
      : restored(folder, before);
    return { id, stack, ...answer };
  });
}

function isMade({ intent }: LedgerFolder): boolean {
  return intent.action !== 'rollback';
}

type DerivedAnswer = Pick<Derivation, 'state' | 'why'>;

function madeAgain({ intent }: LedgerFolder, remade: Remade | undefined): DerivedAnswer {
  const commit = intent.commit.slice(0, 12);
  if (remade?.ok !== true) {
    return { state: 'unknown', why: `${commit} gives no bundles: ${remade?.why ?? 'it was not tried'}` };
  }
  if (remade.digests.get(intent.stack) === intent.bundleDigest) {
    return { state: 'derived', why: `from ${commit}` };
  }
  if (intent.action === 'baseline' && remade.digestsOfNothing.get(intent.stack) === intent.bundleDigest) {
    return { state: 'derived', why: `from ${commit}, without its resources` };
  }
  return remade.samePackages
    ? { state: 'differs', why: `${commit} gives another bundle` }
    : { state: 'unknown', why: `${commit} gives another bundle, but with other packages than it asks for` };
}

function restored({ intent }: LedgerFolder, before: readonly LedgerFolder[]): DerivedAnswer {
  const same = before.findLast(
    (folder) => folder.intent.stack === intent.stack && folder.intent.bundleDigest === intent.bundleDigest,
  );
  return same === undefined
    ? {
        state: 'unknown',
        why: 'it restores a state that was never released as a whole; it rests on its signature',
      }
    : { state: 'derived', why: `what ${same.intent.id} released` };
}
