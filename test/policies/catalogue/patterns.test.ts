import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../../policies/reading/pattern.ts';
import {
  isWithin,
  leafPatterns,
  pathPattern,
  valuesAtPattern,
} from '../../../policies/catalogue/patterns.ts';

describe('wildcards of the catalogue', () => {
  it.each([
    ['TXT', 'TXT', true],
    ['TXT', 'TXT ', false],
    ['https://shop.example/*', 'https://shop.example/', true],
    ['https://shop.example/*', 'https://shop.example.evil/', false],
    ['https://shop.example/*', 'see https://shop.example/', false],
    ['*allow*', 'office-allow-list', true],
    ['*allow*', 'alow', false],
    ['*.*.*.*/32', '192.0.2.1/32', true],
    ['*.*.*.*/32', '192.0.2.1/24', false],
    ['*.*.*.*/32', '2001:db8::1/32', false],
    ['a*a', 'a', false],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['*', '', true],
    ['(a+)+$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaa!', false],
    ['a.c', 'abc', false],
  ])('%s on %s is %s', (pattern, text, expected) => {
    expect(matchesPattern(text, pattern)).toBe(expected);
  });

  it('agrees with an anchored regular expression on any text', () => {
    const piece = constantFrom('a', 'b', '*', '.', 'ab', '\\', '[');
    assert(
      property(
        array(piece, { maxLength: 6 }),
        array(constantFrom('a', 'b', '.', '\\', '['), { maxLength: 8 }),
        (pattern, text) => {
          const source = pattern
            .join('')
            .split('*')
            .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`));
          const regex = new RegExp(`^${source.join('[^]*')}$`, 'u');
          expect(matchesPattern(text.join(''), pattern.join(''))).toBe(regex.test(text.join('')));
        },
      ),
      { seed: 20261123, numRuns: 500 },
    );
  });
});

describe('attribute paths of the catalogue', () => {
  it('writes a step into a list as [], by position or by identity', () => {
    expect(pathPattern(['items', { by: 'ip', is: '192.0.2.1/32' }, 'comment'])).toBe('items[].comment');
    expect(pathPattern(['a', 0, 1, 'b'])).toBe('a[][].b');
  });

  it('covers what lies inside, and not what only starts alike', () => {
    expect(isWithin('items[].ip', 'items[]')).toBe(true);
    expect(isWithin('items[]', 'items')).toBe(true);
    expect(isWithin('items[].ip', 'items')).toBe(true);
    expect(isWithin('other.items[]', 'items')).toBe(false);
    expect(isWithin('itemsets', 'items')).toBe(false);
    expect(isWithin('items', 'items[]')).toBe(false);
  });

  it('lists the leaves of a resource without what is null', () => {
    expect(leafPatterns({ f: { g: [true] }, b: null, c: [{ d: 'x' }, { e: null }], a: 1 })).toEqual([
      'a',
      'c[].d',
      'f.g[]',
    ]);
  });

  it('finds all values at a pattern', () => {
    const value = { items: [{ r: { t: 'x' } }, { r: { t: 'y' } }, {}] };
    expect(valuesAtPattern(value, 'items[].r.t')).toEqual(['x', 'y']);
    expect(valuesAtPattern(value, 'toString')).toEqual([]);
    expect(valuesAtPattern({ items: 'x' }, 'items[]')).toEqual([]);
    expect(valuesAtPattern({ items: { ip: 'x' } }, 'items[].ip')).toEqual([]);
  });
});
