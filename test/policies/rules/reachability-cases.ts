/** What visitors reach, and what is shown to them: names, addresses, load balancers, the zone itself, headers and ciphers. */
import type { JsonObject, UnchangedResource } from '../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import { created, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const nothing = { when: 'nothing of the kind changes', input: { plan: aPlan().build() } };

const www = 'cloudflare_dns_record.www';
const other = 'cloudflare_dns_record.other';
const zone = 'cloudflare_zone.shop';
const balancer = 'cloudflare_load_balancer.www';
const poolNamed = (name: string): string => `cloudflare_load_balancer_pool.${name}`;

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

/** An origin for each weight; null is one that is switched off. */
function pool(...weights: readonly (number | null)[]): JsonObject {
  return {
    name: 'eu',
    origins: weights.map((weight, at) => ({
      name: `o${at}`,
      address: `192.0.2.${at + 1}`,
      ...(weight === null ? { enabled: false } : { weight }),
    })),
  };
}

function aBalancer(names: readonly string[], parts: JsonObject = {}): JsonObject {
  const refs = names.map((name) => `\${${poolNamed(name)}.id}`);
  return {
    name: 'www.shop.example',
    proxied: true,
    default_pools: refs,
    fallback_pool: refs.at(-1) ?? '',
    ...parts,
  };
}

function poolChanges(
  before: JsonObject,
  after: JsonObject,
  unchanged: readonly UnchangedResource[],
): Partial<RuleInput> {
  return { plan: aPlan().updating(poolNamed('eu'), before, after).build(), unchanged };
}

const last = (name: string): JsonObject => ({ fallback_pool: `\${${poolNamed(name)}.id}` });
const inGermany = (name: string): JsonObject => ({ country_pools: { DE: [`\${${poolNamed(name)}.id}`] } });
const sendingTo = (name: string): JsonObject => ({
  name: 'checkout',
  condition: 'http.request.uri.path eq "/checkout"',
  overrides: { default_pools: [`\${${poolNamed(name)}.id}`], ...last(name) },
});
const answering = (condition: string, parts: JsonObject = {}): JsonObject => ({
  name: 'closed',
  condition,
  fixed_response: { status_code: 503 },
  ...parts,
});
const monitor = 'cloudflare_load_balancer_monitor.front';
const check = (parts: JsonObject = {}): JsonObject => ({ type: 'https', path: '/health', ...parts });
const watched = standing(poolNamed('eu'), { ...pool(1), monitor: `\${${monitor}.id}` }, null);

const inAccount = (name: string, values: JsonObject): UnchangedResource =>
  standing(poolNamed(name), values, null);

