/** Small configurations and shorthands for the tests of the plan. */
import { readFileSync, readdirSync } from 'node:fs';

import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import { formatPath } from '../../scripts/plan/path.ts';
import type {
  AttributeChange,
  Bundle,
  Json,
  JsonObject,
  Plan,
  ResourceChange,
  StackPlan,
} from '../../scripts/plan/types.ts';

type Body = Record<string, Json>;
type Blocks = Record<string, Record<string, Json>>;

const fixtures = new URL('../fixtures/', import.meta.url);

/** Names of the fixture configurations. */
export const fixtureNames: readonly string[] = readdirSync(new URL('configurations/', fixtures)).toSorted();

export function fixture(name: string, side: 'before' | 'after'): JsonObject {
  const text = readFileSync(new URL(`configurations/${name}/${side}.tf.json`, fixtures), 'utf8');
  return JSON.parse(text) as JsonObject;
}

export function capturedPlan(name: string): JsonObject {
  return JSON.parse(readFileSync(new URL(`plans/${name}/plan.json`, fixtures), 'utf8')) as JsonObject;
}

/** A configuration with the pinned provider declared. */
export function configuration(resource: Blocks, more: Body = {}): JsonObject {
  return {
    terraform: { required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } } },
    resource,
    ...more,
  };
}

export const zoneId = '${cloudflare_zone.shop.id}';
export const zone = { shop: { account: { id: 'a1' }, name: 'shop.example' } };

export function record(more: Body = {}): Body {
  return { zone_id: zoneId, name: 'www.shop.example', type: 'A', content: '192.0.2.1', ttl: 1, ...more };
}

/** A configuration of one zone with the given records. */
export function withRecords(records: Record<string, Json>, more: Body = {}): JsonObject {
  return configuration({ cloudflare_zone: zone, cloudflare_dns_record: records }, more);
}

/** A configuration of one zone with one ruleset of these rules. */
export function withRules(rules: readonly Json[]): JsonObject {
  const waf = { zone_id: zoneId, kind: 'zone', name: 'waf', phase: 'http_request_firewall_custom', rules };
  return configuration({ cloudflare_zone: zone, cloudflare_ruleset: { waf } });
}

export function diff(before: JsonObject | null, after: JsonObject | null): StackPlan {
  return diffBundles({ stack: 'acme-production', before: bundleOf(before), after: bundleOf(after) });
}

function bundleOf(value: JsonObject | null): Bundle | null {
  return value === null ? null : canonicalBundle('acme-production', value);
}

export function planOf(before: JsonObject | null, after: JsonObject | null): Plan {
  return assemblePlan([diff(before, after)], 'configuration');
}

/** `address: actions`, one a change. */
export function actionsOf(plan: StackPlan): readonly string[] {
  return plan.changes.map((change) => `${change.address}: ${change.actions.join('+')}`);
}

export function changeAt(plan: StackPlan, address: string): ResourceChange {
  const found = plan.changes.find((change) => change.address === address);
  if (found === undefined) {
    throw new Error(`no change at ${address}; there are ${actionsOf(plan).join('; ')}`);
  }
  return found;
}

/** `kind path`, one an attribute. */
export function pathsOf(change: ResourceChange): readonly string[] {
  return change.attributes.map((item) => `${item.kind} ${formatPath(item.path)}`);
}

export function attributeAt(change: ResourceChange, path: string): AttributeChange {
  const found = change.attributes.find((item) => formatPath(item.path) === path);
  if (found === undefined) {
    throw new Error(`no attribute ${path}; there are ${pathsOf(change).join('; ')}`);
  }
  return found;
}

/** A deep copy that may be written to. */
export function copyOf(value: JsonObject): Record<string, Json> {
  return structuredClone(value) as Record<string, Json>;
}
