import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { effectDigest, policyDigest, recordDigest } from '../../scripts/plan/digest.ts';
import type { Json, JsonObject, Plan, ResourceChange } from '../../scripts/plan/types.ts';
import {
  configuration,
  copyOf,
  fixture,
  fixtureNames,
  planOf,
  record,
  withRecords,
} from './configurations.ts';

const before = withRecords({ www: record(), mail: record({ name: 'mail' }) });
const after = withRecords({ www: record({ content: '192.0.2.2' }), mail: record({ name: 'mail' }) });
const usual = effectDigest(planOf(before, after));

function digestAfter(more: Record<string, Json>, also: Record<string, Json> = {}): string {
  return effectDigest(
    planOf(before, withRecords({ www: record(more), mail: record({ name: 'mail' }) }, also)),
  );
}

const digestWithSecret = (secret: string): string => {
  const tsig = { account_id: 'a', algo: 'hmac-sha512.', name: 'tsig', secret };
  return effectDigest(planOf(null, configuration({ cloudflare_dns_zone_transfers_tsig: { t: tsig } })));
};

const threeRecords = (content: string): JsonObject =>
  withRecords({
    www: record({ content }),
    mail: record({ name: 'mail' }),
    other: record({ name: 'other' }),
  });

describe('effectDigest', () => {
  it('is sha256 in hexadecimal, and repeatable', () => {
    expect(usual).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(effectDigest(planOf(before, after))).toBe(usual);
  });

  it.each([
    ['another value', { content: '192.0.2.3' }],
    ['another attribute', { content: '192.0.2.2', ttl: 300 }],
    ['another lifecycle', { content: '192.0.2.2', lifecycle: { prevent_destroy: true } }],
    ['a replacement', { content: '192.0.2.2', type: 'AAAA' }],
  ])('differs with %s', (_name, more) => {
    expect(digestAfter(more)).not.toBe(usual);
  });

  it('differs with another starting value, another backend, another provider configuration', () => {
    const start = withRecords({ www: record({ content: '192.0.2.7' }), mail: record({ name: 'mail' }) });
    expect(effectDigest(planOf(start, after))).not.toBe(usual);
    const backend = { required_providers: {}, backend: { local: { path: 'x' } } };
    expect(digestAfter({ content: '192.0.2.2' }, { terraform: backend })).not.toBe(usual);
    expect(
      digestAfter({ content: '192.0.2.2' }, { provider: { cloudflare: { base_url: 'https://x' } } }),
    ).not.toBe(usual);
  });

  it('covers sensitive values', () => {
    expect(digestWithSecret('caf79a7804b04337c9c66ccd7bef9190')).not.toBe(
      digestWithSecret('caf79a7804b04337c9c66ccd7bef9191'),
    );
  });

  it('covers moves and the order of rules', () => {
    const plan = planOf(before, after);
    const [stack] = plan.stacks;
    const change = stack?.changes[0] as ResourceChange;
    const having = (more: Partial<ResourceChange>): string =>
      effectDigest({ ...plan, stacks: [{ ...stack, changes: [{ ...change, ...more }] }] } as Plan);
    expect(having({})).toBe(usual);
    expect(having({ movedFrom: 'cloudflare_dns_record.x' })).not.toBe(usual);
    expect(having({ actions: ['create', 'delete'] })).not.toBe(having({ actions: ['delete', 'create'] }));
    const [attribute] = change.attributes;
    const moved = (toIndex: number): string =>
      having({
        attributes: [{ ...attribute, kind: 'moved', toIndex } as ResourceChange['attributes'][number]],
      });
    expect(moved(1)).not.toBe(moved(2));
  });

  it('does not depend on what stays the same, on totals or on guesses about renames', () => {
    expect(effectDigest(planOf(threeRecords('192.0.2.1'), threeRecords('192.0.2.2')))).toBe(usual);
  });

  it('does not depend on the order in which stacks are given, but on which are in scope', () => {
    const plan = planOf(before, after);
    const [one] = plan.stacks;
    const other = { ...one, stack: 'a-stack', changes: [] };
    const both = [one, other] as Plan['stacks'];
    expect(effectDigest({ ...plan, stacks: both })).toBe(
      effectDigest({ ...plan, stacks: both.toReversed() }),
    );
    expect(effectDigest({ ...plan, stacks: both })).not.toBe(usual);
  });
});

describe('recordDigest and policyDigest', () => {
  it('depend on the data and on nothing else', () => {
    expect(recordDigest({ id: 'CHG-2026-0001', title: 'x' })).toBe(
      recordDigest({ title: 'x', id: 'CHG-2026-0001' }),
    );
    expect(recordDigest({ id: 'CHG-2026-0001', title: 'x' })).not.toBe(
      recordDigest({ id: 'CHG-2026-0001', title: 'y' }),
    );
    expect(policyDigest([{ a: 1 }], ['r1'])).not.toBe(policyDigest([{ a: 1 }], ['r2']));
  });

  it('never give the same digest for the same data as another kind of document', () => {
    expect(recordDigest({})).not.toBe(policyDigest([]));
  });
});

describe('on other machines', () => {
  it('gives the same digests in another time zone, locale and folder', () => {
    const root = new URL('../..', import.meta.url).pathname;
    const folder = mkdtempSync(join(tmpdir(), 'digest-'));
    const code = `
      import { readFileSync } from 'node:fs';
      import { canonicalBundle, bundleDigest } from '${root}scripts/plan/bundle.ts';
      import { assemblePlan, diffBundles } from '${root}scripts/plan/difference/diff.ts';
      import { effectDigest } from '${root}scripts/plan/digest.ts';
      const read = (name, side) => canonicalBundle(name, JSON.parse(readFileSync('${root}test/fixtures/configurations/' + name + '/' + side + '.tf.json', 'utf8')));
      const stacks = ${JSON.stringify(fixtureNames)}.map((stack) => diffBundles({ stack, before: read(stack, 'before'), after: read(stack, 'after') }));
      console.log(effectDigest(assemblePlan(stacks, 'configuration')), stacks.map((stack) => stack.bundles.after).join());`;
    const run = (env: Record<string, string>): string =>
      execFileSync(
        process.execPath,
        ['--import', join(root, 'node_modules/tsx/dist/loader.mjs'), '--input-type=module', '-e', code],
        {
          cwd: folder,
          env: { PATH: process.env['PATH'] ?? '', ...env },
          encoding: 'utf8',
        },
      );
    const outputs = [
      run({ TZ: 'UTC', LC_ALL: 'C' }),
      run({ TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }),
      run({ TZ: 'America/St_Johns', LC_ALL: 'sv_SE.UTF-8' }),
    ];
    rmSync(folder, { recursive: true });
    expect(new Set(outputs).size).toBe(1);
    expect(outputs[0]).toMatch(/^sha256:[0-9a-f]{64} /);
  });

  it('gives the same bytes whichever version of the framework wrote the configuration', () => {
    const other = copyOf(fixture('dns-only', 'after'));
    other['//'] = { metadata: { version: '9.9.9', stackName: 'x', backend: 'remote' } };
    expect(effectDigest(planOf(fixture('dns-only', 'before'), other))).toBe(
      effectDigest(planOf(fixture('dns-only', 'before'), fixture('dns-only', 'after'))),
    );
  });
});
