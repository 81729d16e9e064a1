/** Configurations as estates have them, for the sandbox's tests. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { account } from './terraform.ts';

const zone = '${cloudflare_zone.shop.id}';

const records: JsonObject = {
  apex: { zone_id: zone, name: 'shop.example', type: 'A', content: '192.0.2.10', ttl: 1, proxied: true },
  www: {
    zone_id: zone,
    name: 'www.shop.example',
    type: 'CNAME',
    content: 'shop.example',
    ttl: 1,
    proxied: true,
    tags: ['team:web', 'env:prod'],
    settings: { flatten_cname: false },
    comment: 'Storefront',
  },
  v6: { zone_id: zone, name: 'shop.example', type: 'AAAA', content: '2001:db8::10', ttl: 1, proxied: true },
  mx: {
    zone_id: zone,
    name: 'shop.example',
    type: 'MX',
    content: 'mx1.mail.example',
    priority: 10,
    ttl: 3600,
  },
  spf: {
    zone_id: zone,
    name: 'shop.example',
    type: 'TXT',
    content: '"v=spf1 include:_spf.mail.example -all"',
    ttl: 3600,
  },
  caa: {
    zone_id: zone,
    name: 'shop.example',
    type: 'CAA',
    ttl: 3600,
    data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' },
  },
  srv: {
    zone_id: zone,
    name: '_sip._tcp.shop.example',
    type: 'SRV',
    ttl: 3600,
    priority: 10,
    data: { priority: 10, weight: 60, port: 5060, target: 'sip.shop.example' },
  },
};

const settings: JsonObject = {
  tls: { zone_id: zone, setting_id: 'min_tls_version', value: '1.2' },
  ssl: { zone_id: zone, setting_id: 'ssl', value: 'strict' },
  ttl: { zone_id: zone, setting_id: 'browser_cache_ttl', value: 14400 },
  ciphers: {
    zone_id: zone,
    setting_id: 'ciphers',
    value: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  },
  hsts: {
    zone_id: zone,
    setting_id: 'security_header',
    value: {
      strict_transport_security: {
        enabled: true,
        max_age: 31536000,
        include_subdomains: true,
        preload: true,
        nosniff: true,
      },
    },
  },
};

const rulesets: JsonObject = {
  custom: {
    zone_id: zone,
    name: 'default',
    kind: 'zone',
    phase: 'http_request_firewall_custom',
    description: 'Custom rules',
    rules: [
      {
        ref: 'skip-health',
        action: 'skip',
        expression: '(http.request.uri.path eq "/health")',
        description: 'Health checks',
        action_parameters: { ruleset: 'current', phases: ['http_ratelimit'], products: ['waf'] },
        logging: { enabled: true },
      },
      {
        ref: 'block-admin',
        action: 'block',
        expression: '(starts_with(http.request.uri.path, "/admin") and not ip.src in $office)',
        description: 'Admin',
        action_parameters: {
          response: { status_code: 403, content: 'Forbidden', content_type: 'text/plain' },
        },
      },
      {
        ref: 'challenge',
        action: 'managed_challenge',
        expression: '(cf.threat_score gt 20)',
        enabled: false,
      },
    ],
  },
  managed: {
    zone_id: zone,
    name: 'managed',
    kind: 'zone',
    phase: 'http_request_firewall_managed',
    rules: [
      {
        ref: 'owasp',
        action: 'execute',
        expression: 'true',
        action_parameters: {
          id: '4814384a9e5d4991b9815dcfc25d2f1f',
          overrides: {
            enabled: true,
            sensitivity_level: 'medium',
            categories: [{ category: 'paranoia-level-3', enabled: false }],
            rules: [{ id: '6179ae15870a4bb7b2d480d4843b323c', action: 'log', score_threshold: 60 }],
          },
        },
      },
    ],
  },
  limits: {
    zone_id: zone,
    name: 'limits',
    kind: 'zone',
    phase: 'http_ratelimit',
    rules: [
      {
        ref: 'login',
        action: 'block',
        expression: '(http.request.uri.path eq "/login")',
        ratelimit: {
          characteristics: ['cf.colo.id', 'ip.src'],
          period: 60,
          requests_per_period: 10,
          mitigation_timeout: 600,
        },
      },
    ],
  },
  cache: {
    zone_id: zone,
    name: 'cache',
    kind: 'zone',
    phase: 'http_request_cache_settings',
    rules: [
      {
        ref: 'static',
        action: 'set_cache_settings',
        expression: '(http.request.uri.path.extension in {"css" "js"})',
        action_parameters: {
          cache: true,
          edge_ttl: {
            mode: 'override_origin',
            default: 86400,
            status_code_ttl: [{ status_code: 404, value: 60 }],
          },
          browser_ttl: { mode: 'respect_origin' },
          cache_key: { custom_key: { query_string: { include: { list: ['v'] } }, host: { resolved: true } } },
        },
      },
    ],
  },
  redirects: {
    zone_id: zone,
    name: 'redirects',
    kind: 'zone',
    phase: 'http_request_dynamic_redirect',
    rules: [
      {
        ref: 'old-shop',
        action: 'redirect',
        expression: '(http.host eq "old.shop.example")',
        action_parameters: {
          from_value: {
            status_code: 301,
            preserve_query_string: true,
            target_url: { expression: 'concat("https://shop.example", http.request.uri.path)' },
          },
        },
      },
    ],
  },
  transform: {
    zone_id: zone,
    name: 'headers',
    kind: 'zone',
    phase: 'http_response_headers_transform',
    rules: [
      {
        ref: 'security-headers',
        action: 'rewrite',
        expression: 'true',
        action_parameters: {
          headers: {
            'X-Frame-Options': { operation: 'set', value: 'DENY' },
            Server: { operation: 'remove' },
          },
        },
      },
    ],
  },
  rewrite: {
    zone_id: zone,
    name: 'rewrite',
    kind: 'zone',
    phase: 'http_request_transform',
    rules: [
      {
        action: 'rewrite',
        expression: 'true',
        action_parameters: {
          uri: { path: { value: '/index' }, query: { expression: 'http.request.uri.query' } },
        },
      },
    ],
  },
  origin: {
    zone_id: zone,
    name: 'origin',
    kind: 'zone',
    phase: 'http_request_origin',
    rules: [
      {
        action: 'route',
        expression: 'true',
        action_parameters: {
          host_header: 'origin.shop.example',
          origin: { host: 'origin.shop.example', port: 8443 },
          sni: { value: 'origin.shop.example' },
        },
      },
    ],
  },
  config: {
    zone_id: zone,
    name: 'config',
    kind: 'zone',
    phase: 'http_config_settings',
    rules: [
      {
        action: 'set_config',
        expression: 'true',
        action_parameters: {
          ssl: 'strict',
          autominify: { css: true, html: false, js: true },
          polish: 'lossless',
          rocket_loader: false,
        },
      },
    ],
  },
};

/** A zone with what a shop has in front of it; nothing in it may show a difference right after it was applied. */
export function shopEstate(): JsonObject {
  return {
    resource: {
      cloudflare_zone: { shop: { name: 'shop.example', account: { id: account } } },
      cloudflare_dns_record: records,
      cloudflare_zone_setting: settings,
      cloudflare_zone_dnssec: { shop: { zone_id: zone, status: 'active' } },
      cloudflare_ruleset: rulesets,
      cloudflare_list: {
        office: { account_id: account, name: 'office', kind: 'ip', description: 'Offices' },
      },
      cloudflare_list_item: {
        hq: {
          account_id: account,
          list_id: '${cloudflare_list.office.id}',
          ip: '198.51.100.0/24',
          comment: 'Head office',
        },
      },
      cloudflare_load_balancer_monitor: {
        http: {
          account_id: account,
          type: 'https',
          path: '/health',
          expected_codes: '200',
          header: { Host: ['shop.example'] },
          interval: 60,
        },
      },
      cloudflare_load_balancer_pool: {
        eu: {
          account_id: account,
          name: 'eu',
          monitor: '${cloudflare_load_balancer_monitor.http.id}',
          origins: [
            { name: 'a', address: '192.0.2.20', weight: 0.7, header: { host: ['shop.example'] } },
            { name: 'b', address: '192.0.2.21', weight: 0.3, enabled: false },
          ],
          check_regions: ['WEU'],
          origin_steering: { policy: 'random' },
        },
      },
      cloudflare_load_balancer: {
        lb: {
          zone_id: zone,
          name: 'lb.shop.example',
          default_pools: ['${cloudflare_load_balancer_pool.eu.id}'],
          fallback_pool: '${cloudflare_load_balancer_pool.eu.id}',
          region_pools: { WEU: ['${cloudflare_load_balancer_pool.eu.id}'] },
          proxied: true,
          steering_policy: 'geo',
          session_affinity: 'cookie',
          session_affinity_attributes: { samesite: 'Lax', secure: 'Always' },
          random_steering: { default_weight: 0.2, pool_weights: { x: 0.4 } },
        },
      },
      cloudflare_zero_trust_access_group: {
        staff: {
          account_id: account,
          name: 'Staff',
          include: [{ email_domain: { domain: 'shop.example' } }],
        },
      },
      cloudflare_zero_trust_access_policy: {
        staff: {
          account_id: account,
          name: 'Staff',
          decision: 'allow',
          include: [{ group: { id: '${cloudflare_zero_trust_access_group.staff.id}' } }],
          require: [{ geo: { country_code: 'GB' } }],
          session_duration: '8h',
        },
      },
      cloudflare_zero_trust_access_application: {
        admin: {
          account_id: account,
          name: 'Admin',
          type: 'self_hosted',
          domain: 'admin.shop.example',
          session_duration: '8h',
          allowed_idps: ['10000000-0000-4000-8000-000000000000'],
          destinations: [{ type: 'public', uri: 'admin.shop.example' }],
          policies: [{ id: '${cloudflare_zero_trust_access_policy.staff.id}', precedence: 1 }],
          cors_headers: { allowed_methods: ['GET'], allow_all_origins: true },
        },
      },
      cloudflare_account_member: {
        mats: {
          account_id: account,
          email: 'm.lind@agency.example',
          roles: ['05784afa30c1afe1440e79d9351c7430'],
        },
      },
      cloudflare_api_token: {
        ci: {
          name: 'ci',
          policies: [
            {
              effect: 'allow',
              permission_groups: [{ id: 'c8fed203ed3043cba015a93ad1616f1f' }],
              resources: '{"com.cloudflare.api.account.zone.*":"*"}',
            },
          ],
          condition: { request_ip: { in: ['198.51.100.0/24'] } },
        },
      },
      cloudflare_account_token: {
        ops: {
          account_id: account,
          name: 'ops',
          policies: [
            {
              effect: 'allow',
              permission_groups: [{ id: 'c8fed203ed3043cba015a93ad1616f1f' }],
              resources: '{"com.cloudflare.api.account.zone.*":"*"}',
            },
          ],
        },
      },
      cloudflare_page_rule: {
        forward: {
          zone_id: zone,
          target: 'shop.example/old/*',
          priority: 1,
          actions: { forwarding_url: { url: 'https://shop.example/$1', status_code: 301 } },
        },
      },
      cloudflare_managed_transforms: {
        shop: {
          zone_id: zone,
          managed_request_headers: [{ id: 'add_true_client_ip_headers', enabled: true }],
          managed_response_headers: [{ id: 'remove_x-powered-by_header', enabled: true }],
        },
      },
      cloudflare_certificate_pack: {
        shop: {
          zone_id: zone,
          type: 'advanced',
          certificate_authority: 'lets_encrypt',
          hosts: ['shop.example', '*.shop.example'],
          validation_method: 'txt',
          validity_days: 90,
        },
      },
      cloudflare_hostname_tls_setting: {
        www: { zone_id: zone, setting_id: 'min_tls_version', hostname: 'www.shop.example', value: '1.3' },
      },
      cloudflare_total_tls: { shop: { zone_id: zone, enabled: true, certificate_authority: 'google' } },
      cloudflare_bot_management: { shop: { zone_id: zone, fight_mode: true, enable_js: true } },
      cloudflare_authenticated_origin_pulls_settings: { shop: { zone_id: zone, enabled: true } },
      cloudflare_notification_policy: {
        origin: {
          account_id: account,
          name: 'Origin',
          enabled: true,
          alert_type: 'real_origin_monitoring',
          mechanisms: { email: [{ id: 'ops@shop.example' }] },
        },
      },
      cloudflare_workers_kv_namespace: { cache: { account_id: account, title: 'cache' } },
      cloudflare_r2_bucket: { state: { account_id: account, name: 'state', location: 'WEUR' } },
      cloudflare_turnstile_widget: {
        login: { account_id: account, name: 'Login', domains: ['shop.example'], mode: 'managed' },
      },
      cloudflare_logpush_job: {
        http: {
          zone_id: zone,
          dataset: 'http_requests',
          destination_conf: 'r2://logs/{DATE}?account-id=1',
          enabled: true,
          output_options: { field_names: ['ClientIP', 'RayID'], timestamp_format: 'rfc3339' },
        },
      },
      cloudflare_waiting_room: {
        sale: {
          zone_id: zone,
          name: 'sale',
          host: 'shop.example',
          path: '/sale',
          new_users_per_minute: 200,
          total_active_users: 500,
        },
      },
      cloudflare_zero_trust_access_service_token: { ci: { account_id: account, name: 'ci' } },
      cloudflare_zero_trust_tunnel_cloudflared: {
        office: { account_id: account, name: 'office', config_src: 'cloudflare' },
      },
    },
    output: {
      name_server: { value: '${cloudflare_zone.shop.name_servers[0]}' },
      ds: { value: '${cloudflare_zone_dnssec.shop.ds}' },
      token: { value: '${cloudflare_api_token.ci.value}', sensitive: true },
    },
  };
}
