/** What is left when a release breaks at any point: the old state, or one that the next command finishes or undoes. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '../../../scripts/contract/context.ts';
import type { Terraform } from '../../../scripts/contract/ports.ts';
import {
  ledgerRows,
  live,
  merge,
  nextCommand,
  release,
  releasedEstate,
  wordsOf,
  type Change,
} from '../change.ts';
import { withKeptSynth } from '../cached-synth.ts';
import { makeSmallEstate, type Adjust, type Ended, type SmallEstate } from '../small-estate.ts';

const records: Change = {
  id: 'CHG-2026-0101',
  category: 'dns',
  edits: [
    ["www: '203.0.113.1'", "www: '203.0.113.11'"],
    ["api: '203.0.113.2'", "api: '203.0.113.12'"],
    ["mail: '203.0.113.3'", "mail: '203.0.113.13'"],
  ],
};
const rule: Change = { id: 'CHG-2026-0102', edits: [["action: 'log'", "action: 'block'"]] };

let released: SmallEstate;
let estate: SmallEstate;
let before: readonly string[];

beforeAll(async () => {
  released = await releasedEstate();
  before = await live(released);
});
afterAll(() => released.remove());
beforeEach(() => {
  estate = released.copy();
});
afterEach(() => estate.remove());

/** Terraform whose apply is replaced. */
function applying(apply: (real: Terraform) => Terraform['apply']): Adjust {
  return (services: Services) => ({
    ...services,
    terraform: (options) => {
      const real = services.terraform(options);
      return { ...real, apply: apply(real) };
    },
  });
}

const undo = async (args: readonly string[] = []) =>
  estate.sluice(['rollback', 'acme-production', '--reason', 'test', ...args]);

describe('an API error in the middle of an apply', () => {
  let broken: SmallEstate;
  let ended: Ended;
  beforeAll(async () => {
    broken = released.copy();
    merge(broken, records);
    await broken.sluice([
      'sandbox',
      'fault',
      '--kind',
      'error',
      '--on',
      'update',
      '--call',
      '2',
      '--type',
      'cloudflare_dns_record',
    ]);
    ended = await release(broken, records);
  });
  afterAll(() => broken.remove());
  beforeEach(() => {
    estate.remove();
    estate = broken.copy();
  });

  it('ends as partialApply, says what was done and names the rollback; the ledger has the same', async () => {
    expect(ended.exit).toBe('partialApply');
    expect(ended.stderr).toMatch(/R0003: the apply to acme-production broke off after 2 change\(s\)/);
    expect(ended.stderr).toMatch(
      /Why: Done: cloudflare_dns_record\.\w+ \(update\), cloudflare_dns_record\.\w+ \(update\)\./,
    );
    expect(nextCommand(ended)).toEqual([
      'rollback',
      'acme-production',
      '--reason',
      'release R0003 broke off',
    ]);
    const [row] = await ledgerRows(estate);
    expect([row?.result, row?.completed?.length, row?.errors?.length]).toEqual(['failed', 2, 1]);
    const touched = [...(row?.completed ?? []), ...(row?.errors ?? [])].map(({ address }) => address ?? '');
    expect(touched.toSorted()).toEqual([
      'cloudflare_dns_record.api',
      'cloudflare_dns_record.mail',
      'cloudflare_dns_record.www',
    ]);
  });

  it('stops the next release of another change and is put right by the command that the refusal names', async () => {
    merge(estate, rule);
    const fingerprint = estate.fingerprint();
    const refused = await release(estate, rule);
    expect(refused.stderr).toContain('acme-production is not in a known good state: R0003 ended as failed');
    expect(refused.exit).toBe('partialApply');
    expect(estate.fingerprint()).toBe(fingerprint);
    const undone = await estate.sluice(nextCommand(refused));
    expect([undone.exit, undone.stdout]).toEqual([
      'ok',
      expect.stringContaining('R0004: acme-production is back'),
    ]);
    expect(await live(estate)).toEqual(before);
    const rows = await ledgerRows(estate);
    expect(
      rows.map((row) => [row.id, row.action, row.result, row.undoes, row.verification?.converged]),
    ).toEqual([
      ['R0003', 'release', 'failed', [], null],
      ['R0004', 'rollback', 'successful', ['R0003'], true],
    ]);
  });

  it('is finished by releasing the same change again', async () => {
    const again = await release(estate, records);
    expect([again.exit, again.stdout]).toEqual([
      'ok',
      expect.stringMatching(/^R0004 {2}acme-production +successful {2}1 change\(s\)/),
    ]);
    expect((await ledgerRows(estate)).map((row) => row.result)).toEqual(['failed', 'successful']);
    const content = JSON.stringify(await live(estate));
    expect(
      ['203.0.113.11', '203.0.113.12', '203.0.113.13'].filter((address) => !content.includes(address)),
    ).toEqual([]);
  });
});

