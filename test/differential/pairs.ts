/** Expressions and requests to compare: every operator, literal form and function that the old engine may know. */
import * as fc from 'fast-check';
import type { RecordedRequest } from '../../scripts/waf/evaluate/request.ts';
import { expressionText } from '../waf/language/expression-arbitrary.ts';
import { plainRequest } from '../waf/evaluate/request-builder.ts';

/** Fields that every generated request tells, so that no answer depends on what is not recorded. */
export const comparedFields: readonly string[] = [
  'http.cookie',
  'http.host',
  'http.referer',
  'http.request.body.raw',
  'http.request.body.size',
  'http.request.body.form',
  'http.request.cookies',
  'http.request.full_uri',
  'http.request.headers',
  'http.request.headers.names',
  'http.request.headers.truncated',
  'http.request.headers.values',
  'http.request.method',
  'http.request.timestamp.sec',
  'http.request.uri',
  'http.request.uri.args',
  'http.request.uri.args.names',
  'http.request.uri.args.values',
  'http.request.uri.path',
  'http.request.uri.path.extension',
  'http.request.uri.query',
  'http.user_agent',
  'http.x_forwarded_for',
  'ip.src',
  'ip.src.asnum',
  'ip.src.country',
  'ssl',
  'cf.client.bot',
  'cf.edge.server_port',
];

const hosts = ['shop.example', 'Shop.Example', 'a', '', 'www.shop.example:8443'];
const targets = ['/', '/login', '/a/b.PHP?q=a&q=b&x-a=', '/api/v1/users?q=%2e', '/a%20b?flag', '/admin?Q=1'];
const addresses = ['10.0.0.1', '192.0.2.5', '255.255.255.255', '2001:db8::1', '::1', '::ffff:192.0.2.1'];
const texts = ['', 'a', 'Alpha', '/login', 'x"y', 'a\\b', 'ü', 'a b', 'shop.example', '{"a":1}'];

const text = fc.oneof(fc.constantFrom(...texts), fc.string({ unit: 'binary-ascii', maxLength: 8 }));

export const requests: fc.Arbitrary<RecordedRequest> = fc
  .record({
    host: fc.constantFrom(...hosts),
    target: fc.constantFrom(...targets),
    method: fc.constantFrom('GET', 'POST', 'get'),
    scheme: fc.constantFrom('http' as const, 'https' as const),
    clientAddress: fc.constantFrom(...addresses),
    body: text,
    agent: text,
    headers: fc.array(fc.tuple(fc.constantFrom('X-A', 'x-a', 'X-B', 'Referer', 'Cookie'), text), {
      maxLength: 5,
    }),
    asn: fc.constantFrom(0, 1, 8, 64_500, 2_147_483_647),
    country: fc.constantFrom('GB', 'gb', 'FR', ''),
    bot: fc.boolean(),
  })
  .map(({ agent, headers, asn, country, bot, ...request }) => ({
    ...plainRequest,
    ...request,
    headers: [['User-Agent', agent], ['Content-Type', 'application/x-www-form-urlencoded'], ...headers],
    fields: {
      'ip.src.asnum': asn,
      'ip.src.country': country,
      'cf.client.bot': bot,
      'cf.edge.server_port': 443,
      'http.request.timestamp.sec': 1_700_000_000,
    },
  }));

const stringLeft = fc.constantFrom(
  'http.host',
  'http.request.uri.path',
  'http.user_agent',
  'ip.src.country',
  'http.request.method',
  'lower(http.host)',
  'upper(http.request.uri.path)',
  'http.request.headers["x-a"][0]',
  'http.request.uri.args["q"][1]',
  'http.request.headers.names[0]',
  'http.request.headers["none"][0]',
  'url_decode(http.request.uri.path)',
  'remove_bytes(http.user_agent, "a/")',
);
const eachLeft = fc.constantFrom(
  'http.request.headers.names[*]',
  'http.request.headers["x-a"][*]',
  'http.request.headers["none"][*]',
  'http.request.headers[*][*]',
  'http.request.uri.args.values[*]',
  'lower(http.request.headers.names[*])',
);
const intLeft = fc.constantFrom(
  'ip.src.asnum',
  'cf.edge.server_port',
  'len(http.host)',
  'http.request.body.size',
);

