/**
 * Cloudflare's Logpush datasets `http_requests` and `firewall_events` as recorded requests. A column that is not in the log
 * leaves its field unknown. Columns and their meaning: Cloudflare documentation, Logpush datasets, as of 2026-11.
 */
import type { FieldInput, RecordedRequest } from '../evaluate/request.ts';
import { scrubMark } from '../evaluate/scrub-mark.ts';
import { readAbsoluteUrl } from './absolute-url.ts';
import { countryFields } from './countries.ts';
import { presentRow } from './present-columns.ts';
import type { ReadLine } from './request-line.ts';
import type { RecordedOutcome } from './record.ts';
import { numberAt, parseRow, textAt, textsOf, timeOf, wholeNumber } from './row.ts';
import type { TrafficRow } from './row.ts';
import { senderApart } from './sender.ts';
import { isObject } from '../../json/json.ts';

/** Columns that hold a field as it is. */
const plainColumns: readonly (readonly [column: string, field: string, type: 'text' | 'number' | 'list'])[] =
  [
    ['ClientASN', 'ip.src.asnum', 'number'],
    ['ClientCity', 'ip.src.city', 'text'],
    ['ClientLatitude', 'ip.src.lat', 'text'],
    ['ClientLongitude', 'ip.src.lon', 'text'],
    ['ClientRegionCode', 'ip.src.region_code', 'text'],
    ['ClientSSLCipher', 'cf.tls_cipher', 'text'],
    ['ClientTCPRTTMs', 'cf.timings.client_tcp_rtt_msec', 'number'],
    ['BotDetectionIDs', 'cf.bot_management.detection_ids', 'list'],
    ['JA3Hash', 'cf.bot_management.ja3_hash', 'text'],
    ['JA4', 'cf.bot_management.ja4', 'text'],
    ['VerifiedBotCategory', 'cf.verified_bot_category', 'text'],
    ['ContentScanObjResults', 'cf.waf.content_scan.obj_results', 'list'],
    ['ContentScanObjSizes', 'cf.waf.content_scan.obj_sizes', 'list'],
    ['ContentScanObjTypes', 'cf.waf.content_scan.obj_types', 'list'],
  ];

/** Scores, where 0 says that none was computed: that is not known, and not a low score. */
const scoreColumns: readonly (readonly [column: string, field: string])[] = [
  ['BotScore', 'cf.bot_management.score'],
  ['WAFAttackScore', 'cf.waf.score'],
  ['WAFSQLiAttackScore', 'cf.waf.score.sqli'],
  ['WAFXSSAttackScore', 'cf.waf.score.xss'],
  ['WAFRCEAttackScore', 'cf.waf.score.rce'],
];

const noObject = { bad: 'it is not a JSON object' } as const;

/** One line of `http_requests`. */
export function readHttpRequest(line: string): ReadLine {
  const row = parseRow(line);
  return row === null ? noObject : readHttpRequestRow(row);
}

export function readHttpRequestRow(given: TrafficRow): ReadLine {
  const row = presentRow(given);
  if (isUnreadable(row)) {
    return { apart: 'no-request' };
  }
  const target = textAt(row, 'ClientRequestURI') ?? targetOf(row, null);
  const request = target === null ? null : requestOf(row, target);
  if (request === null) {
    return { bad: 'it lacks ClientRequestHost, ClientRequestMethod or ClientRequestURI' };
  }
  const apart = senderApart(row);
  return apart === null ? { id: idOf(row), at: timeAt(row), request, recorded: outcomeOf(row) } : { apart };
}

/**
 * One line of `firewall_events`; null for an event that another one followed for the same request: the last rule that
 * matched has MatchIndex 0, and what it did is what happened.
 */
export function readFirewallEvent(line: string): ReadLine | null {
  const row = parseRow(line);
  return row === null ? noObject : readFirewallEventRow(row);
}

