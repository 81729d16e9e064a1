/** A ledger that grows: what is read of it for one stack does not, and its index is believed only as far as it is proven. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countingGit, type ObjectsRead } from './counting-git.ts';
import { makeLargeLedger, type LargeLedger } from './large-ledger.ts';
import { estateAt, type SmallEstate } from '../scenarios/small-estate.ts';

const stack = 'client-1-production';
const made: LargeLedger[] = [];
const folders: string[] = [];
let small: LargeLedger;
beforeAll(async () => {
  small = await ledgerOf(60);
});
afterAll(() => {
  for (const folder of [...made.map(({ folder: one }) => one), ...folders]) {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function ledgerOf(
  releases: number,
  options: { readonly isIndexed?: boolean } = {},
): Promise<LargeLedger> {
  const ledger = await makeLargeLedger(releases, 3, options);
  made.push(ledger);
  return ledger;
}

function copyOf({ folder }: LargeLedger): SmallEstate {
  const other = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
  folders.push(other);
  cpSync(folder, other, { recursive: true });
  return estateAt(other);
}

async function readFor(ledger: LargeLedger, args: readonly string[]): Promise<ObjectsRead> {
  const counting = countingGit();
  folders.push(counting.folder);
  const ended = await estateAt(ledger.folder).sluice(args, { PATH: counting.path });
  expect([ended.exit, ended.stderr]).toEqual(['ok', '']);
  return counting.read();
}

/** Commits these files over what the branch has, with the tip's message; in the place of the tip or on top of it. */
function commitFiles(
  { folder, git }: SmallEstate,
  files: Readonly<Record<string, string | null>>,
  { isOnTop }: { readonly isOnTop: boolean },
): void {
  const env = { ...process.env, GIT_INDEX_FILE: join(folder, '.git/another-index') };
  const run = (args: readonly string[], input = ''): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@shop.example', ...args], {
      cwd: folder,
      env,
      input,
      encoding: 'utf8',
    }).trim();
  run(['read-tree', 'releases']);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) {
      run(['update-index', '--force-remove', path]);
    } else {
      const id = run(['hash-object', '-w', '--stdin'], text);
      run(['update-index', '--add', '--cacheinfo', `100644,${id},${path}`]);
    }
  }
  const tip = git('rev-parse', 'releases');
  const commit = run(['commit-tree', run(['write-tree']), '-p', isOnTop ? tip : `${tip}^`, '-m', 'edited']);
  git('update-ref', 'refs/heads/releases', commit);
  if (!isOnTop) {
    git('update-ref', 'refs/tags/ledger/R0060', commit);
  }
}

const dryRun = ['rollback', stack, '--reason', 'outage', '--dry-run'];

describe('a ledger', () => {
  it('of ten times as many releases costs a rollback no more objects, and no more bytes but for the index at its top', async () => {
    const [few, many] = [await ledgerOf(200), await ledgerOf(2000)];
    for (const args of [dryRun, [...dryRun, '--to', 'R0197']]) {
      const [less, more] = [
        await readFor(few, args),
        await readFor(
          many,
          args.map((arg) => arg.replace('R0197', 'R1997')),
        ),
      ];
      expect(more.objects).toBeLessThanOrEqual(less.objects + 20);
      expect(more.bytes).toBeLessThan(1.5 * less.bytes);
    }
    const verified = await estateAt(many.folder).sluice(['ledger', 'verify']);
    expect([verified.exit, verified.stdout.slice(0, 26)]).toEqual(['ok', 'verified: 2000 release(s),']);
    // From the thousandth on they lie in folders of a thousand.
    expect(estateAt(many.folder).git('ls-tree', '--name-only', 'releases', 'releases/1000/')).toContain(
      'releases/1000/1000-',
    );
    const byIndex = await estateAt(many.folder).sluice([
      'ledger',
      'verify',
      '--from-index',
      '--format',
      'json',
    ]);
    expect(JSON.parse(byIndex.stdout)).toMatchObject({ outcome: 'ok', releases: 2000, read: 14 });
  });

  it('from before there was an index verifies, and is rolled back as any other', async () => {
    const old = estateAt((await ledgerOf(15, { isIndexed: false })).folder);
    expect((await old.sluice(['ledger', 'verify'])).exit).toBe('ok');
    expect((await old.sluice(['ledger', 'verify', '--from-index'])).stdout).toContain(
      'verified: 15 release(s)',
    );
    expect((await old.sluice(dryRun)).stdout).toContain('Rolling back R0014');
  });

  it('says by its index what it says read as a whole, refusals included', async () => {
    const [byIndex, whole] = [small, await ledgerOf(60, { isIndexed: false })].map(({ folder }) =>
      estateAt(folder),
    );
    const asked = [
      ['--to', 'R0056'],
      ['--to', 'R0032'],
      ['--only', 'R0035'],
      ['--only', 'R0029'],
      ['--to', 'R9999'],
    ];
    for (const args of [dryRun, ...asked.map((more) => [...dryRun, ...more])]) {
      expect([args, await byIndex?.sluice(args)]).toEqual([args, await whole?.sluice(args)]);
    }
  });
});

