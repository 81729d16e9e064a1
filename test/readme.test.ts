/**
 * Every command of the README and of the pages that it leads to, run as printed, in the order in which it stands there and in a
 * copy of the repository: a reader who follows the pages from the top meets what is asserted here.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageFile from '../package.json' with { type: 'json' };
import { exitCodes } from '../scripts/contract/exit-codes.ts';

const root = new URL('..', import.meta.url).pathname;
/** In the order in which they are read; what writes into the working tree comes after what wants it clean. */
const pages = [
  'README.md',
  'scripts/change/README.md',
  'scripts/waf/README.md',
  'scripts/live/README.md',
  'scripts/live/audit/README.md',
  'scripts/release/README.md',
  'changes/README.md',
  'scripts/questions/README.md',
  'scripts/sandbox/README.md',
  'scripts/estate/README.md',
] as const;
/** Pages without commands that are run. */
const references = [
  'scripts/contract/README.md',
  'scripts/README.md',
  'test/README.md',
  'policies/README.md',
] as const;

const pageOf = (name: string): string => readFileSync(join(root, name), 'utf8');
const readme = pageOf('README.md');

interface Command {
  readonly line: string;
  readonly exit: number;
  /** Relative to the root, as the `cd` lines of its block leave it. */
  readonly folder: string;
}

/** What is not run as printed, and why. */
const exceptions: ReadonlyMap<string, { readonly instead: string | null; readonly reason: string }> = new Map(
  [
    [
      'npm ci && npm start',
      { instead: 'npm start', reason: 'the packages are linked: .ci/run is where npm ci runs' },
    ],
    ['npm ci && npm test', { instead: null, reason: 'this file is part of that suite' }],
    [
      'npm install',
      {
        // What npm would install: the packages of the lock file are those that are here, and the product is the tarball.
        instead: [
          'mkdir -p node_modules/sluice',
          `cp -a ${join(root, 'node_modules')}/. node_modules/`,
          'tar -xzf ../sluice-*.tgz -C node_modules/sluice --strip-components 1',
          'ln -sf ../sluice/scripts/launch.mjs node_modules/.bin/sluice',
        ].join(' && '),
        reason: 'nothing is fetched: npm run test:estate installs with npm',
      },
    ],
  ],
);

/** The fenced `sh` blocks of a page as single commands: continuation lines joined, `cd` kept for the rest of its block. */
function commandsOf(page: string): readonly Command[] {
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => {
    let folder = '.';
    return block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .flatMap((text): readonly Command[] => {
        const [, line = '', comment = ''] = /^(.*?)(?:\s+#\s(.*))?$/.exec(text) ?? [];
        const entered = /^cd (\S+)$/.exec(line)?.[1];
        folder = entered ?? folder;
        return line === '' || entered !== undefined
          ? []
          : [
              {
                line: line.replaceAll(/ {2,}/g, ' '),
                exit: Number(/^exit (\d)/.exec(comment)?.[1] ?? 0),
                folder,
              },
            ];
      });
  });
}

interface Ended {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a line that ends in `&`. Resolves as soon as it says where it can be reached. */
function startInBackground(line: string, cwd: string): Promise<ChildProcess> {
  const { NO_COLOR: _none, FORCE_COLOR: _force, ...env } = process.env;
  const started = spawn('sh', ['-c', `exec ${line.replace(/ &$/, '')}`], {
    cwd,
    env: { ...env, ...offline },
  });
  return new Promise((resolve, reject) => {
    let said = '';
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('http://')) {
        resolve(started);
      }
    };
    started.stdout.on('data', hear);
    started.stderr.on('data', hear);
    started.on('exit', () => reject(new Error(`${line} ended: ${said}`)));
  });
}

/** npm must find `sluice` here and nowhere else. */
const offline = {
  TZ: 'UTC',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  // A reader's git knows who commits.
  HOME: mkdtempSync(join(tmpdir(), 'sluice-reader-')),
};
writeFileSync(join(offline.HOME, '.gitconfig'), '[user]\n\tname = Reader\n\temail = reader@sluice.example\n');

function run(line: string, cwd: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const { NO_COLOR: _none, FORCE_COLOR: _force, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(
      'sh',
      ['-c', line],
      { cwd, env: { ...env, ...offline, ...more }, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        resolve({
          exit: error === null ? 0 : typeof error.code === 'number' ? error.code : -1,
          stdout,
          stderr,
        });
      },
    );
  });
}

