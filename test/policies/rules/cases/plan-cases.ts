/** Cases of the rules about the plan as a whole and about what surrounds its resources. */
import type { JsonObject, Plan } from '../../../../scripts/plan/types.ts';
import { aPastRelease } from '../../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const www = 'cloudflare_dns_record.www';
const zone = `${prod}zone/shop.example`;

/** A plan that does the same to `count` records of a zone with `total` resources. */
function many(
  verb: 'deleting' | 'updating',
  count: number,
  total: number,
  left = total - count,
): PlanBuilder {
  const plan = aPlan().withZoneTotals('shop.example', total, left);
  for (let n = 1; n <= count; n += 1) {
    plan[verb](`cloudflare_dns_record.r${n}`);
  }
  return plan;
}

/** One record of which there is another number, or other keys. */
function repeatedAs(after: JsonObject): Plan {
  return aPlan().updating(www, aDnsRecord(), aDnsRecord(after)).build();
}

const nothing = { when: 'nothing changes', input: { plan: aPlan().build() } };
const record = { when: 'a record changes', input: {} };
const guard = { preventDestroy: true, createBeforeDestroy: false, ignoreChanges: [] };
const noGuard = { ...guard, preventDestroy: false };

export const planCases: CaseTable = {
  'plan-safe-configuration': {
    finds: [
      {
        when: 'a check block would run while Terraform plans',
        input: {
          plan: aPlan()
            .withSettings({ after: { dangers: ['check: a block of this kind runs or reads something'] } })
            .build(),
        },
        subjects: [`${prod}check`],
      },
    ],
    passes: [record],
    skips: [
      {
        when: 'the stack goes away',
        input: { plan: aPlan().withSettings({ after: null }).build() },
      },
    ],
  },
  'plan-delete-share': {
    finds: [
      { when: 'four of ten records go', input: { plan: many('deleting', 4, 10).build() }, subjects: [zone] },
      { when: 'a small zone is emptied', input: { plan: many('deleting', 2, 2).build() }, subjects: [zone] },
      {
        when: 'two go now and two went last week',
        input: {
          plan: many('deleting', 2, 10).build(),
          history: [
            aPastRelease({
              at: '2026-11-18T09:00:00Z',
              zones: [{ zone: 'shop.example', deleted: 2, updated: 0 }],
            }),
          ],
        },
        subjects: [zone],
      },
      {
        when: 'records are forgotten instead of deleted',
        input: {
          plan: ['a', 'b', 'c', 'd']
            .reduce(
              (plan, name) => plan.changing(`cloudflare_dns_record.${name}`, ['forget']),
              aPlan().withZoneTotals('shop.example', 10, 6),
            )
            .build(),
        },
        subjects: [zone],
      },
      {
        when: 'account resources go without a zone',
        input: {
          plan: ['a', 'b', 'c', 'd']
            .reduce(
              (plan, name) => plan.deleting(`cloudflare_list.${name}`),
              aPlan()
                .inZone(null)
                .inStack('acme-production', { totals: { before: 8, after: 4 } }),
            )
            .build(),
        },
        subjects: [`${prod}account`],
      },
    ],
    passes: [
      { when: 'three of ten are at the limit', input: { plan: many('deleting', 3, 10).build() } },
      { when: 'three of four are below the floor', input: { plan: many('deleting', 3, 4).build() } },
      { when: 'thirty of a hundred', input: { plan: many('deleting', 30, 100).build() } },
      {
        when: 'the others went before the rolling window',
        input: {
          plan: many('deleting', 3, 10).build(),
          history: [
            aPastRelease({
              at: '2026-11-01T09:00:00Z',
              zones: [{ zone: 'shop.example', deleted: 9, updated: 0 }],
            }),
          ],
        },
      },
      {
        when: 'the earlier deletion was rolled back',
        input: {
          plan: many('deleting', 3, 10).build(),
          history: [
            aPastRelease({
              at: '2026-11-20T09:00:00Z',
              result: 'rolled-back',
              zones: [{ zone: 'shop.example', deleted: 9, updated: 0 }],
            }),
          ],
        },
      },
    ],
    skips: [record],
    doubts: [
      {
        when: 'the plan does not say how large the zone is',
        input: {
          plan: ['a', 'b', 'c', 'd']
            .reduce((plan, name) => plan.deleting(`cloudflare_dns_record.${name}`), aPlan())
            .build(),
        },
        subjects: [zone],
      },
    ],
  },
  'plan-update-share': {
    finds: [
      {
        when: 'eleven of twenty records change',
        input: { plan: many('updating', 11, 20, 20).build() },
        subjects: [zone],
      },
      {
        when: 'six change now and five changed yesterday',
        input: {
          plan: many('updating', 6, 20, 20).build(),
          history: [
            aPastRelease({
              at: '2026-11-22T09:00:00Z',
              zones: [{ zone: 'shop.example', deleted: 0, updated: 5 }],
            }),
          ],
        },
        subjects: [zone],
      },
    ],
    passes: [
      { when: 'ten are at the floor', input: { plan: many('updating', 10, 12, 12).build() } },
      { when: 'thirty of a hundred', input: { plan: many('updating', 30, 100, 100).build() } },
    ],
    skips: [{ when: 'a record is added', input: { plan: aPlan().creating(www).build() } }],
  },
  'plan-protected-addresses': {
    finds: [
      {
        when: 'an apex record is deleted',
        input: { plan: aPlan().deleting('cloudflare_dns_record.shop_apex_a').build() },
        subjects: [`${prod}cloudflare_dns_record.shop_apex_a`],
      },
      {
        when: 'an apex record is replaced',
        input: { plan: aPlan().replacing('cloudflare_dns_record.shop_apex_a').build() },
        subjects: [`${prod}cloudflare_dns_record.shop_apex_a`],
      },
      {
        when: 'an apex record is forgotten',
        input: { plan: aPlan().changing('cloudflare_dns_record.shop_apex_a', ['forget']).build() },
        subjects: [`${prod}cloudflare_dns_record.shop_apex_a`],
      },
    ],
    passes: [{ when: 'another record is deleted', input: { plan: aPlan().deleting(www).build() } }],
    skips: [
      {
        when: 'the apex is only updated',
        input: { plan: aPlan().updating('cloudflare_dns_record.shop_apex_a').build() },
      },
    ],
  },
  'plan-zone-deletion': {
    finds: [
      {
        when: 'deleted',
        input: { plan: aPlan().deleting('cloudflare_zone.shop', { name: 'shop.example' }).build() },
        subjects: [`${prod}cloudflare_zone.shop`],
      },
      {
        when: 'replaced, the new one first',
        input: { plan: aPlan().changing('cloudflare_zone.shop', ['create', 'delete']).build() },
        subjects: [`${prod}cloudflare_zone.shop`],
      },
    ],
    passes: [],
    skips: [
      {
        when: 'created',
        input: { plan: aPlan().creating('cloudflare_zone.shop', { name: 'shop.example' }).build() },
      },
    ],
  },
  'plan-one-client': {
    finds: [
      {
        when: 'two clients change',
        input: { plan: aPlan().updating(www).inStack('borough-production').updating(www).build() },
        subjects: ['plan'],
      },
      {
        when: 'a client and a stack nobody knows',
        input: { plan: aPlan().updating(www).inStack('stray').updating(www).build() },
        subjects: ['plan'],
      },
    ],
    passes: [
      {
        when: 'both stacks are of one client',
        input: { plan: aPlan().updating(www).inStack('acme-staging').updating(www).build() },
      },
      {
        when: 'the other client is in scope and does not change',
        input: { plan: aPlan().updating(www).inStack('borough-production').build() },
      },
    ],
    skips: [nothing],
  },
  'plan-unknown-guarded': {
    finds: [],
    passes: [
      record,
      ...[{ count: 2 }, { count: '2' }, { for_each: { a: '${cloudflare_zone.shop.id}' } }].map((after) => ({
        when: `what is left is told: ${JSON.stringify(after)}`,
        input: { plan: repeatedAs(after) },
      })),
      {
        when: 'how many there are is not told and stays as it is',
        input: {
          plan: aPlan()
            .updating(
              www,
              aDnsRecord({ count: '${length(var.n)}' }),
              aDnsRecord({ count: '${length(var.n)}', ttl: 300 }),
            )
            .build(),
        },
      },
      {
        when: 'a new resource may be none',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ count: '${length(var.n)}' }))
            .build(),
        },
      },
    ],
    skips: [nothing, { when: 'the record goes away', input: { plan: aPlan().deleting(www).build() } }],
    doubts: [
      ...[
        { count: '${length(var.n)}' },
        { count: '0e1' },
        { for_each: '${toset(var.n)}' },
        { for_each: { '${local.key}': 'x' } },
      ].map((after) => ({
        when: `what is left is not told: ${JSON.stringify(after)}`,
        input: { plan: repeatedAs(after) },
        subjects: [`${prod}${www}#${Object.keys(after).join()}`],
      })),
      {
        when: 'what is left of a type without guarded fields is not told',
        input: {
          plan: aPlan()
            .updating('cloudflare_list.x', { name: 'x' }, { name: 'x', count: '${var.on ? 1 : 0}' })
            .build(),
        },
        subjects: [`${prod}cloudflare_list.x#count`],
      },
      {
        when: 'a record type is a reference',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ type: '${each.value.type}' }))
            .build(),
        },
        subjects: [`${prod}${www}#type`],
      },
      {
        when: 'a setting is a reference',
        input: {
          plan: aPlan()
            .creating('cloudflare_zone_setting.x', { setting_id: '${each.key}', value: 'off' })
            .build(),
        },
        subjects: [`${prod}cloudflare_zone_setting.x#setting_id`],
      },
      {
        when: 'a rule action in a ruleset is unknown',
        input: {
          plan: aPlan()
            .creating('cloudflare_ruleset.x', {
              kind: 'zone',
              phase: 'http_ratelimit',
              rules: [{ ref: 'a' }],
            })
            .withUnknown('rules', 0, 'action')
            .build(),
        },
        subjects: [`${prod}cloudflare_ruleset.x#rules`],
      },
    ],
  },
  'plan-ignore-changes': {
    finds: [
      {
        when: 'an attribute is ignored from now on',
        input: {
          plan: aPlan()
            .updating(www, undefined, undefined, {
              lifecycle: { before: noGuard, after: { ...noGuard, ignoreChanges: ['content'] } },
            })
            .build(),
        },
        subjects: [`${prod}${www}#lifecycle`],
      },
      {
        when: 'only the lifecycle changes',
        input: {
          plan: aPlan()
            .changing(www, ['no-op'], {
              lifecycle: { before: noGuard, after: { ...noGuard, ignoreChanges: ['all'] } },
            })
            .build(),
        },
        subjects: [`${prod}${www}#lifecycle`],
      },
    ],
    passes: [
      {
        when: 'it was ignored before',
        input: {
          plan: aPlan()
            .updating(www, undefined, undefined, {
              lifecycle: {
                before: { ...noGuard, ignoreChanges: ['content'] },
                after: { ...noGuard, ignoreChanges: ['content'] },
              },
            })
            .build(),
        },
      },
    ],
    skips: [record],
  },
  'plan-prevent-destroy': {
    finds: [
      {
        when: 'the guard is dropped',
        input: {
          plan: aPlan()
            .updating(www, undefined, undefined, { lifecycle: { before: guard, after: noGuard } })
            .build(),
        },
        subjects: [`${prod}${www}#lifecycle`],
      },
      {
        when: 'the guarded resource is removed from the code',
        input: {
          plan: aPlan()
            .deleting(www, undefined, { lifecycle: { before: guard, after: null } })
            .build(),
        },
        subjects: [`${prod}${www}#lifecycle`],
      },
    ],
    passes: [
      {
        when: 'the guard stays',
        input: {
          plan: aPlan()
            .updating(www, undefined, undefined, { lifecycle: { before: guard, after: guard } })
            .build(),
        },
      },
    ],
    skips: [record],
  },
  'plan-no-plain-secrets': {
    finds: [
      {
        when: 'a secret is written into the configuration',
        input: { plan: secret('c0ffee-literal-secret').build() },
        subjects: [`${prod}cloudflare_zero_trust_tunnel_cloudflared.x#tunnel_secret`],
      },
      {
        when: 'a live plan has one that Terraform does not mark',
        input: { plan: secret('c0ffee-literal-secret').fromTerraform().build() },
        subjects: [`${prod}cloudflare_zero_trust_tunnel_cloudflared.x#tunnel_secret`],
      },
    ],
    passes: [],
    skips: [
      { when: 'it refers to a variable', input: { plan: secret('${var.tunnel_secret}').build() } },
      {
        when: 'a live plan has one that Terraform marks',
        input: {
          plan: secret('c0ffee-literal-secret').fromTerraform().withSensitive('tunnel_secret').build(),
        },
      },
      record,
    ],
  },
  'plan-probable-rename': {
    finds: [
      {
        when: 'a deletion and a creation look like one resource',
        input: {
          plan: aPlan()
            .deleting('cloudflare_dns_record.old')
            .creating(www, aDnsRecord(), { probableMoveFrom: 'cloudflare_dns_record.old' })
            .build(),
        },
        subjects: [`${prod}${www}`],
      },
    ],
    passes: [],
    skips: [
      {
        when: 'it is moved',
        input: { plan: aPlan().changing(www, ['no-op'], { movedFrom: 'cloudflare_dns_record.old' }).build() },
      },
    ],
  },
  'plan-no-forget': {
    finds: [
      {
        when: 'forgotten',
        input: { plan: aPlan().changing(www, ['forget']).build() },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'created anew, the old one forgotten',
        input: { plan: aPlan().changing(www, ['create', 'forget']).build() },
        subjects: [`${prod}${www}`],
      },
    ],
    passes: [],
    skips: [{ when: 'deleted', input: { plan: aPlan().deleting(www).build() } }],
  },
  'plan-replace-traffic': {
    finds: [
      {
        when: 'a record is deleted and created',
        input: { plan: aPlan().replacing(www).build() },
        subjects: [`${prod}${www}`],
      },
      {
        when: 'a pool is',
        input: { plan: aPlan().replacing('cloudflare_load_balancer_pool.p').build() },
        subjects: [`${prod}cloudflare_load_balancer_pool.p`],
      },
    ],
    passes: [
      {
        when: 'the new one comes first',
        input: { plan: aPlan().changing(www, ['create', 'delete']).build() },
      },
    ],
    skips: [
      {
        when: 'a TXT record is',
        input: {
          plan: aPlan()
            .replacing(www, aDnsRecord({ type: 'TXT' }), aDnsRecord({ type: 'TXT' }))
            .build(),
        },
      },
    ],
  },
  'plan-scope-size': {
    finds: [
      {
        when: 'twenty-six resources',
        input: { plan: many('updating', 26, 500, 500).build() },
        subjects: ['plan'],
      },
      {
        when: 'six zones',
        input: {
          plan: [1, 2, 3, 4, 5, 6]
            .reduce(
              (plan, n) => plan.inZone(`z${n}.example`).updating(`cloudflare_dns_record.r${n}`),
              aPlan(),
            )
            .build(),
        },
        subjects: ['plan'],
      },
    ],
    passes: [{ when: 'twenty-five resources', input: { plan: many('updating', 25, 500, 500).build() } }],
    skips: [nothing],
  },
  'plan-known-stacks': {
    finds: [
      {
        when: 'nobody registered the stack',
        input: { plan: aPlan().inStack('acme-productoin').updating(www).build() },
        subjects: ['acme-productoin'],
      },
    ],
    passes: [record],
    skips: [nothing],
  },
  'plan-stack-kept': {
    finds: [
      {
        when: 'a released stack is not synthesized',
        input: {
          plan: aPlan()
            .inStack('acme-production', { bundles: { before: 'x', after: null } })
            .withSettings({ after: null })
            .build(),
        },
        subjects: ['acme-production'],
      },
    ],
    passes: [record],
    skips: [
      {
        when: 'the stack is new',
        input: {
          plan: aPlan()
            .inStack('acme-production', { bundles: { before: null, after: 'x' } })
            .build(),
        },
      },
    ],
  },
  'policy-change-alone': {
    finds: [
      {
        when: 'a threshold changes with a record',
        input: { changedFiles: ['policies/thresholds.yaml', 'stacks/a.ts'] },
        subjects: ['plan'],
      },
      {
        when: 'a window changes with a record',
        input: { changedFiles: ['stacks/clients/acme/service.yaml'] },
        subjects: ['plan'],
      },
      {
        when: 'the lock file changes with a record',
        input: { changedFiles: ['package-lock.json'] },
        subjects: ['plan'],
      },
    ],
    passes: [
      {
        when: 'a threshold changes alone',
        input: { plan: aPlan().build(), changedFiles: ['policies/thresholds.yaml'] },
      },
    ],
    skips: [record],
  },
  'waf-order-kept': {
    finds: [
      {
        when: 'a rule moves up',
        input: { plan: ordered(['a', 'b', 'c'], ['c', 'a', 'b']).build() },
        subjects: [`${prod}cloudflare_ruleset.x#rules`],
      },
    ],
    passes: [
      {
        when: 'a rule is inserted at the top',
        input: { plan: ordered(['a', 'b'], ['new', 'a', 'b']).build() },
      },
      { when: 'a rule is removed', input: { plan: ordered(['a', 'b', 'c'], ['a', 'c']).build() } },
    ],
    skips: [nothing],
  },
};

function ordered(before: readonly string[], after: readonly string[]): PlanBuilder {
  return aPlan().updating('cloudflare_ruleset.x', withRules(before), withRules(after));
}

function withRules(refs: readonly string[]): JsonObject {
  return { phase: 'http_request_firewall_custom', rules: refs.map((ref) => ({ ref })) };
}

function secret(value: string): PlanBuilder {
  const after = { name: 'x', tunnel_secret: value };
  return aPlan().creating('cloudflare_zero_trust_tunnel_cloudflared.x', after, {
    attributes: [
      {
        path: ['tunnel_secret'],
        kind: 'added',
        after: value,
        unknown: value.startsWith('${'),
        sensitive: true,
        forcesReplacement: false,
      },
    ],
  });
}
