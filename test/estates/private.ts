/** Estates of what is not for everybody: applications behind Access, tunnels, pages of projects, mail. */
import { account, dns, estate, together, web, zone, zoneId } from './build.ts';
import type { Estate } from './build.ts';

const accounts = { account_id: account };
const staff = '${cloudflare_zero_trust_access_group.staff.id}';

const intranet = together(zone('office.example'), {
  cloudflare_dns_record: { wiki: web('A', 'wiki.office.example', '192.0.2.140') },
  cloudflare_zero_trust_access_group: {
    staff: { ...accounts, name: 'staff', include: [{ email_domain: { domain: 'office.example' } }] },
  },
  cloudflare_zero_trust_access_policy: {
    staff: { ...accounts, name: 'staff', decision: 'allow', include: [{ group: { id: staff } }] },
  },
  cloudflare_zero_trust_access_application: {
    wiki: {
      ...accounts,
      name: 'wiki',
      type: 'self_hosted',
      domain: 'wiki.office.example',
      session_duration: '24h',
      policies: [{ id: '${cloudflare_zero_trust_access_policy.staff.id}', precedence: 1 }],
    },
  },
});

const ingress = (...hosts: readonly string[]) => ({
  ingress: [
    ...hosts.map((host) => ({ hostname: host, service: 'http://localhost:8080' })),
    { service: 'http_status:404' },
  ],
});
const tunnel = together(zone('lab.example'), {
  cloudflare_zero_trust_tunnel_cloudflared: { lab: { ...accounts, name: 'lab', config_src: 'cloudflare' } },
  cloudflare_zero_trust_tunnel_cloudflared_config: {
    lab: {
      ...accounts,
      tunnel_id: '${cloudflare_zero_trust_tunnel_cloudflared.lab.id}',
      config: ingress('grafana.lab.example'),
    },
  },
  cloudflare_dns_record: {
    grafana: web(
      'CNAME',
      'grafana.lab.example',
      '${cloudflare_zero_trust_tunnel_cloudflared.lab.id}.cfargotunnel.com',
    ),
  },
});

const pages = together(zone('docs.example'), {
  cloudflare_pages_project: { docs: { ...accounts, name: 'docs', production_branch: 'main' } },
  cloudflare_pages_domain: { docs: { ...accounts, project_name: 'docs', name: 'docs.example' } },
  cloudflare_dns_record: { apex: web('CNAME', 'docs.example', 'docs.pages.example') },
});

const mail = together(zone('club.example'), {
  cloudflare_email_routing_settings: { it: { zone_id: zoneId } },
  cloudflare_email_routing_rule: {
    hello: {
      zone_id: zoneId,
      name: 'hello',
      enabled: true,
      matchers: [{ type: 'literal', field: 'to', value: 'hello@club.example' }],
      actions: [{ type: 'forward', value: ['club@mail.example'] }],
    },
  },
  cloudflare_dns_record: {
    mx: dns('MX', 'club.example', 'route1.mx.example', { priority: 5 }),
    www: web('A', 'www.club.example', '192.0.2.150'),
  },
});

export const privates: readonly Estate[] = [
  estate('an intranet', intranet, {
    'a second factor is asked, and the name is corrected': {
      cloudflare_zero_trust_access_policy: {
        staff: { name: 'Staff', require: [{ auth_method: { auth_method: 'mfa' } }] },
      },
    },
    'the wiki gets a picture and its people a shorter session': {
      cloudflare_zero_trust_access_application: {
        wiki: { logo_url: 'https://www.office.example/wiki.png', session_duration: '8h' },
      },
    },
  }),
  estate(
    'a tunnel',
    tunnel,
    {
      'a second host comes': {
        cloudflare_zero_trust_tunnel_cloudflared_config: {
          lab: { config: ingress('grafana.lab.example', 'ci.lab.example') },
        },
        cloudflare_dns_record: {
          ci: web(
            'CNAME',
            'ci.lab.example',
            '${cloudflare_zero_trust_tunnel_cloudflared.lab.id}.cfargotunnel.com',
          ),
        },
      },
    },
    { asks: { 'a second host comes': ['cloudflare_zero_trust_tunnel_cloudflared_config'] } },
  ),
  estate(
    'pages of a project',
    pages,
    {
      'the address with www comes': {
        cloudflare_pages_domain: { www: { ...accounts, project_name: 'docs', name: 'www.docs.example' } },
        cloudflare_dns_record: { www: web('CNAME', 'www.docs.example', 'docs.pages.example') },
      },
    },
    { asks: { 'the address with www comes': ['cloudflare_pages_domain'] } },
  ),
  estate(
    'mail that is passed on',
    mail,
    {
      'a second address comes': {
        cloudflare_email_routing_rule: {
          press: {
            zone_id: zoneId,
            name: 'press',
            enabled: true,
            matchers: [{ type: 'literal', field: 'to', value: 'press@club.example' }],
            actions: [{ type: 'forward', value: ['club@mail.example'] }],
          },
        },
      },
      'the site moves': { cloudflare_dns_record: { www: { content: '192.0.2.151' } } },
    },
    { asks: { 'a second address comes': ['cloudflare_email_routing_rule'] } },
  ),
];
