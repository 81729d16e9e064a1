/** What every bundle of the estate must be, whatever the data in it. */
import { describe, expect, it } from 'vitest';
import { found, resources, stackNames, synthesizeEstate } from './synthesized-estate.ts';
import type { Attributes, Rule, Synthesized } from './synthesized-estate.ts';

const estate = synthesizeEstate();
const stacks = stackNames.map((name) => [name, found(estate.get(name), name)] as const);
const acme = found(estate.get('acme-production'), 'acme-production');
const borough = found(estate.get('borough-production'), 'borough-production');
const platform = found(estate.get('platform'), 'platform');

function rulesets(stack: Synthesized, phase?: string): readonly (readonly [string, readonly Rule[]])[] {
  return resources(stack, 'cloudflare_ruleset')
    .filter(([, ruleset]) => phase === undefined || ruleset.phase === phase)
    .map(([id, ruleset]) => [id, ruleset.rules ?? []] as const);
}

function records(stack: Synthesized, type: string): readonly Attributes[] {
  return resources(stack, 'cloudflare_dns_record')
    .map(([, record]) => record)
    .filter((record) => record.type === type);
}

function rulesOf(stack: Synthesized): readonly Rule[] {
  return rulesets(stack).flatMap(([, rules]) => rules);
}

function settingsOf(stack: Synthesized, zone: string): Readonly<Record<string, unknown>> {
  const own = resources(stack, 'cloudflare_zone_setting').filter(
    ([, setting]) => setting.zone_id === `\${cloudflare_zone.${zone}.id}`,
  );
  return Object.fromEntries(own.map(([, setting]) => [setting.setting_id ?? '', setting.value]));
}

