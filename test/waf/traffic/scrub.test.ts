/** No secret survives the reading of recorded traffic, and no verdict rests on what was taken out. */
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';
import { scrubRequest } from '../../../scripts/waf/traffic/scrub.ts';
import { writeRecord } from '../../../scripts/waf/traffic/request-line.ts';
import { plainRequest } from '../evaluate/request-builder.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const random = 'Zk3aB9xQ0mW2eR7tY1uI5oP8sD4fG6hJkL3zXcV9bN';

function scrubbed(changes: Partial<RecordedRequest>): RecordedRequest {
  return scrubRequest({ ...plainRequest, headers: [], ...changes });
}

function truth(request: RecordedRequest, expression: string): boolean | string {
  const found = compileFilter(parseFilter(expression).expression)(requestFields(request));
  return found instanceof Unknown ? found.causes.join(' ') : found;
}

describe('secrets', () => {
  it.each<[string, string, Partial<RecordedRequest>]>([
    ['a token in the query', 's3cr3t', { target: '/a?token=s3cr3t&b=1' }],
    ['an access token in the query', 's3cr3t', { target: '/a?x=1&access_token=s3cr3t' }],
    ['a password in a form', 's3cr3t', { body: 'user=a&password=s3cr3t' }],
    ['a nested name', 's3cr3t', { target: '/a?user[password]=s3cr3t' }],
    ['a one-time code', '123456', { target: '/a?otp=123456' }],
    ['a token of JSON in the path', jwt, { target: `/a/${jwt}/b` }],
    ['a token of JSON in the agent', jwt, { headers: [['User-Agent', jwt]] }],
    ['a random key in the query', random, { target: `/a?q=${random}` }],
    ['a random key in the path', random, { target: `/invite/${random}` }],
    ['a mail address', 'ann@shop.example', { target: '/a?q=ann@shop.example' }],
    ['an encoded mail address', 'ann%40shop.example', { target: '/a?q=ann%40shop.example' }],
    ['a card number', '4111111111111111', { body: 'n=4111111111111111' }],
    ['a card number with blanks', '4111 1111 1111 1111', { body: '{"n":"4111 1111 1111 1111"}' }],
    ['the user of a URL', 'ann:pw', { headers: [['Referer', 'https://ann:pw@shop.example/']] }],
    ['a token in the referer', 's3cr3t', { headers: [['Referer', 'https://shop.example/?session=s3cr3t']] }],
    ['basic authorization', 'YTpi', { headers: [['Authorization', 'Basic YTpi']] }],
    ['a key in a header', 's3cr3t', { headers: [['X-Api-Key', 's3cr3t']] }],
    ['any header named token', 's3cr3t', { headers: [['X-Shop-Token', 's3cr3t']] }],
    ['cookies', 's3cr3t', { headers: [['Cookie', 'a=s3cr3t; b=s3cr3t']] }],
    ['a member of JSON', 's3cr3t', { body: '{"user":"a","password":"s3cr3t"}' }],
    ['a number in JSON', '4711', { body: '{"pin": 4711}' }],
    [
      'a part of a form',
      's3cr3t',
      { body: '--b\r\nContent-Disposition: form-data; name="password"\r\n\r\ns3cr3t\r\n--b--' },
    ],
    ['a name of several words', 's3cr3t', { target: '/a?newPassword=s3cr3t' }],
    ['a session of PHP', 's3cr3t', { target: '/a?PHPSESSID=s3cr3t' }],
    ['a credential of a signed URL', 's3cr3t', { target: '/a?X-Amz-Credential=s3cr3t' }],
    ['a key', 's3cr3t', { target: '/a?access_key=s3cr3t' }],
    [
      'headers named key',
      's3cr3t',
      {
        headers: [
          ['Api-Key', 's3cr3t'],
          ['X-Auth-Key', 's3cr3t'],
        ],
      },
    ],
    ['a cookie without a name', 's3cr3t', { headers: [['Cookie', 's3cr3t']] }],
    ['a text of a field', 's3cr3t', { fields: { 'http.request.full_uri': 'https://a/?password=s3cr3t' } }],
    ['cookies of a log', 's3cr3t', { fields: { 'http.request.cookies': { a: ['s3cr3t'] } } }],
  ])('%s is taken out', (_, secret, changes) => {
    const request = scrubbed(changes);
    expect(JSON.stringify({ ...plainRequest, ...changes })).toContain(secret);
    expect(writeRecord({ id: 'a', at: null, request, recorded: null })).not.toContain(secret);
    expect(scrubRequest(request)).toEqual(request);
  });

  it.each<[string, Partial<RecordedRequest>]>([
    [
      'digests in names of assets',
      {
        target:
          '/assets/app.4f2c9d8e7a6b5c4d3e2f1a0b9c8d7e6f4f2c9d8e7a6b5c4d.js?v=4f2c9d8e7a6b5c4d3e2f1a0b9c8d7e6f',
      },
    ],
    ['attacks', { target: "/a?id=1'+union+select+1,2,3--&q=<script>alert(1)</script>" }],
    ['numbers that are not cards', { target: '/a?n=4111111111111112&order=2026112600001' }],
    ['names that only begin like one', { target: '/a?keyboard=qwerty&codec=h264&passenger=2' }],
    ['an empty secret', { target: '/a?token=' }],
    ['addresses of clients', { clientAddress: '198.51.100.7' }],
    ['the agent of a bot with an address', { headers: [['User-Agent', 'bot (+bot@crawler.example)']] }],
  ])('%s stay', (_, changes) => {
    const request = { ...plainRequest, headers: [], ...changes };
    expect(scrubRequest(request)).toBe(request);
  });
});

