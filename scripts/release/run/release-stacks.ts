/**
 * Releases what was approved, stack by stack: staging before production, each applied and verified before the next is
 * touched. A stack whose verification fails is rolled back at once, and with it the stacks of this run that went before.
 */
import { completeOf } from '../../../policies/gate/input.ts';
import type { Services } from '../../contract/context.ts';
import {
  DeniedError,
  PartialApplyError,
  SluiceError,
  StaleError,
  UsageError,
} from '../../contract/errors.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { registerOf } from '../../facts/policy.ts';
import { canonicalJson } from '../../json/json.ts';
import type { ProbeResult } from '../../contract/ports.ts';
import type { Bundle, Json, StackPlan } from '../../plan/types.ts';
import { maskPlan } from '../../render/text/mask.ts';
import { countedApprovals } from '../ledger/evidence.ts';
import type { ReleaseEntry } from '../types.ts';
import { failedProbes, isDue } from '../probes.ts';
import { positionOf } from '../state.ts';
import { inOrder } from '../waves.ts';
import { decide } from '../../../policies/gate.ts';
import { doneOn, spentProblems } from '../../../policies/gate/approval-use.ts';
import type { Decision } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { RehearsalEvidence } from '../rehearsal.ts';
import { execute } from './execute.ts';
import { refuseMoved, refuseOutOfOrder, refuseToGoOn, refuseUnsettled } from './release-guards.ts';
import { probeAfter, probeBefore, type Probing } from './probing.ts';
import { plannedRollback, rollBack } from './roll-back.ts';
import { withTerraform, type WorkspaceReach, type Workshop } from './workspace.ts';
import { ledgerFor } from '../evidence/write-ledger.ts';

export interface ReleaseOrder {
  /** Gathered at this moment, for the moment `apply`. */
  readonly facts: Facts;
  readonly rehearsals: readonly RehearsalEvidence[];
  readonly proposed: ReadonlyMap<string, Bundle>;
  /** What they were made from. */
  readonly commit: string;
  /** All stacks of the plan when empty. */
  readonly stacks: readonly string[];
  readonly by: string;
  readonly resolve: ReadonlyMap<string, string>;
}

/** Throws DeniedError or StaleError before anything is changed when the decision is not `allow`. */
export async function releaseStacks(
  services: Services,
  workshop: Workshop,
  order: ReleaseOrder,
): Promise<readonly ReleaseEntry[]> {
  const decision = decide(order.facts);
  refuseUnlessAllowed(decision, order.facts);
  const plans = inOrder(chosen(order, decision.changeId), order.facts.policy.registers);
  const { ledger } = await loadLedger(services);
  refuseOutOfOrder(order.facts, plans);
  for (const plan of plans) {
    refuseUnsettled(ledger, plan.stack, decision.changeId);
  }
  return withTerraform(services, workshop, async (reach) => {
    const done: ReleaseEntry[] = [];
    const before = await probeBefore(services, probingOf(order));
    const startedAt = services.clock.now();
    for (const plan of plans) {
      if (done.length > 0) {
        const now = services.clock.now();
        const again = decide({ ...order.facts, now, applyStartedAt: startedAt });
        refuseToGoOn(again, done, plans.slice(done.length));
      }
      const known = (await loadLedger(services)).ledger;
      refuseMoved(known, order.facts, plan);
      const position = positionOf(known, plan.stack);
      const entry = await releaseOne(services, workshop, reach, {
        order,
        decision,
        plan,
        position,
        before,
        done,
      });
      done.push(entry);
      if (entry.result !== 'successful') {
        throw await undoAll(services, workshop, reach, { order, done, failed: entry });
      }
    }
    return done;
  });
}

