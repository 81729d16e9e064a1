/**
 * Who changed what past a release, by Cloudflare's audit log: a release in the sandbox, edits by hand in the dashboard and through the
 * API, and what is told when a part of the log is not to be had.
 */
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi } from '../../../scripts/sandbox/provider/api.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import { startFaultProxy } from '../../adapters/network/fault-proxy.ts';
import { merge, release, releasedEstate, type Change } from '../change.ts';
import { inWindow, longBefore } from '../change/approved-facts.ts';
import type { Adjust, Ended, SmallEstate } from '../small-estate.ts';

const change: Change = {
  id: 'CHG-2026-0001',
  edits: [["api: '203.0.113.2'", "api: '203.0.113.9'"]],
  category: 'dns',
};
const account = 'a1c0ffee5e7a11d0b5e55ed0ddba1100';
const after = { TEST_NOW: '2026-11-30T03:00:00Z' };

let estate: SmallEstate;
beforeAll(async () => {
  estate = await releasedEstate();
  merge(estate, change);
  const released = await release(estate, change);
  if (released.exit !== 'ok') {
    throw new Error(released.stderr);
  }
});
afterAll(() => estate.remove());

interface AuditDocument {
  readonly entries: number;
  readonly requests: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly unauthorised: readonly {
    readonly reason: string;
    readonly entries: number;
    readonly from: readonly string[];
    readonly entry: {
      readonly at: string;
      readonly actor: { readonly email: string | null; readonly tokenName: string | null };
      readonly resource: { readonly type: string; readonly id: string };
      readonly request: { readonly method: string };
    };
  }[];
  readonly months: readonly {
    readonly month: string;
    readonly unauthorised: number;
    readonly isCovered: boolean;
  }[];
  readonly releases: readonly { readonly id: string; readonly state: string; readonly entries: number }[];
  readonly gaps: readonly { readonly reason: string; readonly from: string; readonly until: string }[];
  readonly badLines: {
    readonly count: number;
    readonly first: readonly { readonly file: string; readonly line: number }[];
  };
}

async function audit(
  of: SmallEstate,
  args: readonly string[] = [],
  adjust?: Adjust,
): Promise<Ended & { readonly document: AuditDocument }> {
  const ended = await of.sluice(['audit', '--format', 'json', ...args], after, adjust);
  return { ...ended, document: JSON.parse(ended.stdout) as AuditDocument };
}

async function edited(of: SmallEstate, now: string, name: string): Promise<Ended> {
  const match = ['--type', 'cloudflare_dns_record', '--match', `name=${name}`];
  return of.sluice(['sandbox', 'drift', ...match, '--set', 'comment="by hand"'], { TEST_NOW: now });
}

describe('a month', () => {
  it('without anybody at work but releases is zero, and each release has its entries', async () => {
    const { exit, document } = await audit(estate);
    expect(document.unauthorised).toEqual([]);
    expect(document.releases.map(({ id, state, entries }) => `${id} ${state} ${String(entries)}`)).toEqual([
      'R0001 found 5',
      'R0002 found 3',
      'R0003 found 1',
    ]);
    expect(document.counts).toMatchObject({ released: 9, unauthorised: 0 });
    expect(exit).toBe('ok');
  });

  it('names exactly the edits by hand, also one that is made while a release runs', async () => {
    const copy = estate.copy();
    await edited(copy, inWindow, 'mail.shop.example');
    await edited(copy, '2026-11-28T23:59:00Z', 'www.shop.example');
    await edited(copy, '2026-11-29T00:30:00Z', 'www.shop.example');
    const { exit, document } = await audit(copy);
    expect(
      document.unauthorised.map(({ reason, entries, from, entry }) => [
        entry.at,
        reason,
        entries,
        entry.actor.email,
        from,
        entry.resource.type,
        entry.request.method,
      ]),
    ).toEqual([
      [
        '2026-11-24T20:30:00.000Z',
        'other-actor',
        1,
        'somebody@dashboard.example',
        ['203.0.113.77'],
        'cloudflare_dns_record',
        'PUT',
      ],
      // Half an hour lies between the two: one burst, whatever day it is.
      [
        '2026-11-28T23:59:00.000Z',
        'other-actor',
        2,
        'somebody@dashboard.example',
        ['203.0.113.77'],
        'cloudflare_dns_record',
        'PUT',
      ],
    ]);
    expect(document.months).toEqual([
      { month: '2026-11', account, unauthorised: 2, released: 9, isCovered: true },
    ]);
    expect(exit).toBe('drift');
    copy.remove();
  });

  it('tells a person who, what, when, and from where', async () => {
    const copy = estate.copy();
    await edited(copy, '2026-11-28T12:00:00Z', 'www.shop.example');
    const { exit, stdout } = await copy.sluice(['audit'], after);
    expect(exit).toBe('drift');
    expect(stdout.replaceAll(/[\da-f]{16,32}(?= in|,|$|\n)/g, 'ID')).toContain(
      `2026-11  a1c0ffee5e7a11d0b5e55ed0ddba1100  1 change that no release made  (9 entries of releases)
  2026-11-28T12:00:00.000Z  update  cloudflare_dns_record ID in shop.example
      who   somebody@dashboard.example (user, dash)
`,
    );
    expect(stdout).toContain('from  203.0.113.77, ray ');
    copy.remove();
  });
});