describe('a rule that looks at what was taken out', () => {
  const request = scrubbed({
    target: '/a?token=s3cr3t&b=1',
    headers: [
      ['Cookie', 'session=s3cr3t'],
      ['X-Api-Key', 'k'],
      ['X-Other', '1'],
      ['Content-Type', 'application/x-www-form-urlencoded'],
    ],
    body: 'password=s3cr3t&c=1',
  });

  it.each([
    ['http.request.uri.query contains "s3"', 'http.request.uri.query'],
    ['http.request.uri contains "s3"', 'http.request.uri'],
    ['http.request.full_uri contains "s3"', 'http.request.full_uri'],
    ['any(http.request.uri.args["token"][*] eq "x")', 'http.request.uri.args["token"]'],
    ['any(http.request.uri.args["b"][*] eq "1")', true],
    ['any(http.request.uri.args["none"][*] eq "1")', false],
    ['any(http.request.uri.args.names[*] eq "token")', true],
    ['any(http.request.uri.args.values[*] eq "1")', 'http.request.uri.args.values'],
    ['http.request.uri.path eq "/a"', true],
    ['has_key(http.request.uri.args, "token")', true],
    ['has_key(http.request.uri.args, "none")', false],
    ['http.cookie contains "session"', 'http.cookie'],
    ['any(http.request.cookies["session"][*] eq "x")', 'http.request.cookies["session"]'],
    ['any(http.request.cookies["none"][*] eq "x")', false],
    ['any(http.request.headers["x-api-key"][*] eq "k")', 'http.request.headers["x-api-key"]'],
    ['any(http.request.headers["x-other"][*] eq "1")', true],
    ['any(http.request.headers.names[*] eq "X-Api-Key")', true],
    ['http.request.body.raw contains "pass"', 'http.request.body.raw'],
    ['http.request.body.size gt 3', 'http.request.body.size'],
    ['any(http.request.body.form["c"][*] eq "1")', true],
    ['any(http.request.body.form["password"][*] eq "x")', 'http.request.body.form["password"]'],
  ])('%s is %s', (expression, expected) => {
    expect(truth(request, expression)).toBe(expected);
  });
});
