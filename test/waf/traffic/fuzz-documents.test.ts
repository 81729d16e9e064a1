/**
 * Truncated, altered and random documents of requests: a reader answers, and never with anything but requests, bad entries
 * and a flaw. Reproducible by its seed; `SLUICE_FUZZ_RUNS` sets how many documents are tried.
 */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTrafficCases } from '../../../scripts/read/traffic/cases.ts';
import { readTrafficYaml } from '../../../scripts/read/traffic/document.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { BadEntry } from '../../../scripts/waf/traffic/bad-entry.ts';
import { harReader } from '../../../scripts/waf/traffic/har.ts';
import { readRawRequest } from '../../../scripts/waf/traffic/raw-request.ts';
import { readRecord, writeRecord } from '../../../scripts/waf/traffic/request-line.ts';
import type { TrafficRecord } from '../../../scripts/waf/traffic/record.ts';

const settings = { numRuns: Number(process.env['SLUICE_FUZZ_RUNS'] ?? 300), seed: 20_261_126 };

const har = JSON.stringify({
  log: {
    version: '1.2',
    entries: [
      {
        startedDateTime: '2026-11-25T10:00:00Z',
        request: {
          method: 'POST',
          url: 'https://shop.example/a?b=c',
          httpVersion: 'HTTP/1.1',
          headers: [{ name: 'Cookie', value: 'a="\u00fc\\' }],
          postData: { text: 'a=b', encoding: 'base64' },
          bodySize: -1,
        },
        response: { content: { text: 'x"y\n' }, list: [1.5e-3, null, true, []] },
      },
    ],
  },
});

const crs = `rule_id: 942100
tests:
  - test_id: 1
    stages:
      - input:
          headers: { Host: localhost, A: [1] }
          method: POST
          data: "a=b c\\x00"
      - stage: { input: { encoded_request: "R0VUIC8gSFRUUC8xLjENCkhvc3Q6IGENCg0KYg==" } }
  - test_title: a-2
    stages: [{ input: { encoded_data: "AA==", port: 81, version: 1.1 } }]
`;

const cases = `kind: sluice.traffic-cases
version: 1
client: acme
cases:
  - name: home
    why: The first page
    request:
      url: https://www.shop.example:443/a?b#c
      client: 192.0.2.1
      asn: 64500
      headers: { A: [b, c], Host: x }
      fields: { cf.waf.score: 1, ip.src: 192.0.2.1 }
`;

const raw =
  'POST http://a/b?c HTTP/1.1\r\nHost: a:80\r\nCookie: a=b; c\r\nContent-Type: a/b\r\n\r\nbody\u00ff';

/** The document with a piece replaced, cut short, or with pieces of itself put somewhere. */
function altered(text: string): fc.Arbitrary<string> {
  const place = fc.nat(text.length);
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '\\u',
      ',',
      ':',
      '\n',
      '- ',
      '&a ',
      '*a',
      '!!binary ',
      '%',
      '\0',
      '---\n',
      '__proto__: ',
      '\uFFFD',
      '\u2028',
      'null',
      '-',
      '1e999',
      '%ff',
    ),
    fc.tuple(place, place).map(([from, to]) => text.slice(Math.min(from, to), Math.max(from, to))),
  );
  const once = fc.tuple(place, fc.nat(20), piece);
  return fc
    .array(once, { minLength: 1, maxLength: 4 })
    .map((changes) =>
      changes.reduce((now, [at, length, put]) => now.slice(0, at) + put + now.slice(at + length), text),
    );
}

function documents(text: string): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: altered(text) },
    { weight: 2, arbitrary: fc.nat(text.length).map((length) => text.slice(0, length)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
    { weight: 1, arbitrary: fc.json() },
  );
}

/** What is wrong with a record for a replay, which builds its fields, and writes it and reads it again. */
function problemsOf(record: TrafficRecord): readonly string[] {
  const line = writeRecord(record);
  const again = readRecord(line);
  return [
    ...('bad' in again ? [again.bad] : writeRecord(again) === line ? [] : ['another one is read again']),
    ...(requestFields(record.request).fields.get('http.host') === '' ? ['no host'] : []),
  ];
}

function answerProblems(read: ReturnType<typeof readTrafficYaml>): readonly string[] {
  if (!read.ok) {
    return read.diagnostics.length === 0 ? ['refused without a reason'] : [];
  }
  return read.value.flatMap((item) =>
    'request' in item ? problemsOf(item) : item.line > 0 && item.bad !== '' ? [] : ['bad without a place'],
  );
}

function readHar(parts: readonly string[]) {
  const reader = harReader('x.har');
  const requests: (TrafficRecord | BadEntry)[] = [];
  for (const part of parts) {
    const read = reader.push(part);
    requests.push(...read.requests);
    if (read.flaw !== null) {
      return { requests, flaw: read.flaw };
    }
  }
  return { requests, flaw: reader.end() };
}

/** What the engine's own parser says. Of a name that is written twice it keeps one; the list may be in the other. */
function isHar(text: string): boolean {
  try {
    const entries = memberOf(memberOf(JSON.parse(text), 'log'), 'entries');
    return Array.isArray(entries) || /"entries"[\s\S]*"entries"|"log"[\s\S]*"log"/.test(text);
  } catch {
    return false;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

describe('fuzzing', () => {
  it('HAR, in parts', () => {
    fc.assert(
      fc.property(documents(har), fc.integer({ min: 1, max: 300 }), (text, length) => {
        const whole = readHar([text]);
        const parts = Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
          text.slice(at * length, (at + 1) * length),
        );
        expect(readHar(parts)).toEqual(whole);
        expect(whole.flaw === null).toBe(isHar(text));
        expect(whole.requests.flatMap((item) => ('request' in item ? problemsOf(item) : []))).toEqual([]);
      }),
      settings,
    );
  });

  it('regression tests of the Core Rule Set', () => {
    fc.assert(
      fc.property(documents(crs), (text) => {
        expect(answerProblems(readTrafficYaml(text, 'crs/942100.yaml'))).toEqual([]);
      }),
      settings,
    );
  });

  it('must-pass cases', () => {
    fc.assert(
      fc.property(documents(cases), (text) => {
        expect(answerProblems(readTrafficYaml(text, 'shop.yaml'))).toEqual([]);
        const read = readTrafficCases(text, 'stacks/clients/acme/traffic/shop.yaml');
        expect(read.ok || read.diagnostics.length > 0).toBe(true);
      }),
      settings,
    );
  });

  it('raw requests', () => {
    fc.assert(
      fc.property(documents(raw), (text) => {
        const read = readRawRequest(text.replaceAll(/[^ -\u00ff\s]/g, '?'), 'http');
        const problems =
          'bad' in read ? [] : problemsOf({ id: 'x', at: null, recorded: null, request: read.request });
        expect(problems).toEqual([]);
      }),
      settings,
    );
  });
});