it('finds an edit through the API with a token of somebody, and nothing of what was refused', async () => {
  const copy = estate.copy();
  const store = new Store(join(copy.folder, '.sluice', 'sandbox'));
  const api = await startApi(store, () => '2026-11-29T10:00:00Z');
  const record = store
    .list('cloudflare_dns_record')
    .find(({ attributes }) => attributes['name'] === 'www.shop.example');
  const url = `${api.url}/zones/${record?.parent ?? ''}/dns_records/${record?.id ?? ''}`;
  const headers = { authorization: 'Bearer my-own-token', 'content-type': 'application/json' };
  const taken = await fetch(url, { method: 'PATCH', headers, body: '{"content":"198.51.100.66"}' });
  const refused = await fetch(url, { method: 'PATCH', headers, body: '{"no_such":1}' });
  const open = await fetch(url, { method: 'DELETE' });
  expect([taken.status, refused.status, open.status]).toEqual([200, 400, 405]);
  await api.close();
  const { exit, document } = await audit(copy);
  expect(document.unauthorised.map(({ entry }) => entry.resource.id)).toEqual([record?.id]);
  expect(document.unauthorised[0]?.entry.actor.tokenName).toMatch(/^token-/);
  expect(exit).toBe('drift');
  copy.remove();
});

describe('a part of the log that is not to be had', () => {
  /** The sandbox's API behind a server that fails. */
  function through(url: string): Adjust {
    return (services) => ({
      ...services,
      cloudflare: (options) =>
        services.cloudflare(options.target === 'sandbox' ? { ...options, api: `${url}/client/v4` } : options),
    });
  }

  it('of a token without the right is named, and no zero', async () => {
    const proxy = await startFaultProxy('http://127.0.0.1:9');
    proxy.faultOf = () => ({
      status: 403,
      body: JSON.stringify({ success: false, errors: [{ code: 10000, message: 'Authentication error' }] }),
    });
    const { exit, document } = await audit(estate, [], through(proxy.url));
    await proxy.close();
    expect(exit).toBe('undetermined');
    expect(document.gaps[0]).toMatchObject({
      from: '2026-11-01T00:00:00.000Z',
      until: '2026-11-04T00:00:00.000Z',
    });
    expect(document.gaps[0]?.reason).toContain('HTTP 403');
    expect(document.months[0]?.isCovered).toBe(false);
    expect(document.releases.map(({ state }) => state)).toEqual([
      'not-covered',
      'not-covered',
      'not-covered',
    ]);
    // Three days that did not answer, and none after them.
    expect(proxy.log).toHaveLength(3);
  });

  it('before Cloudflare retains anything is named', async () => {
    const { exit, document } = await audit(estate, ['--from', '2025-05-01', '--to', '2025-06-02']);
    expect(exit).toBe('undetermined');
    expect(document.gaps).toEqual([
      {
        account,
        from: '2025-05-01T00:00:00.000Z',
        until: '2025-05-30T00:00:00.000Z',
        reason: 'Cloudflare retains entries for 18 months',
      },
    ]);
  });
});

describe('files of Logpush', () => {
  function line(parts: Readonly<Record<string, unknown>>): string {
    return JSON.stringify({
      AccountID: account,
      ActionDescription: 'Update record',
      ActionResult: 'success',
      ActionTimestamp: '2026-11-20T10:00:00Z',
      ActionType: 'update',
      ActorContext: 'dash',
      ActorEmail: 'mallory@shop.example',
      ActorID: 'm',
      ActorIPAddress: '198.51.100.9',
      ActorType: 'user',
      AuditLogID: 'one',
      Raw: { method: 'PATCH', uri: '/zones/z/dns_records/r', cf_ray_id: 'ray' },
      ResourceID: 'r',
      ResourceProduct: 'dns_records',
      ResourceScope: 'zones',
      ResourceType: 'dns_record',
      ZoneID: 'z',
      ZoneName: 'shop.example',
      ...parts,
    });
  }

  it('are read plain and compressed; what is no entry is named by its line, and days without one are told', async () => {
    const copy = estate.copy();
    const plain = [
      line({}),
      'not json',
      '',
      '{"Datetime":"2026-11-20T10:00:00Z"}',
      line({ ActorEmail: '\u001b[2J@evil', AuditLogID: 'two', ResourceID: 's' }),
    ];
    writeFileSync(join(copy.folder, 'a.ndjson'), `${plain.join('\n')}\n`);
    writeFileSync(join(copy.folder, 'b.ndjson.gz'), gzipSync(`${line({})}\n`));
    const files = ['--log', 'a.ndjson', '--log', 'b.ndjson.gz', '--from', '2026-11-19', '--to', '2026-11-21'];
    const { exit, document, stdout } = await audit(copy, files);
    expect(document.badLines).toEqual({
      count: 2,
      first: [
        { file: 'a.ndjson', line: 2, reason: 'it is not a JSON object' },
        {
          file: 'a.ndjson',
          line: 4,
          reason: 'it has neither AuditLogID nor ActionTimestamp, as audit_logs_v2 has',
        },
      ],
    });
    expect(document.counts).toMatchObject({ unauthorised: 2, duplicates: 1 });
    expect(document.gaps.map(({ from, until }) => [from, until])).toEqual([
      ['2026-11-19T00:00:00.000Z', '2026-11-20T00:00:00.000Z'],
    ]);
    const text = await copy.sluice(['audit', ...files], after);
    expect(`${stdout}${text.stdout}`).not.toContain('\u001b');
    expect(text.stdout).toContain(String.raw`\u{1b}[2J@evil`);
    expect([exit, document.requests]).toEqual(['drift', 0]);
    copy.remove();
  });
});

it('refuses a period that is none', async () => {
  for (const args of [
    ['--from', '2026-11-31'],
    ['--from', 'yesterday'],
    ['--from', '2026-11-20', '--to', '2026-11-20'],
    ['--from', '2027-01-01'],
  ]) {
    expect((await estate.sluice(['audit', ...args], after)).exit).toBe('usage');
  }
  expect(longBefore < after.TEST_NOW).toBe(true);
});