const stringRight = fc.constantFrom(
  '"a"',
  '"shop.example"',
  '"GB"',
  '""',
  String.raw`"\x61"`,
  String.raw`"\141"`,
  String.raw`"x\"y"`,
  String.raw`"a\\b"`,
  '61:62',
  '2f:6c:6f:67:69:6e',
  '2f-6c-6f',
  '"ü"',
  '"/login"',
  '"Alpha"',
);
const patterns = fc.constantFrom(
  '"^/a"',
  '"(?i)SHOP"',
  String.raw`"\.php$"`,
  String.raw`"\\.php"`,
  '"[a-c]+"',
  '"a|b"',
  '"^$"',
  String.raw`"x\"y"`,
  '"[\\"x]+"',
  String.raw`"\d{2,3}"`,
  String.raw`"\w+\s\w+"`,
  '"(a)(b)?"',
  '"."',
  '"a{"',
  '"(?u)ü"',
  '"(?P<n>a)"',
  '"[[:alpha:]]"',
  '"[^a]"',
  '"(?s)."',
  '"(?x) a b "',
  String.raw`"\x61"`,
  String.raw`"\bshop\b"`,
  String.raw`"\/login"`,
  String.raw`"[\w-]+"`,
  '"(?i:S)hop"',
  '"a*?b"',
);
const intRight = fc.constantFrom('0', '1', '010', '0x1f', '8', '64500', '-1', '443', '2147483647');
const ipRight = fc.constantFrom('10.0.0.1', '192.0.2.5', '::1', '2001:db8::1', '::ffff:192.0.2.1');
const ipSets = fc.constantFrom(
  '{10.0.0.0/8}',
  '{192.0.2.0/24 ::1}',
  '{2001:db8::/32}',
  '{10.0.0.0..10.0.0.9 255.255.255.255}',
  '{::..::ffff}',
  '{0.0.0.0/0}',
  '{::/0}',
  '{}',
);
const intSets = fc.constantFrom('{1 8}', '{0..9}', '{64500 0x8}', '{010}', '{-5..5}', '{1 1}', '{}');
const stringSets = fc.constantFrom(
  '{"a" "GB"}',
  '{"a""GB"}',
  '{"/login"}',
  '{61:62 "b"}',
  '{}',
  '{"shop.example" "Alpha" ""}',
);

const gap = fc.constantFrom(' ', '  ', '\n', '\r\n', '');
const ordering = fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', '==', '!=', '<', '<=', '>', '>=');

function join(...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...parts).map((texts_) => texts_.join(''));
}

function comparisons(left: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const space = fc.constant(' ');
  return fc.oneof(
    join(left, space, ordering, gap, stringRight),
    join(left, space, fc.constant('contains'), gap, stringRight),
    join(left, space, fc.constantFrom('matches', '~'), gap, patterns),
    join(left, space, fc.constant('in'), gap, stringSets),
  );
}

const numbers = fc.oneof(
  join(intLeft, gap, fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '&'), gap, intRight),
  join(
    intLeft,
    fc.constant(' '),
    fc.constantFrom('eq', 'ne', 'lt', 'le', 'gt', 'ge', 'bitwise_and'),
    fc.constant(' '),
    intRight,
  ),
  join(intLeft, fc.constant(' in '), intSets),
);
const ips = fc.oneof(
  join(fc.constant('ip.src '), ordering, fc.constant(' '), ipRight),
  join(fc.constant('ip.src in '), ipSets),
);
const quantified = fc.oneof(
  join(fc.constantFrom('any(', 'all(', 'not any(', 'not all('), comparisons(eachLeft), fc.constant(')')),
  join(
    fc.constantFrom('any(lower(', 'all(upper('),
    fc.constant('http.request.headers.names[*])[*] eq '),
    stringRight,
    fc.constant(')'),
  ),
);
/** What is refused, or what people write by mistake: both sides must refuse it. */
const wrong = fc.constantFrom(
  'ssl eq true',
  'http.host eq shop',
  "http.host eq 'a'",
  'ip.src eq 10.0.0.0/8',
  'ip.src in {10.0.0.1/8}',
  'ip.src in {10.0.0.9..10.0.0.1}',
  'ip.src.asnum in {5..1}',
  'ip.src.asnum in {1, 2}',
  'http.request.headers.names contains "x"',
  'http.request.headers.names[*] eq "x"',
  'http.host not in {"a"}',
  'http.host AND ssl',
  'ssl and',
  '(ssl',
  'ssl)',
  '',
  'http.host eq "\\d"',
  'http.host eq "a',
  'http.host\teq "a"',
  'nope eq 1',
  'nope(http.host)',
  'ip.src.asnum eq "1"',
  'http.host eq 1',
  'len(http.host) contains "a"',
  'http.host matches "("',
  'http.host matches "a{2,1}"',
  'http.request.headers["a"] eq "b"',
  'http.request.headers[0] eq "b"',
  'http.request.headers[\'a\'][0] eq "b"',
  'http.request.headers.names[-1] eq "b"',
  'ip.src.asnum eq 99999999999999999999',
  'starts_with(http.host)',
  'starts_with(http.host, http.host)',
  'http.host starts_with "a"',
  'not',
  'ssl ssl',
  'ip.src lt 1',
  'ip.src contains "1"',
);
const plain = fc.constantFrom(
  'ssl',
  '!ssl',
  'notssl',
  'not(ssl)',
  'not not ssl',
  'cf.client.bot',
  '( ssl )',
  'starts_with(http.request.uri.path, "/a")',
  'ends_with(http.host, "example")',
  'http.request.headers.truncated',
  ' \n ssl \r\n',
  '\tssl',
);

const atoms = fc.oneof(comparisons(stringLeft), numbers, ips, quantified, plain);

const combined = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 3, arbitrary: atoms },
    join(fc.constantFrom('not ', '!', 'not(', '('), tie('expression')).map((one) =>
      one.startsWith('not(') || one.startsWith('(') ? `${one})` : one,
    ),
    join(
      tie('expression'),
      fc.constantFrom(' and ', ' or ', ' xor ', '&&', '||', '^^', ' && '),
      tie('expression'),
    ),
  ),
})).expression;

export const expressions: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: atoms },
  { weight: 4, arbitrary: combined },
  { weight: 2, arbitrary: expressionText },
  { weight: 1, arbitrary: wrong },
);