function refuseUnlessAllowed(decision: Decision, facts: Facts): void {
  if (decision.verdict === 'allow') {
    return;
  }
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  const parts = {
    what: `The gate does not allow this release: ${failing.map((check) => check.id).join(', ')}.`,
    diagnostics: failing.flatMap((check) =>
      [
        ...new Set([check.summary, ...check.reasons]),
        ...(check.id === 'approvals' ? uncounted(decision) : []),
      ].map((message) => ({ message: `${check.id}: ${message}` })),
    ),
    why: 'What is applied must be what was approved, now, with everything that the approval rested on.',
    fix: failing.flatMap((check) => check.next).join('; ') || 'See the reasons above.',
    next:
      facts.pull === null
        ? 'sluice gate --facts facts.json'
        : `sluice gate --pr ${String(facts.pull.number)}`,
  };
  throw failing.some((check) => check.id === 'tuple') ? new StaleError(parts) : new DeniedError(parts);
}

/** Who approved without counting, and why: approvals that were good at the merge may not be any more. */
function uncounted({ approvals }: Decision): readonly string[] {
  return approvals.reviewers
    .filter(({ counted, reason }) => counted === null && reason.startsWith('approved, but'))
    .map(({ login, reason }) => `${login} ${reason}`);
}

/** The stacks that are named, or those of the change on which it is not in force yet. */
function chosen(order: ReleaseOrder, changeId: string | null): readonly StackPlan[] {
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
  return inScope.filter(({ stack }) =>
    order.stacks.length === 0 ? !done.has(stack) : order.stacks.includes(stack),
  );
}

interface OneRelease {
  readonly order: ReleaseOrder;
  readonly decision: Decision;
  readonly plan: StackPlan;
  readonly position: number;
  /** What the probes found before anything was applied. */
  readonly before: readonly ProbeResult[];
  readonly done: readonly ReleaseEntry[];
}

async function releaseOne(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  one: OneRelease,
): Promise<ReleaseEntry> {
  const { order, decision, plan, position, before } = one;
  const released = new Set([
    ...one.done.map(({ stack }) => stack),
    ...doneOn(order.facts.uses).keys(),
    plan.stack,
  ]);
  const all = order.facts.plan.stacks.map(({ stack }) => stack);
  const { facts } = order;
  const bundle = order.proposed.get(plan.stack);
  if (bundle === undefined) {
    throw new UsageError({
      what: `${plan.stack} is no longer in the code.`,
      why: 'A stack is emptied by a release of its own before its code goes away.',
      next: `sluice plan ${plan.stack}`,
    });
  }
  const record = completeOf(facts)?.record ?? null;
  const rehearsal = order.rehearsals.find((evidence) => evidence.stack === plan.stack);
  const { entry } = await execute(services, workshop, reach, {
    action: 'release',
    position,
    client: registerOf(facts.policy.registers, plan.stack)?.client ?? record?.client ?? 'unknown',
    changeId: decision.changeId,
    record,
    bundle,
    allowed: plan,
    acceptedDrift: [],
    flags: '',
    tuple: facts.tuple,
    reason: null,
    undoes: [],
    by: order.by,
    commit: order.commit,
    approvals: countedApprovals(decision),
    evidence: new Map([
      ['decision.json', document(decision)],
      ['plan.json', document(maskPlan({ ...facts.plan, stacks: [plan] }))],
      ...(rehearsal === undefined ? [] : [['rehearsal.json', document(rehearsal)] as const]),
      ...(facts.traffic.stacks.length === 0 ? [] : [['traffic.json', document(facts.traffic)] as const]),
    ]),
    probe: () =>
      probeAfter(services, dueOf(probingOf(order), { released, all }), { before, label: plan.stack }),
  });
  return entry;
}

function dueOf(probing: Probing, reached: Parameters<typeof isDue>[1]): Probing {
  return { ...probing, probes: probing.probes.filter((probe) => isDue(probe, reached)) };
}

function probingOf({ facts, resolve }: ReleaseOrder): Probing {
  const probes = completeOf(facts)?.record.test.probes ?? [];
  return { probes, resolve, allowed: facts.policy.thresholds.probeNetworks ?? [] };
}

function document(value: unknown): string {
  return `${canonicalJson(value as Json)}\n`;
}

