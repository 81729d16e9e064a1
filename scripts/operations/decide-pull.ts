/** Decides on a pull request and publishes the verdict: what `sluice gate --pr` does, without its flags and its output. */
import { checkName } from '../check-name.ts';
import type { Services } from '../context.ts';
import { UsageError } from '../errors.ts';
import { fromFolder, synthesized } from '../gather/bundles.ts';
import { renderDecisionMarkdown } from '../render/decision-markdown.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { gatherPullFacts } from './pull-facts.ts';

export interface DecidePullOrder {
  readonly number: number;
  readonly moment: Facts['moment'];
  /** Folder of proposed bundles; null: the working tree is synthesized, and must be the head. */
  readonly bundles: string | null;
  readonly publish: boolean;
}

/** The facts of a pull request. When they cannot be read and the verdict is to be published, that is published. */
export async function pullFactsOrFailure(services: Services, order: DecidePullOrder): Promise<Facts> {
  try {
    return await pullFactsOf(services, order);
  } catch (error) {
    if (order.publish) {
      await publishFailure(services, order.number);
    }
    throw error;
  }
}

async function pullFactsOf(services: Services, order: DecidePullOrder): Promise<Facts> {
  const { number, moment, bundles } = order;
  const proposed =
    bundles === null
      ? await synthesized(services.synth, await services.git.root())
      : await fromFolder(services.files, bundles);
  const { facts } = await gatherPullFacts(services, { number, moment, proposed, mayPage: order.publish });
  if (bundles === null) {
    await refuseOtherTree(services, facts);
  }
  return facts;
}

/** Without bundles from the synth job the working tree stands in for the head, so it must be exactly that. */
async function refuseOtherTree(services: Services, facts: Facts): Promise<void> {
  const [head, dirty] = await Promise.all([services.git.headSha(), services.git.dirtyPaths()]);
  if (facts.pull !== null && (head !== facts.pull.headSha || dirty.length > 0)) {
    throw new UsageError({
      what: `The working tree is not the head of pull request ${String(facts.pull.number)}.`,
      why: 'The decision would be about other code than the one that is approved and merged.',
      fix: 'Name the bundles of the synth job, or check out the head without local changes.',
      next: `git checkout ${facts.pull.headSha}`,
    });
  }
}

/**
 * A gate that could not decide must not leave an older verdict standing: an `allow` from before a veto would still merge.
 * The tuple is of nothing, so no review given now counts for anything.
 */
async function publishFailure(services: Services, number: number): Promise<void> {
  const github = await services.github();
  const { pull } = await github.pullFacts(number);
  const nothing = `sha256:${'0'.repeat(64)}`;
  await github.publish(number, {
    checkName: checkName(pull.baseBranch),
    headSha: pull.headSha,
    conclusion: 'failure',
    title: 'undetermined: the gate could not read everything it needs',
    summary:
      'The gate failed before it could decide; the log of its run says why. Nothing may be merged until it has decided.',
    tuple: { headSha: pull.headSha, effectDigest: nothing, recordDigest: nothing, policyDigest: nothing },
  });
}

/** Publishes the decision on the pull request that the facts are of. */
export async function publishDecision(services: Services, facts: Facts, decision: Decision): Promise<void> {
  if (facts.pull === null) {
    throw new UsageError({
      what: '--publish needs a pull request.',
      fix: 'Give --pr NUMBER.',
      next: 'sluice gate --help',
    });
  }
  const github = await services.github();
  await github.publish(facts.pull.number, {
    checkName: checkName(facts.pull.baseBranch),
    headSha: facts.pull.headSha,
    conclusion:
      decision.verdict === 'allow' ? 'success' : decision.verdict === 'deny' ? 'failure' : 'action_required',
    title: `${decision.verdict}: risk ${decision.risk.effective}`,
    summary: renderDecisionMarkdown(decision, facts),
    tuple: decision.tuple,
  });
}