export function readFirewallEventRow(given: TrafficRow): ReadLine | null {
  const row = presentRow(given);
  if ((numberAt(row, 'MatchIndex') ?? 0) > 0) {
    return null;
  }
  const target = targetOf(row, '');
  const request = target === null ? null : requestOf(row, target);
  if (request === null) {
    return { bad: 'it lacks ClientRequestHost, ClientRequestMethod or ClientRequestPath' };
  }
  const apart = senderApart(row);
  return apart === null
    ? {
        id: idOf(row),
        at: timeAt(row),
        request,
        recorded: {
          actions: textsOf(row['Action']),
          ruleIds: textsOf(row['RuleID']),
          refs: textsOf(row['Ref']),
          sources: textsOf(row['Source']),
          status: numberAt(row, 'EdgeResponseStatus'),
        },
      }
    : { apart };
}

/** What the edge could not read as a request has neither method nor host, and was answered before any rule. */
function isUnreadable(row: TrafficRow): boolean {
  const method = textAt(row, 'ClientRequestMethod');
  return textAt(row, 'ClientRequestHost') === '' && (method === '' || method === 'UNKNOWN');
}

/** `without` is the query of a log that has no column for it; null when the target is then not known. */
function targetOf(row: TrafficRow, without: string | null): string | null {
  const path = textAt(row, 'ClientRequestPath');
  const query = textAt(row, 'ClientRequestQuery') ?? without;
  return path === null || query === null
    ? null
    : `${path}${query === '' || query.startsWith('?') ? query : `?${query}`}`;
}

function timeAt(row: TrafficRow): string | null {
  return timeOf(row['EdgeStartTimestamp'] ?? row['Datetime']);
}

function idOf(row: TrafficRow): string {
  return textAt(row, 'RayID') ?? 'request without ray id';
}

/** A target in the absolute form of a proxy names its own host. */
function requestOf(row: TrafficRow, written: string): RecordedRequest | null {
  const method = textAt(row, 'ClientRequestMethod');
  const address = readAbsoluteUrl(written);
  const host = address?.host ?? textAt(row, 'ClientRequestHost');
  if (host === null || method === null) {
    return null;
  }
  return {
    method,
    scheme: schemeOf(row) ?? address?.scheme ?? null,
    host,
    target: address?.target ?? written,
    httpVersion: textAt(row, 'ClientRequestProtocol') ?? '',
    headers: headersOf(row, host),
    hasAllHeaders: false,
    clientAddress: textAt(row, 'ClientIP'),
    body: null,
    fields: fieldsOf(row),
    normalizesUrls: true,
  };
}

/** Null without either column. */
function schemeOf(row: TrafficRow): RecordedRequest['scheme'] {
  const scheme = textAt(row, 'ClientRequestScheme');
  if (scheme === 'http' || scheme === 'https') {
    return scheme;
  }
  const protocol = textAt(row, 'ClientSSLProtocol');
  return protocol === null ? null : protocol === 'none' ? 'http' : 'https';
}

/** An empty column says that the header was absent or empty: then only the field of its own is known, see `fieldsOf`. */
function headersOf(row: TrafficRow, host: string): RecordedRequest['headers'] {
  const headers: [string, string][] = [['host', host]];
  const agent = textAt(row, 'ClientRequestUserAgent') ?? '';
  const referer = textAt(row, 'ClientRequestReferer') ?? '';
  if (agent !== '') {
    headers.push(['user-agent', agent]);
  }
  if (referer !== '') {
    headers.push(['referer', referer]);
  }
  const others = row['RequestHeaders'];
  if (typeof others === 'object' && others !== null) {
    for (const [name, value] of Object.entries(others)) {
      headers.push(...textsOf(value).map((text): [string, string] => [name.toLowerCase(), text]));
    }
  }
  return headers;
}