interface ReleaseUndo {
  readonly order: ReleaseOrder;
  readonly done: readonly ReleaseEntry[];
  /** The last of them. */
  readonly failed: ReleaseEntry;
}

/** Newest first. What cannot be undone stays visible in the ledger and in the error. */
async function undoAll(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  undo: ReleaseUndo,
): Promise<PartialApplyError | DeniedError> {
  const { failed } = undo;
  const record = completeOf(undo.order.facts)?.record ?? null;
  const cause = describeFailure(failed);
  const strategy = record?.rollback.strategy;
  if (strategy === 'forward-fix' || strategy === 'not-possible') {
    return leftAsItIs(failed, cause, strategy);
  }
  const undone: ReleaseEntry[] = [];
  for (const entry of undo.done.toReversed()) {
    try {
      const request = { kind: 'latest' } as const;
      const { ledger } = await ledgerFor(services, workshop.target);
      const rolled = await rollBack(services, workshop, reach, {
        request,
        plan: plannedRollback(ledger, { stack: entry.stack, request }),
        accept: [],
        reason: `${failed.id}: ${cause}`,
        by: undo.order.by,
        probing: probingOf(undo.order),
      });
      undone.push(rolled.entry);
    } catch (error) {
      throw stuck({ entry, undone, cause, error });
    }
  }
  const unsettledOne = undone.find((rollback) => rollback.result !== 'successful');
  return unsettledOne === undefined
    ? rolledBack(undone, cause)
    : stuck({ entry: unsettledOne, undone, cause, error: null });
}

function leftAsItIs(failed: ReleaseEntry, cause: string, strategy: string): PartialApplyError {
  return new PartialApplyError({
    what: `${failed.id} was applied, but ${cause}.`,
    why: `The record says that the rollback strategy is ${strategy}: nothing is undone by itself.`,
    next: `sluice rollback ${failed.stack} --reason "${failed.id} failed its verification"`,
  });
}

function rolledBack(undone: readonly ReleaseEntry[], cause: string): DeniedError {
  return new DeniedError({
    what: `The release was rolled back: ${cause}.`,
    why: `Undone: ${describeUndone(undone)}.`,
    fix: 'Correct the change; it needs a new record (retryOf) and new approvals.',
    next: 'sluice ledger show',
  });
}

interface Stuck {
  /** What could not be undone, or the rollback that did not settle. */
  readonly entry: ReleaseEntry;
  readonly undone: readonly ReleaseEntry[];
  readonly cause: string;
  readonly error: unknown;
}

/** The release failed and its rollback did too: whatever the second error says, state has changed. */
function stuck({ entry, undone, cause, error }: Stuck): PartialApplyError {
  const parts = error instanceof SluiceError ? error.parts : null;
  return new PartialApplyError({
    what: `The release has to be rolled back (${cause}), but ${entry.id} on ${entry.stack} could not be undone${parts === null ? '' : `: ${parts.what}`}`,
    ...(parts?.diagnostics === undefined ? {} : { diagnostics: parts.diagnostics }),
    why: `Undone so far: ${describeUndone(undone)}.`,
    fix: parts?.fix ?? 'Roll back by hand, stack by stack, as soon as the cause is known.',
    next: parts?.next ?? `sluice rollback ${entry.stack} --reason "${entry.id} failed"`,
    cause: error,
  });
}

function describeUndone(undone: readonly ReleaseEntry[]): string {
  return (
    undone
      .map(
        (rollback) =>
          `${rollback.undoes.join(', ')} of ${rollback.stack} by ${rollback.id} (${rollback.result})`,
      )
      .join(', ') || 'nothing'
  );
}

function describeFailure(entry: ReleaseEntry): string {
  const failed = failedProbes(entry.verification.probes);
  return failed.length > 0
    ? failed.map((probe) => `the probe "${probe.name}" failed (${probe.detail})`).join(', ')
    : 'a plan right after it was not empty';
}