interface EditedLedger {
  readonly name: string;
  readonly edit: (estate: SmallEstate) => void;
  readonly says: RegExp;
}

const page = 'index/stacks/client-1-production/0000.json';
const top = 'index/ledger.json';
const shown = ({ git }: SmallEstate, path: string): string => `${git('show', `releases:${path}`)}\n`;
const edits: readonly EditedLedger[] = [
  {
    name: 'whose page names another document',
    edit: (estate) => {
      const text = shown(estate, page).replace(/("id":"R0032".*?"intent":"sha256:)[0-9a-f]{8}/, '$100000000');
      commitFiles(estate, { [page]: text }, { isOnTop: false });
    },
    says: /index\/stacks\/client-1-production\/0000\.json is not what the entries say: it differs at R0032/,
  },
  {
    name: 'whose page is gone',
    edit: (estate) => commitFiles(estate, { [page]: null }, { isOnTop: false }),
    says: /0000\.json is missing from the index/,
  },
  {
    name: 'whose top says fewer releases, without a signature for that',
    edit: (estate) =>
      commitFiles(
        estate,
        { [top]: shown(estate, top).replace('"begun":60', '"begun":59') },
        { isOnTop: false },
      ),
    says: /index\/ledger\.json is not what the entries say/,
  },
  {
    name: 'whose index lost its signature',
    edit: (estate) => commitFiles(estate, { 'index/ledger.sig.json': null }, { isOnTop: false }),
    says: /index\/ledger\.sig\.json is missing: the index is not signed/,
  },
  {
    name: 'with a file in the index that nothing leads to',
    edit: (estate) => commitFiles(estate, { 'index/notes.json': '{}\n' }, { isOnTop: false }),
    says: /index\/notes\.json is no part of the index/,
  },
  {
    name: 'that somebody went on with beside the index',
    edit: (estate) => commitFiles(estate, { 'releases/notes.json': '{}\n' }, { isOnTop: true }),
    says: /releases\/notes\.json does not belong to any release/,
  },
  {
    name: 'whose index was taken away',
    edit: (estate) =>
      commitFiles(
        estate,
        Object.fromEntries(
          estate
            .git('ls-tree', '-r', '--name-only', 'releases', 'index/')
            .split('\n')
            .map((path) => [path, null]),
        ),
        { isOnTop: true },
      ),
    says: /deletes index\/ledger\.json, which was already recorded/,
  },
  {
    name: 'that was set back to an older end',
    edit: ({ git }) => git('update-ref', 'refs/heads/releases', 'releases~4'),
    says: /tag ledger\/R0060 marks commit [0-9a-f]{12}, which the branch releases does not have/,
  },
];

describe.each(edits)('a ledger $name', ({ edit, says }) => {
  it('is refused by a rollback and by both ways to verify', async () => {
    const estate = copyOf(small);
    edit(estate);
    for (const args of [dryRun, ['ledger', 'verify'], ['ledger', 'verify', '--from-index']]) {
      const { exit, stdout, stderr } = await estate.sluice(args);
      expect([exit, `${stdout}${stderr}`]).toEqual(['invalidInput', expect.stringMatching(says)]);
    }
  });
});
