/** Edits of what only people read change no effect, and leave what stands beside them alone. */
import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../policies/evaluate.ts';
import { allRules } from '../../../policies/registry.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../../scripts/plan/difference/diff.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { aRuleInput, classifyRisk } from '../../builders/facts.ts';

const stack = 'acme-production';
const around: JsonObject = {
  terraform: {
    required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
    backend: { s3: { bucket: 'b', key: 'k' } },
  },
  variable: { name: {}, ttl: {} },
};
const zone: JsonObject = {
  shop: { name: 'shop.example', account: { id: 'a1c0ffee5e7a11d0b5e55ed0ddba1100' } },
};

interface Said {
  readonly found: readonly string[];
  readonly doubted: readonly string[];
  readonly floors: readonly string[];
}

/** Rules that find or doubt something, and the floors above medium. */
function said(type: string, before: JsonObject, after: JsonObject): Said {
  const bundle = (body: JsonObject) =>
    canonicalBundle(stack, {
      ...around,
      resource: { cloudflare_zone: zone, [type]: { it: { zone_id: '${cloudflare_zone.shop.id}', ...body } } },
    });
  const diff = diffBundles({ stack, before: bundle(before), after: bundle(after) });
  const input = aRuleInput({ plan: assemblePlan([diff], 'configuration'), record: null, changedFiles: [] });
  const report = evaluateRules(allRules, input);
  return {
    found: report.findings.map(({ ruleId, subject }) => `${ruleId} ${subject.split('#')[1] ?? ''}`),
    doubted: report.outcomes.flatMap((one) => (one.kind === 'undetermined' ? [one.ruleId] : [])),
    floors: classifyRisk(input).reasons.flatMap(({ id, level }) => (level === 'high' ? [id] : [])),
  };
}
const nothing: Said = { found: [], doubted: [], floors: [] };

const rules = (phase: string, ...list: readonly JsonObject[]): JsonObject => ({
  kind: 'zone',
  name: 'default',
  phase,
  rules: list,
});
const custom = 'http_request_firewall_custom';
const skip = (description: string, more: JsonObject = {}): JsonObject => ({
  ref: 'partner',
  action: 'skip',
  action_parameters: { ruleset: 'current' },
  expression: 'http.host eq "www.shop.example" and ip.src eq 192.0.2.1',
  description,
  ...more,
});
const edited = (phase: string, before: JsonObject, after: JsonObject): Said =>
  said('cloudflare_ruleset', rules(phase, before), rules(phase, after));

describe('another description', () => {
  const toHttps = (description: string): JsonObject => ({
    ref: 'https',
    action: 'redirect',
    action_parameters: {
      from_value: { status_code: 301, target_url: { value: 'https://www.shop.example/' } },
    },
    expression: 'not ssl',
    description,
  });

  it('of a rule that is wider than a new one might be', () => {
    expect(
      edited('http_request_dynamic_redirect', toHttps('To HTTPS'), toHttps('Everything to HTTPS')),
    ).toEqual(nothing);
    expect(
      said(
        'cloudflare_ruleset',
        rules('http_request_dynamic_redirect'),
        rules('http_request_dynamic_redirect', toHttps('To HTTPS')),
      ).found,
    ).toContain('traffic-rule-scope https');
  });

  it('of a skip without an end', () => {
    expect(edited(custom, skip('Partner'), skip('The partner'))).toEqual(nothing);
  });

  it.each(['until 2031-01-01', 'until 2020-01-01'])('of a skip that now stands %s', (end) => {
    expect(edited(custom, skip('Partner until 2026-12-24'), skip(`Partner ${end}`)).found).toEqual([
      'waf-skip-expiry partner',
    ]);
  });

  it('beside anything else is judged with it', () => {
    expect(edited(custom, skip('Partner'), skip('The partner', { expression: 'true' })).found).toContain(
      'waf-skip-scope partner',
    );
  });
});

describe('what nobody edits', () => {
  const block = (path: string, more: JsonObject = {}): JsonObject => ({
    action: 'log',
    expression: `http.host eq "www.shop.example" and http.request.uri.path eq "${path}"`,
    description: 'Old pages',
    ...more,
  });

  it('needs no ref, and what is edited beside it does', () => {
    expect(
      said(
        'cloudflare_ruleset',
        rules(custom, block('/a'), block('/b')),
        rules(custom, block('/a'), block('/c')),
      ).found,
    ).toEqual(['waf-ref rules[1]']);
  });

  it('may hold an expression of Terraform that cannot be resolved, unless it is edited too', () => {
    const cached = (description: string, more: JsonObject = {}): JsonObject => ({
      ref: 'files',
      action: 'set_cache_settings',
      expression: 'http.host eq "www.shop.example" and ends_with(http.request.uri.path, ".css")',
      action_parameters: { cache: true, edge_ttl: { mode: 'override_origin', default: '${var.ttl * 60}' } },
      description,
      ...more,
    });
    const phase = 'http_request_cache_settings';
    const second = { ...cached('More files'), ref: 'more', action_parameters: { cache: false } };
    expect(edited(phase, cached('Files'), cached('All files'))).toEqual(nothing);
    expect(
      said('cloudflare_ruleset', rules(phase, cached('Files')), rules(phase, cached('Files'), second))
        .doubted,
    ).toEqual([]);
    expect(edited(phase, cached('Files'), cached('Files', { enabled: false })).doubted).toContain(
      'plan-unknown-guarded',
    );
  });
});

describe('a label', () => {
  const record = (more: JsonObject): JsonObject => ({
    name: '${var.name}',
    type: 'A',
    content: '192.0.2.1',
    ttl: 1,
    proxied: true,
    ...more,
  });

  it('of a record with a name that is not known', () => {
    expect(said('cloudflare_dns_record', record({}), record({ comment: 'web' }))).toEqual(nothing);
    expect(said('cloudflare_dns_record', record({}), record({ comment: '${var.name}' }))).toEqual(nothing);
    expect(
      said('cloudflare_dns_record', record({}), record({ comment: 'web', content: '192.0.2.2' })).doubted,
    ).toEqual(['plan-unknown-guarded']);
  });
});
