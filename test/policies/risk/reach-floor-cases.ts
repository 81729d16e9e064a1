/** Floors about what is reached: names, origins, load balancers and what browsers are told for long. */
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';

const www = 'cloudflare_dns_record.www';
const apex: JsonObject = aDnsRecord({ name: 'shop.example' });
const other = (name: string, type: string, content: string): JsonObject =>
  aDnsRecord({ name, type, content, proxied: false });
const mx = other('shop.example', 'MX', 'mx.example');
const txt = other('x.shop.example', 'TXT', 'a');
const ns = other('sub.shop.example', 'NS', 'ns.example');

const pool = 'cloudflare_load_balancer_pool.p';
const balancer = 'cloudflare_load_balancer.l';

/** A pool with origins of these weights. */
function poolOf(...weights: readonly number[]): JsonObject {
  return { origins: weights.map((weight, at) => ({ name: `o${at}`, address: `192.0.2.${at + 1}`, weight })) };
}

function hsts(before: JsonObject, after: JsonObject): RuleInput['plan'] {
  const value = (header: JsonObject): JsonObject => ({
    setting_id: 'security_header',
    value: { strict_transport_security: header },
  });
  return aPlan().updating('cloudflare_zone_setting.hsts', value(before), value(after)).build();
}

/** As `floors`. */
export const reachFloors: readonly [string, RiskLevel, string, Partial<RuleInput>, Partial<RuleInput>][] = [
  [
    'destroy-traffic',
    'high',
    'a record is deleted',
    { plan: aPlan().deleting(www).build() },
    { plan: aPlan().deleting(www, txt).build() },
  ],
  [
    'destroy-traffic',
    'high',
    'a pool is replaced',
    { plan: aPlan().replacing('cloudflare_load_balancer_pool.p').build() },
    { plan: aPlan().updating('cloudflare_load_balancer_pool.p').build() },
  ],
  [
    'destroy-traffic',
    'high',
    'a route is replaced, the new one first',
    { plan: aPlan().changing('cloudflare_workers_route.r', ['create', 'delete']).build() },
    { plan: aPlan().creating('cloudflare_workers_route.r').build() },
  ],
  [
    'destroy-traffic',
    'high',
    'a record is forgotten',
    { plan: aPlan().changing(www, ['forget']).build() },
    { plan: aPlan().changing(www, ['update']).build() },
  ],
  [
    'destroy-traffic',
    'high',
    'a record is renamed and nobody keeps its name',
    {
      plan: aPlan()
        .updating(www, aDnsRecord(), aDnsRecord({ name: 'w3.shop.example' }))
        .build(),
    },
    {
      plan: aPlan()
        .updating(www, aDnsRecord(), aDnsRecord({ name: 'w3.shop.example' }))
        .creating('cloudflare_dns_record.kept', aDnsRecord({ type: 'AAAA', content: '2001:db8::1' }))
        .build(),
    },
  ],
  [
    'destroy-traffic',
    'high',
    'a certificate pack is replaced',
    { plan: aPlan().replacing('cloudflare_certificate_pack.c').build() },
    { plan: aPlan().creating('cloudflare_certificate_pack.c').build() },
  ],
  [
    'destroy-traffic',
    'high',
    'a route has no Worker any more',
    { plan: aPlan().updating('cloudflare_workers_route.r', { script: 'shop' }, {}).build() },
    { plan: aPlan().updating('cloudflare_workers_route.r', { script: 'shop' }, { script: 'next' }).build() },
  ],
  [
    'destroy-traffic',
    'high',
    'the certificates of a zone are switched off',
    {
      plan: aPlan()
        .updating('cloudflare_universal_ssl_setting.s', { enabled: true }, { enabled: false })
        .build(),
    },
    {
      plan: aPlan()
        .updating('cloudflare_universal_ssl_setting.s', { enabled: false }, { enabled: true })
        .build(),
    },
  ],
  [
    'not-authoritative',
    'critical',
    'a zone becomes partial',
    {
      plan: aPlan()
        .updating('cloudflare_zone.z', { name: 'shop.example' }, { name: 'shop.example', type: 'partial' })
        .build(),
    },
    {
      plan: aPlan()
        .updating('cloudflare_zone.z', { name: 'shop.example' }, { name: 'shop.example', type: 'full' })
        .build(),
    },
  ],
  [
    'site-down',
    'high',
    'the last origin of a pool is switched off',
    { plan: aPlan().updating(pool, poolOf(1, 1), poolOf(0, 0)).build() },
    { plan: aPlan().updating(pool, poolOf(1, 1), poolOf(0, 1)).build() },
  ],
  [
    'origin-moved',
    'high',
    'an origin gets another address',
    {
      plan: aPlan()
        .updating(pool, poolOf(1), { origins: [{ name: 'o0', address: 'collector.example', weight: 1 }] })
        .build(),
    },
    { plan: aPlan().updating(pool, poolOf(1, 1), poolOf(1)).build() },
  ],
  [
    'origin-moved',
    'high',
    'a load balancer gets a pool that is not known',
    {
      plan: aPlan()
        .updating(balancer, { default_pools: ['p1'] }, { default_pools: ['p1', 'p2'] })
        .build(),
    },
    {
      plan: aPlan()
        .updating(balancer, { default_pools: ['p1', 'p2'] }, { default_pools: ['p2'] })
        .build(),
    },
  ],
  [
    'hsts-lasting',
    'high',
    'HSTS is put on the preload list',
    { plan: hsts({ enabled: true, max_age: 600 }, { enabled: true, max_age: 31_536_000, preload: true }) },
    { plan: hsts({ enabled: true, max_age: 600 }, { enabled: true, max_age: 31_536_000 }) },
  ],
  [
    'service-binding',
    'high',
    'an HTTPS record is added',
    {
      plan: aPlan()
        .creating(www, { name: 'www.shop.example', type: 'HTTPS', data: { priority: 1 } })
        .build(),
    },
    { plan: aPlan().creating(www, txt).build() },
  ],
  [
    'issuance',
    'medium',
    'another issuer is named',
    {
      plan: aPlan()
        .creating(www, { name: 'shop.example', type: 'CAA', data: { tag: 'issue', value: 'ca.example' } })
        .build(),
    },
    { plan: aPlan().creating(www, txt).build() },
  ],
  [
    'ns-or-apex',
    'medium',
    'one address of the apex is another, and nothing else',
    {
      plan: aPlan()
        .updating(www, apex, { ...apex, content: '192.0.2.9' })
        .build(),
    },
    {
      plan: aPlan()
        .updating(www, aDnsRecord(), aDnsRecord({ content: '192.0.2.9' }))
        .build(),
    },
  ],
  [
    'ns-or-apex',
    'high',
    'the apex leaves the proxy',
    {
      plan: aPlan()
        .updating(www, apex, { ...apex, proxied: false })
        .build(),
    },
    {
      plan: aPlan()
        .updating(www, apex, { ...apex, comment: 'ours' })
        .build(),
    },
  ],
  [
    'ns-or-apex',
    'high',
    'the apex points elsewhere together with another record of it',
    {
      plan: aPlan()
        .updating(www, apex, { ...apex, content: '192.0.2.9' })
        .updating(
          'cloudflare_dns_record.v6',
          { ...apex, type: 'AAAA', content: '2001:db8::1' },
          { ...apex, type: 'AAAA', content: '2001:db8::2' },
        )
        .build(),
    },
    {
      plan: aPlan()
        .updating(www, apex, { ...apex, comment: 'ours' })
        .build(),
    },
  ],
  [
    'ns-or-apex',
    'high',
    'the apex is written @',
    {
      plan: aPlan()
        .creating(www, { ...apex, name: '@' })
        .build(),
    },
    { plan: aPlan().creating(www).build() },
  ],
  [
    'ns-or-apex',
    'high',
    'mail goes elsewhere',
    {
      plan: aPlan()
        .updating(www, mx, { ...mx, content: 'other.example' })
        .build(),
    },
    {
      plan: aPlan()
        .updating(www, txt, { ...txt, content: 'b' })
        .build(),
    },
  ],
  [
    'ns-or-apex',
    'high',
    'a delegation is added',
    { plan: aPlan().creating(www, ns).build() },
    { plan: aPlan().creating(www, txt).build() },
  ],
  [
    'ns-or-apex',
    'high',
    'DNSSEC changes',
    { plan: aPlan().creating('cloudflare_zone_dnssec.x', { status: 'active' }).build() },
    {
      plan: aPlan()
        .updating(
          'cloudflare_zone_setting.x',
          { setting_id: 'brotli', value: 'on' },
          { setting_id: 'brotli', value: 'off' },
        )
        .build(),
    },
  ],
  [
    'ns-or-apex',
    'high',
    'the type of a record is unknown',
    {
      plan: aPlan()
        .creating(www, aDnsRecord({ type: '${var.t}' }))
        .build(),
    },
    { plan: aPlan().creating(www).build() },
  ],
];
