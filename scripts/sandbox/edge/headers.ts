/** Header transforms, by rules and by the managed transforms that a zone switches on. */
import { objectAt, textAt } from '../../waf/rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import { toByteString } from '../../waf/language/literals.ts';
import { Unknown, type RequestFields, type RuntimeValue } from '../../waf/evaluate/runtime.ts';
import type { RulesetRule } from '../../waf/rulesets/rules.ts';
import type { MatchedRule, RequestVerdict } from '../../waf/rulesets/ruleset-run.ts';
import type { Answer, Notes } from './answer.ts';
import type { EdgeZone } from './estate.ts';
import type { EdgeRequest } from './request.ts';

interface Transform {
  readonly zone: EdgeZone;
  readonly fields: RequestFields;
  readonly notes: Notes;
}

/** The headers that the origin gets: those of the client, those that Cloudflare adds, and what the rules make of them. */
export function headersToOrigin(
  request: EdgeRequest,
  verdict: RequestVerdict,
  transform: Transform,
): Headers {
  const headers = new Headers();
  for (const [name, value] of request.headers) {
    if (!hopByHop.has(name.toLowerCase())) {
      headers.append(name, toByteString(value));
    }
  }
  const forwarded = headers.get('x-forwarded-for');
  headers.set('cf-connecting-ip', request.clientAddress);
  headers.set('x-forwarded-proto', request.scheme);
  headers.set(
    'x-forwarded-for',
    forwarded === null ? request.clientAddress : `${forwarded}, ${request.clientAddress}`,
  );
  if (transform.zone.setting('ip_geolocation') === 'off') {
    headers.delete('cf-ipcountry');
  } else {
    headers.set('cf-ipcountry', request.country);
  }
  applyManaged(headers, transform.zone.managedTransforms.request, request, transform.notes);
  for (const { rule } of definite(verdict.matched, transform.zone)) {
    changeHeaders(headers, rule, transform);
  }
  return headers;
}

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The rules that matched for certain, as they are configured. */
export function definite(
  matched: readonly MatchedRule[],
  zone: EdgeZone,
): readonly { readonly match: MatchedRule; readonly rule: RulesetRule }[] {
  return matched
    .filter(({ unknownBecause }) => unknownBecause === null)
    .flatMap((match) => {
      const rule = zone.ruleOf(match.ruleset, match.rule);
      return rule === null ? [] : [{ match, rule }];
    });
}

/** Does to the headers what a rewrite rule says. A value that cannot be told leaves its header as it is. */
function changeHeaders(
  headers: Headers,
  { name: rule, parameters }: RulesetRule,
  { zone, fields, notes }: Transform,
): void {
  for (const name of Object.keys(objectAt(parameters, 'headers'))) {
    const change = objectAt(objectAt(parameters, 'headers'), name);
    const operation = textAt(change, 'operation');
    const value =
      typeof change['value'] === 'string'
        ? toByteString(change['value'])
        : operation === 'remove'
          ? ''
          : zone.value(textAt(change, 'expression'))(fields);
    if (value instanceof Unknown || (value !== undefined && typeof value !== 'string')) {
      notes.undecided(`header ${name} of ${rule}`);
    } else {
      changeHeader(headers, { name, operation, value: value ?? '' }, notes);
    }
  }
}

function changeHeader(
  headers: Headers,
  change: { readonly name: string; readonly operation: string; readonly value: string },
  notes: Notes,
): void {
  try {
    if (change.operation === 'remove' || change.value === '') {
      headers.delete(change.name);
    } else if (change.operation === 'add') {
      headers.append(change.name, change.value);
    } else {
      headers.set(change.name, change.value);
    }
  } catch {
    notes.undecided(`header ${JSON.stringify(change.name)}, which no server can send`);
  }
}

function applyManaged(headers: Headers, ids: readonly string[], request: EdgeRequest, notes: Notes): void {
  for (const id of ids) {
    switch (id) {
      case 'add_true_client_ip_headers':
        headers.set('true-client-ip', request.clientAddress);
        break;
      case 'remove_visitor_ip_headers':
        for (const name of ['cf-connecting-ip', 'x-forwarded-for', 'true-client-ip']) {
          headers.delete(name);
        }
        break;
      default:
        notes.undecided(`managed transform ${id}`);
    }
  }
}

/** Cloudflare documentation, Rules, Transform, managed transforms reference, "Add security headers" (2026-11). */
const securityHeaders: readonly (readonly [string, string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['x-xss-protection', '1; mode=block'],
  ['x-frame-options', 'SAMEORIGIN'],
  ['referrer-policy', 'same-origin'],
  ['expect-ct', 'max-age=86400, enforce'],
];

/** Changes the headers of an answer: rules of the response phase, managed transforms, HSTS. */
export function transformResponse(answer: Answer, transform: Transform): void {
  const { zone, notes } = transform;
  for (const id of zone.managedTransforms.response) {
    if (id === 'add_security_headers') {
      for (const [name, value] of securityHeaders) {
        answer.headers.set(name, value);
      }
    } else if (id === 'remove_x-powered-by_header') {
      answer.headers.delete('x-powered-by');
    } else {
      notes.undecided(`managed transform ${id}`);
    }
  }
  const fields = withResponse(transform.fields, answer);
  for (const { ruleset, rules } of zone.responseHeaders) {
    for (const { rule, test } of rules) {
      const truth = test(fields);
      if (truth instanceof Unknown) {
        notes.undecided(`${rule.name} (${truth.causes.join(' ')})`);
        continue;
      }
      const configured = truth ? zone.ruleOf(ruleset.id, rule.name) : null;
      if (configured !== null) {
        changeHeaders(answer.headers, configured, { ...transform, fields });
      }
    }
  }
  setHsts(answer.headers, zone.setting('security_header'));
}

function setHsts(headers: Headers, setting: unknown): void {
  const hsts = objectAt((setting ?? null) as JsonObject | null, 'strict_transport_security');
  if (hsts['enabled'] !== true) {
    return;
  }
  const parts = [
    `max-age=${String(Number(hsts['max_age'] ?? 0))}`,
    ...(hsts['include_subdomains'] === true ? ['includeSubDomains'] : []),
    ...(hsts['preload'] === true ? ['preload'] : []),
  ];
  headers.set('strict-transport-security', parts.join('; '));
  if (hsts['nosniff'] === true) {
    headers.set('x-content-type-options', 'nosniff');
  }
}

/** The fields of the request together with those of its answer. */
export function withResponse({ fields }: RequestFields, answer: Answer): RequestFields {
  const map = new Map<string, RuntimeValue>();
  for (const [name, value] of answer.headers) {
    map.set(name, [...((map.get(name) as readonly string[] | undefined) ?? []), value]);
  }
  const type = answer.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return {
    fields: new Map<string, RuntimeValue>([
      ...fields,
      ['http.response.code', answer.status],
      ['http.response.headers', map],
      ['http.response.headers.names', [...map.keys()]],
      ['http.response.headers.values', [...map.values()].flatMap((values) => values as readonly string[])],
      ['http.response.headers.truncated', false],
      ['http.response.content_type.media_type', type],
      ['cf.response.error_type', answer.errorType],
      [
        'cf.response.1xxx_code',
        answer.errorType === 'waf' ? 1020 : answer.errorType === 'ratelimit' ? 1015 : 0,
      ],
    ]),
  };
}
