/** Cases of the rules about zone settings, DNS records and zones. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import { someThresholds, aPolicySet } from '../../../builders/policy.ts';
import { standing } from './list-cases.ts';
import type { CaseTable, RuleCases } from './rule-cases.ts';

const prod = 'acme-production/';

function setting(name: string, before: unknown, after: unknown): PlanBuilder {
  const side = (value: unknown): JsonObject => ({ setting_id: name, value: value as string });
  const address = 'cloudflare_zone_setting.it';
  if (before === undefined) {
    return aPlan().creating(address, side(after));
  }
  return after === undefined
    ? aPlan().deleting(address, side(before))
    : aPlan().updating(address, side(before), side(after));
}

const it = `${prod}cloudflare_zone_setting.it#value`;

/** A setting with values from weak to strong. */
function strength(name: string, weak: string, floor: string, strong: string): RuleCases {
  return {
    finds: [
      { when: 'lowered', input: { plan: setting(name, strong, weak).build() }, subjects: [it] },
      { when: 'created weak', input: { plan: setting(name, undefined, weak).build() }, subjects: [it] },
      { when: 'no longer managed', input: { plan: setting(name, floor, undefined).build() }, subjects: [it] },
    ],
    passes: [
      { when: 'raised', input: { plan: setting(name, weak, strong).build() } },
      { when: 'created at the floor', input: { plan: setting(name, undefined, floor).build() } },
    ],
    skips: [{ when: 'another setting changes', input: { plan: setting('brotli', 'on', 'off').build() } }],
    doubts: [
      {
        when: 'the value is a reference',
        input: { plan: setting(name, strong, '${var.value}').build() },
        subjects: [it],
      },
      {
        when: 'the value is known only after apply',
        input: { plan: setting(name, strong, strong).withUnknown('value').build() },
        subjects: [it],
      },
      {
        when: 'the value is unheard of',
        input: { plan: setting(name, strong, 'sideways').build() },
        subjects: [it],
      },
    ],
  };
}

function hsts(parts: JsonObject): JsonObject {
  return {
    strict_transport_security: { enabled: true, max_age: 31_536_000, include_subdomains: true, ...parts },
  };
}

function record(before: JsonObject | undefined, after: JsonObject | undefined): PlanBuilder {
  const address = 'cloudflare_dns_record.it';
  if (before === undefined) {
    return aPlan().creating(address, aDnsRecord(after));
  }
  return after === undefined
    ? aPlan().deleting(address, aDnsRecord(before))
    : aPlan().updating(address, aDnsRecord(before), aDnsRecord(after));
}

function txt(content: string, name = 'shop.example'): JsonObject {
  return { name, type: 'TXT', content, proxied: false };
}

const caa: JsonObject = {
  name: 'shop.example',
  type: 'CAA',
  proxied: false,
  data: { flags: 0, tag: 'issue', value: 'pki.goog' },
};
const spf = txt('"v=spf1 include:_spf.shop.example -all"');
const dmarc = txt('v=DMARC1; p=reject; sp=reject; pct=100', '_dmarc.shop.example');
const webRecord = 'cloudflare_dns_record.web';
const recordIt = `${prod}cloudflare_dns_record.it`;
const content = `${recordIt}#content`;
const address = 'cloudflare_dns_record.it';

