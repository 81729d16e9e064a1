import { expect, it } from 'vitest';
import { compareText } from '../../scripts/json/json.ts';

it.each([
  ['a', 'b', -1],
  ['b', 'a', 1],
  ['a', 'a', 0],
  ['B', 'a', -1],
])('%s against %s is %d', (a, b, expected) => {
  expect(compareText(a, b)).toBe(expected);
});
