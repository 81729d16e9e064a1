/** A clone with a change on a branch, its origin, and a GitHub that learns of every push to it: what `sluice raise` works on. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createGitHub } from '../../../scripts/adapters/github/github.ts';
import { createPullRequests } from '../../../scripts/adapters/github/pulls.ts';
import { startLocalGitHub, type LocalGitHub } from '../../../scripts/sandbox/github/server.ts';
import { startFaultProxy, type FaultProxy } from '../../adapters/network/fault-proxy.ts';
import { merge, releasedEstate, type Change } from '../change.ts';
import { withKeptSynth } from '../cached-synth.ts';
import type { Adjust, Ended, SmallEstate } from '../small-estate.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

export const repository = 'r-okafor/estate';
export const branch = 'CHG-2026-0101';
export const change: Change = {
  id: branch,
  edits: [["action: 'log'", "action: 'block'"]],
};
/** Two weeks before the planned start. */
export const now = '2026-11-10T09:00:00Z';

const logins = [
  'r-okafor',
  'm-lind',
  's-haddad',
  'j-novak',
  'p-iyer',
  't-berg',
  'a-marsh',
  'k-dunne',
  'c-ortiz',
  'h-frost',
  'd-quist',
  'b-osei',
];

const start = (): Promise<LocalGitHub> =>
  startLocalGitHub({
    users: logins.map((login) => ({ login, name: login })),
    repository,
    now: () => new Date().toISOString(),
    environment: process.env,
  });

interface Pull {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly state: string;
  readonly user: { readonly login: string };
  readonly requested_reviewers: readonly { readonly login: string }[];
}

export interface RaiseWorld {
  readonly estate: SmallEstate;
  readonly github: LocalGitHub;
  readonly proxy: FaultProxy;
  raise(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Any command, with the token of an account. */
  sluice(login: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  /** Of the branch on origin; empty when it is not there. */
  onOrigin(name?: string): string;
  pulls(): Promise<readonly Pull[]>;
  ask(login: string, method: string, path: string, body?: object): Promise<unknown>;
  /** Requests since the last look that wrote something. */
  writes(): readonly string[];
  close(): Promise<void>;
}

/** The estate with its baseline, the accounts of the local GitHub in its roster, and the change committed on its branch. */
export async function changedEstate(): Promise<SmallEstate> {
  const estate = await releasedEstate();
  const github = await start();
  let roster = estate.read('policies/roster.yaml');
  logins.forEach((login, index) => {
    roster = roster.replace(`[${String(1001 + index)}`, `[${String(github.ids.get(login) ?? 0)}`);
  });
  await github.close();
  estate.write('policies/roster.yaml', roster);
  estate.git('commit', '--quiet', '--all', '--message', 'accounts');
  estate.git('checkout', '--quiet', '-b', branch);
  merge(estate, change);
  return estate;
}

/** A copy of it with an origin and a GitHub of its own. */
export async function raiseWorld(from: SmallEstate): Promise<RaiseWorld> {
  const estate = from.copy();
  const github = await start();
  const proxy = await startFaultProxy(github.url);
  const bare = join(estate.folder, '.sluice', 'remote', `${repository}.git`);
  execFileSync('git', ['init', '--quiet', '--bare', bare]);
  estate.git('remote', 'add', 'origin', bare);
  estate.git('push', '--quiet', 'origin', 'main');
  const learn = async (name: string): Promise<void> => {
    const sha = estate.git('ls-remote', 'origin', `refs/heads/${name}`).split('\t')[0] ?? '';
    await github.push({ folder: bare, branch: name, sha, login: 'r-okafor' });
  };
  await learn('main');
  const adjust =
    (env: Readonly<Record<string, string>>): Adjust =>
    (services) => {
      const settings = {
        token: env['SLUICE_GITHUB_TOKEN'] ?? '',
        repository,
        baseUrl: proxy.url,
        appId: null,
        secrets: knownValues([]),
        retryUnitMs: 1,
      };
      const isConfigured = settings.token !== '' && env['GITHUB_REPOSITORY'] === repository;
      return {
        ...withKeptSynth(services),
        ...(isConfigured
          ? {
              github: async () => createGitHub(settings),
              pullRequests: async () => createPullRequests(settings),
            }
          : {}),
        git: {
          ...services.git,
          pushHead: async (name, expected) => {
            await services.git.pushHead(name, expected);
            await learn(name);
          },
        },
      };
    };
  let seen = 0;
  const ask: RaiseWorld['ask'] = async (login, method, path, body) => {
    const response = await fetch(`${github.url}/repos/${repository}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${github.tokens.get(login) ?? ''}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  const sluice: RaiseWorld['sluice'] = (login, args, more = {}) => {
    const env = {
      TEST_NOW: now,
      GITHUB_API_URL: proxy.url,
      GITHUB_REPOSITORY: repository,
      SLUICE_GITHUB_TOKEN: github.tokens.get(login) ?? '',
      ...more,
    };
    return estate.sluice(args, env, adjust(env));
  };
  return {
    estate,
    github,
    proxy,
    ask,
    raise: (args = [], more = {}) => sluice('r-okafor', ['raise', ...args], more),
    sluice,
    onOrigin: (name = branch) => estate.git('ls-remote', 'origin', `refs/heads/${name}`).split('\t')[0] ?? '',
    pulls: async () => (await ask('r-okafor', 'GET', 'pulls?state=all')) as readonly Pull[],
    writes: () => {
      const fresh = proxy.log.slice(seen);
      seen = proxy.log.length;
      return fresh.filter((name) => !name.startsWith('GET ') && !name.startsWith('POST /graphql'));
    },
    close: async () => {
      await proxy.close();
      await github.close();
      estate.remove();
    },
  };
}
