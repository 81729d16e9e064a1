/**
 * Applies a saved plan, and tells what an apply has reported. Terraform writes to files beside the plan, so it goes on to
 * its end when this process dies, and whoever comes next reads there what was done.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AppliedResult, AppliedSoFar, ProcessMark } from '../../contract/ports.ts';
import { markOf } from '../process/processes.ts';
import type { ProcessEnding, ProcessRequest, ProcessResult } from '../process/run-process.ts';
import { summariseApply } from './events.ts';
import type { TerraformEvent } from './events.ts';
import { unsavedState } from './state.ts';

export interface ApplyOptions extends Pick<ProcessRequest, 'onStarted' | 'outputFiles'> {
  readonly onEvent?: (text: string) => void;
}

export interface ApplyRun {
  readonly result: ProcessResult;
  readonly events: readonly TerraformEvent[];
}

const endings: Readonly<Record<Exclude<ProcessEnding, 'exited'>, string>> = {
  killed: 'was ended by a signal',
  'timed-out': 'took too long and was stopped',
  aborted: 'was interrupted',
  interrupted: 'was interrupted',
  'too-much-output': 'wrote more output than is read',
};

/** How a process ended, for a sentence about it; null when it ended well. */
export function endingOf(result: ProcessResult): string | null {
  if (result.ending !== 'exited') {
    return `${endings[result.ending]}${result.signal === null ? '' : ` (${result.signal})`}`;
  }
  return result.exitCode === 0 ? null : `ended with status ${result.exitCode ?? 'unknown'}`;
}

/** What the verbs need of a Terraform that is ready to run. */
export interface Runner {
  run(folder: string, args: readonly string[], more?: ApplyOptions): Promise<ApplyRun>;
  /** One line of output as an event; null for one that is none. */
  read(line: string): TerraformEvent | null;
  /** What to say when a command failed and nothing was changed. */
  failure(folder: string, verb: 'apply', run: ApplyRun): Promise<Error>;
  lockTimeout(): string;
}

const unsaved = {
  whole: {
    address: null,
    summary: 'Terraform could not save the state and left it in errored.tfstate',
    detail:
      'Save it with `terraform state push errored.tfstate` in that folder before anything else is run there.',
  },
  damaged: {
    address: null,
    summary: 'Terraform could not save the state, and errored.tfstate beside it is incomplete',
    detail: 'Make room on the disk, restore the last good state, and import what is listed as complete.',
  },
} as const;

/** Throws what `failure` makes of it when nothing was touched; after that, what is known is the result. */
export async function apply(
  runner: Runner,
  folder: string,
  target: { readonly planFile: string; readonly onEvent: (text: string) => void },
): Promise<AppliedResult> {
  const args = ['apply', '-json', '-input=false', runner.lockTimeout(), target.planFile];
  const beside = besidePlan(resolve(folder, target.planFile));
  const run = await runner.run(folder, args, {
    onEvent: target.onEvent,
    outputFiles: { stdout: beside.events, stderr: beside.stderr },
    onStarted: (pid) => {
      writeFileSync(beside.process, JSON.stringify(markOf(pid)), { mode: 0o600 });
    },
  });
  const touched = run.events.some((event) => event.kind === 'started');
  const applied = summariseApply(run.events, endingOf(run.result));
  if (!touched && !applied.ok) {
    throw await runner.failure(folder, 'apply', run);
  }
  const left = applied.ok ? 'none' : await unsavedState(folder);
  return left === 'none' ? applied : { ...applied, errors: [...applied.errors, unsaved[left]] };
}

/** What an apply leaves beside its plan file, for whoever has to go on from there. */
function besidePlan(planFile: string): Readonly<Record<'events' | 'stderr' | 'process', string>> {
  return {
    events: `${planFile}.events`,
    stderr: `${planFile}.stderr`,
    process: `${planFile}.process`,
  };
}

/** Null when no apply of this plan file was started on this machine. */
export async function appliedSoFar(
  runner: Pick<Runner, 'read'>,
  planFile: string,
): Promise<AppliedSoFar | null> {
  const beside = besidePlan(planFile);
  const [mark, events] = await Promise.all(
    [beside.process, beside.events].map((path) => fs.readFile(path, 'utf8').catch(() => null)),
  );
  if (mark === null || mark === undefined || events === null || events === undefined) {
    return null;
  }
  // The last line may be half written: it says nothing yet.
  const whole = events.slice(0, events.lastIndexOf('\n') + 1).split('\n');
  const read = whole.map((line) => runner.read(line)).filter((event) => event !== null);
  const process = readMark(mark);
  return process === null ? null : { process, result: summariseApply(read, null) };
}

/** Null for a note that was cut off while it was written: then the lock of the state says whether somebody is at work. */
function readMark(text: string): ProcessMark | null {
  try {
    return parseJson(text, limits.line) as ProcessMark;
  } catch {
    return null;
  }
}
