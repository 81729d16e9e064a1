/** An estate of one's own in an empty folder, for tests that make it with the product's commands. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runIn, type Ended } from '../scenarios/small-estate.ts';

export interface OwnEstate {
  readonly folder: string;
  /** Runs a command line there. */
  readonly sluice: (...args: readonly string[]) => Promise<Ended>;
  readonly read: (path: string) => string;
  readonly write: (path: string, text: string) => void;
  readonly remove: () => void;
}

/** The folder is a git repository without a commit and without any file. */
export function emptyFolder(): OwnEstate {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-own-')));
  execFileSync('git', ['-C', folder, 'init', '--quiet', '--initial-branch', 'main']);
  return {
    folder,
    sluice: (...args) => runIn(folder, args, { TEST_NOW: '2026-11-30T09:00:00Z' }),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    write: (path, text) => writeFileSync(join(folder, path), text),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** `sluice client add` for a client with one zone. */
export const addShop = [
  'client',
  'add',
  'shop',
  '--title',
  'The Shop',
  '--account',
  'a1c0ffee5e7a11d0b5e55ed0ddba1100',
  '--zone',
  'shop.example',
] as const;
