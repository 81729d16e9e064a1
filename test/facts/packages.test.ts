import { describe, expect, it } from 'vitest';
import { packageDifferences } from '../../scripts/facts/packages.ts';

const both = ['package.json', 'package-lock.json', 'README.md'];
const of = (before: string | null, after: string | null) =>
  packageDifferences(['package-lock.json'], () => Promise.resolve({ before, after }));

describe('what changes in the files of the packages', () => {
  it('is told value by value, in files that changed', async () => {
    const read = (file: string) =>
      Promise.resolve({ before: '{"a":{"b":"1","c":"2"}}', after: `{"a":{"b":"1","c":"${file}"}}` });
    expect(await packageDifferences(both, read)).toEqual([
      { file: 'package.json', path: ['a', 'c'], before: '2', after: 'package.json' },
      { file: 'package-lock.json', path: ['a', 'c'], before: '2', after: 'package-lock.json' },
    ]);
    expect(await packageDifferences(['README.md'], read)).toEqual([]);
  });

  it('tells a text from everything else, and what is there from what is not', async () => {
    expect(await of('{"a":"1"}', '{"a":1}')).toEqual([
      { file: 'package-lock.json', path: ['a'], before: '1', after: ':1' },
    ]);
    expect(await of('{"a":[]}', '{"a":[null]}')).toMatchObject([{ before: ':[]', after: ':[null]' }]);
    expect(await of('{"a":{}}', '{}')).toMatchObject([{ before: ':{}', after: null }]);
    expect(await of(null, '{}')).toMatchObject([{ path: [], before: null, after: ':{}' }]);
  });

  it('is not known where a file does not read: no value that could be expected', async () => {
    expect(await of('{"a":"1"}', '{"a":"1","a":"1"}')).toMatchObject([{ path: [], before: ':{"a":"1"}' }]);
    expect(await of('{', '[')).toHaveLength(1);
    const long = 'x'.repeat(600);
    expect(await of(`{"a":"${long}1"}`, `{"a":"${long}2"}`)).toHaveLength(1);
  });

  it('is cut where nothing would be let through any more', async () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${String(index)}`, 'x']));
    expect(await of('{}', JSON.stringify(many))).toHaveLength(200);
  });
});
