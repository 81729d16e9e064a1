/** The rule that a move becomes matches the requests that it is meant for, and no other. */
import { describe, expect, it } from 'vitest';
import { expressionOf, known, titleOf } from '../../scripts/emergency/moves.ts';
import { readRequest } from '../../scripts/emergency/request.ts';
import type { RecordedRequest } from '../../scripts/waf/evaluate/request.ts';
import { parseFilter } from '../../scripts/waf/language/parser.ts';
import { evaluate, plainRequest } from '../waf/evaluate/request-builder.ts';

function expressionFor(text: string): string {
  const read = readRequest(text);
  if (!read.ok || !('target' in read.request)) {
    throw new Error(`${text} has no target`);
  }
  return expressionOf(read.request.target);
}

const at = (target: string): Partial<RecordedRequest> => ({ target });
const from = (clientAddress: string): Partial<RecordedRequest> => ({ clientAddress });
const withFields = (fields: RecordedRequest['fields'], target = '/'): Partial<RecordedRequest> => ({
  target,
  fields: { ...plainRequest.fields, ...fields },
});
const by = (agent: string): Partial<RecordedRequest> => ({
  headers: [
    ['Host', 'shop.example'],
    ['User-Agent', agent],
  ],
});

type Case = readonly [
  text: string,
  matched: readonly Partial<RecordedRequest>[],
  letPast: readonly Partial<RecordedRequest>[],
];

const cases: readonly Case[] = [
  ['block 198.51.100.7', [{}], [from('198.51.100.8'), from('2001:db8::7')]],
  ['block 198.51.100.0/24', [{}, from('198.51.100.255')], [from('198.51.101.0')]],
  ['challenge 2001:db8::/32', [from('2001:db8::1')], [{}, from('2001:db9::1')]],
  ['block ASN 64500', [{}], [withFields({ 'ip.src.asnum': 64_501 })]],
  [
    'block ASN 64500 on /login',
    [at('/login'), at('/login/'), at('/login/x'), at('/login?next=/')],
    [at('/'), at('/logins'), at('/a/login'), withFields({ 'ip.src.asnum': 64_501 }, '/login')],
  ],
  [
    'challenge country KP on /login',
    [withFields({ 'ip.src.country': 'KP' }, '/login')],
    [at('/login'), withFields({ 'ip.src.country': 'KP' }, '/')],
  ],
  ['block agent "BadBot/1.0"', [by('x badbot/1.0 y'), by('BADBOT/1.0')], [{}, by('badbot/2.0'), by('')]],
  [
    'block path /old-checkout/',
    [at('/old-checkout'), at('/old-checkout/a')],
    [at('/old-checkouts'), at('/')],
  ],
  ['block 198.51.100.7 on shop.example', [{}], [{ host: 'www.shop.example' }, { host: 'shop.example.net' }]],
  [
    'limit path /login to 20 a minute on shop.example',
    [at('/login')],
    [at('/'), { ...at('/login'), host: 'a.example' }],
  ],
];

describe('the expression of a move', () => {
  it.each(cases)('%s matches exactly what it says', (text, matched, letPast) => {
    const expression = expressionFor(text);
    expect(parseFilter(expression).diagnostics).toEqual([]);
    expect(matched.map((request) => evaluate(expression, request))).toEqual(matched.map(() => true));
    expect(letPast.map((request) => evaluate(expression, request))).toEqual(letPast.map(() => false));
  });
});

it('is said as people say it', () => {
  const titles = known.map(({ example }) => {
    const read = readRequest(example);
    return read.ok ? titleOf(read.request) : null;
  });
  expect(titles).toEqual([
    'Block 198.51.100.7',
    'Block AS64496 on /login',
    'Challenge country KP on /login',
    'Block agent "badbot/1.0"',
    'Block /old-checkout',
    'Limit /login to 20 requests a minute for each address',
    'Under Attack mode',
    'Switch off the rule block-dotfiles',
    'Roll back R0006',
  ]);
});
