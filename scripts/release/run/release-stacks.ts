/**
 * Releases what was approved, wave by wave: a wave is applied and verified before the next is touched, and watched for as long
 * as the record says. When one fails, what runs ends, and the change is taken back from every stack that it reached.
 */
import type { Expressions } from '../../waf/reason/expressions.ts';
import { decide } from '../../../policies/gate.ts';
import { doneOn, spentProblems } from '../../../policies/gate/approval-use.ts';
import { completeOf } from '../../../policies/gate/input.ts';
import { wavesOf, type Wave } from '../../../policies/gate/waves.ts';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { Services } from '../../contract/context.ts';
import { DeniedError, StaleError, UsageError } from '../../contract/errors.ts';
import { loadLedger } from '../../facts/ledger.ts';
import type { Bundle, Json, StackPlan } from '../../plan/types.ts';
import { failedProbes } from '../probes.ts';
import type { RehearsalEvidence } from '../rehearsal.ts';
import type { ReleaseEntry, WaitingStack } from '../types.ts';
import { gitInTurn } from './waves/git-in-turn.ts';
import { observe, type Observed } from './waves/observe.ts';
import {
  beforeTheChange,
  earlierWaves,
  failedPart,
  refuseFailedElsewhere,
  refuseUnwatched,
  stacksOfWave,
} from './waves/across-runs.ts';
import { leftBehind, refuseOpen, refuseOutOfOrder, refuseToGoOn, refuseUnsettled } from './release-guards.ts';
import { failureOf, reachedBy, undoChange, type Failure } from './waves/undo-change.ts';
import { atOnce, hasToWait, readyPart, wavesOfChange } from './waves/ready.ts';
import { duePart, hasFailed, releaseWave, type WaveEnd, type WaveRun } from './waves/wave.ts';
import { withTerraform, type Workshop } from './workspace.ts';

export interface ReleaseOrder {
  /** Gathered at this moment, for the moment `apply`. */
  readonly facts: Facts;
  /** The same facts at another time, with what rules of the estate's own say of them then. */
  readonly askAgain: (facts: Facts) => Promise<Facts>;
  /** What they were read in. */
  readonly expressions: Expressions;
  readonly rehearsals: readonly RehearsalEvidence[];
  /** What GitHub said when it was released: documents by their name in the ledger. */
  readonly fromGitHub: ReadonlyMap<string, string>;
  readonly proposed: ReadonlyMap<string, Bundle>;
  /** What they were made from. */
  readonly commit: string;
  /** All stacks of the plan when empty. */
  readonly stacks: readonly string[];
  /** Only this wave, from 1, by one of several processes; null: all of them, one after the other. */
  readonly wave: number | null;
  /** The command that asks for this release, for the next one of a refusal. */
  readonly again: string;
  readonly by: string;
  readonly resolve: ReadonlyMap<string, string>;
}

export interface ReleaseEnd {
  readonly entries: readonly ReleaseEntry[];
  /** Of a change of several clients: what their windows did not let in. The waves after it wait as well. */
  readonly waiting: readonly WaitingStack[];
}

/** Throws DeniedError or StaleError before anything is changed when the decision is not `allow`. */
export async function releaseStacks(
  given: Services,
  workshop: Workshop,
  order: ReleaseOrder,
): Promise<ReleaseEnd> {
  const { facts } = order;
  const services = { ...given, git: gitInTurn(given.git) };
  const { ledger } = await loadLedger(services);
  // Before the decision, which knows nothing of what never ended, and says only that nothing may be released.
  refuseOpen(ledger, facts, order);
  const decision = firstDecision(order);
  refuseUnlessAllowed(decision, facts, leftBehind(ledger, facts, workshop.target));
  const plans = chosen(order, decision);
  refuseOutOfOrder(facts, plans, wavesOfChange(facts, decision));
  const { changeId } = decision;
  refuseFailedElsewhere(ledger, facts, plans, { changeId, target: workshop.target });
  for (const plan of plans) {
    refuseUnsettled(ledger, plan.stack, decision.changeId);
  }
  return withTerraform(services, workshop, async (reach) => {
    const probes = completeOf(facts)?.record.test.probes ?? [];
    const allowed = facts.policy.thresholds.probeNetworks ?? [];
    const probing = { probes, allowed, resolve: order.resolve };
    const before = await beforeTheChange(services, probing, { facts, target: workshop.target });
    const run: WaveRun = { ...order, services, workshop, reach, decision, probing, before };
    return releaseAll(run, order, wavesIn(order, decision, plans));
  });
}

