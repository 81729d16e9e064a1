import { describe, expect, it } from 'vitest';

import { changeKind } from '../../../scripts/provider/kind.ts';
import { countKinds } from '../../../scripts/plan/difference/summary.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, StackPlan } from '../../../scripts/plan/types.ts';
import { renderPlanMarkdown } from '../../../scripts/render/plan/markdown.ts';
import { renderPlanText } from '../../../scripts/render/plan/text.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';
import { changeAt, diff, planOf, record, withRecords } from '../configurations.ts';

const zoneId = 'a'.repeat(32);
const values = {
  id: 'b'.repeat(32),
  zone_id: zoneId,
  name: 'api.shop.example',
  type: 'A',
  content: '192.0.2.7',
};

function plan(importing: Json, after: Json = values): StackPlan {
  const isSame = after === values;
  const read = readTerraformPlan(
    {
      format_version: '1.2',
      resource_changes: [
        {
          address: 'cloudflare_dns_record.api',
          mode: 'managed',
          type: 'cloudflare_dns_record',
          name: 'api',
          provider_name: 'registry.opentofu.org/cloudflare/cloudflare',
          change: { actions: [isSame ? 'no-op' : 'update'], before: values, after, importing },
        },
      ],
    },
    'shop',
  );
  expect(read.ok).toBe(true);
  return (read.ok ? read.value.stacks[0] : undefined) as StackPlan;
}

describe('imports', () => {
  it.each([
    ['an id', { id: `${zoneId}/1` }, `${zoneId}/1`],
    ['an identity', { identity: { zone_id: 'z' } }, '{"zone_id":"z"}'],
    ['what only the apply tells', { unknown: true }, '(known after apply)'],
  ])('by %s are listed although nothing else changes', (_, importing, said) => {
    const stack = plan(importing);
    expect(stack.changes.map((change) => [changeKind(change), change.importing])).toEqual([['import', said]]);
    const text = renderPlanText(
      { kind: 'sluice.plan', version: 1, source: 'terraform', stacks: [stack] },
      { style: plainStyle },
    );
    expect(text).toContain('1 to import');
    expect(text).not.toContain('no changes');
  });

  it('with a difference are updates that import as well', () => {
    const stack = plan({ id: 'x' }, { ...values, content: '192.0.2.8' });
    const counts = countKinds(stack.changes);
    expect([counts.import, counts.update]).toEqual([1, 1]);
  });

  it('of a configuration are creations to the rules and imports to the reader', () => {
    const after = withRecords(
      { www: record(), api: record({ name: 'api' }) },
      { import: [{ to: 'cloudflare_dns_record.api', id: 'z/1' }] },
    );
    const before = withRecords({ www: record() });
    const change = changeAt(diff(before, after), 'cloudflare_dns_record.api');
    expect([change.actions, changeKind(change), change.importing]).toEqual([['create'], 'import', 'z/1']);
    expect(renderPlanMarkdown(planOf(before, after))).toContain('| import |');
  });

  it('that were done leave nothing behind', () => {
    const done = withRecords({ www: record() }, { import: { to: 'cloudflare_dns_record.www', id: 'z/1' } });
    expect(diff(withRecords({ www: record() }), done).changes).toEqual([]);
  });
});

describe('OpenTofu', () => {
  it('gives its provider the name that Terraform has for it', () => {
    expect(plan({ id: 'x' }).changes[0]?.provider).toBe('registry.terraform.io/cloudflare/cloudflare');
  });
});
