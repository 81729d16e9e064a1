/**
 * A GitHub on loopback for the demo and the tests: `emulate` for pulls, reviews, checks and comments, and in front of it
 * a small server for what it lacks and the gate needs: the repository's activity (who pushed what, when), the events of
 * an issue, and the accounts behind the commits of a pull request. Nothing here is trusted by the gate more than GitHub would be.
 */
import { createEmulator, type Emulator } from 'emulate';
import { accountRoutes } from './accounts.ts';
import { startPushLog } from './activity.ts';
import { startAppTokens, type AppTokens, type LocalApp } from './apps.ts';
import { commitRoutes } from './commits.ts';
import { eventRoutes } from './events.ts';
import { graphqlRoutes } from './graphql.ts';
import { startGuardSettings, type GuardSettings } from './guard-rails.ts';
import { pushObjects } from './push.ts';
import { startFront, stopFront } from './route.ts';
import { startSynthRunLog, type LocalRun } from './synth-runs.ts';

export interface LocalUser {
  readonly login: string;
  readonly name: string;
  /** By which commits are theirs; where nothing is said, the login at sluice.example. */
  readonly email?: string;
}

export interface LocalGitHub {
  /** Base address of the REST API. */
  readonly url: string;
  /** Token per login. */
  readonly tokens: ReadonlyMap<string, string>;
  /** Numeric account id per login, as this server assigned it. */
  readonly ids: ReadonlyMap<string, number>;
  /** What `git push` does: uploads the commits of `folder` up to `sha`, moves the branch, records who did it. */
  push(push: {
    readonly folder: string;
    readonly branch: string;
    readonly sha: string;
    readonly login: string;
  }): Promise<void>;
  /** What `git push --delete` does. */
  deleteBranch(deletion: { readonly branch: string; readonly login: string }): Promise<void>;
  /** What the synth job does: a run of change.yml with what it left. Gives its number. */
  putSynthRun(run: LocalRun): number;
  /** The settings of the repository, for tests to break. */
  readonly settings: GuardSettings;
  /** Of the App; null where none is installed. */
  readonly appTokens: AppTokens | null;
  close(): Promise<void>;
}

export interface LocalGitHubOptions {
  readonly users: readonly LocalUser[];
  readonly repository: string;
  readonly now: () => string;
  /** PATH and HOME for git are taken from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** An App that is installed in the repository. */
  readonly app?: LocalApp;
}

/** Starts it on a free port. `repository` is `owner/name`; the owner must be one of the users. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const tokens = new Map(options.users.map((user) => [user.login, `local-${user.login}`]));
  const emulator = await startEmulator(options, tokens);
  const pushes = startPushLog(options.now);
  const synthRuns = startSynthRunLog();
  const guard = startGuardSettings();
  const ids = new Map<string, number>();
  const { app, now } = options;
  const appTokens = app === undefined ? null : startAppTokens(app, now, (login) => tokens.get(login) ?? '');
  const routes = [
    ...(appTokens?.routes ?? []),
    ...pushes.routes,
    ...synthRuns.routes,
    ...guard.routes,
    ...eventRoutes(options.now),
    ...commitRoutes,
    ...accountRoutes(() => ids),
    ...graphqlRoutes(options.now, () => ids),
  ];
  const { server, url } = await startFront(emulator.url, routes, now, appTokens?.admit);
  await learnAccountIds(url, tokens, ids);
  return {
    url,
    tokens,
    ids,
    putSynthRun: (run) => synthRuns.put(run),
    settings: guard.settings,
    appTokens,
    push: async ({ folder, branch, sha, login }) => {
      const before = pushes.heads.get(branch);
      const { isForced } = await pushObjects({
        url,
        token: tokens.get(login) ?? '',
        repository: options.repository,
        folder,
        branch,
        sha,
        known: [...pushes.heads.values()],
        before: before ?? null,
        environment: options.environment,
      });
      pushes.note({ branch, sha, actor: { id: ids.get(login) ?? 0, login }, isForced });
    },
    deleteBranch: async ({ branch, login }) => {
      await fetch(`${url}/repos/${options.repository}/git/refs/heads/${branch}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${tokens.get(login) ?? ''}` },
      });
    },
    close: async () => {
      await stopFront(server);
      await emulator.close();
    },
  };
}

function startEmulator(options: LocalGitHubOptions, tokens: ReadonlyMap<string, string>): Promise<Emulator> {
  const [owner = '', name = ''] = options.repository.split('/');
  return createEmulator({
    service: 'github',
    port: 0,
    seed: {
      tokens: Object.fromEntries([...tokens].map(([login, token]) => [token, { login, scopes: ['repo'] }])),
      github: {
        users: options.users.map(({ login, name: displayName, email = `${login}@sluice.example` }) => ({
          login,
          name: displayName,
          email,
        })),
        repos: [{ owner, name, auto_init: true }],
      },
    },
  });
}

/** Asks the server which number each account got. */
async function learnAccountIds(
  url: string,
  tokens: ReadonlyMap<string, string>,
  ids: Map<string, number>,
): Promise<void> {
  for (const [login, token] of tokens) {
    const response = await fetch(`${url}/user`, { headers: { authorization: `Bearer ${token}` } });
    const user = (await response.json()) as { readonly id: number };
    ids.set(login, user.id);
  }
}
