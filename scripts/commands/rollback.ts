import type { SluiceContext } from '../context.ts';
import { DriftError, UsageError } from '../errors.ts';
import { parsedRecord } from '../gather/records.ts';
import { abandon } from '../operations/abandon.ts';
import { plannedRollback, rollBack, type GrantedRollback } from '../operations/roll-back.ts';
import { withTerraform } from '../operations/workspace.ts';
import { assemblePlan } from '../plan/diff.ts';
import type { RollbackRequest } from '../release/rollback-plan.ts';
import type { Target } from '../release/types.ts';
import { escapeTerminalLine } from '../render/escape.ts';
import { renderPlanText } from '../render/plan-text.ts';
import type { Probe } from '../../policies/model/record.ts';
import { chooseMode } from './modes.ts';
import { edgeFor, operator, workshopOf } from './surroundings.ts';

export interface RollbackFlags {
  readonly to?: string;
  readonly only?: string;
  readonly including?: readonly string[];
  readonly abandon?: string;
  readonly accept?: readonly string[];
  readonly reason: string;
  readonly target?: Target;
  readonly dryRun: boolean;
  readonly edge?: string;
}

/** `sluice rollback STACK`: for somebody woken at 3 a.m. Shows what it will do before it does it. */
export async function rollbackCommand(
  this: SluiceContext,
  flags: RollbackFlags,
  stack: string,
): Promise<void> {
  chooseMode('rollback', flags);
  const services = await this.services();
  const request = rollbackRequest(flags);
  if (flags.abandon !== undefined) {
    await abandon(services, stack, flags.abandon);
    this.print(`${flags.abandon} is given up.\n`);
  }
  const plan = await plannedRollback(services, stack, request);
  const names = plan.undoes.map(
    (folder) => `${folder.entry.id} (${folder.entry.changeId ?? folder.entry.action})`,
  );
  this.print(
    `Rolling back ${names.join(', ')} on ${stack}. From what was released last to what will be live:\n\n`,
  );
  this.print(renderPlanText(assemblePlan([plan.expected], 'configuration'), { style: this.style }));
  if (flags.dryRun) {
    this.print('\nDry run: nothing was changed.\n');
    return;
  }
  const workshop = await workshopOf(services, flags.target ?? 'sandbox');
  const probes = await probesOf(this, plan);
  const entry = await withTerraform(services, workshop, async (terraform) =>
    rollBack(services, workshop, terraform, {
      stack,
      request,
      accept: flags.accept ?? [],
      reason: flags.reason,
      by: operator(this.surroundings.env),
      probes,
      resolve: edgeFor(flags.edge, probes),
    }),
  );
  if (entry.result !== 'successful') {
    throw new DriftError({
      what: `${entry.id} was applied, but a plan of ${stack} still shows changes.`,
      why: 'Something writes to the same resources, or Cloudflare did not take a value over.',
      fix: 'Run it again: it goes on from where it stopped.',
      next: `sluice rollback ${stack} --reason "finish ${entry.id}"`,
    });
  }
  this.print(`\n${entry.id}: ${stack} is back, verified by a plan without changes.\n`);
  this.print(
    `Now bring the code in line, or the next release brings the change back: git revert the merge of ${names.join(', ')}.\n`,
  );
  const failing = entry.verification.probes.filter((probe) => !probe.ok);
  if (failing.length > 0) {
    this.print(
      `These probes of the undone change do not pass on the restored state: ${escapeTerminalLine(failing.map((probe) => `${probe.name} (${probe.detail})`).join('; '))}.\n`,
    );
    this.print(
      'That is right for a probe of what the change brought. For any other, the cause is elsewhere.\n',
    );
    this.exit('undetermined');
  }
}

function rollbackRequest(flags: RollbackFlags): RollbackRequest {
  if (flags.including !== undefined && flags.to === undefined) {
    throw new UsageError({
      what: '--including belongs to --to.',
      fix: 'Name the release to go back to.',
      next: 'sluice rollback --help',
    });
  }
  if (flags.to !== undefined && flags.only !== undefined) {
    throw new UsageError({
      what: '--to and --only exclude each other.',
      fix: 'Go back to a state, or undo one release.',
      next: 'sluice rollback --help',
    });
  }
  if (flags.only !== undefined) {
    return { kind: 'only', id: flags.only };
  }
  return flags.to === undefined
    ? { kind: 'latest' }
    : { kind: 'to', id: flags.to, including: flags.including ?? [] };
}

/** The probes of the change that is undone tell whether undoing it helped. */
async function probesOf(context: SluiceContext, plan: GrantedRollback): Promise<readonly Probe[]> {
  const { git } = await context.services();
  const [newest] = plan.undoes.slice(-1);
  if (newest === undefined || newest.entry.changeId === null) {
    return [];
  }
  const path = `changes/${newest.entry.client}/${newest.entry.changeId}.yaml`;
  const text = await git.fileAt(newest.entry.commit, path);
  return text === null ? [] : (parsedRecord(text, path).record.test.probes ?? []);
}
