/**
 * A change whose waves or stacks are released by several processes, each with the credentials of its stacks alone. What one of
 * them has to know of the others is in the ledger; what none of them can do, take everything back, another command does.
 */
import { completeOf } from '../../../../policies/gate/input.ts';
import type { Decision } from '../../../../policies/model/decision.ts';
import type { Facts } from '../../../../policies/model/facts.ts';
import { DeniedError, PartialApplyError, UsageError } from '../../../contract/errors.ts';
import type { Services } from '../../../contract/context.ts';
import type { ProbeResult } from '../../../contract/ports.ts';
import type { StackPlan } from '../../../plan/types.ts';
import { isMadeWith } from '../../approval-use.ts';
import { failedAttempt, probesBeforeChange, releasedAt } from '../../earlier-runs.ts';
import { ledgerFor } from '../../evidence/write-ledger.ts';
import type { Intent, Ledger, ReleaseTarget } from '../../types.ts';
import { probeBefore, type Probing } from '../probing.ts';
import { targetFlag } from '../unfinished.ts';
import { wavesOfChange } from './ready.ts';
import type { Failure } from './undo-change.ts';

/** What the probes found before anything of the change was applied, by whichever process was the first. */
export async function beforeTheChange(
  services: Services,
  probing: Probing,
  { facts, target }: { readonly facts: Facts; readonly target: ReleaseTarget },
): Promise<readonly ProbeResult[]> {
  const isOwn = (intent: Intent): boolean => isMadeWith(intent, facts.tuple);
  const known = probesBeforeChange((await ledgerFor(services, target)).ledger, isOwn);
  if (known !== null) {
    return known.probes;
  }
  const own = await probeBefore(services, probing);
  // Whoever announced a release meanwhile had probed before that, and may have applied it while the probes here were made.
  const meanwhile = probesBeforeChange((await ledgerFor(services, target)).ledger, isOwn);
  return meanwhile?.probes ?? own;
}

/** Throws UsageError for a wave that the change does not have, and for stacks that are not in it. */
export function stacksOfWave(
  { facts, decision }: { readonly facts: Facts; readonly decision: Decision },
  number: number,
  named: readonly string[],
): readonly string[] {
  const waves = wavesOfChange(facts, decision);
  const wave = waves[number - 1] ?? [];
  const foreign = named.filter((stack) => !wave.includes(stack));
  if (wave.length > 0 && foreign.length === 0) {
    return named.length === 0 ? wave : named;
  }
  throw new UsageError({
    what:
      wave.length === 0
        ? `This change has no wave ${String(number)}.`
        : `${foreign.join(', ')} is not in wave ${String(number)}.`,
    why: `Its waves: ${waves.map((stacks, index) => `${String(index + 1)}: ${stacks.join(', ')}`).join('; ')}.`,
    fix: 'Name the wave that is next, as the gate says it under `releasable`.',
    next: 'sluice gate --pr <number> --moment apply --format json',
  });
}

/** Throws PartialApplyError where another process failed with the same change: nothing more of it is begun. */
export function refuseFailedElsewhere(
  ledger: Ledger,
  facts: Facts,
  plans: readonly StackPlan[],
  { changeId, target }: { readonly changeId: string | null; readonly target: ReleaseTarget },
): void {
  const named = new Set(plans.map(({ stack }) => stack));
  const failed = facts.plan.stacks.flatMap(({ stack }) => {
    const found = changeId === null || named.has(stack) ? null : failedAttempt(ledger, stack, changeId);
    return found === null ? [] : [found];
  });
  const [first] = failed;
  if (first !== undefined) {
    throw new PartialApplyError({
      what: `The change failed elsewhere: ${failed.map(({ id, stack, result }) => `${id} on ${stack} ended as ${result}`).join(', ')}.`,
      why: 'After a failure nothing more of a change is begun.',
      fix: 'Take the change back everywhere, or finish the stack that failed first.',
      next: takeBackCommand(changeId ?? '', target, `${first.id} failed`),
    });
  }
}

export interface EarlierWaves {
  readonly stacks: readonly string[];
  /** Milliseconds since the last of them was released. */
  readonly passed: number;
}

/** The waves before the one of this stack, where other processes released them; null where there are none. */
export function earlierWaves(
  { facts, decision, now }: { readonly facts: Facts; readonly decision: Decision; readonly now: string },
  ledger: Ledger,
  stack: string,
): EarlierWaves | null {
  const waves = wavesOfChange(facts, decision);
  const stacks = waves
    .slice(
      0,
      waves.findIndex((wave) => wave.includes(stack)),
    )
    .flat();
  const since = releasedAt(ledger, facts.tuple, stacks);
  // Clocks of two machines may differ by a little: released is released.
  return since === null ? null : { stacks, passed: Math.max(1, Date.parse(now) - Date.parse(since)) };
}

/** Throws DeniedError while the waves before this one have not been watched for as long as the record says. */
export function refuseUnwatched(
  { facts, decision, now }: { readonly facts: Facts; readonly decision: Decision; readonly now: string },
  { stacks, passed }: EarlierWaves,
): void {
  const minutes = completeOf(facts)?.record.rollout?.observeMin ?? 0;
  const left = minutes * 60_000 - passed;
  if (left > 0) {
    throw new DeniedError({
      what: `${stacks.join(', ')} is watched until ${new Date(Date.parse(now) + left).toISOString()}: the next wave begins then.`,
      why: `The record says that each wave is watched for ${String(minutes)} min before the next. Nothing was changed.`,
      fix: 'Watch it to the end, then release this wave.',
      next: `sluice probe ${decision.changeId ?? ''} --watch`,
    });
  }
}

/** A part of the change failed, and this process has not the credentials of the rest. */
export function failedPart(
  { cause, at, reasons }: Failure,
  { changeId, target }: { readonly changeId: string | null; readonly target: ReleaseTarget },
): PartialApplyError {
  return new PartialApplyError({
    what: `${at}: ${cause}.`,
    diagnostics: reasons.map((message) => ({ message })),
    why: 'Other processes release the other stacks of the change: what it reached is taken back by one command, stack by stack.',
    fix: 'Take the change back from every stack that it reached.',
    next: takeBackCommand(changeId ?? '', target, `${at} failed`),
  });
}

function takeBackCommand(changeId: string, target: ReleaseTarget, reason: string): string {
  return `sluice rollback --change ${changeId} ${targetFlag(target)}--reason "${reason}"`;
}