function fieldsOf(row: TrafficRow): RecordedRequest['fields'] {
  const fields: Record<string, FieldInput> = { 'cf.ray_id': idOf(row), 'cf.threat_score': 0 };
  for (const [column, field, type] of plainColumns) {
    const value = valueAs(type, row[column]);
    if (value !== null) {
      fields[field] = value;
    }
  }
  for (const [column, field] of scoreColumns) {
    const score = numberAt(row, column);
    if (score !== null && score > 0) {
      fields[field] = score;
    }
  }
  addClient(fields, row);
  addBot(fields, row);
  addCookies(fields, row);
  return fields;
}

function valueAs(type: 'text' | 'number' | 'list', value: unknown): FieldInput | null {
  switch (type) {
    case 'text':
      return typeof value === 'string' ? value : null;
    case 'number':
      return wholeNumber(value);
    case 'list':
      return Array.isArray(value) ? (value as readonly FieldInput[]) : null;
    default:
      throw new Error('unexpected type of a column');
  }
}

/** Logs write countries in lower case, fields in capitals. */
function addClient(into: Record<string, FieldInput>, row: TrafficRow): void {
  const fields = into;
  const country = textAt(row, 'ClientCountry')?.toUpperCase();
  if (country !== undefined && country !== '') {
    Object.assign(fields, countryFields(country));
  }
  const protocol = textAt(row, 'ClientSSLProtocol');
  if (protocol !== null) {
    fields['cf.tls_version'] = protocol === 'none' ? '' : protocol;
  }
  for (const [column, field] of [
    ['ClientRequestUserAgent', 'http.user_agent'],
    ['ClientRequestReferer', 'http.referer'],
  ] as const) {
    if (row[column] === '') {
      fields[field] = '';
    }
  }
  const mtls = textAt(row, 'ClientMTLSAuthStatus');
  if (mtls !== null && mtls !== '' && mtls !== 'unknown') {
    fields['cf.tls_client_auth.cert_presented'] = mtls !== 'absent';
    fields['cf.tls_client_auth.cert_verified'] = mtls === 'ok';
  }
}

function addBot(into: Record<string, FieldInput>, row: TrafficRow): void {
  const fields = into;
  const category = textAt(row, 'VerifiedBotCategory');
  if (category !== null) {
    fields['cf.client.bot'] = category !== '';
    fields['cf.bot_management.verified_bot'] = category !== '';
  }
  const passed = textAt(row, 'JSDetectionPassed');
  if (passed === 'passed' || passed === 'failed' || passed === 'missing') {
    fields['cf.bot_management.js_detection.passed'] = passed === 'passed';
  }
  const score = fields['cf.waf.score'];
  if (typeof score === 'number') {
    fields['cf.waf.score.class'] = attackClass(score);
  }
}

/** Classes of the attack score; Cloudflare documentation, WAF attack score. */
function attackClass(score: number): string {
  if (score <= 20) {
    return 'attack';
  }
  if (score <= 50) {
    return 'likely_attack';
  }
  return score <= 80 ? 'likely_clean' : 'clean';
}

/** Their values are secrets: only that they were there is kept. */
function addCookies(into: Record<string, FieldInput>, row: TrafficRow): void {
  const fields = into;
  const cookies = row['Cookies'];
  if (isObject(cookies)) {
    const names = Object.keys(cookies);
    fields['http.request.cookies'] = Object.fromEntries(names.map((name) => [name, [scrubMark]]));
  }
}

function outcomeOf(row: TrafficRow): RecordedOutcome | null {
  const status = numberAt(row, 'EdgeResponseStatus');
  if (Array.isArray(row['SecurityActions']) || typeof row['SecurityActions'] === 'string') {
    return {
      actions: textsOf(row['SecurityActions']),
      ruleIds: textsOf(row['SecurityRuleIDs']),
      refs: [],
      sources: textsOf(row['SecuritySources']),
      status,
    };
  }
  if (typeof row['SecurityAction'] === 'string') {
    return {
      actions: textsOf(row['SecurityAction']),
      ruleIds: textsOf(row['SecurityRuleID']),
      refs: [],
      sources: [],
      status,
    };
  }
  return null;
}
