/**
 * The product as a stranger has it: packed, installed by npm from the registry into an empty folder, and used for an
 * estate that goes all the way. Then an edited estate of an earlier version's tarball is moved to this one. Takes minutes
 * and the network, so it is not part of the suite: `npm run test:estate`.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
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
import { join } from 'node:path';

const root = new URL('../../..', import.meta.url).pathname.replace(/\/$/, '');
const work = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-installed-')));
const estate = join(work, 'estate');
const home = join(work, 'home');

interface Ended {
  readonly exit: number;
  readonly said: string;
}

const { NO_COLOR: _none, FORCE_COLOR: _force, ...inherited } = process.env;
const environment = {
  ...inherited,
  // Its git knows who commits; npm keeps the reader's own settings and cache.
  HOME: home,
  NO_COLOR: '1',
  npm_config_userconfig: join(process.env['HOME'] ?? work, '.npmrc'),
  npm_config_cache: process.env['npm_config_cache'] ?? join(process.env['HOME'] ?? work, '.npm'),
  npm_config_prefer_offline: 'true',
  npm_config_update_notifier: 'false',
};

function run(command: string, args: readonly string[], cwd = estate): Ended {
  try {
    return {
      exit: 0,
      said: execFileSync(command, args, {
        cwd,
        env: environment,
        encoding: 'utf8',
        stdio: 'pipe',
        maxBuffer: 2 ** 26,
      }),
    };
  } catch (error) {
    const failed = error as {
      readonly status: number | null;
      readonly stdout: string;
      readonly stderr: string;
    };
    return { exit: failed.status ?? -1, said: `${failed.stdout}${failed.stderr}` };
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs it and stops everything when it ends otherwise, or says otherwise, than it should. */
function expectEnd(ended: Ended, what: string, exit: number, said: RegExp = /(?:)/): string {
  if (ended.exit !== exit || !said.test(ended.said)) {
    throw new Error(
      `${what}: exit ${String(ended.exit)}, expected ${String(exit)} and ${String(said)}\n${ended.said.slice(-4000)}`,
    );
  }
  say(`ok  ${what}`);
  return ended.said;
}

function sluice(args: readonly string[], exit = 0, said?: RegExp): string {
  return expectEnd(
    // From below the root, as people call it.
    run('../sluice', args, join(estate, 'stacks')),
    `sluice ${args.join(' ').slice(0, 90)}`,
    exit,
    said,
  );
}

function must(command: string, args: readonly string[], cwd = estate): string {
  return expectEnd(run(command, args, cwd), `${command} ${args.join(' ').slice(0, 90)}`, 0);
}

const read = (path: string): string => readFileSync(join(estate, path), 'utf8');
const write = (path: string, text: string): void => writeFileSync(join(estate, path), text);

/** Packs the sources of a folder; gives the tarball. */
function packed(folder: string, name: string): string {
  const into = join(work, name);
  mkdirSync(into);
  must('npm', ['pack', '--silent', '--pack-destination', into], folder);
  return join(into, readdirSync(into)[0] ?? '');
}

/** The sources as those of an earlier version: with another number, and an older Terraform in the workflows. */
function earlierSources(): string {
  const folder = join(work, 'earlier');
  const left = new Set(['.git', '.sluice', 'dist', 'node_modules', 'cdktf.out', 'test']);
  for (const name of readdirSync(root).filter((entry) => !left.has(entry))) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const edit = (path: string, from: string | RegExp, to: string): void => {
    const text = readFileSync(join(folder, path), 'utf8');
    const next = text.replace(from, to);
    if (next === text) {
      throw new Error(`${path} has no ${String(from)}`);
    }
    writeFileSync(join(folder, path), next);
  };
  edit('package.json', /"version": "[^"]+"/, '"version": "0.0.9"');
  edit('.github/actions/setup/action.yml', /terraform_version: .+/, 'terraform_version: 1.10.0');
  edit('.github/workflows/gate.yml', 'timeout-minutes: 30', 'timeout-minutes: 25');
  return folder;
}

const seats: readonly (readonly [id: string, account: string, ...seats: readonly string[]])[] = [
  ['r.okafor', '1001', 'engineer'],
  ['m.lind', '1002', 'engineer', 'security'],
  ['s.haddad', '1003', 'change-manager', 'cab'],
  ['p.iyer', '1004', 'cab', 'ecab', 'service-delivery'],
];

