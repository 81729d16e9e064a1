import type { SluiceContext } from '../../contract/context.ts';
import { DriftError, UsageError } from '../../contract/errors.ts';
import type { LiveFindings } from '../../live/types.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { abandon } from '../../release/run/abandon.ts';
import { plannedRollback, rollBack, type GrantedRollback } from '../../release/run/roll-back.ts';
import { targetFlag } from '../../release/run/unfinished.ts';
import { withTerraform, type Workshop } from '../../release/run/workspace.ts';
import { undoneBy } from '../../release/run/write-back.ts';
import { ledgerFor } from '../../release/evidence/write-ledger.ts';
import { assemblePlan } from '../../plan/difference/diff.ts';
import type { RollbackRequest } from '../../release/rollback-plan.ts';
import { removalCommand, settingCommand } from '../../release/live-commands.ts';
import type { Ledger, ReleaseEntry, ReleaseTarget } from '../../release/types.ts';
import { escapeTerminalLine } from '../../render/text/escape.ts';
import { renderSettled, renderToRestore, renderVerified } from '../../render/release/live-text.ts';
import { renderPlanText } from '../../render/plan/text.ts';
import type { Probe } from '../../../policies/model/record.ts';
import { chooseMode } from '../change/modes.ts';
import { edgeFor, operator, workshopOf } from '../change/surroundings.ts';
import { probeNetworks, releasedRecord } from './released-record.ts';
import { undoWholeChange, type ChangeUndoInput } from './rollback-change.ts';

export interface RollbackFlags {
  readonly to?: string;
  readonly only?: string;
  readonly including?: readonly string[];
  readonly abandon?: string;
  readonly accept?: readonly string[];
  readonly reason: string;
  readonly target?: ReleaseTarget;
  readonly dryRun: boolean;
  readonly edge?: string;
  readonly change?: string;
  readonly format: 'text' | 'json';
}

/** What undoing needs besides the releases that it undoes. */
interface RollbackUndo {
  readonly request: RollbackRequest;
  readonly target: ReleaseTarget;
  readonly accept: readonly string[];
  readonly reason: string;
  readonly edge: string | undefined;
}

/** Showing needs neither a target nor what goes with one. `id`: the release that is given up first. */
type RollbackInput =
  | { readonly mode: 'change'; readonly undo: ChangeUndoInput }
  | { readonly mode: 'shown'; readonly request: RollbackRequest }
  | ({ readonly mode: 'undo' } & RollbackUndo)
  | ({ readonly mode: 'abandon'; readonly id: string } & RollbackUndo);

/** `sluice rollback STACK`: for somebody woken at 3 a.m. Shows what it will do before it does it. */
export async function rollbackCommand(
  this: SluiceContext,
  flags: RollbackFlags,
  named?: string,
): Promise<void> {
  this.surroundings.holdSignals?.();
  const services = await this.services();
  const order = orderOf(flags);
  if (order.mode === 'change') {
    await undoWholeChange(this, { ...order.undo, stack: named ?? null });
    return;
  }
  const stack = oneStackOf(named);
  if (order.mode === 'shown') {
    // What this clone knows is shown; origin is not asked.
    const { ledger } = await loadLedger(services);
    showPlan(this, stack, { ledger, plan: plannedRollback(ledger, { stack, request: order.request }) });
    this.print('\nDry run: nothing was changed.\n');
    return;
  }
  const workshop = await workshopOf(services, order.target);
  if (order.mode === 'abandon') {
    await giveUp(this, workshop, { stack, id: order.id });
  }
  const { ledger } = await ledgerFor(services, workshop.target);
  const plan = plannedRollback(ledger, { stack, request: order.request });
  showPlan(this, stack, { ledger, plan });
  await undo(this, workshop, { order, stack, plan });
}

function undoneNames({ undoes }: GrantedRollback): string {
  return undoes.map(({ entry }) => `${entry.id} (${entry.changeId ?? entry.action})`).join(', ');
}

/** What undoing would do, resource by resource. */
export function showPlan(
  context: SluiceContext,
  stack: string,
  { ledger, plan }: { readonly ledger: Ledger; readonly plan: GrantedRollback },
): void {
  context.print(
    `Rolling back ${undoneNames(plan)} on ${stack}. From what was released last to what will be live:\n\n`,
  );
  context.print(renderPlanText(assemblePlan([plan.expected], 'configuration'), { style: context.style }));
  const ids = plan.undoes.map(({ entry }) => entry.id);
  context.print(renderToRestore(undoneBy(ledger, ids).values, plan.expected));
}

