/** Reads the commits of a branch with the paths each one changed, from one `git log` separated by NUL. */
import { ExternalError } from '../../contract/errors.ts';
import type { Git } from '../../contract/ports.ts';
import type { GitCommand } from './command.ts';

type HistoryCommit = Awaited<ReturnType<Git['history']>>[number];

const header = /^\n?commit ([0-9a-f]{40,64})((?: [0-9a-f]{40,64})*) ?$/;
const status = /^\n?([A-Z])[0-9]*$/;

function unreadable(token: string): ExternalError {
  return new ExternalError({
    what: 'the history of the branch cannot be read',
    why: `git log answered with ${JSON.stringify(token.slice(0, 80))}, which is neither a commit nor a change`,
    fix: 'use git 2.38 or newer',
    next: 'git --version',
  });
}

interface OpenCommit extends HistoryCommit {
  readonly changes: { readonly status: string; readonly path: string }[];
}

function readHeader(token: string): OpenCommit | null {
  const [, sha, parents = ''] = header.exec(token) ?? [];
  return sha === undefined
    ? null
    : { sha, parents: parents.split(' ').filter((id) => id !== '').length, changes: [] };
}

/** Tokens are a header, then pairs of status and path, then the next header: a path is never taken for a header. */
function readLog(text: string): readonly HistoryCommit[] {
  const tokens = text.split('\0').values();
  const commits: OpenCommit[] = [];
  for (const token of tokens) {
    if (token === '' || token === '\n') {
      continue;
    }
    const commit = readHeader(token);
    if (commit !== null) {
      commits.push(commit);
      continue;
    }
    const [, letter] = status.exec(token) ?? [];
    const path = tokens.next();
    if (letter === undefined || path.done === true) {
      throw unreadable(token);
    }
    commits.at(-1)?.changes.push({ status: letter, path: path.value });
  }
  return commits;
}

/** Every commit reachable from `sha`, oldest first, with what it changed against its first parent. */
export async function historyOf(git: GitCommand, sha: string): Promise<readonly HistoryCommit[]> {
  return git.once('history', [sha], async () => readHistory(git, sha));
}

/** What a commit that was made here adds to the history of its parent, where that was read. */
export function continueHistory(
  git: GitCommand,
  {
    sha,
    parent,
    changes,
  }: {
    readonly sha: string;
    readonly parent: string | null;
    readonly changes: HistoryCommit['changes'];
  },
): void {
  const before =
    parent === null ? Promise.resolve([]) : git.known<readonly HistoryCommit[]>('history', [parent]);
  if (before === null) {
    return;
  }
  const inOrder = changes.toSorted((left, right) =>
    Buffer.compare(Buffer.from(left.path), Buffer.from(right.path)),
  );
  const commit = { sha, parents: parent === null ? 0 : 1, changes: inOrder };
  void git.once('history', [sha], async () => [...(await before), commit]);
}

async function readHistory(git: GitCommand, sha: string): Promise<readonly HistoryCommit[]> {
  const text = await git.text([
    'log',
    '--topo-order',
    '--reverse',
    '-z',
    '--root',
    '--diff-merges=first-parent',
    '--name-status',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--no-show-signature',
    '--no-notes',
    '--no-color',
    '--format=format:commit %H %P%x00',
    sha,
    '--',
  ]);
  return readLog(text);
}

/** Commits on the first-parent line of `sha` that changed something below `folders`, newest first. */
export async function firstParents(
  git: GitCommand,
  sha: string,
  folders: readonly string[],
): Promise<readonly string[]> {
  const text = await git.text(['rev-list', '--first-parent', sha, '--', ...folders]);
  return text.split('\n').filter((line) => line !== '');
}

/** The parents that the commit itself names: the header of a commit ends at its first empty line (git-commit-tree(1)). */
export async function parentsOf(git: GitCommand, sha: string): Promise<readonly string[]> {
  const text = (await git.objects.contents(sha))?.bytes.toString('utf8') ?? '';
  const [head = ''] = text.split('\n\n');
  return head
    .split('\n')
    .flatMap((line) => (line.startsWith('parent ') ? [line.slice('parent '.length)] : []));
}
