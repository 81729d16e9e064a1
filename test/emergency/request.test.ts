/** The words of an emergency: every form is understood as it is meant, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { known } from '../../scripts/emergency/moves.ts';
import { readRequest } from '../../scripts/emergency/request.ts';

const target = (who: object | null, path: string | null = null, host: string | null = null) => ({
  who,
  path,
  host,
});
const address = { kind: 'address', value: '198.51.100.7' };
const network = { kind: 'network', number: 64_496 };
const country = { kind: 'country', code: 'KP' };
const agent = { kind: 'agent', text: 'badbot/1.0' };

const examples: Readonly<Record<string, object>> = {
  'block 198.51.100.7': { move: 'block', target: target(address) },
  'block ASN 64496 on /login': { move: 'block', target: target(network, '/login') },
  'challenge country KP on /login': { move: 'challenge', target: target(country, '/login') },
  'block agent "badbot/1.0"': { move: 'block', target: target(agent) },
  'block path /old-checkout': { move: 'block', target: target(null, '/old-checkout') },
  'limit path /login to 20 a minute': { move: 'limit', perMinute: 20, target: target(null, '/login') },
  'under attack': { move: 'under-attack', host: null },
  'disable rule block-dotfiles': { move: 'disable', ref: 'block-dotfiles' },
  'roll back R0006': { move: 'roll-back', release: 'R0006' },
};

describe('the forms of the catalogue', () => {
  it('have an example each that is understood as it is meant', () => {
    const read = known.map(({ example }) => [example, readRequest(example)]);
    expect(Object.fromEntries(read)).toEqual(
      Object.fromEntries(Object.entries(examples).map(([text, request]) => [text, { ok: true, request }])),
    );
  });

  it.each([
    ['198.51.100.7', address],
    ['198.51.100.0/24', { kind: 'address', value: '198.51.100.0/24' }],
    ['2001:db8::/32', { kind: 'address', value: '2001:db8::/32' }],
    ['ASN 64496', network],
    ['asn 64496', network],
    ['country KP', country],
    ['agent "badbot/1.0"', agent],
  ])('block and challenge %s anywhere, on a path, on a host, and on both in any order', (text, who) => {
    for (const move of ['block', 'challenge']) {
      const read = (scope: string) => readRequest(`${move} ${text}${scope}`);
      const as = (...scope: readonly (string | null)[]) => ({
        ok: true,
        request: { move, target: target(who, scope[0], scope[1]) },
      });
      expect(read('')).toEqual(as(null, null));
      expect(read(' on /login')).toEqual(as('/login', null));
      expect(read(' on www.shop.example')).toEqual(as(null, 'www.shop.example'));
      expect(read(' on /login on www.shop.example')).toEqual(as('/login', 'www.shop.example'));
      expect(read(' on www.shop.example on /login')).toEqual(as('/login', 'www.shop.example'));
    }
  });

  it.each([
    ['block path /a', { move: 'block', target: target(null, '/a', 'www.shop.example') }],
    [
      'limit path /a to 5 a minute',
      { move: 'limit', perMinute: 5, target: target(null, '/a', 'www.shop.example') },
    ],
    ['under attack', { move: 'under-attack', host: 'www.shop.example' }],
  ])('%s is said of a host as well, and of no second path', (text, request) => {
    expect(readRequest(`${text} on www.shop.example`)).toEqual({ ok: true, request });
    expect(readRequest(`${text} on /b`)).toEqual({ ok: false, at: text.length + 4, expected: 'a host' });
  });
});

const verbs = 'block, challenge, limit, under attack, disable rule or roll back';
const subjects = 'an address, ASN, country, agent or path';
const addresses = 'an address or a network, as 198.51.100.7 or 198.51.100.0/24';
const quotes = 'a part of the user agent in quotes, 3 to 200 characters';

describe('what is not understood', () => {
  it.each([
    ['', 0, verbs],
    ['   ', 3, verbs],
    ['drop 198.51.100.7', 0, verbs],
    ['Block 198.51.100.7', 0, verbs],
    ['block', 5, subjects],
    ['block everybody', 6, subjects],
    ['block "198.51.100.7"', 6, subjects],
    ['block 0.0.0.0/0', 6, addresses],
    ['block ::/0', 6, addresses],
    ['block 198.51.100.0/33', 6, addresses],
    ['block 198.51.100.300', 6, addresses],
    ['block 198.51.100.7} or true', 6, subjects],
    ['block 198.51.100.7 now', 19, 'nothing more'],
    ['block 198.51.100.7 on', 21, 'a path or a host'],
    ['block 198.51.100.7 on login', 22, 'a path, as /login, or a host'],
    ['block 198.51.100.7 on /a on /b', 28, 'a host'],
    ['block 198.51.100.7 on a.example on b.example', 35, 'a path, as /login, or a host'],
    ['block ASN sixty', 10, 'the number of a network, as 64496'],
    ['block ASN 0', 10, 'the number of a network, as 64496'],
    ['block country kp', 14, 'a code of two capitals, as KP'],
    ['block agent "badbot', 12, quotes],
    ['block agent bad"bot', 12, quotes],
    ['block agent "ab"', 12, quotes],
    [String.raw`block agent "a\x22 or true"`, 12, quotes],
    ['block agent "badbot" or true', 21, 'nothing more'],
    ['block path login', 11, 'a path, as /login'],
    ['block path /a"/or/true', 11, 'a path, as /login'],
    ['block path /', 11, 'a path, as /login'],
    ['limit path /login to many a minute', 21, 'a number of requests'],
    ['limit path /login to 20 a second', 26, '"minute"'],
    ['limit /login to 20 a minute', 6, '"path"'],
    ['under siege', 6, '"attack"'],
    ['disable block-dotfiles', 8, '"rule"'],
    ["disable rule x'", 13, 'the ref of a rule, as block-dotfiles'],
    ['roll back yesterday', 10, 'a release, as R0006'],
  ])('%s: after %i characters, expected %s', (text, at, expected) => {
    expect(readRequest(text)).toEqual({ ok: false, at, expected });
  });
});
