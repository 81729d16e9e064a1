/** What somebody with push rights on the ledger branch can do: entries, commits, tags and roots of their own making. */
import { generateKeyPairSync, sign, type KeyLike } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { bundleDigest, bundleText, canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { canonicalJson, sha256Hex } from '../../../scripts/json/json.ts';
import type { Bundle, Json, JsonObject } from '../../../scripts/plan/types.ts';
import { outcomeOf } from '../acts.ts';
import type { Outcome } from '../scenario.ts';
import type { World } from '../world.ts';

export const stack = 'acme-production';

/** A working tree of the ledger branch in which the attacker commits. */
export interface Forge {
  readonly read: (path: string) => string;
  readonly write: (path: string, text: string | Uint8Array) => void;
  readonly git: (...args: readonly string[]) => string;
  /** Commits everything; with a tag, moves or makes it. */
  readonly commit: (tag?: string) => void;
  readonly folders: () => readonly string[];
}

/** Every reference that remembers the ledger, to be put back between attempts. */
function references(world: World): ReadonlyMap<string, string> {
  const lines = world.git(
    'for-each-ref',
    '--format=%(refname) %(objectname)',
    'refs/heads/releases',
    'refs/tags',
    'refs/sluice',
  );
  return new Map(
    lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(' ') as [string, string]),
  );
}

function restore(world: World, before: ReadonlyMap<string, string>): void {
  for (const name of references(world).keys()) {
    if (!before.has(name)) {
      world.git('update-ref', '-d', name);
    }
  }
  for (const [name, sha] of before) {
    world.git('update-ref', name, sha);
  }
}

/** Does it to the ledger, runs the command, and puts the ledger back. */
export async function afterwards(
  world: World,
  attack: () => void,
  args: readonly string[] = ['ledger', 'verify'],
): Promise<Outcome> {
  return meanwhile(world, attack, async () => outcomeOf(await world.sluice(args)));
}

/** The same with whatever is asked in between. */
export async function meanwhile<T>(world: World, attack: () => void, ask: () => Promise<T>): Promise<T> {
  const before = references(world);
  attack();
  try {
    return await ask();
  } finally {
    restore(world, before);
  }
}

/** Works on the branch in a tree of its own. */
export function forging(world: Pick<World, 'git'>, work: (forge: Forge) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-forge-'));
  world.git('worktree', 'add', '--quiet', '--detach', folder, 'releases');
  const git = (...args: readonly string[]): string => world.git('-C', folder, ...args);
  try {
    work({
      git,
      read: (path) => readFileSync(join(folder, path), 'utf8'),
      write: (path, text) => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      },
      commit: (tag) => {
        git('add', '--all', '.');
        git('commit', '--quiet', '--message', 'Release');
        if (tag !== undefined) {
          git('tag', '--force', tag, 'HEAD');
        }
      },
      folders: () => readdirSync(join(folder, 'releases')).toSorted(),
    });
    world.git('update-ref', 'refs/heads/releases', git('rev-parse', 'HEAD'));
  } finally {
    world.git('worktree', 'remove', '--force', folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Signs as Sluice does, with whatever key and for whatever name. */
export type SignAs = (path: string, text: string) => string;

/** A key of the attacker's own, under the name of the real one. */
export function ownKey(scope = 'sandbox', id = 'sandbox'): SignAs {
  return keyInHand(generateKeyPairSync('ed25519').privateKey, scope, id);
}

/** A private key that somebody holds, whoever it belongs to. */
export function keyInHand(privateKey: KeyLike, scope: string, id: string): SignAs {
  return (path, text) => {
    const message = Buffer.from(`sluice ledger signature v1\n${scope}\n${path}\n${text}`);
    const signature = sign(null, message, privateKey).toString('base64');
    return documentOf({ kind: 'sluice.signature', version: 1, key: id, signature });
  };
}

export function documentOf(value: JsonObject): string {
  return `${canonicalJson(value)}\n`;
}

function digest(text: string): string {
  return `sha256:${sha256Hex(text)}`;
}

export interface Forged {
  readonly id: string;
  /** Which recorded release is imitated. */
  readonly from: string;
  readonly content: string;
  readonly signAs: SignAs;
  /** What its documents say otherwise than those that are imitated. */
  readonly saying?: JsonObject;
  /** Further files, by name, from the bundles before and after. */
  readonly beside?: (before: Bundle, after: Bundle) => Readonly<Record<string, string>>;
}

/** A whole release after the model of a recorded one, with another address in its bundle and every hash made right. */
export function forgePair(forge: Forge, forged: Forged): void {
  const { id, from, content, signAs, saying = {}, beside } = forged;
  const source = `releases/${from}-${stack}`;
  const folder = `releases/${id.slice(1)}-${stack}`;
  const json = (path: string): JsonObject => JSON.parse(forge.read(path)) as JsonObject;
  const others = forge.folders().filter((name) => name !== `${id.slice(1)}-${stack}`);
  const previous = digest(forge.read(`releases/${others.at(-1) ?? ''}/release.json`));
  const configuration = JSON.parse(
    forge.read(`${source}/bundle.tf.json`).replaceAll(/203\.0\.113\.\d+/g, content),
  ) as JsonObject;
  const bundle = canonicalBundle(stack, configuration);
  const told = { id, bundleDigest: bundleDigest(bundle), previous, ...saying };
  const more = beside?.(canonicalBundle(stack, json(`${source}/bundle.tf.json`)), bundle) ?? {};
  const files = new Map<string, string>([['bundle.tf.json', bundleText(bundle)], ...Object.entries(more)]);
  const intent = documentOf({
    ...json(`${source}/intent.json`),
    ...told,
    files: Object.fromEntries([...files].map(([name, text]): [string, Json] => [name, digest(text)])),
  });
  files.set('intent.json', intent);
  files.set('intent.sig.json', signAs(`${folder}/intent.json`, intent));
  put(forge, folder, files);
  forge.commit(`ledger/${id}-begun`);
  const named = Object.fromEntries([...files].map(([name, text]): [string, Json] => [name, digest(text)]));
  const { approvals: _, ...ended } = told as JsonObject;
  const release = documentOf({ ...json(`${source}/release.json`), ...ended, files: named });
  const ending = [
    ['release.json', release],
    ['release.sig.json', signAs(`${folder}/release.json`, release)],
  ] as const;
  put(forge, folder, new Map(ending));
  forge.commit(`ledger/${id}`);
}

/** The ledger of before has no signatures and takes none. */
function put(forge: Forge, folder: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    forge.write(`${folder}/${name}`, text);
  }
}
