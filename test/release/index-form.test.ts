/** The index is the same whether it grew with each entry or is made of all of them; a window says of its releases what the whole says. */
import { describe, expect, it } from 'vitest';
import { textDigest } from '../../scripts/release/ledger/format.ts';
import {
  indexPath,
  numbersPerPage,
  releasesPerPage,
  type IndexedRelease,
} from '../../scripts/release/ledger/index-form.ts';
import {
  baseOf,
  indexAfter,
  noIndex,
  type IndexStep,
  type MadeIndex,
} from '../../scripts/release/ledger/index-make.ts';
import { windowStart } from '../../scripts/release/ledger/index-window.ts';

const stacks = ['acme-production', 'acme-staging'];

function steps(releases: number): readonly IndexStep[] {
  return Array.from({ length: releases }, (_, at): readonly IndexStep[] => {
    const id = `R${String(at + 1).padStart(4, '0')}`;
    const stack = stacks[at % 3 === 0 ? 1 : 0] ?? '';
    const common = { id, stack, target: 'sandbox', action: 'release', undoes: [], key: null } as const;
    const digest = (what: string): string => textDigest(`${what} ${id}`);
    const intent: IndexStep = {
      ...common,
      document: 'intent',
      result: null,
      digest: digest('intent'),
      blobs: { 'intent.json': 'a'.repeat(40) },
    };
    const release: IndexStep = {
      ...common,
      document: 'release',
      result: 'successful',
      digest: digest('release'),
      blobs: { 'release.json': 'b'.repeat(40) },
    };
    // The last one is still open.
    return at === releases - 1 ? [intent] : [intent, release];
  }).flat();
}

function addTo(files: Map<string, string>, made: MadeIndex | null): void {
  for (const { path, text } of made?.files ?? []) {
    files.set(path, text);
  }
}

describe('the index', () => {
  it('that grew by one step at a time is, byte for byte, the one that is made of all steps', () => {
    const all = steps(numbersPerPage + 10);
    const files = new Map<string, string>();
    const texts = () => [...files].map(([path, text]) => ({ path, text }));
    let grown: MadeIndex | null = null;
    for (const [at, step] of all.entries()) {
      const base: MadeIndex | null = grown === null ? null : { ...grown, files: texts() };
      grown = indexAfter(baseOf(base), [step], at === 0 ? null : String(at).padStart(40, '0'));
      addTo(files, grown);
    }
    const whole = indexAfter(noIndex, all, String(all.length - 1).padStart(40, '0'));
    const wanted = new Map<string, string>();
    addTo(wanted, whole);
    expect(Object.fromEntries(files)).toEqual(Object.fromEntries(wanted));
    expect(grown?.index).toEqual(whole?.index);
    expect(grown?.index.numbers).toHaveLength(2);
    expect(grown?.index.stacks['acme-production']?.ended).toBeGreaterThan(2 * releasesPerPage);
  });

  it('writes with one more step the last page of its stack, the last of the numbers and the top', () => {
    const all = steps(400);
    const base = baseOf(indexAfter(noIndex, all.slice(0, -1), null));
    const more = indexAfter(base, all.slice(-1), null);
    expect(more?.files.map(({ path }) => path)).toEqual([
      'index/stacks/acme-staging/0002.json',
      'index/numbers/0001.json',
      indexPath,
    ]);
  });

  it('of no step is none', () => {
    expect(indexAfter(noIndex, [], null)).toBeNull();
  });
});

describe('a window', () => {
  const line = (number: number, more: Partial<IndexedRelease> = {}): IndexedRelease => ({
    id: `R${String(number).padStart(4, '0')}`,
    action: 'release',
    undoes: [],
    intent: '',
    release: '',
    result: 'successful',
    ended: number,
    blobs: {},
    ...more,
  });
  const lines = Array.from({ length: 20 }, (_, at) => line(at + 1));
  const rollback = line(21, { action: 'rollback', undoes: ['R0010'] });
  const failed = [22, 23, 24, 25, 26].map((number) => line(number, { result: 'failed' }));
  const cases: readonly (readonly [string, Parameters<typeof windowStart>[0], number | null])[] = [
    ['holds the newest four', { lines, isAll: false, ids: [] }, 16],
    ['begins before what is asked about', { lines, isAll: false, ids: ['R0006'] }, 4],
    ['holds what is undone in it', { lines: [...lines, rollback], isAll: false, ids: [] }, 9],
    ['begins with two states that were reached', { lines: [...lines, ...failed], isAll: false, ids: [] }, 18],
    ['needs older pages for what is not here', { lines, isAll: false, ids: ['R0099'] }, null],
    [
      'needs older pages for what was undone there',
      { lines: lines.slice(15).concat(rollback), isAll: false, ids: [] },
      null,
    ],
    ['needs older pages before the first line', { lines: lines.slice(0, 1), isAll: false, ids: [] }, null],
    ['is everything where that is little', { lines: lines.slice(0, 1), isAll: true, ids: [] }, 0],
    ['goes by what there is where an id is of no release', { lines, isAll: true, ids: ['R0099'] }, 16],
    ['is everything where that is asked for', { lines, isAll: true, ids: 'all' }, 0],
    ['needs every page where everything is asked for', { lines, isAll: false, ids: 'all' }, null],
  ];
  it.each(cases)('%s', (_, known, start) => {
    expect(windowStart(known)).toBe(start);
  });
});
