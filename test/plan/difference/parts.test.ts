import { describe, expect, it } from 'vitest';

import { displayKind } from '../../../scripts/plan/difference/summary.ts';
import type { Json } from '../../../scripts/plan/types.ts';
import { renderPlanText } from '../../../scripts/render/plan/text.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';
import {
  actionsOf,
  changeAt,
  configuration,
  diff,
  planOf,
  record,
  withRecords,
  zone,
} from '../configurations.ts';

type Body = Record<string, Json>;
const n = 'cloudflare_dns_record.n';
const repeated = (more: Body, top: Body = {}): ReturnType<typeof withRecords> =>
  withRecords({ n: record({ name: '${each.key}', content: '${each.value}', ...more }) }, top);
const text = (before: Body, after: Body): string =>
  renderPlanText(planOf(before, after), { style: plainStyle });

describe('instances whose keys the configuration tells', () => {
  const over = (m: Body): ReturnType<typeof withRecords> =>
    repeated({ for_each: '${local.m}' }, { locals: { m } });

  it('come and go one by one, with the values of their keys and the right totals', () => {
    const [before, after] = [over({ a: '192.0.2.1', b: '192.0.2.2' }), over({ a: '192.0.2.1' })];
    const plan = diff(before, after);
    expect(actionsOf(plan)).toEqual([`${n}["b"]: delete`]);
    expect(changeAt(plan, `${n}["b"]`)).toMatchObject({
      index: 'b',
      before: { name: 'b', content: '192.0.2.2' },
    });
    expect(plan.totals).toEqual({ before: 3, after: 2 });
    expect(plan.zones).toEqual([{ zone: 'shop.example', before: 3, after: 2 }]);
    expect(text(before, after)).toContain('1 to delete  (3 → 2 resources)');
  });

  it('of a set are their own values, and of a length as many as there are', () => {
    const set = (...names: readonly string[]): Body =>
      repeated({ for_each: `\${toset(${JSON.stringify(names)})}`, content: '192.0.2.1' });
    expect(actionsOf(diff(set('a', 'b', 'a'), set('b')))).toEqual([`${n}["a"]: delete`]);
    const counted = (names: Json): Body =>
      withRecords(
        { n: record({ count: '${length(var.l)}', name: '${var.l[0]}-${count.index}' }) },
        { variable: { l: { default: names } } },
      );
    expect(actionsOf(diff(counted(['x', 'y', 'z']), counted(['x'])))).toEqual([
      `${n}[1]: delete`,
      `${n}[2]: delete`,
    ]);
  });

  it('move where a moved block says so, from one that stood alone as well', () => {
    const before = withRecords({ old: record({ name: 'a', content: '192.0.2.1' }) });
    const after = {
      ...over({ a: '192.0.2.1' }),
      moved: [{ from: 'cloudflare_dns_record.old', to: `${n}["a"]` }],
    };
    const plan = diff(before, after);
    expect(actionsOf(plan)).toEqual([`${n}["a"]: no-op`]);
    expect(plan.changes[0]?.movedFrom).toBe('cloudflare_dns_record.old');
  });

  it('change where what is worked out of each.value may be another one', () => {
    const worked = (value: string): Body =>
      repeated({ for_each: { a: value }, content: '${lower(each.value)}' });
    const change = changeAt(diff(worked('X'), worked('Y')), `${n}["a"]`);
    expect([change.actions, change.attributes[0]?.unknown]).toEqual([['update'], true]);
    expect(diff(worked('X'), worked('X')).changes).toEqual([]);
  });
});

describe('references', () => {
  const user = (target: string): Body => ({
    zone_id: target,
    name: 'u',
    type: 'A',
    content: '192.0.2.1',
    ttl: 1,
  });
  const zones = (more: Body, target: string): Body =>
    configuration({
      cloudflare_zone: { z: { ...zone.shop, ...more } },
      cloudflare_dns_record: { u: user(target) },
    });

  it.each([
    ['the id of what is updated', '${cloudflare_zone.z.id}'],
    ['what an update does not compute anew', '${cloudflare_zone.z.name}'],
  ])('to %s change nothing', (_, target) => {
    const plan = diff(zones({ paused: false }, target), zones({ paused: true }, target));
    expect(actionsOf(plan)).toEqual(['cloudflare_zone.z: update']);
  });

  it('to one instance have nothing to do with another one', () => {
    const each = (names: Body): Body =>
      configuration({
        cloudflare_zone: { z: { ...zone.shop, name: '${each.value}', for_each: names } },
        cloudflare_dns_record: { u: user('${cloudflare_zone.z["a"].id}') },
      });
    expect(actionsOf(diff(each({ a: 'a.example', b: 'b.example' }), each({ a: 'a.example' })))).toEqual([
      'cloudflare_zone.z["b"]: delete',
    ]);
    // A zone under another name is another zone, and so is the record in it.
    expect(actionsOf(diff(each({ a: 'a.example' }), each({ a: 'c.example' })))).toContain(
      'cloudflare_dns_record.u: delete+create',
    );
  });
});

describe('what the configuration does not tell', () => {
  it.each<[string, Body, Body, string]>([
    [
      'a module that gets other values',
      configuration({}, { module: { m: { source: './m', hosts: ['a'] } } }),
      configuration({}, { module: { m: { source: './m', hosts: [] } } }),
      'what the module destroys, changes or creates is not in this configuration',
    ],
    [
      'keys of a data source',
      repeated({ for_each: { a: '192.0.2.1' } }),
      repeated({ for_each: '${data.cloudflare_zones.z.result}' }),
      'for_each is an expression',
    ],
  ])('%s is undetermined, with the reason and without a count', (_, before, after, reason) => {
    const plan = diff(before, after);
    expect(plan.changes.map(displayKind)).toEqual(['undetermined']);
    const shown = text(before, after);
    expect(shown).toContain(reason);
    expect(shown).toContain('1 undetermined');
    expect(shown).not.toMatch(/to replace|forces replacement/);
  });
});
