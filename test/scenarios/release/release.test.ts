import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordText } from '../../../scripts/demo/records.ts';
import { someTraffic } from '../../builders/traffic.ts';
import { approve, inWindow, longBefore } from '../change/approved-facts.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from '../small-estate.ts';

const recordPath = 'changes/acme/CHG-2026-0101.yaml';
const schedule = { start: '2026-11-24T20:15:00+00:00', end: '2026-11-24T22:00:00+00:00' };
const change = {
  id: 'CHG-2026-0101',
  title: 'Block the old API',
  reason: 'The last caller of the old API is gone; the rule matched nothing else in log mode for a week.',
  expected: 'One rule changes its action',
  users: 'nobody',
  probes: [],
};

/** Commits an edit of the estate with its record, as after the merge. */
function commitChange(estate: SmallEstate, from: string, to: string): void {
  const text = estate.read('stacks/estate.ts');
  expect(text).toContain(from);
  estate.write('stacks/estate.ts', text.replace(from, to));
  estate.write(recordPath, recordText(change, schedule).replace('  probes:\n\n', ''));
  estate.git('add', '--all');
  estate.git('commit', '--quiet', '--message', change.id);
}

function release(estate: SmallEstate, facts: string): Promise<Ended> {
  return estate.sluice(['release', '--facts', facts], { TEST_NOW: inWindow });
}

