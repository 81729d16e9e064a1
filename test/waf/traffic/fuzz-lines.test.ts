/** Readers of lines on damaged, cut and made-up input: a request or a reason, never a crash, and no secret in what comes out. */
import { array, assert, constantFrom, integer, property, string, tuple } from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import { detectLineFormat, lineReader } from '../../../scripts/waf/traffic/lines.ts';
import type { LineFormat } from '../../../scripts/waf/traffic/lines.ts';
import { readRecord, writeRecord } from '../../../scripts/waf/traffic/request-line.ts';
import { scrubRequest } from '../../../scripts/waf/traffic/scrub.ts';
import { plainRequest } from '../evaluate/request-builder.ts';

const numRuns = Number(process.env['SLUICE_FUZZ_RUNS'] ?? 1500);

const good: Readonly<Record<LineFormat, string>> = {
  sluice: writeRecord({ id: 'a', at: null, request: plainRequest, recorded: null }),
  'logpush-http-requests':
    '{"RayID":"r","EdgeStartTimestamp":1795600000,"ClientIP":"198.51.100.7","ClientRequestHost":"shop.example","ClientRequestMethod":"GET","ClientRequestURI":"/a?b=1&token=x","Cookies":{"a":"b"},"RequestHeaders":{"x":"y"},"BotScore":3,"SecurityActions":["block"]}',
  'logpush-firewall-events':
    '{"Action":"block","MatchIndex":0,"ClientRequestHost":"shop.example","ClientRequestMethod":"GET","ClientRequestPath":"/","ClientRequestQuery":"?a=ann@shop.example"}',
  'access-log':
    'shop.example 198.51.100.7 - - [26/Nov/2026:10:00:00 +0000] "GET /a?card=4111111111111111 HTTP/1.1" 200 5 "https://a:b@c/" "x \\x22"',
};
const formats = Object.keys(good) as readonly LineFormat[];

const scraps = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  '\\',
  '\\u0000',
  '\0',
  '\u{d800}',
  '@',
  '%40',
  '=',
  '&',
  '?',
  'eyJ',
  '4111111111111111',
  '1e999',
  '-0',
  'null',
  'true',
  '__proto__',
  'constructor',
  ' ',
  '\t',
  '[26/',
  'GET ',
];

/** A good line with pieces cut out, put in and written over. */
const damaged = tuple(
  constantFrom(...formats),
  array(tuple(integer({ min: 0, max: 400 }), integer({ min: 0, max: 40 }), constantFrom(...scraps)), {
    maxLength: 6,
  }),
).map(([format, edits]) => ({
  format,
  line: edits.reduce(
    (text, [at, length, scrap]) => text.slice(0, at) + scrap + text.slice(at + length),
    good[format],
  ),
}));

/** What is wrong with what was read; a line that is bad, with a reason, is read as it should be. */
function wrongWith(format: LineFormat, line: string): readonly string[] {
  const read = lineReader(format, 'shop.example').read(line, { file: 'f', line: 1 });
  if (read === null || 'bad' in read) {
    return read?.bad === '' ? ['no reason'] : [];
  }
  if ('apart' in read) {
    return [];
  }
  const again = readRecord(writeRecord(read));
  return [
    ...(requestFields(read.request).fields.size > 5 ? [] : ['fields are missing']),
    ...(isDeepStrictEqual(scrubRequest(read.request), read.request) ? [] : ['a secret is left']),
    ...(isDeepStrictEqual(again, JSON.parse(JSON.stringify(read))) ? [] : ['it is not what was written']),
  ];
}

describe('readers of lines', () => {
  it('take damaged lines', () => {
    assert(
      property(damaged, ({ format, line }) => {
        expect(wrongWith(format, line)).toEqual([]);
        detectLineFormat(line);
      }),
      { numRuns, seed: 11 },
    );
  });

  it('take anything', () => {
    assert(
      property(constantFrom(...formats), string({ unit: 'binary', maxLength: 300 }), (format, line) => {
        expect(wrongWith(format, line)).toEqual([]);
        detectLineFormat(line);
      }),
      { numRuns, seed: 12 },
    );
  });

  it.each(formats)('%s: read whole, each in the number of characters that it has', (format) => {
    expect(wrongWith(format, good[format])).toEqual([]);
    const read = lineReader(format, null).read(good[format], { file: 'f', line: 1 });
    expect(read !== null && !('bad' in read)).toBe(true);
    for (const scrap of ['a', ' ', '"', '\\', '@', '=', 'a.', '4 ', '-', '[', 'eyJ', 'A1b', '%40']) {
      expect(wrongWith(format, scrap.repeat(60_000))).toEqual([]);
      const host = good[format].replace('shop.example', scrap.replaceAll(/["\\]/gu, 'x').repeat(20_000));
      expect(wrongWith(format, host)).toEqual([]);
    }
  });
});
