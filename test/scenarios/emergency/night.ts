/**
 * An estate of one stack on the local GitHub, with the people, the registers and the policies of the reference estate, for
 * tests that carry an emergency from the incident to live with real Terraform.
 */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { incidentText } from '../../../scripts/read/incident/form.ts';
import type { IncidentForm } from '../../../policies/model/incident.ts';
import { approve, closeIssue, comment, merge, openIssue } from '../../../scripts/sandbox/github/acts.ts';
import { startServedGitHub } from '../../../scripts/sandbox/github/served.ts';
import { home, runAtTerminal, runIn, type Ended } from '../small-estate.ts';

const repository = 'r-okafor/estate';
const people = [
  'c-ortiz',
  'h-frost',
  'r-okafor',
  'm-lind',
  's-haddad',
  'j-novak',
  'p-iyer',
  't-berg',
  'a-marsh',
  'k-dunne',
];

export interface Night {
  /** What GitHub answers to a GET below the repository. */
  asked(path: string): Promise<unknown>;
  git(...args: readonly string[]): string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** A command with the token of this account; on a terminal where there are answers. */
  sluice(login: string, args: readonly string[], answers?: readonly string[]): Promise<Ended>;
  /** What the jobs of the repository do by themselves. */
  job(...args: readonly string[]): Promise<Ended>;
  gated(number: number): Promise<Ended>;
  approved(login: string, number: number, body?: string): Promise<void>;
  /** A comment on a pull request, or on an issue. */
  said(login: string, number: number, body: string): Promise<void>;
  /** The clone is on the default branch afterwards, as it is after the merge. */
  merged(login: string, number: number): Promise<void>;
  /** An incident by the form; its number. */
  incident(
    given?: Partial<IncidentForm> & { readonly title?: string; readonly login?: string },
  ): Promise<number>;
  /** The incident is over, as somebody says. */
  resolved(login: string, number: number): Promise<void>;
  /** Puts the clock of every command and of the server ahead. */
  later(milliseconds: number): void;
  close(): Promise<void>;
}

const estateProgram = `import { declareBoroughProduction } from './clients/borough/production.ts';

export const estate = [
  {
    name: 'borough-production',
    client: 'borough',
    environment: 'production' as const,
    accountId: 'b0201194c0a7c1150f7e5fa1ce5e7700',
    declare: declareBoroughProduction,
  },
];
`;

export interface NightOptions {
  readonly cases?: boolean;
  /** Makes another estate of it before it is committed. */
  readonly estate?: (at: Pick<Night, 'read' | 'write'>) => void;
}

/** `program`: of borough-production. Its must-pass cases are those of the reference estate, unless they are left away. */
export async function startNight(
  program: string,
  { cases = true, estate = () => undefined }: NightOptions = {},
): Promise<Night> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-night-')));
  let ahead = 0;
  const now = (): string => new Date(Date.now() + ahead).toISOString();
  const git = gitIn(folder);
  writeEstate(folder, program);
  if (!cases) {
    rmSync(join(folder, 'stacks/clients/borough/traffic'), { recursive: true });
  }
  const read: Night['read'] = (path) => readFileSync(join(folder, path), 'utf8');
  const write: Night['write'] = (path, text) => writeIn(folder, path, text);
  estate({ read, write });
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', folder]);
  git('config', 'user.name', 'Ruth Okafor');
  git('config', 'user.email', 'r-okafor@sluice.example');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'estate');
  const roster = readFileSync(join(folder, 'policies/roster.yaml'), 'utf8');
  const github = await startServedGitHub({
    folder,
    repository,
    defaultBranch: 'main',
    users: [...people, 'sluice-bot'].map((login) => ({
      login,
      name: login,
      account: accountOf(login, roster),
    })),
    pusher: 'r-okafor',
    now,
    environment: process.env,
  });
  const at = { github, repository };
  const sluice: Night['sluice'] = (login, args, answers) => {
    const env = {
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: repository,
      SLUICE_GITHUB_TOKEN: github.tokens.get(login) ?? '',
      GITHUB_ACTOR: login,
      SLUICE_DEFAULT_BRANCH: 'main',
    };
    const left = [...(answers ?? [])];
    return answers === undefined
      ? runIn(folder, args, env, (services) => ({ ...services, clock: { ...services.clock, now } }))
      : runAtTerminal({ folder, args, env, ask: async () => left.shift() ?? '' });
  };
  const job: Night['job'] = (...args) => sluice('sluice-bot', args);
  return {
    asked: async (path) => {
      const response = await fetch(`${github.url}/repos/${repository}/${path}`, {
        headers: { authorization: `Bearer ${github.tokens.get('m-lind') ?? ''}` },
      });
      const answer: unknown = await response.json();
      return answer;
    },
    git,
    read,
    write,
    sluice,
    job,
    gated: (number) => job('gate', '--pr', String(number), '--publish'),
    approved: (login, number, body = 'Read the plan.') => approve(at, { login, number, body }),
    said: (login, number, body) => comment(at, { login, number, body }),
    merged: async (login, number) => {
      await merge(at, login, number);
      git('switch', '--quiet', 'main');
      git('pull', '--quiet');
    },
    incident: ({ title = 'Sign-in is under attack', login = 'k-dunne', ...form } = {}) =>
      openIssue(at, {
        login,
        title,
        body: incidentText({
          services: ['citizen-services'],
          impact: 'high',
          urgency: 'high',
          causedBy: null,
          ...form,
        }),
      }),
    resolved: (login, number) => closeIssue(at, login, number),
    later: (milliseconds) => {
      ahead += milliseconds;
    },
    close: async () => {
      await github.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const gitIn =
  (folder: string) =>
  (...args: readonly string[]): string =>
    execFileSync('git', ['-C', folder, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();

function accountOf(login: string, roster: string): number {
  const found = new RegExp(`id: ${login.replace('-', '.')}\\n.*\\n\\s+accounts: \\[(\\d+)`).exec(roster);
  return Number(found?.[1] ?? 999_999);
}

function writeIn(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function writeEstate(folder: string, program: string): void {
  for (const path of ['stacks/constructs', 'stacks/clients/borough']) {
    cpSync(join(home, path), join(folder, path), { recursive: true });
  }
  for (const path of [
    'stacks/main.ts',
    'cdktf.json',
    'tsconfig.json',
    'package.json',
    '.gitignore',
    '.github/sluice.json',
    'stacks/clients/acme/service.yaml',
    'stacks/clients/platform/service.yaml',
  ]) {
    writeIn(folder, path, readFileSync(join(home, path), 'utf8'));
  }
  for (const name of readdirSync(join(home, 'policies')).filter((each) => each.endsWith('.yaml'))) {
    writeIn(folder, `policies/${name}`, readFileSync(join(home, 'policies', name), 'utf8'));
  }
  for (const [path, field] of [
    ['policies/calendar.yaml', 'freezes'],
    ['stacks/clients/borough/service.yaml', 'spec.freezes'],
  ] as const) {
    writeIn(folder, path, withoutFreezes(readFileSync(join(folder, path), 'utf8'), field.split('.')));
  }
  writeIn(folder, 'stacks/clients/borough/production.ts', program);
  writeIn(folder, 'stacks/estate.ts', estateProgram);
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
}

/** The test runs on any day. */
function withoutFreezes(text: string, field: readonly string[]): string {
  const document = parseDocument(text);
  document.setIn(field, []);
  return document.toString();
}
