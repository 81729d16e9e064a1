/**
 * A cell: a program in namespaces of its own, where only what is named exists. It sees no other process and so no other's
 * environment or memory, reads and writes no file that it was not given, has no network, and cannot take any of that
 * back. For programs that run what a pull request wrote: Terraform before anybody approved it, and stack code always.
 *
 * Linux gives this to everybody who may make user namespaces. Where it does not, `whyNot` says so, and what is then not
 * promised is said once.
 */
import * as fs from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { pickEnv, runProcess } from './run-process.ts';
import { makeScratch } from '../files/scratch.ts';

/** A program and what exists for it, besides the programs and libraries of the system. Paths that do not exist are left out. */
interface ConfinedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly readable: readonly string[];
  /** Wins over `readable` where one lies in the other. */
  readonly writable: readonly string[];
}

/** What to start instead, and how to clear up when it has ended. */
export interface ProcessCell {
  readonly command: string;
  readonly args: readonly string[];
  readonly remove: () => Promise<void>;
}

export interface ProcessConfinement {
  /** Null where cells can be made; else the reason, in one sentence. Asked once. */
  whyNot(): Promise<string | null>;
  /** Only where `whyNot` is null. */
  cell(program: ConfinedCommand): Promise<ProcessCell>;
}

export interface ConfinementOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The script `confine.sh`. */
  readonly script: string;
  /** Told once why there are no cells on this machine, and what that means. */
  readonly onMissing: (text: string) => void;
}

/**
 * New user, mount, process, network, IPC and host-name namespaces; `--kill-child` so that nothing outlives the cell. In
 * the user namespace the own user is called root, which it must be to mount; confine.sh takes that away before the
 * program starts.
 */
const namespaces = [
  '--user',
  '--map-root-user',
  '--mount',
  '--pid',
  '--fork',
  '--kill-child',
  '--net',
  '--ipc',
  '--uts',
  '--',
] as const;

/** Programs and libraries of the system, and how they are found. Nothing here tells one user's secret. */
const systemPaths = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/libx32',
  '/nix/store',
  '/etc/alternatives',
  '/etc/ld.so.cache',
] as const;

const devices = ['/dev/null', '/dev/zero', '/dev/random', '/dev/urandom'] as const;

const probeMs = 20_000;

type PlacedMount =
  | { readonly kind: 'ro' | 'rw'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string };

async function placed(path: string, kind: 'ro' | 'rw'): Promise<readonly PlacedMount[]> {
  const found = await fs.lstat(path).catch(() => null);
  if (found === null) {
    return [];
  }
  return found.isSymbolicLink()
    ? [{ kind: 'link', path, target: await fs.readlink(path) }]
    : [{ kind, path }];
}

/** Outer folders first, so that what lies in one is put on top of it; of the same path twice the writable one. */
function inOrder(all: readonly PlacedMount[]): readonly PlacedMount[] {
  const byPath = new Map<string, PlacedMount>();
  for (const one of all) {
    if (byPath.get(one.path)?.kind !== 'rw') {
      byPath.set(one.path, one);
    }
  }
  const inSystem = ({ path, kind }: PlacedMount): boolean => kind !== 'rw' && path.startsWith('/usr/');
  return [...byPath.values()]
    .filter((one) => !inSystem(one))
    .toSorted((a, b) => a.path.length - b.path.length || (a.path < b.path ? -1 : 1));
}

async function everythingFor(program: ConfinedCommand): Promise<readonly PlacedMount[]> {
  const groups = await Promise.all([
    ...systemPaths.map((path) => placed(path, 'ro')),
    ...devices.map((path) => placed(path, 'rw')),
    ...program.readable.map((path) => placed(path, 'ro')),
    ...program.writable.map((path) => placed(path, 'rw')),
  ]);
  return inOrder(groups.flat());
}

/** Absolute path of a program on the PATH, links followed; null when there is none. */
export async function programPath(
  command: string,
  environment: ConfinementOptions['environment'],
): Promise<string | null> {
  const candidates = command.includes('/')
    ? [command]
    : (environment['PATH'] ?? '')
        .split(delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => join(folder, command));
  for (const candidate of candidates) {
    const isProgram = await fs.access(candidate, fs.constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isProgram) {
      return fs.realpath(candidate);
    }
  }
  return null;
}

async function makeCell(script: string, program: ConfinedCommand): Promise<ProcessCell> {
  const root = await makeScratch('cell');
  const places = await everythingFor(program);
  return {
    command: 'unshare',
    args: [
      ...namespaces,
      script,
      root,
      program.cwd,
      ...places.flatMap((one) =>
        one.kind === 'link' ? ['link', one.path, one.target] : [one.kind, one.path],
      ),
      'run',
      program.command,
      ...program.args,
    ],
    // Mounts were in the namespace only: the folder itself is empty.
    remove: async () => fs.rmdir(root).catch(() => undefined),
  };
}

async function tryOut(options: ConfinementOptions): Promise<string | null> {
  if (process.platform !== 'linux') {
    return 'only Linux has the namespaces that it takes';
  }
  const missing = await programPath('unshare', options.environment);
  if (missing === null) {
    return 'the program `unshare` of util-linux is not installed';
  }
  const cell = await makeCell(options.script, {
    command: '/bin/true',
    args: [],
    cwd: '/',
    readable: [dirname(options.script)],
    writable: [],
  });
  try {
    const result = await runProcess({
      command: cell.command,
      args: cell.args,
      cwd: '/',
      env: pickEnv(options.environment, ['PATH']),
      timeoutMs: probeMs,
      ifMissing: { fix: 'install util-linux', next: 'unshare --version' },
    });
    return result.ending === 'exited' && result.exitCode === 0
      ? null
      : 'this machine does not let an ordinary user make namespaces (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns)';
  } finally {
    await cell.remove();
  }
}

/** The machine is asked when the first cell is wanted, and not again. */
export function createConfinement(options: ConfinementOptions): ProcessConfinement {
  const pending: { answer?: Promise<string | null> } = {};
  return {
    whyNot: () =>
      (pending.answer ??= tryOut(options).then((reason) => {
        if (reason !== null) {
          options.onMissing(
            `no cell for code of a pull request: ${reason}. Stack code and rules of the estate's own run under Node's permission model instead: they read what they are made of and given, write their output and start nothing, but are not kept from the network. Not promised for Terraform of a rehearsal: that it reads no other file or process of this user, and that it reaches no network`,
          );
        }
        return reason;
      })),
    cell: (program) => makeCell(options.script, program),
  };
}
