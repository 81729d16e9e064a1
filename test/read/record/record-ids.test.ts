import { describe, expect, it } from 'vitest';
import { findDuplicateIds, nextId } from '../../../scripts/read/record/ids.ts';

describe('findDuplicateIds', () => {
  it('takes the same file on several refs for one record', () => {
    const path = 'changes/acme/CHG-2026-0001.yaml';
    expect(
      findDuplicateIds([
        { ref: 'refs/heads/main', path, id: 'CHG-2026-0001' },
        { ref: 'refs/heads/topic', path, id: 'CHG-2026-0001' },
      ]),
    ).toEqual([]);
  });

  it('finds one id in two files, on whatever refs, and names them all', () => {
    const acme = { ref: 'refs/heads/a', path: 'changes/acme/CHG-2026-0042.yaml', id: 'CHG-2026-0042' };
    const borough = { ref: 'refs/heads/b', path: 'changes/borough/CHG-2026-0042.yaml', id: 'CHG-2026-0042' };
    const other = { ref: 'refs/heads/b', path: 'changes/borough/CHG-2026-0043.yaml', id: 'CHG-2026-0043' };
    expect(findDuplicateIds([borough, other, acme])).toEqual([
      { id: 'CHG-2026-0042', sightings: [acme, borough] },
    ]);
  });
});

describe('nextId', () => {
  it('is one above the highest of the year', () => {
    expect(nextId(2026, ['CHG-2026-0003', 'CHG-2026-0011', 'CHG-2025-0900'])).toBe('CHG-2026-0012');
  });
  it('does not fill gaps and ignores what is not an id', () => {
    expect(nextId(2026, ['CHG-2026-0001', 'CHG-2026-0009', 'CHG-2026-9', 'draft'])).toBe('CHG-2026-0010');
  });
  it('starts at one and grows past four digits', () => {
    expect(nextId(2027, [])).toBe('CHG-2027-0001');
    expect(nextId(2026, ['CHG-2026-9999'])).toBe('CHG-2026-10000');
  });
});
