/** The compiled evaluation answers as the plain one does. `SLUICE_FUZZ_RUNS` sets how many pairs are tried. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter, defaultSettings } from '../../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';
import { expressionText } from '../language/expression-arbitrary.ts';
import { fuzzRuns } from '../language/fuzz-runs.ts';
import { naiveAnswer } from './naive-evaluator.ts';
import { plainRequest } from './request-builder.ts';

const text = fc.constantFrom(
  '',
  'a',
  'Alpha',
  '/login',
  'a"b',
  'shop.example',
  'ü',
  '/a',
  '%252e',
  'admin',
  '12',
);

/** Requests of which some tell everything and some leave things out. */
const requests: fc.Arbitrary<RecordedRequest> = fc
  .record({
    host: fc.constantFrom('shop.example', 'a', ''),
    target: fc.constantFrom('/', '/login', '/a/x/b.php?q=a&q=&x', '/api/v1?q=%2e'),
    scheme: fc.constantFrom('http' as const, 'https' as const),
    clientAddress: fc.constantFrom('10.1.2.3', '192.0.2.5', '2001:db8::1', '::1', null),
    hasAllHeaders: fc.boolean(),
    values: fc.array(text, { maxLength: 3 }),
    headers: fc.array(fc.tuple(fc.constantFrom('Referer', 'User-Agent'), text), { maxLength: 2 }),
    asn: fc.constantFrom(0, 3, 17, 31, 401, null),
    port: fc.constantFrom(80, 443),
  })
  .map(({ values, headers, asn, port, ...rest }) => ({
    ...plainRequest,
    ...rest,
    headers: [...values.map((value) => ['X-A', value] as const), ...headers],
    fields: {
      ...(asn === null ? {} : { 'ip.src.asnum': asn }),
      'cf.edge.server_port': port,
      'http.request.timestamp.sec': 5,
    },
  }));

describe('compiled and plain evaluation', () => {
  it('agree on random expressions and requests, also about what cannot be told', () => {
    fc.assert(
      fc.property(expressionText, requests, fc.boolean(), (expression, recorded, missingNotEqual) => {
        const tree = parseFilter(expression).expression;
        const request = requestFields(recorded);
        const compiled = compileFilter(tree, { ...defaultSettings, missingNotEqual })(request);
        expect(compiled instanceof Unknown ? null : compiled).toBe(
          naiveAnswer(tree, request, { missingNotEqual }),
        );
      }),
      { numRuns: fuzzRuns(3000), seed: 20261126 },
    );
  });
});
