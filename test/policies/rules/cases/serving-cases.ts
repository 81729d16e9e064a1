/** Routes, tunnels and origins that change in place: what answers afterwards. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import { updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const nothing = { when: 'nothing of the kind changes', input: { plan: aPlan().build() } };
const route = 'cloudflare_workers_route.api';
const tunnel = 'cloudflare_zero_trust_tunnel_cloudflared_config.office';

/** Names with their services, and the rule for the rest unless one is given for null. */
function ingress(...names: readonly (readonly [string | null, string])[]): JsonObject {
  const rules = names.map(([hostname, service]) => ({ ...(hostname === null ? {} : { hostname }), service }));
  const isWhole = names.some(([hostname]) => hostname === null);
  return { config: { ingress: isWhole ? rules : [...rules, { service: 'http_status:404' }] } };
}

export const servingCases: CaseTable = {
  'serving-kept': {
    finds: [
      {
        when: 'a name of a tunnel is dropped, and falls to the rule for the rest',
        input: updated(tunnel, ingress(['a.shop.example', 'http://localhost']), ingress()),
        subjects: [`${prod}${tunnel}#config.ingress`],
        severity: 'deny',
      },
      {
        when: 'the rule for the rest sends to a server',
        input: updated(tunnel, ingress(), ingress([null, 'http://localhost:8080'])),
        subjects: [`${prod}${tunnel}#config.ingress`],
      },
      {
        when: 'a route gets another Worker and another pattern',
        input: updated(
          route,
          { pattern: 'shop.example/api/*', script: 'a' },
          { pattern: 'shop.example/*', script: 'b' },
        ),
        subjects: [`${prod}${route}#pattern`, `${prod}${route}#script`],
      },
      {
        when: 'a client is sent to another origin',
        input: updated(
          'cloudflare_custom_hostname.a',
          { hostname: 'a.client.example', custom_origin_server: 'o.shop.example' },
          { hostname: 'a.client.example' },
        ),
        subjects: [`${prod}cloudflare_custom_hostname.a#custom_origin_server`],
      },
    ],
    passes: [
      {
        when: 'a tunnel gets a name more, in another order',
        input: updated(
          tunnel,
          ingress(['a.shop.example', 'http://localhost']),
          ingress(['b.shop.example', 'http://localhost:81'], ['A.shop.example', 'http://localhost']),
        ),
      },
      {
        when: 'a route stays what it is while something else of it changes',
        input: updated(
          route,
          { pattern: 'shop.example/*', script: '${cloudflare_workers_script.a.script_name}', id: '1' },
          { pattern: 'shop.example/*', script: '${cloudflare_workers_script.a.script_name}', id: '2' },
        ),
      },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'the names of a tunnel are known only after apply',
        input: updated(tunnel, ingress(), { config: { ingress: '${local.ingress}' } }),
        subjects: [`${prod}${tunnel}#config.ingress`],
      },
    ],
  },
};
