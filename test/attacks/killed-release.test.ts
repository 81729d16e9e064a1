/**
 * H701-H708: a real release is killed at one call of the API, with the provider in a process of its own, and the way out
 * that is printed is followed to its end. Nothing stays at Cloudflare that is in no state, message or ledger entry.
 */
import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approve } from '../commands/approved-facts.ts';
import { ledgerRows, live, merge, recordPath, releasedEstate, type Change } from '../commands/change.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from '../commands/small-estate.ts';
import {
  followToTheEnd,
  inOwnProcess,
  savedPlans,
  serve,
  stack,
  strays,
  terraformEnded,
  type Order,
  type Strike,
  type Victim,
} from './crash/crash.ts';

const creating: Change = {
  id: 'CHG-2026-0701',
  category: 'dns',
  edits: [
    ["mail: '203.0.113.3'", "mail: '203.0.113.3', a: '203.0.113.4', b: '203.0.113.5', c: '203.0.113.6'"],
  ],
};
const deleting: Change = {
  id: 'CHG-2026-0702',
  category: 'dns',
  edits: [["api: '203.0.113.2', mail: '203.0.113.3'", '']],
};
const twoNewAddresses = [
  "api: '203.0.113.2', mail: '203.0.113.3'",
  "api: '2001:db8::2', mail: '2001:db8::3'",
] as const;
/** A record of another type takes the place of the old one: it goes first. */
const replacing: Change = { id: 'CHG-2026-0703', category: 'dns', edits: [twoNewAddresses] };
const createFirst: Change = {
  id: 'CHG-2026-0704',
  category: 'dns',
  edits: [["zone: 'shop.example',", "zone: 'shop.example', createFirst: true,"], twoNewAddresses],
};
const setting: Change = {
  id: 'CHG-2026-0705',
  category: 'zone-setting',
  edits: [["zone: 'shop.example',", "zone: 'shop.example', settings: { always_use_https: 'on' },"]],
};
const record = 'cloudflare_dns_record';
const powerCut: readonly Victim[] = ['sluice', 'terraform'];
const wayOut = ['rollback', stack, '--abandon', 'R0003', '--reason', 'release crashed'];

let released: SmallEstate;
let before: readonly string[];
let estate: SmallEstate;
const children: ChildProcess[] = [];

beforeAll(async () => {
  released = await releasedEstate();
  before = await live(released);
});
afterAll(() => released.remove());
beforeEach(() => {
  estate = released.copy();
});
afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  estate.remove();
});

/** Releases the change; null when the release was killed. */
async function struck(change: Change, order: Omit<Order, 'folder' | 'stack'>): Promise<Ended | null> {
  merge(estate, change);
  const facts = await approve(estate, recordPath(change));
  children.push(await serve({ folder: estate.folder, stack, ...order }));
  const ended = await inOwnProcess(estate, ['release', '--facts', facts]);
  if (order.hangs !== true) {
    await terraformEnded(estate);
  }
  return ended;
}

function at(operation: Strike['operation'], nth: number, when: Strike['when'], type = record): Strike {
  return { operation, nth, when, type };
}

