/**
 * A GitHub on loopback for the demo and the tests: `emulate` for pulls, reviews, checks and comments, and in front of it
 * a small server for what it lacks and the gate needs: the repository's activity (who pushed what, when), the events of
 * an issue, and the accounts behind the commits of a pull request. Nothing here is trusted by the gate more than GitHub would be.
 */
import {
  createServer,
  request as forward,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator, type Emulator } from 'emulate';
import { dismiss, isDismissal, type DismissalEvents } from './dismissals.ts';
import { pushObjects } from './push.ts';

export interface LocalUser {
  readonly login: string;
  readonly name: string;
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
  close(): Promise<void>;
}

interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly activity_type: 'push' | 'branch_creation';
  readonly actor: { readonly id: number; readonly login: string };
}

const zero = '0'.repeat(40);

export interface LocalGitHubOptions {
  readonly users: readonly LocalUser[];
  readonly repository: string;
  readonly now: () => string;
  /** PATH and HOME for git are taken from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Starts it on a free port. `repository` is `owner/name`; the owner must be one of the users. */
export async function startLocalGitHub(options: LocalGitHubOptions): Promise<LocalGitHub> {
  const tokens = new Map(options.users.map((user) => [user.login, `local-${user.login}`]));
  const emulator = await startEmulator(options, tokens);
  const activity: Activity[] = [];
  const events: DismissalEvents = new Map();
  const server = createServer((incoming, outgoing) =>
    answer(incoming, outgoing, { upstream: emulator.url, activity, events, now: options.now }),
  );
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const ids = await accountIds(url, tokens);
  const heads = new Map<string, string>();
  return {
    url,
    tokens,
    ids,
    push: async ({ folder, branch, sha, login }) => {
      await pushObjects({
        url,
        token: tokens.get(login) ?? '',
        repository: options.repository,
        folder,
        branch,
        sha,
        known: [...heads.values()],
        environment: options.environment,
      });
      const before = heads.get(branch) ?? zero;
      activity.push({
        id: activity.length + 1,
        before,
        after: sha,
        ref: `refs/heads/${branch}`,
        timestamp: options.now(),
        activity_type: before === zero ? 'branch_creation' : 'push',
        actor: { id: ids.get(login) ?? 0, login },
      });
      heads.set(branch, sha);
    },
    close: async () => {
      await closeServer(server);
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
        users: options.users.map(({ login, name: shown }) => ({
          login,
          name: shown,
          email: `${login}@sluice.example`,
        })),
        repos: [{ owner, name, auto_init: true }],
      },
    },
  });
}

interface Behind {
  readonly upstream: string;
  readonly activity: readonly Activity[];
  readonly events: DismissalEvents;
  readonly now: () => string;
}

function answer(incoming: IncomingMessage, outgoing: ServerResponse, behind: Behind): void {
  const url = new URL(incoming.url ?? '/', behind.upstream);
  if (isDismissal(incoming, url)) {
    dismiss(incoming, outgoing, behind).catch(() => outgoing.writeHead(502).end());
    return;
  }
  const own = incoming.method === 'GET' ? ownAnswer(url, incoming.headers.authorization ?? '', behind) : null;
  if (own === null) {
    passOn(incoming, outgoing, url);
    return;
  }
  own.then(
    (body) => sendJson(outgoing, body),
    () => outgoing.writeHead(502).end(),
  );
}

/** What emulate does not know or knows differently; null for everything else. */
function ownAnswer(url: URL, authorization: string, behind: Behind): Promise<readonly unknown[]> | null {
  if (/^\/repos\/[^/]+\/[^/]+\/activity$/.test(url.pathname)) {
    const ref = url.searchParams.get('ref');
    return Promise.resolve(behind.activity.filter((entry) => ref === null || entry.ref === ref).toReversed());
  }
  if (/^\/repos\/[^/]+\/[^/]+\/issues\/\d+\/events$/.test(url.pathname)) {
    return Promise.resolve(behind.events.get(url.pathname) ?? []);
  }
  const commitsOf = /^(\/repos\/[^/]+\/[^/]+)\/pulls\/(\d+)\/commits$/.exec(url.pathname);
  if (commitsOf !== null) {
    const [, repository = '', number = ''] = commitsOf;
    return pullCommits(`${behind.upstream}${repository}`, number, authorization);
  }
  return null;
}

/** Everything else is emulate's. */
function passOn(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): void {
  const passed = forward(
    url,
    { method: incoming.method, headers: { ...incoming.headers, host: url.host } },
    (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    },
  );
  passed.on('error', () => {
    outgoing.writeHead(502).end();
  });
  incoming.pipe(passed);
}

interface UpstreamCommit {
  readonly sha: string;
}

/**
 * emulate lists the base commit too and leaves the accounts of authors and committers away; GitHub does neither. Its
 * answer about a single commit has them.
 */
async function pullCommits(
  repository: string,
  number: string,
  authorization: string,
): Promise<readonly unknown[]> {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${repository}/${path}`, { headers: { authorization } });
    return (await response.json()) as T;
  };
  const pull = await get<{ readonly base: UpstreamCommit }>(`pulls/${number}`);
  const commits = await get<readonly UpstreamCommit[]>(`pulls/${number}/commits?per_page=100`);
  const own = commits.filter((commit) => commit.sha !== pull.base.sha);
  return Promise.all(own.map((commit) => get(`commits/${commit.sha}`)));
}

function sendJson(outgoing: ServerResponse, body: unknown): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function accountIds(
  url: string,
  tokens: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const [login, token] of tokens) {
    const response = await fetch(`${url}/user`, { headers: { authorization: `Bearer ${token}` } });
    const user = (await response.json()) as { readonly id: number };
    ids.set(login, user.id);
  }
  return ids;
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}