const notCopied: ReadonlySet<string> = new Set([
  '.git',
  '.sluice',
  'cdktf.out',
  'coverage',
  'dist',
  'node_modules',
]);

async function copyOfTheRepository(): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-readme-'));
  for (const name of readdirSync(root).filter((entry) => !notCopied.has(entry))) {
    await cp(join(root, name), join(copy, name), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  const git = 'git -c user.name=Reader -c user.email=reader@sluice.example -c commit.gpgsign=false';
  await run('git init --quiet --initial-branch main', copy);
  // The folder of the packages is ignored; the link to it that stands in for it here is not.
  await writeFile(join(copy, '.git/info/exclude'), 'node_modules\n');
  expect(await run(`${git} add --all && ${git} commit --quiet --message "As it is"`, copy)).toMatchObject({
    exit: 0,
  });
  return copy;
}

/** A comment as a reader sees it: GitHub shows characters for their numbers, and code without its marks. */
function readablePage(markdown: string): string {
  return markdown
    .replaceAll(/&#(\d+);/gu, (_all, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/<\/?code>|`|\u200B/gu, '');
}

/** An example that changes nothing shows nothing. */
function expectAnEffect(replayed: string): void {
  expect(replayed).toMatch(/newly blocked +[1-9]/u);
}

describe('the README and the pages that it leads to', () => {
  const commands = pages.flatMap((name) => commandsOf(pageOf(name)));
  let copy = '';

  beforeAll(async () => {
    copy = await copyOfTheRepository();
  });

  const background: ChildProcess[] = [];

  afterAll(() => {
    for (const started of background) {
      started.kill();
    }
    rmSync(copy, { recursive: true, force: true });
    rmSync(offline.HOME, { recursive: true, force: true });
  });

  it('has commands for a fresh clone, and uses every exception', () => {
    expect(commands.length).toBeGreaterThan(15);
    const lines = new Set(commands.map((command) => command.line));
    expect([...exceptions.keys()].filter((line) => !lines.has(line))).toEqual([]);
  });

  it.each(commands.map((command) => [command.line, command] as const))(
    'runs %s',
    async (line, { exit, folder }) => {
      const { instead } = exceptions.get(line) ?? { instead: line };
      if (instead === null) {
        return;
      }
      if (line.endsWith(' &')) {
        background.push(await startInBackground(line, join(copy, folder)));
        return;
      }
      const isStory = instead === 'npm start';
      const ended = await run(instead, join(copy, folder), isStory ? counting : {});
      expect(ended, `${ended.stdout.slice(-2000)}\n${ended.stderr.slice(-4000)}`).toMatchObject({ exit });
      // A share of one is counted into a file; what it amounts to is printed by the merge.
      if (/ waf (?:replay|tally merge) /.test(line) && !line.includes(' --shard ')) {
        expectAnEffect(ended.stdout);
      }
      if (isStory) {
        expectTheWholeStory(ended);
        expectFewProcesses();
      }
    },
    400_000,
  );

  it('leaves the working tree as it was, but for the new change record and the one that was cancelled', async () => {
    const { stdout } = await run('git status --porcelain --untracked-files=all', copy);
    expect(stdout).toMatch(
      /^ M changes\/acme\/CHG-2026-0014\.yaml\n\?\? changes\/acme\/CHG-\d{4}-\d{4}\.yaml\n$/,
    );
  });

  it('names the exit codes as they are', () => {
    const troubles = pageOf('scripts/contract/README.md');
    const table = [...troubles.matchAll(/^\| (\d) \| `(\w+)` \|/gm)].map(([, code, name]) => [
      name,
      Number(code),
    ]);
    expect(Object.fromEntries(table)).toEqual(exitCodes);
    const headings = [...troubles.matchAll(/^## (\d) (\w+)$/gm)].map(([, code, name]) => [
      name,
      Number(code),
    ]);
    expect(Object.fromEntries([...headings, ['ok', 0]])).toEqual(exitCodes);
  });

  it('shows the comment and the end of the demonstration as they are', () => {
    const golden = readablePage(pageOf('test/golden/comment/deny.md'));
    const shown = [...readme.matchAll(/^> (.+)$/gm)].map(([, line = '']) => readablePage(line));
    expect(shown.length).toBeGreaterThan(8);
    expect(shown.filter((line) => !golden.includes(line))).toEqual([]);
  });

  it('links to what exists', () => {
    const links = [...pages, ...references].flatMap((page) =>
      [...pageOf(page).matchAll(/\]\(((?!https?:)[^)]+)\)/g)].map(([, target = '']) => {
        const [path = '', heading] = target.split('#');
        const file = path === '' ? page : join(dirname(page), path);
        return heading === undefined ? file : `${file}#${heading}`;
      }),
    );
    expect(links.length).toBeGreaterThan(20);
    const headings = (path: string): readonly string[] =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      );
    const missing = links.filter((target) => {
      const [path = '', heading] = target.split('#');
      return !existsSync(join(root, path)) || (heading !== undefined && !headings(path).includes(heading));
    });
    expect(missing).toEqual([]);
  });

  it('names every folder of the product', () => {
    const folders = readdirSync(join(root, 'scripts')).filter((name) =>
      statSync(join(root, 'scripts', name)).isDirectory(),
    );
    const rows = [...pageOf('scripts/README.md').matchAll(/^\| (`.*`) \|/gm)].flatMap(([, cell = '']) => [
      ...cell.matchAll(/[\w-]+/g),
    ]);
    const named = new Set(rows.map(([name]) => name));
    expect(folders.filter((name) => !named.has(name))).toEqual([]);
  });

  it('names scripts of package.json only', () => {
    const everything = [...pages, ...references].map(pageOf).join('\n');
    const named = [...everything.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in packageFile.scripts))).toEqual([]);
  });

  it('is run by .ci/run exactly as it says', () => {
    const lines = readFileSync(join(root, '.ci/run'), 'utf8').trimEnd().split('\n');
    // What stands between the two checks the workflows, and cannot turn a failure of theirs into anything else.
    expect(lines.filter((line) => line.startsWith('npm ')).join(' && ')).toBe('npm ci && npm test');
    expect(lines.at(-1)).toBe('npm test');
  });
});

