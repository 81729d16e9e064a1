/**
 * Gathers the facts of a pull request. Rules, roster, calendar, catalogue and registers come from the base branch and
 * never from the pull request; its code is not run: bundles arrive as data from the synth job. The rollback is rehearsed
 * here, because a proof that the author brings along proves nothing.
 */
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import type { Services } from '../contract/context.ts';
import { ExternalError, SluiceError, UsageError } from '../contract/errors.ts';
import { released, selectStacks, type Bundles } from '../facts/bundles.ts';
import { aheadOf } from '../facts/ahead.ts';
import { openEmergencies, withRatifications } from '../facts/emergencies.ts';
import { baseData } from '../facts/decision-data.ts';
import { decisionBasis } from '../facts/basis.ts';
import { assembleFacts, digestTuple, releaseFacts } from '../facts/facts.ts';
import { readIncidents } from '../facts/incidents.ts';
import { readLedgerBranch } from '../facts/ledger.ts';
import { withOwnRules } from '../facts/own-rules.ts';
import { packageDifferences } from '../facts/packages.ts';
import { parsedRecord } from '../facts/records.ts';
import { statePlaceOf } from '../plan/terraform/backend.ts';
import { assemblePlan, diffBundles } from '../plan/difference/diff.ts';
import { canonicalJson } from '../json/json.ts';
import { bundleDigest } from '../plan/bundle.ts';
import type { JsonObject, Plan, StackPlan } from '../plan/types.ts';
import type { Git } from '../contract/ports.ts';
import { Expressions } from '../waf/reason/expressions.ts';
import { effectiveChanges, type RehearsalEvidence } from '../release/rehearsal.ts';
import { ledgerBranch, ledgerTags } from '../release/ledger/format.ts';
import type { Ledger } from '../release/types.ts';
import type { DigestTuple, Facts, Pull } from '../../policies/model/facts.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { ownRecords, proposalOf, withReferences } from './pull-proposal.ts';
import { answerMisread, pullStatements } from './pull-statements.ts';
import { rehearse, type RehearsalOrder } from '../release/run/rehearse.ts';
import { refuseTrackedWorkFolder } from '../release/run/workspace.ts';

export interface PullOrder {
  readonly number: number;
  readonly moment: Facts['moment'];
  readonly proposed: Bundles;
  /** Whether people may be called in the name of Sluice: only where the verdict is published. */
  readonly mayPage: boolean;
}

/** Everything that `decide` reads about a pull request, plus the rehearsals in full as evidence. */
export interface GatheredFacts {
  readonly facts: Facts;
  readonly rehearsals: readonly RehearsalEvidence[];
  /** Reviews as the API gave them; null where no pull request was read. */
  readonly rawReviews: readonly JsonObject[] | null;
  /** The same facts at another time: what rules of the estate's own say of them is asked again. */
  readonly askAgain: (facts: Facts) => Promise<Facts>;
  /** What they were read in, for whoever decides on them and shows them. */
  readonly expressions: Expressions;
}

export async function gatherPullFacts(services: Services, order: PullOrder): Promise<GatheredFacts> {
  const { git } = services;
  const github = await services.github();
  const found = await services.reporter.step(`read pull request ${String(order.number)}`, () =>
    github.pullFacts(order.number),
  );
  refuseOtherClock(services.clock.now(), found.serverTime);
  const { pull, reviews } = found;
  await refuseTrackedWorkFolder(services, pull.headSha);
  // As the base branch is now: somebody who left the roster since the last push must not be found in it.
  const base = await baseData(git, found.baseTip);
  const { policy, records: known } = base.data;
  const changedFiles = await git.changedBetween(pull.baseSha, pull.headSha);
  const packages = await packagesOf(git, pull, changedFiles);
  const read = await proposalOf(services, { found, moment: order.moment, base, changedFiles });
  const merge = await mergeOf(git, pull);
  const records = await recordsAt(services, pull.headSha, ownRecords(changedFiles, read));
  const { ledger, state } = await ledgerState(services, order.moment);
  const incidents = await readIncidents(services, { policy, records: [...known, ...records], ledger });
  const proposal =
    order.moment === 'merge' ? withReferences(read, records, { records: known, incidents }) : read;
  const scoped = scopedPlan({ proposed: order.proposed, ledger, records, headSha: pull.headSha });
  const expressions = new Expressions();
  const basis = await decisionBasis(services, {
    ...scoped,
    records,
    data: base.data,
    source: base.source,
    incidents,
    ledger,
    ahead: await aheadOf(git, known, pull.merge),
    judged: pull,
    expressions,
  });
  const tuple = digestTuple(pull.headSha, { ...basis, records });
  const rehearsals = await rehearseAll(services, scoped, tuple);
  const facts = assembleFacts(services, {
    ...basis,
    ...releaseFacts(ledger, { records, data: base.data, judged: tuple }),
    moment: order.moment,
    records,
    baseRecords: known.filter(({ file }) => changedFiles.includes(file)),
    pull: { ...pull, changedFiles, merge },
    reviews,
    rehearsals,
    ledger: state,
    tuple,
    packages,
    proposal,
    ...(await pullStatements(services, github, {
      found,
      records,
      roster: policy.roster,
      mayPage: order.mayPage,
    })),
    emergencies: await emergenciesOf(services, order, { ledger, known, tuple, policy }),
    applyStartedAt: null,
  });
  const askAgain: GatheredFacts['askAgain'] = async (given) => withOwnRules(services, base.source, given);
  return { facts: await askAgain(facts), rehearsals, rawReviews: found.rawReviews, askAgain, expressions };
}

