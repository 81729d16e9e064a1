/**
 * Where a command that decides or applies takes the proposed bundles from, and which commit they are of. Building them runs
 * code of that commit, so a command that holds a secret takes them from a job that holds none.
 */
import type { Services } from '../contract/context.ts';
import { DeniedError, SluiceError, UndeterminedError } from '../contract/errors.ts';
import { fromFolder, fromTexts, synthesizedProposal, type Bundles } from '../facts/bundles.ts';
import type { LocalSynthesizer, PullHead, SynthBundles, Synthesizer } from '../contract/ports.ts';
import type { ReleaseTarget } from '../release/types.ts';
import type { Facts } from '../../policies/model/facts.ts';

/** `tree`: the working tree is synthesized here. `ci`: what a job without secrets left. `folder`: what `sluice synth` wrote. */
export type BundleSource =
  | { readonly from: 'tree' | 'ci' }
  | { readonly from: 'folder'; readonly folder: string };

export interface ProposedBundles {
  readonly source: BundleSource['from'];
  readonly bundles: Bundles;
  /** The commit that they say they were made from; null where nothing says it. A claim until it is compared. */
  readonly madeFrom: string | null;
}

/** What a pull request proposes, before its merge: of exactly this commit. */
export async function bundlesOfHead(
  services: Services,
  source: BundleSource,
  { number, headSha }: PullHead,
): Promise<ProposedBundles> {
  if (source.from !== 'ci') {
    return bundlesHere(services, source, services.localSynth);
  }
  const synthRuns = await services.synthRuns();
  const head = await synthRuns.headOf(number, headSha);
  const found = 'kind' in head ? head : await synthRuns.bundlesOf(head);
  const next =
    found.kind === 'foreign'
      ? 'git commit --allow-empty --message "Synthesize again" && git push'
      : `gh run list --workflow change.yml --commit ${headSha}`;
  const bundles = readBundles(found, wayOut, next);
  return { source: 'ci', bundles, madeFrom: headSha };
}

/**
 * What was merged: from the job `bundles` of this very run of the workflow. What goes to Cloudflare is never what was kept
 * of an earlier run of stack code.
 */
export async function bundlesOfMerge(
  services: Services,
  source: BundleSource,
  goesTo: ReleaseTarget | 'decision',
): Promise<ProposedBundles> {
  if (source.from !== 'ci') {
    const { synth, localSynth } = services;
    return bundlesHere(services, source, goesTo === 'cloudflare' ? synth : localSynth);
  }
  const synthRuns = await services.synthRuns();
  const found = await synthRuns.bundlesOfThisRun();
  const bundles = readBundles(found, wayOutOfRun, 'gh run list --workflow release.yml');
  return { source: 'ci', bundles, madeFrom: found.kind === 'files' ? found.commit : null };
}

async function bundlesHere(
  { git, files, reporter }: Services,
  source: Exclude<BundleSource, { readonly from: 'ci' }> | { readonly from: 'tree' | 'ci' },
  by: Synthesizer | LocalSynthesizer,
): Promise<ProposedBundles> {
  if (source.from === 'folder') {
    return { source: 'folder', bundles: await fromFolder(files, source.folder), madeFrom: null };
  }
  const root = await git.root();
  const bundles = await reporter.step('synthesize', () => synthesizedProposal(by, root));
  return { source: 'tree', bundles, madeFrom: null };
}

type WayOut = Readonly<Record<Exclude<SynthBundles['kind'], 'files'>, string>>;

const wayOut: WayOut = {
  pending: 'Wait: its end starts the gate again.',
  missing: 'Run the workflow `change` of the pull request again, or push to the branch.',
  failed: 'See the log of the workflow `change`, correct what it names and push.',
  foreign: 'Push a new commit to the branch, an empty one will do: its run is of this pull request alone.',
  refused:
    'Run the workflow `change` again, as the base branch has it; look at who changed it in the branch.',
};

const wayOutOfRun: WayOut = {
  pending: 'Wait until the job `bundles` has ended, then run the failed jobs again.',
  missing: 'Run all jobs of this run of the workflow again.',
  failed: 'See the log of the job `bundles`, and run all jobs of this run again.',
  foreign: 'Run all jobs of this run of the workflow again.',
  refused: 'Run all jobs of this run again; look at what the merged commit does while it is synthesized.',
};

/** Whatever is wrong with an artifact is the pull request's, not the gate's: it is undetermined, with the way out. */
function readBundles(found: SynthBundles, ways: WayOut, next: string): Bundles {
  if (found.kind !== 'files') {
    throw new UndeterminedError({ what: found.reason, fix: ways[found.kind], next });
  }
  try {
    return fromTexts(found.files, 'bundles');
  } catch (error) {
    if (error instanceof SluiceError) {
      throw new UndeterminedError({ ...error.parts, fix: ways.refused, next });
    }
    throw error;
  }
}

/** Bundles that say which commit they are of must be of the one that the pull request became. */
export function refuseOtherCommit({ madeFrom }: ProposedBundles, { pull }: Facts): void {
  const merged = pull?.merge?.sha ?? null;
  if (madeFrom !== null && madeFrom !== merged) {
    throw new DeniedError({
      what: `The bundles are of ${madeFrom.slice(0, 12)}, and the pull request became ${merged?.slice(0, 12) ?? 'no commit'}.`,
      why: 'What is released must have been made from what was merged.',
      fix: 'Run the workflow again for this pull request.',
      next: 'gh workflow run release.yml',
    });
  }
}

/**
 * The commit that a release is of: the merge, which must be part of what is checked out, or the working tree's own where
 * the bundles were made from it.
 */
export async function releasedCommit(
  { git }: Services,
  proposed: ProposedBundles,
  facts: Facts,
): Promise<string> {
  const head = await git.headSha();
  if (proposed.source === 'tree') {
    return head;
  }
  refuseOtherCommit(proposed, facts);
  const commit = facts.pull?.merge?.sha ?? facts.tuple.headSha;
  if (!(await git.isAncestor(commit, head))) {
    throw new DeniedError({
      what: `${commit.slice(0, 12)} is not part of the branch that is checked out.`,
      why: 'Only what was merged into the default branch is released, and by its current code.',
      fix: 'Check out the default branch with its whole history.',
      next: 'git fetch --unshallow origin',
    });
  }
  return commit;
}
