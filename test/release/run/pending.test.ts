/** What is asked for and not reported yet is shown as pending: no failed verification, no drift for the next release. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerRows, merge, release, releasedEstate, type Change } from '../../scenarios/change.ts';
import { withKeptSynth } from '../../scenarios/cached-synth.ts';
import type { SmallEstate } from '../../scenarios/small-estate.ts';

const type = 'cloudflare_zone_dnssec';
const signing: Change = {
  id: 'CHG-2026-0811',
  category: 'dns',
  edits: [
    [
      "zone: 'shop.example',",
      `zone: 'shop.example', others: { dnssec: { type: '${type}', status: 'active' } },`,
    ],
  ],
};
const next: Change = { id: 'CHG-2026-0812', category: 'dns', edits: [['203.0.113.3', '203.0.113.30']] };
const after: Change = { id: 'CHG-2026-0813', category: 'dns', edits: [['203.0.113.30', '203.0.113.31']] };

describe('DNSSEC that waits for the registrar', () => {
  let estate: SmallEstate;
  beforeAll(async () => {
    estate = await releasedEstate();
  });
  afterAll(() => estate.remove());

  it('is released, and said to be pending', async () => {
    const told = await estate.sluice(['sandbox', 'report', '--type', type, '--set', 'status=pending']);
    expect(told.stdout).toBe(`${type} is reported with status = pending from now on.\n`);
    merge(estate, signing);
    const ended = await release(estate, signing);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(ended.stdout).toContain(
      `pending at Cloudflare: ${type}.dnssec: status is pending, asked for is active`,
    );
  });

  it('stops neither the next release of the stack nor its rollback', async () => {
    merge(estate, next);
    const ended = await release(estate, next);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    const back = await estate.sluice(
      ['rollback', 'acme-production', '--reason', 'callers were left'],
      {},
      withKeptSynth,
    );
    expect([back.exit, back.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect((await ledgerRows(estate)).map(({ result }) => result)).toEqual(Array(3).fill('successful'));
  });

  it('is drift as soon as it is neither what was asked for nor on the way there', async () => {
    const match = ['--match', 'status=active', '--set', 'status=disabled'];
    expect((await estate.sluice(['sandbox', 'drift', '--type', type, ...match])).exit).toBe('ok');
    merge(estate, after);
    const ended = await release(estate, after);
    expect([ended.exit, ended.stderr]).toEqual([
      'drift',
      expect.stringContaining(`${type}.dnssec: Terraform would update it (status`),
    ]);
  });

  it('is only told of values that Cloudflare reports on the way', async () => {
    const ended = await estate.sluice(['sandbox', 'report', '--type', type, '--set', 'status=active']);
    expect([ended.exit, ended.stderr]).toEqual([
      'usage',
      expect.stringContaining('It does: status as pending, pending-disabled.'),
    ]);
  });
});
