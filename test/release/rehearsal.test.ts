import { describe, expect, it } from 'vitest';
import { compareStates } from '../../scripts/release/rehearsal.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';

function state(resources: Readonly<Record<string, JsonObject>>): JsonObject {
  return {
    values: {
      root_module: {
        resources: Object.entries(resources).map(([address, values]) => ({
          address,
          mode: 'managed',
          type: address.split('.')[0] ?? '',
          values,
        })),
      },
    },
  };
}

const record = { id: 'r1', name: 'www', content: '203.0.113.1', zone_id: 'z1', modified_on: '2026-01-01' };
const zone = { id: 'z1', name: 'shop.example' };
const start = state({ 'cloudflare_zone.shop': zone, 'cloudflare_dns_record.www': record });

describe('comparing the state after a rehearsed rollback with the start', () => {
  it('finds nothing when only what Cloudflare writes itself differs', () => {
    const end = state({
      'cloudflare_zone.shop': zone,
      'cloudflare_dns_record.www': { ...record, id: 'r2', modified_on: '2026-11-23' },
    });
    expect(compareStates(start, end)).toEqual([]);
  });

  it('names the attribute that did not come back', () => {
    const end = state({
      'cloudflare_zone.shop': zone,
      'cloudflare_dns_record.www': { ...record, content: '203.0.113.2' },
    });
    expect(compareStates(start, end)).toEqual([
      { address: 'cloudflare_dns_record.www', what: 'content is not as it was' },
    ]);
  });

  it.each([
    [
      'is gone',
      state({ 'cloudflare_zone.shop': zone }),
      { address: 'cloudflare_dns_record.www', what: 'is gone' },
    ],
    [
      'was left behind',
      state({
        'cloudflare_zone.shop': zone,
        'cloudflare_dns_record.www': record,
        'cloudflare_dns_record.new': record,
      }),
      { address: 'cloudflare_dns_record.new', what: 'was left behind' },
    ],
  ])('says which resource %s', (_, end, difference) => {
    expect(compareStates(start, end)).toEqual([difference]);
  });

  it('does not take a zone that was deleted and created again for a restored one', () => {
    const end = state({
      'cloudflare_zone.shop': { ...zone, id: 'z2' },
      'cloudflare_dns_record.www': { ...record, zone_id: 'z2' },
    });
    expect(compareStates(start, end)).toEqual([
      {
        address: 'cloudflare_zone.shop',
        what: 'came back as another object: its old id is gone and cannot be restored',
      },
    ]);
  });
});
