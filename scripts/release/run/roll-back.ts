/** Carries out a rollback that was planned from the ledger. Used by `sluice rollback` and by a release whose probe failed. */
import type { Services } from '../../contract/context.ts';
import { DeniedError, UsageError } from '../../contract/errors.ts';
import { planRollback, type RollbackPlan, type RollbackRequest } from '../rollback-plan.ts';
import { knownStacks, positionOf, stackState } from '../state.ts';
import type { Ledger } from '../types.ts';
import { execute, type Executed } from './execute.ts';
import { makeProbes, type Probing } from './probing.ts';
import { unfinished } from './unfinished.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';

export interface RollbackOrder {
  readonly request: RollbackRequest;
  /** What was granted for that request; stale once the ledger has gone on. */
  readonly plan: GrantedRollback;
  readonly accept: readonly string[];
  readonly reason: string;
  readonly by: string;
  /** The probes of the undone change; what they find is told, and decides nothing. */
  readonly probing: Probing;
}

export type GrantedRollback = Extract<RollbackPlan, { ok: true }> & { readonly position: number };

/** Throws DeniedError when the ledger says that the rollback would undo something else. */
export function plannedRollback(
  ledger: Ledger,
  { stack, request }: { readonly stack: string; readonly request: RollbackRequest },
): GrantedRollback {
  const known = knownStacks(ledger);
  if (!known.includes(stack)) {
    throw new UsageError({
      what: `Nothing was ever released to ${stack}.`,
      why: known.length === 0 ? 'The ledger is empty.' : `Released were: ${known.join(', ')}.`,
      fix: 'Check the spelling.',
      next: 'sluice ledger show',
    });
  }
  const state = stackState(ledger, stack);
  const ids = state.finished.map((folder) => folder.entry.id);
  if (request.kind !== 'latest' && !ids.includes(request.id)) {
    throw new UsageError({
      what: `${request.id} is not a finished release of this stack.`,
      why: `Its releases are: ${ids.join(', ')}.`,
      next: `sluice ledger show --stack ${stack}`,
    });
  }
  const [open] = state.open;
  if (open !== undefined) {
    throw unfinished([open.intent]);
  }
  const plan = planRollback(ledger, stack, request);
  if (!plan.ok) {
    throw new DeniedError({ what: plan.what, why: plan.why, next: plan.next });
  }
  return { ...plan, position: positionOf(ledger, stack) };
}

/** Applies the inverse and records it. A rollback restores a recorded state, so the approval of that state covers it. */
export async function rollBack(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  order: RollbackOrder,
): Promise<Executed> {
  const { plan } = order;
  const [newest] = plan.undoes.slice(-1);
  return execute(services, workshop, reach, {
    action: 'rollback',
    position: plan.position,
    client: newest?.entry.client ?? '',
    changeId: newest?.entry.changeId ?? null,
    record: null,
    bundle: plan.target,
    allowed: plan.expected,
    acceptedDrift: order.accept,
    flags: flagsOf(order.request),
    tuple: null,
    reason: order.reason,
    undoes: plan.undoes.map((folder) => folder.entry.id),
    by: order.by,
    commit: newest?.entry.commit ?? '',
    approvals: [],
    evidence: new Map(),
    probe: () => makeProbes(services, order.probing, plan.expected.stack),
    probeLate: async () => [],
  });
}

/** The request as flags of the command line, each followed by a blank. */
function flagsOf(request: RollbackRequest): string {
  switch (request.kind) {
    case 'latest':
      return '';
    case 'to':
      return [`--to ${request.id}`, ...request.including.map((change) => `--including ${change}`)]
        .map((flag) => `${flag} `)
        .join('');
    case 'only':
      return `--only ${request.id} `;
  }
}
