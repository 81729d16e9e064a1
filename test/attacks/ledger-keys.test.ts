/** What keys are worth: whose, for which repository and place, from when to when. Each begins with a ledger that verifies. */
import { describe, expect, it } from 'vitest';
import { readLedgerKeys } from '../../scripts/read/ledger/keys.ts';
import type { LedgerTrust } from '../../scripts/release/ledger/branch.ts';
import { textDigest } from '../../scripts/release/ledger/format.ts';
import type { LedgerKey } from '../../scripts/release/types.ts';
import {
  keyOf,
  LedgerBuilder,
  makeSigner,
  readBranch,
  recordsBundle,
  trustIn,
} from '../release/ledger-builder.ts';

const stack = 'acme-production';
const repository = 'managed-services/estate';
const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'].map((day) => `${day}T20:00:00Z`);

function faultsIn(builder: LedgerBuilder, trust: LedgerTrust = builder.trust): string {
  const reading = readBranch(builder.branch(), trust);
  return reading.ok ? '' : reading.faults.map(({ place, what }) => `${place} ${what}`).join('\n');
}

/** A baseline and two releases, one a day. */
function released(signer = makeSigner(repository, 'first')): LedgerBuilder {
  const builder = new LedgerBuilder('cloudflare', signer);
  for (const [index, at] of days.slice(0, 3).entries()) {
    builder.at = at;
    builder.release({
      ...(index === 0 ? { action: 'baseline' as const, changeId: null } : {}),
      bundle: recordsBundle(stack, { www: `192.0.2.${String(index + 1)}` }),
    });
  }
  return builder;
}

const first = makeSigner(repository, 'first');
const keys = (parts: Partial<LedgerKey>): LedgerTrust =>
  trustIn('cloudflare', repository, [keyOf(first, parts)]);

