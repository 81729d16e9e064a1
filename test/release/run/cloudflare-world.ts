/**
 * A shared repository with its clones and one Cloudflare: real git over a remote on disk, real Terraform, and the sandbox in
 * the place of Cloudflare and of the state's bucket. What runs here takes the way of `--target cloudflare` throughout.
 */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Facts } from '../../../policies/model/facts.ts';
import type { Services } from '../../../scripts/contract/context.ts';
import { fromFolder } from '../../../scripts/facts/bundles.ts';
import { factsAtApply } from '../../../scripts/release/run/facts-at-apply.ts';
import { releaseStacks } from '../../../scripts/release/run/release-stacks.ts';
import type { Terraform } from '../../../scripts/contract/ports.ts';
import type { ReleaseEntry } from '../../../scripts/release/types.ts';
import { startSandbox, type Sandbox } from '../../../scripts/sandbox/provider/server.ts';
import { buildServices } from '../../../scripts/cli/services.ts';
import { approve, inWindow } from '../../scenarios/change/approved-facts.ts';
import { merge, recordPath, releasedEstate, type Change } from '../../scenarios/change.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import { estateAt, home, type Adjust, type Ended, type SmallEstate } from '../../scenarios/small-estate.ts';

export const repository = 'managed-services/estate';
const bundles = '.sluice/bundles';

/** A key pair of a release: the secret of its environment and the line of the control file. */
export interface ReleaseKey {
  readonly id: string;
  readonly secret: string;
  readonly publicKey: string;
}

export function makeKey(id: string): ReleaseKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    id,
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  };
}

/** The control file with these keys; `more` are further lines of the first. */
export function keysFile(keys: readonly ReleaseKey[], more = ''): string {
  const lines = keys.map(
    ({ id, publicKey }, index) =>
      `  - id: ${id}\n    publicKey: ${publicKey}\n    from: "2026-11-01T00:00:00Z"\n${index === 0 ? more : ''}`,
  );
  return `repository: ${repository}\nkeys:\n${lines.join('')}`;
}

export interface CloudflareWorld {
  /** The bare repository that every clone calls origin. */
  readonly origin: SmallEstate;
  readonly clone: SmallEstate;
  readonly key: ReleaseKey;
  /** Another clone of what is on origin now. */
  another(): SmallEstate;
  /** A command line with the secrets of the release. */
  run(at: SmallEstate, args: readonly string[], options?: RunOptions): Promise<Ended>;
  /** Commits everything in the first clone, pushes it, and makes its bundles where no secret is. */
  publish(message: string): Promise<void>;
  /** Merges a change and gets everybody's approval for it. */
  approved(change: Change): Promise<Facts>;
  /** What `release --pr` does once GitHub has answered. */
  release(at: SmallEstate, saved: Facts, wrap?: Wrap): Promise<readonly ReleaseEntry[]>;
  close(): Promise<void>;
}

export type Wrap = (real: Terraform) => Partial<Terraform>;

interface RunOptions {
  readonly key?: ReleaseKey;
  readonly wrap?: Wrap;
}

/** A server that keeps the states, in the place of the folder that stands in for a bucket. */
export interface StateServer {
  /** Of every command line, beside the token and the key. */
  readonly environment: Readonly<Record<string, string>>;
  /** Before the keys of the ledger are published: puts the states of the clone there, and the backend into its code. */
  moveIn(clone: SmallEstate): Promise<void>;
}

