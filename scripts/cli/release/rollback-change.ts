/**
 * `sluice rollback --change`: takes one change back from every stack that it reached, the last one first, or from one of them
 * for a process that has no credentials of the others. The ledger alone says what is left to undo, so that it is done once,
 * however often and by however many it is asked for.
 */
import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { changeToUndo, type ChangeToUndo } from '../../release/earlier-runs.ts';
import { ledgerFor } from '../../release/evidence/write-ledger.ts';
import { abandon } from '../../release/run/abandon.ts';
import { isBack, notBack, undoStacks, type UndoEnd } from '../../release/run/waves/undo-change.ts';
import { withTerraform, type WorkspaceReach, type Workshop } from '../../release/run/workspace.ts';
import { openIntents } from '../../release/state.ts';
import type { Ledger, ReleaseTarget } from '../../release/types.ts';
import { renderReleased } from '../../render/release/release-text.ts';
import { escapeTerminalLine } from '../../render/text/escape.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { edgeFor, operator, workshopOf } from '../change/surroundings.ts';
import { probeNetworks, releasedRecord, type ReleasedRecord } from './released-record.ts';

export interface ChangeUndoInput {
  readonly changeId: string;
  readonly target: ReleaseTarget;
  readonly reason: string;
  /** Nothing is undone: what would be is printed. */
  readonly isShown: boolean;
  readonly format: 'text' | 'json';
  readonly edge: string | undefined;
}

type ChangeUndoOrder = ChangeUndoInput & { readonly stack: string | null };

export async function undoWholeChange(context: SluiceContext, order: ChangeUndoOrder): Promise<void> {
  const services = await context.services();
  if (order.isShown) {
    // What this clone knows is shown; origin is not asked.
    const { ledger } = await loadLedger(services);
    await show(context, order, ledger);
    return;
  }
  const workshop = await workshopOf(services, order.target);
  const { ledger } = await ledgerFor(services, workshop.target);
  const { stacks } = leftToUndo(ledger, order);
  if (stacks.length === 0) {
    print(context, order, []);
    return;
  }
  const by = await operator(services, context.surroundings.env);
  const { probes: all } = await releasedRecord(services, ledger, order.changeId);
  // What the change brought is gone with it; the others tell whether undoing it helped.
  const probes = all.filter(({ expectBefore }) => expectBefore !== 'fails');
  const isLast = changeToUndo(ledger, order.changeId).stacks.every((stack) => stacks.includes(stack));
  const probing = {
    probes: isLast ? probes : [],
    allowed: await probeNetworks(services),
    resolve: edgeFor(order.edge, probes),
  };
  const failure = { at: order.changeId, cause: order.reason, reasons: [] };
  const ends = await withTerraform(services, workshop, async (reach) => {
    await giveUpOpen(services, workshop, reach, stacks);
    return undoStacks({ services, workshop, reach, by, probing }, stacks, failure);
  });
  if (!ends.every(isBack)) {
    const { registers } = await loadPolicy(fromWorkingTree(services.files, await services.git.root()));
    const known = { ...failure, changeId: order.changeId, registers };
    throw await withTerraform(services, workshop, (reach) =>
      notBack({ services, workshop, reach, by, probing }, known, ends),
    );
  }
  print(context, order, ends);
}

/** Throws UsageError for a change, or a stack of it, that the ledger does not know. */
function leftToUndo(ledger: Ledger, { changeId, stack }: ChangeUndoOrder): ChangeToUndo {
  const reached = ledger.folders.filter(({ intent }) => intent.changeId === changeId);
  if (reached.length === 0 || (stack !== null && !reached.some(({ intent }) => intent.stack === stack))) {
    throw new UsageError({
      what: `${changeId} was never released${stack === null ? '' : ` to ${stack}`}.`,
      why: 'Only what is in the ledger can be undone.',
      fix: 'Check the spelling.',
      next: 'sluice ledger show',
    });
  }
  const found = changeToUndo(ledger, changeId);
  return { ...found, stacks: found.stacks.filter((each) => stack === null || each === stack) };
}

async function show(context: SluiceContext, order: ChangeUndoOrder, ledger: Ledger): Promise<void> {
  const { changeId, stacks, failed, open } = leftToUndo(ledger, order);
  const record = await releasedRecord(await context.services(), ledger, changeId);
  if (order.format === 'json') {
    context.print(
      printedJson({
        kind: 'sluice.change-rollback',
        version: 1,
        changeId,
        stacks,
        failed,
        open: open.map(({ id }) => id),
        byItself: mayByItself(record),
      }),
    );
    return;
  }
  const names = stacks.length === 0 ? 'nothing is left of it' : stacks.join(', then ');
  context.print(`${escapeTerminalLine(`To undo of ${changeId}: ${names}`)}\n`);
  context.print('\nDry run: nothing was changed.\n');
}

/** Whether the record lets a failure undo the change without a person: a change that goes only forwards is left as it is. */
function mayByItself({ strategy }: ReleasedRecord): boolean {
  return strategy !== 'forward-fix' && strategy !== 'not-possible';
}

/** A run that died left its release open: what it made is taken over before it is undone. */
async function giveUpOpen(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  stacks: readonly string[],
): Promise<void> {
  const { ledger } = await ledgerFor(services, workshop.target);
  for (const stack of stacks) {
    for (const { intent } of openIntents(ledger, stack)) {
      await abandon(services, workshop, reach, { stack, id: intent.id });
      services.reporter.info(`${stack}: ${intent.id} is given up; what it made is taken over.`);
    }
  }
}

function print(
  context: SluiceContext,
  { changeId, format }: ChangeUndoOrder,
  ends: readonly UndoEnd[],
): void {
  const entries = ends.flatMap(({ rollback }) => (rollback === null ? [] : [rollback]));
  if (format === 'json') {
    context.print(printedJson({ kind: 'sluice.released', version: 1, releases: entries, waiting: [] }));
    return;
  }
  context.print(
    entries.length === 0
      ? escapeTerminalLine(`Nothing is left of ${changeId} to undo.`) + '\n'
      : `${renderReleased(entries, context.style)}${escapeTerminalLine(`Now bring the code in line, or the next release brings the change back: git revert the merge of ${changeId}.`)}\n`,
  );
}