const ownRule = 'policies/rules/own-ttl-not-short.ts';

const clock = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** `init` runs from the sources of the version; everything after it from the installed tarball. */
function makeEstate(sources: string, tarball: string): void {
  mkdirSync(estate);
  const init = ['init', estate, '--organization', 'my-team', '--package', `file:${tarball}`];
  expectEnd(
    run('node', [join(sources, 'scripts/launch.mjs'), ...init], work),
    'sluice init',
    0,
    /wrote {2}stacks\/estate\.ts/,
  );
  must('git', ['init', '--quiet', '--initial-branch', 'main']);
  must('npm', ['install', '--no-fund', '--no-audit']);
  for (const [id, account, ...own] of seats) {
    sluice([
      'person',
      'add',
      id,
      '--name',
      id,
      '--account',
      account,
      '--from',
      '2026-01-01',
      ...own.flatMap((seat) => ['--seat', seat]),
    ]);
  }
  const window = `MO-SU ${clock(-1).slice(11, 16)}-${clock(5).slice(11, 16)} UTC`;
  sluice([
    'client',
    'add',
    'shop',
    '--title',
    'The Shop',
    '--account',
    'a1c0ffee5e7a11d0b5e55ed0ddba1100',
    '--zone',
    'shop.example',
    '--window',
    window,
  ]);
  sluice(['rule', 'add', 'ttl-not-short'], 0, /wrote  policies\/rules\/own-ttl-not-short\.cases\.ts/);
}

/** Ten records and three rules; a rule of the team's own stands beside them. */
function fillZone(): void {
  const records = Array.from(
    { length: 10 },
    (_, index) =>
      `  { id: 'host_${String(index)}', type: 'A', name: 'host${String(index)}', content: '192.0.2.${String(10 + index)}', proxied: true },`,
  );
  const path = 'stacks/clients/shop';
  write(`${path}/dns/shop.ts`, read(`${path}/dns/shop.ts`).replace('= []', `= [\n${records.join('\n')}\n]`));
  const rule = (ref: string, action: string, uri: string): string =>
    `  { ref: '${ref}', description: 'What ${ref} is for', action: '${action}', expression: '(http.host eq "host1.shop.example" and http.request.uri.path eq "${uri}")' },`;
  const rules = [
    rule('block-env', 'block', '/.env'),
    rule('challenge-login', 'managed_challenge', '/login'),
    rule('log-old-api', 'log', '/v1'),
  ];
  write(`${path}/waf/shop.ts`, read(`${path}/waf/shop.ts`).replace('= []', `= [\n${rules.join('\n')}\n]`));
}

function commit(message: string): void {
  must('git', ['add', '--all']);
  must('git', ['commit', '--quiet', '--message', message]);
}

async function serveGitHub(): Promise<ChildProcess> {
  const served = spawn(join(estate, 'sluice'), ['sandbox', 'github'], {
    cwd: estate,
    env: environment,
  });
  await new Promise<void>((resolve, reject) => {
    served.stdout.on('data', () => resolve());
    served.on('exit', (code) => reject(new Error(`the local GitHub ended with ${String(code)}`)));
  });
  return served;
}

/** The team's own rule objects to a change that the product's rules let pass, and is judged as `main` has it. */
function ownRuleFires(): void {
  const dns = 'stacks/clients/shop/dns/shop.ts';
  const [before, own] = [read(dns), read(ownRule)];
  must('git', ['switch', '--quiet', '--create', 'short-lived']);
  write(
    dns,
    before.replace("content: '192.0.2.15', proxied: true", "content: '192.0.2.15', proxied: false, ttl: 60"),
  );
  sluice(['check'], 4, /own-ttl-not-short/);
  write(ownRule, own.replace('ttl < 300', 'ttl < 30'));
  sluice(
    ['check'],
    4,
    /own-ttl-not-short[\s\S]*policy-change-alone|policy-change-alone[\s\S]*own-ttl-not-short/,
  );
  write(ownRule, own);
  write(dns, before);
  must('git', ['switch', '--quiet', 'main']);
  must('git', ['branch', '--quiet', '--delete', 'short-lived']);
}

