/**
 * The folder of one run on one stack, readable by nobody else: who runs, the saved plan, and what Terraform reports. It
 * stays when the process is killed, so whoever comes next knows whether the run still goes on and how far it came; saved
 * plans in it, which hold configuration and state in clear text, go with the next command whatever that is.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Services } from '../../contract/context.ts';
import { ExternalError } from '../../contract/errors.ts';
import type { AppliedResult, ProcessMark, Terraform } from '../../contract/ports.ts';

/** Where Sluice keeps its working data. */
interface FolderWorkshop {
  readonly root: string;
}

export interface RunFolder {
  readonly path: string;
  readonly applyPlan: string;
  readonly verifyPlan: string;
}

interface RunNote {
  readonly process: ProcessMark;
  /** Null until it is announced. */
  readonly release: string | null;
}

function folderOf({ root }: FolderWorkshop, stack: string): RunFolder {
  const path = `${root}/runs/${stack}`;
  return { path, applyPlan: `${path}/apply.tfplan`, verifyPlan: `${path}/verify.tfplan` };
}

/** Takes the stack on this machine. Throws ExternalError when a process that is alive has it. */
export async function claimRun(
  services: Services,
  workshop: FolderWorkshop,
  terraform: Terraform,
  stack: string,
): Promise<RunFolder> {
  const running = await whoRuns(services, workshop, terraform, stack);
  if (running !== null) {
    throw stillRunning(stack, running);
  }
  const run = folderOf(workshop, stack);
  await services.files.makePrivateFolder(run.path);
  await noteRun(services, run, null);
  return run;
}

/** Writes down which release the run is of. */
export async function noteRun(services: Services, run: RunFolder, release: string | null): Promise<void> {
  const note: RunNote = { process: services.processes.self(), release };
  await services.files.writeText(`${run.path}/run.json`, JSON.stringify(note));
}

export interface Running {
  readonly what: 'sluice' | 'terraform';
  readonly process: ProcessMark;
  readonly state: 'running' | 'elsewhere';
}

/** A process that works on the stack, as far as can be told from this machine; this very process does not count. */
export async function whoRuns(
  services: Services,
  workshop: FolderWorkshop,
  terraform: Terraform,
  stack: string,
): Promise<Running | null> {
  const run = folderOf(workshop, stack);
  const note = await readNote(services, run);
  const applying = await terraform.appliedSoFar(run.applyPlan);
  const own = services.processes.self();
  const marks = [
    ...(applying === null ? [] : [{ what: 'terraform' as const, process: applying.process }]),
    ...(note === null ? [] : [{ what: 'sluice' as const, process: note.process }]),
  ];
  for (const { what, process } of marks) {
    const state = services.processes.state(process);
    if (state !== 'ended' && !(process.pid === own.pid && process.started === own.started)) {
      return { what, process, state };
    }
  }
  return null;
}

/** What a run of this release reported of its apply; null when it was not of this machine, or never came so far. */
export async function reportedBy(
  services: Services,
  workshop: FolderWorkshop,
  terraform: Terraform,
  { stack, id }: { readonly stack: string; readonly id: string },
): Promise<AppliedResult | null> {
  const run = folderOf(workshop, stack);
  return (await readNote(services, run))?.release === id
    ? ((await terraform.appliedSoFar(run.applyPlan))?.result ?? null)
    : null;
}

/** Removes the saved plans of runs that have ended, whose processes had no time to. */
export async function clearDeadPlans(
  services: Services,
  workshop: FolderWorkshop,
  terraform: Terraform,
): Promise<void> {
  const runs = `${workshop.root}/runs`;
  if (!(await services.files.exists(runs))) {
    return;
  }
  const plans = (await services.files.list(runs)).filter((path) => path.endsWith('.tfplan'));
  for (const path of plans) {
    const stack = path.slice(0, path.indexOf('/'));
    if ((await whoRuns(services, workshop, terraform, stack)) === null) {
      await services.files.remove(`${runs}/${path}`);
    }
  }
}

export function stillRunning(stack: string, { what, process, state }: Running): ExternalError {
  const name = what === 'terraform' ? 'Terraform' : 'A run of Sluice';
  return state === 'running'
    ? new ExternalError({
        what: `${name} is at work on ${stack} right now (process ${String(process.pid)}). Nothing was changed.`,
        why: 'What is given up or begun while it runs would be overtaken by it.',
        fix: 'Wait until it has ended, or ask it to stop after what it is doing; then run this again.',
        next: `kill -INT ${String(process.pid)}`,
      })
    : new ExternalError({
        what: `${name} began work on ${stack} on another machine (${process.host}, process ${String(process.pid)}), and whether it still runs cannot be told from here.`,
        why: 'Two runs on one stack would overtake each other.',
        fix: 'Look on that machine. Once it has ended, remove its note and run this again.',
        next: `rm -r .sluice/runs/${stack}`,
      });
}

async function readNote(services: Services, run: RunFolder): Promise<RunNote | null> {
  const file = `${run.path}/run.json`;
  return (await services.files.exists(file))
    ? (parseJson(await services.files.readText(file), limits.line) as RunNote)
    : null;
}
