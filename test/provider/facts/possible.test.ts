/** Which replacements are certain, and which only may follow. */
import { describe, expect, it } from 'vitest';
import { isPossible } from '../../../scripts/provider/possible.ts';
import { compareLive } from '../../../scripts/release/live/compare-live.ts';
import type { JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { linesOf, headingOf } from '../../../scripts/render/plan/lines.ts';
import { changeAt, configuration, diff, record, zone, zoneId } from '../../plan/configurations.ts';
import { Expressions } from '../../../scripts/waf/reason/expressions.ts';

const www = 'cloudflare_dns_record.www';
const literal = 'f'.repeat(32);

type Blocks = Parameters<typeof configuration>[0];

function estate(resource: Blocks, more: Parameters<typeof configuration>[1] = {}): JsonObject {
  return configuration({ cloudflare_zone: zone, ...resource }, more);
}

const recordIn = (id: string): Blocks => ({ cloudflare_dns_record: { www: record({ zone_id: id }) } });

function told(change: ResourceChange): readonly string[] {
  return [headingOf(change), ...linesOf(change, new Expressions()).map(({ text }) => text)];
}

describe('a replacement that only may follow', () => {
  it.each([
    ['a reference to what stays takes the place of an id', estate(recordIn(zoneId)), {}],
    ['a variable without a value does', estate(recordIn('${var.zone}'), { variable: { zone: {} } }), {}],
    [
      'a data source does, which is read while Terraform plans',
      estate(recordIn('${data.cloudflare_zone.found.zone_id}'), {
        data: { cloudflare_zone: { found: { filter: { name: 'shop.example' } } } },
      }),
      {},
    ],
  ])('is one where %s', (_, after) => {
    const change = changeAt(diff(estate(recordIn(literal)), after), www);
    expect(isPossible(change)).toBe(true);
    expect(told(change)).toEqual(
      expect.arrayContaining([
        'MAY BE REPLACED (destroy and create, or an update in place, or nothing)',
        'may be replaced because of zone_id: whether the value differs is told only when Terraform plans',
        expect.stringContaining('(may force replacement)'),
      ]),
    );
  });

  it('is one for a type of which no fact is known, and says that the worst is assumed', () => {
    const made = (size: number): JsonObject => estate({ cloudflare_future_thing: { a: { size } } });
    const change = changeAt(diff(made(1), made(2)), 'cloudflare_future_thing.a');
    expect(isPossible(change)).toBe(true);
    expect(told(change).join('\n')).toContain('may be replaced because of size: what this type does');
  });

  it('lets Terraform update in place, where a certain one does not', () => {
    const approved = diff(estate(recordIn(literal)), estate(recordIn(zoneId)));
    const [change] = approved.changes;
    const live = (actions: ResourceChange['actions']) => ({
      ...approved,
      changes: [{ ...change, actions, replacePaths: [], attributes: [] } as ResourceChange],
    });
    expect(compareLive(approved, live(['update'])).verdict).toBe('inside');
    expect(compareLive(approved, live(['delete', 'create'])).verdict).toBe('inside');
    expect(
      compareLive(approved, {
        ...live(['delete']),
        changes: [{ ...live(['delete']).changes[0], after: null } as ResourceChange],
      }).verdict,
    ).toBe('deviates');
    const certain = diff(estate(recordIn(literal)), estate(recordIn('e'.repeat(32))));
    expect(compareLive(certain, live(['update'])).verdict).toBe('deviates');
  });
});

describe('a replacement that is certain', () => {
  it('is one of a value that is told', () => {
    const change = changeAt(diff(estate(recordIn(literal)), estate(recordIn('e'.repeat(32)))), www);
    expect(isPossible(change)).toBe(false);
    expect(told(change)).toEqual(
      expect.arrayContaining(['REPLACE (destroy, then create)', 'replaced because of zone_id']),
    );
  });

  it('is one of everything that refers to the id of what is replaced for certain, and so on', () => {
    const named = (name: string): JsonObject =>
      configuration({ cloudflare_zone: { shop: { ...zone.shop, name } }, ...recordIn(zoneId) });
    const plan = diff(named('shop.example'), named('other.example'));
    expect(plan.changes.map((change) => [change.address, isPossible(change)])).toEqual([
      [www, false],
      ['cloudflare_zone.shop', false],
    ]);
  });

  it('is one where the reference is to what the same change makes', () => {
    const after = configuration({
      cloudflare_zone: { ...zone, next: { ...zone.shop, name: 'next.example' } },
      ...recordIn('${cloudflare_zone.next.id}'),
    });
    expect(isPossible(changeAt(diff(estate(recordIn(literal)), after), www))).toBe(false);
  });
});

describe('what refers to a replacement that only may follow', () => {
  it('only may follow it', () => {
    const chain = (owner: string): JsonObject =>
      configuration(
        { cloudflare_zone: { shop: { ...zone.shop, account: { id: owner } } }, ...recordIn(zoneId) },
        { variable: { account: {} } },
      );
    const plan = diff(chain(literal), chain('${var.account}'));
    expect(plan.changes.map((change) => [change.address, change.replacement])).toEqual([
      [www, 'possible'],
      ['cloudflare_zone.shop', 'possible'],
    ]);
  });
});
