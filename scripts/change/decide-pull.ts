/** Decides on a pull request and publishes the verdict: what `sluice gate --pr` does, without its flags and its output. */
import { checkName } from '../contract/check-name.ts';
import type { Services } from '../contract/context.ts';
import {
  ExternalError,
  MissingCommitError,
  SluiceError,
  StaleError,
  UsageError,
  type ErrorParts,
} from '../contract/errors.ts';
import type { OnShow, PullHead, PublishedVerdict } from '../contract/ports.ts';
import { lookedAtIn, withoutLookedAt } from '../contract/looked-at.ts';
import type { Expressions } from '../waf/reason/expressions.ts';
import { sha256Hex } from '../json/json.ts';
import { renderAnnotations } from '../render/decision/annotations.ts';
import { renderDecisionMarkdown } from '../render/decision/markdown.ts';
import type { Publication } from '../render/decision/publication.ts';
import { escapeMarkdown, escapeTerminalLine } from '../render/text/escape.ts';
import { renderPlanJson } from '../render/plan/json.ts';
import { fromRef } from '../facts/policy.ts';
import { stackSources, withSourcePlaces } from '../facts/source-places.ts';
import { decide } from '../../policies/gate.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { bundlesOfHead, bundlesOfMerge, refuseOtherCommit, type BundleSource } from './proposed-bundles.ts';
import { gatherPullFacts } from './pull-facts.ts';

export interface DecidePullOrder {
  readonly number: number;
  readonly moment: Facts['moment'];
  readonly bundles: BundleSource;
  /** `changes`: only when something else is on show; `preview`: only says whether it would. */
  readonly publish: 'never' | 'preview' | 'always' | 'changes';
  /** Where the whole plan is written, for the artifact that the comment names. */
  readonly savePlan?: string;
}

export interface DecidedPull {
  readonly facts: Facts;
  readonly decision: Decision;
  readonly publication: Publication;
  /** What the facts were read in. */
  readonly expressions: Expressions;
  /** Those of the decision, with the line of the stack code that each is about where it can be told. */
  readonly placed: Decision['findings'];
}

export interface PullOutcome {
  readonly head: PullHead;
  /** An error when nothing could be decided; the verdict then says so. */
  readonly result: DecidedPull | { readonly error: Error };
  readonly verdict: PublishedVerdict;
  readonly published: 'published' | 'unchanged' | 'not published';
}

/** The head may move while the gate thinks: then everything is read once more, and after that somebody is too busy. */
const tries = 2;

/** Throws only when GitHub cannot be asked where the pull request stands, cannot be written to, or the head keeps moving. */
export async function decidePull(services: Services, order: DecidePullOrder): Promise<PullOutcome> {
  const github = await services.github();
  for (let nth = 1; nth <= tries; nth += 1) {
    const head = await github.pullHead(order.number);
    const result = await resultOf(services, order, head);
    const verdict = verdictOf(head, result, services.clock.now());
    // A clone that is older than the head knows nothing of it, and less than whoever published the verdict on show.
    if ('error' in result && result.error instanceof MissingCommitError && order.publish === 'changes') {
      return { head, result, verdict, published: 'not published' };
    }
    const hasMoved = 'facts' in result && isMoved(head, result.facts.pull);
    const published = hasMoved ? 'moved' : await publishCurrent(services, order, { head, verdict });
    if (published !== 'moved') {
      return { head, result, verdict, published };
    }
  }
  throw new StaleError({
    what: `Pull request ${String(order.number)} got another head or base while the gate decided, ${String(tries)} times.`,
    why: 'The verdict would be about something that nobody can merge any more. Nothing was published.',
    fix: 'Decide again when nobody pushes; the end of the synth job does so by itself.',
    next: `sluice gate --pr ${String(order.number)}`,
  });
}

