/**
 * What is at Cloudflare before and after a run, object by object. A plan without changes says that the state and Cloudflare
 * agree about what the state holds; about anything else it says nothing.
 */
import type { Services } from '../../contract/context.ts';
import { DriftError } from '../../contract/errors.ts';
import { both, inquiryOf, inquiryOfDeleted, withoutRepeats } from '../../live/inquiry.ts';
import { isDeposed, looseOf, movedSettings, newSince } from '../../live/strays.ts';
import { isRestorable } from '../../live/retained.ts';
import type { Inquiry, LiveBefore, LiveFindings, LiveObject, LiveSetting } from '../../live/types.ts';
import type { StackPlan } from '../../plan/types.ts';
import type { AppliedResult } from '../../contract/ports.ts';
import { bundleOf } from '../history.ts';
import { stackState } from '../state.ts';
import { removalCommand } from '../live-commands.ts';
import { beforeOf } from '../live-evidence.ts';
import type { Ledger, ReleaseAction, ReleaseTarget } from '../types.ts';
import { renderSettled } from '../../render/release/live-text.ts';
import { adoptStrays } from './adopt.ts';
import { askCloudflare } from './ask-cloudflare.ts';
import type { Prepared } from './plan-live.ts';
import { targetFlag } from './unfinished.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';
import type { Undone, WriteBack } from './write-back.ts';

interface Looking {
  readonly action: ReleaseAction;
  readonly target: ReleaseTarget;
  /** Flags that ask for the same rollback again; empty for anything else. */
  readonly flags: string;
}

/**
 * Asks about everything that the plan makes or takes away. Throws DriftError when something that is to be made is there
 * already and cannot be there twice: the apply would break off in its middle. A rollback is not kept waiting for an answer
 * that does not come; what is not known then counts for nothing later.
 */
export async function lookBefore(
  services: Services,
  reach: WorkspaceReach,
  looking: Looking,
  prepared: Prepared,
): Promise<LiveBefore> {
  const { live, held } = prepared;
  const makes = inquiryOf(live);
  const inquiry = both(makes, inquiryOfDeleted(live));
  const answers = await askCloudflare(services, reach.cloudflare, inquiry, looking.action !== 'rollback');
  const unique = new Set(makes.questions.filter(({ isUnique }) => isUnique).map(({ address }) => address));
  const inTheWay = looseOf(answers, held).filter(({ address }) => unique.has(address));
  if (inTheWay.length > 0) {
    const left = inTheWay.filter((object) => isDeposed(object, prepared));
    throw left.length === inTheWay.length
      ? leftInTheWay(live.stack, looking, left)
      : inTheWayError(live.stack, looking.target, inTheWay);
  }
  return { ...answers, planned: plannedOf(live) };
}

/** What a run is to do, as the ledger keeps it. */
export function plannedOf({ changes }: StackPlan): LiveBefore['planned'] {
  return changes.map(({ address, actions }) => ({ address, actions }));
}

/** Terraform takes away what a replacement left only after it made the new object, and that is this very object. */
function leftInTheWay(
  stack: string,
  { action, target, flags }: Looking,
  objects: readonly LiveObject[],
): DriftError {
  const commands = objects.map((object) => removalCommand(target, object));
  const again =
    action === 'rollback'
      ? `Run the command of each line, then: sluice rollback ${stack} ${targetFlag(target)}${flags}--reason "..."`
      : `Run the command of each line, then run the ${action} again.`;
  return new DriftError({
    what: `${stack}: ${String(objects.length)} object(s) that would be made again are still there. Nothing was changed.`,
    diagnostics: objects.map(({ address, identity, id }, index) => ({
      message: `${address}: ${identity} was left by a replacement that broke off (${id})`,
      fix: commands[index] ?? '',
    })),
    why: 'Cloudflare does not take a second one, and Terraform would take these away only afterwards.',
    fix: again,
    next: commands[0] ?? `sluice plan ${stack}`,
  });
}

