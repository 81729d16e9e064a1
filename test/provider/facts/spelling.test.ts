import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { canonicalSpelling, noContext } from '../../../scripts/provider/spelling.ts';
import type { Spelling, SpellingContext } from '../../../scripts/provider/spelling.ts';

const inZone: SpellingContext = { recordType: 'CNAME', zone: 'tea.example' };
const withType = (recordType: string): SpellingContext => ({ ...inZone, recordType });

function same(spelling: Spelling, a: string, b: string, context: SpellingContext = inZone): boolean {
  return canonicalSpelling(spelling, a, context) === canonicalSpelling(spelling, b, context);
}

describe('names of records', () => {
  it.each([
    ['@', 'tea.example'],
    ['@', 'TEA.example.'],
    ['pot', 'pot.tea.example'],
    ['Pot', 'pot.tea.example.'],
    ['_dmarc', '_DMARC.tea.example'],
    ['*.pot', '*.pot.tea.example'],
    ['thé', 'xn--th-cja.tea.example'],
    ['Thé.tea.example', 'XN--TH-CJA'],
  ])('%s is %s', (a, b) => {
    expect(same('dns-name', a, b)).toBe(true);
  });

  it.each([
    // What the provider takes for the same: a configured name that another begins with.
    ['pot', 'pot.black.tea.example'],
    ['pot', 'pot.other.example'],
    ['@', 'pot.tea.example'],
    ['tea.example', 'tea.example.tea.example'],
    ['pot', 'pots'],
    ['pot.', 'pot'],
    ['nottea.example', 'tea.example'],
    ['ｐｏｔ', 'pot'],
    ['thé/x', 'thé'],
    ['${cloudflare_x.A.name}', '${cloudflare_x.a.name}'],
  ])('%s is not %s', (a, b) => {
    expect(same('dns-name', a, b)).toBe(false);
  });

  it('are judged without a zone only by themselves', () => {
    expect(same('dns-name', 'pot', 'POT', noContext)).toBe(true);
    expect(same('dns-name', 'pot.tea.example.', 'pot.tea.example', noContext)).toBe(true);
    expect(same('dns-name', 'pot', 'pot.tea.example', noContext)).toBe(false);
    expect(same('dns-name', '@', 'tea.example', noContext)).toBe(false);
  });
});

describe('contents of records', () => {
  it.each([
    ['CNAME', 'Origin.example.net', 'origin.example.net.'],
    ['MX', 'mail.tea.example.', 'MAIL.tea.example'],
    ['NS', 'ns1.example.net.', 'ns1.example.net'],
    ['AAAA', '2001:DB8:0:0::a', '2001:db8::a'],
    ['AAAA', '2001:db8:0000:0:0:0:0:10', '2001:db8::10'],
  ])('of type %s: %s is %s', (type, a, b) => {
    expect(same('dns-content', a, b, withType(type))).toBe(true);
  });

  it.each([
    ['CNAME', 'origin.example.net', 'origin.example.org'],
    ['MX', '.', ''],
    ['TXT', 'v=Spf1 -all', 'v=spf1 -all'],
    ['A', '192.0.2.1', '192.0.2.01'],
    ['AAAA', '2001:db8::a', '2001:db8::b'],
    ['AAAA', '2001:db8::a]/', '2001:db8::a'],
    ['CAA', 'Issue', 'issue'],
  ])('of type %s: %s is not %s', (type, a, b) => {
    expect(same('dns-content', a, b, withType(type))).toBe(false);
  });

  it('of an unknown type are compared as they are written', () => {
    expect(same('dns-content', 'A.example', 'a.example', { recordType: null, zone: null })).toBe(false);
  });
});

describe('JSON, times and case', () => {
  it.each([
    ['json', '{"b": 1, "a": [1, 2]}', '{"a":[1,2],"b":1.0}', true],
    ['json', '{"a":[2,1]}', '{"a":[1,2]}', false],
    ['json', '{"a":1,"a":2}', '{"a":2}', false],
    ['json', '12345678901234567890', '12345678901234567891', false],
    ['json', 'no json', 'no  json', false],
    ['rfc3339', '2027-01-31T00:00:00Z', '2027-01-31T00:00:00+00:00', true],
    ['rfc3339', '2027-01-31T02:00:00+02:00', '2027-01-31T00:00:00.000Z', true],
    ['rfc3339', '2027-01-31T00:00:00Z', '2027-01-31T00:00:00+01:00', false],
    ['rfc3339', '2027-01-31T00:00:00Z', '2027-01-31T00:00:00.0000001Z', false],
    ['rfc3339', '2027-02-30T00:00:00Z', '2027-03-02T00:00:00Z', false],
    ['caseless', 'WEUR', 'weur', true],
    ['caseless', 'weur', 'eeur', false],
  ] as const)('%s: %s and %s: %s', (spelling, a, b, expected) => {
    expect(same(spelling, a, b)).toBe(expected);
  });
});

describe('a spelling', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const spelled = fc.constantFrom(
    (name: string) => name,
    (name: string) => name.toUpperCase(),
    (name: string) => `${name}.tea.example`,
    (name: string) => `${name.toUpperCase()}.Tea.Example.`,
  );

  it('of a name never makes another name of it, and no two names meet', () => {
    fc.assert(
      fc.property(label, label, spelled, spelled, (a, b, first, second) => {
        expect(same('dns-name', first(a), second(b))).toBe(a === b);
      }),
      { seed: 20_261_130, numRuns: 500 },
    );
  });

  it('is the same when it is spelled again', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        const once = canonicalSpelling('dns-name', text, inZone);
        expect(canonicalSpelling('dns-content', canonicalSpelling('dns-content', text, inZone), inZone)).toBe(
          canonicalSpelling('dns-content', text, inZone),
        );
        // A name that only a final dot keeps out of the zone stays out.
        expect(canonicalSpelling('dns-name', once, inZone)).toBe(once);
      }),
      { seed: 20_261_130, numRuns: 500 },
    );
  });
});
