/** What visitors reach: load balancers and the zone itself. */
import type { JsonObject, UnchangedResource } from '../../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import { created, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const nothing = { when: 'nothing of the kind changes', input: { plan: aPlan().build() } };

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
