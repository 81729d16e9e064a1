/** One pull request on the local GitHub, for tests of the adapter. */
import { startLocalGitHub, type LocalGitHub } from '../../../scripts/sandbox/github/server.ts';
import { openPull, type Repository } from '../../../scripts/sandbox/github/acts.ts';
import { makeSmallEstate, type SmallEstate } from '../../scenarios/small-estate.ts';

export interface PullOnGitHub {
  readonly estate: SmallEstate;
  readonly github: LocalGitHub;
  readonly at: Repository;
  readonly number: number;
  readonly headSha: string;
  /** Asks the REST API as one of the accounts; a path below the repository. */
  ask(login: string, method: string, path: string, body?: object): Promise<unknown>;
  close(): Promise<void>;
}

const repository = 'r-okafor/estate';

/** Opened by r-okafor; `message` is that of its one commit, `files` are what it adds. m-lind, s-haddad and sluice-bot have accounts too. */
export async function pullOnLocalGitHub(
  message = 'change',
  files: Readonly<Record<string, string>> = { 'note.txt': 'changed\n' },
): Promise<PullOnGitHub> {
  const estate = makeSmallEstate();
  const github = await startLocalGitHub({
    users: ['r-okafor', 'm-lind', 's-haddad', 'sluice-bot'].map((login) => ({ login, name: login })),
    repository,
    now: () => new Date().toISOString(),
    environment: process.env,
  });
  const { folder, git } = estate;
  await github.push({ folder, branch: 'main', sha: git('rev-parse', 'main'), login: 'r-okafor' });
  git('checkout', '--quiet', '-b', 'change');
  for (const [path, text] of Object.entries(files)) {
    estate.write(path, text);
  }
  git('add', '--all');
  const author = 'Ruth <r-okafor@sluice.example>';
  git('commit', '--quiet', '--message', message, '--author', author);
  const headSha = git('rev-parse', 'HEAD');
  await github.push({ folder, branch: 'change', sha: headSha, login: 'r-okafor' });
  const at = { github, repository };
  const number = await openPull(at, { login: 'r-okafor', head: 'change', title: 'change', body: '' });
  return {
    estate,
    github,
    at,
    number,
    headSha,
    ask: async (login, method, path, body) => {
      const response = await fetch(`${github.url}/repos/${repository}/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${github.tokens.get(login) ?? ''}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return text === '' ? null : (JSON.parse(text) as unknown);
    },
    close: async () => {
      await github.close();
      estate.remove();
    },
  };
}
