/** The questions: from git alone and with the local GitHub, over a ledger with real releases. Nothing is written by any of them. */
import ICAL from 'ical.js';
import { sha256Hex } from '../../../scripts/json/json.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { merge, recordPath, release, releasedEstate } from '../change.ts';
import { branch, changedEstate, now, raiseWorld, type RaiseWorld } from '../change/raised.ts';
import type { Ended, SmallEstate } from '../small-estate.ts';

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly model: string | null;
  readonly branch: string | null;
  readonly pull: { readonly number: number; readonly verdict: string | null } | null;
  readonly group?: string;
  readonly waitsFor?: readonly string[];
  readonly overdue: boolean;
  readonly releases: readonly { readonly id: string; readonly result: string | null }[];
}
interface Answer {
  readonly changes: readonly Listed[];
  readonly unknown: readonly string[];
}

const answered = ({ exit, stdout, stderr }: Ended): Answer => {
  expect([exit, stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  return JSON.parse(stdout) as Answer;
};

describe('from git alone', () => {
  let estate: SmallEstate;
  const ask = (...args: readonly string[]): Promise<Ended> => estate.sluice(args, { TEST_NOW: now });
  beforeAll(async () => {
    estate = await releasedEstate();
    const change = {
      id: 'CHG-2026-0101',
      edits: [["api: '203.0.113.2'", "api: '203.0.113.9'"]],
      category: 'dns',
    } as const;
    merge(estate, change);
    await release(estate, change);
    estate.git('checkout', '--quiet', '-b', 'next');
    const text = estate.read(recordPath({ id: 'CHG-2026-0101' }));
    estate.write(
      recordPath({ id: 'CHG-2026-0102' }),
      text.replaceAll('CHG-2026-0101', 'CHG-2026-0102').replace(/^category: .*\n/mu, ''),
    );
    estate.write('stacks/estate.ts', estate.read('stacks/estate.ts').replace('203.0.113.9', '203.0.113.10'));
    estate.write(recordPath({ id: 'CHG-2026-0103' }), 'no: record\n');
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'next');
    estate.git('checkout', '--quiet', 'main');
  }, 300_000);
  afterAll(() => estate.remove());

  it('says what is open, where it is, and what it cannot know', async () => {
    const before = estate.fingerprint();
    const { changes, unknown } = answered(await ask('status', '--format', 'json'));
    expect(changes.map(({ id, group, branch: on }) => [id, group, on])).toEqual([
      ['CHG-2026-0101', 'review', null],
      ['CHG-2026-0102', 'draft', 'next'],
    ]);
    expect(unknown).toEqual(
      expect.arrayContaining([
        expect.stringContaining('CHG-2026-0103.yaml of branch next, which does not read'),
        expect.stringContaining('SLUICE_GITHUB_TOKEN is not set'),
      ]),
    );
    expect(estate.fingerprint()).toBe(before);
    const { stdout } = await ask('status');
    for (const part of ['Released, waiting to be closed (1)', 'Next window', 'acme', 'Not known:']) {
      expect(stdout).toContain(part);
    }
  });

  it('knows a record that is only in the working tree, as not committed yet', async () => {
    const path = recordPath({ id: 'CHG-2026-0104' });
    const text = estate.read(recordPath({ id: 'CHG-2026-0101' }));
    estate.write(path, text.replaceAll('CHG-2026-0101', 'CHG-2026-0104'));
    const { changes } = answered(await ask('changes', '--format', 'json'));
    const { stdout } = await ask('show', 'CHG-2026-0104');
    estate.git('clean', '--quiet', '--force', path);
    expect(changes.find(({ id }) => id === 'CHG-2026-0104')).toMatchObject({
      state: 'draft',
      branch: 'main',
    });
    expect(stdout).toContain('CHG-2026-0104');
  });

  it('gives a client its windows and freezes in a feed that another library reads, each with a name that stays', async () => {
    const feed = async (): Promise<readonly string[]> => {
      const { exit, stdout } = await ask('schedule', '--client', 'acme', '--days', '30', '--format', 'ics');
      expect(exit).toBe('ok');
      return new ICAL.Component(ICAL.parse(stdout) as unknown[]).getAllSubcomponents('vevent').map((each) => {
        const event = new ICAL.Event(each);
        const times = [event.startDate, event.endDate].map((time) => time.toJSDate().toISOString());
        return `${event.uid} ${event.summary} ${times.join(' ')}`;
      });
    };
    const events = await feed();
    const { stdout } = await ask('schedule', '--client', 'acme', '--days', '30', '--format', 'json');
    const { windows, freezes } = JSON.parse(stdout) as {
      readonly windows: readonly { readonly start: string; readonly end: string }[];
      readonly freezes: readonly { readonly id: string }[];
    };
    const milliseconds = (text: string): string => new Date(text).toISOString();
    for (const { start, end } of windows) {
      expect(events).toContainEqual(
        expect.stringContaining(`Window of acme ${milliseconds(start)} ${milliseconds(end)}`),
      );
    }
    for (const { id } of freezes) {
      expect(events).toContainEqual(expect.stringContaining(`freeze ${id} `));
    }
    expect(windows.length).toBeGreaterThan(3);
    expect(new Set(events.map((event) => event.split(' ')[0])).size).toBe(events.length);
    expect(await feed()).toEqual(events);
  });

  it('takes whom git is set up with for whose changes are meant, and says that it is a claim', async () => {
    const name = estate.git('config', 'user.name').trim();
    estate.git('config', 'user.name', 'Ruth Okafor');
    const { changes, unknown } = answered(await ask('status', '--mine', '--format', 'json'));
    estate.git('config', 'user.name', name);
    expect(changes.map(({ id }) => id)).toEqual(['CHG-2026-0101', 'CHG-2026-0102']);
    expect(unknown).toContain('who you are: taken is r.okafor, by the name that git is set up with');
  });

  it.each([
    [['--client', 'acme'], 2],
    [['--stack', 'acme-production'], 2],
    [['--state', 'review'], 1],
    [['--by', 'r.okafor'], 2],
    [['--since', '2026-11-24'], 2],
    [['--until', '2026-11-24'], 0],
    [['--state', 'review', '--until', '2026-11-25'], 1],
  ] as const)('lists changes %j: %d', async (args, count) => {
    expect(answered(await ask('changes', ...args, '--format', 'json')).changes).toHaveLength(count);
  });

  it.each([
    ['--client', 'acne', 'acme'],
    ['--stack', 'acme-prodution', 'acme-production'],
    ['--by', 'r.okafo', 'r.okafor'],
  ])('refuses %s %s, which nothing has, and names the nearest', async (flag, wrong, near) => {
    const ended = await ask('changes', flag, wrong);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining(`The nearest is ${near}.`)]);
  });

  it('shows a change with its release, and the release alone', async () => {
    const change = await ask('show', 'CHG-2026-0101');
    for (const part of [
      'Undone by:',
      'hosts: api.shop.example',
      'm-lind counts as',
      'because: ',
      'Edit for CHG-2026-0101',
      'release of acme-production: successful',
      'approved by:',
      'risk ',
      'cloudflare_dns_record.api',
    ]) {
      expect(change.stdout).toContain(part);
    }
    const [listed] = answered(await ask('changes', '--state', 'review', '--format', 'json')).changes;
    const id = listed?.releases[0]?.id ?? '';
    const single = await ask('show', id);
    expect([single.exit, single.stdout]).toEqual([
      'ok',
      expect.stringContaining(`${id} release of acme-production`),
    ]);
    expect(change.stdout).toContain(single.stdout.trim().split('\n').at(-1) ?? 'nothing');
  });

  it('lists changes by the model that their plan has', async () => {
    const all = answered(await ask('changes', '--format', 'json')).changes;
    const model = all.find(({ id }) => id === 'CHG-2026-0101')?.model ?? '';
    expect(model).not.toBe('');
    const found = answered(await ask('changes', '--model', model, '--format', 'json')).changes;
    expect(found.map(({ id }) => id)).toEqual(all.filter((each) => each.model === model).map(({ id }) => id));
    expect(found.length).toBeGreaterThan(0);
    const none = await ask('changes', '--model', `${model}x`);
    expect([none.exit, none.stderr]).toEqual(['usage', expect.stringContaining(`The nearest is ${model}.`)]);
  });

  it('shows what a change comes to before it was released: the plan and the risk of the working tree', async () => {
    estate.git('checkout', '--quiet', 'next');
    estate.git('rm', '--quiet', recordPath({ id: 'CHG-2026-0103' }));
    const shown = await ask('show', 'CHG-2026-0102');
    estate.git('reset', '--quiet', '--hard');
    estate.git('checkout', '--quiet', 'main');
    expect([shown.exit, shown.stdout]).toEqual([
      'ok',
      expect.stringContaining('From the working tree, risk '),
    ]);
    expect(shown.stdout).toContain('who may approve, the ');
    expect(shown.stdout).toMatch(/^Type: +normal, dns, /mu);
    const elsewhere = await ask('show', 'CHG-2026-0102');
    expect(elsewhere.stdout).toMatch(/^Type: +normal, category by the plan, /mu);
    expect(elsewhere.stdout).toContain('Next: git switch next && sluice show CHG-2026-0102');
  });

  it('says who may approve, as far as the record tells, and never its own people', async () => {
    const { stdout, exit } = await ask('who-can', 'CHG-2026-0102');
    expect(exit).toBe('ok');
    const [seats = '', excluded = ''] = stdout.split('May not, because they took part');
    expect(seats).toMatch(/From the record alone, risk .*it is on the branch next/u);
    expect(seats).not.toContain('Ruth Okafor');
    expect(excluded).toContain('Ruth Okafor (r.okafor) is the requester of CHG-2026-0102');
  });

  it('hands out the evidence of a change: files that check out, and a page that asks nobody for anything', async () => {
    const out = '.sluice/evidence/one';
    const ended = await ask('ledger', 'export', 'CHG-2026-0101', '--out', out, '--format', 'json');
    expect([ended.exit, ended.stderr]).toEqual(['ok', '']);
    const sums = estate.read(`${out}/SHA256SUMS`);
    const listed = sums
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
    const { files, digest } = JSON.parse(ended.stdout) as { readonly files: number; readonly digest: string };
    expect([files, digest]).toEqual([listed.length + 1, `sha256:${sha256Hex(sums)}`]);
    for (const [sum, path = ''] of listed) {
      expect([path, sha256Hex(estate.read(`${out}/${path}`))]).toEqual([path, sum]);
    }
    const names = listed.map(([, path = '']) => path.split('/').at(-1));
    for (const name of [
      'release.json',
      'decision.json',
      'plan.json',
      'state-before.json',
      'state-after.json',
      'roster.yaml',
      'CHG-2026-0101.yaml',
      'service.yaml',
    ]) {
      expect(names).toContain(name);
    }
    const page = estate.read(`${out}/index.html`);
    expect(page).toContain('Edit for CHG-2026-0101');
    expect(page).toContain('What the standards ask, and where it is');
    expect(page).toContain('27001 A.5.3');
    expect(page).toMatch(/What is not in this pack[^]*the reviews as GitHub gave them[^]*not recorded/u);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|form)|https?:\/\/|url\(/u);
    const again = await ask('ledger', 'export', 'CHG-2026-0101', '--out', out);
    expect([again.exit, again.stderr]).toEqual(['usage', expect.stringContaining('exists already')]);
  });

  it.each([
    [['ledger', 'export', 'CHG-2026-0102'], 'The ledger has nothing of CHG-2026-0102'],
    [['show', 'CHG-2026-0110'], 'The nearest is CHG-2026-010'],
    [['show', 'R9999'], 'The last one is R'],
    [['who-can', 'nothing'], 'No record of nothing'],
    [['schedule', '--client', 'nobody'], 'There is no client nobody'],
    [['changes', '--since', 'yesterday'], 'is not a date'],
    [['status', '--person', 'nobody'], 'Nobody on the roster has the id nobody'],
    [['status', '--mine'], 'the name that git is set up with is of nobody on the roster'],
  ])('refuses %j', async (args, said) => {
    const ended = await ask(...args);
    expect([ended.exit, ended.stdout]).toEqual(['usage', '']);
    expect(ended.stderr).toContain(said);
    expect(ended.stderr).toContain('Next:');
  });
});

