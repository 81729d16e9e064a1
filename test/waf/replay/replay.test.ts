/** What a change of rules means for recorded requests. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { compileReplay, replayRecord } from '../../../scripts/waf/replay/replay.ts';
import { summarize } from '../../../scripts/waf/replay/summarize.ts';
import { mergeTally, newTally } from '../../../scripts/waf/replay/tally.ts';
import type { ReplaySummary } from '../../../scripts/waf/replay/types.ts';
import type { RecordedOutcome, TrafficRecord } from '../../../scripts/waf/traffic/record.ts';
import { plainRequest } from '../evaluate/request-builder.ts';

const ruleset = 'acme/cloudflare_ruleset.waf';

function configuration(rules: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    resource: {
      cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a1' } } },
      cloudflare_ruleset: {
        waf: {
          kind: 'zone',
          phase: 'http_request_firewall_custom',
          zone_id: '${cloudflare_zone.shop.id}',
          rules,
        },
        managed: {
          kind: 'zone',
          phase: 'http_request_firewall_managed',
          zone_id: '${cloudflare_zone.shop.id}',
          rules: [
            {
              ref: 'cf',
              expression: 'true',
              action: 'execute',
              action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee' },
            },
          ],
        },
        limits: {
          kind: 'zone',
          phase: 'http_ratelimit',
          zone_id: '${cloudflare_zone.shop.id}',
          rules: [
            {
              ref: 'login',
              expression: 'http.request.uri.path eq "/login"',
              action: 'block',
              ratelimit: { period: 60 },
            },
          ],
        },
      },
      ...more,
    },
  };
}

function rule(ref: string, expression: string, action = 'block', more: JsonObject = {}): JsonObject {
  return { ref, expression, action, ...more };
}

function request(
  target: string,
  changes: Partial<TrafficRecord['request']> = {},
  recorded: Partial<RecordedOutcome> | null = null,
): TrafficRecord {
  return {
    id: target,
    at: null,
    request: { ...plainRequest, target, ...changes },
    recorded:
      recorded === null
        ? null
        : { actions: [], ruleIds: [], refs: [], sources: [], status: null, ...recorded },
  };
}

function replay(before: JsonObject, after: JsonObject, ...records: readonly TrafficRecord[]): ReplaySummary {
  const zones = compileReplay({
    before: new Map([['acme', before]]),
    after: new Map([['acme', after]]),
    stacks: ['acme'],
  });
  const tally = newTally();
  for (const record of records) {
    replayRecord(zones, record, tally);
  }
  return summarize(tally, { digest: 'sha256:0', stacks: ['acme'], badLines: 0 });
}

const path = (value: string): string => `http.request.uri.path eq "${value}"`;

describe('one request under old and new rules', () => {
  it.each([
    ['block where nothing was', [], [rule('a', path('/x'))], 'newly-blocked'],
    ['challenge where nothing was', [], [rule('a', path('/x'), 'managed_challenge')], 'newly-challenged'],
    [
      'block where a challenge was',
      [rule('a', path('/x'), 'js_challenge')],
      [rule('a', path('/x'))],
      'newly-blocked',
    ],
    [
      'challenge where a block was',
      [rule('a', path('/x'))],
      [rule('a', path('/x'), 'js_challenge')],
      'changed-action',
    ],
    [
      'another challenge',
      [rule('a', path('/x'), 'js_challenge')],
      [rule('a', path('/x'), 'managed_challenge')],
      'changed-action',
    ],
    ['nothing where a block was', [rule('a', path('/x'))], [], 'newly-allowed'],
    ['log instead of block', [rule('a', path('/x'))], [rule('a', path('/x'), 'log')], 'newly-allowed'],
    [
      'an exception before the block',
      [rule('a', path('/x'))],
      [rule('s', path('/x'), 'skip', { action_parameters: { ruleset: 'current' } }), rule('a', path('/x'))],
      'newly-allowed',
    ],
    ['the same block by another rule', [rule('a', path('/x'))], [rule('b', path('/x'))], 'unchanged'],
    ['a rule that does not match', [], [rule('a', path('/y'))], 'unchanged'],
    [
      'a rule switched off',
      [rule('a', path('/x'))],
      [rule('a', path('/x'), 'block', { enabled: false })],
      'newly-allowed',
    ],
    ['a new rule on something not recorded', [], [rule('a', 'cf.bot_management.score lt 30')], 'undecidable'],
    [
      'the same rule on something not recorded, beside another',
      [rule('a', 'cf.bot_management.score lt 30')],
      [rule('a', 'cf.bot_management.score lt 30'), rule('b', path('/y'))],
      'unchanged',
    ],
    ['an unreadable rule', [], [rule('a', 'http.host is "x"')], 'undecidable'],
  ] as const)('%s: %s → %s is %s', (_, before, after, change) => {
    const { counts } = replay(configuration(before), configuration(after), request('/x'));
    expect(counts[change]).toBe(1);
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(1);
  });

  it('names the rule that answers for it, with samples without their query', () => {
    const found = replay(
      configuration([]),
      configuration([rule('a', path('/x')), rule('b', path('/y'), 'managed_challenge')]),
      request('/x?token=1'),
      request('/x'),
      request('/y'),
    );
    expect(found.rules.map(({ change, rule: ref, ruleset: id, count }) => [change, ref, id, count])).toEqual([
      ['newly-blocked', 'a', ruleset, 2],
      ['newly-challenged', 'b', ruleset, 1],
    ]);
    expect(found.rules[0]?.samples[0]).toEqual({
      id: '/x?token=1',
      method: 'GET',
      host: 'shop.example',
      path: '/x',
      country: 'GB',
      asn: 64_500,
      agent: 'Mozilla/5.0 (X11)',
      before: 'pass',
      after: 'block',
    });
    expect(
      found.breakdowns.find(({ change, dimension }) => change === 'newly-blocked' && dimension === 'path'),
    ).toEqual({ change: 'newly-blocked', dimension: 'path', values: [{ value: '/x', count: 2 }], rest: 0 });
  });

  it('names the exception for what it lets through, and what does not look any more', () => {
    const exception = rule('s', path('/login'), 'skip', {
      action_parameters: { ruleset: 'current', phases: ['http_ratelimit', 'http_request_firewall_managed'] },
    });
    const found = replay(
      configuration([rule('a', path('/login'))]),
      configuration([exception, rule('a', path('/login'))]),
      request('/login'),
    );
    expect(found.rules).toMatchObject([{ change: 'newly-allowed', rule: 's' }]);
    const second = replay(
      configuration([]),
      configuration([exception]),
      request('/login'),
      request('/other'),
    );
    expect(second.counts.unchanged).toBe(2);
    expect(second.protectionLost).toEqual([
      { value: 'acme/cloudflare_ruleset.limits#login', count: 1 },
      { value: 'efb7b8c949ac4650a09736fc376e9aee#cf', count: 1 },
    ]);
  });

  it('tells what changes through order alone', () => {
    const skip = rule('s', path('/x'), 'skip', { action_parameters: { ruleset: 'current' } });
    const block = rule('a', path('/x'));
    const moved = replay(
      configuration([skip, block]),
      configuration([block, skip]),
      request('/x'),
      request('/y'),
    );
    expect(moved).toMatchObject({ counts: { 'newly-blocked': 1, unchanged: 1 }, onlyByOrder: 1 });
    const added = replay(configuration([block]), configuration([skip, block]), request('/x'));
    expect(added.onlyByOrder).toBe(0);
  });

  it('counts verdicts that depend on the reading of a missing value', () => {
    const secret = rule('a', 'http.request.headers["x-key"][0] ne "k"');
    const found = replay(
      configuration([]),
      configuration([secret]),
      request('/x'),
      request('/x', { headers: [['x-key', 'k']] }),
      request('/x', { headers: [['x-key', 'other']] }),
    );
    expect(found).toMatchObject({ counts: { 'newly-blocked': 1, unchanged: 2 }, flipsWithMissing: 1 });
  });

  it('says which columns would decide', () => {
    const found = replay(
      configuration([]),
      configuration([rule('a', 'cf.bot_management.score lt 30 or http.request.body.size gt 5')]),
      request('/x'),
    );
    expect(found.missing).toEqual([
      { field: 'cf.bot_management.score', column: 'BotScore', count: 1 },
      { field: 'http.request.body.size', column: null, count: 1 },
    ]);
  });

  it('follows a change of a list as a change of the rules that use it', () => {
    const lists = (items: readonly JsonObject[], account = 'a1'): JsonObject => ({
      cloudflare_list: { bad: { name: 'bad', kind: 'ip', account_id: account, items } },
    });
    const rules = [rule('a', 'ip.src in $bad')];
    const grown = replay(
      configuration(rules, lists([])),
      configuration(rules, lists([{ ip: '198.51.100.0/24' }])),
      request('/x'),
    );
    expect(grown.counts['newly-blocked']).toBe(1);
    const unreadable = replay(
      configuration(rules, lists([])),
      configuration(rules, lists([{ ip: 'nowhere' }])),
      request('/x'),
    );
    expect(unreadable.counts.undecidable).toBe(1);
    expect(unreadable.missing).toEqual([{ field: '$bad', column: null, count: 1 }]);
    const foreign = replay(
      configuration(rules, lists([])),
      configuration(rules, lists([{ ip: '198.51.100.0/24' }], 'another')),
      request('/x'),
    );
    expect(foreign.counts.undecidable).toBe(1);
  });

  it('counts what a rate limit newly counts, and decides nothing from it', () => {
    const looser = configuration([]);
    const wider = structuredClone(looser) as {
      resource: { cloudflare_ruleset: { limits: { rules: { expression: string }[] } } };
    };
    for (const limit of wider.resource.cloudflare_ruleset.limits.rules) {
      limit.expression = 'true';
    }
    const found = replay(looser, wider, request('/login'), request('/x'));
    expect(found).toMatchObject({ counts: { unchanged: 2 }, newlyCounted: 1 });
    const added = replay(
      configuration([rule('s', 'true', 'skip', { action_parameters: { phases: ['http_ratelimit'] } })]),
      looser,
      request('/login'),
    );
    expect(added).toMatchObject({ counts: { unchanged: 1 }, newlyCounted: 1 });
  });

  it('keeps requests for other hosts apart, and matches hosts as clients write them', () => {
    const found = replay(
      configuration([]),
      configuration([rule('a', 'true')]),
      request('/x', { host: 'WWW.Shop.Example:8443' }),
      request('/x', { host: 'notshop.example' }),
      request('/x', { host: '' }),
    );
    expect(found).toMatchObject({ requests: 1, otherHosts: 2, counts: { 'newly-blocked': 1 } });
  });

  it('takes a zone that goes or comes as letting everything through on the other side', () => {
    const none: JsonObject = { resource: { cloudflare_zone: {} } };
    const blocks = configuration([rule('a', path('/x'))]);
    expect(replay(blocks, none, request('/x')).counts['newly-allowed']).toBe(1);
    expect(replay(none, blocks, request('/x')).counts['newly-blocked']).toBe(1);
  });
});

describe('the old rules beside what Cloudflare recorded', () => {
  const rules = configuration([rule('a', path('/x')), rule('c', path('/c'), 'managed_challenge')]);

  it.each([
    ['a block by a custom rule', '/x', { actions: ['block'], sources: ['firewallCustom'] }, [1, 1]],
    [
      'a challenge, whatever came of it',
      '/c',
      { actions: ['managed_challenge_non_interactive_solved'], sources: ['firewallCustom'] },
      [1, 1],
    ],
    ['nothing, and nothing is replayed', '/y', {}, [1, 1]],
    ['a log only', '/y', { actions: ['log'], sources: ['firewallCustom'] }, [1, 1]],
    ['nothing, but a block is replayed', '/x', {}, [1, 0]],
    ['a block that the rules do not give', '/y', { actions: ['block'], sources: ['firewallCustom'] }, [1, 0]],
    [
      'the block of another rule',
      '/x',
      { actions: ['block'], sources: ['firewallCustom'], refs: ['b'] },
      [1, 0],
    ],
    ['the block of a managed rule', '/y', { actions: ['block'], sources: ['firewallManaged'] }, [0, 0]],
  ] as const)('%s', (_, target, recorded, expected) => {
    const [compared, agreed] = expected;
    const { calibration } = replay(rules, rules, request(target, {}, recorded));
    expect([calibration?.compared ?? 0, calibration?.agreed ?? 0]).toEqual(expected);
    expect(calibration?.disagreements ?? []).toHaveLength(compared - agreed);
  });

  it('lists the disagreements with samples', () => {
    const { calibration } = replay(rules, rules, request('/x', {}, {}), request('/x', {}, {}));
    expect(calibration?.disagreements).toEqual([
      { recorded: 'pass', replayed: 'block by a', count: 2, samples: ['/x', '/x'] },
    ]);
  });

  it('is absent when the sample does not say what happened', () => {
    expect(replay(rules, rules, request('/x')).calibration).toBeNull();
  });
});

describe('tallies', () => {
  it('of parts, merged in order, are the tally of the whole', () => {
    const zones = compileReplay({
      before: new Map([['acme', configuration([])]]),
      after: new Map([['acme', configuration([rule('a', 'http.request.uri.path contains "1"')])]]),
      stacks: ['acme'],
    });
    const records = Array.from({ length: 300 }, (_, n) =>
      request(`/${n}`, { host: n % 7 === 0 ? 'else.example' : 'shop.example' }, n % 2 === 0 ? {} : null),
    );
    const whole = newTally();
    const parts = [newTally(), newTally(), newTally()];
    records.forEach((record, n) => {
      replayRecord(zones, record, whole);
      replayRecord(zones, record, parts[Math.floor(n / 100)] ?? whole);
    });
    const merged = newTally();
    for (const part of parts) {
      mergeTally(merged, structuredClone(part));
    }
    const facts = { digest: '', stacks: [], badLines: 0 };
    expect(summarize(merged, facts)).toEqual(summarize(whole, facts));
    expect(summarize(whole, facts).counts['newly-blocked']).toBeGreaterThan(50);
  });
});
