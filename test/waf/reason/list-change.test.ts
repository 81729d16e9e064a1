/** What a change of a list does to an expression that names it. */
import { describe, expect, it } from 'vitest';
import { compareThroughList } from '../by-text.ts';

type Items = readonly string[] | null;

function changed(expression: string, before: Items, after: Items, kind = 'ip') {
  return compareThroughList(expression, {
    kind,
    name: 'l',
    before: { items: before },
    after: { items: after },
  });
}

const inList = 'ip.src in $l';
const notInList = 'not ip.src in $l';

describe('an expression that names a list', () => {
  it.each<[string, string, Items, Items, string]>([
    ['gets narrower when the list is emptied', inList, ['192.0.2.1'], [], 'narrower'],
    ['gets wider when what it excepts is emptied', notInList, ['192.0.2.1'], [], 'wider'],
    ['gets wider when the list grows', inList, ['192.0.2.1'], ['192.0.2.1', '192.0.2.2'], 'wider'],
    ['gets both when items are swapped', inList, ['192.0.2.1'], ['192.0.2.2'], 'different'],
    [
      'stays when the items only come in another order',
      inList,
      ['192.0.2.1', '::1'],
      ['::1', '192.0.2.1'],
      'equivalent',
    ],
    [
      'stays when the network of what goes is there',
      inList,
      ['192.0.2.1', '192.0.2.0/24'],
      ['192.0.2.0/24'],
      'equivalent',
    ],
    ['stays when it names another list', 'ip.src in $other', ['192.0.2.1'], [], 'equivalent'],
    [
      'stays when the rest of it cannot hold',
      `${inList} and ssl and not ssl`,
      ['192.0.2.1'],
      [],
      'equivalent',
    ],
  ])('%s', (...[, expression, before, after, relation]) => {
    expect(changed(expression, before, after).relation).toBe(relation);
  });

  it('is shown with an item that went', () => {
    const { gained } = changed(notInList, ['192.0.2.1', '198.51.100.0/24'], ['198.51.100.0/24']);
    expect(gained?.request.clientAddress).toBe('192.0.2.1');
  });

  it.each<[string, string, Items, Items]>([
    ['numbers', 'ip.src.asnum in $l', ['64500'], []],
    ['hosts', 'http.host in $l', ['www.shop.example'], []],
  ])('is read for lists of %s', (what, expression, before, after) => {
    expect(changed(expression, before, after, what === 'hosts' ? 'hostname' : 'asn').relation).toBe(
      'narrower',
    );
  });

  it('is looked for inside any()', () => {
    const text = 'any(http.request.headers["x-host"][*] in $l)';
    expect(changed(text, ['a.example'], [], 'hostname').gains).not.toBe('yes');
  });

  it.each<[string, Items, Items]>([
    ['before', null, ['192.0.2.1']],
    ['after', ['192.0.2.1'], null],
  ])('cannot be told apart when the items are not known %s', (_, before, after) => {
    expect(changed(inList, before, after).relation).toBe('unknown');
  });

  it('loses everything when a list of unknown items is emptied', () => {
    expect(changed(inList, null, []).loses).toBe('yes');
  });

  it('rules nothing out of which not every item was looked at', () => {
    const many = Array.from({ length: 60 }, (_, n) => `192.0.2.${String(n)}`);
    const { gains, loses } = changed(inList, [...many, '203.0.113.1'], ['203.0.113.1']);
    expect({ gains, loses }).toEqual({ gains: 'unknown', loses: 'yes' });
    expect(changed(inList, [...many.slice(0, 30), '203.0.113.1'], ['203.0.113.1']).gains).toBe('no');
  });

  it('is unknown when Cloudflare would not take it', () => {
    expect(changed('ip.src in', ['192.0.2.1'], []).relation).toBe('unknown');
  });
});
