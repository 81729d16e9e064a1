/**
 * Uploads git objects through GitHub's git data API, which emulate serves with real object ids: the commit that the API
 * shows afterwards has the id that it has in the local repository. emulate has no git over HTTP.
 */
import { GitCommand } from '../../adapters/git/command.ts';
import { treeMode } from '../../adapters/git/pack.ts';
import { entriesOf } from '../../adapters/git/tree.ts';
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
  /** What the branch was at; null for a new one. */
  readonly before: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Sends what the server does not have yet and points the branch at `sha`. Says whether that took commits away. */
export async function pushObjects(order: PushOrder): Promise<{ readonly isForced: boolean }> {
  const git = new GitCommand(order.folder, order.environment);
  try {
    await sendObjects(order, git);
    await moveBranch(order);
    return { isForced: await takesAway(order, git) };
  } finally {
    git.objects.close();
  }
}

/** Commits of before that are not below the new one, or that the folder does not have to compare. */
async function takesAway({ before, sha }: PushOrder, git: GitCommand): Promise<boolean> {
  if (before === null) {
    return false;
  }
  try {
    return (await git.text(['rev-list', '--max-count=1', before, `^${sha}`])).trim() !== '';
  } catch {
    return true;
  }
}

async function sendObjects(order: PushOrder, git: GitCommand): Promise<void> {
  const known = order.known.map((sha) => `^${sha}`);
  const listed = async (...options: readonly string[]): Promise<readonly string[]> =>
    (await git.text(['rev-list', ...options, order.sha, ...known]))
      .split('\n')
      .map((line) => line.split(' ')[0] ?? '')
      .filter((id) => id !== '');
  const commits = await listed('--reverse');
  for (const blob of await listed('--objects', '--filter=object:type=blob', '--filter-provided-objects')) {
    const content = (await git.objects.contents(blob))?.bytes ?? Buffer.alloc(0);
    await send(order, 'POST', 'git/blobs', { content: content.toString('base64'), encoding: 'base64' });
  }
  const sent = new Set<string>();
  for (const sha of commits) {
    const commit = readCommit((await git.objects.contents(sha))?.bytes.toString('utf8') ?? '');
    await sendTree(order, git, commit.tree, sent);
    await send(order, 'POST', 'git/commits', commit);
  }
}

async function sendTree(order: PushOrder, git: GitCommand, id: string, sent: Set<string>): Promise<void> {
  if (sent.has(id)) {
    return;
  }
  sent.add(id);
  const entries = await entriesOf(git, id);
  const trees = entries.filter(({ mode }) => mode === treeMode);
  for (const tree of trees) {
    await sendTree(order, git, tree.id, sent);
  }
  const tree = entries.map((entry) => ({
    path: entry.path,
    mode: entry.mode,
    type: trees.includes(entry) ? 'tree' : 'blob',
    sha: entry.id,
  }));
  await send(order, 'POST', 'git/trees', { tree });
}

/** A commit object, as the API takes one. */
function readCommit(raw: string): Readonly<Record<string, unknown>> & { readonly tree: string } {
  const end = raw.indexOf('\n\n');
  const lines = raw.slice(0, end).split('\n');
  const all = (name: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  return {
    message: raw.slice(end + 2),
    tree: all('tree')[0] ?? '',
    parents: all('parent'),
    author: readStamp(all('author')[0] ?? ''),
    committer: readStamp(all('committer')[0] ?? ''),
  };
}

/** `NAME <EMAIL> SECONDS +HHMM`. */
function readStamp(text: string): Readonly<Record<'date' | 'email' | 'name', string>> {
  const [, name = '', email = '', seconds = '0', sign = '+', hours = '00', minutes = '00'] =
    /^(.*) <(.*)> (\d+) ([+-])(\d\d)(\d\d)$/.exec(text) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -60 : 60);
  const local = new Date((Number(seconds) + offset) * 1000).toISOString().slice(0, 19);
  return { name, email, date: `${local}${sign}${hours}:${minutes}` };
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
