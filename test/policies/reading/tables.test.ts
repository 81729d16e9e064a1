/** What each type, phase and setting counts as: the tables that decide who is asked and how careful a change is. */
import { describe, expect, it } from 'vitest';
import { grantedGroups, grantingPolicies, policyResources } from '../../../policies/reading/api-tokens.ts';
import { categoryOf } from '../../../policies/reading/change-category.ts';
import { isSecurityRelevant } from '../../../policies/reading/security-relevance.ts';
import { stoppingActions } from '../../../policies/reading/rulesets/skip-rules.ts';
import { carriesTraffic } from '../../../policies/reading/traffic.ts';
import { providerType } from '../../../scripts/provider/types.ts';
import type { JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { aChange } from '../../builders/plan.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const created = (type: string, after: JsonObject = { a: 1 }): ResourceChange =>
  aChange(`${type}.it`, ['create'], { before: null, after });
const deleted = (type: string, before: JsonObject): ResourceChange =>
  aChange(`${type}.it`, ['delete'], { before, after: null });
const setting = (name: string) => created('cloudflare_zone_setting', { setting_id: name });
const ruleset = (phase: string) => created('cloudflare_ruleset', { phase });

describe('the category', () => {
  it.each([
    ['dns', 'dns_record zone_dns_settings zone_dnssec email_routing_rule'],
    ['access', 'zero_trust_access_policy'],
    ['lb', 'load_balancer load_balancer_pool'],
    ['workers', 'workers_script worker pages_project queue d1_database r2_bucket'],
    ['account', 'account account_member api_token user'],
    ['monitoring', 'logpush_job notification_policy healthcheck web_analytics_site'],
    ['tls', 'certificate_pack custom_ssl hostname_tls_setting keyless_certificate mtls_certificate'],
    ['tls', 'origin_ca_certificate total_tls universal_ssl_setting authenticated_origin_pulls'],
    ['waf', 'access_rule bot_management filter firewall_rule page_shield_policy rate_limit'],
    ['waf', 'user_agent_blocking_rule zone_lockdown'],
    ['cache', 'argo_smart_routing tiered_cache regional_tiered_cache zone_cache_reserve'],
    ['rules', 'list list_item page_rule managed_transforms snippet'],
    ['other', 'zone spectrum_application'],
  ])('is %s for %s', (category, types) => {
    for (const type of words(types)) {
      expect([type, categoryOf(created(`cloudflare_${type}`))]).toEqual([type, category]);
    }
  });

  it.each([
    ['waf', 'ddos_l4 ddos_l7 http_ratelimit http_request_firewall_custom http_request_firewall_managed'],
    ['waf', 'http_request_sbfm http_response_firewall_managed'],
    ['cache', 'http_request_cache_settings'],
    ['rules', 'http_request_origin http_request_transform http_config_settings'],
  ])('is %s for rulesets of %s', (category, phases) => {
    for (const phase of words(phases)) {
      expect([phase, categoryOf(ruleset(phase))]).toEqual([phase, category]);
    }
  });

  it.each([
    ['tls', 'always_use_https automatic_https_rewrites ciphers min_tls_version opportunistic_encryption'],
    ['tls', 'security_header ssl ssl_recommender tls_1_3 tls_client_auth'],
    ['cache', 'always_online browser_cache_ttl cache_level development_mode edge_cache_ttl'],
    ['cache', 'sort_query_string_for_cache'],
    ['waf', 'browser_check challenge_ttl hotlink_protection security_level waf'],
    ['other', 'brotli ipv6'],
  ])('is %s for the settings %s', (category, names) => {
    for (const name of words(names)) {
      expect([name, categoryOf(setting(name))]).toEqual([name, category]);
    }
  });

  it('is the strictest for a ruleset whose phase is not known, and of what was there for a deletion', () => {
    expect(categoryOf(ruleset('${var.phase}'))).toBe('waf');
    expect(categoryOf(setting('${var.setting}'))).toBe('other');
    expect(categoryOf(deleted('cloudflare_ruleset', { phase: 'http_request_cache_settings' }))).toBe('cache');
    expect(categoryOf(deleted('cloudflare_zone_setting', { setting_id: 'ssl' }))).toBe('tls');
  });
});

describe('traffic', () => {
  it('is carried by what serves visitors', () => {
    const types = `zone load_balancer load_balancer_pool workers_route workers_custom_domain spectrum_application
      zero_trust_tunnel_cloudflared zero_trust_tunnel_cloudflared_config zero_trust_tunnel_cloudflared_route
      pages_domain custom_hostname`;
    expect(words(types).filter((type) => !carriesTraffic(created(`cloudflare_${type}`)))).toEqual([]);
    expect(carriesTraffic(created('cloudflare_list'))).toBe(false);
  });

  it('is carried by every record but those that only say something', () => {
    const record = (type: string) => created('cloudflare_dns_record', { type });
    const silent = words('TXT CAA SSHFP SMIMEA OPENPGPKEY LOC PTR');
    expect(silent.filter((type) => carriesTraffic(record(type)))).toEqual([]);
    for (const type of ['A', 'MX', 'NEW', '${var.type}']) {
      expect(carriesTraffic(record(type))).toBe(true);
    }
    expect(carriesTraffic(deleted('cloudflare_dns_record', { type: 'TXT' }))).toBe(false);
    const turned = aChange('cloudflare_dns_record.it', ['update'], {
      before: { type: 'A' },
      after: { type: 'TXT' },
    });
    expect(carriesTraffic(turned)).toBe(true);
  });
});

describe('security', () => {
  it('is touched by every control', () => {
    const types = `access_rule account_member account_token api_shield api_token authenticated_origin_pulls
      bot_management filter firewall_rule hostname_tls_setting page_shield_policy rate_limit
      user_agent_blocking_rule zone_dnssec zone_lockdown zero_trust_access_policy`;
    expect(words(types).filter((type) => !isSecurityRelevant(created(`cloudflare_${type}`)))).toEqual([]);
    expect(isSecurityRelevant(created('cloudflare_dns_record'))).toBe(false);
  });

  it('is touched by rulesets of protecting phases, and of phases that are not known', () => {
    const phases = `ddos_l4 ddos_l7 http_config_settings http_ratelimit http_request_firewall_custom
      http_request_firewall_managed http_request_sbfm http_response_firewall_managed`;
    expect(isSecurityRelevant(ruleset('${var.phase}'))).toBe(true);
    expect(words(phases).filter((phase) => !isSecurityRelevant(ruleset(phase)))).toEqual([]);
    expect(isSecurityRelevant(ruleset('http_request_cache_settings'))).toBe(false);
    expect(isSecurityRelevant(deleted('cloudflare_ruleset', { phase: 'ddos_l4' }))).toBe(true);
    expect(isSecurityRelevant(deleted('cloudflare_ruleset', { phase: 'http_request_origin' }))).toBe(false);
  });

  it('is touched by every setting that is not known to protect nothing', () => {
    const plain = `brotli browser_cache_ttl cache_level development_mode early_hints h2_prioritization http2 http3
      image_resizing ip_geolocation ipv6 mirage polish rocket_loader speed_brain websockets 0rtt`;
    expect(words(plain).filter((name) => isSecurityRelevant(setting(name)))).toEqual([]);
    for (const name of ['ssl', 'brand_new', '${var.name}']) {
      expect(isSecurityRelevant(setting(name))).toBe(true);
    }
    expect(isSecurityRelevant(deleted('cloudflare_zone_setting', { setting_id: 'ipv6' }))).toBe(false);
    expect(isSecurityRelevant(deleted('cloudflare_zone_setting', { setting_id: 'ssl' }))).toBe(true);
  });

  it('was looked at for these types, and for no other', () => {
    const types = `access_rule account_member account_token api_token bot_management dns_record load_balancer
      load_balancer_pool ruleset zero_trust_access_application zero_trust_access_group zero_trust_access_policy
      zero_trust_access_service_token zone zone_dnssec zone_setting list list_item argo_smart_routing
      argo_tiered_caching healthcheck load_balancer_monitor notification_policy regional_tiered_cache tiered_cache
      zone_cache_reserve zone_cache_variants`;
    expect(words(types).filter((type) => providerType(`cloudflare_${type}`)?.reviewed === undefined)).toEqual(
      [],
    );
    expect(providerType('cloudflare_snippet')?.reviewed).toBeUndefined();
    expect(providerType('cloudflare_brand_new')).toBeNull();
    expect(providerType('')).toBeNull();
    expect(isSecurityRelevant(created('cloudflare_brand_new'))).toBe(true);
  });

  it('is kept by these actions of a rule', () => {
    expect([...stoppingActions]).toEqual(['block', 'challenge', 'js_challenge', 'managed_challenge']);
  });
});

describe('an API token', () => {
  const token = (policies: readonly (JsonObject | string)[]) =>
    grantingPolicies(created('cloudflare_api_token', { policies: policies as never }));

  it('grants what its policies do not deny', () => {
    expect(token([{ effect: 'allow' }, { effect: 'deny' }, {}])).toEqual([{ effect: 'allow' }, {}]);
    expect(token([{ effect: 'allow' }, '${local.policy}'])).toBeNull();
    expect(token(['plain'])).toEqual([]);
  });

  it('names its groups by what is written, by what Cloudflare calls them, or not at all', () => {
    expect(grantedGroups({})).toEqual([{ kind: 'unknown', id: '(unknown)' }]);
    const groups = [{ id: 'x', name: 'Mine' }, { id: 'x' }, { id: 'constructor' }, {}, 'text'];
    expect(grantedGroups({ permission_groups: groups })).toEqual([
      { kind: 'named', id: 'x', name: 'Mine' },
      { kind: 'unknown', id: 'x' },
      { kind: 'unknown', id: 'constructor' },
      { kind: 'unknown', id: '(unknown)' },
      { kind: 'unknown', id: '(unknown)' },
    ]);
  });

  it('has resources as an object, also written as JSON, or none that can be read', () => {
    expect(policyResources({ resources: { a: '*' } })).toEqual({ a: '*' });
    expect(policyResources({ resources: '{"a":"*"}' })).toEqual({ a: '*' });
    expect(policyResources({ resources: '["a"]' })).toBeNull();
    expect(policyResources({ resources: 'jsonencode(x)' })).toBeNull();
    expect(policyResources({ resources: 5 })).toBeNull();
    expect(policyResources({})).toBeNull();
  });
});
