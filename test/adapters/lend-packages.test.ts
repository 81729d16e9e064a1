/** Two commands in one clone use the lent packages at once, in processes of their own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lendPackages } from '../../scripts/adapters/lend-packages.ts';
import { temporaryFolder } from '../bypass/world.ts';

let checkout: string;
let packages: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  checkout = temporaryFolder();
  packages = join(temporaryFolder(), 'node_modules');
  mkdirSync(join(packages, 'tsx'), { recursive: true });
});
afterEach(() => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
  }
});

const module = new URL('../../scripts/adapters/lend-packages.ts', import.meta.url).href;
const link = (): string => join(checkout, 'node_modules');

/** Borrows, says so, and gives back when its input ends. */
async function borrower(): Promise<ChildProcess> {
  const program = `const { lendPackages } = await import(${JSON.stringify(module)});
    const back = await lendPackages(${JSON.stringify(checkout)}, ${JSON.stringify(packages)});
    console.log('borrowed');
    process.stdin.resume().on('end', async () => { await back(); });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.stdin?.end();
  await exit;
}

describe('lent packages', () => {
  it('stay until the last of two processes gives them back', async () => {
    const [first, second] = await Promise.all([borrower(), borrower()]);
    await ended(first);
    expect(existsSync(join(link(), 'tsx'))).toBe(true);
    await ended(second);
    expect(existsSync(link())).toBe(false);
  });

  it('are taken over from a process that was killed', async () => {
    const killed = await borrower();
    const exit = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exit;
    const back = await lendPackages(checkout, packages);
    expect(existsSync(join(link(), 'tsx'))).toBe(true);
    await back();
    expect(existsSync(link())).toBe(false);
  });

  it('may be borrowed twice by one process', async () => {
    const [first, twice] = [await lendPackages(checkout, packages), await lendPackages(checkout, packages)];
    await first();
    expect(existsSync(link())).toBe(true);
    await twice();
    expect(existsSync(link())).toBe(false);
  });

  it('do not replace a link of somebody else', async () => {
    symlinkSync(packages, link(), 'dir');
    const back = await lendPackages(checkout, packages);
    await back();
    expect(lstatSync(link()).isSymbolicLink()).toBe(true);
  });
});
