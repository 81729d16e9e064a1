/**
 * A game day: the sign-in of a client is attacked at three in the morning. The whole way on the local GitHub, with the
 * constructs of the product and real Terraform, from the incident to the day on which the move is over. What people do is
 * counted and printed; the seconds are printed only.
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
import { afterAll, beforeAll, expect, it } from 'vitest';
import { approve, merge, openIssue } from '../../../scripts/sandbox/github/acts.ts';
import { startServedGitHub, type ServedGitHub } from '../../../scripts/sandbox/github/served.ts';
import { incidentText } from '../../../scripts/read/incident/form.ts';
import { home, runIn, type Ended } from '../small-estate.ts';

const repository = 'r-okafor/estate';
const people = ['r-okafor', 'm-lind', 's-haddad', 'j-novak', 'p-iyer', 't-berg', 'a-marsh', 'k-dunne'];

/** What people did, in their order. */
interface Step {
  readonly kind: 'approval' | 'click' | 'command';
  readonly what: string;
}

let folder = '';
let github: ServedGitHub;
/** Milliseconds that the clock is ahead. */
let ahead = 0;
const steps: Step[] = [];
const did = (kind: Step['kind'], what: string): number => steps.push({ kind, what });
const now = (): string => new Date(Date.now() + ahead).toISOString();
const count = (kind: Step['kind']): number => steps.filter((step) => step.kind === kind).length;

function git(...args: readonly string[]): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** A command that somebody types, with the token of that person. */
async function sluice(login: string, ...args: readonly string[]): Promise<Ended> {
  const env = {
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: repository,
    SLUICE_GITHUB_TOKEN: github.tokens.get(login) ?? '',
    GITHUB_ACTOR: login,
    SLUICE_DEFAULT_BRANCH: 'main',
  };
  return runIn(folder, args, env, (services) => ({ ...services, clock: { ...services.clock, now } }));
}

/** What the jobs of the repository do by themselves counts for nobody. */
const job = (...args: readonly string[]): Promise<Ended> => sluice('sluice-bot', ...args);

async function typed(login: string, ...args: readonly string[]): Promise<Ended> {
  did('command', `sluice ${args.join(' ')}`);
  return sluice(login, ...args);
}

const at = () => ({ github, repository });

const program = `/** Borough Council, production. */
import { DnsRecords, Zone, type EstateStack } from '../../constructs/library.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new DnsRecords(services, [{ id: 'www_a', type: 'A', name: 'www', content: '192.0.2.10', proxied: true }]);
}
`;