describe('rolling back', () => {
  let changed: SmallEstate;
  let first: Ended;
  beforeAll(async () => {
    changed = released.copy();
    merge(changed, records);
    first = await release(changed, records);
  });
  afterAll(() => changed.remove());
  beforeEach(() => {
    estate.remove();
    estate = changed.copy();
  });

  it('starts from a release that ended well', () => {
    expect([first.exit, first.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  });

  it('is finished by the command that it names when it breaks off, and goes back all the way', async () => {
    await estate.sluice([
      'sandbox',
      'fault',
      '--kind',
      'error',
      '--on',
      'update',
      '--call',
      '2',
      '--type',
      'cloudflare_dns_record',
    ]);
    const broken = await undo();
    expect([broken.exit, broken.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('R0004: the apply to acme-production broke off'),
    ]);
    const again = await estate.sluice(nextCommand(broken));
    expect([again.exit, again.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map((row) => [row.action, row.result, row.undoes])).toEqual([
      ['release', 'successful', []],
      ['rollback', 'failed', ['R0003']],
      ['rollback', 'successful', ['R0003']],
    ]);
  });

  it('twice does not bring the change back', async () => {
    expect((await undo()).exit).toBe('ok');
    const fingerprint = estate.fingerprint();
    const second = await undo();
    expect([second.exit, second.stderr]).toEqual([
      'denied',
      expect.stringContaining('R0003 of acme-production was rolled back already, by R0004'),
    ]);
    expect(estate.fingerprint()).toBe(fingerprint);
    expect(await live(estate)).toEqual(before);
  });

  it('refuses to overwrite an edit by hand until its address is accepted, as the refusal spells out', async () => {
    const target = [
      'sandbox',
      'drift',
      '--type',
      'cloudflare_dns_record',
      '--match',
      'name=api.shop.example',
      '--set',
      'content=192.0.2.99',
    ];
    expect((await estate.sluice(target)).exit).toBe('ok');
    const fingerprint = estate.fingerprint();
    const refused = await undo(['--to', 'R0001']);
    expect([refused.exit, refused.stderr]).toEqual([
      'drift',
      expect.stringContaining('cloudflare_dns_record.api#content: has another value now'),
    ]);
    expect(refused.stderr).toContain('Nothing was changed');
    expect(estate.fingerprint()).toBe(fingerprint);
    const next = nextCommand(refused);
    expect(next.slice(0, -1)).toEqual([
      'rollback',
      'acme-production',
      '--to',
      'R0001',
      '--accept',
      'cloudflare_dns_record.api',
      '--reason',
    ]);
    const accepted = await estate.sluice([...next.slice(0, -1), 'the edit was a mistake']);
    expect([accepted.exit, accepted.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
  });

  it("does not undo somebody else's change without being told, nor one release from below another", async () => {
    const again: Change = {
      ...records,
      id: 'CHG-2026-0104',
      edits: [["api: '203.0.113.12'", "api: '203.0.113.22'"]],
    };
    merge(estate, again);
    expect((await release(estate, again)).exit).toBe('ok');
    const fingerprint = estate.fingerprint();
    const refusals = [
      [
        ['--to', 'R0001'],
        'Going back to R0001 would also undo CHG-2026-0101.',
        'sluice rollback acme-production --to R0001 --including CHG-2026-0101',
      ],
      [
        ['--only', 'R0003'],
        'R0003 cannot be undone alone: cloudflare_dns_record.api changed again later.',
        'sluice rollback acme-production --to R0001',
      ],
    ] as const;
    for (const [args, what, next] of refusals) {
      const refused = await undo(args);
      expect([refused.exit, refused.stderr]).toEqual(['denied', expect.stringContaining(`sluice: ${what}`)]);
      expect(refused.stderr).toContain(`Next: ${next}`);
    }
    expect(estate.fingerprint()).toBe(fingerprint);
    const named = await undo(['--to', 'R0001', '--including', 'CHG-2026-0101']);
    expect([named.exit, named.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).at(-1)?.undoes).toEqual(['R0003', 'R0004']);
  });
});

describe('the process dies between announcing and recording', () => {
  const deaths: readonly (readonly [string, Adjust])[] = [
    ['before Terraform applied anything', applying(() => () => Promise.reject(new Error('power cut')))],
    [
      'after Terraform applied everything',
      applying((real) => async (...args) => {
        await real.apply(...args);
        throw new Error('power cut');
      }),
    ],
  ];

  it.each(deaths)(
    '%s: the next release is refused, and one of the commands it names finishes it, the other restores the old state',
    async (_when, adjust) => {
      merge(estate, records);
      const died = await release(estate, records, { adjust });
      expect([died.exit, died.stderr]).toEqual([
        'partialApply',
        expect.stringContaining('R0003 (release of acme-production) broke off before its end was recorded'),
      ]);
      const [open] = await ledgerRows(estate);
      expect([open?.id, open?.result]).toEqual(['R0003', undefined]);
      expect((await estate.sluice(['ledger', 'show'])).stdout).toContain('R0003 was begun and never ended');
      const fingerprint = estate.fingerprint();
      const refused = await release(estate, records);
      expect(refused.stderr).toMatch(
        /R0003 \(release of acme-production\) was begun at 2026-11-24T20:30:00Z by tester <tester@sluice\.example> \(claimed\) and never ended/,
      );
      expect(refused.exit).toBe('partialApply');
      expect(estate.fingerprint()).toBe(fingerprint);
      const finish = nextCommand(refused);
      expect(finish.slice(-2)).toEqual(['--abandon', 'R0003']);
      const other = estate.copy();
      try {
        const finished = await release(other, records, { args: finish.slice(-2) });
        expect([finished.exit, finished.stderr]).toEqual([
          'ok',
          expect.stringContaining('R0003 is given up; what it made is taken over.'),
        ]);
        expect((await ledgerRows(other)).map((row) => [row.id, row.result])).toEqual([
          ['R0003', 'aborted'],
          ['R0004', 'successful'],
        ]);
        const content = JSON.stringify(await live(other));
        expect(
          ['203.0.113.11', '203.0.113.12', '203.0.113.13'].filter((address) => !content.includes(address)),
        ).toEqual([]);
      } finally {
        other.remove();
      }
      const back = 'sluice rollback acme-production --abandon R0003 --reason "release crashed"';
      expect(refused.stderr).toContain(back);
      const undone = await estate.sluice(wordsOf(back).slice(1));
      expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
      expect(await live(estate)).toEqual(before);
      expect((await ledgerRows(estate)).map((row) => [row.id, row.result])).toEqual([
        ['R0003', 'aborted'],
        ['R0004', 'successful'],
      ]);
    },
  );

  it('refuses a plain rollback too while the release is open, and abandons nothing in a dry run', async () => {
    merge(estate, records);
    await release(estate, records, { adjust: deaths[1]?.[1] ?? ((services) => services) });
    const fingerprint = estate.fingerprint();
    const plain = await undo();
    expect([plain.exit, plain.stderr]).toEqual(['partialApply', expect.stringContaining('--abandon R0003')]);
    const dry = await undo(['--abandon', 'R0003', '--dry-run']);
    expect([dry.exit, dry.stderr]).toEqual(['usage', expect.stringContaining('--dry-run')]);
    const wrong = await undo(['--abandon', 'R0033']);
    expect([wrong.exit, wrong.stderr]).toEqual([
      'usage',
      expect.stringContaining('R0033 is not an unfinished release of acme-production'),
    ]);
    expect(estate.fingerprint()).toBe(fingerprint);
  });

  it('lets another stack be released meanwhile', async () => {
    merge(estate, records);
    await release(estate, records, { adjust: deaths[0]?.[1] ?? ((services) => services) });
    const staging: Change = {
      id: 'CHG-2026-0103',
      category: 'dns',
      stacks: ['acme-staging'],
      edits: [["www: '198.51.100.1'", "www: '198.51.100.2'"]],
    };
    merge(estate, staging);
    const ended = await release(estate, staging);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  });
});

describe('a baseline that broke off', () => {
  it('is finished by the command that it names, after an error as after a crash', async () => {
    const fresh = makeSmallEstate();
    try {
      await fresh.sluice([
        'sandbox',
        'fault',
        '--kind',
        'error',
        '--on',
        'create',
        '--call',
        '2',
        '--type',
        'cloudflare_dns_record',
      ]);
      const broken = await fresh.sluice(
        ['baseline', 'acme-production', '--reason', 'first'],
        {},
        withKeptSynth,
      );
      expect([broken.exit, broken.stderr]).toEqual([
        'partialApply',
        expect.stringContaining('R0001: the apply to acme-production broke off'),
      ]);
      expect(nextCommand(broken)).toEqual(['baseline', 'acme-production', '--reason', 'R0001 broke off']);
      const died = await fresh.sluice(nextCommand(broken), {}, (services) =>
        withKeptSynth(applying(() => () => Promise.reject(new Error('power cut')))(services)),
      );
      expect(died.exit).toBe('partialApply');
      const open = await fresh.sluice(nextCommand(broken), {}, withKeptSynth);
      expect([open.exit, open.stderr]).toEqual([
        'partialApply',
        expect.stringContaining('R0002 (baseline of acme-production) was begun'),
      ]);
      const abandoned = await fresh.sluice(nextCommand(open));
      expect([abandoned.exit, abandoned.stdout]).toEqual(['denied', 'R0002 is given up.\n']);
      const done = await fresh.sluice(nextCommand(abandoned), {}, withKeptSynth);
      expect([done.exit, done.stdout]).toEqual(['ok', expect.stringContaining('R0003  acme-production')]);
      expect((await fresh.sluice(['ledger', 'verify'])).exit).toBe('ok');
    } finally {
      fresh.remove();
    }
  });
});