export const reachabilityCases: CaseTable = {
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
  'zone-authoritative': {
    finds: [
      ...['partial', 'secondary', 'internal'].map((type) => ({
        when: `a zone becomes ${type}`,
        input: updated(zone, { name: 'shop.example' }, { name: 'shop.example', type }),
        subjects: [`${prod}${zone}#type`],
      })),
      ...['cdn_only', 'dns_only'].map((mode) => ({
        when: `the mode of its DNS becomes ${mode}`,
        input: created('cloudflare_zone_dns_settings.shop', { zone_mode: mode }),
        subjects: [`${prod}cloudflare_zone_dns_settings.shop#zone_mode`],
      })),
    ],
    passes: [
      {
        when: 'what is the default is written out',
        input: updated(zone, { name: 'shop.example' }, { name: 'shop.example', type: 'full' }),
      },
      {
        when: 'other settings of its DNS change',
        input: updated(
          'cloudflare_zone_dns_settings.shop',
          { ns_ttl: 86400 },
          { ns_ttl: 3600, zone_mode: 'standard' },
        ),
      },
      {
        when: 'a partial zone stays one, or becomes full',
        input: {
          plan: aPlan()
            .updating(zone, { type: 'partial' }, { type: 'partial', paused: false })
            .updating('cloudflare_zone.next', { type: 'partial' }, { type: 'full' })
            .build(),
        },
      },
    ],
    skips: [
      nothing,
      { when: 'the zone is new', input: created(zone, { name: 'x.example', type: 'partial' }) },
    ],
    doubts: [
      {
        when: 'its type is a reference',
        input: updated(zone, { name: 'shop.example' }, { name: 'shop.example', type: '${var.type}' }),
        subjects: [`${prod}${zone}#type`],
      },
    ],
  },
  'load-balancing-kept': {
    finds: [
      {
        when: 'every origin of a pool is off, one by its weight, and who uses it is not known',
        input: poolChanges(pool(1, 1), pool(null, 0), []),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
      {
        when: 'a pool is switched off that a load balancer has alone',
        input: poolChanges(pool(1), { ...pool(1), enabled: false }, [standing(balancer, aBalancer(['eu']))]),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
      {
        when: 'both pools of a load balancer go down together',
        input: {
          plan: aPlan()
            .updating(poolNamed('eu'), pool(1), pool(0))
            .updating(poolNamed('us'), pool(1), pool(null))
            .build(),
          unchanged: [standing(balancer, aBalancer(['eu', 'us']))],
        },
        subjects: [`${prod}${poolNamed('eu')}#origins`, `${prod}${poolNamed('us')}#origins`],
      },
      {
        when: 'fewer origins are left than a pool needs',
        input: poolChanges(
          { ...pool(1, 1), minimum_origins: 2 },
          { ...pool(1, null), minimum_origins: 2 },
          [],
        ),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
      {
        when: 'the load balancer is switched off',
        input: updated(balancer, aBalancer(['eu']), aBalancer(['eu'], { enabled: false })),
        subjects: [`${prod}${balancer}`],
      },
      {
        when: 'it has no pools any more',
        input: updated(balancer, aBalancer(['eu']), aBalancer(['eu'], { default_pools: [] })),
        subjects: [`${prod}${balancer}`],
      },
      {
        when: 'each of its pools gets the weight 0',
        input: updated(
          balancer,
          aBalancer(['eu']),
          aBalancer(['eu'], {
            steering_policy: 'random',
            random_steering: { default_weight: 0, pool_weights: { eu: 0 } },
          }),
        ),
        subjects: [`${prod}${balancer}`],
      },
      {
        when: 'it is sent to a pool that is down',
        input: {
          ...updated(balancer, aBalancer(['eu']), aBalancer(['us'])),
          unchanged: [inAccount('eu', pool(1)), inAccount('us', pool(0))],
        },
        subjects: [`${prod}${balancer}`],
      },
      {
        when: 'its pool of last resort is gone',
        input: updated(balancer, aBalancer(['eu', 'us']), aBalancer(['eu'], { fallback_pool: null })),
        subjects: [`${prod}${balancer}#fallback_pool`],
      },
      {
        when: 'the pools of a country go down, and the last resort was down already',
        input: poolChanges(pool(1), pool(0), [
          standing(
            balancer,
            aBalancer(['eu'], { ...inGermany('eu'), ...last('us'), default_pools: ['elsewhere'] }),
          ),
          inAccount('us', pool(0)),
        ]),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
      {
        when: 'the pools that a rule of the load balancer sends to go down',
        input: poolChanges(pool(1), pool(0), [
          standing(balancer, aBalancer(['us'], { rules: [sendingTo('eu')] })),
          inAccount('us', pool(1)),
        ]),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
      {
        when: 'a rule of its own answers every request',
        input: updated(
          balancer,
          aBalancer(['eu']),
          aBalancer(['eu'], { rules: [answering('http.host eq "www.shop.example" or ssl')] }),
        ),
        subjects: [`${prod}${balancer}`],
      },
    ],
    passes: [
      {
        when: 'the pools of a country go down, and the last resort stands in for them',
        input: poolChanges(pool(1), pool(0), [
          standing(balancer, aBalancer(['us'], inGermany('eu'))),
          inAccount('us', pool(1)),
        ]),
      },
      {
        when: 'a rule that is off, or that answers a health check, comes',
        input: updated(
          balancer,
          aBalancer(['eu']),
          aBalancer(['eu'], {
            rules: [
              answering('true', { disabled: true }),
              answering('http.request.uri.path eq "/health"', { fixed_response: { status_code: 200 } }),
            ],
          }),
        ),
      },
      { when: 'weights shift and one origin is kept', input: poolChanges(pool(1, 1), pool(0, 1), []) },
      {
        when: 'a pool is switched off and another one stands in for it',
        input: poolChanges(pool(1), { ...pool(1), enabled: false }, [
          standing(balancer, aBalancer(['eu', 'us'])),
          inAccount('us', pool(1)),
        ]),
      },
      {
        when: 'it was down before',
        input: poolChanges(pool(0), { ...pool(0), description: 'x' }, []),
      },
      {
        when: 'a pool that nobody is sent to yet comes without origins that are on',
        input: created(poolNamed('eu'), pool(0)),
      },
      {
        when: 'what is put together by Terraform stays as it was',
        input: updated(
          balancer,
          aBalancer(['eu'], { default_pools: '${local.pools}' }),
          aBalancer(['eu'], { default_pools: '${local.pools}', ttl: 60 }),
        ),
      },
      {
        when: 'a load balancer goes on with pools of elsewhere',
        input: updated(
          balancer,
          { default_pools: ['a'], fallback_pool: 'a' },
          { default_pools: ['b'], fallback_pool: 'a' },
        ),
      },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'whether it is on is known only after apply, or its pools are',
        input: updated(
          balancer,
          aBalancer(['eu']),
          aBalancer(['eu'], { enabled: '${var.on}', default_pools: '${local.pools}' }),
        ),
        subjects: [`${prod}${balancer}#enabled`, `${prod}${balancer}#default_pools`],
      },
      {
        when: 'a live plan does not know whether it is on',
        input: {
          plan: aPlan()
            .updating(balancer, aBalancer(['eu']), aBalancer(['eu']))
            .withUnknown('enabled')
            .build(),
        },
        subjects: [`${prod}${balancer}#enabled`],
      },
      {
        when: 'whether an origin is on is a reference',
        input: poolChanges(
          pool(1),
          { name: 'eu', origins: [{ address: '192.0.2.1', enabled: '${var.on}' }] },
          [],
        ),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
    ],
  },
  'load-balancing-steering': {
    finds: [
      {
        when: 'visitors are steered in another way',
        input: updated(balancer, aBalancer(['eu'], { steering_policy: 'geo' }), aBalancer(['eu'])),
        subjects: [`${prod}${balancer}#steering_policy`],
      },
      {
        when: 'sessions are not kept at one origin any more',
        input: updated(
          balancer,
          aBalancer(['eu'], { session_affinity: 'ip_cookie' }),
          aBalancer(['eu'], { session_affinity: 'none' }),
        ),
        subjects: [`${prod}${balancer}#session_affinity`],
      },
      {
        when: 'a country loses its pools',
        input: updated(balancer, aBalancer(['us'], inGermany('eu')), aBalancer(['us'])),
        subjects: [`${prod}${balancer}`],
      },
      {
        when: 'a rule that sent requests elsewhere goes',
        input: updated(balancer, aBalancer(['us'], { rules: [sendingTo('eu')] }), aBalancer(['us'])),
        subjects: [`${prod}${balancer}`],
      },
      {
        when: 'a rule of its own answers some requests with an error',
        input: updated(
          balancer,
          aBalancer(['eu']),
          aBalancer(['eu'], { rules: [answering('http.request.uri.path eq "/shop"')] }),
        ),
        subjects: [`${prod}${balancer}#rules`],
      },
      {
        when: 'a pool is watched no more',
        input: updated(poolNamed('eu'), { ...pool(1), monitor: 'm' }, pool(1)),
        subjects: [`${prod}${poolNamed('eu')}#monitor`],
      },
      {
        when: 'an origin is asked for another host',
        input: updated(
          poolNamed('eu'),
          { name: 'eu', origins: [{ name: 'a', address: '192.0.2.1' }] },
          { name: 'eu', origins: [{ name: 'a', address: '192.0.2.1', header: { host: ['other.example'] } }] },
        ),
        subjects: [`${prod}${poolNamed('eu')}#origins`],
      },
      {
        when: 'a monitor expects another answer',
        input: updated(monitor, check({ expected_codes: '2xx' }), check({ expected_codes: '204' })),
        subjects: [`${prod}${monitor}#expected_codes`],
      },
      {
        when: 'a monitor is deleted while a pool names it',
        input: { plan: aPlan().deleting(monitor, check()).build(), unchanged: [watched] },
        subjects: [`${prod}${monitor}`],
      },
    ],
    passes: [
      {
        when: 'defaults are written out',
        input: updated(
          balancer,
          aBalancer(['eu']),
          aBalancer(['eu'], { steering_policy: 'off', session_affinity: 'none' }),
        ),
      },
      {
        when: 'sessions begin to be kept',
        input: updated(balancer, aBalancer(['eu']), aBalancer(['eu'], { session_affinity: 'cookie' })),
      },
      {
        when: 'a monitor asks more often, or one that nobody names goes',
        input: {
          plan: aPlan()
            .updating(monitor, check({ interval: 60 }), check({ interval: 30 }))
            .deleting('cloudflare_load_balancer_monitor.old', check())
            .build(),
        },
      },
      {
        when: 'an origin comes with a Host header of its own',
        input: updated(
          poolNamed('eu'),
          { name: 'eu', origins: [{ address: '192.0.2.1' }] },
          {
            name: 'eu',
            origins: [{ address: '192.0.2.1' }, { address: '192.0.2.2', header: { host: ['a.example'] } }],
          },
        ),
      },
    ],
    skips: [nothing],
  },
};