export const zoneCases: CaseTable = {
  'tls-minimum-version': {
    ...strength('min_tls_version', '1.0', '1.2', '1.3'),
    finds: [
      ...strength('min_tls_version', '1.0', '1.2', '1.3').finds,
      {
        when: 'lowered to the floor',
        input: { plan: setting('min_tls_version', '1.3', '1.2').build() },
        subjects: [it],
      },
      {
        when: 'the threshold is 1.3',
        input: {
          plan: setting('min_tls_version', undefined, '1.2').build(),
          policy: aPolicySet({ thresholds: someThresholds({ minTlsVersion: '1.3' }) }),
        },
        subjects: [it],
      },
      {
        when: 'lowered for one hostname',
        input: {
          plan: aPlan()
            .creating('cloudflare_hostname_tls_setting.api', { setting_id: 'min_tls_version', value: '1.1' })
            .build(),
        },
        subjects: [`${prod}cloudflare_hostname_tls_setting.api#value`],
      },
    ],
  },
  'ssl-mode-kept': strength('ssl', 'flexible', 'full', 'strict'),
  'https-kept': {
    ...strength('always_use_https', 'off', 'on', 'on'),
    finds: [
      ...strength('always_use_https', 'off', 'on', 'on').finds,
      ...strength('automatic_https_rewrites', 'off', 'on', 'on').finds,
    ],
  },
  'tls-1-3-kept': strength('tls_1_3', 'off', 'on', 'zrt'),
  'security-level-kept': {
    ...strength('security_level', 'essentially_off', 'low', 'high'),
    finds: [
      ...strength('security_level', 'essentially_off', 'low', 'high').finds,
      ...strength('browser_check', 'off', 'on', 'on').finds,
    ],
  },
  'hsts-kept': {
    finds: [
      {
        when: 'turned off',
        input: { plan: setting('security_header', hsts({}), hsts({ enabled: false })).build() },
        subjects: [it],
      },
      {
        when: 'shortened',
        input: { plan: setting('security_header', hsts({}), hsts({ max_age: 0 })).build() },
        subjects: [it],
      },
      {
        when: 'subdomains left out',
        input: { plan: setting('security_header', hsts({}), hsts({ include_subdomains: false })).build() },
        subjects: [it],
      },
      {
        when: 'removed',
        input: { plan: setting('security_header', hsts({}), undefined).build() },
        subjects: [it],
      },
    ],
    passes: [
      {
        when: 'lengthened',
        input: { plan: setting('security_header', hsts({ max_age: 3600 }), hsts({})).build() },
      },
      { when: 'turned on', input: { plan: setting('security_header', undefined, hsts({})).build() } },
    ],
    skips: [{ when: 'another setting changes', input: { plan: setting('ssl', 'full', 'strict').build() } }],
    doubts: [
      {
        when: 'the age is a reference',
        input: { plan: setting('security_header', hsts({}), hsts({ max_age: '${var.age}' })).build() },
        subjects: [it],
      },
      {
        when: 'the whole value is unknown',
        input: { plan: setting('security_header', hsts({}), hsts({})).withUnknown('value').build() },
        subjects: [it],
      },
    ],
  },
  'dnssec-kept': {
    finds: [
      {
        when: 'disabled',
        input: {
          plan: aPlan()
            .updating('cloudflare_zone_dnssec.it', { status: 'active' }, { status: 'disabled' })
            .build(),
        },
        subjects: [`${prod}cloudflare_zone_dnssec.it#status`],
      },
      {
        when: 'removed',
        input: { plan: aPlan().deleting('cloudflare_zone_dnssec.it', { status: 'active' }).build() },
        subjects: [`${prod}cloudflare_zone_dnssec.it#status`],
      },
      {
        when: 'replaced',
        input: {
          plan: aPlan()
            .replacing('cloudflare_zone_dnssec.it', { status: 'active' }, { status: 'active' })
            .build(),
        },
        subjects: [`${prod}cloudflare_zone_dnssec.it#status`],
      },
    ],
    passes: [
      {
        when: 'enabled',
        input: { plan: aPlan().creating('cloudflare_zone_dnssec.it', { status: 'active' }).build() },
      },
      {
        when: 'left to the provider',
        input: { plan: aPlan().creating('cloudflare_zone_dnssec.it', {}).build() },
      },
    ],
    skips: [{ when: 'no DNSSEC resource changes', input: {} }],
    doubts: [
      {
        when: 'the status is a reference',
        input: { plan: aPlan().creating('cloudflare_zone_dnssec.it', { status: '${local.on}' }).build() },
        subjects: [`${prod}cloudflare_zone_dnssec.it#status`],
      },
    ],
  },
  'dns-proxied-kept': {
    finds: [
      {
        when: 'taken out of the proxy',
        input: { plan: record({ proxied: true }, { proxied: false }).build() },
        subjects: [`${recordIt}#proxied`],
      },
      {
        when: 'created outside the proxy',
        input: { plan: record(undefined, { type: 'CNAME', proxied: false }).build() },
        subjects: [`${recordIt}#proxied`],
        severity: 'warn',
      },
      {
        when: 'proxied is left out of a new record, which means false',
        input: {
          plan: aPlan().creating(address, { name: 'api.shop.example', type: 'AAAA', content: '::1' }).build(),
        },
        subjects: [`${recordIt}#proxied`],
        severity: 'warn',
      },
      {
        when: 'web mail is not a mail traffic, whatever its name',
        input: { plan: record({ name: 'webmail' }, { name: 'webmail', proxied: false }).build() },
        subjects: [`${recordIt}#proxied`],
      },
      {
        when: 'a load balancer leaves the proxy',
        input: {
          plan: aPlan()
            .updating('cloudflare_load_balancer.a', { name: 'www', proxied: true }, { name: 'www' })
            .build(),
        },
        subjects: [`${prod}cloudflare_load_balancer.a#proxied`],
      },
      {
        when: 'a new load balancer is outside of it',
        input: { plan: aPlan().creating('cloudflare_load_balancer.b', { name: 'api.shop.example' }).build() },
        subjects: [`${prod}cloudflare_load_balancer.b#proxied`],
        severity: 'warn',
      },
      {
        when: 'a load balancer outside of it takes the place of a proxied record',
        input: {
          plan: aPlan().creating('cloudflare_load_balancer.b', { name: 'www.shop.example' }).build(),
          unchanged: [standing(webRecord, aDnsRecord())],
        },
        subjects: [`${prod}cloudflare_load_balancer.b#proxied`],
      },
      {
        when: 'another record, outside of it, takes the place of a proxied one',
        input: {
          plan: aPlan()
            .deleting(webRecord, aDnsRecord())
            .creating(address, aDnsRecord({ proxied: false, content: '192.0.2.77' }))
            .build(),
        },
        subjects: [`${recordIt}#proxied`],
      },
      {
        when: 'a record outside of it is given the name of a proxied one that goes',
        input: {
          plan: aPlan()
            .deleting(webRecord, aDnsRecord())
            .updating(
              address,
              aDnsRecord({ name: 'old.shop.example', proxied: false }),
              aDnsRecord({ proxied: false }),
            )
            .build(),
        },
        subjects: [`${recordIt}#proxied`],
      },
      {
        when: 'the proxied record goes that kept another one of its name behind the proxy',
        input: {
          plan: aPlan().deleting(address, aDnsRecord()).build(),
          unchanged: [standing(webRecord, aDnsRecord({ proxied: false, content: '192.0.2.77' }))],
        },
        subjects: [`${recordIt}#proxied`],
      },
      {
        when: 'a new record shows the address that a proxied one hides',
        input: {
          plan: record(undefined, { name: 'dev.shop.example', proxied: false }).build(),
          unchanged: [standing(webRecord, aDnsRecord())],
        },
        subjects: [`${recordIt}#proxied`],
        severity: 'warn',
      },
      {
        when: 'a mail host shows it, in another spelling',
        input: {
          plan: record(undefined, {
            name: 'mail.shop.example',
            type: 'AAAA',
            content: '2001:db8:0::1',
            proxied: false,
          }).build(),
          unchanged: [standing(webRecord, aDnsRecord({ type: 'AAAA', content: '2001:DB8::1' }))],
        },
        subjects: [`${recordIt}#proxied`],
        severity: 'warn',
      },
      {
        when: 'a record outside of it is moved to the origin of a proxied load balancer',
        input: {
          plan: record({ proxied: false, content: '192.0.2.77' }, { proxied: false }).build(),
          unchanged: [
            standing('cloudflare_load_balancer.lb', {
              name: 'shop.example',
              proxied: true,
              default_pools: ['${cloudflare_load_balancer_pool.eu.id}'],
            }),
            standing(
              'cloudflare_load_balancer_pool.eu',
              { name: 'eu', origins: [{ name: 'a', address: '192.0.2.10' }] },
              { zone: null },
            ),
          ],
        },
        subjects: [`${recordIt}#proxied`],
        severity: 'warn',
      },
      {
        when: 'the stack is in no register, so it counts as production',
        input: {
          plan: aPlan()
            .withoutStack('acme-production')
            .inStack('elsewhere')
            .creating(address, aDnsRecord({ proxied: false }))
            .build(),
        },
        subjects: ['elsewhere/cloudflare_dns_record.it#proxied'],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'a new address stands beside a proxied one of its name, which keeps both behind the proxy',
        input: {
          plan: record(undefined, { proxied: false, content: '192.0.2.77' }).build(),
          unchanged: [standing(webRecord, aDnsRecord())],
        },
      },
      {
        when: 'another record, proxied, takes the place of a proxied one',
        input: {
          plan: aPlan().deleting(webRecord, aDnsRecord()).creating(address, aDnsRecord()).build(),
        },
      },
      {
        when: 'a record outside of it changes its ttl, at the address of a proxied one',
        input: {
          plan: record(
            { name: 'dev.shop.example', proxied: false },
            { name: 'dev.shop.example', proxied: false, ttl: 300 },
          ).build(),
          unchanged: [standing(webRecord, aDnsRecord())],
        },
      },
      { when: 'it stays proxied', input: { plan: record({}, { ttl: 300 }).build() } },
      {
        when: 'it never was proxied and only its address changes',
        input: { plan: record({ proxied: false }, { proxied: false, content: '192.0.2.99' }).build() },
      },
    ],
    skips: [
      {
        when: 'the record is a mail host',
        input: { plan: record(undefined, { name: 'mail.shop.example', proxied: false }).build() },
      },
      {
        when: 'the record validates a certificate',
        input: {
          plan: record(undefined, { name: '_x1.shop.example', type: 'CNAME', proxied: false }).build(),
        },
      },
      { when: 'the record is TXT', input: { plan: record(undefined, spf).build() } },
      { when: 'the record goes away', input: { plan: record({}, undefined).build() } },
      {
        when: 'it is staging',
        input: {
          plan: aPlan()
            .inStack('acme-staging')
            .creating(address, aDnsRecord({ proxied: false }))
            .build(),
        },
      },
    ],
    doubts: [
      {
        when: 'proxied is a reference',
        input: { plan: record({}, { proxied: '${var.proxied}' }).build() },
        subjects: [`${recordIt}#proxied`],
      },
    ],
  },
  'caa-kept': {
    finds: [
      { when: 'removed', input: { plan: record(caa, undefined).build() }, subjects: [recordIt] },
      {
        when: 'turned into another type',
        input: { plan: record(caa, txt('x')).build() },
        subjects: [recordIt],
      },
      {
        when: 'another issuer is named',
        input: {
          plan: record(caa, { ...caa, data: { flags: 0, tag: 'issue', value: 'other.example' } }).build(),
        },
        subjects: [`${recordIt}#data.value`],
        severity: 'warn',
      },
      {
        when: 'removed while another record of the name is added',
        input: { plan: record(caa, undefined).creating('cloudflare_dns_record.new', caa).build() },
        subjects: [recordIt],
        severity: 'warn',
      },
    ],
    passes: [{ when: 'added', input: { plan: record(undefined, caa).build() } }],
    skips: [{ when: 'another record changes', input: {} }],
  },
  'spf-kept': {
    finds: [
      { when: 'removed', input: { plan: record(spf, undefined).build() }, subjects: [recordIt] },
      {
        when: 'overwritten by something else',
        input: { plan: record(spf, txt('hello')).build() },
        subjects: [recordIt],
      },
      {
        when: '-all becomes ~all',
        input: { plan: record(spf, txt('v=spf1 ~all')).build() },
        subjects: [content],
      },
      {
        when: '-all becomes ?all',
        input: { plan: record(spf, txt('v=spf1 ?all')).build() },
        subjects: [content],
      },
      {
        when: '-all is dropped',
        input: { plan: record(spf, txt('v=spf1 mx')).build() },
        subjects: [content],
      },
      {
        when: 'created with +all',
        input: { plan: record(undefined, txt('v=spf1 +all')).build() },
        subjects: [content],
      },
      {
        when: 'created with a bare all',
        input: { plan: record(undefined, txt('v=spf1 all')).build() },
        subjects: [content],
      },
    ],
    passes: [
      {
        when: 'a sender is added',
        input: { plan: record(spf, txt('v=spf1 mx include:a.example -all')).build() },
      },
      { when: 'created with ~all', input: { plan: record(undefined, txt('v=spf1 mx ~all')).build() } },
      {
        when: 'created with a redirect',
        input: { plan: record(undefined, txt('v=spf1 redirect=_spf.shop.example')).build() },
      },
      {
        when: 'moved to another resource',
        input: {
          plan: record(spf, undefined).creating('cloudflare_dns_record.new', aDnsRecord(spf)).build(),
        },
      },
    ],
    skips: [{ when: 'another TXT record changes', input: { plan: record(txt('a'), txt('b')).build() } }],
  },
  'dmarc-kept': {
    finds: [
      { when: 'removed', input: { plan: record(dmarc, undefined).build() }, subjects: [recordIt] },
      {
        when: 'reject becomes none',
        input: { plan: record(dmarc, txt('v=DMARC1; p=none', '_dmarc.shop.example')).build() },
        subjects: [content],
      },
      {
        when: 'the policy for subdomains is dropped to none',
        input: { plan: record(dmarc, txt('v=DMARC1; p=reject; sp=none', '_dmarc.shop.example')).build() },
        subjects: [content],
      },
      {
        when: 'it applies to half of the mail only',
        input: { plan: record(dmarc, txt('v=DMARC1; p=reject; pct=50', '_dmarc.shop.example')).build() },
        subjects: [content],
      },
    ],
    passes: [
      {
        when: 'none becomes reject',
        input: { plan: record(txt('v=DMARC1; p=none', '_dmarc.shop.example'), dmarc).build() },
      },
      {
        when: 'created with none',
        input: { plan: record(undefined, txt('v=DMARC1; p=none', '_dmarc.shop.example')).build() },
      },
      {
        when: 'only the report address changes',
        input: {
          plan: record(
            dmarc,
            txt('v=DMARC1; p=reject; rua=mailto:a@shop.example', '_dmarc.shop.example'),
          ).build(),
        },
      },
    ],
    skips: [{ when: 'another record changes', input: {} }],
  },
  'zone-not-paused': {
    finds: [
      {
        when: 'paused',
        input: {
          plan: aPlan()
            .updating('cloudflare_zone.it', { name: 'shop.example' }, { name: 'shop.example', paused: true })
            .build(),
        },
        subjects: [`${prod}cloudflare_zone.it#paused`],
      },
    ],
    passes: [
      {
        when: 'created',
        input: { plan: aPlan().creating('cloudflare_zone.it', { name: 'shop.example' }).build() },
      },
      {
        when: 'the provider computes paused',
        input: {
          plan: aPlan()
            .creating('cloudflare_zone.it', { name: 'shop.example' })
            .withUnknown('paused')
            .build(),
        },
      },
    ],
    skips: [{ when: 'no zone changes', input: {} }],
    doubts: [
      {
        when: 'paused is a reference',
        input: {
          plan: aPlan()
            .creating('cloudflare_zone.it', { name: 'shop.example', paused: '${var.paused}' })
            .build(),
        },
        subjects: [`${prod}cloudflare_zone.it#paused`],
      },
    ],
  },
};
