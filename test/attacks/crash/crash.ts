/** Kills a real command at one call of the API, follows the way out that is printed, and looks what is left. */
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, vi } from 'vitest';
import { createProcesses } from '../../../scripts/adapters/process/processes.ts';
import { cloudflareSource } from '../../../scripts/provider/facts.ts';
import { keepsValue } from '../../../scripts/provider/kind.ts';
import { buildServices } from '../../../scripts/cli/services.ts';
import type { ProcessMark } from '../../../scripts/contract/ports.ts';
import { inWindow } from '../../scenarios/change/approved-facts.ts';
import { nextCommand, wordsOf } from '../../scenarios/change.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import { home, type Ended, type SmallEstate } from '../../scenarios/small-estate.ts';

export interface Strike {
  readonly operation: 'create' | 'update' | 'delete' | 'read';
  readonly nth: number;
  readonly when: 'before' | 'after';
  readonly type?: string;
}

export type Victim = 'sluice' | 'terraform' | 'provider';

export interface Order {
  readonly folder: string;
  readonly stack: string;
  readonly at: Strike;
  readonly victims: readonly Victim[];
  /** The call that is struck is never answered. */
  readonly hangs?: boolean;
}

export const stack = 'acme-production';

function script(name: string): string {
  return fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
}

function start(name: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', script(name), ...args], {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'] },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** A sandbox for the estate in a process of its own. The caller ends it. */
export async function serve(order: Order): Promise<ChildProcess> {
  const child = start('provider', [JSON.stringify(order)]);
  await new Promise<void>((resolve, reject) => {
    child.stdout?.once('data', () => resolve());
    child.once('exit', () => reject(new Error('the sandbox did not start')));
  });
  return child;
}

/** What the command said; null when it was killed. */
export async function inOwnProcess(estate: SmallEstate, args: readonly string[]): Promise<Ended | null> {
  const kept = join(estate.folder, '.sluice', 'bundles.json');
  writeFileSync(kept, JSON.stringify(Object.fromEntries(await bundlesOf(estate))));
  const child = start('command', [estate.folder, kept, inWindow, ...args]);
  let stdout = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  const signal = await new Promise((resolve) => {
    child.once('close', (_code, by) => resolve(by));
  });
  return signal === null ? (JSON.parse(stdout) as Ended) : null;
}

async function bundlesOf(estate: SmallEstate) {
  const services = buildServices(
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true' },
      cwd: estate.folder,
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
      ask: null,
      signal: new AbortController().signal,
    },
    home,
  );
  return withKeptSynth(services).synth.synth(estate.folder);
}

/** Waits until the Terraform of the run has ended; null when none was started. */
export async function terraformEnded(estate: SmallEstate): Promise<ProcessMark | null> {
  const file = join(estate.folder, '.sluice', 'runs', stack, 'apply.tfplan.process');
  if (!existsSync(file)) {
    return null;
  }
  const mark = JSON.parse(readFileSync(file, 'utf8')) as ProcessMark;
  const processes = createProcesses();
  await vi.waitFor(() => {
    if (processes.state(mark) !== 'ended') {
      throw new Error('Terraform still runs');
    }
  }, 60_000);
  return mark;
}

const mostCommands = 6;
/** Whatever else is named as next is a look, and ends nothing. */
const acts: ReadonlySet<string | undefined> = new Set(['baseline', 'release', 'rollback']);

/** Runs `first`, then whatever is named as next, until a command ends well. Returns all ends, in order. */
export async function followToTheEnd(
  estate: SmallEstate,
  first: readonly string[],
): Promise<readonly Ended[]> {
  const ends: Ended[] = [];
  let command = first;
  while (ends.length < mostCommands && acts.has(command[0])) {
    const ended = await estate.sluice(command, { TEST_NOW: inWindow }, withKeptSynth);
    ends.push(ended);
    if (ended.exit === 'ok') {
      break;
    }
    const restored = /^ {2}Next: cp (\S+) (\S+)$/m.exec(ended.stderr);
    if (restored?.[1] !== undefined && restored[2] !== undefined) {
      copyFileSync(restored[1], restored[2]);
      continue;
    }
    // `Run the command of each line, then: ...`: each of them is typed as it is printed, and has to work.
    const last = /^ {2}Fix: Run the command of each line, then: sluice (.+)$/m.exec(ended.stderr)?.[1];
    if (last === undefined) {
      command = nextCommand(ended);
      continue;
    }
    for (const line of ended.stderr.matchAll(/^ +fix: +sluice (.+)$/gm)) {
      const typed = await estate.sluice(wordsOf(line[1] ?? ''));
      expect([typed.exit, typed.stderr]).toEqual(['ok', '']);
    }
    command = wordsOf(last);
  }
  return ends;
}

interface StateFile {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly { readonly attributes: { readonly id?: string } }[];
  }[];
}

/**
 * Objects that are at the local Cloudflare and in no state of the estate, as `<type> <id>`. What Cloudflare always has, such
 * as a setting, is nothing that anybody left: its value is for the test to judge.
 */
export async function strays(estate: SmallEstate): Promise<readonly string[]> {
  const states = join(estate.folder, '.sluice', 'state');
  const held = new Set(
    readdirSync(states).flatMap((name) => {
      const file = join(states, name, 'terraform.tfstate');
      const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const { resources } = text === '' ? { resources: [] } : (JSON.parse(text) as StateFile);
      return resources.flatMap(({ type, instances }) =>
        instances.map(({ attributes }) => `${type} ${attributes.id ?? ''}`),
      );
    }),
  );
  const shown = await estate.sluice(['sandbox', 'show', '--format', 'json']);
  const { objects } = JSON.parse(shown.stdout) as {
    readonly objects: readonly { readonly type: string; readonly id: string }[];
  };
  return objects
    .filter(({ type }) => !keepsValue({ type, provider: cloudflareSource }))
    .map(({ type, id }) => `${type} ${id}`)
    .filter((object) => !held.has(object));
}

/** Saved plans anywhere below the working folder. */
export function savedPlans(estate: SmallEstate): readonly string[] {
  return readdirSync(join(estate.folder, '.sluice'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.tfplan'),
  );
}