/** Of the first part that could be released now; the gate says the rest again, wave by wave. */
function firstDecision(order: ReleaseOrder): Decision {
  const { facts } = order;
  const whole = decide(facts, order.expressions);
  if (whole.verdict === 'allow' || completeOf(facts)?.record.clients === undefined) {
    return whole;
  }
  const [first] = wavesIn(order, whole, chosen(order, whole));
  return first === undefined ? whole : readyPart(facts, first, order.expressions).decision;
}

function wavesIn({ facts }: ReleaseOrder, { risk }: Decision, plans: readonly StackPlan[]): readonly Wave[] {
  return wavesOf(
    plans.map(({ stack }) => stack),
    {
      registers: facts.policy.registers,
      risk: risk.effective,
      rollout: completeOf(facts)?.record.rollout,
    },
  );
}

async function releaseAll(run: WaveRun, order: ReleaseOrder, waves: readonly Wave[]): Promise<ReleaseEnd> {
  const startedAt = run.services.clock.now();
  const done: ReleaseEntry[] = [];
  let observed: Json | null = null;
  for (const [index, wave] of waves.entries()) {
    observed =
      done.length > 0
        ? await watch(run, order, { wave: waves[index - 1] ?? [], done, passed: 0 })
        : await watchEarlier(run, order, wave);
    const part = await releaseParts(run, order, { wave, startedAt, done, observed });
    done.push(...part.entries);
    if (part.waiting.length > 0) {
      return { entries: done, waiting: part.waiting };
    }
  }
  return { entries: done, waiting: [] };
}

interface WaveOrder {
  readonly wave: Wave;
  readonly startedAt: string;
  readonly done: readonly ReleaseEntry[];
  readonly observed: Json | null;
}

/** What of a wave is ready, and then what has become ready meanwhile: the gate is asked before each part. */
async function releaseParts(
  run: WaveRun,
  order: ReleaseOrder,
  { wave, startedAt, done, observed }: WaveOrder,
): Promise<ReleaseEnd> {
  const entries: ReleaseEntry[] = [];
  const isOfSeveral = completeOf(order.facts)?.record.clients !== undefined;
  let left = wave;
  while (left.length > 0) {
    const before = [...done, ...entries];
    const facts = before.length === 0 ? order.facts : await laterFacts(run, order, startedAt);
    const { decision, ready, waiting } = readyPart(facts, left, order.expressions);
    if (ready.length === 0 && waiting.length > 0 && hasToWait(decision, facts) && before.length > 0) {
      return { entries, waiting };
    }
    refuseToGoOn(decision, before, left);
    // The windows of several clients are looked at again before each part that fits at once.
    const part = isOfSeveral ? ready.slice(0, atOnce(run)) : ready;
    const plans = part.flatMap((stack) => order.facts.plan.stacks.filter((plan) => plan.stack === stack));
    const end = await releaseWave(isOfSeveral ? { ...run, decision } : run, plans, {
      done: before,
      observed,
    });
    entries.push(...end.entries);
    if (hasFailed(end)) {
      throw await afterFailure(run, order, { end, done: [...done, ...entries] });
    }
    left = left.filter((stack) => !part.includes(stack));
  }
  return { entries, waiting: [] };
}

async function laterFacts(
  run: WaveRun,
  { facts, askAgain }: ReleaseOrder,
  applyStartedAt: string,
): Promise<Facts> {
  return askAgain({ ...facts, now: run.services.clock.now(), applyStartedAt });
}

interface Watched {
  readonly wave: Wave;
  readonly done: readonly ReleaseEntry[];
  /** Milliseconds since it was released, by another process; 0 for this one. */
  readonly passed: number;
}

/** What another process released of the change is watched for the time that is left, or was watched until now. */
async function watchEarlier(run: WaveRun, order: ReleaseOrder, [stack = '']: Wave): Promise<Json | null> {
  const { ledger } = await loadLedger(run.services);
  const at = { ...run, now: run.services.clock.now() };
  const earlier = earlierWaves(at, ledger, stack);
  if (earlier === null) {
    return null;
  }
  if (order.wave !== null) {
    refuseUnwatched(at, earlier);
  }
  return watch(run, order, { wave: earlier.stacks, done: [], passed: earlier.passed });
}

/** Throws when a probe fails meanwhile, with the change taken back. */
async function watch(
  run: WaveRun,
  order: ReleaseOrder,
  { wave, done, passed }: Watched,
): Promise<Json | null> {
  const minutes = completeOf(run.facts)?.record.rollout?.observeMin ?? 0;
  if (minutes === 0) {
    return null;
  }
  const released = new Set([...done.map(({ stack }) => stack), ...doneOn(run.facts.uses).keys()]);
  const { before, services } = run;
  const probing = duePart(run, released);
  const seen: Observed = await observe(services, probing, { minutes, before, wave, passed });
  const failed = failedProbes(seen.probes);
  if (failed.length > 0) {
    const cause = failed.map(({ name, detail }) => `the probe "${name}" failed (${detail})`).join(', ');
    throw await takenBack(run, order, { cause, at: done.at(-1)?.id ?? wave.join(', '), reasons: [] });
  }
  return { wave: [...wave], ...seen } as unknown as Json;
}