describe('entries for Cloudflare', () => {
  const builder = released(first);

  it('count while their key is in the control file and valid', () => {
    expect(faultsIn(builder)).toBe('');
    expect(faultsIn(builder, keys({ until: '2026-11-05T00:00:00Z' }))).toBe('');
  });

  it.each<[string, LedgerTrust, RegExp]>([
    [
      'with a key that nobody knows',
      trustIn('cloudflare', repository, []),
      /a key that the control file does not have/,
    ],
    [
      'with another key under the same name',
      trustIn('cloudflare', repository, [keyOf(makeSigner(repository, 'first'))]),
      /not of the key first for this document/,
    ],
    ['of another repository', trustIn('cloudflare', 'mallory/estate', [keyOf(first)]), /of mallory\/estate/],
    [
      'from before the key',
      keys({ from: '2026-11-02T00:00:00Z' }),
      /0001-acme-production\/intent\.json was written at .* before the key first was valid/,
    ],
    [
      'from after its end',
      keys({ until: '2026-11-03T00:00:00Z' }),
      /0003-acme-production\/intent\.json was written after the key first had ended/,
    ],
    [
      'with a key that was revoked for all of it',
      keys({ revoked: { at: '2026-12-01T00:00:00Z', lastTrusted: null } }),
      /0001-acme-production\/intent\.json is signed with first, which was revoked/,
    ],
    [
      'with the key of a sandbox',
      trustIn('sandbox', repository, [keyOf(first)]),
      /a key that nowhere does not have/,
    ],
    [
      'from a commit that the default branch does not have',
      { ...keys({}), defaultBranch: { name: 'origin/main', commits: new Set(['d'.repeat(40)]) } },
      /was made from cccccccccccc, which origin\/main does not have/,
    ],
    [
      'where nobody knows the default branch',
      { ...keys({}), defaultBranch: null },
      /does not know which branch is the default one/,
    ],
  ])('do not count %s', (_, trust, fault) => {
    expect(faultsIn(builder, trust)).toMatch(fault);
  });

  it('count up to the last that is trusted, and no further, whatever date they claim', () => {
    const digests = builder.read().folders.map(({ digest }) => digest);
    const revoked = (index: number): LedgerTrust =>
      keys({ revoked: { at: '2026-12-01T00:00:00Z', lastTrusted: digests[index] ?? null } });
    expect(faultsIn(builder, revoked(2))).toBe('');
    const later = faultsIn(builder, revoked(1));
    expect(later).toMatch(/0003-acme-production\/intent\.json is signed with first, which was revoked/);
    expect(later).not.toMatch(/0002-/);
  });

  it('count up to the beginning of a release that never ended, and its end counts with the next key', () => {
    const next = makeSigner(repository, 'next');
    const broken = released(first);
    broken.begin({ bundle: recordsBundle(stack, { www: '192.0.2.9' }) });
    const text = broken.files.findLast(({ path }) => path.endsWith('/intent.json'))?.text ?? '';
    const revoked = (lastTrusted: string): LedgerTrust =>
      trustIn('cloudflare', repository, [
        keyOf(first, { revoked: { at: '2026-11-03T12:00:00Z', lastTrusted } }),
        keyOf(next),
      ]);
    expect(faultsIn(broken, revoked(broken.read().head ?? ''))).toMatch(
      /0004-acme-production\/intent\.json is signed with first, which was revoked/,
    );
    broken.trust = revoked(textDigest(text));
    expect(faultsIn(broken)).toBe('');
    broken.signer = next;
    broken.release({ stack: 'acme-staging', bundle: recordsBundle('acme-staging', { www: '192.0.2.1' }) });
    expect(faultsIn(broken)).toBe('');
    broken.signer = first;
    broken.begin({ bundle: recordsBundle(stack, { www: '192.0.2.10' }) });
    expect(faultsIn(broken)).toMatch(/0006-.*intent\.json is signed with first, which was revoked/);
  });

  it.each(['2026-10-01T00:00:00Z', days[1] ?? '', '2027-01-01T00:00:00Z'])(
    'count up to the last that is trusted, revoked at %s',
    (at) => {
      const lastTrusted = builder.read().folders[1]?.digest ?? null;
      const found = faultsIn(builder, keys({ revoked: { at, lastTrusted } }));
      expect(found).toMatch(/0003-acme-production\/intent\.json is signed with first, which was revoked/);
      expect(found).not.toMatch(/000[12]-/);
    },
  );

  it('do not count where the last that is trusted is none of them', () => {
    const lastTrusted = `sha256:${'7'.repeat(64)}`;
    expect(faultsIn(builder, keys({ revoked: { at: '2026-12-01T00:00:00Z', lastTrusted } }))).toBe(
      `key first was revoked after the document ${lastTrusted}, says the control file, and this ledger has no such document`,
    );
  });

  it('of an old key do not count behind one that ended after it, however they are dated back', () => {
    const second = makeSigner(repository, 'second');
    const trust = trustIn('cloudflare', repository, [
      keyOf(first, { until: '2026-11-03T00:00:00Z' }),
      keyOf(second, { from: '2026-11-02T00:00:00Z' }),
    ]);
    const rotated = new LedgerBuilder('cloudflare', first, trust);
    const add = (at: string, octet: number): void => {
      rotated.at = at;
      rotated.release({ bundle: recordsBundle(stack, { www: `192.0.2.${String(octet)}` }) });
    };
    add(days[0] ?? '', 1);
    rotated.signer = second;
    add(days[3] ?? '', 2);
    expect(faultsIn(rotated)).toBe('');
    rotated.signer = first;
    rotated.at = days[1] ?? '';
    rotated.begin({ bundle: recordsBundle(stack, { www: '192.0.2.3' }) });
    expect(faultsIn(rotated)).toMatch(/0003-.*intent\.json was written after the key first had ended/);
  });

  it('are not mixed with those of a sandbox', () => {
    const other = new LedgerBuilder('sandbox', makeSigner());
    other.release({ bundle: recordsBundle(stack, { www: '192.0.2.1' }) });
    expect(faultsIn(other, keys({}))).toMatch(/a key that nowhere does not have/);
  });
});

describe('the control file', () => {
  const publicKey = first.key.publicKey;
  const line = (id: string, key = publicKey): string =>
    `  - { id: ${id}, publicKey: "${key}", from: "2026-11-01T00:00:00Z" }\n`;
  const problems = (text: string): readonly string[] => {
    const reading = readLedgerKeys(`repository: ${repository}\nkeys:\n${text}`);
    return reading.ok ? [] : reading.diagnostics.map(({ message }) => message);
  };

  it('takes several keys', () => {
    expect(problems(line('one') + line('two', makeSigner().key.publicKey))).toEqual([]);
  });

  it.each<[string, string]>([
    ['one name for two keys', line('one') + line('one', makeSigner().key.publicKey)],
    ['one key under two names', line('one') + line('two')],
    ['the name of the sandbox', line('sandbox')],
    ['a key that is none', line('one', 'AAAA')],
    ['an end before the beginning', line('one').replace(' }', ', until: "2026-10-01T00:00:00Z" }')],
  ])('refuses %s', (_, text) => {
    expect(problems(text)).not.toEqual([]);
  });
});
