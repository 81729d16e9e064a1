/** The rules on plans that come from configurations, as the plan code makes them and not as builders imagine them. */
import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../../policies/evaluate.ts';
import type { RuleReport } from '../../../policies/model/finding.ts';
import { allRules } from '../../../policies/registry.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../../scripts/plan/difference/diff.ts';
import type { JsonObject, Plan } from '../../../scripts/plan/types.ts';
import { aRuleInput, classifyRisk } from '../../builders/facts.ts';

const provider: JsonObject = {
  terraform: {
    required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
    backend: { s3: { bucket: 'b', key: 'k' } },
  },
};
const zone: JsonObject = {
  cloudflare_zone: { shop: { name: 'shop.example', account: { id: '${var.account}' } } },
};

function planOf(before: JsonObject | null, after: JsonObject | null, stack = 'acme-production'): Plan {
  const bundle = (resource: JsonObject | null): ReturnType<typeof canonicalBundle> | null =>
    resource === null ? null : canonicalBundle(stack, { ...provider, ...resource });
  return assemblePlan(
    [diffBundles({ stack, before: bundle(before), after: bundle(after) })],
    'configuration',
  );
}
function report(plan: Plan): RuleReport {
  return evaluateRules(allRules, aRuleInput({ plan, record: null, changedFiles: [] }));
}
function found(result: RuleReport): readonly string[] {
  return result.findings.map((finding) => `${finding.severity} ${finding.ruleId} ${finding.subject}`);
}
function doubted(result: RuleReport): readonly string[] {
  return result.outcomes
    .filter((outcome) => outcome.kind === 'undetermined')
    .map((outcome) => outcome.ruleId);
}

const record = {
  zone_id: '${cloudflare_zone.shop.id}',
  name: 'www.shop.example',
  type: 'A',
  content: '192.0.2.1',
  ttl: 1,
  proxied: true,
};
const resources = (more: JsonObject): JsonObject => ({ resource: { ...zone, ...more } });

function sslMode(value: string): JsonObject {
  return {
    cloudflare_zone_setting: { ssl: { zone_id: '${cloudflare_zone.shop.id}', setting_id: 'ssl', value } },
  };
}

describe('a configuration', () => {
  it('passes with a changed address, references to its zone and all', () => {
    const result = report(
      planOf(
        resources({ cloudflare_dns_record: { www: record } }),
        resources({ cloudflare_dns_record: { www: { ...record, content: '192.0.2.2' } } }),
      ),
    );
    expect(found(result)).toEqual([]);
    expect(result.verdict).toBe('allow');
  });

  it('is caught leaving the proxy and lowering SSL', () => {
    const plan = planOf(
      resources({ cloudflare_dns_record: { www: record }, ...sslMode('strict') }),
      resources({ cloudflare_dns_record: { www: { ...record, proxied: false } }, ...sslMode('off') }),
    );
    expect(found(report(plan))).toEqual([
      'deny dns-proxied-kept acme-production/cloudflare_dns_record.www#proxied',
      'deny ssl-mode-kept acme-production/cloudflare_zone_setting.ssl#value',
    ]);
    expect(classifyRisk(aRuleInput({ plan }))).toMatchObject({
      effective: 'high',
      needsSecurityReview: true,
    });
  });

  it('is undetermined where a setting comes from a variable without a value', () => {
    const plan = planOf(
      resources({}),
      resources({
        cloudflare_zone_setting: {
          tls: { zone_id: '${cloudflare_zone.shop.id}', setting_id: 'min_tls_version', value: '${var.tls}' },
        },
      }),
    );
    const result = report(plan);
    expect(doubted(result)).toEqual(['tls-minimum-version']);
    expect(result.verdict).toBe('undetermined');
  });

  it('is caught with a provisioner, a foreign provider, a foreign module and a literal secret', () => {
    const plan = planOf(resources({}), {
      terraform: {
        required_providers: {
          cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' },
          null: { source: 'hashicorp/null', version: '3.2.0' },
        },
        backend: { s3: { bucket: 'b', key: 'k' } },
      },
      module: { extra: { source: 'someone/extra/cloudflare' } },
      data: { external: { run: { program: ['sh'] } } },
      resource: {
        ...zone,
        null_resource: { x: { provisioner: [{ 'local-exec': { command: 'id' } }] } },
        cloudflare_zero_trust_tunnel_cloudflared: {
          t: { account_id: 'a', name: 't', tunnel_secret: 'bXkgdmVyeSBzZWNyZXQgdHVubmVsIHNlY3JldA==' },
        },
      },
    });
    const result = report(plan);
    const ids = new Set(result.findings.map((finding) => finding.ruleId));
    for (const id of [
      'plan-no-provisioners',
      'plan-providers-allowed',
      'plan-modules-local',
      'plan-data-sources-allowed',
      'plan-no-plain-secrets',
    ]) {
      expect(ids).toContain(id);
    }
    expect(JSON.stringify(result)).not.toContain('bXkgdmVyeSBz');
  });

  it('is refused with a local module, whose resources it does not show', () => {
    const plan = planOf(resources({}), { ...resources({}), module: { extra: { source: './extra' } } });
    const result = report(plan);
    expect(found(result)).toEqual([
      'deny plan-safe-configuration acme-production/module.extra',
      'warn plan-reviewed-types acme-production/module.extra',
    ]);
    expect(doubted(result)).toEqual([]);
  });

  it('of a stack nobody knows gets a sensible answer: production of tier 1, and a warning', () => {
    const plan = planOf(null, resources({ cloudflare_dns_record: { www: record } }), 'elsewhere');
    const result = report(plan);
    expect(found(result)).toEqual(['deny plan-one-client plan', 'warn plan-known-stacks elsewhere']);
    expect(classifyRisk(aRuleInput({ plan, record: null })).reasons.map(({ id }) => id)).toContain(
      'critical-service',
    );
  });

  it('that disappears is caught whole', () => {
    const plan = planOf(resources({ cloudflare_dns_record: { www: record } }), null);
    const ids = report(plan).findings.map((finding) => finding.ruleId);
    expect(ids).toContain('plan-stack-kept');
    expect(ids).toContain('plan-zone-deletion');
  });
});
