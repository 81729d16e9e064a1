/** Names of records as the registers write them, and values as messages show them. */
import { describe, expect, it } from 'vitest';
import {
  dnsName,
  environmentOf,
  isApex,
  isProduction,
  show,
  showAt,
  zoneName,
} from '../../../policies/reading/estate-context.ts';
import { aChange, aDnsRecord } from '../../builders/plan.ts';
import { aPolicySet } from '../../builders/policy.ts';

const zoneId = '0123456789abcdef0123456789abcdef';
const record = (name: string, zone: string | null) =>
  aChange('cloudflare_dns_record.it', ['create'], { after: aDnsRecord({ name }), zone });

describe('the name of a record', () => {
  it.each([
    ['www.shop.example', 'shop.example', 'www.shop.example'],
    ['WWW.Shop.Example.', 'shop.example', 'www.shop.example'],
    ['www', 'Shop.Example', 'www.shop.example'],
    ['@', 'shop.example', 'shop.example'],
    ['shop.example', 'shop.example', 'shop.example'],
    ['myshop.example', 'shop.example', 'myshop.example.shop.example'],
    ['www', zoneId, 'www'],
    ['@', null, '@'],
    ['${var.name}', 'shop.example', null],
  ])('%s in the zone %s is %s', (name, zone, expected) => {
    expect(dnsName(record(name, zone), 'after')).toBe(expected);
  });

  it.each([
    ['shop.co.example', 'shop.co.example', true],
    ['@', 'shop.co.example', true],
    ['www.shop.co.example', 'shop.co.example', false],
    ['co.example', 'shop.co.example', false],
    ['www', 'shop.example', false],
    ['@', zoneId, true],
    ['shop.example', zoneId, true],
    ['www.shop.example', zoneId, false],
    ['shop.example', null, true],
    ['www.shop.example', null, false],
    ['${var.name}', 'shop.example', true],
  ])('%s in the zone %s may be the apex: %s', (name, zone, expected) => {
    expect(isApex(record(name, zone), 'after')).toBe(expected);
  });
});

it.each([
  ['Shop.Example', 'shop.example'],
  [zoneId, null],
  [null, null],
])('the name of the zone %s is %s', (zone, expected) => {
  expect(zoneName(record('www', zone))).toBe(expected);
});

it.each([
  ['acme-production', 'production', true],
  ['acme-staging', 'staging', false],
  ['nobody-staging', 'unknown', true],
])('%s is %s', (stack, environment, production) => {
  expect(environmentOf(aPolicySet(), stack)).toBe(environment);
  expect(isProduction(aPolicySet(), stack)).toBe(production);
});

describe('a value in a message', () => {
  const change = aChange('cloudflare_dns_record.it', ['update'], {
    before: { content: null, ttl: 300 },
    after: { content: '${var.address}', ttl: 60, tags: ['a', 'b'] },
    unknown: [['name']],
  });

  it.each([
    ['before', ['content'], '(not set)'],
    ['before', ['name'], '(not set)'],
    ['after', ['name'], '(unknown)'],
    ['after', ['content'], '(unknown)'],
    ['before', ['ttl'], '300'],
    ['after', ['ttl'], '60'],
    ['after', ['tags'], '["a","b"]'],
    ['after', ['tags', 1], 'b'],
  ] as const)('%s, %j is %s', (side, path, expected) => {
    expect(showAt(change, side, path)).toBe(expected);
  });

  it('is one line of at most 120 characters', () => {
    expect(show('a\n\n  b\tc')).toBe('a b c');
    expect(show('x'.repeat(120))).toBe('x'.repeat(120));
    expect(show('x'.repeat(121))).toBe(`${'x'.repeat(117)}...`);
  });
});
