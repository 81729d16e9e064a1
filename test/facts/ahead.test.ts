/** Of two changes that do not go together the one that was merged later gives way. */
import { expect, it } from 'vitest';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { aheadOf } from '../../scripts/facts/ahead.ts';
import { aRecord } from '../builders/record.ts';

const [first, second, own] = ['CHG-2026-0001', 'CHG-2026-0002', 'CHG-2026-0042'].map((id) => aRecord({ id }));
const known = [first, second, own].flatMap((record) => record ?? []);
const ids = (found: readonly LocatedRecord[]): readonly string[] => found.map(({ record }) => record.id);

/** What the default branch had before each commit. */
function git(before: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  return {
    asked,
    pathsAt: async (ref: string, folder: string) => {
      asked.push(`${ref} ${folder}`);
      return before[ref] ?? [];
    },
  };
}

const merge = { at: '2026-11-23T09:00:00Z', sha: 'e'.repeat(40), tree: 'same' as const };

it('before its merge a change gives way to every one of the default branch, and nothing is asked', async () => {
  const asking = git({});
  expect(ids(await aheadOf(asking, known, null))).toEqual(ids(known));
  expect(asking.asked).toEqual([]);
});

it('after its merge to those that were there before it, and not to the ones that came later', async () => {
  const parent = `${merge.sha}^1`;
  const asking = git({ [parent]: ['changes/README.md', first?.file ?? ''] });
  expect(ids(await aheadOf(asking, known, merge))).toEqual(['CHG-2026-0001']);
  expect(asking.asked).toEqual([`${parent} changes`]);
});

it('of two merged ones exactly one gives way to the other', async () => {
  const later = { ...merge, sha: 'f'.repeat(40) };
  const asking = git({
    [`${merge.sha}^1`]: [],
    [`${later.sha}^1`]: [first?.file ?? ''],
  });
  const two = known.slice(0, 2);
  expect(ids(await aheadOf(asking, two, merge))).toEqual([]);
  expect(ids(await aheadOf(asking, two, later))).toEqual(['CHG-2026-0001']);
});
