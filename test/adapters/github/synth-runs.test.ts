/** The synth job's artifact is whatever somebody who can push a branch wants it to be. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSynthRuns } from '../../../scripts/adapters/github/synth-runs.ts';
import { readZip } from '../../../scripts/adapters/files/zip.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { startLocalGitHub, type LocalGitHub } from '../../../scripts/sandbox/github/server.ts';
import type { LocalArtifact, LocalRun } from '../../../scripts/sandbox/github/synth-runs.ts';
import type { SynthBundles } from '../../../scripts/contract/ports.ts';
import { startFaultProxy } from '../network/fault-proxy.ts';
import { zipOf, type ZipPart } from '../files/zip-builder.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

const limits = { entries: 500, entryBytes: 1000, totalBytes: 1500, name: /^[a-z0-9][a-z0-9-]*\.tf\.json$/ };
const good: ZipPart = { name: 'acme-production.tf.json' };
const other: ZipPart = { name: 'acme-staging.tf.json', stored: true };
const text = (size: number): string => 'x'.repeat(size);

describe('a zip file', () => {
  it('of plain files, deflated or stored, is read', () => {
    const files = readZip(zipOf([good, other]), limits);
    expect([...files].map(([name, content]) => [name, Buffer.from(content).toString()])).toEqual([
      [good.name, '{"terraform":{}}'],
      [other.name, '{"terraform":{}}'],
    ]);
  });

  it('without entries has none', () => {
    expect(readZip(zipOf([]), limits).size).toBe(0);
  });

  const zip64 = zipOf([good]);
  zip64.writeUInt32LE(0xffffffff, zip64.length - 6);
  const gap = zipOf([good]);
  gap.writeUInt32LE(gap.readUInt32LE(gap.length - 6) - 1, gap.length - 6);
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ['a path that leaves the folder', zipOf([{ name: '../evil.tf.json' }]), 'is not the name of a bundle'],
    ['an absolute path', zipOf([{ name: '/etc/evil.tf.json' }]), 'is not the name of a bundle'],
    ['a Windows path', zipOf([{ name: 'C:\\evil.tf.json' }]), 'is not the name of a bundle'],
    ['a folder', zipOf([{ name: 'a/', text: '' }]), 'is not the name of a bundle'],
    ['a nested file', zipOf([{ name: 'a/b.tf.json' }]), 'is not the name of a bundle'],
    ['another name', zipOf([good, { name: 'main.tf' }]), 'is not the name of a bundle'],
    ['a name with a line end', zipOf([{ name: 'a.tf.json\n' }]), 'is not the name of a bundle'],
    ['a name in capitals', zipOf([good, { name: 'ACME-production.tf.json' }]), 'is not the name of a bundle'],
    ['a link', zipOf([{ ...good, mode: 0o120777 }]), 'a link or something else'],
    ['a device', zipOf([{ ...good, mode: 0o020666 }]), 'a link or something else'],
    ['one name twice', zipOf([good, good]), 'two entries of one name'],
    ['encryption', zipOf([{ ...good, says: { flags: 1 } }]), 'encrypted or packed in an unusual way'],
    ['another method', zipOf([{ ...good, says: { method: 12 } }]), 'encrypted or packed in an unusual way'],
    ['an entry that is too large', zipOf([{ ...good, text: text(1001) }]), 'has 1001 bytes, more than 1000'],
    [
      'too much in all',
      zipOf([
        { ...good, text: text(1000) },
        { ...other, text: text(501) },
      ]),
      'has 1501 bytes unpacked, more than 1500',
    ],
    [
      'a bomb whose header lies',
      zipOf([{ ...good, text: text(50_000_000), says: { unpacked: 10 } }]),
      'larger than its header says',
    ],
    ['less than its header says', zipOf([{ ...good, says: { unpacked: 900 } }]), 'other size or checksum'],
    ['another checksum', zipOf([{ ...good, says: { crc: 1 } }]), 'other size or checksum'],
    [
      '60,000 entries',
      zipOf(
        Array.from({ length: 60_000 }, (_, index) => ({
          name: `s${String(index)}.tf.json`,
          text: '{}',
          stored: true,
        })),
      ),
      'has 60000 entries, more than 500',
    ],
    ['100,000 entries, as zip64', zipOf([good], { count: 0xffff }), 'has 65535 entries, more than 500'],
    ['a zip64 directory', zip64, 'not in one piece'],
    ['a gap before its end', gap, 'not in one piece'],
    ['fewer entries than it says', zipOf([good], { count: 2 }), 'fewer entries than it says'],
    ['more entries than it says', zipOf([good, other], { count: 1 }), 'another length than it says'],
    ['a comment', zipOf([good], { comment: 'hello' }), 'it is not a zip file'],
    ['a cut', zipOf([good]).subarray(0, -5), 'it is not a zip file'],
    ['something before it', Buffer.concat([Buffer.from('#!'), zipOf([good])]), 'not in one piece'],
    ['no zip at all', Buffer.from('{"message":"not a zip, but long enough"}'), 'it is not a zip file'],
    ['nothing', Buffer.alloc(0), 'it is not a zip file'],
    ['two names for one entry', zipOf([{ ...good, says: { localName: 'b.tf.json' } }]), 'two different ways'],
    [
      'content that overlaps',
      zipOf([
        { ...good, stored: true },
        { ...other, says: { localAt: 0, localName: good.name } },
      ]),
      'two different ways',
    ],
    [
      'an entry out of reach',
      zipOf([{ ...good, says: { localAt: 9999 } }]),
      'is not where the directory says',
    ],
  ];

  it.each(cases)('with %s is refused', (_what, bytes, why) => {
    expect(() => readZip(bytes, limits)).toThrow(why);
  });

  it('in which two entries share their content is refused', () => {
    const inner = zipOf([good]);
    const innerLocal = inner.subarray(0, inner.indexOf('PK\u0001\u0002'));
    // A stored entry whose content is the local header and the content of the second one.
    const outer = { name: 'outer.tf.json', text: innerLocal, stored: true };
    const nested = zipOf([outer, { ...good, says: { localAt: 30 + outer.name.length } }]);
    expect(() => readZip(nested, limits)).toThrow('overlaps other content');
  });
});

describe('the bundles of a head', () => {
  let github: LocalGitHub;
  let heads = 0;
  const repository = 'r-okafor/estate';
  const adapter = (baseUrl = github.url) =>
    createSynthRuns({
      token: github.tokens.get('r-okafor') ?? '',
      repository,
      baseUrl,
      appId: null,
      run: null,
      secrets: knownValues([]),
      retryUnitMs: 1,
    });
  const newHead = (): string => (heads += 1).toString(16).padStart(40, '0');
  const read = (artifacts: readonly LocalArtifact[], run: Partial<LocalRun> = {}): Promise<SynthBundles> => {
    const headSha = newHead();
    github.putSynthRun({ headSha, artifacts, ...run });
    return adapter().bundlesOf({ sha: headSha, branch: 'change' });
  };
  const zip = zipOf([good]);

  beforeAll(async () => {
    github = await startLocalGitHub({
      users: [{ login: 'r-okafor', name: 'r-okafor' }],
      repository,
      now: () => new Date().toISOString(),
      environment: process.env,
    });
  });
  afterAll(() => github.close());

  it('are the files of the artifact, whose digest is checked', async () => {
    const digest = `sha256:${createHash('sha256').update(zip).digest('hex')}`;
    expect(await read([{ zip, digest }])).toEqual({
      kind: 'files',
      files: [{ path: good.name, text: '{"terraform":{}}' }],
    });
  });

  it.each<readonly [string, string, Partial<LocalRun>]>([
    ['pending', 'has not ended', { status: 'in_progress', conclusion: null }],
    ['failed', 'failed before it left bundles', { conclusion: 'failure', artifacts: [] }],
    ['missing', 'left no bundles', { artifacts: [] }],
    ['missing', 'have expired', { artifacts: [{ zip, expired: true }] }],
    ['missing', 'left no bundles', { artifacts: [{ zip, name: 'findings' }] }],
    ['refused', 'more than one artifact', { artifacts: [{ zip }, { zip }] }],
    ['refused', 'of another commit', { artifacts: [{ zip, headSha: 'f'.repeat(40) }] }],
    ['refused', 'has 52428801 bytes', { artifacts: [{ zip, size: 52_428_801 }] }],
    ['refused', 'does not have the digest', { artifacts: [{ zip, digest: `sha256:${'0'.repeat(64)}` }] }],
    ['refused', 'it is not a zip file', { artifacts: [{ zip: zip.subarray(0, 40) }] }],
  ])('are %s when the run or its artifact %s', async (kind, reason, run) => {
    expect(await read([], run)).toEqual({ kind, reason: expect.stringContaining(reason) as string });
  });

  it('are missing when no run is of this commit', async () => {
    github.putSynthRun({ headSha: newHead(), artifacts: [{ zip }] });
    expect(await adapter().bundlesOf({ sha: newHead(), branch: 'change' })).toMatchObject({
      kind: 'missing',
    });
  });

  it('are pending when an older run has ended and a newer one has not', async () => {
    const headSha = newHead();
    github.putSynthRun({ headSha, artifacts: [{ zip }] });
    github.putSynthRun({ headSha, status: 'queued', conclusion: null });
    expect(await adapter().bundlesOf({ sha: headSha, branch: 'change' })).toMatchObject({ kind: 'pending' });
  });

  it('are those of its own branch: another pull request of the commit has its own', async () => {
    const headSha = newHead();
    github.putSynthRun({ headSha, artifacts: [{ zip }] });
    github.putSynthRun({ headSha, headBranch: 'other', artifacts: [{ zip: zipOf([other]) }] });
    const found = await adapter().bundlesOf({ sha: headSha, branch: 'change' });
    expect(found).toMatchObject({ kind: 'files', files: [{ path: good.name }] });
    expect(await adapter().bundlesOf({ sha: headSha, branch: 'third' })).toMatchObject({ kind: 'missing' });
  });

  it.each([
    ['the same', good, 'files'],
    ['something else', other, 'refused'],
  ])('of a commit that ran twice and left %s', async (_what, second, kind) => {
    const headSha = newHead();
    github.putSynthRun({ headSha, artifacts: [] });
    github.putSynthRun({ headSha, artifacts: [{ zip: zipOf([second]) }] });
    github.putSynthRun({ headSha, artifacts: [{ zip }] });
    expect(await adapter().bundlesOf({ sha: headSha, branch: 'change' })).toMatchObject({ kind });
  });

  it('are refused when a commit ran more often than is read', async () => {
    const headSha = newHead();
    for (let nth = 0; nth < 7; nth += 1) {
      github.putSynthRun({ headSha, artifacts: [{ zip }] });
    }
    expect(await adapter().bundlesOf({ sha: headSha, branch: 'change' })).toMatchObject({ kind: 'refused' });
  });

  it('are those of the last attempt when a run was started again', async () => {
    const later = zipOf([other]);
    const found = await read(
      [
        { zip, createdAt: '2026-11-24T09:05:00Z' },
        { zip: later, createdAt: '2026-11-24T10:05:00Z' },
      ],
      { attempt: 2, startedAt: '2026-11-24T10:00:00Z' },
    );
    expect(found).toMatchObject({ kind: 'files', files: [{ path: other.name }] });
  });

  it('are refused when more arrives than the server said', async () => {
    const large = Buffer.alloc(52_428_801);
    expect(await read([{ zip: large, size: 1000 }])).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('larger than the 52428800 bytes') as string,
    });
  });

  it('are refused when a file is not UTF-8', async () => {
    const broken = zipOf([{ ...good, text: Buffer.from([0xff, 0xfe]) }]);
    expect(await read([{ zip: broken }])).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('not UTF-8') as string,
    });
  });

  it('of an artifact that is too large by its header are not downloaded', async () => {
    const proxy = await startFaultProxy(github.url);
    const headSha = newHead();
    github.putSynthRun({ headSha, artifacts: [{ zip, size: 52_428_801 }] });
    await adapter(proxy.url).bundlesOf({ sha: headSha, branch: 'change' });
    expect(proxy.log.filter((name) => name.endsWith('/zip'))).toEqual([]);
    await proxy.close();
  });

  it.each([/\/runs$/, /\/artifacts$/, /\/zip$/, /\/storage\//])(
    'cannot be told when GitHub fails at %s',
    async (path) => {
      const proxy = await startFaultProxy(github.url);
      const headSha = newHead();
      github.putSynthRun({ headSha, artifacts: [{ zip }] });
      proxy.faultOf = (name) => (path.test(name) ? { status: 403 } : null);
      await expect(adapter(proxy.url).bundlesOf({ sha: headSha, branch: 'change' })).rejects.toThrow(
        ExternalError,
      );
      await proxy.close();
    },
  );
});