interface Released extends Pick<Facts, 'policy' | 'tuple'> {
  readonly ledger: Ledger;
  readonly known: readonly LocatedRecord[];
}

async function emergenciesOf(
  services: Services,
  { mayPage }: PullOrder,
  { ledger, known, tuple, policy }: Released,
): Promise<Facts['emergencies']> {
  const github = await services.github();
  const answer = mayPage ? answerMisread(github, policy.roster) : null;
  const facts = { policy, now: services.clock.now() };
  return withRatifications(github, { ledger, answer, facts }, openEmergencies(ledger, known, tuple));
}

async function mergeOf(
  git: Git,
  { merge, headSha }: Pick<Pull, 'merge' | 'headSha'>,
): Promise<NonNullable<Facts['pull']>['merge']> {
  return merge === null ? null : { ...merge, tree: await git.compareMerge(merge.sha, headSha) };
}

async function packagesOf(
  git: Git,
  { baseSha, headSha }: Pick<Pull, 'baseSha' | 'headSha'>,
  changedFiles: readonly string[],
): Promise<Facts['packages']> {
  const from = await git.mergeBase(baseSha, headSha);
  return packageDifferences(changedFiles, async (file) => ({
    before: await git.fileAt(from, file),
    after: await git.fileAt(headSha, file),
  }));
}

/** How far this machine's clock may be from GitHub's. Windows, freezes and lifetimes are read from both. */
const clockToleranceMs = 5 * 60_000;

/** Reviews have the server's time and the decision has ours: with clocks apart, nobody can say what came first. */
function refuseOtherClock(own: string, server: string): void {
  const apart = Math.abs(Date.parse(own) - Date.parse(server));
  if (!(apart <= clockToleranceMs)) {
    throw new ExternalError({
      what: `The clock of this machine says ${own}, GitHub's says ${server}.`,
      why: 'Windows, freezes and the lifetime of approvals are decided from both.',
      fix: 'Set the clock of this machine, then ask again; nothing was decided.',
      next: 'timedatectl status',
    });
  }
}

async function recordsAt(
  services: Services,
  sha: string,
  paths: readonly string[],
): Promise<readonly LocatedRecord[]> {
  const found: LocatedRecord[] = [];
  for (const path of paths) {
    const text = await services.git.fileAt(sha, path);
    if (text !== null) {
      found.push(parsedRecord(text, path));
    }
  }
  return found;
}

const emptyLedger: Ledger = { folders: [], head: null, files: new Map() };

/** A broken ledger is a fact that the gate denies on, not a crash of the gate. */
async function ledgerState(
  services: Services,
  moment: Facts['moment'],
): Promise<{ readonly ledger: Ledger; readonly state: Facts['ledger'] }> {
  const missing = await fetchMissing(services);
  const found = await readLedgerBranch(services);
  if (found === null) {
    const state = missing === null ? stateOf(emptyLedger, moment) : unverified(missing);
    return { ledger: emptyLedger, state };
  }
  if (!found.reading.ok) {
    const reason = found.reading.faults.map((fault) => `${fault.place} ${fault.what}`).join('; ');
    return { ledger: emptyLedger, state: { head: null, state: 'broken', reason } };
  }
  const { ledger } = found.reading.value;
  return { ledger, state: stateOf(ledger, moment) };
}

/** Before a merge, nothing may have been released yet. Before an apply, an empty ledger proves nothing: a baseline is due. */
export function stateOf({ head }: Ledger, moment: Facts['moment']): Facts['ledger'] {
  return head === null && moment === 'apply'
    ? unverified('nothing was released yet: sluice baseline comes first')
    : { head, state: 'verified' };
}

function unverified(reason: string): Facts['ledger'] {
  return { head: null, state: 'unverified', reason };
}

