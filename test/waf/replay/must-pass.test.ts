/** Requests that must pass, tried under the old and the new rules. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { tryRequest } from '../../../scripts/waf/replay/must-pass.ts';
import { compileReplay } from '../../../scripts/waf/replay/replay.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';

const zone = { cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a' } } } };
const custom = 'http_request_firewall_custom';

const ruleset = (phase: string, ...rules: readonly JsonObject[]): JsonObject => ({
  cloudflare_ruleset: {
    waf: { kind: 'zone', phase, name: 'waf', zone_id: '${cloudflare_zone.shop.id}', rules },
  },
});

const rule = (expression: string, parts: JsonObject = {}): JsonObject => ({
  ref: 'r1',
  action: 'block',
  expression,
  enabled: true,
  ...parts,
});

const request: RecordedRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'www.shop.example',
  target: '/payments/notify',
  httpVersion: 'HTTP/2',
  headers: [],
  hasAllHeaders: true,
  clientAddress: '192.0.2.33',
  body: null,
  fields: {},
  normalizesUrls: true,
};

const side = (resource: JsonObject | null): ReadonlyMap<string, JsonObject> =>
  new Map(resource === null ? [] : [['acme-production', { resource }]]);

function tried(before: JsonObject | null, after: JsonObject | null, parts: Partial<RecordedRequest> = {}) {
  const zones = compileReplay({ before: side(before), after: side(after), stacks: ['acme-production'] });
  return tryRequest(zones, { ...request, ...parts });
}

const open = { ...zone, ...ruleset(custom) };
const blocking = { ...zone, ...ruleset(custom, rule('http.request.uri.path contains "/payments"')) };

describe('a request that must pass', () => {
  it('passes where nothing stops it', () => {
    expect(tried(open, open)).toEqual({
      before: 'pass',
      after: 'pass',
      change: 'unchanged',
      reasons: [],
      newlyChecked: [],
    });
  });

  it('is stopped by a rule, which is named with its ruleset', () => {
    expect(tried(open, blocking)).toMatchObject({
      before: 'pass',
      after: 'block',
      change: 'newly-blocked',
      reasons: ['r1 of acme-production/cloudflare_ruleset.waf'],
    });
  });

  it('was stopped before, and still is', () => {
    expect(tried(blocking, blocking)).toMatchObject({ before: 'block', after: 'block', change: 'unchanged' });
  });

  it('cannot be told when the case does not say what a rule asks for', () => {
    const scored = { ...zone, ...ruleset(custom, rule('cf.bot_management.score lt 30')) };
    const found = tried(open, scored);
    expect(found).toMatchObject({ before: 'pass', after: 'unknown', change: 'undecidable' });
    expect(found.reasons).toEqual([
      'cf.bot_management.score',
      'whether r1 of acme-production/cloudflare_ruleset.waf matches',
    ]);
    expect(tried(open, scored, { fields: { 'cf.bot_management.score': 90 } })).toMatchObject({
      after: 'pass',
    });
    expect(tried(scored, scored)).toMatchObject({ before: 'unknown', after: 'unknown', change: 'unchanged' });
  });

  it('cannot be told when a list that a rule asks is not in the estate', () => {
    const listed = { ...zone, ...ruleset(custom, rule('not ip.src in $offices')) };
    const found = tried(open, listed);
    expect(found.after).toBe('unknown');
    expect(found.reasons).toContain('$offices');
  });

  it('cannot be told when the two readings of a missing value differ', () => {
    const missing = { ...zone, ...ruleset(custom, rule('http.request.headers["x-key"][0] ne "s"')) };
    expect(tried(open, missing)).toMatchObject({ after: 'unknown', change: 'undecidable' });
  });

  it('cannot be told for a host that no zone serves, or none any more', () => {
    expect(tried(open, open, { host: 'other.example' })).toMatchObject({
      after: 'unknown',
      reasons: ['no zone of the estate serves other.example'],
    });
    expect(tried(open, null)).toMatchObject({ before: 'pass', after: 'unknown' });
  });

  it('of a new zone did not pass before: there was nothing', () => {
    expect(tried(null, blocking)).toMatchObject({ before: 'unknown', after: 'block' });
  });

  it('passes with a note when a managed ruleset or a rate limit looks at it now', () => {
    const managed = {
      ...zone,
      ...ruleset(
        'http_request_firewall_managed',
        rule('true', { action: 'execute', action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee' } }),
      ),
    };
    const found = tried(open, managed);
    expect(found).toMatchObject({ after: 'pass', reasons: [] });
    expect(found.newlyChecked).toHaveLength(1);
    expect(tried(managed, managed).newlyChecked).toEqual([]);
    const limited = { ...zone, ...ruleset('http_ratelimit', rule('true', { ratelimit: { period: 60 } })) };
    expect(tried(open, limited).newlyChecked).toEqual(['r1 of acme-production/cloudflare_ruleset.waf']);
  });
});