describe('with the pull requests', () => {
  let changed: SmallEstate;
  let world: RaiseWorld;
  beforeAll(async () => {
    changed = await changedEstate();
    world = await raiseWorld(changed);
    await world.raise();
    world.writes();
  }, 300_000);
  afterAll(async () => {
    await world.close();
    changed.remove();
  });
  const ask = (login: string, ...args: readonly string[]): Promise<Ended> => world.sluice(login, args);

  it('says for whom a change waits, and shows a person only what is theirs', async () => {
    const requested = (await world.pulls())[0]?.requested_reviewers ?? [];
    expect(requested.length).toBeGreaterThan(0);
    const shown = await ask('r-okafor', 'show', branch);
    for (const part of ['From the working tree, risk ', 'clock', 'update acme-production/', 'hosts: ']) {
      expect([shown.exit, shown.stdout]).toEqual(['ok', expect.stringContaining(part)]);
    }
    const json = JSON.parse((await ask('r-okafor', 'show', branch, '--format', 'json')).stdout) as {
      readonly foreseen: Readonly<Record<string, unknown>>;
    };
    expect(json.foreseen).toMatchObject({ from: 'tree', plan: { kind: 'sluice.plan' } });
    const [line] = answered(await ask('r-okafor', 'status', '--format', 'json')).changes;
    expect(line).toMatchObject({ id: branch, group: 'approval', pull: { number: 1, verdict: null } });
    expect(line?.waitsFor).toHaveLength(requested.length);
    const mine = async (login: string): Promise<readonly string[]> =>
      answered(await ask(login, 'status', '--mine', '--format', 'json')).changes.map(({ id }) => id);
    expect(await mine(requested[0]?.login ?? '')).toEqual([branch]);
    expect(await mine('r-okafor')).toEqual([branch]);
    expect(await mine('b-osei')).toEqual(requested.some(({ login }) => login === 'b-osei') ? [branch] : []);
    expect(world.writes()).toEqual([]);
  });
});
