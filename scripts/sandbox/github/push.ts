/**
 * Uploads git objects through GitHub's git data API, which emulate serves with real object ids: the commit that the API
 * shows afterwards has the id that it has in the local repository. emulate has no git over HTTP.
 */
import { pickEnv, runProcess } from '../../adapters/process/run-process.ts';
import { ExternalError } from '../../contract/errors.ts';

export interface PushOrder {
  readonly url: string;
  readonly token: string;
  readonly repository: string;
  readonly folder: string;
  readonly branch: string;
  readonly sha: string;
  /** Commits that the server has already, with everything below them. */
  readonly known: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Sends what the server does not have yet and points the branch at `sha`. */
export async function pushObjects(order: PushOrder): Promise<void> {
  const known = order.known.map((sha) => `^${sha}`);
  const commits = (await git(order, ['rev-list', '--reverse', order.sha, ...known]))
    .trim()
    .split('\n')
    .filter((sha) => sha !== '');
  const objects = (
    await git(order, [
      'rev-list',
      '--objects',
      '--filter=object:type=blob',
      '--filter-provided-objects',
      order.sha,
      ...known,
    ])
  )
    .trim()
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '');
  for (const blob of objects.filter((oid) => oid !== '')) {
    const content = await git(order, ['cat-file', 'blob', blob]);
    await send(order, 'POST', 'git/blobs', {
      content: Buffer.from(content, 'utf8').toString('base64'),
      encoding: 'base64',
    });
  }
  const trees = new Set<string>();
  for (const sha of commits) {
    await sendTree(order, (await git(order, ['rev-parse', `${sha}^{tree}`])).trim(), trees);
    await sendCommit(order, sha);
  }
  await moveBranch(order);
}

async function sendTree(order: PushOrder, oid: string, sent: Set<string>): Promise<void> {
  if (sent.has(oid)) {
    return;
  }
  sent.add(oid);
  const lines = (await git(order, ['ls-tree', '-z', oid])).split('\0').filter((line) => line !== '');
  const entries = lines.map((line) => {
    const [head = '', path = ''] = line.split('\t');
    const [mode = '', type = '', sha = ''] = head.split(' ');
    return { path, mode, type, sha };
  });
  for (const entry of entries.filter((candidate) => candidate.type === 'tree')) {
    await sendTree(order, entry.sha, sent);
  }
  await send(order, 'POST', 'git/trees', { tree: entries });
}

async function sendCommit(order: PushOrder, sha: string): Promise<void> {
  const raw = await git(order, ['cat-file', 'commit', sha]);
  const message = raw.slice(raw.indexOf('\n\n') + 2);
  const format = '--format=%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI';
  const [tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = ''] = (
    await git(order, ['log', '-1', format, sha])
  ).split('\n');
  await send(order, 'POST', 'git/commits', {
    message,
    tree,
    parents: parents.split(' ').filter((parent) => parent !== ''),
    author: { name: an, email: ae, date: ad },
    committer: { name: cn, email: ce, date: cd },
  });
}

async function moveBranch(order: PushOrder): Promise<void> {
  const moved = await call(order, 'PATCH', `git/refs/heads/${order.branch}`, { sha: order.sha, force: true });
  if (!moved.ok) {
    await send(order, 'POST', 'git/refs', { ref: `refs/heads/${order.branch}`, sha: order.sha });
  }
}

async function send(order: PushOrder, method: string, path: string, body: object): Promise<void> {
  const response = await call(order, method, path, body);
  if (!response.ok) {
    throw new ExternalError({
      what: `The local GitHub did not take ${path}.`,
      why: `It answered ${String(response.status)}: ${(await response.text()).slice(0, 200)}`,
      next: 'npm start',
    });
  }
}

async function call(order: PushOrder, method: string, path: string, body: object): Promise<Response> {
  return fetch(`${order.url}/repos/${order.repository}/${path}`, {
    method,
    headers: { authorization: `Bearer ${order.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function git({ folder, environment }: PushOrder, args: readonly string[]): Promise<string> {
  const result = await runProcess({
    command: 'git',
    args: ['-C', folder, ...args],
    cwd: folder,
    env: pickEnv(environment, ['PATH', 'HOME']),
    timeoutMs: 60_000,
    stdout: 'data',
    ifMissing: { fix: 'Install git.', next: 'git --version' },
  });
  if (result.exitCode !== 0) {
    throw new ExternalError({ what: `git ${args[0] ?? ''} failed.`, why: result.stderr, next: 'git status' });
  }
  return result.stdout;
}
