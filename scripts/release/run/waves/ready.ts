/**
 * Which stacks of a wave may be released now. Of a change of several clients each is released in its own client's window: the
 * gate decides for each client's part, and the part of one whose window is shut waits, which is no failure.
 */
import { decide } from '../../../../policies/gate.ts';
import { instantMs } from '../../../../policies/gate/instant.ts';
import { completeOf } from '../../../../policies/gate/input.ts';
import { doneOn } from '../../../../policies/gate/approval-use.ts';
import { wavesOf, type Wave } from '../../../../policies/gate/waves.ts';
import type { CheckResult, Decision } from '../../../../policies/model/decision.ts';
import type { Facts } from '../../../../policies/model/facts.ts';
import type { Expressions } from '../../../waf/reason/expressions.ts';
import type { WaitingStack } from '../../types.ts';
import { clientsOfStacks, stacksOfClient } from '../../../../policies/reading/clients.ts';

export interface ReadyPart {
  /** On the stacks that are ready, or on the whole where it is of one client; `allow` only if `ready` is not empty. */
  readonly decision: Decision;
  readonly ready: Wave;
  readonly waiting: readonly WaitingStack[];
}

/** Of one client the change is ready as a whole or not at all. */
export function readyPart(facts: Facts, wave: Wave, expressions?: Expressions): ReadyPart {
  if (completeOf(facts)?.record.clients === undefined) {
    const decision = decide(facts, expressions);
    return { decision, ready: decision.verdict === 'allow' ? wave : [], waiting: [] };
  }
  const whole = decide({ ...facts, applying: wave }, expressions);
  if (whole.verdict === 'allow') {
    return { decision: whole, ready: wave, waiting: [] };
  }
  const parts = clientsOfStacks(facts.policy, wave).map((client) => {
    const stacks = stacksOfClient(facts.policy, client, wave);
    return { stacks, decision: decide({ ...facts, applying: stacks }, expressions) };
  });
  const broken = parts.find(({ decision }) => decision.verdict !== 'allow' && !hasToWait(decision, facts));
  const ready = wave.filter((stack) =>
    parts.some(({ stacks, decision }) => decision.verdict === 'allow' && stacks.includes(stack)),
  );
  if (broken !== undefined || ready.length === 0) {
    return { decision: broken?.decision ?? whole, ready: [], waiting: parts.flatMap(waitingIn) };
  }
  return {
    decision: decide({ ...facts, applying: ready }, expressions),
    ready,
    waiting: parts.flatMap(waitingIn),
  };
}

/**
 * At once, where the thresholds say nothing. A stack of 500 resources reads as many objects twice, and Cloudflare answers
 * 1,200 requests in five minutes; each Terraform with the provider takes about 200 MB.
 */
const usualParallel = 4;

export function atOnce({ facts }: { readonly facts: Facts }): number {
  return facts.policy.thresholds.parallelStacks ?? usualParallel;
}

/** All waves of the change, those that are released already among them: the first is wave 1. */
export function wavesOfChange(facts: Facts, { risk }: Pick<Decision, 'risk'>): readonly Wave[] {
  return wavesOf(
    facts.plan.stacks.map(({ stack }) => stack),
    {
      registers: facts.policy.registers,
      risk: risk.effective,
      rollout: completeOf(facts)?.record.rollout,
    },
  );
}

/** The first wave of which anything is left to release. */
export interface Releasable {
  /** From 1; null when nothing is left. */
  readonly wave: number | null;
  /** How many the change has. */
  readonly waves: number;
  /** Stacks of the whole change. */
  readonly total: number;
  /** Those of the wave that may be released now. */
  readonly stacks: readonly string[];
  /** Those of the wave that wait for the window of their client. */
  readonly waiting: readonly WaitingStack[];
  /** How many may be released at once. */
  readonly parallel: number;
}

/** Each stack is judged again when its turn comes. What is released already is in neither list. */
export function releasableNow(facts: Facts, decision: Decision, expressions?: Expressions): Releasable {
  const done = doneOn(facts.uses);
  const waves = wavesOfChange(facts, decision);
  const index = waves.findIndex((wave) => wave.some((stack) => !done.has(stack)));
  const left = (waves[index] ?? []).filter((stack) => !done.has(stack));
  const { ready, waiting } =
    left.length === 0 ? { ready: [], waiting: [] } : readyPart(facts, left, expressions);
  return {
    wave: index < 0 ? null : index + 1,
    waves: waves.length,
    total: facts.plan.stacks.length,
    stacks: ready,
    waiting,
    parallel: atOnce({ facts }),
  };
}

const ofTime: ReadonlySet<CheckResult['id']> = new Set(['window', 'freeze']);

/** Nothing but the time is wrong with it, and its slot is not over. */
export function hasToWait({ checks }: Decision, facts: Facts): boolean {
  const failing = checks.filter(({ verdict }) => verdict !== 'allow');
  const [end, now] = [instantMs(completeOf(facts)?.record.schedule?.plannedEnd ?? ''), instantMs(facts.now)];
  const isOver = end !== null && (now === null || end <= now);
  return failing.length > 0 && !isOver && failing.every(({ id }) => ofTime.has(id));
}

function waitingIn({
  stacks,
  decision,
}: {
  readonly stacks: readonly string[];
  readonly decision: Decision;
}): readonly WaitingStack[] {
  const failing = decision.checks.filter(({ verdict }) => verdict !== 'allow');
  const why = failing.map(({ summary }) => summary).join('; ');
  return failing.length === 0 ? [] : stacks.map((stack) => ({ stack, why }));
}
