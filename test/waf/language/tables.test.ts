import { describe, expect, it } from 'vitest';
import fieldData from '../../../scripts/waf/language/fields.json' with { type: 'json' };
import functionData from '../../../scripts/waf/language/functions.json' with { type: 'json' };
import { readListItems } from '../../../scripts/waf/evaluate/lists.ts';
import {
  allFields,
  allFunctions,
  fieldFact,
  functionFact,
  planAtLeast,
  plans,
} from '../../../scripts/waf/language/tables.ts';
import { typeName } from '../../../scripts/waf/language/value-type.ts';

describe('fields and functions', () => {
  it('names a source that is described, and a date or null, for every entry', () => {
    for (const entry of [...fieldData.fields, ...functionData.functions]) {
      const sources = 'params' in entry ? functionData.sources : fieldData.sources;
      expect(Object.keys(sources)).toContain(entry.source);
      expect(entry.since === null || /^20[0-9]{2}-[01][0-9]-[0-3][0-9]$/u.test(entry.since)).toBe(true);
      expect(plans).toContain(entry.plan);
    }
  });

  it('has each name once per scope, in order', () => {
    const keys = allFields.map((field) => `${field.name} ${field.scope}`);
    expect(keys).toStrictEqual([...new Set(keys)].toSorted());
    const names = allFunctions.map(({ name }) => name);
    expect(names).toStrictEqual([...new Set(names)].toSorted());
  });

  it('knows the type of every field', () => {
    expect(allFields.filter((field) => typeName(field.type).includes('unknown'))).toStrictEqual([]);
    expect(allFields.length).toBeGreaterThan(200);
  });

  it('replaces deprecated fields by fields that exist', () => {
    for (const { replacedBy } of allFields) {
      expect(replacedBy === null || fieldFact(replacedBy) !== undefined).toBe(true);
    }
  });

  it('has the fields of the network firewall apart', () => {
    expect(fieldFact('ip.src')?.scope).toBe('http-request');
    expect(fieldFact('ip.src', 'magic_transit')?.scope).toBe('network-l4');
    expect(fieldFact('nope')).toBeUndefined();
    expect(functionFact('coalesce')?.since).toBe('2026-10-01');
    expect(planAtLeast('business', 'pro') && !planAtLeast('pro', 'business')).toBe(true);
  });
});

function contains(
  kind: 'ip' | 'asn' | 'hostname',
  items: readonly string[],
  value: string | number,
): boolean {
  const list = readListItems(kind, items);
  return list.ok && list.value.contains(value);
}

describe('lists', () => {
  it('contains addresses of its blocks', () => {
    const list = readListItems('ip', ['10.0.0.0/8', '2001:db8::/32', '192.0.2.7']);
    const at = (family: 4 | 6, value: bigint): boolean => list.ok && list.value.contains({ family, value });
    expect(at(4, 0x0a010203n)).toBe(true);
    expect(at(4, 0xc0000207n)).toBe(true);
    expect(at(4, 0xc0000208n)).toBe(false);
    expect(at(6, 0x20010db8n << 96n)).toBe(true);
    expect(at(6, 0x0a010203n)).toBe(false);
  });

  it('contains numbers, names and subdomains', () => {
    expect(contains('asn', ['64500'], 64_500)).toBe(true);
    expect(contains('asn', ['64500'], 64_501)).toBe(false);
    expect(contains('hostname', ['shop.example'], 'SHOP.example:8080')).toBe(true);
    expect(contains('hostname', ['shop.example'], 'a.shop.example')).toBe(false);
    expect(contains('hostname', ['*.shop.example'], 'a.b.shop.example')).toBe(true);
    expect(contains('hostname', ['*.shop.example'], 'shop.example')).toBe(false);
  });

  it('is not used at all when an item is not of its kind', () => {
    expect(readListItems('ip', ['10.0.0.0/8', '10.0.0.0/33', 'x'])).toStrictEqual({
      ok: false,
      badItems: ['10.0.0.0/33', 'x'],
    });
    expect(readListItems('asn', ['AS1'])).toMatchObject({ ok: false });
    expect(readListItems('hostname', ['https://a.example/'])).toMatchObject({ ok: false });
  });
});
