/**
 * A world to attack: a real repository with released stacks, a ledger and a sandbox, and a GitHub on loopback with the
 * people of the roster.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startLocalGitHub, type LocalGitHub } from '../../scripts/sandbox/github/server.ts';
import { runIn, type Adjust, type Ended } from '../scenarios/small-estate.ts';
import { withKeptSynth } from '../scenarios/cached-synth.ts';
import { startFront } from './front.ts';
import { followingPulls, type Happened } from './pulls.ts';

const owner = 'r-okafor';
export const repository = `${owner}/estate`;

/** The people of the roster with an account here, one who is on no roster, and the account that publishes verdicts. */
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
  'd-quist',
  'b-osei',
  'o-stranger',
] as const;
export type Login = (typeof logins)[number];
export const robot = 'sluice-bot';

export interface World {
  readonly folder: string;
  readonly github: LocalGitHub;
  readonly happened: Happened;
  /** Minutes that the clock of the commands is ahead of the real one, which GitHub's clock is. */
  aheadMinutes: number;
  git(...args: readonly string[]): string;
  /** Git as another person, or with a date of their choice. */
  gitAs(who: GitIdentity, ...args: readonly string[]): string;
  write(path: string, text: string): void;
  read(path: string): string;
  /** Runs a command line of Sluice in the repository. */
  sluice(args: readonly string[], options?: SluiceOptions): Promise<Ended>;
  close(): Promise<void>;
}

interface GitIdentity {
  readonly login: string;
  /** Author and committer date; now when left away. */
  readonly date?: string;
  /** When the author is somebody else than the committer. */
  readonly author?: string;
}

export interface SluiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly adjust?: Adjust;
  /** Runs the stack code again even if its sources were run before. */
  readonly freshSynth?: boolean;
}

/** A GitHub with these people, who may all push but one, and an empty repository. */
export async function startGitHub(): Promise<LocalGitHub> {
  const github = await startLocalGitHub({
    users: [...logins, robot].map((login) => ({ login, name: login })),
    repository,
    now: () => new Date().toISOString(),
    environment: process.env,
  });
  for (const login of logins.filter((each) => each !== owner && each !== 'o-stranger')) {
    const answer = await fetch(`${github.url}/repos/${repository}/collaborators/${login}`, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${github.tokens.get(owner) ?? ''}`,
        'content-type': 'application/json',
      },
      body: '{"permission":"push"}',
    });
    if (!answer.ok) {
      throw new Error(`${login} cannot be made a collaborator: ${String(answer.status)}`);
    }
  }
  return github;
}

/** A new folder of its own. */
export function temporaryFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'sluice-bypass-')));
}

/** The world whose repository is, or will be, in `folder`. */
export async function worldIn(folder: string, bare: LocalGitHub): Promise<World> {
  const happened: Happened = { heads: new Map(), merged: new Map() };
  const git = (...args: readonly string[]): string => runGit(folder, { login: 'r-okafor' }, args);
  const upstream = `${bare.url}/repos/${repository}`;
  const following = followingPulls({ happened, upstream, git, ids: bare.ids });
  const clock = { now: () => new Date().toISOString() };
  const front = await startFront(bare.url, { ...following, now: () => clock.now() });
  const github: LocalGitHub = { ...bare, url: front.url };
  const world: World = {
    folder,
    github,
    happened,
    aheadMinutes: 0,
    git,
    gitAs: (who, ...args) => runGit(folder, who, args),
    write: (path, text) => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    sluice: async (args, { env = {}, adjust = same, freshSynth = false } = {}) =>
      runIn(folder, args, { ...environment(github), ...env }, (services) =>
        adjust({
          ...(freshSynth ? services : withKeptSynth(services)),
          clock: { ...services.clock, now: () => nowIn(world) },
        }),
      ),
    close: async () => {
      await front.close();
      await bare.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  clock.now = () => nowIn(world);
  return world;
}

const same: Adjust = (services) => services;

/** The time of the commands. */
function nowIn(world: World): string {
  return new Date(Date.now() + world.aheadMinutes * 60_000).toISOString();
}

function environment(github: LocalGitHub): Readonly<Record<string, string>> {
  return {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: repository,
    SLUICE_GITHUB_TOKEN: github.tokens.get(robot) ?? '',
    GITHUB_ACTOR: 'release-job',
    SLUICE_DEFAULT_BRANCH: 'main',
  };
}

function runGit(folder: string, who: GitIdentity, args: readonly string[]): string {
  const author = who.author ?? who.login;
  const date = who.date ?? new Date().toISOString();
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      TZ: 'UTC',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: author,
      GIT_AUTHOR_EMAIL: `${author}@sluice.example`,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_NAME: who.login,
      GIT_COMMITTER_EMAIL: `${who.login}@sluice.example`,
      GIT_COMMITTER_DATE: date,
    },
  }).trim();
}
