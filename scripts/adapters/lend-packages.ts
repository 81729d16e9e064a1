/**
 * Lends the installed packages to a checkout without any, as a link that several processes may use at once. Each of them
 * leaves its number beside the link; the last one takes the link away. A process that was killed is not waited for.
 */
import { promises as fs } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ExternalError } from '../errors.ts';

/** How often the lock is tried, and how long one that nobody lets go of is respected: it is held for a few file operations. */
const pauseMs = 10;
const longestHoldMs = 5_000;

/** Returns the function that takes the packages back. A checkout with packages of its own is left as it is. */
export async function lendPackages(folder: string, nodeModules: string): Promise<() => Promise<void>> {
  const link = join(folder, 'node_modules');
  const target = await fs.realpath(nodeModules);
  const leases = await leaseFolder(await fs.realpath(folder));
  const own = join(leases, String(process.pid));
  const isLent = await locked(leases, async () => {
    const found = await targetOf(link);
    const isOurs = found === target && (await fs.readdir(leases)).length > 0;
    if (found !== null && !isOurs) {
      return false;
    }
    await fs.appendFile(own, '1');
    if (found === null) {
      await fs.symlink(target, link, 'dir');
    }
    return true;
  });
  return isLent ? async () => locked(leases, async () => giveBack(leases, own, link)) : async () => undefined;
}

/** One process may have borrowed more than once; the file has one character for each. */
async function giveBack(leases: string, own: string, link: string): Promise<void> {
  const times = await fs.readFile(own, 'utf8').catch(() => '');
  if (times.length > 1) {
    await fs.writeFile(own, times.slice(1));
    return;
  }
  await fs.rm(own, { force: true });
  const borrowers = (await fs.readdir(leases)).filter((name) => isAlive(Number(name)));
  if (borrowers.length === 0) {
    await fs.rm(link, { force: true });
    await fs.rm(leases, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Where the link goes; '' for something else of that name, null for nothing. */
async function targetOf(link: string): Promise<string | null> {
  const found = await fs.lstat(link).catch(() => null);
  if (found === null) {
    return null;
  }
  return found.isSymbolicLink() ? fs.readlink(link) : '';
}

async function leaseFolder(folder: string): Promise<string> {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return join(await fs.realpath(tmpdir()), `sluice-lent-${String(process.getuid?.() ?? 0)}-${name}`);
}

/** The lock is a folder: making one succeeds for exactly one process. */
async function locked<Result>(leases: string, work: () => Promise<Result>): Promise<Result> {
  const lock = `${leases}.lock`;
  for (let waited = 0; !(await made(lock)); waited += pauseMs) {
    if (waited > longestHoldMs) {
      await removeStale(lock);
    }
    if (waited > 2 * longestHoldMs) {
      throw new ExternalError({
        what: `the packages cannot be lent to the checkout: ${lock} is held`,
        why: 'another process holds it for longer than a few file operations take',
        fix: 'end that process, or remove the folder',
        next: `rmdir ${lock}`,
      });
    }
    await wait(pauseMs);
  }
  try {
    await fs.mkdir(leases, { recursive: true, mode: 0o700 });
    return await work();
  } finally {
    await fs.rm(lock, { recursive: true, force: true });
  }
}

async function made(lock: string): Promise<boolean> {
  return fs.mkdir(lock, { mode: 0o700 }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
        return false;
      }
      throw error;
    },
  );
}

async function removeStale(lock: string): Promise<void> {
  const found = await fs.stat(lock).catch(() => null);
  if (found !== null && Date.now() - found.mtimeMs > longestHoldMs) {
    await fs.rm(lock, { recursive: true, force: true });
  }
}
