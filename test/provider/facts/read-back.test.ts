import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../../scripts/provider/behaviour.ts';
import { cloudflareSource } from '../../../scripts/provider/facts.ts';
import { changeKind, keepsValue, takesAway } from '../../../scripts/provider/kind.ts';
import { liveValueRows } from '../../../scripts/provider/live-values.ts';
import { providerTypes } from '../../../scripts/provider/types.ts';
import { sentOnly } from '../../../scripts/provider/read-back.ts';
import { undoOf } from '../../../scripts/provider/undo.ts';
import { aChange } from '../../builders/plan.ts';

const types = providerTypes().map(([type]) => type);

describe('what is sent and not read back', () => {
  it('is an attribute that is set anew, or that an update touches', () => {
    const pool = { name: 'lb.shop.example', fallback_pool: 'p' };
    const rules = [{ name: 'eu', condition: 'true' }];
    const address = 'cloudflare_load_balancer.main';
    const made = (after: object) => sentOnly(aChange(address, ['create'], { after: { ...pool, ...after } }));
    expect(made({ rules })).toEqual({ address, paths: ['rules'] });
    expect(made({})).toBeNull();
    const changed = (before: object, after: object) =>
      sentOnly(
        aChange(address, ['update'], { before: { ...pool, ...before }, after: { ...pool, ...after } }),
      );
    expect(changed({ rules }, { rules: [] })).toEqual({ address, paths: ['rules'] });
    expect(changed({ rules, ttl: 30 }, { rules, ttl: 60 })).toBeNull();
  });

  it('is found inside of lists and objects', () => {
    const address = 'cloudflare_custom_hostname.h';
    const after = { hostname: 'a.example', ssl: { cloudflare_branding: true } };
    expect(sentOnly(aChange(address, ['create'], { after }))).toEqual({
      address,
      paths: ['ssl.cloudflare_branding'],
    });
  });

  it.each(types.filter((type) => behaviourOf(type, cloudflareSource)?.refresh !== undefined))(
    'is all of %s',
    (type) => {
      expect(sentOnly(aChange(`${type}.x`, ['update']))).toEqual({ address: `${type}.x`, paths: null });
    },
  );

  it('is all of a type that is unknown, and nothing of what only Terraform has', () => {
    expect(sentOnly(aChange('cloudflare_unheard_of.x', ['create']))?.paths).toBeNull();
    expect(
      sentOnly(aChange('terraform_data.x', ['create'], { provider: 'terraform.io/builtin/terraform' })),
    ).toBeNull();
  });

  it('is nothing where nothing is written', () => {
    expect(sentOnly(aChange('cloudflare_page_rule.x', ['delete']))).toBeNull();
    expect(sentOnly(aChange('cloudflare_page_rule.x', ['read'], { mode: 'data' }))).toBeNull();
  });
});

describe('what Cloudflare keeps', () => {
  it.each(types)('%s: its deletion is shown as what it is', (type) => {
    const keeps = behaviourOf(type, cloudflareSource)?.delete === 'keeps-value';
    const gone = aChange(`${type}.x`, ['delete']);
    expect([keepsValue(gone), takesAway(gone), changeKind(gone)]).toEqual([
      keeps,
      !keeps,
      keeps ? 'forget' : 'delete',
    ]);
    expect(changeKind(aChange(`${type}.x`, ['delete', 'create']))).toBe('replace');
  });

  it.each(types)('%s: what a rollback of its creation does is known', (type) => {
    const { delete: deleting } = behaviourOf(type, cloudflareSource) ?? {};
    const undo = undoOf(aChange(`${type}.x`, ['create']));
    const isTold = liveValueRows().some(([name, row]) => name === type && row.values !== undefined);
    expect(undo).toBe(
      deleting === undefined ? 'deletes' : deleting === 'keeps-value' && isTold ? 'sets-again' : 'leaves',
    );
  });

  it('is asked under paths whose names are attributes, of types that keep it or are not read back whole', () => {
    for (const [type, { read, values }] of liveValueRows()) {
      const facts = behaviourOf(type, cloudflareSource);
      expect(read).toMatch(/^\/[\w{}/.-]+$/);
      expect([type, values !== undefined]).toEqual([type, facts?.delete === 'keeps-value']);
      const isLimited = facts?.refresh !== undefined || (facts?.notRefreshed ?? []).length > 0;
      expect([type, values !== undefined || isLimited]).toEqual([type, true]);
    }
  });

  it('is judged by the provider: the same name elsewhere is another type', () => {
    const provider = 'registry.terraform.io/somebody/cloudflare';
    expect(changeKind(aChange('cloudflare_zone_setting.x', ['delete'], { provider }))).toBe('delete');
  });
});
