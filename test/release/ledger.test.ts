import { describe, expect, it } from 'vitest';
import { readLedger } from '../../scripts/release/ledger.ts';
import { readLedgerDocument } from '../../scripts/read/ledger/documents.ts';
import type { StoredFile } from '../../scripts/release/ledger/format.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { loggedRule } from '../../scripts/plan/logged-rule.ts';
import { baselinesOf, pastReleases } from '../../scripts/release/history.ts';
import { openIntents, stackState } from '../../scripts/release/state.ts';
import { LedgerBuilder, readBranch, recordsBundle } from './ledger-builder.ts';

function threeReleases(): LedgerBuilder {
  const builder = new LedgerBuilder();
  builder.release({
    action: 'baseline',
    changeId: null,
    bundle: recordsBundle('acme-production', { www: '203.0.113.1' }),
  });
  builder.release({
    changeId: 'CHG-2026-0001',
    bundle: recordsBundle('acme-production', { www: '203.0.113.2' }),
  });
  builder.release({
    changeId: 'CHG-2026-0002',
    bundle: recordsBundle('acme-staging', { www: '203.0.113.3' }),
  });
  return builder;
}

function faults(files: readonly StoredFile[], builder: LedgerBuilder): readonly string[] {
  const reading = readBranch(builder.branch({ files }), builder.trust);
  return reading.ok ? [] : reading.faults.map((fault) => `${fault.place} ${fault.what}`);
}

function edited(builder: LedgerBuilder, path: string, edit: (text: string) => string): readonly StoredFile[] {
  return builder.files.map((file) => (file.path === path ? { path, text: edit(file.text) } : file));
}