const estate = `import { declareBoroughProduction } from './clients/borough/production.ts';

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

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

/** One stack of one zone, with the people, the registers and the policies of the reference estate. */
function writeEstate(): void {
  cpSync(join(home, 'stacks/constructs'), join(folder, 'stacks/constructs'), { recursive: true });
  for (const path of [
    'stacks/main.ts',
    'cdktf.json',
    'tsconfig.json',
    'package.json',
    '.gitignore',
    '.github/sluice.json',
  ]) {
    write(path, readFileSync(join(home, path), 'utf8'));
  }
  for (const client of ['acme', 'borough', 'platform']) {
    const path = `stacks/clients/${client}/service.yaml`;
    write(path, readFileSync(join(home, path), 'utf8'));
  }
  for (const name of readdirSync(join(home, 'policies')).filter((each) => each.endsWith('.yaml'))) {
    write(`policies/${name}`, readFileSync(join(home, 'policies', name), 'utf8'));
  }
  write('stacks/clients/borough/production.ts', program);
  write('stacks/estate.ts', estate);
  symlinkSync(join(home, 'node_modules'), join(folder, 'node_modules'));
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-game-day-')));
  writeEstate();
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', folder]);
  git('config', 'user.name', 'Ruth Okafor');
  git('config', 'user.email', 'r-okafor@sluice.example');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'estate');
  const roster = read('policies/roster.yaml');
  const accountOf = (login: string): number =>
    Number(
      new RegExp(`id: ${login.replace('-', '.')}\\n.*\\n\\s+accounts: \\[(\\d+)`).exec(roster)?.[1] ??
        999_999,
    );
  github = await startServedGitHub({
    folder,
    repository,
    defaultBranch: 'main',
    users: [...people, 'sluice-bot'].map((login) => ({ login, name: login, account: accountOf(login) })),
    pusher: 'r-okafor',
    now,
    environment: process.env,
  });
});
afterAll(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

async function gated(number: number): Promise<Ended> {
  return job('gate', '--pr', String(number), '--publish');
}

async function approved(login: string, number: number): Promise<void> {
  did('approval', `${login} approves pull request ${String(number)}`);
  await approve(at(), { login, number, body: 'Read the plan.' });
}

async function merged(login: string, number: number): Promise<void> {
  did('click', `${login} merges pull request ${String(number)}`);
  await merge(at(), login, number);
  git('switch', '--quiet', 'main');
  git('pull', '--quiet');
}

const settled = [
  'waf-log-first',
  'waf-traffic-sample',
  'record-security-impact',
  'lead-time',
  'client-notice',
];

/** The record with everything that it owes: what gave way, and the form of a normal change of its risk. */
const madeUpFor = (record: string): string =>
  `${record.trimEnd()}
  owed:
${settled.map((item) => `    - { item: ${item}, settled: "Looked at by the security team on the morning after." }`).join('\n')}
impact: { level: 2, users: who signs in from AS64496, expectedOutage: PT0S }
securityImpact: { assessed: true, summary: a network is kept away from the sign-in }
acceptanceCriteria: [{ statement: no sign-in fails for anybody else }]
benefit: The sign-in answers again for everybody else.
consequenceIfNot: Nobody can sign in while the attack goes on.
likelihood: { level: 2 }
riskAnswers: { doneBefore: once, tested: partly, rollbackEase: easy, rollbackInWindow: certain, customerVisible: some, teamsInvolved: one, documented: runbook, peakTraffic: outside }
plan: { steps: [{ n: 1, action: Block the network, actor: r.okafor, expected: The sign-in answers, durationMin: 5 }] }
test:
  pre: [{ what: the requests of the attack, how: read by m.lind in the log, automated: false }]
  post: [{ what: sign-in answers, how: 'curl https://www.borough-services.example/login', automated: true }]
rollback: { strategy: revert, steps: [sluice rollback borough-production], triggers: [sign-ins fall by a tenth], maxDurationMin: 10, decider: r.okafor }
monitoring: { watch: [sign-ins a minute], observeMin: 30 }
`;

it('goes from the incident to live with one command and one approval, and is closed only with what it owes', async () => {
  const baseline = await job('baseline', '--reason', 'first release');
  expect([baseline.exit, baseline.stderr]).toEqual(['ok', expect.any(String)]);
  const began = performance.now();
  did('click', 'k-dunne fills in the incident form');
  const incident = await openIssue(at(), {
    login: 'k-dunne',
    title: 'Sign-in is under attack',
    body: incidentText({ services: ['citizen-services'], impact: 'high', urgency: 'high', causedBy: null }),
  });
  const raised = await typed(
    'r-okafor',
    'emergency',
    'block ASN 64496 on /login',
    '--incident',
    String(incident),
  );
  expect([raised.exit, raised.stderr, raised.stdout]).toEqual([
    'ok',
    expect.any(String),
    expect.stringContaining('Priya Iyer'),
  ]);
  const id = git('branch', '--show-current');
  const number = incident + 1;
  expect((await gated(number)).exit).toBe('denied');
  await approved('p-iyer', number);
  const allowed = await gated(number);
  expect([allowed.exit, allowed.stdout]).toEqual(['ok', expect.stringContaining('emergency')]);
  await merged('p-iyer', number);
  const live = await job('release', '--pr', String(number));
  expect([live.exit, live.stdout]).toEqual(['ok', expect.stringContaining(id)]);
  const seconds = (performance.now() - began) / 1000;
  expect([count('command'), count('approval')]).toEqual([1, 1]);

  const shown = await job('show', id);
  expect(settled.filter((item) => !shown.stdout.includes(item))).toEqual([]);
  git('switch', '--quiet', '--create', `close-${id}`);
  expect(await typed('s-haddad', 'close', id, '--by', 's.haddad')).toMatchObject({ exit: 'ok' });
  git('commit', '--quiet', '--all', '--message', `Close ${id}`);
  const closing = await typed('r-okafor', 'raise');
  expect([closing.exit, closing.stdout]).toEqual(['ok', expect.any(String)]);
  await gated(number + 1);
  await approve(at(), { login: 's-haddad', number: number + 1, body: 'Read.' });
  const owing = await gated(number + 1);
  expect([owing.exit, owing.stdout]).toEqual(['denied', expect.stringContaining('owes `waf-log-first`')]);

  git('switch', '--quiet', '--create', `settle-${id}`);
  write(`changes/borough/${id}.yaml`, madeUpFor(read(`changes/borough/${id}.yaml`)));
  git('commit', '--quiet', '--all', '--message', `Close ${id} with what it owes`);
  const again = await typed('r-okafor', 'raise');
  expect([again.exit, again.stderr]).toEqual(['ok', expect.any(String)]);
  await gated(number + 2);
  await approved('s-haddad', number + 2);
  const alone = await gated(number + 2);
  expect([alone.exit, alone.stdout]).toEqual(['denied', expect.stringContaining('1 x engineer')]);
  expect(alone.stdout).not.toContain('owes `');
  await approved('m-lind', number + 2);
  const ended = await gated(number + 2);
  expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('ALLOW')]);
  await merged('s-haddad', number + 2);
  expect((await job('status')).stdout).not.toContain('Emergencies that owe something');

  expect((await job('status')).stdout).not.toContain('Emergency moves that are over');
  ahead = 8 * 86_400_000;
  expect((await job('status')).stdout).toMatch(
    /Emergency moves that are over \(1\)\n.*expires .*, INC-1, 1 day/u,
  );
  expect([count('command'), count('approval'), count('click')]).toEqual([4, 3, 3]);
  process.stdout.write(
    `game day: live after ${seconds.toFixed(1)} s of machine time\n${steps
      .map(({ kind, what }) => `  ${kind.padEnd(9)} ${what}`)
      .join('\n')}\n`,
  );
});
