/** Estates of web sites: shops, companies, media, brands. */
import { dns, estate, rule, ruleset, setting, together, web, zone, zoneId } from './build.ts';
import type { Estate } from './build.ts';

const log4shell = rule(
  'log4j: block',
  'http.host eq "www.shop.example" and http.request.uri.query contains "$${jndi:"',
  'Log4Shell probes',
);
const admin = rule(
  'admin-office: block',
  'http.host eq "www.shop.example" and starts_with(http.request.uri.path, "/admin") and not ip.src in {192.0.2.0/24}',
  'Administration from the office only',
);
const managed = rule('managed: execute', 'true', 'Cloudflare managed rules', {
  action_parameters: { id: 'efb7b8c949ac4650a09736fc376e9aee' },
});

const shop = together(zone('shop.example'), {
  cloudflare_dns_record: {
    apex: web('A', 'shop.example', '192.0.2.10'),
    www: web('CNAME', 'www.shop.example', 'shop.example'),
    img: web('CNAME', 'img.shop.example', 'assets.store.example'),
    mx: dns('MX', 'shop.example', 'mx1.mail.example', { priority: 10 }),
    spf: dns('TXT', 'shop.example', '"v=spf1 include:_spf.mail.example -all"'),
    dmarc: dns('TXT', '_dmarc.shop.example', '"v=DMARC1; p=reject; rua=mailto:dmarc@shop.example"'),
  },
  cloudflare_zone_setting: {
    ssl: setting('ssl', 'strict'),
    https: setting('always_use_https', 'on'),
    tls: setting('min_tls_version', '1.2'),
  },
  cloudflare_ruleset: {
    custom: ruleset('http_request_firewall_custom', log4shell, admin),
    managed: ruleset('http_request_firewall_managed', managed),
    cache: ruleset(
      'http_request_cache_settings',
      rule(
        'static: set_cache_settings',
        'http.host eq "www.shop.example" and starts_with(http.request.uri.path, "/static/")',
        'Files with a hash in their name',
        { action_parameters: { cache: true, edge_ttl: { mode: 'override_origin', default: 86_400 } } },
      ),
    ),
  },
});

const company = together(zone('corp.example'), {
  cloudflare_dns_record: {
    apex: web('A', 'corp.example', '192.0.2.20'),
    www: web('A', 'www.corp.example', '192.0.2.20'),
    mx: dns('MX', 'corp.example', 'corp-example.mail.protection.example', { priority: 0 }),
    autodiscover: dns('CNAME', 'autodiscover.corp.example', 'autodiscover.office.example', {
      proxied: false,
    }),
    spf: dns('TXT', 'corp.example', '"v=spf1 include:spf.protection.example -all"'),
    dkim: dns('CNAME', 'selector1._domainkey.corp.example', 'selector1.dkim.example', { proxied: false }),
    dmarc: dns('TXT', '_dmarc.corp.example', '"v=DMARC1; p=quarantine; rua=mailto:d@corp.example"'),
  },
  cloudflare_zone_dnssec: { it: { zone_id: zoneId, status: 'active' } },
});

const brands = together({
  cloudflare_zone: {
    brand: {
      for_each: '${local.brands}',
      account: { id: 'a1c0ffee5e7a11d0b5e55ed0ddba1100' },
      name: '${each.value}',
    },
  },
  cloudflare_dns_record: {
    www: {
      for_each: '${local.brands}',
      zone_id: '${cloudflare_zone.brand[each.key].id}',
      type: 'CNAME',
      name: 'www.${each.value}',
      content: 'sites.host.example',
      ttl: 1,
      proxied: true,
    },
  },
});

const toApex = rule(
  'www-to-apex: redirect',
  'http.host eq "www.blog.example"',
  'One address for every page',
  {
    action_parameters: {
      from_value: {
        status_code: 301,
        preserve_query_string: true,
        target_url: { expression: 'concat("https://blog.example", http.request.uri.path)' },
      },
    },
  },
);
const redirects = together(zone('blog.example'), {
  cloudflare_dns_record: {
    apex: web('A', 'blog.example', '192.0.2.30'),
    www: web('A', 'www.blog.example', '192.0.2.30'),
  },
  cloudflare_ruleset: {
    redirects: ruleset('http_request_dynamic_redirect', toApex),
  },
});

const movedPage = rule(
  'about: redirect',
  'http.host eq "blog.example" and http.request.uri.path eq "/about-us"',
  'The page has another address',
  {
    action_parameters: {
      from_value: { status_code: 301, target_url: { value: 'https://blog.example/about' } },
    },
  },
);