/** Two stacks that are live and that no ledger knows yet. */
export async function makeCloudflareWorld(server: StateServer | null = null): Promise<CloudflareWorld> {
  const clone = await releasedEstate();
  for (const line of clone.git('for-each-ref', '--format=%(refname)').split('\n')) {
    if (/releases$|\/ledger\/|^refs\/sluice\//.test(line)) {
      clone.git('update-ref', '-d', line);
    }
  }
  const folders = [clone];
  const origin = estateAt(newFolder());
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch', 'main', origin.folder]);
  const key = makeKey('release-2026');
  const state = join(clone.folder, '.sluice/state');
  const sandbox = await startSandbox({
    folder: join(clone.folder, '.sluice/sandbox'),
    now: () => inWindow,
  });
  const adjust = (wrap: Wrap): Adjust =>
    server === null ? standingIn(sandbox, state, wrap) : withProvider(sandbox, wrap);
  const environment = { ...server?.environment, CLOUDFLARE_BASE_URL: sandbox.api };
  await server?.moveIn(clone);
  clone.git('remote', 'add', 'origin', origin.folder);
  const world: CloudflareWorld = {
    origin,
    clone,
    key,
    another: () => {
      const other = estateAt(newFolder());
      execFileSync('git', [
        'clone',
        '--quiet',
        '--config',
        'user.name=tester',
        '--config',
        'user.email=tester@sluice.example',
        origin.folder,
        other.folder,
      ]);
      other.git('fetch', '--quiet', 'origin', 'releases:releases');
      folders.push(other);
      return other;
    },
    run: async (at, args, { key: used = key, wrap = asItIs } = {}) =>
      at.sluice(
        args,
        {
          SLUICE_LEDGER_KEY: used.secret,
          CLOUDFLARE_API_TOKEN: 'token-of-the-test',
          TEST_NOW: inWindow,
          ...(server === null ? {} : environment),
        },
        adjust(wrap),
      ),
    publish: async (message) => {
      clone.git('add', '--all');
      clone.git('commit', '--quiet', '--message', message);
      clone.git('push', '--quiet', 'origin', 'HEAD:main');
      const made = await clone.sluice(['synth', '--out', bundles], {}, withKeptSynth);
      expect([made.exit, made.stderr]).toEqual(['ok', expect.anything()]);
    },
    approved: async (change) => {
      merge(clone, change);
      clone.git('push', '--quiet', 'origin', 'HEAD:main');
      const made = await clone.sluice(['synth', '--out', bundles], {}, withKeptSynth);
      expect([made.exit, made.stderr]).toEqual(['ok', expect.anything()]);
      return JSON.parse(readFileSync(await approve(clone, recordPath(change)), 'utf8')) as Facts;
    },
    release: async (at, saved, wrap = asItIs) => {
      const services = adjust(wrap)(servicesIn(at, key, server === null ? {} : environment));
      const proposed = await fromFolder(services.files, join(clone.folder, bundles));
      const gathered = await factsAtApply(services, saved, proposed);
      const root = `${at.folder}/.sluice`;
      const workshop = { root, target: 'cloudflare', confined: false } as const;
      const { headSha: commit } = gathered.facts.tuple;
      const again = 'sluice release --pr 7 --target cloudflare';
      const order = {
        ...gathered,
        proposed,
        commit,
        stacks: [],
        wave: null,
        fromGitHub: new Map(),
        again,
        by: 'tester',
        resolve: new Map(),
      };
      return (await releaseStacks(services, workshop, order)).entries;
    },
    close: async () => {
      await sandbox.close();
      for (const folder of folders) {
        folder.remove();
      }
      origin.remove();
    },
  };
  clone.write('policies/ledger-keys.yaml', keysFile([key]));
  await world.publish('keys of the ledger');
  clone.git('remote', 'set-head', 'origin', 'main');
  return world;
}

function newFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
}

const asItIs: Wrap = () => ({});

function servicesIn(
  { folder }: SmallEstate,
  key: ReleaseKey,
  more: Readonly<Record<string, string>>,
): Services {
  const stream = { write: () => undefined };
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    CI: 'true',
    SLUICE_LEDGER_KEY: key.secret,
    CLOUDFLARE_API_TOKEN: 'token-of-the-test',
    ...more,
  };
  const { signal } = new AbortController();
  const built = buildServices({ env, cwd: folder, stdout: stream, stderr: stream, ask: null, signal }, home);
  return { ...built, clock: { ...built.clock, now: () => inWindow } };
}

/** Everything as in a release, and the provider of the sandbox, of which there is no copy to install. */
function withProvider(sandbox: Sandbox, wrap: Wrap): Adjust {
  return (services) => ({
    ...withKeptSynth(services),
    terraform: () => {
      const real = services.terraform({ target: 'cloudflare', reattach: sandbox.reattach, cell: null });
      return { ...real, ...wrap(real) };
    },
  });
}

/** Terraform finds the sandbox for Cloudflare and a folder for the bucket; the bundle stays as it is. */
function standingIn(sandbox: Sandbox, state: string, wrap: Wrap): Adjust {
  return (services) => ({
    ...withKeptSynth(services),
    cloudflare: () => services.cloudflare({ target: 'sandbox', api: sandbox.api }),
    terraform: () => {
      const real = services.terraform({ target: 'sandbox', reattach: sandbox.reattach, cell: null });
      const inBucket: Terraform = {
        ...real,
        init: (folder) => real.init(withBucket(folder, state)),
        plan: (folder, file) => real.plan(withBucket(folder, state), file),
        apply: (folder, file, update) => real.apply(withBucket(folder, state), file, update),
        adopt: (folder, address, id) => real.adopt(withBucket(folder, state), address, id),
        state: (folder) => real.state(withBucket(folder, state)),
      };
      return { ...inBucket, ...wrap(inBucket) };
    },
  });
}

function withBucket(folder: string, state: string): string {
  const stack = folder.slice(folder.lastIndexOf('/') + 1);
  const backend = { local: { path: `${state}/${stack}/terraform.tfstate` } };
  writeFileSync(join(folder, 'sluice_override.tf.json'), JSON.stringify({ terraform: { backend } }));
  return folder;
}
