/**
 * An estate of six stacks with a change that creates, updates, replaces and deletes on each of them, approved and merged, in
 * three waves; and the real program on it, as a process of its own that something may be done to at any of its steps.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitName, type ExitName } from '../../scripts/contract/exit-codes.ts';
import { markOf } from '../../scripts/adapters/process/processes.ts';
import type { Fault } from '../../scripts/sandbox/provider/faults.ts';
import { startSandbox, type Sandbox } from '../../scripts/sandbox/provider/server.ts';
import { approve, inWindow, longBefore } from '../scenarios/change/approved-facts.ts';
import { withKeptSynth } from '../scenarios/cached-synth.ts';
import { live, recordPath, merge, type Change } from '../scenarios/change.ts';
import { estateAt, home, makeSmallEstate, type SmallEstate } from '../scenarios/small-estate.ts';

/** In the order of the waves, two and two. */
export const stacks = [
  'acme-staging',
  'acme-staging-trade',
  'acme-production-media',
  'acme-production-static',
  'acme-production',
  'acme-production-trade',
] as const;

/** Something that happens to the process at one of its steps; see preload.mjs. */
export interface At {
  readonly step: string;
  readonly nth: number;
  readonly times?: number;
  readonly do: 'kill' | 'power' | 'fail' | 'jump' | 'hold';
  readonly code?: string;
  readonly to?: string;
  readonly until?: string;
}

export interface Ran {
  readonly exit: ExitName;
  /** Null unless a signal ended it. */
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly at?: readonly At[];
  readonly now?: string;
  readonly trace?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStarted?: (child: ChildProcess) => void;
}

export interface FaultWorld {
  readonly estate: SmallEstate;
  /** Runs a command line as a shell would, with `sluice` on the PATH. */
  shell(line: string, options?: RunOptions): Promise<Ran>;
  close(): Promise<void>;
}

export const releaseLine = 'sluice release --facts .sluice/facts.json';

const change: Change = {
  id: 'CHG-2026-0101',
  category: 'dns',
  stacks,
  edits: stacks.flatMap((_stack, index) => {
    const at = String(index + 1);
    return [
      [`www: '203.0.113.${at}'`, `www: '203.0.113.10${at}'`],
      [`api: '198.51.100.${at}'`, `api: '2001:db8::${at}'`],
      [`, old: '192.0.2.${at}'`, `, new: '192.0.2.10${at}'`],
    ] as const;
  }),
  record: (text) =>
    `${text}rollout:\n  waves: [[${stacks.slice(0, 2).join(', ')}], [${stacks.slice(2, 4).join(', ')}], [${stacks.slice(4).join(', ')}]]\n`,
};

const zoneOf = (stack: string): string => `${stack.slice('acme-'.length)}-shop.example`;

function estateText(): string {
  const parts = stacks.map((stack, index) => {
    const at = String(index + 1);
    const zone = zoneOf(stack);
    return `  '${stack}': {
    zone: '${zone}',
    records: { www: '203.0.113.${at}', api: '198.51.100.${at}', mail: '203.0.113.20${at}', old: '192.0.2.${at}' } as Record<string, string>,
    rules: [{ ref: 'block-dotfiles', description: 'Dot files', action: 'block', expression: '(http.host eq "www.${zone}" and http.request.uri.path contains "/.env")' }],
  },\n`;
  });
  return `export const estate = {\n${parts.join('')}};\n`;
}

/** What all worlds are copied from. */
export interface Prepared {
  readonly folder: string;
  /** What exists before the change, and after it. */
  readonly baseline: readonly string[];
  readonly approved: readonly string[];
  remove(): void;
}