const hardened = together(zone('bank.example'), {
  cloudflare_dns_record: { www: web('A', 'www.bank.example', '192.0.2.40') },
  cloudflare_zone_setting: {
    tls: setting('min_tls_version', '1.2'),
    tls13: setting('tls_1_3', 'on'),
    ssl: setting('ssl', 'strict'),
    hsts: setting('security_header', {
      strict_transport_security: {
        enabled: true,
        max_age: 31_536_000,
        include_subdomains: true,
        preload: true,
        nosniff: true,
      },
    }),
  },
  cloudflare_bot_management: { it: { zone_id: zoneId, enable_js: true, fight_mode: true } },
});

const headers = (...names: readonly (readonly [string, string])[]) =>
  rule('security-headers: rewrite', 'http.host eq "www.press.example"', 'Headers that browsers obey', {
    action_parameters: {
      headers: Object.fromEntries(names.map(([name, value]) => [name, { operation: 'set', value }])),
    },
  });

const press = together(zone('press.example'), {
  cloudflare_dns_record: { www: web('A', 'www.press.example', '192.0.2.50') },
  cloudflare_ruleset: {
    headers: ruleset('http_response_headers_transform', headers(['X-Frame-Options', 'DENY'])),
    settings: ruleset(
      'http_config_settings',
      rule(
        'no-rocket: set_config',
        'http.host eq "www.press.example" and http.request.uri.path eq "/player"',
        'The player breaks with it',
        {
          action_parameters: { rocket_loader: false },
        },
      ),
    ),
    origin: ruleset(
      'http_request_origin',
      rule(
        'search: route',
        'http.host eq "www.press.example" and starts_with(http.request.uri.path, "/search")',
        'The search has its own server',
        {
          action_parameters: { origin: { port: 8443 } },
        },
      ),
    ),
  },
});

export const websites: readonly Estate[] = [
  estate('a shop', shop, {
    'a rule in log mode is added, and the picture host moves': {
      cloudflare_dns_record: { img: { content: 'assets2.store.example' } },
      cloudflare_ruleset: {
        custom: {
          rules: [
            log4shell,
            admin,
            rule(
              'old-cart: log',
              'http.host eq "www.shop.example" and http.request.uri.path eq "/cart.php"',
              'Who still calls the old cart',
            ),
          ],
        },
      },
    },
    'descriptions are written better, and the mail domain proves itself to somebody': {
      cloudflare_ruleset: {
        custom: { rules: [{ ...log4shell, description: 'Log4Shell probes (CVE-2021-44228)' }, admin] },
        managed: { rules: [{ ...managed, description: 'All managed rules of Cloudflare' }] },
      },
      cloudflare_dns_record: { proof: dns('TXT', 'shop.example', '"site-verification=4f2a"') },
    },
  }),
  estate('a company with mail at somebody else', company, {
    'a second DKIM key comes, and DMARC becomes strict': {
      cloudflare_dns_record: {
        dkim2: dns('CNAME', 'selector2._domainkey.corp.example', 'selector2.dkim.example', {
          proxied: false,
        }),
        dmarc: { content: '"v=DMARC1; p=reject; rua=mailto:d@corp.example"' },
      },
    },
    'comments are added': {
      cloudflare_dns_record: {
        mx: { comment: 'mail of everybody' },
        apex: { comment: 'web server 3', tags: ['owner:web'] },
      },
    },
  }),
  estate(
    'brands, one map for all',
    brands,
    {
      'their pages move to another host': {
        cloudflare_dns_record: { www: { content: 'sites2.host.example' } },
      },
    },
    { around: { locals: { brands: { one: 'one.example', two: 'two.example' } } } },
  ),
  estate('a blog with redirects', redirects, {
    'a page moves': {
      cloudflare_ruleset: {
        redirects: { rules: [toApex, movedPage] },
      },
    },
    'the sentence about the redirect is corrected': {
      cloudflare_ruleset: {
        redirects: { rules: [{ ...toApex, description: 'One address for each page' }] },
      },
    },
  }),
  estate('a bank', hardened, {
    'TLS 1.2 goes': { cloudflare_zone_setting: { tls: { value: '1.3' } } },
    'the server gets another address': { cloudflare_dns_record: { www: { content: '192.0.2.41' } } },
  }),
  estate('a newspaper', press, {
    'a header is added, and the player gets another path': {
      cloudflare_ruleset: {
        headers: { rules: [headers(['X-Frame-Options', 'DENY'], ['Permissions-Policy', 'camera=()'])] },
      },
    },
  }),
];
