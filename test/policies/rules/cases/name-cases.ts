/** Names of a zone: which records go together, which name disappears, which address Cloudflare cannot reach. */
import type { JsonObject, UnchangedResource } from '../../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import { created, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const nothing = { when: 'nothing of the kind changes', input: { plan: aPlan().build() } };

const www = 'cloudflare_dns_record.www';
const other = 'cloudflare_dns_record.other';

function standing(
  address: string,
  values: JsonObject,
  inZone: string | null = 'shop.example',
): UnchangedResource {
  const type = address.split('.')[0] ?? '';
  return { stack: 'acme-production', address, type, zone: inZone, values };
}

const cname = (content: string, parts: JsonObject = {}): JsonObject =>
  aDnsRecord({ type: 'CNAME', content, ...parts });

export const nameCases: CaseTable = {
  'dns-records-compatible': {
    finds: [
      {
        when: 'a CNAME is added beside an address that stays, in another spelling of the name',
        input: {
          ...created(www, cname('origin.example', { name: 'WWW' })),
          unchanged: [standing(other, aDnsRecord())],
        },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'an address is added beside a CNAME that stays',
        input: { ...created(www, aDnsRecord()), unchanged: [standing(other, cname('origin.example'))] },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'a record is renamed to where a CNAME is',
        input: {
          ...updated(www, aDnsRecord({ name: 'w3.shop.example' }), aDnsRecord()),
          unchanged: [standing(other, cname('origin.example'))],
        },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'two CNAMEs come together: said once',
        input: {
          plan: aPlan().creating(other, cname('a.example')).creating(www, cname('b.example')).build(),
        },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'the same record is added again, its address written out',
        input: {
          ...created(www, aDnsRecord({ type: 'AAAA', content: '2001:db8:0:0::1' })),
          unchanged: [standing(other, aDnsRecord({ type: 'AAAA', content: '2001:DB8::1' }))],
        },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'a CNAME points to itself',
        input: created(www, cname('WWW.shop.example.')),
        subjects: [`${prod}${www}#content`],
      },
      {
        when: 'a CNAME comes back to itself by one that stays',
        input: {
          ...created(www, cname('b.shop.example')),
          unchanged: [standing(other, cname('www.shop.example', { name: 'b' }))],
        },
        subjects: [`${prod}${www}#content`],
      },
      {
        when: 'mail is added beside a CNAME that resolvers see',
        input: {
          ...created(www, { name: 'www.shop.example', type: 'MX', content: 'mx.example', priority: 10 }),
          unchanged: [standing(other, cname('origin.example', { proxied: false }))],
        },
        subjects: [`${prod}${www}`],
        severity: 'warn',
      },
      {
        when: 'a CNAME takes the place of an address, beside a text',
        input: {
          ...updated(www, aDnsRecord({ proxied: false }), cname('origin.example', { proxied: null })),
          unchanged: [standing(other, { name: 'www', type: 'TXT', content: 'x' })],
        },
        subjects: [`${prod}${www}`],
        severity: 'warn',
      },
      {
        when: 'a name is delegated that has an address',
        input: {
          ...created(www, { name: 'www.shop.example', type: 'NS', content: 'ns1.other.example' }),
          unchanged: [standing(other, aDnsRecord())],
        },
        subjects: [`${prod}${www}`],
      },
    ],
    passes: [
      {
        when: 'an IPv6 address is added beside an IPv4 address, and another one',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ type: 'AAAA', content: '2001:db8::1' }))
            .creating(other, aDnsRecord({ content: '192.0.2.11' }))
            .build(),
          unchanged: [standing('cloudflare_dns_record.v4', aDnsRecord())],
        },
      },
      {
        when: 'the address goes as the CNAME comes',
        input: { plan: aPlan().creating(www, cname('origin.example')).deleting(other, aDnsRecord()).build() },
      },
      {
        when: 'two mail servers differ by their priority, or a text stands beside a CNAME',
        input: {
          plan: aPlan()
            .creating(www, { name: 'shop.example', type: 'MX', content: 'mx.example', priority: 10 })
            .creating(other, { name: 'shop.example', type: 'MX', content: 'mx.example', priority: 20 })
            .creating('cloudflare_dns_record.text', { name: 'shop.example', type: 'TXT', content: 'x' })
            .build(),
          unchanged: [standing('cloudflare_dns_record.apex', cname('origin.example', { name: '@' }))],
        },
      },
      {
        when: 'mail stands beside a CNAME that is proxied, or flattened, or whose zone flattens all',
        input: {
          plan: aPlan()
            .creating(www, { name: 'www.shop.example', type: 'MX', content: 'mx.example', priority: 10 })
            .creating('cloudflare_dns_record.a', {
              name: 'a.shop.example',
              type: 'MX',
              content: 'mx.example',
            })
            .inZone('borough.example')
            .creating('cloudflare_dns_record.b', { name: 'b', type: 'MX', content: 'mx.example' })
            .build(),
          unchanged: [
            standing(other, cname('origin.example')),
            standing(
              'cloudflare_dns_record.flat',
              cname('origin.example', { name: 'a', proxied: false, settings: { flatten_cname: true } }),
            ),
            standing(
              'cloudflare_dns_record.third',
              cname('origin.example', { name: 'b', proxied: false }),
              'borough.example',
            ),
            standing('cloudflare_zone_dns_settings.third', { flatten_all_cnames: true }, 'borough.example'),
          ],
        },
      },
      {
        when: 'the name servers of the apex stand beside its address',
        input: {
          ...created(www, { name: 'shop.example', type: 'NS', content: 'ns1.other.example' }),
          unchanged: [standing(other, aDnsRecord({ name: 'shop.example' }))],
        },
      },
      {
        when: 'what was there twice before only gets a comment',
        input: {
          ...updated(www, aDnsRecord(), aDnsRecord({ comment: 'x' })),
          unchanged: [standing(other, aDnsRecord())],
        },
      },
      {
        when: 'a record of the same name is in another zone',
        input: {
          ...created(www, cname('origin.example')),
          unchanged: [standing(other, aDnsRecord(), 'other.example')],
        },
      },
    ],
    skips: [nothing],
  },
  'dns-name-kept': {
    finds: [
      {
        when: 'a record is renamed',
        input: updated(www, aDnsRecord(), aDnsRecord({ name: 'w3.shop.example' })),
        subjects: [`${prod}${www}#name`],
      },
      {
        when: 'mail of a name becomes mail of another one, and only an address keeps the name',
        input: {
          ...updated(
            www,
            { name: 'shop.example', type: 'MX', content: 'mx.example' },
            { name: 'mail.shop.example', type: 'MX', content: 'mx.example' },
          ),
          unchanged: [standing(other, aDnsRecord({ name: 'shop.example' }))],
        },
        subjects: [`${prod}${www}#name`],
      },
    ],
    passes: [
      {
        when: 'another record keeps the name',
        input: {
          ...updated(www, aDnsRecord(), aDnsRecord({ name: 'w3.shop.example' })),
          unchanged: [standing(other, cname('origin.example', { name: 'WWW.shop.example.' }))],
        },
      },
      {
        when: 'the name is written in another way',
        input: updated(www, aDnsRecord(), aDnsRecord({ name: 'WWW.shop.example.' })),
      },
      { when: 'an address becomes an alias', input: updated(www, aDnsRecord(), cname('origin.example')) },
    ],
    skips: [nothing, { when: 'a record is new', input: created(www, aDnsRecord()) }],
  },
  'dns-private-address': {
    finds: [
      ...[
        '10.1.2.3',
        '172.31.0.1',
        '192.168.1.1',
        '127.0.0.1',
        '169.254.169.254',
        '100.64.0.1',
        '104.16.0.1',
      ].map((content) => ({
        when: `a record is proxied to ${content}`,
        input: created(www, aDnsRecord({ content })),
        subjects: [`${prod}${www}#content`],
      })),
      {
        when: 'a record that names a private address is proxied',
        input: updated(
          www,
          aDnsRecord({ type: 'AAAA', content: 'fd00::1', proxied: false }),
          aDnsRecord({ type: 'AAAA', content: 'fd00::1' }),
        ),
        subjects: [`${prod}${www}#content`],
      },
    ],
    passes: [
      { when: 'the address is public, or one of those for examples', input: created(www, aDnsRecord()) },
      {
        when: 'it was so before, and only its ttl changes',
        input: updated(
          www,
          aDnsRecord({ content: '10.0.0.1' }),
          aDnsRecord({ content: '10.0.0.1', ttl: 300 }),
        ),
      },
      {
        when: 'which address it is, is not known',
        input: created(www, aDnsRecord({ content: '${var.origin}' })),
      },
    ],
    skips: [
      nothing,
      {
        when: 'the record is not proxied',
        input: created(www, aDnsRecord({ content: '10.0.0.1', proxied: false })),
      },
    ],
  },
};