/** All that must hold once a command has ended well. */
async function expectClean(ends: readonly Ended[]): Promise<void> {
  const last = ends.at(-1);
  expect([last?.exit, last?.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  expect(await strays(estate)).toEqual([]);
  expect(savedPlans(estate)).toEqual([]);
}

describe('H701 a power cut while records are created', () => {
  const moments = [1, 2, 3].flatMap((nth) =>
    (['before', 'after'] as const).map((when) => [nth, when] as const),
  );

  it.each(moments)('at create %i, %s it is carried out: everything is as before', async (nth, when) => {
    expect(await struck(creating, { at: at('create', nth, when), victims: powerCut })).toBeNull();
    // Requests that were under way are carried out all the same, as at Cloudflare: what counts is what is there.
    const made = (await live(estate)).filter((object) => !before.includes(object));
    expect(made.length).toBeGreaterThanOrEqual(when === 'after' ? nth : nth - 1);
    const ends = await followToTheEnd(estate, wayOut);
    await expectClean(ends);
    expect(await live(estate)).toEqual(before);
    const rows = await ledgerRows(estate);
    expect(rows.map(({ id, result }) => [id, result])).toEqual([
      ['R0003', 'aborted'],
      ['R0004', 'successful'],
    ]);
    expect((rows[0]?.completed ?? []).filter(({ action }) => action === 'create')).toHaveLength(made.length);
  });
});

describe('H702 a power cut while records are deleted', () => {
  it.each([
    [1, 'after'],
    [2, 'before'],
  ] as const)('at deletion %i, %s it is carried out: everything is as before', async (nth, when) => {
    expect(await struck(deleting, { at: at('delete', nth, when), victims: powerCut })).toBeNull();
    await expectClean(await followToTheEnd(estate, wayOut));
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map(({ result }) => result)).toEqual(['aborted', 'successful']);
  });
});

describe('H703 a provider that dies in the middle', () => {
  it.each(['before', 'after'] as const)(
    '%s the second create: the named command puts it right',
    async (when) => {
      const ended = await struck(creating, { at: at('create', 2, when), victims: ['provider'] });
      expect(ended?.exit).toBe('partialApply');
      await expectClean(
        await followToTheEnd(estate, ['rollback', stack, '--reason', 'release R0003 broke off']),
      );
      expect(await live(estate)).toEqual(before);
    },
  );
});

describe('H704 a release that is killed alone', () => {
  it('leaves a Terraform that goes on to its end; the entry has all that it did', async () => {
    expect(await struck(creating, { at: at('create', 1, 'before'), victims: ['sluice'] })).toBeNull();
    const ends = await followToTheEnd(estate, wayOut);
    await expectClean(ends);
    expect(await live(estate)).toEqual(before);
    const [aborted] = await ledgerRows(estate);
    expect(aborted?.completed?.map(({ address }) => address).toSorted()).toEqual([
      `${record}.a`,
      `${record}.b`,
      `${record}.c`,
    ]);
  });

  it('is not given up while that Terraform still runs', async () => {
    const order = { at: at('create', 1, 'before'), victims: ['sluice'] as const, hangs: true };
    expect(await struck(creating, order)).toBeNull();
    const fingerprint = estate.fingerprint();
    const refused = await estate.sluice(wayOut);
    expect([refused.exit, refused.stderr]).toEqual([
      'externalTool',
      expect.stringMatching(/Terraform is at work on acme-production right now \(process \d+\)/),
    ]);
    expect(estate.fingerprint()).toBe(fingerprint);
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    const mark = await terraformEnded(estate);
    expect(refused.stderr).toContain(`Next: kill -INT ${String(mark?.pid)}`);
    await expectClean(await followToTheEnd(estate, wayOut));
    expect(await live(estate)).toEqual(before);
  });
});

describe('H705 a baseline that was killed', () => {
  it.each([
    ['cloudflare_zone', 1],
    [record, 2],
  ] as const)('after %s %i was created: it takes over what it made and goes on', async (type, nth) => {
    const fresh = makeSmallEstate();
    estate.remove();
    estate = fresh;
    estate.write('.sluice/.keep', '');
    children.push(
      await serve({ folder: estate.folder, stack, at: at('create', nth, 'after', type), victims: powerCut }),
    );
    expect(await inOwnProcess(estate, ['baseline', stack, '--reason', 'first'])).toBeNull();
    await terraformEnded(estate);
    const ends = await followToTheEnd(estate, ['baseline', stack, '--reason', 'first']);
    await expectClean(ends);
    expect(ends.at(-1)?.stdout).toContain('acme-production');
    expect((await estate.sluice(['ledger', 'verify'])).exit).toBe('ok');
  });
});

describe('H706 a power cut in the middle of a replacement', () => {
  const moments = [1, 2].flatMap((nth) =>
    (['delete', 'create'] as const).flatMap((operation) =>
      (['before', 'after'] as const).map((when) => [operation, nth, when] as const),
    ),
  );

  it.each(moments)('%s %i, %s it is carried out: everything is as before', async (operation, nth, when) => {
    expect(await struck(replacing, { at: at(operation, nth, when), victims: powerCut })).toBeNull();
    const ends = await followToTheEnd(estate, wayOut);
    // What the run itself took away is no edit by hand that somebody has to accept.
    expect(ends).toHaveLength(1);
    await expectClean(ends);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map(({ result }) => result)).toEqual(['aborted', 'successful']);
  });
});

describe('H707 a power cut where the new object stands beside the old one', () => {
  it.each([
    ['create', 1, 'after'],
    ['create', 2, 'after'],
    ['delete', 1, 'before'],
    ['delete', 1, 'after'],
  ] as const)('%s %i, %s: what is not taken over is named, and goes', async (operation, nth, when) => {
    expect(await struck(createFirst, { at: at(operation, nth, when), victims: powerCut })).toBeNull();
    await expectClean(await followToTheEnd(estate, wayOut));
    expect(await live(estate)).toEqual(before);
  });
});

describe('H708 a power cut while a setting of a zone is made', () => {
  it.each(['before', 'after'] as const)(
    '%s it is carried out: its value is the old one again',
    async (when) => {
      const order = { at: at('create', 1, when, 'cloudflare_zone_setting'), victims: powerCut };
      expect(await struck(setting, order)).toBeNull();
      const ends = await followToTheEnd(estate, wayOut);
      await expectClean(ends);
      expect(await live(estate)).toEqual(before);
    },
  );
});