function change(): void {
  must('git', ['switch', '--quiet', '--create', 'move-host']);
  const dns = 'stacks/clients/shop/dns/shop.ts';
  write(dns, read(dns).replace('192.0.2.14', '192.0.2.44'));
  const [start = '', end = ''] = [clock(0), clock(1)].map((at) => at.replace(/\.\d+Z$/, 'Z'));
  const record = sluice([
    'new',
    '--client',
    'shop',
    '--service',
    'shop',
    '--type',
    'normal',
    '--category',
    'dns',
    '--stack',
    'shop-production',
    '--title',
    'Move host4 to another server',
    '--reason',
    'The old server is switched off; the new one answers under test.',
    '--requester',
    'r.okafor',
    '--owner',
    'r.okafor',
    '--implementer',
    'r.okafor',
    '--backup-implementer',
    'm.lind',
    '--risk',
    'high',
    '--start',
    start,
    '--end',
    end,
  ]).trim();
  write(
    record,
    read(record)
      .replaceAll(/<[^>\n]*>/g, 'host4 answers')
      .replace('assessed: false', 'assessed: true'),
  );
  commit('Move host4');
}

async function goAllTheWay(): Promise<void> {
  commit('The estate');
  sluice(['check', '--base', 'HEAD'], 0, /no changes/);
  sluice(['baseline', '--reason', 'first release'], 0, /successful/);
  ownRuleFires();
  const github = await serveGitHub();
  try {
    change();
    sluice(['sandbox', 'as', 'r.okafor', '--', 'raise'], 0, /Pull request: 1/);
    sluice(['sandbox', 'as', 'sluice', '--', 'gate', '--pr', '1', '--publish'], 4, /^DENY/m);
    sluice(['sandbox', 'merge', '1', '--as', 's.haddad'], 4, /cannot be merged/);
    for (const [id] of seats.slice(1)) {
      sluice(['sandbox', 'approve', '1', '--as', id]);
    }
    sluice(['sandbox', 'as', 'sluice', '--', 'gate', '--pr', '1', '--publish'], 0, /^ALLOW/m);
    sluice(['sandbox', 'merge', '1', '--as', 's.haddad']);
    must('git', ['switch', '--quiet', 'main']);
    must('git', ['pull', '--quiet']);
    sluice(['sandbox', 'as', 'sluice', '--', 'release', '--pr', '1'], 0, /R0002.*successful/);
    sluice(['rollback', 'shop-production', '--reason', 'try it'], 0, /R0003/);
    sluice(['ledger', 'verify'], 0, /verified: 3 release/);
  } finally {
    github.kill('SIGINT');
  }
}

/** What a team does to its estate: a file of the product edited where the product changes another line, own data, own text. */
function upgrade(tarball: string): void {
  const setup = '.github/actions/setup/action.yml';
  write(setup, read(setup).replace('name: Set up Sluice', 'name: Set up, in our words'));
  write('README.md', '# Ours\n');
  commit('Our own words');
  must('npm', ['install', '--no-fund', '--no-audit', tarball]);
  sluice(['doctor'], 3, /those of version 0\.0\.9/);
  sluice(['upgrade', '--dry-run'], 0, /would be at .* \(was 0\.0\.9\): nothing to decide/);
  if (run('git', ['status', '--porcelain', '.github']).said !== '') {
    throw new Error('the dry run wrote something');
  }
  sluice(['upgrade'], 0, /nothing to decide/);
  const merged = read(setup);
  const wanted = /terraform_version: .+/.exec(readFileSync(join(root, setup), 'utf8'))?.[0] ?? '?';
  if (!merged.includes('in our words') || !merged.includes(wanted) || read('README.md') !== '# Ours\n') {
    throw new Error(`the upgrade lost something:\n${merged}`);
  }
  must('npm', ['run', 'check', '--silent']);
  sluice(['ledger', 'verify'], 0, /verified: 3 release/);
}

mkdirSync(home);
writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Ruth Okafor\n\temail = ruth@sluice.example\n');
try {
  const sources = earlierSources();
  const earlier = packed(sources, 'tarball-earlier');
  const current = packed(root, 'tarball');
  makeEstate(sources, earlier);
  fillZone();
  must('npm', ['run', 'check', '--silent']);
  await goAllTheWay();
  upgrade(current);
  say('The whole way went.');
} finally {
  if (existsSync(work)) {
    rmSync(work, { recursive: true, force: true });
  }
}
