/** The line of the stack code that a resource comes from. */
import { describe, expect, it } from 'vitest';
import { isDataOf, sourcePlace, sourcePlaces } from '../../scripts/plan/source-place.ts';

const sources = [
  {
    path: 'stacks/clients/acme/dns/shop.ts',
    text: [
      'export const shop = [',
      "  { id: 'apex_a', type: 'A', name: '@', content: '203.0.113.10' },",
      "  { id: 'mx_1', type: 'MX', name: '@', content: 'mx1.mail.example', priority: 10 },",
      '  {',
      "    ref: 'block-admin',",
      "    description: 'Admin area only from the offices',",
      '  },',
      '];',
    ].join('\n'),
  },
  {
    path: 'stacks/clients/acme/dns/trade.ts',
    text: "export const trade = [{ id: 'mx_1', type: 'MX', name: '@', content: 'mx1.trade-mail.example' }, { id: 'apex_a' }];",
  },
];

const found = (address: string, values = {}) => {
  const place = sourcePlace(sources, { address, values });
  return place === null ? null : `${place.file}:${String(place.line)}:${String(place.column)}`;
};

describe('the place of a resource', () => {
  it('is where its id stands, without the key of its zone', () => {
    const values = { content: 'mx1.mail.example' };
    expect(found('cloudflare_dns_record.shop_mx_1', values)).toBe('stacks/clients/acme/dns/shop.ts:3:5');
  });

  it('is the one beside which its values stand, whatever the file is called', () => {
    const values = { content: 'mx1.trade-mail.example' };
    expect(found('cloudflare_dns_record.shop_mx_1', values)).toBe('stacks/clients/acme/dns/trade.ts:1:25');
  });

  it('is that of a rule in it where one is meant, in either way of naming it', () => {
    const values = { rules: [{ ref: 'block-admin', description: 'Admin area only from the offices' }] };
    const place = 'stacks/clients/acme/dns/shop.ts:5:5';
    expect(found('cloudflare_ruleset.waf#rules[ref=block-admin].action', values)).toBe(place);
    expect(found('cloudflare_ruleset.waf#block-admin', values)).toBe(place);
  });

  it('is none where it stands twice and nothing tells which, or nowhere', () => {
    expect(found('cloudflare_dns_record.x_apex_a')).toBeNull();
    expect(found('cloudflare_dns_record.shop_gone')).toBeNull();
    expect(sourcePlaces(sources, { address: 'cloudflare_dns_record.x_apex_a', values: {} })).toHaveLength(2);
  });

  it('is in the data of its own client', () => {
    expect(isDataOf('stacks/clients/acme/dns/shop.ts', 'acme-production')).toBe(true);
    expect(isDataOf('stacks/clients/acme/dns/shop.ts', 'acmex-production')).toBe(false);
    expect(isDataOf('stacks/estate.ts', 'acme-production')).toBe(true);
  });
});
