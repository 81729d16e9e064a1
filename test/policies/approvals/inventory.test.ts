/** Each of the numbered cases of approval has a test of its number, somewhere in the suite. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** How many cases there are: the numbers in the names of tests refer to them. */
const cases = 72;
const root = new URL('../../', import.meta.url);

/** Texts that begin with the number of a case: names of tests, of groups and of the rows of a table. */
function numbersIn(text: string): readonly number[] {
  return [...text.matchAll(/['"`]case (\d{1,2}): /g)].map(([, number]) => Number(number));
}

describe('the numbered cases of approval', () => {
  it('are all tested under their number', () => {
    const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.test.ts'),
    );
    const found = new Set(files.flatMap((path) => numbersIn(readFileSync(new URL(path, root), 'utf8'))));
    const all = Array.from({ length: cases }, (_, index) => index + 1);
    expect(all.filter((number) => !found.has(number))).toEqual([]);
    expect([...found].filter((number) => number > cases)).toEqual([]);
  });
});
