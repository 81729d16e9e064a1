import { completeOf } from '../../../policies/gate/input.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import type { Bundles } from '../../facts/bundles.ts';
import { gatherPullFacts, type GatheredFacts } from '../../change/pull-facts.ts';
import { factsAtApply } from '../../release/run/facts-at-apply.ts';
import { bundlesOfMerge, releasedCommit, type BundleSource } from '../../change/proposed-bundles.ts';
import { githubEvidence } from '../../release/run/github-evidence.ts';
import { abandon } from '../../release/run/abandon.ts';
import { knownStacks, openIntents } from '../../release/state.ts';
import { tidy, withTerraform, type Workshop } from '../../release/run/workspace.ts';
import { releaseStacks } from '../../release/run/release-stacks.ts';
import { ledgerFor } from '../../release/evidence/write-ledger.ts';
import type { Services } from '../../contract/context.ts';
import type { Intent, Ledger, ReleaseTarget } from '../../release/types.ts';
import { renderReleased, renderWaiting } from '../../render/release/release-text.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { chooseMode } from '../change/modes.ts';
import { bundleSource, refuseSynthesisBesideSecrets, type BundleFlags } from '../change/bundle-source.ts';
import { loadFacts } from '../change/gate.ts';
import { edgeFor, operator, refuseDirty, workshopOf } from '../change/surroundings.ts';

export interface ReleaseFlags extends BundleFlags {
  readonly facts?: string;
  readonly pr?: number;
  readonly wave?: number;
  readonly abandon?: readonly string[];
  readonly format: 'text' | 'json';
  readonly target: ReleaseTarget;
  readonly edge?: string;
}

/** Where the approvals are read. A file can be edited, so only the sandbox takes one. */
type ApprovalFlags =
  | { readonly mode: 'facts'; readonly path: string }
  | { readonly mode: 'pull'; readonly number: number };

interface ReleaseInput {
  readonly approvals: ApprovalFlags;
  readonly source: BundleSource;
  readonly target: ReleaseTarget;
  readonly edge: string | undefined;
}

function orderOf(flags: ReleaseFlags): ReleaseInput {
  const { facts = '', pr = 0, target, edge } = flags;
  const mode = chooseMode('release', flags);
  const source = bundleSource(flags, 'release');
  refuseSynthesisBesideSecrets(target, source, 'release');
  if (mode === 'facts' && target === 'cloudflare') {
    throw new UsageError({
      what: '--facts is for the sandbox only.',
      why: 'A file can be edited: approvals of a real release are read from GitHub at the moment of the release.',
      fix: 'Name the pull request.',
      next: 'sluice release --target cloudflare --pr <number>',
    });
  }
  const approvals: ApprovalFlags = mode === 'facts' ? { mode, path: facts } : { mode, number: pr };
  return { approvals, source, target, edge };
}

/** `sluice release`: takes the merged commit's bundles, decides again, and applies only if everything is still as approved. */
export async function releaseCommand(
  this: SluiceContext,
  flags: ReleaseFlags,
  ...stacks: string[]
): Promise<void> {
  const { approvals, source, target, edge } = orderOf(flags);
  this.surroundings.holdSignals?.();
  const services = await this.services();
  await refuseDirty(services);
  const proposed = await bundlesOfMerge(services, source, target);
  // The decision rests on the ledger as it is on origin, not on what this clone last saw of it.
  const { ledger } = await ledgerFor(services, target);
  const workshop = await workshopOf(services, target);
  await tidy(services, workshop);
  await giveUpOpen(services, workshop, { ids: flags.abandon ?? [], open: openOn(ledger, stacks) });
  const { facts, rehearsals, rawReviews, askAgain, expressions } = await approvalsFrom(
    services,
    approvals,
    proposed.bundles,
  );
  const commit = await releasedCommit(services, proposed, facts);
  const probes = completeOf(facts)?.record.test.probes ?? [];
  const { entries, waiting } = await releaseStacks(services, workshop, {
    facts,
    again: commandLine(flags, stacks),
    askAgain,
    expressions,
    rehearsals,
    fromGitHub: await githubEvidence(services, { facts, rawReviews, stacks }),
    proposed: proposed.bundles,
    commit,
    stacks,
    wave: flags.wave ?? null,
    by: await operator(services, this.surroundings.env),
    resolve: edgeFor(edge, probes),
  });
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.released', version: 1, releases: entries, waiting })
      : `${renderReleased(entries, this.style)}${renderWaiting(waiting, facts.pull?.number ?? null)}`,
  );
}

/** Open intents of the stacks that are named, of all when none is. */
function openOn(ledger: Ledger, stacks: readonly string[]): readonly Intent[] {
  return knownStacks(ledger)
    .filter((stack) => stacks.length === 0 || stacks.includes(stack))
    .flatMap((stack) => openIntents(ledger, stack).map(({ intent }) => intent));
}

/**
 * Ends what a run that died left open, so that this one can finish it: what it made is taken over, nothing is undone. A job
 * of one stack is given the ids of all, and leaves those of other stacks to their jobs.
 */
async function giveUpOpen(
  services: Services,
  workshop: Workshop,
  { ids, open }: { readonly ids: readonly string[]; readonly open: readonly Intent[] },
): Promise<void> {
  const meant = open.filter(({ id }) => ids.includes(id));
  if (meant.length === 0) {
    return;
  }
  await withTerraform(services, workshop, async (reach) => {
    for (const { stack, id } of meant) {
      await abandon(services, workshop, reach, { stack, id });
      services.reporter.info(`${stack}: ${id} is given up; what it made is taken over.`);
    }
  });
}

/** The command as it was typed, to be typed again. */
function commandLine(
  { facts, pr, bundles, ciBundles, wave, target, edge }: ReleaseFlags,
  stacks: readonly string[],
): string {
  const named = { facts, pr, bundles, wave, target: target === 'sandbox' ? undefined : target, edge };
  const flags = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, shellWord(String(value))],
  );
  return ['sluice release', ...flags, ...(ciBundles ? ['--ci-bundles'] : []), ...stacks].join(' ');
}

function shellWord(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

async function approvalsFrom(
  services: Services,
  approvals: ApprovalFlags,
  proposed: Bundles,
): Promise<GatheredFacts> {
  return approvals.mode === 'facts'
    ? factsAtApply(services, await loadFacts(services, approvals.path), proposed)
    : gatherPullFacts(services, { number: approvals.number, moment: 'apply', proposed, mayPage: false });
}
