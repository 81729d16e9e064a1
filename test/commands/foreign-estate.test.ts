import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Finding, RuleReport } from '../../policies/model/finding.ts';
import type { NotTaken } from '../../policies/foreign.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { runIn, type Ended } from '../scenarios/small-estate.ts';

const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-mixed-'));
afterAll(() => rmSync(elsewhere, { recursive: true }));

function file(name: string, document: Json | string): string {
  const path = join(elsewhere, name);
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document));
  return path;
}

interface Checked {
  readonly findings: readonly Finding[];
  readonly notTaken: readonly NotTaken[];
  readonly verdict: RuleReport['verdict'];
}

async function check(...args: readonly string[]): Promise<Checked> {
  const ended = await runIn(elsewhere, ['check', ...args, '--format', 'json']);
  const { report, notTaken } = JSON.parse(ended.stdout) as { report: RuleReport; notTaken: NotTaken[] };
  return { findings: report.findings, notTaken, verdict: report.verdict };
}

const sides = (before: JsonObject, after: JsonObject): readonly string[] => [
  '--before',
  file('before.tf.json', before),
  '--after',
  file('after.tf.json', after),
];

const ids = (list: readonly { readonly ruleId: string }[]): readonly string[] => [
  ...new Set(list.map(({ ruleId }) => ruleId)),
];

/** An estate with another provider, data sources of it, a module and a backend that the gate would not take. */
function mixed(content: string, more: JsonObject = {}): JsonObject {
  return {
    terraform: {
      backend: { azurerm: { container_name: 'state', key: 'edge' } },
      required_providers: {
        cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' },
        aws: { source: 'hashicorp/aws', version: '5.80.0' },
      },
    },
    provider: { aws: [{ region: 'eu-west-1' }] },
    data: {
      aws_lb: { front: { name: 'front' } },
      cloudflare_zone: { shop: { filter: { name: 'shop.example' } } },
    },
    module: { vpc: { source: 'terraform-aws-modules/vpc/aws' } },
    resource: {
      cloudflare_dns_record: {
        api: { zone_id: '0'.repeat(32), name: 'api', type: 'A', content, ttl: 300, proxied: true },
      },
    },
    ...more,
  };
}

describe('a foreign configuration', () => {
  it('is not judged by what stays as it is around its resources, and one note names each kind of it', async () => {
    const { findings, notTaken, verdict } = await check(...sides(mixed('192.0.2.1'), mixed('192.0.2.2')));
    expect([findings, verdict]).toEqual([[], 'allow']);
    expect(ids(notTaken)).toEqual([
      'plan-backend-unchanged',
      'plan-data-sources-allowed',
      'plan-known-stacks',
      'plan-modules-local',
      'plan-places-owned',
      'plan-providers-allowed',
      'plan-safe-configuration',
    ]);
    const ended = await runIn(elsewhere, ['check', ...sides(mixed('192.0.2.1'), mixed('192.0.2.2'))]);
    expect(ended.stdout.match(/^Not judged:/gm)).toHaveLength(1);
    for (const kind of ['terraform.backend.azurerm', 'data.aws_lb.front', 'hashicorp/aws', 'module.vpc']) {
      expect(ended.stdout).toContain(kind);
    }
    expect(ended.stdout).not.toContain('sluice new');
  });

  it.each([
    ['a provider', 'plan-providers-allowed', { resource: { random_id: { x: { byte_length: 4 } } } }],
    ['a data source', 'plan-data-sources-allowed', { data: { http: { x: { url: 'https://x.example' } } } }],
    ['a module', 'plan-modules-local', { module: { y: { source: 'someone/y/aws' } } }],
    ['a backend', 'plan-backend-unchanged', { terraform: { backend: { gcs: { bucket: 'b' } } } }],
    ['a local-exec', 'plan-no-provisioners', withProvisioner()],
  ])('is judged by %s that the change brings', async (_, rule, more) => {
    const { findings } = await check(...sides(mixed('192.0.2.1'), mixed('192.0.2.1', more)));
    expect(ids(findings)).toContain(rule);
  });

  it('is judged by what its resources become, whatever surrounds them', async () => {
    const setting = (value: string): JsonObject => ({
      resource: {
        cloudflare_zone_setting: { ssl: { zone_id: '0'.repeat(32), setting_id: 'ssl', value } },
      },
    });
    const args = sides(mixed('192.0.2.1', setting('strict')), mixed('192.0.2.1', setting('off')));
    expect(ids((await check(...args)).findings)).toEqual(['ssl-mode-kept']);
  });

  function withProvisioner(): JsonObject {
    const provisioner = { 'local-exec': { command: 'true' } };
    return { resource: { terraform_data: { x: { input: 1, provisioner } } } };
  }
});