/**
 * A clone without the branch says nothing about whether there is one: origin is asked, and a branch found there is
 * fetched. Gives why origin could not be asked; null when it was, or when there is no origin.
 */
async function fetchMissing({ git }: Services): Promise<string | null> {
  if ((await git.tip(ledgerBranch)) !== null || (await git.origin()) === null) {
    return null;
  }
  try {
    await git.fetchBranch(ledgerBranch, ledgerTags);
    return null;
  } catch (error) {
    if (error instanceof SluiceError) {
      return `this clone has no ledger, and origin could not be asked: ${error.parts.what}`;
    }
    throw error;
  }
}

interface FactsScope {
  readonly plan: Plan;
  readonly proposed: Bundles;
  readonly base: Bundles;
}

/**
 * The plan of every stack that the record names or that the bundles change: a stack that changes without being named
 * must be seen, and one that is named must not drop out.
 */
function scopedPlan(input: {
  readonly proposed: Bundles;
  readonly ledger: Ledger;
  readonly records: readonly LocatedRecord[];
  readonly headSha: string;
}): FactsScope {
  const base = released(input.ledger, input);
  const named = new Set(input.records.flatMap((record) => record.record.stacks ?? []));
  const known = [...new Set([...input.proposed.keys(), ...base.keys()])];
  const unknown = [...named].filter((stack) => !known.includes(stack));
  if (unknown.length > 0) {
    throw new UsageError({
      what: `The record names stacks that do not exist: ${unknown.join(', ')}.`,
      why: `The estate has: ${known.join(', ')}.`,
      fix: 'Correct `stacks` in the record.',
      next: 'sluice check',
    });
  }
  const plans = selectStacks(known, []).map((stack) =>
    diffBundles({ stack, before: base.get(stack) ?? null, after: input.proposed.get(stack) ?? null }),
  );
  const inScope = plans.filter(
    (plan) =>
      named.has(plan.stack) || effectiveChanges(plan) > 0 || plan.bundles.before !== plan.bundles.after,
  );
  return { plan: assemblePlan(withSharers(plans, inScope), 'configuration'), proposed: input.proposed, base };
}

/** With each stack whose state is that of another one in scope: which of the two it belongs to has to be judged. */
function withSharers(all: readonly StackPlan[], inScope: readonly StackPlan[]): readonly StackPlan[] {
  const places = new Set(inScope.map(placeOf).filter((place) => place !== null));
  const chosen = new Set(inScope);
  return all.filter((plan) => chosen.has(plan) || places.has(placeOf(plan) ?? ''));
}

function placeOf({ settings }: StackPlan): string | null {
  return statePlaceOf((settings.after ?? settings.before)?.backend ?? null);
}

/** Rehearsals are kept by effect and bundles: asking the gate again after a review does not run Terraform again. */
async function rehearseAll(
  services: Services,
  scope: FactsScope,
  tuple: DigestTuple,
): Promise<readonly RehearsalEvidence[]> {
  const results: RehearsalEvidence[] = [];
  const folder = `${await services.git.root()}/.sluice/rehearsals/${tuple.effectDigest.replace(':', '-')}`;
  for (const stack of scope.plan.stacks.filter((entry) => effectiveChanges(entry) > 0)) {
    const proposed = scope.proposed.get(stack.stack);
    if (proposed === undefined) {
      continue;
    }
    const path = `${folder}/${stack.stack}.json`;
    const base = scope.base.get(stack.stack) ?? null;
    const order = { base, proposed, effectDigest: tuple.effectDigest, from: 'kept' as const };
    const saved = await savedRehearsal(services, path, order);
    if (saved !== null) {
      results.push(saved);
      continue;
    }
    const result = await rehearse(services, order);
    await services.files.writeText(path, `${canonicalJson(result)}\n`);
    results.push(result);
  }
  return results;
}

/** Null unless the file is of exactly these bundles and this effect: then the rehearsal runs again. */
async function savedRehearsal(
  services: Services,
  path: string,
  order: RehearsalOrder,
): Promise<RehearsalEvidence | null> {
  if (!(await services.files.exists(path))) {
    return null;
  }
  const saved = parsedOrNull(await services.files.readText(path));
  const isSame =
    saved?.kind === 'sluice.rehearsal' &&
    saved.stack === order.proposed.stack &&
    saved.effectDigest === order.effectDigest &&
    saved.bundles?.proposed === bundleDigest(order.proposed) &&
    saved.bundles.base === (order.base === null ? null : bundleDigest(order.base));
  return isSame ? (saved as RehearsalEvidence) : null;
}

function parsedOrNull(text: string): Partial<RehearsalEvidence> | null {
  try {
    return parseJson(text, limits.document) as Partial<RehearsalEvidence> | null;
  } catch {
    return null;
  }
}
