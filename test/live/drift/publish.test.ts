/** One issue for each stack: on the local GitHub, and in what it says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTracker } from '../../../scripts/adapters/github/tracker.ts';
import { publishIssues } from '../../../scripts/cli/live/publish.ts';
import type { Tracker } from '../../../scripts/contract/ports.ts';
import { driftedOf } from '../../../scripts/live/drift/compare.ts';
import type { DriftReport, StackDrift } from '../../../scripts/live/drift/types.ts';
import { cloudflareSource } from '../../../scripts/provider/facts.ts';
import { driftIssues } from '../../../scripts/render/live/drift-issue.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from '../../adapters/github/pull-on-local-github.ts';

const values = { id: 'r', zone_id: 'z', type: 'A', name: 'www.shop.example', content: '192.0.2.1', ttl: 1 };

function stackDrift(live: string): StackDrift {
  const resource = {
    address: 'cloudflare_dns_record.www',
    mode: 'managed',
    type: 'cloudflare_dns_record',
    name: 'www',
    provider: cloudflareSource,
    values,
    sensitive: {},
    isDeposed: false,
  };
  const row = { list: '/zones/{zone_id}/dns_records' };
  return {
    stack: 'acme-production',
    release: 'R0006',
    drifted: driftedOf('acme-production', [{ resource, row, live: { ...values, content: live } }], null),
    compared: { listed: 1, single: 0, refreshed: 0 },
    notCompared: [],
    state: [],
  };
}

function reportOf(stack: StackDrift, more: Partial<DriftReport> = {}): DriftReport {
  return {
    kind: 'sluice.drift',
    version: 1,
    at: '2026-11-30T03:00:00Z',
    target: 'cloudflare',
    stacks: [stack],
    skipped: [],
    unmanaged: [],
    coverage: { listed: 1, managed: 1 },
    failed: [],
    requests: 1,
    ...more,
  };
}

describe('on the local GitHub', () => {
  let pull: PullOnGitHub;
  let tracker: Tracker;
  beforeAll(async () => {
    pull = await pullOnLocalGitHub();
    tracker = createTracker({
      token: pull.github.tokens.get('sluice-bot') ?? '',
      repository: pull.at.repository,
      baseUrl: pull.github.url,
      secrets: knownValues([]),
      appId: null,
      retryUnitMs: 1,
    });
  });
  afterAll(() => pull.close());

  const bodies = async (): Promise<readonly string[]> =>
    (await tracker.openIssues()).map(({ title, body }) => `${title}: ${/content: .*/.exec(body)?.[0] ?? ''}`);

  it('is opened once, rewritten when something else differs, and closed when nothing does', async () => {
    const acts = async (report: DriftReport): Promise<readonly string[]> =>
      (
        await publishIssues(tracker, await tracker.openIssues(), {
          issues: driftIssues(report),
          label: 'drift',
          gone: 'Nothing differs.',
        })
      ).map(({ act }) => act);
    expect(await acts(reportOf(stackDrift('198.51.100.1')))).toEqual(['opened']);
    expect(await acts(reportOf(stackDrift('198.51.100.1')))).toEqual(['left as it is']);
    expect(await acts(reportOf(stackDrift('198.51.100.2')))).toEqual(['rewritten']);
    expect(await bodies()).toEqual(['Drift: acme-production: content: "192.0.2.1" → "198.51.100.2"']);

    const untold = {
      address: 'cloudflare_dns_record.www',
      type: 'cloudflare_dns_record',
      reason: 'no right',
    };
    expect(await acts(reportOf({ ...stackDrift('192.0.2.1'), notCompared: [untold] }))).toEqual([]);
    expect(
      await acts(
        reportOf(stackDrift('192.0.2.1'), {
          stacks: [],
          skipped: [{ stack: 'acme-production', reason: 'R0007 runs' }],
        }),
      ),
    ).toEqual([]);
    expect(await bodies()).toHaveLength(1);
    expect(await acts(reportOf(stackDrift('192.0.2.1')))).toEqual(['closed']);
    expect(await bodies()).toEqual([]);
    expect(await acts(reportOf(stackDrift('198.51.100.2')))).toEqual(['opened']);
  });
});

describe('the text', () => {
  it('says what is in no stack in an issue of its own, and no value can leave its fence', () => {
    const identity = 'TXT ```\n# @octocat <img src=x>';
    const unmanaged = [{ type: 'cloudflare_dns_record', id: 'x', identity, path: '/zones/z/dns_records/x' }];
    const [, issue] = driftIssues(reportOf(stackDrift('192.0.2.1'), { unmanaged }));
    expect([issue?.title, issue?.body]).toEqual([
      'Drift: in no stack',
      expect.stringContaining(
        '````\ncloudflare_dns_record  TXT ```\\n# @octocat <img src=x>  /zones/z/dns_records/x\n````',
      ),
    ]);
  });

  it('is the same for the same drift', () => {
    const [one, other] = [1, 2].map((day) =>
      driftIssues(reportOf(stackDrift('198.51.100.1'), { at: `2026-11-0${String(day)}T00:00:00Z` })),
    );
    expect(one).toEqual(other);
  });
});