describe("a foreign plan of Terraform's", () => {
  const configuration = (provisioned: string): JsonObject => ({
    provider_config: {
      cloudflare: { name: 'cloudflare', full_name: 'registry.opentofu.org/cloudflare/cloudflare' },
      aws: { name: 'aws', full_name: 'registry.opentofu.org/hashicorp/aws' },
    },
    root_module: {
      resources: [
        {
          address: provisioned,
          mode: 'managed',
          type: 'terraform_data',
          provisioners: [{ type: 'local-exec' }],
        },
        { address: 'data.aws_lb.x', mode: 'data', type: 'aws_lb' },
      ],
    },
  });
  const plan = (provisioned: string): string =>
    file('plan.json', {
      format_version: '1.2',
      resource_changes: [
        {
          address: 'terraform_data.new["a"]',
          mode: 'managed',
          type: 'terraform_data',
          name: 'new',
          index: 'a',
          provider_name: 'terraform.io/builtin/terraform',
          change: { actions: ['create'], before: null, after: { input: 1 }, after_unknown: {} },
        },
      ],
      configuration: configuration(provisioned),
    });

  it('says nothing of a backend that it does not tell, and of providers and data sources in the note', async () => {
    const { findings, notTaken } = await check('--terraform-plan', plan('terraform_data.old'));
    expect(ids(findings)).not.toContain('plan-no-provisioners');
    expect(ids(notTaken)).toEqual(
      expect.arrayContaining(['plan-data-sources-allowed', 'plan-no-provisioners', 'plan-providers-allowed']),
    );
    expect(ids(notTaken)).not.toContain('plan-backend-unchanged');
  });

  it('is judged by the provisioner of what it creates', async () => {
    const { findings } = await check('--terraform-plan', plan('terraform_data.new'));
    expect(ids(findings)).toContain('plan-no-provisioners');
  });
});

describe('what is not a JSON', () => {
  const hcl = '# records\nresource "cloudflare_dns_record" "www" {\n  name = "www"\n}\n';
  const after = (name: string, text: string): readonly string[] => ['--after', file(name, text)];
  const shown = (name: string, text: string): readonly string[] => ['--terraform-plan', file(name, text)];

  it.each([
    ['a configuration in HCL', after('main.tf', hcl)],
    ['one under another name', after('main.txt', hcl)],
    ['one in place of a plan', shown('edge.tofu', hcl)],
    ['a plan file', shown('edge.tfplan', 'PK\u0003\u0004')],
  ])('%s is told what to run instead', async (_, args) => {
    const ended: Ended = await runIn(elsewhere, ['check', ...args]);
    expect(ended.exit).toBe('invalidInput');
    expect(ended.stderr).toMatch(
      /Next: terraform show -json \S+ > plan\.json && sluice check --terraform-plan/,
    );
  });

  it('broken JSON is still told as broken JSON', async () => {
    const ended = await runIn(elsewhere, ['check', '--after', file('broken.tf.json', '{"resource": ')]);
    expect(ended.stderr).toContain('is not JSON that can be read');
  });
});
