import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../../scripts/read/record/record.ts';
import { makeSmallEstate, type SmallEstate } from '../small-estate.ts';

const given = [
  ['--client', 'acme'],
  ['--service', 'storefront'],
  ['--type', 'normal'],
  ['--category', 'waf'],
  ['--title', 'Block the retired checkout API'],
  ['--reason', 'The last caller moved away, and card testers still try it every night.'],
  ['--requester', 'c.ortiz'],
  ['--owner', 'a.marsh'],
  ['--implementer', 'r.okafor'],
  ['--backup-implementer', 'm.lind'],
  ['--stack', 'acme-production'],
  ['--risk', 'medium'],
].flat();

describe('sluice new without a terminal', () => {
  let estate: SmallEstate;
  beforeAll(() => {
    estate = makeSmallEstate();
  });
  afterAll(() => estate.remove());

  it('writes a record that the schema accepts, under the first free id', async () => {
    const ended = await estate.sluice(['new', ...given]);
    expect([ended.exit, ended.stdout]).toEqual([
      'ok',
      expect.stringMatching(/^changes\/acme\/CHG-\d{4}-0001\.yaml\n$/),
    ]);
    const path = ended.stdout.trim();
    const record = readRecord(estate.read(path), path);
    expect(record.ok ? [record.value.record.title, record.value.record.stacks] : record.diagnostics).toEqual([
      'Block the retired checkout API',
      ['acme-production'],
    ]);
  });

  it('never takes an id that a branch has taken', async () => {
    const [year] = estate.git('ls-files', '--others', 'changes').match(/CHG-\d{4}/) ?? [''];
    estate.git('checkout', '--quiet', '-b', 'other');
    estate.write(`changes/borough/${year}-0007.yaml`, 'a record that no longer reads still has its id\n');
    estate.git('add', 'changes/borough');
    estate.git('commit', '--quiet', '--message', 'other record');
    estate.git('checkout', '--quiet', 'main');
    expect((await estate.sluice(['new', ...given])).stdout.trim()).toBe(`changes/acme/${year}-0008.yaml`);
  });

  it('names every flag that is missing and writes nothing', async () => {
    const before = estate.git('status', '--porcelain', '--untracked-files=all');
    const ended = await estate.sluice(['new', '--client', 'acme', '--type', 'normal']);
    expect(ended.exit).toBe('usage');
    for (const flag of ['--title', '--reason', '--implementer']) {
      expect(ended.stderr).toContain(flag);
    }
    expect(estate.git('status', '--porcelain', '--untracked-files=all')).toBe(before);
  });

  it.each([
    ['--client', 'acne', 'acme'],
    ['--service', 'storefrnt', 'storefront'],
    ['--stack', 'acme-prodution', 'acme-production'],
  ])('refuses an unknown %s and suggests the one that was meant', async (flag, wrong, right) => {
    const at = given.indexOf(flag);
    const ended = await estate.sluice(['new', ...given.toSpliced(at + 1, 1, wrong)]);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining(right)]);
  });

  it('takes client and title from the plan of the branch, owner and implementer from who asks, and says what is computed', async () => {
    const copy = estate.copy();
    copy.write(
      'stacks/estate.ts',
      copy
        .read('stacks/estate.ts')
        .replace("www: '203.0.113.1',", "www: '203.0.113.1', news: '203.0.113.9',"),
    );
    const reason = 'Marketing publishes the archive of the newsletter from next week on.';
    const ended = await copy.sluice(['new', '--requester', 'r.okafor', '--reason', reason]);
    expect([ended.exit, ended.stderr]).toEqual([
      'ok',
      expect.stringContaining('model: dns-add (from the plan)'),
    ]);
    const path = ended.stdout.trim();
    expect(path).toMatch(/^changes\/acme\//u);
    const text = copy.read(path);
    expect(text).toContain('title: Add DNS record news.shop.example\n');
    expect(text).toContain('implementer: r.okafor\n');
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    copy.remove();
  });
});