export async function prepare(): Promise<Prepared> {
  const estate = makeSmallEstate();
  estate.write('stacks/estate.ts', estateText());
  const register = estate.read('stacks/clients/acme/service.yaml');
  const listed = stacks.map(
    (stack, index) =>
      `    - name: ${stack}\n      environment: ${index < 2 ? 'staging' : 'production'}\n      zones: [${zoneOf(stack)}]\n`,
  );
  estate.write(
    'stacks/clients/acme/service.yaml',
    register.replace(
      /(\n {2}stacks:\n)[^]*?(\n {2}windows:)/,
      (_all, before: string, after: string) => `${before}${listed.join('')}${after}`,
    ),
  );
  // Which service a zone belongs to: production zones, in the order of the services that are there.
  estate.write(
    'stacks/clients/acme/service.yaml',
    estate
      .read('stacks/clients/acme/service.yaml')
      .replace(
        'zones: [shop.example, shop-static.example]',
        `zones: [${stacks.slice(2, 5).map(zoneOf).join(', ')}]`,
      )
      .replace('zones: [shop-trade.example]', `zones: [${zoneOf(stacks[5])}]`),
  );
  estate.write(
    'policies/thresholds.yaml',
    estate
      .read('policies/thresholds.yaml')
      .replace('maxZones: 5', 'maxZones: 12')
      .replace('maxResources: 25', 'maxResources: 50'),
  );
  estate.git('commit', '--quiet', '--all', '--message', 'Six stacks');
  must(
    await estate.sluice(['baseline', '--reason', 'first release'], { TEST_NOW: longBefore }, withKeptSynth),
  );
  const baseline = await live(estate);
  merge(estate, change);
  await approve(estate, recordPath(change));
  const prepared: Omit<Prepared, 'approved'> = {
    folder: estate.folder,
    baseline,
    remove: () => estate.remove(),
  };
  // Once without a fault: what it leaves is what every other one has to come to.
  const world = await openWorld(prepared);
  try {
    must(await world.shell(releaseLine));
    return { ...prepared, approved: await live(world.estate) };
  } finally {
    await world.close();
  }
}

function must({
  exit,
  stdout,
  stderr,
}: {
  readonly exit: ExitName;
  readonly stdout: string;
  readonly stderr: string;
}): void {
  if (exit !== 'ok') {
    throw new Error(`ended as ${exit}: ${stdout}${stderr}`);
  }
}

/** A copy with a Cloudflare of its own that outlives whatever runs; `faults` are that Cloudflare's. The caller closes it. */
export async function openWorld(
  { folder }: Pick<Prepared, 'folder'>,
  faults: readonly Fault[] = [],
): Promise<FaultWorld> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-faults-')));
  cpSync(folder, root, { recursive: true, verbatimSymlinks: true });
  const estate = estateAt(root);
  const store = join(root, '.sluice/sandbox');
  const sandbox = await startSandbox({ folder: store, faults, now: () => inWindow });
  const programs = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-programs-')));
  writeFileSync(
    join(programs, 'sluice'),
    `#!/bin/sh\nexec "${process.execPath}" --import "${home}/test/faults/preload.mjs" "${home}/scripts/launch.mjs" "$@"\n`,
  );
  chmodSync(join(programs, 'sluice'), 0o755);
  serve(store, sandbox);
  return {
    estate,
    shell: async (line, options = {}) => run({ root, programs, line }, options),
    close: async () => {
      await sandbox.close();
      estate.remove();
      rmSync(programs, { recursive: true, force: true });
    },
  };
}

/** Leaves the note by which commands find it, as `sluice sandbox serve` does. */
function serve(store: string, { reattach, api, socketFolder }: Sandbox): void {
  writeFileSync(
    join(store, 'serving.json'),
    JSON.stringify({ process: markOf(process.pid), reattach, api, socketFolder }),
  );
}

interface Line {
  readonly root: string;
  readonly programs: string;
  readonly line: string;
}

async function run(
  { root, programs, line }: Line,
  { at = [], now = inWindow, trace, env = {}, onStarted }: RunOptions,
): Promise<Ran> {
  const child = spawn('sh', ['-c', `exec ${line}`], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: `${programs}:${process.env['PATH'] ?? ''}`,
      HOME: process.env['HOME'] ?? root,
      CI: 'true',
      USER: 'tester',
      SLUICE_FAULTS: JSON.stringify({ now, at, ...(trace === undefined ? {} : { trace }) }),
      ...env,
    },
  });
  onStarted?.(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Not `close`: a Terraform that goes on may hold nothing of it, but a test must not depend on that.
  const { code, signal } = await new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (status, by) => resolve({ code: status, signal: by }));
  });
  await Promise.race([
    Promise.all([ended(child.stdout), ended(child.stderr)]),
    new Promise((resolve) => setTimeout(resolve, 500)),
  ]);
  return { exit: code === null ? 'internal' : exitName(code), signal, stdout, stderr };
}

async function ended(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('end', () => resolve());
    stream.once('close', () => resolve());
  });
}