/** A commit that was pushed after the clone was made is fetched, once. */
async function resultOf(
  services: Services,
  order: DecidePullOrder,
  head: PullHead,
): Promise<PullOutcome['result']> {
  const { git } = services;
  const result = await triedResult(services, order, head);
  if (!('error' in result && result.error instanceof MissingCommitError) || (await git.origin()) === null) {
    return result;
  }
  try {
    await git.fetchBranches();
  } catch (error) {
    if (error instanceof SluiceError) {
      return result;
    }
    throw error;
  }
  return triedResult(services, order, head);
}

async function triedResult(
  services: Services,
  order: DecidePullOrder,
  head: PullHead,
): Promise<PullOutcome['result']> {
  const { number, moment, bundles } = order;
  const { publisher } = await services.github();
  try {
    const proposed =
      moment === 'apply'
        ? await bundlesOfMerge(services, bundles, 'decision')
        : await bundlesOfHead(services, bundles, head);
    const mayPage = order.publish === 'always' || order.publish === 'changes';
    const { facts, expressions } = await gatherPullFacts(services, {
      number,
      moment,
      proposed: proposed.bundles,
      mayPage,
    });
    if (moment === 'apply') {
      refuseOtherCommit(proposed, facts);
    }
    if (bundles.from === 'tree') {
      await refuseOtherTree(services, facts);
    }
    const publication = { artifact: await savePlan(services, order.savePlan, facts), publisher };
    const decision = decide(facts, expressions);
    const sources = await stackSources(fromRef(services.git, head.headSha));
    const placed = withSourcePlaces(decision.findings, facts, sources);
    return { facts, decision, publication, expressions, placed };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/**
 * Writes the whole plan, masked: `decision-<number>` is the artifact that gate.yml keeps. The digest is of the bytes of the
 * file. Before the verdict is published, because an older one must not outlive a plan that cannot be written.
 */
export async function savePlan(
  services: Services,
  path: string | undefined,
  { plan, pull }: Facts,
): Promise<Publication['artifact']> {
  if (path === undefined) {
    return null;
  }
  const text = services.secrets.without(renderPlanJson(plan));
  await services.files.writeText(path, text);
  const file = path.split('/').at(-1) ?? path;
  return pull === null ? null : { name: `decision-${String(pull.number)}`, file, sha256: sha256Hex(text) };
}

/**
 * Without bundles from the synth job the working tree stands in for the head, or for the merge when it is about applying
 * that, so it must be exactly that.
 */
async function refuseOtherTree(services: Services, { pull, moment }: Facts): Promise<void> {
  const [head, dirty] = await Promise.all([services.git.headSha(), services.git.dirtyPaths()]);
  if (pull === null) {
    return;
  }
  const wanted = moment === 'apply' && pull.merge !== null ? pull.merge.sha : pull.headSha;
  if (head !== wanted || dirty.length > 0) {
    throw new UsageError({
      what: `The working tree is not the ${wanted === pull.headSha ? 'head' : 'merge'} of pull request ${String(pull.number)}.`,
      why: 'The decision would be about other code than the one that is approved and merged.',
      fix: 'Name the bundles of the synth job, or check that commit out without local changes.',
      next: `git checkout ${wanted}`,
    });
  }
}

function verdictOf(head: PullHead, result: PullOutcome['result'], lookedAt: string): PublishedVerdict {
  const verdict = 'error' in result ? couldNotDecide(head, result.error) : verdictOfDecision(head, result);
  return { ...verdict, lookedAt };
}

function verdictOfDecision(
  head: PullHead,
  { facts, decision, publication, expressions, placed }: DecidedPull,
): Omit<PublishedVerdict, 'lookedAt'> {
  return {
    checkName: checkName(head.baseBranch),
    headSha: head.headSha,
    conclusion:
      decision.verdict === 'allow' ? 'success' : decision.verdict === 'deny' ? 'failure' : 'action_required',
    title: `${decision.verdict}: risk ${decision.risk.effective}`,
    summary: renderDecisionMarkdown(decision, facts, publication, expressions),
    annotations: renderAnnotations(placed, facts),
    tuple: decision.tuple,
  };
}

/**
 * A gate that could not decide must not leave an older verdict standing: an `allow` from before a veto would still merge.
 * The conclusion goes; what reviewers have before them stays on show.
 */
function couldNotDecide(head: PullHead, error: unknown): Omit<PublishedVerdict, 'lookedAt'> {
  const { what, why, fix } = publishable(error);
  const lines = [
    `**Undetermined: could not decide.** ${escapeMarkdown(what)}`,
    ...(why === undefined ? [] : [escapeMarkdown(why)]),
    ...(fix === undefined ? [] : [`Way out: ${escapeMarkdown(fix)}`]),
    'Nothing may be merged until the gate has decided.',
  ];
  return {
    checkName: checkName(head.baseBranch),
    headSha: head.headSha,
    conclusion: 'action_required',
    title: `could not decide: ${escapeTerminalLine(what).slice(0, 200)}`,
    summary: lines.join('\n\n'),
    annotations: [],
    tuple: null,
  };
}

/** What other programs say may quote anything that they could read: it stays on the machine that they ran on. */
function publishable(error: unknown): Pick<ErrorParts, 'what' | 'why' | 'fix'> {
  if (!(error instanceof SluiceError)) {
    return { what: 'the gate failed', fix: 'See the log of its run.' };
  }
  const { what, why, fix } = error.parts;
  if (error instanceof ExternalError) {
    return { what, ...(fix === undefined ? {} : { fix }) };
  }
  return error.parts.published === undefined
    ? { what, ...(why === undefined ? {} : { why }), ...(fix === undefined ? {} : { fix }) }
    : { what: error.parts.published, ...(fix === undefined ? {} : { fix }) };
}

/**
 * Writes the verdict if the pull request still is where it was when it was read (attack B04). What is left of the race
 * does no harm: the check run is on the commit that was decided on, under the name of the base that was decided on.
 */
async function publishCurrent(
  services: Services,
  { number, publish }: DecidePullOrder,
  { head, verdict }: { readonly head: PullHead; readonly verdict: PublishedVerdict },
): Promise<PullOutcome['published'] | 'moved'> {
  const github = await services.github();
  if (publish === 'never') {
    return 'not published';
  }
  if (publish !== 'always') {
    const { now, wanted } = await github.onShow(number, verdict);
    if (now !== null && isSame(now, wanted) && isFresh(now, verdict.lookedAt)) {
      return 'unchanged';
    }
  }
  if (publish === 'preview') {
    return 'not published';
  }
  if (isMoved(head, await github.pullHead(number))) {
    return 'moved';
  }
  await github.publish(number, verdict);
  return 'published';
}

type PullPlace = Pick<PullHead, 'headSha' | 'baseBranch' | 'baseSha'>;

function isMoved(before: PullPlace, after: PullPlace | null): boolean {
  return (
    before.headSha !== after?.headSha ||
    before.baseBranch !== after.baseBranch ||
    before.baseSha !== after.baseSha
  );
}

function isSame(a: OnShow, b: OnShow): boolean {
  return (
    a.conclusion === b.conclusion &&
    a.title === b.title &&
    plain(a.summary) === plain(b.summary) &&
    plain(a.comment) === plain(b.comment) &&
    a.tuple.headSha === b.tuple.headSha &&
    a.tuple.effectDigest === b.tuple.effectDigest &&
    a.tuple.recordDigest === b.tuple.recordDigest &&
    a.tuple.policyDigest === b.tuple.policyDigest
  );
}

const hour = 60 * 60 * 1000;

/** What was looked at within the hour is not written again only to say so: an idle pull request costs 24 writes a day. */
function isFresh({ comment }: OnShow, now: string): boolean {
  const before = lookedAtIn(comment.replaceAll('\r\n', '\n'));
  return before !== null && Date.parse(now) - Date.parse(before) < hour;
}

/** Without what differs although nothing does: line ends, when it was looked at, and how long a rehearsal that was run again took. */
function plain(text: string): string {
  return withoutLookedAt(text.replaceAll('\r\n', '\n'))
    .replaceAll(/, back in [\d.]+ s(?=$|:|\n)/g, '')
    .trim();
}
