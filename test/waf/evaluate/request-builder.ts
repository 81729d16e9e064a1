/** Requests for tests: a plain one, changed where a test says so. */
import { compileFilter, defaultSettings } from '../../../scripts/waf/evaluate/compile.ts';
import type { EvaluationSettings } from '../../../scripts/waf/evaluate/compile.ts';
import { checkFilter } from '../../../scripts/waf/reason/check.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';

export const plainRequest: RecordedRequest = {
  method: 'GET',
  scheme: 'https',
  host: 'shop.example',
  target: '/basket/list.HTML?q=red+apples&q=pears&empty=&flag',
  httpVersion: 'HTTP/1.1',
  headers: [
    ['Host', 'shop.example'],
    ['User-Agent', 'Mozilla/5.0 (X11)'],
    ['X-Token', 'Alpha'],
    ['X-Token', 'beta'],
    ['Cookie', 'a=1; b=2; a=3; c%20d=%20x'],
    ['Accept-Language', 'en;q=0.5, de, *;q=0.1, fr;q=0.8'],
  ],
  hasAllHeaders: true,
  clientAddress: '198.51.100.7',
  body: null,
  fields: { 'ip.src.country': 'GB', 'ip.src.asnum': 64_500, 'http.request.timestamp.sec': 1_700_000_000 },
  normalizesUrls: true,
};

/** `true`, `false`, or the causes of an unknown, for the plain request with changes. */
export function evaluate(
  text: string,
  changes: Partial<RecordedRequest> = {},
  settings: Partial<EvaluationSettings> = {},
): boolean | readonly string[] {
  const parsed = parseFilter(text);
  // What nobody knows here is unknown, as where requests are replayed.
  const errors = checkFilter(parsed).filter(
    ({ severity, category }) => severity === 'error' && category !== 'unknown-name',
  );
  if (errors.length > 0) {
    throw new Error(`${text}: ${errors.map(({ message }) => message).join('; ')}`);
  }
  const truth = compileFilter(parsed.expression, { ...defaultSettings, ...settings })(
    requestFields({ ...plainRequest, ...changes }),
  );
  return truth instanceof Unknown ? truth.causes : truth;
}
