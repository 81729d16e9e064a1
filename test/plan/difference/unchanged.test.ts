import { describe, expect, it } from 'vitest';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { diffBundles } from '../../../scripts/plan/difference/diff.ts';
import { unchangedInBundle, unchangedInTerraformPlan } from '../../../scripts/plan/difference/unchanged.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';

const wanted = new Set(['cloudflare_ruleset', 'cloudflare_list']);

function estate(parts: JsonObject): JsonObject {
  return {
    resource: {
      cloudflare_zone: { shop: { name: 'shop.example' } },
      cloudflare_ruleset: { custom: { zone_id: '${cloudflare_zone.shop.id}', name: '${local.name}' } },
      cloudflare_dns_record: { www: { zone_id: '${cloudflare_zone.shop.id}', name: 'www' } },
      cloudflare_list: { office: { name: 'office', ...parts }, gone: { count: 0, name: 'gone' } },
    },
    locals: { name: 'custom rules' },
  };
}

describe('what a plan leaves as it is', () => {
  it('is read with its zone and with what the configuration itself says, and only of the wanted types', () => {
    const [before, after] = [{}, { description: 'London' }].map((parts) =>
      canonicalBundle('shop', estate(parts)),
    );
    const plan = diffBundles({ stack: 'shop', before: before ?? null, after: after ?? null });
    expect(after === undefined ? [] : unchangedInBundle(after, plan, wanted)).toEqual([
      {
        stack: 'shop',
        address: 'cloudflare_ruleset.custom',
        type: 'cloudflare_ruleset',
        zone: 'shop.example',
        values: { zone_id: '${cloudflare_zone.shop.id}', name: 'custom rules' },
      },
    ]);
  });

  it('is all there is in a stack that is not in the plan', () => {
    const found = unchangedInBundle(canonicalBundle('shop', estate({})), null, wanted);
    expect(found.map(({ address }) => address)).toEqual([
      'cloudflare_ruleset.custom',
      'cloudflare_list.office',
    ]);
  });

  it('is what a plan of Terraform lists without an action', () => {
    const entry = (name: string, actions: readonly string[]): JsonObject => ({
      address: `cloudflare_list.${name}`,
      mode: 'managed',
      type: 'cloudflare_list',
      name,
      provider_name: 'registry.terraform.io/cloudflare/cloudflare',
      change: { actions, before: { name, items: null }, after: { name, items: null } },
    });
    const plan = { resource_changes: [entry('office', ['no-op']), entry('home', ['update'])] };
    expect(unchangedInTerraformPlan(plan, 'shop', wanted)).toEqual([
      {
        stack: 'shop',
        address: 'cloudflare_list.office',
        type: 'cloudflare_list',
        zone: null,
        values: { name: 'office' },
      },
    ]);
  });
});
