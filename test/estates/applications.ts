/** Estates of applications: APIs, customers' domains, load balancing, Workers, lists, and one that is still on version 4. */
import { account, dns, estate, rule, ruleset, setting, together, web, zone, zoneId } from './build.ts';
import type { Estate } from './build.ts';

const accounts = { account_id: account };
const hostname = (name: string) => ({
  zone_id: zoneId,
  hostname: name,
  ssl: { method: 'http', type: 'dv', settings: { min_tls_version: '1.2' } },
});

const saas = together(zone('saas.example'), {
  cloudflare_dns_record: {
    origin: web('A', 'origin.saas.example', '192.0.2.60'),
    app: web('CNAME', 'app.saas.example', 'origin.saas.example'),
  },
  cloudflare_custom_hostname_fallback_origin: { it: { zone_id: zoneId, origin: 'origin.saas.example' } },
  cloudflare_custom_hostname: {
    a: hostname('shop.customer-a.example'),
    b: hostname('app.customer-b.example'),
  },
});

const throttle = (requests: number) =>
  rule(
    'login-rate: block',
    'http.host eq "api.tools.example" and http.request.uri.path eq "/v1/token" and http.request.method eq "POST"',
    'Guessing of passwords',
    {
      ratelimit: {
        characteristics: ['cf.colo.id', 'ip.src'],
        period: 60,
        requests_per_period: requests,
        mitigation_timeout: 600,
      },
    },
  );
const noKey = rule(
  'no-key: block',
  'http.host eq "api.tools.example" and starts_with(http.request.uri.path, "/v1/") and not any(http.request.headers.names[*] eq "x-api-key")',
  'Calls without a key',
);

const api = together(zone('tools.example'), {
  cloudflare_dns_record: { api: web('A', 'api.tools.example', '192.0.2.70') },
  cloudflare_ruleset: {
    custom: ruleset('http_request_firewall_custom', noKey),
    limits: ruleset('http_ratelimit', throttle(20)),
  },
});

const origin = (name: string, address: string, weight = 1) => ({ name, address, weight, enabled: true });
const pool = (name: string, ...origins: readonly ReturnType<typeof origin>[]) => ({
  ...accounts,
  name,
  monitor: '${cloudflare_load_balancer_monitor.it.id}',
  minimum_origins: 1,
  origins,
});

const balanced = together(zone('play.example'), {
  cloudflare_load_balancer_monitor: {
    it: { ...accounts, type: 'https', path: '/health', expected_codes: '200', interval: 60, retries: 2 },
  },
  cloudflare_load_balancer_pool: {
    eu: pool('eu', origin('eu-1', '192.0.2.80'), origin('eu-2', '192.0.2.81')),
    us: pool('us', origin('us-1', '198.51.100.80')),
  },
  cloudflare_load_balancer: {
    www: {
      zone_id: zoneId,
      name: 'www.play.example',
      default_pools: ['${cloudflare_load_balancer_pool.eu.id}', '${cloudflare_load_balancer_pool.us.id}'],
      fallback_pool: '${cloudflare_load_balancer_pool.us.id}',
      region_pools: { WNAM: ['${cloudflare_load_balancer_pool.us.id}'] },
      steering_policy: 'geo',
      proxied: true,
    },
  },
});

const game = together(zone('game.example'), {
  cloudflare_dns_record: {
    site: web('A', 'www.game.example', '192.0.2.90'),
    lobby: dns('A', 'lobby.game.example', '192.0.2.91', { proxied: false }),
  },
  cloudflare_spectrum_application: {
    lobby: {
      zone_id: zoneId,
      protocol: 'tcp/25565',
      dns: { type: 'CNAME', name: 'play.game.example' },
      origin_direct: ['tcp://192.0.2.91:25565'],
      ip_firewall: true,
    },
  },
});

const workers = together(zone('edge.example'), {
  cloudflare_dns_record: { app: web('AAAA', 'app.edge.example', '100::') },
  cloudflare_workers_kv_namespace: { sessions: { ...accounts, title: 'sessions' } },
  cloudflare_workers_script: {
    app: { ...accounts, script_name: 'app', content: 'export default {}', main_module: 'app.js' },
  },
  cloudflare_workers_route: { app: { zone_id: zoneId, pattern: 'app.edge.example/*', script: 'app' } },
  cloudflare_zone_setting: { http3: setting('http3', 'on') },
});

