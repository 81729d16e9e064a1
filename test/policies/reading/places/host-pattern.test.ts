/** Hosts in every way in which configurations write them, and which patterns lie in which domain. */
import { expect, it } from 'vitest';
import { hostPatternOf, liesIn, mayLieIn } from '../../../../policies/reading/places/host-pattern.ts';

it.each([
  ['shop.example', 'shop.example'],
  [' https://Shop.Example/login ', 'shop.example'],
  ['//shop.example.?a=b', 'shop.example'],
  ['*://*.shop.example/*', '*.shop.example'],
  ['*.shop.example:*', '*.shop.example'],
  ['shop.example:8443', 'shop.example'],
  ['[2001:db8::1]:8443', '[2001:db8::1]'],
  ['postmaster@shop.example', 'shop.example'],
  ['shop.example@other.example', 'other.example'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['shop.example\\evil', 'shop.example'],
  ['/login', '*'],
  [':8443/login', '*'],
  ['postmaster@', '*'],
  ['*', '*'],
  ['.', null],
  ['shop example', null],
])('%s names %s', (text, expected) => {
  expect(hostPatternOf(text)).toBe(expected);
});

it.each([
  ['shop.example', 'shop.example', true, true],
  ['www.shop.example', 'shop.example', true, true],
  ['*.shop.example', 'shop.example', true, true],
  ['*shop.example', 'shop.example', true, false],
  ['*', 'shop.example', true, false],
  ['myshop.example', 'shop.example', false, false],
  ['*.other.example', 'shop.example', false, false],
])('%s in %s: maybe %s, certainly %s', (pattern, domain, may, does) => {
  expect(mayLieIn(pattern, domain)).toBe(may);
  expect(liesIn(pattern, domain)).toBe(does);
});