/** A program that is run with these writes down each process that it starts. */
const counting = {
  NODE_OPTIONS: `--import=${join(root, 'test/count-processes.mjs')}`,
  STARTED_PROCESSES: join(offline.HOME, 'processes'),
};

/** Most of what a person waits for is other programs: so many of them `npm start` takes, whatever else the machine does. */
function expectFewProcesses(): void {
  const started = readFileSync(counting.STARTED_PROCESSES, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as readonly string[]);
  const count = (isCounted: (command: string, args: readonly string[]) => boolean): number =>
    started.filter(([command = '', ...args]) => isCounted(command, args)).length;
  const isTerraform = (verb: string) => (command: string, args: readonly string[]) =>
    command === 'terraform'
      ? args[0] === verb
      : args.some((arg, at) => at > 0 && arg === verb && args[at - 1]?.endsWith('/terraform') === true);
  const counts = {
    git: count((command) => command === 'git'),
    synths: count((_command, args) =>
      args.some((arg) => /\/program\.[cm]js$/.test(arg) && args.at(-1) === arg),
    ),
    plans: count(isTerraform('plan')),
    shows: count(isTerraform('show')),
    applies: count(isTerraform('apply')),
  };
  expect(counts.git, 'git is counted').toBeGreaterThan(50);
  expect(counts.synths, 'three trees are built').toBe(3);
  expect(counts.git).toBeLessThanOrEqual(150);
  expect(counts.plans).toBeLessThanOrEqual(21);
  expect(counts.shows).toBeLessThanOrEqual(25);
  expect(counts.applies).toBeLessThanOrEqual(13);
}

/** What `npm start` must have told, in this order, and all that the README shows of it. */
function expectTheWholeStory({ stdout: told, stderr }: Ended): void {
  const shown = /^```\n(7\. [\s\S]*?)^```/m
    .exec(readme)?.[1]
    ?.split('\n')
    .filter((line) => line !== '');
  expect(shown?.filter((line) => !`${told}\n${stderr}`.includes(line))).toEqual([]);
  const story = [
    'DENY CHG-2026-0101',
    'ALLOW CHG-2026-0101',
    /R0006 +acme-production +successful .* 3 probe\(s\) passed +CHG-2026-0101/,
    'DENY CHG-2026-0102',
    /R0007 .*failed-verification/,
    /R0008 .*rollback .*successful .*undoes R0007/,
    'verified: 8 release(s)',
  ];
  let from = 0;
  for (const part of story) {
    const rest = told.slice(from);
    const at = typeof part === 'string' ? rest.indexOf(part) : rest.search(part);
    expect(at, `after what was told so far comes ${String(part)}`).toBeGreaterThanOrEqual(0);
    from += at;
  }
}
