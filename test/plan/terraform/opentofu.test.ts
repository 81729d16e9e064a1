/**
 * OpenTofu takes the same provider from its own registry, in configurations, plans and lock files. Whoever plans with it gets the
 * plan, the digest and the findings that Terraform's would give.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { effectDigest } from '../../../scripts/plan/digest.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, Plan } from '../../../scripts/plan/types.ts';
import { compareLive } from '../../../scripts/release/live/compare-live.ts';
import { runIn } from '../../scenarios/small-estate.ts';
import { capturedPlan, configuration, diff, fixtureNames, planOf, record, zone } from '../configurations.ts';

const folder = mkdtempSync(join(tmpdir(), 'sluice-opentofu-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** As OpenTofu 1.10 writes it: its registry, its version, and none of the members that Terraform added since they parted. */
function asOpenTofu(plan: JsonObject): JsonObject {
  const text = JSON.stringify(plan).replaceAll('registry.terraform.io/', 'registry.opentofu.org/');
  const { applyable: _applyable, complete: _complete, ...rest } = JSON.parse(text) as JsonObject;
  return { ...rest, terraform_version: '1.10.6' };
}

function read(document: JsonObject): Plan {
  const plan = readTerraformPlan(document, 'acme-production');
  if (!plan.ok) {
    throw new Error(plan.diagnostics.map(({ message }) => message).join('\n'));
  }
  return plan.value;
}

async function check(name: string, ...args: readonly string[]): Promise<Json> {
  const ended = await runIn(folder, ['check', ...args, '--format', 'json']);
  expect([name, ended.stderr]).toEqual([name, expect.not.stringContaining('sluice:')]);
  return JSON.parse(ended.stdout) as Json;
}

function file(name: string, document: JsonObject): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(document));
  return path;
}

describe('a plan of OpenTofu', () => {
  it.each(fixtureNames)('%s is the plan that Terraform would show, digest and all', (name) => {
    const captured = capturedPlan(name);
    expect(JSON.stringify(captured)).toContain('registry.terraform.io/cloudflare/cloudflare');
    const [one, other] = [read(captured), read(asOpenTofu(captured))];
    expect(other).toEqual(one);
    expect(effectDigest(other)).toBe(effectDigest(one));
  });

  it("gets the findings that Terraform's gets", async () => {
    const name = 'redirects-and-lists';
    const captured = capturedPlan(name);
    const one = await check(name, '--terraform-plan', file('plan.json', captured));
    const other = await check(name, '--terraform-plan', file('plan.json', asOpenTofu(captured)));
    expect(other).toEqual(one);
  });
});

describe("a configuration that names OpenTofu's registry", () => {
  const declared = (source: string, content: string): JsonObject => ({
    ...configuration({
      cloudflare_zone: zone,
      cloudflare_dns_record: { www: record({ content, proxied: true }) },
    }),
    terraform: { required_providers: { cloudflare: { source, version: '5.14.0' } } },
  });
  const tofu = 'registry.opentofu.org/cloudflare/cloudflare';

  it('has the facts of the provider, and what it plans is what OpenTofu plans', () => {
    const sides = ['192.0.2.1', '192.0.2.2'].map((content) => declared(tofu, content));
    const approved = diff(sides[0] ?? null, sides[1] ?? null);
    expect(approved.changes.map(({ actions }) => actions)).toEqual([['update']]);
    const plain = ['192.0.2.1', '192.0.2.2'].map((content) => declared('cloudflare/cloudflare', content));
    const live = diff(plain[0] ?? null, plain[1] ?? null);
    expect(compareLive(approved, live).verdict).toBe('inside');
    expect(compareLive(live, approved).verdict).toBe('inside');
  });

  it('gets the findings of one that names none', async () => {
    const ids = async (source: string): Promise<Json> => {
      const before = file('before.tf.json', declared(source, '192.0.2.1'));
      const after = file('after.tf.json', declared(source, '10.0.0.1'));
      const result = (await check(source, '--before', before, '--after', after)) as {
        readonly report: { readonly findings: readonly { readonly ruleId: string }[] };
      };
      return result.report.findings.map(({ ruleId }) => ruleId);
    };
    const found = await ids(tofu);
    expect(found).toEqual(await ids('cloudflare/cloudflare'));
    expect(found).not.toEqual([]);
  });

  it('is another provider where only the name of the registry is alike', () => {
    const foreign = (content: string): JsonObject =>
      declared('registry.opentofu.org/evil/cloudflare', content);
    expect(diff(foreign('192.0.2.1'), foreign('192.0.2.2')).changes[0]?.replacement).toBe('possible');
    expect(planOf(foreign('192.0.2.1'), null).stacks[0]?.changes).not.toEqual([]);
  });
});
