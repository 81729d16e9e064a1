/**
 * Releases one wave: its stacks at once, as many as is good for the machine and for Cloudflare's limits. Those that run together
 * are applied first and probed then, once for all of them: a probe may well need more than one of them.
 */
import { completeOf } from '../../../../policies/gate/input.ts';
import { doneOn } from '../../../../policies/gate/approval-use.ts';
import type { Decision } from '../../../../policies/model/decision.ts';
import type { Facts } from '../../../../policies/model/facts.ts';
import type { Services } from '../../../contract/context.ts';
import { UsageError } from '../../../contract/errors.ts';
import type { ProbeResult } from '../../../contract/ports.ts';
import { registerOf } from '../../../facts/policy.ts';
import { loadLedger } from '../../../facts/ledger.ts';
import { canonicalJson } from '../../../json/json.ts';
import type { Bundle, Json, StackPlan } from '../../../plan/types.ts';
import { maskPlan } from '../../../render/text/mask.ts';
import { countedApprovals } from '../../ledger/evidence.ts';
import { probesFile, type ProbesBefore } from '../../earlier-runs.ts';
import { isDue, type RecordedProbe } from '../../probes.ts';
import type { RehearsalEvidence } from '../../rehearsal.ts';
import { approvalUses } from '../../approval-use.ts';
import { positionOf } from '../../state.ts';
import type { Ledger, ReleaseEntry } from '../../types.ts';
import { execute } from '../execute.ts';
import { meetingOf } from './meeting.ts';
import { probeAfter, type Probing } from '../probing.ts';
import { refuseMoved } from '../release-guards.ts';
import { atOnce } from './ready.ts';
import type { WorkspaceReach, Workshop } from '../workspace.ts';

/** What is the same for every wave of a release. */
export interface WaveRun {
  readonly services: Services;
  readonly workshop: Workshop;
  readonly reach: WorkspaceReach;
  readonly decision: Decision;
  /** As the decision has them. */
  readonly facts: Facts;
  readonly rehearsals: readonly RehearsalEvidence[];
  readonly fromGitHub: ReadonlyMap<string, string>;
  readonly proposed: ReadonlyMap<string, Bundle>;
  readonly commit: string;
  readonly by: string;
  readonly probing: Probing;
  /** What the probes found before anything was applied. */
  readonly before: readonly ProbeResult[];
}

export interface WaveEnd {
  /** In the order of the wave; with those that failed their verification. */
  readonly entries: readonly ReleaseEntry[];
  /** What was thrown, with the stack that it was thrown for. */
  readonly errors: readonly { readonly stack: string; readonly error: unknown }[];
}

/** `observed`: how the last wave was watched, for the ledger. After a failure no further stack is begun. */
export async function releaseWave(
  run: WaveRun,
  plans: readonly StackPlan[],
  given: { readonly done: readonly ReleaseEntry[]; readonly observed: Json | null },
): Promise<WaveEnd> {
  const size = atOnce(run);
  let end: WaveEnd = { entries: [], errors: [] };
  for (let first = 0; first < plans.length && !hasFailed(end); first += size) {
    const done = [...given.done, ...end.entries];
    const next = await releaseTogether(run, plans.slice(first, first + size), { ...given, done });
    end = { entries: [...end.entries, ...next.entries], errors: [...end.errors, ...next.errors] };
  }
  return end;
}

export function hasFailed({ entries, errors }: WaveEnd): boolean {
  return errors.length > 0 || entries.some(({ result }) => result !== 'successful');
}

