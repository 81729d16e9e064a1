/** Ids and names that look like another's are none: a record says them in one spelling or is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRecord } from '../../scripts/read/record/record.ts';
import { recordIdAt } from '../../policies/reading/places/places.ts';

const path = 'changes/acme/CHG-2026-0006.yaml';
const text = readFileSync(path, 'utf8');

/** Whether the record still reads with its line `field: …` saying something else. */
function reads(field: string, value: string): boolean {
  const line = new RegExp(`^${field}: .*$`, 'm');
  expect(text).toMatch(line);
  return readRecord(text.replace(line, `${field}: ${JSON.stringify(value)}`), 'record.yaml').ok;
}

const ways: readonly (readonly [string, (value: string) => string])[] = [
  ['a trailing dot', (value) => `${value}.`],
  ['a trailing blank', (value) => `${value} `],
  ['a zero-width character', (value) => `${value}\u200b`],
  ['a soft hyphen', (value) => value.replace('-', '\u00ad-').replace('.', '\u00ad.')],
  ['a dot or dash that looks alike', (value) => value.replace('-', '\u2011').replace('.', '\u2024')],
  [
    'fullwidth characters',
    (value) => value.replace(/[0-9a-z]/, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  ],
  [
    'a Cyrillic letter',
    (value) => value.replace('a', '\u0430').replace('o', '\u043e').replace('C', '\u0421'),
  ],
];

describe.each(['id', 'retryOf', 'client', 'requester', 'implementer', 'owner'])('%s', (field) => {
  const own = new RegExp(`^${field}: (.*)$`, 'm').exec(text)?.[1] ?? '';

  it('reads as it is written', () => {
    expect(reads(field, own)).toBe(true);
  });

  it.each(ways.filter(([, change]) => change(own) !== own))('does not read with %s', (_, change) => {
    expect(reads(field, change(own))).toBe(false);
  });

  it('does not read in another case', () => {
    const other = own === own.toUpperCase() ? own.toLowerCase() : own.toUpperCase();
    expect(reads(field, other)).toBe(false);
  });
});

describe('the number of a change', () => {
  it.each([
    'CHG-2026-4',
    'CHG-2026-004',
    'CHG-2026-00004',
    'CHG-2026-000004',
    'CHG-26-0004',
    'CHG-2026-0004-1',
  ])('%s is no other spelling of CHG-2026-0004', (id) => {
    expect(reads('retryOf', id)).toBe(false);
    expect(reads('id', id)).toBe(false);
  });

  it('has five digits only when it needs them', () => {
    expect(reads('retryOf', 'CHG-2026-0004')).toBe(true);
    expect(reads('retryOf', 'CHG-2026-10004')).toBe(true);
  });

  it('is told from the path of a record in one spelling, too', () => {
    expect(recordIdAt(path)).toBe('CHG-2026-0006');
    for (const other of ['chg-2026-0006', 'CHG-2026-0006.', 'CHG-2026-\uff10006', 'CHG-2026-0006\u200b']) {
      expect(recordIdAt(`changes/acme/${other}.yaml`)).toBeNull();
    }
  });
});
