/** HAR documents become requests, whatever parts they arrive in, and what is not a HAR is refused at its place. */
import { describe, expect, it } from 'vitest';
import type { BadEntry } from '../../../scripts/waf/traffic/bad-entry.ts';
import { harReader } from '../../../scripts/waf/traffic/har.ts';
import type { JsonFlaw } from '../../../scripts/waf/traffic/json-tokens.ts';
import type { TrafficRecord } from '../../../scripts/waf/traffic/record.ts';

interface Read {
  readonly requests: readonly (TrafficRecord | BadEntry)[];
  readonly flaw: JsonFlaw | null;
}

function read(parts: Iterable<string>): Read {
  const reader = harReader('shop.har');
  const requests: (TrafficRecord | BadEntry)[] = [];
  for (const part of parts) {
    const { requests: more, flaw } = reader.push(part);
    requests.push(...more);
    if (flaw !== null) {
      return { requests, flaw };
    }
  }
  return { requests, flaw: reader.end() };
}

const entry = {
  startedDateTime: '2026-11-25T10:00:00.250+01:00',
  time: 12.5,
  request: {
    method: 'POST',
    url: 'https://Shop.example/basket?item=1#top',
    httpVersion: 'h2',
    headers: [
      { name: ':authority', value: 'shop.example' },
      { name: 'user-agent', value: 'Mozilla "5.0" \\ é' },
      { name: 'cookie', value: 'session=a' },
    ],
    queryString: [{ name: 'item', value: '1' }],
    cookies: [],
    postData: { mimeType: 'text/plain', text: 'grün', params: [] },
    headersSize: -1,
    bodySize: 5,
  },
  response: { status: 200, content: { size: 3, text: '<html>"{}[]\\' }, headers: [] },
  serverIPAddress: '203.0.113.1',
  cache: {},
  timings: { send: 0, wait: -1, receive: 1e-3 },
};

function har(...entries: readonly unknown[]): string {
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'x' }, pages: [], entries } }, null, 1);
}

function withRequest(changes: object): object {
  return { ...entry, request: { ...entry.request, ...changes } };
}

function requestOf(changes: object) {
  const [first] = read([har(withRequest(changes))]).requests;
  return first !== undefined && 'request' in first ? first.request : first;
}