function inTheWayError(stack: string, target: ReleaseTarget, objects: readonly LiveObject[]): DriftError {
  const [first] = objects;
  return new DriftError({
    what: `${stack}: ${String(objects.length)} object(s) that would be created exist already at Cloudflare, and no state has them. Nothing was changed.`,
    diagnostics: objects.map((object) => ({
      message: `${object.address}: ${object.identity} is there as ${object.id}`,
      fix: removalCommand(target, object),
    })),
    why: 'Somebody made them outside of Sluice. Cloudflare does not take a second one, so the apply would break off there.',
    fix: 'Find out whose they are. To let Sluice make them, remove them first.',
    next: first === undefined ? `sluice plan ${stack}` : removalCommand(target, first),
  });
}

interface Broken {
  readonly ledger: Ledger;
  readonly stack: string;
  readonly action: ReleaseAction;
}

/**
 * Takes over what runs that broke off made, before anything else is done to the stack. What cannot be taken over or asked
 * about is said; a rollback says it at its end, of what is left then.
 */
export async function settleBroken(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  { ledger, stack, action }: Broken,
): Promise<void> {
  // A run whose apply ended has written its state: only one that broke off may have left something behind.
  const broke = stackState(ledger, stack).attempts.filter(
    ({ entry }) => entry.result === 'failed' || entry.result === 'aborted',
  );
  for (const folder of broke) {
    const broken = { bundle: bundleOf(ledger, folder), before: beforeOf(ledger, folder) };
    const { findings } = await adoptStrays(services, workshop, reach, broken);
    const settled = renderSettled({ ...findings, adopted: [] });
    if (action !== 'rollback' && settled !== '') {
      services.reporter.info(settled.trimEnd());
    }
  }
}

/** What a run that broke off made and did not report. Whether the state has it, the next plan tells. */
export async function lookAfterFailure(
  services: Services,
  reach: WorkspaceReach,
  before: LiveBefore,
  run: { readonly live: StackPlan; readonly applied: AppliedResult },
): Promise<LiveFindings> {
  const answers = await askCloudflare(services, reach.cloudflare, inquiryOf(run.live), false);
  const reported = new Set(run.applied.completed.map(({ address }) => address));
  const left = newSince(before, answers.found).filter(({ address }) => !reported.has(address));
  return { ...answers, adopted: [], left, moved: movedSettings(before.settings, answers.settings) };
}

export interface AfterRollback {
  readonly before: LiveBefore;
  readonly prepared: Prepared;
  readonly writeBack: WriteBack | null;
  readonly after: Prepared;
}

/**
 * After a rollback: nothing that it took away and nothing that the undone releases made may be there, unless the state
 * has it or it was there before them; and what Cloudflare keeps has the value from before, where that can be set again.
 */
export async function lookAfterRollback(
  services: Services,
  reach: WorkspaceReach,
  { befores, values }: Undone,
  { before, prepared, writeBack, after }: AfterRollback,
): Promise<LiveFindings> {
  const own = both(inquiryOf(prepared.live), inquiryOfDeleted(prepared.live));
  const inquiry = withoutRepeats(befores.map(asInquiry).reduce(both, own));
  const answers = await askCloudflare(services, reach.cloudflare, inquiry, false);
  const loose = befores.reduce((rest, earlier) => newSince(earlier, rest), looseOf(answers, after.held));
  const told = new Set(befores.flatMap(({ asked }) => asked.map(({ address }) => address)));
  // Of what no undone release asked about, only what was not there when the rollback began can be its own.
  const strangers = looseOf(before, prepared.held).filter(({ address }) => !told.has(address));
  const left = newSince({ ...before, found: strangers }, loose);
  const unmanaged = answers.settings.filter(({ path }) => !after.settings.has(path));
  const differing = movedSettings(values, unmanaged);
  const isHopeless = ({ path }: LiveSetting): boolean =>
    values.some((one) => one.path === path && !isRestorable(one));
  return {
    ...answers,
    adopted: [],
    left,
    moved: differing.filter((setting) => !isHopeless(setting)),
    restored: writeBack?.settings ?? [],
    kept: differing.filter(isHopeless),
  };
}

function asInquiry({ asked, settings, notAsked }: LiveBefore): Inquiry {
  return { questions: asked, settings, notAsked };
}
