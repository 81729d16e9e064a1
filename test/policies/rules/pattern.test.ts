import { expect, it } from 'vitest';
import { matchesPattern } from '../../../policies/reading/pattern.ts';

it.each([
  ['a/b', 'a/b', true],
  ['a/b', 'a/c', false],
  ['acme-production/cloudflare_zone.shop', '*-production/cloudflare_zone.*', true],
  ['acme-staging/cloudflare_zone.shop', '*-production/cloudflare_zone.*', false],
  ['acme-production/cloudflare_zone_setting.x', '*-production/cloudflare_zone.*', false],
  ['x/cloudflare_dns_record.mx_1', '*.mx_*', true],
  ['abc', '*c', true],
  ['abd', '*c', false],
  ['ab', 'ab*ab', false],
  ['abXcdYcd', 'ab*cd*cd', true],
  ['abcd', 'ab*cd*cd', false],
  ['abc', 'a*b*c', true],
  ['acme', 'acme-production', false],
  ['acme-production', 'acme', false],
  ['', '*', true],
])('%s matches %s: %s', (text, pattern, expected) => {
  expect(matchesPattern(text, pattern)).toBe(expected);
});