async function releaseTogether(
  run: WaveRun,
  plans: readonly StackPlan[],
  { done, observed }: { readonly done: readonly ReleaseEntry[]; readonly observed: Json | null },
): Promise<WaveEnd> {
  const names = plans.map(({ stack }) => stack);
  const released = new Set([...done.map(({ stack }) => stack), ...doneOn(run.facts.uses).keys(), ...names]);
  const probing = duePart(run, released);
  const label = names.join(', ');
  const meeting = meetingOf(plans.length, () =>
    probeAfter(run.services, probing, { before: run.before, label }),
  );
  const ends = await Promise.allSettled(
    plans.map(async (plan) => {
      const { arrive, leave } = meeting.member();
      try {
        return await releaseOne(run, plan, { probe: arrive, observed });
      } finally {
        leave();
      }
    }),
  );
  return {
    entries: ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : [])),
    errors: ends.flatMap((end, index) =>
      end.status === 'rejected' ? [{ stack: names[index] ?? '', error: end.reason as unknown }] : [],
    ),
  };
}

/** The probes that say something once these stacks are released. */
export function duePart(
  { probing, facts }: Pick<WaveRun, 'probing' | 'facts'>,
  released: ReadonlySet<string>,
): Probing {
  const all = facts.plan.stacks.map(({ stack }) => stack);
  return { ...probing, probes: probing.probes.filter((probe) => isDue(probe, { released, all })) };
}

async function releaseOne(
  run: WaveRun,
  plan: StackPlan,
  {
    probe,
    observed,
  }: { readonly probe: () => Promise<readonly RecordedProbe[]>; readonly observed: Json | null },
): Promise<ReleaseEntry> {
  const { services, facts, decision } = run;
  const { ledger } = await loadLedger(services);
  refuseMoved(ledger, facts, plan);
  const position = positionOf(ledger, plan.stack);
  const bundle = run.proposed.get(plan.stack);
  if (bundle === undefined) {
    throw new UsageError({
      what: `${plan.stack} is no longer in the code.`,
      why: 'A stack is emptied by a release of its own before its code goes away.',
      next: `sluice plan ${plan.stack}`,
    });
  }
  const record = completeOf(facts)?.record ?? null;
  const { entry } = await execute(services, run.workshop, run.reach, {
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
    by: run.by,
    commit: run.commit,
    approvals: countedApprovals(decision),
    evidence: evidenceOf(run, plan, observed),
    probe,
    probeLate: async (at, made) => probeLate(run, plan, { ledger: at, made }),
  });
  return entry;
}

/** Of several processes that release one wave, the one that ends last sees all of it, and makes what only then says something. */
async function probeLate(
  run: WaveRun,
  { stack }: StackPlan,
  { ledger, made }: { readonly ledger: Ledger; readonly made: readonly RecordedProbe[] },
): Promise<readonly RecordedProbe[]> {
  const { changeId } = run.decision;
  const uses = approvalUses(ledger, { changeId, headSha: run.facts.tuple.headSha });
  const due = duePart(run, new Set([...doneOn(uses).keys(), stack]));
  const left = due.probes.filter(({ name }) => !made.some((probe) => probe.name === name));
  return probeAfter(run.services, { ...due, probes: left }, { before: run.before, label: stack });
}

function evidenceOf(run: WaveRun, plan: StackPlan, observed: Json | null): ReadonlyMap<string, string> {
  const { facts, decision } = run;
  const rehearsal = run.rehearsals.find((evidence) => evidence.stack === plan.stack);
  return new Map([
    ...run.fromGitHub,
    ['decision.json', document(decision)],
    ['plan.json', document(maskPlan({ ...facts.plan, stacks: [plan] }))],
    ...(rehearsal === undefined ? [] : [['rehearsal.json', document(rehearsal)] as const]),
    ...(facts.traffic.stacks.length === 0 ? [] : [['traffic.json', document(facts.traffic)] as const]),
    ...(observed === null ? [] : [['observed.json', document(observed)] as const]),
    ...(run.before.length === 0 ? [] : [[probesFile, document(probesOf(run))] as const]),
  ]);
}

function probesOf({ facts, before }: WaveRun): ProbesBefore {
  return { stacks: facts.plan.stacks.map(({ stack }) => stack), probes: before };
}

function document(value: unknown): string {
  return `${canonicalJson(value as Json)}\n`;
}