describe('a ledger that nobody touched', () => {
  it('verifies, in the order in which releases ended', () => {
    const ledger = threeReleases().read();
    expect(ledger.folders.map((folder) => folder.intent.id)).toEqual(['R0001', 'R0002', 'R0003']);
    expect(ledger.head).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it('is empty when nothing was released', () => {
    const empty = { tree: [], history: [], tags: new Map<string, string>(), seen: null, origin: null };
    const reading = readLedger(empty, new LedgerBuilder().trust, readLedgerDocument);
    expect(reading).toEqual({
      ok: true,
      value: { ledger: { folders: [], head: null, files: new Map() }, index: null, hasIndex: false },
    });
  });
});

describe('a ledger that was edited', () => {
  const release = 'releases/0002-acme-production/release.json';

  it.each([
    [
      'a stored bundle',
      'releases/0002-acme-production/bundle.tf.json',
      (text: string) => text.replace('203.0.113.2', '203.0.113.9'),
      /bundle\.tf\.json was changed/,
    ],
    [
      'a release that others follow',
      release,
      (text: string) => text.replace('"by":"ci"', '"by":"eve"'),
      /by differs from intent\.json/,
    ],
    [
      'a finishing time',
      release,
      (text: string) => text.replace('20:00:30', '21:05:00'),
      /0003-acme-staging\/intent\.json does not follow releases\/0002-acme-production/,
    ],
    ['the layout of a document', release, (text: string) => `${text} `, /not in canonical form/],
    ['a document that is not a JSON', release, () => '{', /release\.json:1:2 not valid JSON/],
    [
      'an intent',
      'releases/0001-acme-production/intent.json',
      (text: string) => text.replace('baseline', 'release'),
      /action differs/,
    ],
    [
      'a version of the format',
      release,
      (text: string) => text.replace('"version":1', '"version":2'),
      /release\.json:1:\d+ /,
    ],
  ])('is refused when %s was changed', (_, path, edit, expected) => {
    const builder = threeReleases();
    expect(faults(edited(builder, path, edit), builder).join('\n')).toMatch(expected);
  });

  it('is refused when a file is missing, and names it', () => {
    const builder = threeReleases();
    const files = builder.files.filter(
      (file) => file.path !== 'releases/0002-acme-production/bundle.tf.json',
    );
    expect(faults(files, builder).join('\n')).toContain(
      'releases/0002-acme-production/bundle.tf.json is missing',
    );
  });

  it('is refused when a whole release was taken out of the middle', () => {
    const builder = threeReleases();
    const files = builder.files.filter((file) => !file.path.startsWith('releases/0002-'));
    expect(faults(files, builder).join('\n')).toContain(
      'releases/0002-acme-production/intent.json is missing: it was recorded',
    );
  });

  it('is refused when a file was added that no release names', () => {
    const builder = threeReleases();
    const files = [
      ...builder.files,
      { path: 'releases/0002-acme-production/note.txt', text: 'approved by me' },
    ];
    expect(faults(files, builder).join('\n')).toContain(
      'note.txt is not named like any document of a release',
    );
  });

  it.each([
    ['M', 'rewrites'],
    ['D', 'deletes'],
  ])('is refused when history has a commit with %s', (status, verb) => {
    const builder = threeReleases();
    builder.history.push({
      sha: 'f'.repeat(40),
      parents: 1,
      changes: [{ status, path: 'releases/0001-acme-production/release.json' }],
    });
    expect(faults(builder.files, builder).join('\n')).toContain(
      `${verb} releases/0001-acme-production/release.json`,
    );
  });

  it('is refused when two releases follow the same one', () => {
    const builder = threeReleases();
    const fork = builder.files.find((file) => file.path === 'releases/0003-acme-staging/release.json');
    const copies = builder.files
      .filter((file) => file.path.startsWith('releases/0003-acme-staging/'))
      .map((file) => ({
        path: file.path.replace('0003', '0004'),
        text: file.text.replace('R0003', 'R0004'),
      }));
    expect(fork).toBeDefined();
    expect(faults([...builder.files, ...copies], builder).join('\n')).toMatch(
      /0004-acme-staging\/intent\.json was recorded by no commit/,
    );
  });
});

describe('what the ledger tells', () => {
  it('takes the last successful release as live, not a failed one', () => {
    const builder = threeReleases();
    builder.release({ result: 'failed', bundle: recordsBundle('acme-production', { www: '203.0.113.7' }) });
    const ledger = builder.read();
    expect(stackState(ledger, 'acme-production').live?.entry.id).toBe('R0002');
    expect(stackState(ledger, 'acme-production').unsettled?.entry.id).toBe('R0004');
  });

  it('shows a release that was begun and never ended', () => {
    const builder = threeReleases();
    builder.begin({ bundle: recordsBundle('acme-production', { www: '203.0.113.8' }) });
    expect(openIntents(builder.read(), 'acme-production').map((folder) => folder.intent.id)).toEqual([
      'R0004',
    ]);
    expect(openIntents(builder.read(), 'acme-staging')).toEqual([]);
  });

  it('marks what was rolled back in the history and leaves baselines out of it', () => {
    const builder = threeReleases();
    builder.release({
      action: 'rollback',
      undoes: ['R0002'],
      bundle: recordsBundle('acme-production', { www: '203.0.113.1' }),
    });
    expect(
      pastReleases(builder.read(), new Map(), null).map((past) => [past.id, past.kind, past.result]),
    ).toEqual([
      ['R0002', 'release', 'rolled-back'],
      ['R0003', 'release', 'successful'],
      ['R0004', 'rollback', 'successful'],
    ]);
  });

  it('does not say how long a release took that ended before it began by the clocks of two machines', () => {
    const { folders, ...rest } = threeReleases().read();
    const ended = (finishedAt: string) =>
      pastReleases(
        {
          ...rest,
          folders: folders.map((folder) =>
            folder.entry === null ? folder : { ...folder, entry: { ...folder.entry, finishedAt } },
          ),
        },
        new Map(),
        null,
      ).map(({ took }) => took);
    expect(ended('2000-01-01T00:00:00Z')).toEqual([undefined, undefined]);
    expect(ended('2100-01-01T00:00:00Z').every((took) => (took?.releaseSeconds ?? -1) > 0)).toBe(true);
  });

  it('knows what a release changed from its plan, and of a rule in log mode what it logs', () => {
    const builder = threeReleases();
    const rule = { action: 'log', ref: 'watch', expression: 'http.host eq "a.example"' };
    builder.release({
      bundle: canonicalBundle('acme-production', {
        resource: {
          cloudflare_ruleset: {
            waf: { phase: 'http_request_firewall_custom', rules: [rule, { action: 'log' }] },
          },
          cloudflare_zone_setting: { tls: { setting_id: 'ssl', value: 'strict' } },
        },
      }),
    });
    const [first, last] = [
      pastReleases(builder.read(), new Map(), null)[0],
      pastReleases(builder.read(), new Map(), null).at(-1),
    ];
    expect(first?.changed).toEqual(['cloudflare_dns_record']);
    expect(last?.changed).toEqual([
      'cloudflare_dns_record',
      'cloudflare_ruleset/http_request_firewall_custom',
      'cloudflare_zone_setting/ssl',
    ]);
    expect(last?.loggedRules).toEqual([
      loggedRule('acme-production/cloudflare_ruleset.waf#watch', 'http.host eq "a.example"'),
    ]);
  });

  it('knows of a baseline what its rules logged, since when', () => {
    const ledger = threeReleases().read();
    const [first] = ledger.folders;
    const entry = first?.entry ?? null;
    expect(entry?.action).toBe('baseline');
    expect(baselinesOf(ledger)).toEqual([
      { stack: 'acme-production', at: entry?.finishedAt, loggedRules: entry?.loggedRules },
    ]);
  });

  it('does not know what a release changed whose plan is not there', () => {
    const { folders, head, files } = threeReleases().read();
    const without = new Map([...files].filter(([path]) => !path.endsWith('/plan.json')));
    expect(pastReleases({ folders, head, files: without }, new Map(), null)[0]?.changed).toBeNull();
  });

  it('counts what a release deleted and updated, by zone', () => {
    const builder = threeReleases();
    builder.release({ bundle: recordsBundle('acme-production', {}) });
    expect(pastReleases(builder.read(), new Map(), null).at(-1)?.zones).toEqual([
      { zone: 'z', deleted: 1, updated: 0 },
    ]);
  });
});