const office = (...addresses: readonly string[]) => ({
  ...accounts,
  kind: 'ip',
  name: 'office',
  items: addresses.map((ip) => ({ ip, comment: 'office' })),
});
const lists = together(zone('borough.example'), {
  cloudflare_dns_record: { www: web('A', 'www.borough.example', '192.0.2.100') },
  cloudflare_list: { office: office('192.0.2.1', '198.51.100.0/24') },
  cloudflare_ruleset: {
    custom: ruleset(
      'http_request_firewall_custom',
      rule(
        'backoffice: block',
        'http.host eq "www.borough.example" and starts_with(http.request.uri.path, "/backoffice/") and not ip.src in $office',
        'Only from the offices',
      ),
    ),
  },
});

const cacheRule = (ref: string, expression: string, more: object = {}) =>
  rule(`${ref}: set_cache_settings`, expression, 'Files that never change', {
    action_parameters: { cache: true, edge_ttl: { mode: 'override_origin', default: 2_592_000 }, ...more },
  });
const segments = cacheRule(
  'segments',
  'http.host eq "media.video.example" and ends_with(http.request.uri.path, ".ts")',
);
const media = together(zone('video.example'), {
  cloudflare_r2_bucket: { media: { ...accounts, name: 'media', location: 'weur' } },
  cloudflare_dns_record: { media: web('CNAME', 'media.video.example', 'public.r2.example') },
  cloudflare_tiered_cache: { it: { zone_id: zoneId, value: 'on' } },
  cloudflare_ruleset: { cache: ruleset('http_request_cache_settings', segments) },
});

const bots = together(zone('tickets.example'), {
  cloudflare_dns_record: { www: web('A', 'www.tickets.example', '192.0.2.110') },
  cloudflare_bot_management: {
    it: {
      zone_id: zoneId,
      enable_js: true,
      sbfm_definitely_automated: 'managed_challenge',
      sbfm_verified_bots: 'allow',
    },
  },
  cloudflare_ruleset: {
    custom: ruleset(
      'http_request_firewall_custom',
      rule(
        'scalpers: managed_challenge',
        'http.host eq "www.tickets.example" and http.request.uri.path eq "/checkout" and cf.bot_management.score lt 30 and not cf.bot_management.verified_bot',
        'Programs that buy tickets',
      ),
    ),
  },
});

const watched = together(zone('watch.example'), {
  cloudflare_dns_record: { www: web('A', 'www.watch.example', '192.0.2.120') },
  cloudflare_healthcheck: {
    www: { zone_id: zoneId, name: 'www', address: 'www.watch.example', type: 'HTTPS', interval: 60 },
  },
  cloudflare_notification_policy: {
    ddos: {
      ...accounts,
      name: 'attacks',
      alert_type: 'dos_attack_l7',
      enabled: true,
      mechanisms: { email: [{ id: 'noc@watch.example' }] },
    },
  },
});

const old = {
  cloudflare_zone: { it: { account_id: account, zone: 'old.example', plan: 'pro' } },
  cloudflare_record: {
    www: { zone_id: zoneId, type: 'A', name: 'www', value: '192.0.2.130', proxied: true, ttl: 1 },
    mx: { zone_id: zoneId, type: 'MX', name: '@', value: 'mx.mail.example', priority: 10 },
  },
  cloudflare_ruleset: {
    custom: {
      zone_id: zoneId,
      kind: 'zone',
      name: 'default',
      phase: 'http_request_firewall_custom',
      rules: [
        {
          ref: 'xmlrpc',
          action: 'block',
          expression: 'http.host eq "www.old.example" and http.request.uri.path eq "/xmlrpc.php"',
          description: 'Nobody uses it',
          enabled: true,
        },
      ],
    },
  },
  cloudflare_zone_settings_override: {
    it: { zone_id: zoneId, settings: [{ ssl: 'strict', min_tls_version: '1.2', always_use_https: 'on' }] },
  },
};