describe('a request of a HAR document', () => {
  it('keeps what is known, and of what is not known nothing', () => {
    expect(read([har(entry)])).toEqual({
      flaw: null,
      requests: [
        {
          id: 'shop.har#1',
          at: '2026-11-25T09:00:00.250Z',
          request: {
            method: 'POST',
            scheme: 'https',
            host: 'shop.example',
            target: '/basket?item=1',
            httpVersion: 'HTTP/2',
            headers: [
              ['host', 'shop.example'],
              ['user-agent', 'Mozilla "5.0" \\ é'],
              ['cookie', 'session=a'],
            ],
            hasAllHeaders: true,
            clientAddress: null,
            body: 'gr\u00c3\u00bcn',
            fields: {},
            normalizesUrls: true,
          },
          recorded: null,
        },
      ],
    });
  });

  it('does not take the headers for all when Cookie and Authorization may have been left out', () => {
    const headers = [{ name: 'user-agent', value: 'x' }];
    expect(requestOf({ headers })).toMatchObject({ hasAllHeaders: false });
  });

  it.each([
    ['HTTP/1.1', 'HTTP/1.1'],
    ['http/1.0', 'HTTP/1.0'],
    ['HTTP/2.0', 'HTTP/2'],
    ['h3-29', 'HTTP/3'],
    ['unknown', 'HTTP/2'],
  ])('knows the version %s as %s', (httpVersion, wanted) => {
    expect(requestOf({ httpVersion })).toMatchObject({ httpVersion: wanted });
  });

  it.each([
    ['longer than 128 KiB', { text: 'x'.repeat(128 * 1024 + 1) }, null],
    ['of 128 KiB', { text: 'x'.repeat(128 * 1024) }, 'x'.repeat(128 * 1024)],
    ['in Base64', { text: 'AP8=', encoding: 'base64' }, '\u0000\u00ff'],
    ['in what should be Base64', { text: '=?', encoding: 'base64' }, null],
    ['that was no text', { text: 'a\uFFFDb' }, null],
    ['of which only the names are known', { params: [{ name: 'a' }] }, null],
  ])('has a body %s', (_, postData, wanted) => {
    expect(requestOf({ postData })).toMatchObject({ body: wanted });
  });

  it('has no body when nothing was posted', () => {
    expect(requestOf({ method: 'GET', postData: undefined, bodySize: -1 })).toMatchObject({ body: '' });
  });

  it('has no time when the zone of its time is not written', () => {
    const { requests } = read([har({ ...entry, startedDateTime: '2026-11-25T10:00:00' })]);
    expect(requests).toMatchObject([{ at: null }]);
  });

  it('is named by its place among all entries, and is left out when no server was asked', () => {
    const data = withRequest({ url: 'data:text/plain,x' });
    expect(read([har(data, entry, withRequest({ url: 'wss://shop.example/live' }))]).requests).toMatchObject([
      { id: 'shop.har#2' },
      { id: 'shop.har#3', request: { scheme: 'https', target: '/live' } },
    ]);
  });

  it.each([
    ['no request', {}],
    ['no object', 7],
    ['no method', withRequest({ method: undefined })],
    ['a relative address', withRequest({ url: '/basket' })],
    ['headers that are none', withRequest({ headers: [{ name: 'a' }] })],
    ['headers that are an object', withRequest({ headers: { a: 'b' } })],
    [
      'more headers than any server takes',
      withRequest({ headers: Array.from({ length: 3000 }, () => ({ name: 'a', value: 'x'.repeat(500) })) }),
    ],
  ])('that has %s is bad, at its line, and the others are read', (_, bad) => {
    const { requests, flaw } = read([har(entry, bad, entry)]);
    expect(flaw).toBeNull();
    expect(requests).toMatchObject([{ id: 'shop.har#1' }, {}, { id: 'shop.har#3' }]);
    expect(requests[1]).toHaveProperty('bad');
    const lines = har(entry, bad, entry).split('\n');
    const starts = lines.flatMap((line, at) => (/^ {3}[{7]/.test(line) ? [at + 1] : []));
    expect(requests[1]).toHaveProperty('line', starts[1]);
  });
});

describe('parts', () => {
  const text = har(entry, { ...entry, response: { a: [true, false, null, -0.5e7, [], {}] } });
  const whole = read([text]);

  it.each([1, 2, 3, 7, 64])('of %i characters give what the whole gives', (length) => {
    const parts = Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
      text.slice(at * length, (at + 1) * length),
    );
    expect(read(parts)).toEqual(whole);
  });

  it('of an answer of 100 MB are forgotten', () => {
    const [before = '', after = ''] = har({ ...entry, response: { content: { text: 'HERE' } } }).split(
      'HERE',
    );
    const part = `${'x'.repeat(90)}\\u0041\\"\\n`.repeat(10_000);
    let told = 0;
    function* parts(): Generator<string> {
      yield before;
      for (let count = 0; count < 100; count += 1) {
        told += part.length;
        yield part;
      }
      yield after;
    }
    expect(read(parts())).toMatchObject({ flaw: null, requests: [{ id: 'shop.har#1' }] });
    expect(told).toBeGreaterThan(99_000_000);
  });
});

describe('what is refused', () => {
  it.each([
    ['an empty file', '', '1:1 the document ends before it is complete'],
    ['another document', '{"log": {}}', '1:1 it has no list log.entries'],
    ['entries that are not list', '{"log": {"entries": {}}}', '1:1 it has no list log.entries'],
    ['a list', '[]', '1:1 it has no list log.entries'],
    ['a truncated file', '{"log": {"entries": [\n{"a": "b', '2:9 the document ends before it is complete'],
    ['a missing comma', '{"log": {}\n "x": 1}', '2:2 this does not belong here'],
    ['a trailing comma', '{"log": [1,]}', '1:12 this does not belong here'],
    ['single quotes', "{'log': 1}", '1:2 this does not belong here'],
    ['a word that is none', '{"log": nope}', '1:9 this is not a value'],
    ['a number that is none', '{"log": 01}', '1:9 this is not a value'],
    ['a raw line break in a text', '{"log": "a\nb"}', '1:11 a line break or control character inside a text'],
    ['an unknown escape', '{"log": "a\\x"}', '1:12 unknown escape in a text'],
    ['half an escape', '{"log": "\\u12G4"}', '1:14 unknown escape in a text'],
    ['a second document', '{"log": {"entries": []}}\n{}', '2:1 something follows the end of the document'],
    ['endless nesting', '['.repeat(100_000), '1:513 the document is nested too deeply'],
  ])('%s', (_, text, wanted) => {
    const { flaw } = read([text]);
    expect(`${String(flaw?.line)}:${String(flaw?.column)} ${flaw?.message ?? ''}`).toBe(wanted);
    expect(read(text)).toEqual(read([text]));
  });
});
