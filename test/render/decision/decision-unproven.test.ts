import { describe, expect, it } from 'vitest';
import { renderUnproven } from '../../../scripts/render/decision/unproven.ts';
import type { Json } from '../../../scripts/plan/types.ts';
import { configuration, planOf } from '../../plan/configurations.ts';

const zone = '0'.repeat(32);
const account = '1'.repeat(32);
type Blocks = Record<string, Record<string, Json>>;

const made = (resource: Blocks) => renderUnproven(planOf(configuration({}), configuration(resource)));

describe('what an empty plan does not prove', () => {
  it('names what is only sent, and what a rollback leaves', () => {
    const text = made({
      cloudflare_workers_cron_trigger: {
        nightly: { account_id: account, script_name: 'job', schedules: [{ cron: '0 3 * * *' }] },
      },
      cloudflare_zone_subscription: { plan: { zone_id: zone, frequency: 'monthly' } },
    });
    expect(text).toMatch(/\.nightly<\/code>: only sent, not read back by a plan.* schedules/);
    expect(text).toMatch(/\.plan<\/code>: a rollback does NOT undo this/);
    expect(text).toContain('is asked of Cloudflare directly after the release, where it tells it');
  });

  it('says nothing where a plan shows all of it and a rollback undoes all of it', () => {
    const www = { zone_id: zone, name: 'www', type: 'A', content: '192.0.2.1', ttl: 1, proxied: true };
    expect(made({ cloudflare_dns_record: { www } })).toBe('');
  });

  it('is bounded, and counts what is left out', () => {
    const many = Array.from({ length: 400 }, (_, index) => [
      `plan_${String(index)}`,
      { zone_id: zone, frequency: 'monthly' },
    ]);
    const text = made({ cloudflare_zone_subscription: Object.fromEntries(many) as Record<string, Json> });
    expect(text.length).toBeLessThan(2000);
    expect(text).toMatch(/\*\*\d+ more\*\*, named in the whole plan/);
  });
});
