/**
 * The local GitHub for a repository at hand: an origin to push to, people with the account numbers of the roster, and
 * merges that arrive in the origin. What `sluice sandbox github` and the demonstration serve.
 */
import type { MergeCommit } from './acts.ts';
import { openRemote, type ServedRemote } from './remote.ts';
import {
  passed,
  repositoryPath,
  startFront,
  stopFront,
  type Answered,
  type Call,
  type Route,
} from './route.ts';
import { startLocalGitHub, type LocalGitHub, type LocalUser } from './server.ts';

export interface ServedUser extends LocalUser {
  /** Number of the account, as the roster has it. */
  readonly account: number;
}

export interface ServedGitHub {
  readonly url: string;
  readonly tokens: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

export interface ServedOptions {
  readonly folder: string;
  readonly repository: string;
  readonly defaultBranch: string;
  readonly users: readonly ServedUser[];
  /** Whose account pushes, and whose commits are those of the clone's own git identity. */
  readonly pusher: string;
  readonly now: () => string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

interface Served extends ServedOptions {
  readonly github: LocalGitHub;
  readonly remote: ServedRemote;
  readonly numbers: ReadonlyMap<string, number>;
  /** What GitHub knows of the origin's branches. */
  readonly heads: Map<string, string>;
}

/** Starts it on a free port of the loopback. */
export async function startServedGitHub(options: ServedOptions): Promise<ServedGitHub> {
  const remote = await openRemote(options, options.defaultBranch);
  const github = await startLocalGitHub({
    ...options,
    users: options.users.map((user) =>
      user.login === options.pusher && remote.email !== null ? { ...user, email: remote.email } : user,
    ),
  });
  const numbers = new Map(options.users.map(({ login, account }) => [login, account]));
  const served = { ...options, github, remote, numbers, heads: new Map<string, string>() };
  // One after the other: two uploads of one branch would each take the other's objects for missing.
  let turn: Promise<unknown> = learnBranches(served);
  await turn;
  const answer = async (call: Call): Promise<Answered> => {
    const answered = turn.then(async () => respond(served, call));
    turn = answered.catch(() => undefined);
    return answered;
  };
  const routes = (['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method): Route => ({
    method,
    path: /^\/.*$/,
    answer,
  }));
  const { server, url } = await startFront(github.url, routes, options.now);
  return {
    url,
    tokens: github.tokens,
    close: async () => {
      await stopFront(server);
      await github.close();
    },
  };
}

async function learnBranches({ github, remote, heads, pusher }: Served): Promise<void> {
  const now = await remote.heads();
  for (const branch of [...heads.keys()].filter((known) => !now.has(known))) {
    await github.deleteBranch({ branch, login: pusher });
    heads.delete(branch);
  }
  for (const [branch, sha] of now) {
    if (heads.get(branch) !== sha) {
      await github.push({ folder: remote.folder, branch, sha, login: pusher });
      heads.set(branch, sha);
    }
  }
}

async function respond(served: Served, call: Call): Promise<Answered> {
  await learnBranches(served);
  const path = `${pathAt(served, call.url.pathname)}${call.url.search}`;
  const { method, text: body } = call;
  const answered = await passed(await call.upstream(path, { method, ...(body === '' ? {} : { body }) }));
  if (answered.status === 200 && method === 'PUT' && mergePath.test(call.url.pathname)) {
    await takeMerge(served, call, (answered.body as { readonly sha: string }).sha);
  }
  return { ...answered, body: numbered(answered.body, served.numbers) };
}

/** Accounts are asked for by the numbers that are shown. */
function pathAt({ numbers }: Served, path: string): string {
  const number = /^\/user\/(\d+)$/.exec(path)?.[1];
  const login = [...numbers].find(([, account]) => String(account) === number)?.[0];
  return login === undefined ? path : `/users/${login}`;
}

const mergePath = new RegExp(`^${repositoryPath}/pulls/(\\d+)/merge$`);

async function takeMerge({ remote, heads }: Served, { url, upstream }: Call, sha: string): Promise<void> {
  const [, repository = '', number = ''] = mergePath.exec(url.pathname) ?? [];
  const get = async <T>(path: string): Promise<T> =>
    (await (await upstream(`${repository}/${path}`)).json()) as T;
  const { base } = await get<{ readonly base: { readonly ref: string } }>(`pulls/${number}`);
  const commit = await get<MergeCommit>(`git/commits/${sha}`);
  await remote.adopt(base.ref, commit);
  heads.set(base.ref, commit.sha);
}

/** Accounts with the numbers of the roster, wherever one is in an answer. */
function numbered(body: unknown, numbers: ReadonlyMap<string, number>): unknown {
  if (Array.isArray(body)) {
    return body.map((item: unknown) => numbered(item, numbers));
  }
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) {
    return body;
  }
  const fields = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, numbered(value, numbers)]),
  );
  const account = typeof fields['login'] === 'string' ? numbers.get(fields['login']) : undefined;
  for (const name of account === undefined ? [] : ['id', 'databaseId'].filter((key) => key in fields)) {
    fields[name] = account;
  }
  return fields;
}
