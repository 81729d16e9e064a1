/** `sluice ledger key`: what it makes, and everything that it refuses to make. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLedgerKeys } from '../../../scripts/read/ledger/keys.ts';
import { estateAt, type SmallEstate } from '../small-estate.ts';

let folder: string;
let estate: SmallEstate;

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-test-')));
  mkdirSync(join(folder, 'estate'));
  execFileSync('git', ['init', '--quiet', join(folder, 'estate')]);
  estate = estateAt(join(folder, 'estate'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const make = (out: string, id = 'release-2027') => estate.sluice(['ledger', 'key', '--out', out, '--id', id]);

describe('sluice ledger key', () => {
  it('writes the private half for its owner alone, and prints the line of the control file', async () => {
    const path = join(folder, 'key.pem');
    const made = await make(path);
    expect([made.exit, made.stderr]).toEqual(['ok', '']);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const secret = readFileSync(path, 'utf8');
    expect(secret).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(made.stdout).not.toContain(secret.split('\n')[1]);
    const [, line = ''] = made.stdout.split('pull request of its own:\n\n');
    expect(readLedgerKeys(`repository: managed-services/estate\nkeys:\n${line}`)).toMatchObject({
      ok: true,
      value: { keys: [{ id: 'release-2027' }] },
    });
  });

  it.each<[string, () => string]>([
    ['inside of the repository', () => join(folder, 'estate/key.pem')],
    ['inside of it, by a way around', () => `${folder}/other/../estate/key.pem`],
    ['inside of it, from where one stands', () => 'key.pem'],
    ['with a dot in its way', () => `${folder}/./key-2.pem`],
  ])('refuses a file %s', async (_, out) => {
    const refused = await make(out());
    expect([refused.exit, refused.stderr]).toEqual([
      'usage',
      expect.stringContaining('The private half of a key must not lie in the repository.'),
    ]);
    expect(estate.git('status', '--porcelain')).toBe('');
  });

  it('refuses a way into the repository by a link', async () => {
    symlinkSync(join(folder, 'estate'), join(folder, 'link'));
    const refused = await make(join(folder, 'link/key.pem'));
    expect([refused.exit, estate.git('status', '--porcelain')]).toEqual(['usage', '']);
  });

  it('refuses to write over a file that is there', async () => {
    const path = join(folder, 'kept.pem');
    await make(path);
    const before = readFileSync(path, 'utf8');
    const refused = await make(path);
    expect([refused.exit, refused.stderr]).toEqual(['usage', expect.stringContaining('is there already')]);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.each(['sandbox', 'Release', '-x', 'a b', '\u001B[31m', 'é', 'a'.repeat(61), ''])(
    'refuses the name %j, and does not print it',
    async (id) => {
      const refused = await make(join(folder, 'never.pem'), id);
      expect(refused.exit).toBe('usage');
      expect(refused.stderr).not.toContain('\u001B[31m');
      expect(() => statSync(join(folder, 'never.pem'))).toThrow('ENOENT');
    },
  );
});
