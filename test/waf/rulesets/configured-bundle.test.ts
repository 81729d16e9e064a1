import { describe, expect, it } from 'vitest';
import { addressOf, configuredObjects } from '../../../scripts/waf/rulesets/configured-bundle.ts';
import { listsOf, rulesetsOf } from '../../../scripts/waf/rulesets/configured.ts';

const zone = { name: 'shop.example', account: { id: '${var.account}' } };
const rules = [{ ref: 'a', expression: 'ip.src in $office', action: 'block', enabled: true }];
const configuration = {
  resource: {
    cloudflare_zone: { shop: zone, other: { name: 'other.example' } },
    cloudflare_ruleset: {
      waf: {
        kind: 'zone',
        phase: 'http_request_firewall_custom',
        zone_id: '${cloudflare_zone.shop.id}',
        rules,
      },
      foreign: { kind: 'zone', phase: 'http_ratelimit', zone_id: '${cloudflare_zone.other.id}', rules: [] },
    },
    cloudflare_list: { office: { name: 'office', kind: 'ip' } },
    cloudflare_list_item: { first: { list_id: '${cloudflare_list.office.id}', ip: '192.0.2.1' } },
  },
};

describe('the resources of a bundle', () => {
  const objects = configuredObjects(configuration);

  it('are found by the text that refers to them', () => {
    const shop = objects.find(({ id }) => id === '${cloudflare_zone.shop.id}');
    expect(shop?.attributes).toStrictEqual(zone);
    expect(shop === undefined ? [] : rulesetsOf(objects, shop)).toMatchObject([
      { id: '${cloudflare_ruleset.waf.id}', rules: [{ ref: 'a' }] },
    ]);
  });

  it('hold the items of lists that stand apart', () => {
    const office = listsOf(objects).get('office');
    expect(office?.contains({ family: 4, value: 0xc0_00_02_01n })).toBe(true);
    expect(office?.contains({ family: 4, value: 1n })).toBe(false);
  });

  it('leave out what is not a resource block', () => {
    const broken = { resource: { cloudflare_zone: { shop: 'text', other: [] }, x: null }, data: { y: {} } };
    expect(configuredObjects(broken)).toStrictEqual([]);
    expect(configuredObjects({})).toStrictEqual([]);
  });
});

it('addresses are read from whole references only', () => {
  expect(addressOf('${cloudflare_zone.shop.id}')).toBe('cloudflare_zone.shop');
  expect(
    ['a ${cloudflare_zone.shop.id}', '${cloudflare_zone.shop.name}', 'abc'].map(addressOf),
  ).toStrictEqual([null, null, null]);
});
