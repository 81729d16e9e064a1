/** Cases of the rules about what a change acts on: `reach.test.ts` has every kind of place. */
import type { Json } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';

const address = 'cloudflare_workers_route.trial';
const subject = `acme-staging/${address}`;

function route(pattern: Json) {
  return aPlan()
    .inStack('acme-staging')
    .creating(address, { zone_id: '${cloudflare_zone.shop.id}', pattern, script: 'trial' });
}

const own = { when: 'a route of the own zone', input: { plan: route('h1.staging-shop.example/*').build() } };
const production = { when: 'a route of production', input: { plan: route('www.shop.example/*').build() } };

export const placeCases: CaseTable = {
  'plan-places-owned': {
    finds: [
      {
        when: 'a route of a host that no register has',
        input: { plan: route('www.elsewhere.example/*').build() },
        subjects: [subject],
      },
      {
        when: 'a zone id that no register has',
        input: { plan: route('h1.staging-shop.example/*').inZone('0'.repeat(32)).creating(address).build() },
        subjects: [subject],
      },
    ],
    passes: [],
    skips: [
      own,
      production,
      { when: 'the host is not known', input: { plan: route('${var.host}/*').build() } },
    ],
  },
  'plan-places-known': {
    finds: [],
    passes: [],
    skips: [
      own,
      production,
      { when: 'nobody has the host', input: { plan: route('elsewhere.example').build() } },
    ],
    doubts: [
      {
        when: 'the host is put together by an expression',
        input: { plan: route('${format("%s", "www.shop.example")}/*').build() },
        subjects: [subject],
      },
      {
        when: 'the zone comes from somewhere that cannot be told',
        input: {
          plan: aPlan()
            .inStack('acme-staging')
            .inZone('${data.cloudflare_zones.all.result[0].id}')
            .creating('cloudflare_dns_record.trial')
            .build(),
        },
        subjects: ['acme-staging/cloudflare_dns_record.trial'],
      },
    ],
  },
};