describe('a change from baseline to rollback, on real Terraform', () => {
  let estate: SmallEstate;
  let baseline: Ended;
  beforeAll(async () => {
    estate = makeSmallEstate();
    baseline = await estate.sluice(['baseline', '--reason', 'first release'], { TEST_NOW: longBefore });
  });
  afterAll(() => estate.remove());

  it('has every stack in a ledger that verifies', async () => {
    expect(baseline.stderr.slice(-500)).toContain('done');
    expect(baseline.exit).toBe('ok');
    expect((await estate.sluice(['ledger', 'verify'])).stdout).toMatch(
      /^verified: 2 release\(s\), head sha256:[0-9a-f]{64}\n$/,
    );
  });

  it('refuses a second baseline', async () => {
    const before = estate.fingerprint();
    const ended = await estate.sluice(['baseline', 'acme-production', '--reason', 'again']);
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringContaining('acme-production has a baseline already'),
    ]);
    expect(estate.fingerprint()).toBe(before);
  });

  it('refuses a release without approvals and changes nothing', async () => {
    commitChange(estate, "action: 'log'", "action: 'block'");
    const facts = await approve(estate, recordPath, (given) => ({ ...given, reviews: [] }));
    const before = estate.fingerprint();
    const ended = await release(estate, facts);
    expect(ended.stderr).toContain('The gate does not allow this release: approvals.');
    expect(ended.exit).toBe('denied');
    expect(estate.fingerprint()).toBe(before);
  });

  it('says of each approval that does not count any more why', async () => {
    const facts = await approve(estate, recordPath, (given) => ({
      ...given,
      reviews: given.reviews.map((review) => ({ ...review, submittedAt: '2026-11-12T09:00:00Z' })),
    }));
    const ended = await release(estate, facts);
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringContaining('approvals: j-novak approved, but it expired on 2026-11-'),
    ]);
  });

  it('refuses what was approved for another effect as stale', async () => {
    const facts = await approve(estate, recordPath, (given) => {
      const tuple = { ...given.tuple, effectDigest: `sha256:${'0'.repeat(64)}` };
      return { ...given, tuple, reviews: given.reviews.map((review) => ({ ...review, tuple })) };
    });
    const ended = await release(estate, facts);
    expect([ended.exit, ended.stderr]).toEqual(['stale', expect.stringContaining('tuple')]);
  });

  it('refuses a release while the working tree is dirty', async () => {
    const facts = await approve(estate, recordPath);
    estate.write('stacks/note.ts', 'export {};\n');
    const ended = await release(estate, facts);
    estate.git('clean', '--quiet', '--force', 'stacks');
    expect([ended.exit, ended.stderr]).toEqual([
      'usage',
      expect.stringContaining('uncommitted changes: stacks/note.ts'),
    ]);
  });

  it('stops before anything is changed when live was edited by hand, and says what', async () => {
    const drift = [
      'sandbox',
      'drift',
      '--type',
      'cloudflare_dns_record',
      '--match',
      'name=www.shop.example',
      '--set',
      'content=192.0.2.99',
    ];
    expect((await estate.sluice(drift)).exit).toBe('ok');
    const before = estate.fingerprint();
    const ended = await release(estate, await approve(estate, recordPath));
    expect(ended.stderr).toContain(
      'cloudflare_dns_record.www: Terraform would update it (content), which nobody approved',
    );
    expect(ended.exit).toBe('drift');
    expect(estate.fingerprint()).toBe(before);
    await estate.sluice([...drift.slice(0, -1), 'content=203.0.113.1']);
  });

  it('applies what was approved, verifies and records it', async () => {
    const ended = await release(estate, await approve(estate, recordPath));
    expect(ended.stderr).not.toContain('sluice:');
    expect(ended.stdout).toMatch(/R0003 {2}acme-production {6}successful {2}1 change\(s\)/);
    expect(ended.exit).toBe('ok');
    const shown = await estate.sluice([
      'sandbox',
      'show',
      '--type',
      'cloudflare_ruleset',
      '--format',
      'json',
    ]);
    expect(shown.stdout).toContain('"action":"block"');
  });

  it('keeps what was known of the traffic as evidence', () => {
    const text = estate.git('show', 'releases:releases/0003-acme-production/traffic.json');
    expect(JSON.parse(text)).toEqual(someTraffic({ stacks: ['acme-production'], withoutCases: ['acme'] }));
  });

  it('shows an empty plan afterwards', async () => {
    const ended = await estate.sluice(['plan', 'acme-production', '--format', 'json']);
    expect((JSON.parse(ended.stdout) as { stacks: { changes: unknown[] }[] }).stacks[0]?.changes).toEqual([]);
  });

  it('case 69: rolls back what was released without asking anybody again: shows the inverse, restores, verifies, records', async () => {
    const dry = await estate.sluice(['rollback', 'acme-production', '--dry-run', '--reason', 'look first']);
    expect(dry.stdout).toContain('Dry run: nothing was changed.');
    const ended = await estate.sluice(['rollback', 'acme-production', '--reason', 'callers were left']);
    expect(ended.stderr).not.toContain('sluice:');
    expect(ended.stdout).toContain('R0004: acme-production is back');
    const shown = await estate.sluice([
      'sandbox',
      'show',
      '--type',
      'cloudflare_ruleset',
      '--format',
      'json',
    ]);
    expect(shown.stdout).toContain('"action":"log"');
    expect((await estate.sluice(['ledger', 'verify'])).stdout).toContain('verified: 4 release(s)');
  });

  it('keeps its promises when the ledger was edited: nothing is released on top of it', async () => {
    const tip = estate.git('rev-parse', 'releases');
    estate.git('checkout', '--quiet', 'releases');
    estate.write(
      'releases/0003-acme-production/release.json',
      estate
        .read('releases/0003-acme-production/release.json')
        .replace('"by":"tester <tester@sluice.example> (claimed)"', '"by":"nobody"'),
    );
    estate.git('commit', '--quiet', '--all', '--message', 'tidy up');
    estate.git('checkout', '--quiet', 'main');
    const verified = await estate.sluice(['ledger', 'verify']);
    expect([verified.exit, verified.stdout]).toEqual([
      'invalidInput',
      expect.stringContaining('NOT VERIFIED'),
    ]);
    expect(verified.stdout).toContain('rewrites releases/0003-acme-production/release.json');
    const ended = await estate.sluice(['rollback', 'acme-production', '--reason', 'try']);
    expect([ended.exit, ended.stderr]).toEqual(['invalidInput', expect.stringContaining('does not verify')]);
    estate.git('branch', '--force', 'releases', tip);
  });
});
