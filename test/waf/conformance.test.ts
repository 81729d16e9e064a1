/** The conformance table at work, and that nothing of the language is without a line in it. */
import { describe, expect, it } from 'vitest';
import { isRefused } from '../../scripts/waf/language/diagnostics.ts';
import { checkFilter } from '../../scripts/waf/reason/check.ts';
import { compileFilter } from '../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../scripts/waf/language/parser.ts';
import { requestFields } from '../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../scripts/waf/evaluate/runtime.ts';
import { allFunctions } from '../../scripts/waf/language/tables.ts';
import type { Answer, Case } from './conformance/case.ts';
import { inventory } from './conformance/inventory.ts';
import { conformanceTable as all } from './conformance/table.ts';
import { plainRequest } from './evaluate/request-builder.ts';

function answer({ text, request = {} }: Case, missingNotEqual: boolean): Answer {
  const parsed = parseFilter(text);
  if (isRefused(checkFilter(parsed))) {
    return 'refused';
  }
  const test = compileFilter(parsed.expression, { lists: new Map(), missingNotEqual });
  const truth = test(requestFields({ ...plainRequest, ...request }));
  return truth instanceof Unknown ? 'unknown' : truth;
}

describe('conformance', () => {
  it.each(all.map((one) => [`${one.about}: ${one.text.slice(0, 100)}`, one] as const))('%s', (_, one) => {
    expect(answer(one, false)).toBe(one.expected);
  });

  it('answers as the engine does about missing values when that is asked for', () => {
    const about = all.filter(({ about: key, differs }) => key.startsWith('missing') && differs !== undefined);
    expect(about.length).toBeGreaterThan(3);
    expect(about.map((one) => answer(one, true))).toEqual(about.map(({ differs }) => differs?.engine));
  });
});

describe('the inventory', () => {
  const counts = new Map<string, Set<Answer>>();
  for (const { about, expected } of all) {
    counts.set(about, (counts.get(about) ?? new Set()).add(expected));
  }

  it('has a case for every operator, literal, type rule, function and missing value, and no other', () => {
    const wanted = [...inventory, ...allFunctions.map(({ name }) => `function ${name}`)];
    expect([...counts.keys()].toSorted()).toEqual(wanted.toSorted());
  });

  it('has a case that is true and one that is false for every operator', () => {
    const oneSided = [...counts].filter(
      ([about, answers]) => about.startsWith('operator ') && !(answers.has(true) && answers.has(false)),
    );
    expect(oneSided.map(([about]) => about)).toEqual([]);
  });

  it('takes one of the answers where sources differ, and says where from', () => {
    const odd = all.filter(
      ({ expected, differs, source }) =>
        differs !== undefined && source !== 'defined' && !Object.values(differs).includes(expected),
    );
    expect(odd.map(({ text }) => text)).toEqual([]);
  });

  it('holds each case once, and hundreds of them', () => {
    const keys = all.map(({ about, text, request }) => JSON.stringify([about, text, request]));
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(300);
  });
});
