/** A production stack as a configuration, and the decision on a change of it that everybody approved. */
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import type { Bundle, JsonObject, Plan, StackPlan } from '../../scripts/plan/types.ts';
import type { Decision } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { decideApproved } from '../policies/gate/approved.ts';
import { cleanRecord } from '../policies/world.ts';

export const stack = 'acme-production';
export const zoneId = '${cloudflare_zone.shop.id}';
export const terraform: JsonObject = {
  required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
};

export function aRecordOf(name: string, content: string, parts: JsonObject = {}): JsonObject {
  return {
    zone_id: zoneId,
    name: `${name}.shop.example`,
    type: 'A',
    content,
    ttl: 1,
    proxied: true,
    ...parts,
  };
}

const others = Object.fromEntries(
  Array.from({ length: 60 }, (_, index) => [`r${index}`, aRecordOf(`r${index}`, '203.0.113.9')]),
);

/** The stack with `www` at an address. `resource` adds types, `blocks` adds or replaces top-level blocks. */
export function bundleWith(
  www: JsonObject | null,
  resource: JsonObject = {},
  blocks: JsonObject = {},
): Bundle {
  const records = { ...others, ...(www === null ? {} : { www }) };
  return canonicalBundle(stack, {
    terraform,
    provider: { cloudflare: [{}] },
    resource: {
      cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a' } } },
      cloudflare_dns_record: records,
      ...resource,
    },
    ...blocks,
  });
}

export const released = bundleWith(aRecordOf('www', '192.0.2.10'));
export const moved = aRecordOf('www', '192.0.2.20');

export function stackPlan(after: Bundle | null, before: Bundle | null = released): StackPlan {
  return diffBundles({ stack, before, after });
}

export function planTo(after: Bundle | null, before: Bundle | null = released): Plan {
  return assemblePlan([stackPlan(after, before)], 'configuration');
}

/** What the gate says when everybody approved exactly this plan. */
export function decisionOn(plan: Plan, category = 'dns', parts: Partial<Facts> = {}): Decision {
  const record = cleanRecord({ category: category as 'dns' });
  return decideApproved({ plan, records: [record], ...parts });
}

/** Ids of the rules that stop the change, by a finding or by a doubt. */
export function stoppedBy(decision: Decision): readonly string[] {
  const denies = decision.findings
    .filter((finding) => finding.severity === 'deny' && finding.waivedBy === undefined)
    .map((finding) => finding.ruleId);
  const doubts = decision.outcomes.filter(({ kind }) => kind === 'undetermined').map(({ ruleId }) => ruleId);
  return [...new Set([...denies, ...doubts])].toSorted();
}
