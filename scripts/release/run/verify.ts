/**
 * Whether a run brought about what it was to: a plan must have nothing left, Cloudflare must say of a rollback that what it
 * keeps has its old value, and the probes must pass. What is on the way at Cloudflare is not a failure, and what neither a plan
 * nor the API shows is named, never counted as proven.
 */
import type { Services } from '../../contract/context.ts';
import type { LiveBefore, LiveFindings } from '../../live/types.ts';
import { changeKind } from '../../provider/kind.ts';
import { pendingUpdates, type PendingValue } from '../../provider/pending.ts';
import type { SentOnly } from '../../provider/read-back.ts';
import type { Bundle } from '../../plan/types.ts';
import { isOnlyPending } from '../live/compare-live.ts';
import type { ReleaseAction, ReleaseResult } from '../types.ts';
import { failedProbes, type RecordedProbe } from '../probes.ts';
import { askSent } from './ask-sent.ts';
import { lookAfterRollback } from './look-live.ts';
import { planLive, type Prepared } from './plan-live.ts';
import { noteRun, type RunFolder } from './run-folder.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';
import type { Undone, WriteBack } from './write-back.ts';

export interface Verified {
  readonly result: ReleaseResult;
  readonly converged: boolean | null;
  readonly probes: readonly RecordedProbe[];
  readonly findings: LiveFindings | null;
  readonly pending: readonly PendingValue[];
  readonly unread: readonly SentOnly[];
}

/** Of a run whose apply broke off. */
export const notVerified = {
  result: 'failed',
  converged: null,
  probes: [],
  pending: [],
  unread: [],
} as const satisfies Partial<Verified>;

export interface AppliedRun {
  readonly operation: {
    readonly action: ReleaseAction;
    readonly bundle: Bundle;
    readonly probe: () => Promise<readonly RecordedProbe[]>;
  };
  /** The plan that was applied. */
  readonly prepared: Prepared;
  readonly before: LiveBefore;
  readonly writeBack: WriteBack | null;
  readonly undone: Undone;
  readonly run: RunFolder;
  readonly id: string;
}

/** Throws what Terraform throws; what Cloudflare does not answer is named in what is returned. */
export async function verify(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  applied: AppliedRun,
): Promise<Verified> {
  const { operation, run, prepared } = applied;
  const { bundle } = operation;
  const { stack } = bundle;
  // Whoever gave this run up while it went on has cleared its folder: the end of it is told below, in `refuseEnded`.
  await noteRun(services, run, applied.id);
  const after = await services.reporter.step(`${stack}: verify that nothing is left to change`, () =>
    planLive(services, workshop, reach, { bundle, planFile: run.verifyPlan }),
  );
  const waiting = after.live.changes.filter(isOnlyPending);
  const converged = after.live.changes.every(
    (change) => ['no-op', 'read'].includes(changeKind(change)) || waiting.includes(change),
  );
  const probes = await operation.probe();
  // A rollback has done its work when the recorded state is back; a probe of the undone change may well test what is gone.
  const isHealthy = operation.action === 'rollback' || failedProbes(probes).length === 0;
  const findings =
    operation.action === 'rollback'
      ? await lookAfterRollback(services, reach, applied.undone, { ...applied, after })
      : null;
  const isLikeBefore = findings === null || (findings.left.length === 0 && findings.moved.length === 0);
  const touched = new Set(prepared.live.changes.map(({ address }) => address));
  return {
    result: converged && isHealthy && isLikeBefore ? 'successful' : 'failed-verification',
    converged,
    probes,
    findings,
    pending: [
      ...waiting.flatMap(pendingUpdates),
      ...after.pending.filter(({ address }) => touched.has(address)),
    ],
    unread: await askSent(reach.cloudflare, prepared.live, after.values),
  };
}
