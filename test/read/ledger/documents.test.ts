import { describe, expect, it } from 'vitest';
import { readLedgerDocument, type LedgerDocumentKind } from '../../../scripts/read/ledger/documents.ts';

const path = 'releases/0001-acme-production/x.json';

function faultsOf(kind: LedgerDocumentKind, text: string): readonly string[] {
  const reading = readLedgerDocument(kind, path, text);
  return reading.ok ? [] : reading.faults.map(({ place, what }) => `${place} ${what}`);
}

describe('a document of the ledger', () => {
  it.each<[LedgerDocumentKind, number]>([
    ['signature', 10_000],
    ['intent', 1_000_000],
    ['decision', 20_000_000],
  ])('of the kind %s has at most %i bytes', (kind, most) => {
    const filled = (bytes: number): string => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(faultsOf(kind, filled(most + 1)).join()).toMatch(
      /^releases\/.*x\.json:1:1 the document is too large to be read/,
    );
    expect(faultsOf(kind, filled(most)).join()).not.toContain('too large');
  });

  it('of more values than any release has is not read', () => {
    const [fault] = faultsOf('decision', `[${'0,'.repeat(5_000_000)}0]`);
    expect(fault).toMatch(/x\.json:1:\d+ there is more in this document than is read$/);
  });

  it.each([
    ['a control character', '\u001B[31mred'],
    ['a character that turns the line round', '\u202Eevil'],
    ['a value', 'hunter2-hunter2'],
  ])('that is refused is not repeated: %s', (_, value) => {
    const found = faultsOf(
      'signature',
      JSON.stringify({ kind: value, version: value, key: value, signature: value }),
    );
    expect(found.length).toBeGreaterThan(0);
    expect(found.join()).not.toContain(value);
  });
});
