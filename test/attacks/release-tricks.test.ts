/** Attacks on a release as a whole, on real Terraform. */
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Services } from '../../scripts/contract/context.ts';
import type { Terraform } from '../../scripts/contract/ports.ts';
import { approve, inWindow } from '../scenarios/change/approved-facts.ts';
import {
  ledgerRows,
  live,
  merge,
  nextCommand,
  recordPath,
  release,
  releasedEstate,
  type Change,
} from '../scenarios/change.ts';
import { withKeptSynth } from '../scenarios/cached-synth.ts';
import type { Adjust, SmallEstate } from '../scenarios/small-estate.ts';

const adding: Change = {
  id: 'CHG-2026-0102',
  category: 'dns',
  edits: [["mail: '203.0.113.3'", "mail: '203.0.113.3', shop: '203.0.113.4'"]],
};
const changing: Change = {
  id: 'CHG-2026-0103',
  category: 'dns',
  edits: [["mail: '203.0.113.3'", "mail: '203.0.113.33'"]],
};
const both: Change = {
  id: 'CHG-2026-0104',
  category: 'dns',
  stacks: ['acme-production', 'acme-staging'],
  edits: [
    ["mail: '203.0.113.3'", "mail: '203.0.113.33'"],
    ["www: '198.51.100.1'", "www: '198.51.100.2'"],
  ],
};
const at = { TEST_NOW: inWindow };

let released: SmallEstate;
let estate: SmallEstate;

beforeAll(async () => {
  released = await releasedEstate();
});
afterAll(() => released.remove());
beforeEach(() => {
  estate = released.copy();
});
afterEach(() => estate.remove());

function around(wrap: (real: Terraform) => Partial<Terraform>): Adjust {
  return (services: Services) => ({
    ...services,
    terraform: (options) => {
      const real = services.terraform(options);
      return { ...real, ...wrap(real) };
    },
  });
}

describe('F4 what somebody added by hand', () => {
  const byHand = (...edit: readonly string[]) =>
    estate.sluice([
      'sandbox',
      'drift',
      '--type',
      'cloudflare_dns_record',
      '--match',
      'name=mail.shop.example',
      ...edit,
    ]);
  const isThere = async () => (await live(estate)).some((object) => object.includes('do not touch'));

  it('is removed neither by a release nor by a rollback', async () => {
    merge(estate, changing);
    const facts = await approve(estate, recordPath(changing));
    await byHand('--set', 'comment=do not touch');
    const run = () => estate.sluice(['release', '--facts', facts], at, withKeptSynth);
    expect([(await run()).exit, await isThere()]).toEqual(['drift', true]);
    await byHand('--set', 'comment=');
    expect((await run()).exit).toBe('ok');
    await byHand('--set', 'comment=do not touch');
    const undone = await estate.sluice(['rollback', 'acme-production', '--reason', 'outage'], at);
    expect([undone.exit, undone.stderr, await isThere()]).toEqual([
      'drift',
      expect.stringContaining('#comment'),
      true,
    ]);
  });
});

describe('F6 what was rolled back', () => {
  it('is not released again on the same approvals', async () => {
    merge(estate, adding);
    const facts = await approve(estate, recordPath(adding));
    const run = () => estate.sluice(['release', '--facts', facts], at, withKeptSynth);
    expect((await run()).exit).toBe('ok');
    expect((await estate.sluice(['rollback', 'acme-production', '--reason', 'outage'], at)).exit).toBe('ok');
    const fingerprint = estate.fingerprint();
    const again = await run();
    expect([again.exit, again.stderr]).toEqual([
      'denied',
      expect.stringContaining(
        'CHG-2026-0102 was released to acme-production as R0003 and rolled back by R0004',
      ),
    ]);
    expect(again.stderr).toContain('sluice retry CHG-2026-0102');
    expect(estate.fingerprint()).toBe(fingerprint);
  });
});

describe('F7 a release that is given up while it still runs', () => {
  it('is told so, and the ledger verifies', async () => {
    merge(estate, changing);
    const running = around((real) => ({
      apply: async (folder, file, update) => {
        const applied = await real.apply(folder, file, update);
        const args = ['rollback', 'acme-production', '--abandon', 'R0003', '--reason', 'seems to hang'];
        expect((await estate.sluice(args, at)).exit).toBe('ok');
        return applied;
      },
    }));
    const ended = await release(estate, changing, { adjust: running });
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('R0003 (release of acme-production) was given up while it was still running'),
    ]);
    expect(ended.stderr).toContain('R0004 (rollback, successful) came after it');
    expect(nextCommand(ended)).toEqual(['plan', 'acme-production']);
    expect((await ledgerRows(estate)).map(({ id, result }) => [id, result])).toEqual([
      ['R0003', 'aborted'],
      ['R0004', 'successful'],
    ]);
  });
});

describe('between the announcement and the entry', () => {
  it('a verification that cannot be made leaves the release open, says so, and leaves no plan file', async () => {
    merge(estate, changing);
    const planFiles: string[] = [];
    const failing = around((real) => ({
      plan: (folder, file) => {
        planFiles.push(file);
        return planFiles.length === 1 ? real.plan(folder, file) : Promise.reject(new Error('no network'));
      },
    }));
    const ended = await release(estate, changing, { adjust: failing });
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('R0003 (release of acme-production) broke off before its end was recorded'),
    ]);
    expect(ended.stderr).toContain('no network');
    expect(planFiles.map((file) => existsSync(file))).toEqual([false, false]);
    expect((await ledgerRows(estate)).map(({ id, result }) => [id, result])).toEqual([['R0003', undefined]]);
    const undone = await estate.sluice(nextCommand(ended), at);
    expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  });
});

describe('a change of two stacks', () => {
  it('does not begin with the later one', async () => {
    merge(estate, both);
    const refused = await release(estate, both, { args: ['acme-production'] });
    expect([refused.exit, refused.stderr]).toEqual([
      'denied',
      expect.stringContaining('acme-staging must be released first'),
    ]);
    expect(refused.stderr).toContain('The order of this change is acme-staging, then acme-production');
    expect(await ledgerRows(estate)).toEqual([]);
    expect((await release(estate, both, { args: ['acme-staging'] })).exit).toBe('ok');
  });

  it('stops between them when the window has closed', async () => {
    merge(estate, both);
    let isLate = false;
    const slow: Adjust = (services) => ({
      ...around((real) => ({
        apply: async (...args) => {
          const applied = await real.apply(...args);
          isLate = true;
          return applied;
        },
      }))(services),
      clock: {
        ...services.clock,
        now: () => (isLate ? '2026-11-24T23:30:00Z' : services.clock.now()),
      },
    });
    const ended = await release(estate, both, { adjust: slow });
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('The gate stopped the release between two waves: rules, window'),
    ]);
    expect(ended.stderr).toContain('Released: acme-staging (R0003). Not touched: acme-production.');
    expect((await ledgerRows(estate)).map(({ stack, result }) => [stack, result])).toEqual([
      ['acme-staging', 'successful'],
    ]);
  });
});