describe.each(stacks)('%s', (name, stack) => {
  it('names its backend, with a key of its own and a lock', () => {
    const [client, environment = 'account'] = name.split('-');
    expect(Object.keys(stack.terraform.backend)).toEqual(['s3']);
    expect(stack.terraform.backend['s3']).toMatchObject({
      bucket: 'sluice-terraform-state',
      key: `${client}/${environment}.tfstate`,
      region: 'auto',
      use_lockfile: true,
      endpoints: { s3: 'https://51c0de00c0a1e5ceba5eba11ad0be000.r2.cloudflarestorage.com' },
    });
  });

  it('holds no absolute path and no credential', () => {
    expect(stack.text).not.toContain(process.cwd());
    expect(stack.text).not.toMatch(/"(\/(?:root|home|tmp|Users|work|var)\/|[A-Z]:\\\\)/);
    expect(stack.text).not.toMatch(/access_key|secret_key|api_key|"api_token"\s*:|client_secret/);
    expect(stack.provider).toEqual({ cloudflare: [{}] });
  });

  it('pins the provider', () => {
    expect(stack.terraform.required_providers).toEqual({
      cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' },
    });
  });

  it('gives every rule a ref of its own in its ruleset, and a description', () => {
    const named = rulesets(stack).map(([, rules]) => rules.map(({ ref }) => ref));
    expect(named).toEqual(named.map((refs) => [...new Set(refs)]));
    expect(named.flat().filter((ref) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(ref))).toEqual([]);
    expect(rulesOf(stack).filter(({ description }) => description.length < 10)).toEqual([]);
  });

  it('confines every skip rule to hosts and a path, and ends it within a year', () => {
    const skips = rulesOf(stack).filter(({ action }) => action === 'skip');
    const scope = /^\(http\.host in \{.+\} and .*http\.request\.uri\.path/;
    expect(skips.filter(({ expression }) => !scope.test(expression))).toEqual([]);
    expect(skips.filter(({ description }) => !/; expires 202[67]-\d{2}-\d{2}$/.test(description))).toEqual(
      [],
    );
  });

  it('counts every rate limit per data centre', () => {
    for (const [, rules] of rulesets(stack, 'http_ratelimit')) {
      for (const rule of rules) {
        expect(rule.ratelimit?.characteristics[0]).toBe('cf.colo.id');
        expect(rule.ratelimit?.characteristics.length).toBeGreaterThan(1);
      }
    }
  });

  it('keeps every zone from being destroyed, signed, and safe in transport', () => {
    for (const [zone, attributes] of resources(stack, 'cloudflare_zone')) {
      expect(attributes.lifecycle?.prevent_destroy).toBe(true);
      expect(stack.resource['cloudflare_zone_dnssec']?.[zone]?.['status']).toBe('active');
      expect(settingsOf(stack, zone)).toMatchObject({
        min_tls_version: '1.2',
        ssl: 'strict',
        tls_1_3: 'on',
        always_use_https: 'on',
        opportunistic_encryption: 'on',
        '0rtt': 'off',
        security_header: {
          strict_transport_security: { enabled: true, include_subdomains: true, nosniff: true },
        },
      });
      const [, managed] = found(
        rulesets(stack, 'http_request_firewall_managed').find(([id]) => id === `${zone}_waf_managed`),
        `managed rules of ${zone}`,
      );
      expect(
        managed.filter((rule) => rule.action === 'execute').map((rule) => rule.action_parameters?.['id']),
      ).toEqual(['efb7b8c949ac4650a09736fc376e9aee', '4814384a9e5d4991b9815dcfc25d2f1f']);
    }
  });

  it('never opens Access to everyone', () => {
    expect(stack.text).not.toMatch(/"everyone"|"decision": "bypass"|0\.0\.0\.0\/0|::\/0/);
  });
});

describe('acme', () => {
  it('has three zones and about 120 DNS records with mail, signing and certificate policies', () => {
    expect(resources(acme, 'cloudflare_zone').map(([, zone]) => zone.name)).toEqual([
      'shop.example',
      'shop-static.example',
      'shop-trade.example',
    ]);
    expect(resources(acme, 'cloudflare_dns_record').length).toBeGreaterThanOrEqual(115);
    const texts = records(acme, 'TXT').map((record) => record.content ?? '');
    const starting = (start: string) => texts.filter((text) => text.startsWith(`"${start}`)).length;
    expect(starting('v=spf1')).toBeGreaterThanOrEqual(3);
    expect(starting('v=DKIM1')).toBeGreaterThanOrEqual(3);
    expect(starting('v=DMARC1')).toBe(3);
    expect(records(acme, 'MX').length).toBeGreaterThanOrEqual(5);
    expect(records(acme, 'CAA').length).toBeGreaterThanOrEqual(9);
    expect(records(acme, 'SRV').length).toBeGreaterThanOrEqual(3);
  });

  it('has at least 25 custom WAF rules, one of them watching in log mode', () => {
    const rules = rulesets(acme, 'http_request_firewall_custom').flatMap(([, own]) => own);
    expect(rules.length).toBeGreaterThanOrEqual(25);
    expect(rules.filter(({ action }) => action === 'log').map(({ ref }) => ref)).toEqual([
      'block-legacy-checkout-api',
    ]);
  });

  it('limits login and checkout, balances over two watched pools, redirects and caches', () => {
    const limits = rulesets(acme, 'http_ratelimit').flatMap(([, own]) => own.map(({ ref }) => ref));
    expect(limits).toEqual(expect.arrayContaining(['limit-login', 'limit-checkout']));
    expect(resources(acme, 'cloudflare_load_balancer_pool')).toHaveLength(2);
    expect(resources(acme, 'cloudflare_load_balancer_monitor')).toHaveLength(2);
    for (const phase of [
      'http_request_dynamic_redirect',
      'http_request_redirect',
      'http_request_cache_settings',
    ]) {
      expect(rulesets(acme, phase)).not.toEqual([]);
    }
  });

  it('creates lists before the rules that name them', () => {
    const ruleset = acme.resource['cloudflare_ruleset']?.['shop_waf_custom'];
    const named = [...JSON.stringify(ruleset?.rules).matchAll(/\$(acme_[a-z_]+)/g)].map(([, list]) => list);
    expect(named.length).toBeGreaterThan(0);
    for (const list of named) {
      expect(ruleset?.['depends_on']).toContain(`cloudflare_list.${list ?? ''}`);
    }
  });
});

describe('borough', () => {
  it('has two zones, Access in front of what staff use, geographic rules and only strong ciphers', () => {
    expect(resources(borough, 'cloudflare_zone').map(([, zone]) => zone.name)).toEqual([
      'borough.example',
      'borough-services.example',
    ]);
    expect(
      resources(borough, 'cloudflare_zero_trust_access_application').map(
        ([, application]) => application['domain'],
      ),
    ).toEqual(['admin.borough.example', 'caseworker.borough-services.example']);
    expect(borough.text).toContain('not ip.src.country in {');
    expect(settingsOf(borough, 'borough')['ciphers']).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/CBC|RC4|^AES|3DES|-SHA$/)]),
    );
  });
});

describe('platform', () => {
  it('has members, lists, account rules and alerts', () => {
    const types = ['cloudflare_account_member', 'cloudflare_list_item', 'cloudflare_notification_policy'];
    expect(types.filter((type) => resources(platform, type).length < 3)).toEqual([]);
    expect(rulesets(platform, 'http_request_firewall_custom').map(([id]) => id)).toEqual([
      'account_waf_custom',
      'account_waf_entry',
    ]);
  });

  it('has tokens that end, are bound to networks, and reach one account each', () => {
    const tokens = resources(platform, 'cloudflare_api_token').map(([, token]) => token);
    expect(tokens.length).toBeGreaterThanOrEqual(4);
    for (const token of tokens) {
      const condition = token['condition'] as { request_ip: { in: readonly string[] } };
      const policies = token['policies'] as readonly { resources: string }[];
      const reached = policies.flatMap((policy) => Object.keys(JSON.parse(policy.resources) as object));
      expect(token['expires_on']).toMatch(/^2027-\d{2}-\d{2}T23:59:59Z$/);
      expect(condition.request_ip.in).not.toEqual([]);
      expect(new Set(reached).size).toBe(1);
      expect(reached[0]).toMatch(/^com\.cloudflare\.api\.account\.[0-9a-f]{32}$/);
    }
  });
});