export const applications: readonly Estate[] = [
  estate(
    'a service on the domains of its customers',
    saas,
    {
      'a customer comes': { cloudflare_custom_hostname: { c: hostname('www.customer-c.example') } },
      'the application moves': { cloudflare_dns_record: { origin: { content: '192.0.2.61' } } },
    },
    { asks: { 'a customer comes': ['cloudflare_custom_hostname'] } },
  ),
  estate('an API', api, {
    'a host for the documentation comes': {
      cloudflare_dns_record: { docs: web('CNAME', 'docs.tools.example', 'docs.host.example') },
    },
    'a rule in log mode looks for old clients': {
      cloudflare_ruleset: {
        custom: {
          rules: [
            noKey,
            rule(
              'old-clients: log',
              'http.host eq "api.tools.example" and starts_with(http.user_agent, "tools-cli/1.")',
              'Who still has version 1',
            ),
          ],
        },
      },
    },
  }),
  estate('a site in two regions', balanced, {
    'a third server comes, and weights change': {
      cloudflare_load_balancer_pool: {
        eu: {
          origins: [
            origin('eu-1', '192.0.2.80', 0.5),
            origin('eu-2', '192.0.2.81'),
            origin('eu-3', '192.0.2.82'),
          ],
        },
      },
    },
    'the monitor asks more often': { cloudflare_load_balancer_monitor: { it: { interval: 30 } } },
  }),
  estate(
    'a game',
    game,
    {
      'a second port opens': {
        cloudflare_spectrum_application: {
          voice: {
            zone_id: zoneId,
            protocol: 'udp/9987',
            dns: { type: 'CNAME', name: 'voice.game.example' },
            origin_direct: ['udp://192.0.2.91:9987'],
          },
        },
      },
      'the site moves': { cloudflare_dns_record: { site: { content: '192.0.2.92' } } },
    },
    { asks: { 'a second port opens': ['cloudflare_spectrum_application'] } },
  ),
  estate(
    'Workers',
    workers,
    {
      'another host comes under the Worker': {
        cloudflare_dns_record: { api: web('AAAA', 'api.edge.example', '100::') },
        cloudflare_workers_route: { api: { zone_id: zoneId, pattern: 'api.edge.example/*', script: 'app' } },
      },
    },
    { asks: { 'another host comes under the Worker': ['cloudflare_workers_route'] } },
  ),
  estate('lists of addresses', lists, {
    'an office gets another line': {
      cloudflare_list: { office: office('192.0.2.1', '198.51.100.0/24', '203.0.113.7') },
    },
  }),
  estate('films', media, {
    'playlists are cached for a minute': {
      cloudflare_ruleset: {
        cache: {
          rules: [
            segments,
            cacheRule(
              'playlists',
              'http.host eq "media.video.example" and ends_with(http.request.uri.path, ".m3u8")',
              {
                edge_ttl: { mode: 'override_origin', default: 60 },
              },
            ),
          ],
        },
      },
    },
  }),
  estate(
    'tickets and bots',
    bots,
    {
      'the shop moves': { cloudflare_dns_record: { www: { content: '192.0.2.111' } } },
      'robots that only look like some are challenged': {
        cloudflare_bot_management: { it: { sbfm_likely_automated: 'managed_challenge' } },
      },
    },
    { asks: { 'robots that only look like some are challenged': ['cloudflare_bot_management'] } },
  ),
  estate('a watched site', watched, {
    'somebody else is called as well': {
      cloudflare_notification_policy: {
        ddos: { mechanisms: { email: [{ id: 'noc@watch.example' }, { id: 'lead@watch.example' }] } },
      },
      cloudflare_healthcheck: { www: { interval: 30 } },
    },
  }),
  estate(
    'a site on version 4',
    old,
    {
      'the server moves, and mail gets a second way': {
        cloudflare_record: {
          www: { value: '192.0.2.131' },
          spf: { zone_id: zoneId, type: 'TXT', name: '@', value: 'v=spf1 mx -all' },
        },
      },
      'settings become stricter': {
        cloudflare_zone_settings_override: {
          it: { settings: [{ ssl: 'strict', min_tls_version: '1.3', always_use_https: 'on' }] },
        },
      },
    },
    { provider: 4 },
  ),
];
