/** Reads the workflows and the composite action as data, with the comments that YAML throws away. */
import { readdirSync, readFileSync } from 'node:fs';
import { isMap, isScalar, parseDocument } from 'yaml';

export const root = new URL('../..', import.meta.url).pathname;

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
}

interface Concurrency {
  readonly group: string;
  readonly 'cancel-in-progress': boolean;
  readonly queue?: string;
}

export interface Job {
  readonly name?: string;
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly 'runs-on'?: string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly strategy?: Readonly<Record<string, unknown>>;
  readonly concurrency?: Concurrency;
  readonly steps?: readonly Step[];
}

export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions?: unknown;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly env?: Readonly<Record<string, string>>;
  readonly concurrency?: Concurrency;
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface CompositeAction {
  readonly name: string;
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

export function readText(path: string): string {
  return readFileSync(`${root}${path}`, 'utf8');
}

/** Paths below the root of every file in a folder, sorted. */
export function filesIn(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(`${root}${folder}`)
    .filter((name) => pattern.test(name))
    .map((name) => `${folder}/${name}`)
    .toSorted((a, b) => (a < b ? -1 : 1));
}

export const workflowPaths = filesIn('.github/workflows', /\.ya?ml$/);
export const actionPath = '.github/actions/setup/action.yml';

/** Throws on anything but one well-formed document with unique keys. */
export function parseYaml(text: string): unknown {
  const document = parseDocument(text, { uniqueKeys: true, strict: true });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    throw problem;
  }
  return document.toJS();
}

export function parseWorkflow(text: string): Workflow {
  return parseYaml(text) as Workflow;
}

export function workflowAt(name: string): Workflow {
  return parseWorkflow(readText(`.github/workflows/${name}.yml`));
}

/** The comment on the line of each scope that a job grants: `job/scope` to its text, empty where there is none. */
export function scopeReasons(text: string): ReadonlyMap<string, string> {
  const jobs = parseDocument(text).get('jobs');
  const reasons = new Map<string, string>();
  for (const job of isMap(jobs) ? jobs.items : []) {
    const scopes = isMap(job.value) ? job.value.get('permissions') : null;
    for (const scope of isMap(scopes) ? scopes.items : []) {
      const comment = isScalar(scope.value) ? (scope.value.comment ?? '') : '';
      reasons.set(`${String(job.key)}/${String(scope.key)}`, comment.trim());
    }
  }
  return reasons;
}

/** Every step of a workflow with the job it belongs to. */
export function stepsOf(
  workflow: Workflow,
): readonly { readonly jobId: string; readonly job: Job; readonly step: Step }[] {
  return Object.entries(workflow.jobs).flatMap(([jobId, job]) =>
    (job.steps ?? []).map((step) => ({ jobId, job, step })),
  );
}

/** The `run` text of a named step. */
export function runOf(workflow: Workflow, jobId: string, name: string): string {
  const step = workflow.jobs[jobId]?.steps?.find((candidate) => candidate.name === name);
  if (step?.run === undefined) {
    throw new Error(`no step "${name}" with a script in the job ${jobId}`);
  }
  return step.run;
}