async function undo(
  context: SluiceContext,
  workshop: Workshop,
  {
    order,
    stack,
    plan,
  }: { readonly order: RollbackUndo; readonly stack: string; readonly plan: GrantedRollback },
): Promise<void> {
  const services = await context.services();
  const { request, accept, reason } = order;
  const probes = await probesOf(context, plan);
  const by = await operator(services, context.surroundings.env);
  const allowed = await probeNetworks(services);
  const probing = { probes, allowed, resolve: edgeFor(order.edge, probes) };
  const { entry, findings } = await withTerraform(services, workshop, async (reach) =>
    rollBack(services, workshop, reach, { request, plan, accept, reason, by, probing }),
  );
  if (entry.result !== 'successful') {
    throw notBack(entry, findings);
  }
  context.print(`\n${renderVerified(`${entry.id}: ${stack}`, findings)}`);
  context.print(
    `Now bring the code in line, or the next release brings the change back: git revert the merge of ${undoneNames(plan)}.\n`,
  );
  const failing = entry.verification.probes.filter((probe) => !probe.ok);
  if (failing.length > 0) {
    context.print(
      `These probes of the undone change do not pass on the restored state: ${escapeTerminalLine(failing.map((probe) => `${probe.name} (${probe.detail})`).join('; '))}.\n`,
    );
    context.print(
      'That is right for a probe of what the change brought. For any other, the cause is elsewhere.\n',
    );
    context.exit('undetermined');
  }
}

async function giveUp(
  context: SluiceContext,
  workshop: Workshop,
  open: { readonly stack: string; readonly id: string },
): Promise<void> {
  const services = await context.services();
  const { findings } = await withTerraform(services, workshop, async (reach) =>
    abandon(services, workshop, reach, open),
  );
  context.print(`${open.id} is given up.\n${renderSettled(findings)}`);
}

/** Applied, but not everything is as it was before. */
function notBack(entry: ReleaseEntry, findings: LiveFindings | null): DriftError {
  const { id, stack, target, verification } = entry;
  const left = findings?.left ?? [];
  const moved = findings?.moved ?? [];
  const again = `sluice rollback ${stack} ${targetFlag(target)}--reason "finish ${id}"`;
  if (left.length + moved.length === 0) {
    return new DriftError({
      what: `${id} was applied, but ${verification.converged === false ? `a plan of ${stack} still shows changes` : `${stack} is not as it was`}.`,
      why: 'Something writes to the same resources, or Cloudflare did not take a value over.',
      fix: 'Run it again: it goes on from where it stopped.',
      next: again,
    });
  }
  const diagnostics = [
    ...left.map((object) => ({
      message: `${object.address}: ${object.identity} is still there (${object.id})`,
      fix: removalCommand(target, object),
    })),
    ...moved.map((setting) => ({
      message: `${setting.address}: ${setting.identity} is ${JSON.stringify(setting.value)}, and was ${JSON.stringify(setting.was)}`,
      fix: settingCommand(target, setting),
    })),
  ];
  const notChecked = (findings?.notAsked ?? []).map(({ address, reason }) => ({
    message: `${address}: not checked at Cloudflare, ${reason}`,
  }));
  return new DriftError({
    what: `${id} was applied, but ${String(diagnostics.length)} object(s) at Cloudflare are not as before, and no state has them.`,
    diagnostics: [...diagnostics, ...notChecked],
    why: 'Terraform cannot put right what its state does not hold, and Cloudflare keeps the value of a setting that is deleted.',
    fix: `Run the command of each line, then: ${again}`,
    next: diagnostics[0]?.fix ?? again,
  });
}

function oneStackOf(named: string | undefined): string {
  if (named === undefined) {
    throw new UsageError({
      what: 'sluice rollback needs a stack, or a change.',
      fix: 'Name the stack whose last release is undone, or the change that is undone everywhere.',
      next: 'sluice rollback --help',
    });
  }
  return named;
}

function orderOf(flags: RollbackFlags): RollbackInput {
  const mode = chooseMode('rollback', flags);
  if (mode === 'change') {
    const { change = '', target: at = 'sandbox', reason: why, dryRun, format, edge: on } = flags;
    return { mode, undo: { changeId: change, target: at, reason: why, isShown: dryRun, format, edge: on } };
  }
  const request = rollbackRequest(flags);
  if (mode === 'shown') {
    return { mode, request };
  }
  const { target = 'sandbox', accept = [], reason, edge, abandon: id = '' } = flags;
  const undoing: RollbackUndo = { request, target, accept, reason, edge };
  return mode === 'abandon' ? { mode, id, ...undoing } : { mode: 'undo', ...undoing };
}

function rollbackRequest({ to, only, including }: RollbackFlags): RollbackRequest {
  if (including !== undefined && to === undefined) {
    throw new UsageError({
      what: '--including belongs to --to.',
      fix: 'Name the release to go back to.',
      next: 'sluice rollback --help',
    });
  }
  if (to !== undefined && only !== undefined) {
    throw new UsageError({
      what: '--to and --only exclude each other.',
      fix: 'Go back to a state, or undo one release.',
      next: 'sluice rollback --help',
    });
  }
  if (only !== undefined) {
    return { kind: 'only', id: only };
  }
  return to === undefined ? { kind: 'latest' } : { kind: 'to', id: to, including: including ?? [] };
}

/** The probes of the change that is undone tell whether undoing it helped. */
async function probesOf(context: SluiceContext, plan: GrantedRollback): Promise<readonly Probe[]> {
  const [newest] = plan.undoes.slice(-1);
  const { changeId = null } = newest?.entry ?? {};
  if (changeId === null) {
    return [];
  }
  const services = await context.services();
  const { ledger } = await loadLedger(services);
  return (await releasedRecord(services, ledger, changeId)).probes;
}
