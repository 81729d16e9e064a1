/** Runs stock Terraform against a sandbox in a folder of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import type { StoredObject } from '../../../scripts/sandbox/provider/store.ts';

export const account = '023e105f4ecef8ad9ca31a8372d0c353';
export const noon = '2026-11-23T12:00:00Z';
export const later = '2026-11-24T08:30:00Z';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface PlannedResource {
  readonly address: string;
  readonly actions: readonly string[];
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly unknown: JsonObject;
  readonly replacePaths: Json;
}

export interface PlanView {
  readonly changes: readonly PlannedResource[];
  readonly drift: readonly PlannedResource[];
}

interface ResourceEntry {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: JsonObject | null;
    readonly after: JsonObject | null;
    readonly after_unknown: JsonObject;
    readonly replace_paths?: Json;
  };
}

/** A fresh temporary folder. */
export function freshFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `sluice-${name}-`));
}

/** One stack: a folder with one configuration and one state. */
export class Stack {
  readonly folder: string;
  private readonly reattach: () => string;
  private isReady = false;

  constructor(reattach: () => string) {
    this.folder = freshFolder('stack');
    this.reattach = reattach;
  }

  write(configuration: JsonObject): void {
    const terraform = { required_providers: { cloudflare: { source: 'cloudflare/cloudflare' } } };
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(join(this.folder, 'main.tf.json'), JSON.stringify({ terraform, ...configuration }));
  }

  start(...args: readonly string[]): { readonly child: ChildProcess; readonly done: Promise<Run> } {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      TF_REATTACH_PROVIDERS: this.reattach(),
      CHECKPOINT_DISABLE: '1',
      TF_IN_AUTOMATION: '1',
    };
    delete env['TF_CLI_CONFIG_FILE'];
    const child = spawn('terraform', [...args], { cwd: this.folder, env });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
    const done = new Promise<Run>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        resolve({ code, stdout, stderr });
      });
    });
    return { child, done };
  }

  async run(...args: readonly string[]): Promise<Run> {
    if (!this.isReady) {
      this.isReady = true;
      await this.succeed('init', '-input=false', '-no-color');
    }
    return this.start(...args).done;
  }

  /** Runs a command that must succeed; its output is the error's text otherwise. */
  async succeed(...args: readonly string[]): Promise<Run> {
    const run = await this.run(...args);
    if (run.code !== 0) {
      throw new Error(`terraform ${args.join(' ')} ended with ${run.code}\n${run.stdout}\n${run.stderr}`);
    }
    return run;
  }

  async plan(...args: readonly string[]): Promise<PlanView> {
    await this.succeed('plan', '-input=false', '-no-color', '-out=plan.bin', ...args);
    const shown = await this.succeed('show', '-json', 'plan.bin');
    const document = JSON.parse(shown.stdout) as {
      readonly resource_changes?: readonly ResourceEntry[];
      readonly resource_drift?: readonly ResourceEntry[];
    };
    return { changes: view(document.resource_changes), drift: view(document.resource_drift) };
  }

  /** Applies the last plan. */
  async apply(): Promise<Run> {
    return this.run('apply', '-input=false', '-no-color', 'plan.bin');
  }

  /** Plans and applies; throws when either fails. */
  async deploy(configuration: JsonObject): Promise<PlanView> {
    this.write(configuration);
    const plan = await this.plan();
    await this.succeed('apply', '-input=false', '-no-color', 'plan.bin');
    return plan;
  }

  /** Addresses that a plan would change; empty when there is nothing to do. */
  async pending(): Promise<readonly string[]> {
    const { changes } = await this.plan();
    return changed(changes).map(({ address, actions }) => `${actions.join('+')} ${address}`);
  }

  /** What a plan would do, as Terraform prints it; empty when there is nothing to do. */
  async difference(): Promise<string> {
    const run = await this.run('plan', '-detailed-exitcode', '-no-color');
    return run.code === 0 ? '' : run.stdout + run.stderr;
  }

  /** The id of a resource in the state. */
  async id(address: string): Promise<string> {
    const { id } = await this.state(address);
    return typeof id === 'string' ? id : '';
  }

  /** Attributes of a resource in the state. */
  async state(address: string): Promise<JsonObject> {
    const shown = await this.succeed('show', '-json');
    const document = JSON.parse(shown.stdout) as {
      readonly values?: {
        readonly root_module: {
          readonly resources: readonly { readonly address: string; readonly values: JsonObject }[];
        };
      };
    };
    const found = document.values?.root_module.resources.find((resource) => resource.address === address);
    if (found === undefined) {
      throw new Error(`${address} is not in the state`);
    }
    return found.values;
  }
}

function view(entries: readonly ResourceEntry[] | undefined): readonly PlannedResource[] {
  return (entries ?? []).map(({ address, change }) => ({
    address,
    actions: change.actions,
    before: change.before,
    after: change.after,
    unknown: change.after_unknown,
    replacePaths: change.replace_paths ?? [],
  }));
}

export function changed(changes: readonly PlannedResource[]): readonly PlannedResource[] {
  return changes.filter(({ actions }) => actions.join() !== 'no-op' && actions.join() !== 'read');
}

/** The change of one address. */
export function changeOf(plan: PlanView, address: string): PlannedResource {
  const found = plan.changes.find((change) => change.address === address);
  if (found === undefined) {
    throw new Error(`${address} is not in the plan`);
  }
  return found;
}

/** The stored attribute `name` of every object, sorted. */
export function storedNames(objects: readonly StoredObject[]): readonly string[] {
  const names = objects.flatMap(({ attributes }) =>
    typeof attributes['name'] === 'string' ? [attributes['name']] : [],
  );
  return names.toSorted();
}

/** Terraform's text on one line, without the frame it draws, so that a test does not depend on line width. */
export function flat(run: Run): string {
  return `${run.stdout} ${run.stderr}`.replaceAll(/[\s│╷╵]+/g, ' ');
}