/** By this process where it may have the credentials of every stack, else by a command of its own. */
async function takenBack(run: WaveRun, { wave }: ReleaseOrder, failure: Failure): Promise<unknown> {
  const { changeId } = run.decision;
  return wave === null || run.facts.plan.stacks.length === 1
    ? undoChange(run, failure)
    : failedPart(failure, { changeId, target: run.workshop.target });
}

/**
 * The change is taken back, unless it reached no other stack than those that broke off: what is half applied on the only one
 * may be finished as well as undone, and the error has both commands.
 */
async function afterFailure(
  run: WaveRun,
  order: ReleaseOrder,
  { end, done }: { readonly end: WaveEnd; readonly done: readonly ReleaseEntry[] },
): Promise<unknown> {
  const [first] = end.errors;
  if (done.length === 0 && doneOn(run.facts.uses).size === 0 && first !== undefined) {
    return first.error;
  }
  const { ledger } = await loadLedger(run.services);
  const names = run.facts.plan.stacks.map(({ stack }) => stack);
  const broken = new Set(end.errors.map(({ stack }) => stack));
  const others = reachedBy(ledger, run.decision.changeId, names).filter((stack) => !broken.has(stack));
  const failure = failureOf(end);
  return others.length === 0 || failure === null ? first?.error : takenBack(run, order, failure);
}

function refuseUnlessAllowed(decision: Decision, facts: Facts, left: ReturnType<typeof leftBehind>): void {
  if (decision.verdict === 'allow') {
    return;
  }
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  const parts = {
    what: `The gate does not allow this release: ${failing.map((check) => check.id).join(', ')}.`,
    diagnostics: [
      ...failing.flatMap((check) =>
        [
          ...new Set([check.summary, ...check.reasons]),
          ...(check.id === 'approvals' ? uncounted(decision) : []),
        ].map((message) => ({ message: `${check.id}: ${message}` })),
      ),
      ...left.map(({ message, command }) => ({ message, fix: command })),
    ],
    why: 'What is applied must be what was approved, now, with everything that the approval rested on.',
    fix: failing.flatMap((check) => check.next).join('; ') || 'See the reasons above.',
    next:
      left[0]?.command ??
      (facts.pull === null
        ? 'sluice gate --facts facts.json'
        : `sluice gate --pr ${String(facts.pull.number)}`),
  };
  throw failing.some((check) => check.id === 'tuple') ? new StaleError(parts) : new DeniedError(parts);
}

/** Who approved without counting, and why: approvals that were good at the merge may not be any more. */
function uncounted({ approvals }: Decision): readonly string[] {
  return approvals.reviewers
    .filter(({ counted, reason }) => counted === null && reason.startsWith('approved, but'))
    .map(({ login, reason }) => `${login} ${reason}`);
}

/** The stacks that are named, or those of the wave or the change on which it is not in force yet. */
function chosen(order: ReleaseOrder, decision: Decision): readonly StackPlan[] {
  const { changeId } = decision;
  const inScope = order.facts.plan.stacks;
  const unknown = order.stacks.filter((stack) => !inScope.some((plan) => plan.stack === stack));
  if (unknown.length > 0) {
    throw new UsageError({
      what: `${unknown.join(', ')} is not part of this change.`,
      why: `Approved were: ${inScope.map((plan) => plan.stack).join(', ')}.`,
      next: 'sluice release --help',
    });
  }
  const { uses } = order.facts;
  const done = doneOn(uses);
  const [again] = spentProblems(
    changeId,
    uses,
    order.stacks.filter((stack) => done.has(stack)),
  );
  if (again !== undefined) {
    throw new DeniedError({
      what: `${again.text}.`,
      why: 'An approval is used once on each stack; what is live there now may rest on what came after it.',
      fix: 'Name only the stacks that are left, or none.',
      next: again.next,
    });
  }
  const ofWave =
    order.wave === null
      ? inScope.map(({ stack }) => stack)
      : stacksOfWave({ facts: order.facts, decision }, order.wave, order.stacks);
  return inScope.filter(
    ({ stack }) =>
      ofWave.includes(stack) && (order.stacks.length === 0 ? !done.has(stack) : order.stacks.includes(stack)),
  );
}
