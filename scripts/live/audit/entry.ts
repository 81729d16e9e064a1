/**
 * Entries of Cloudflare's audit log, version 2, in both forms: the answer of `GET /accounts/{account_id}/logs/audit`
 * (`AuditListResponse` of the package cloudflare 7.3.0) and a line of the Logpush dataset `audit_logs_v2`
 * (https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/audit_logs_v2/, read 2026-12-01). Pure.
 */
import { objectOf } from '../../json/json.ts';
import type { Result } from '../../json/result.ts';
import type { JsonObject } from '../../plan/types.ts';
import { parseRow, timeOf } from '../../waf/traffic/row.ts';
import type { AuditEntry } from './types.ts';

type ReadEntry = Result<AuditEntry, { readonly reason: string }>;

/** One element of the API's `result`. */
export function readApiEntry(value: JsonObject): ReadEntry {
  const part = (name: string): JsonObject => objectOf(value[name]);
  const [action, account, zone] = [part('action'), part('account'), part('zone')];
  return entryOf(action['time'], {
    id: textOf(value['id']),
    account: { id: textOf(account['id']), name: textOf(account['name']) },
    action: {
      type: textOf(action['type']),
      description: textOf(action['description']),
      result: textOf(action['result']),
    },
    actor: apiActor(part('actor')),
    request: requestOf(part('raw')),
    resource: apiResource(part('resource')),
    zone: { id: textOf(zone['id']), name: textOf(zone['name']) },
  });
}

function apiActor(actor: JsonObject): AuditEntry['actor'] {
  return {
    type: textOf(actor['type']),
    context: textOf(actor['context']),
    id: textOf(actor['id']),
    email: textOf(actor['email']),
    ip: textOf(actor['ip_address']),
    tokenId: textOf(actor['token_id']),
    tokenName: textOf(actor['token_name']),
  };
}

function apiResource(resource: JsonObject): AuditEntry['resource'] {
  return {
    type: textOf(resource['type']),
    id: textOf(resource['id']),
    product: textOf(resource['product']),
    scope: textOf(resource['scope']),
  };
}

/** One line of the Logpush dataset. */
function readLogpushEntry(line: string): ReadEntry {
  const row = parseRow(line);
  if (row === null) {
    return { ok: false, reason: 'it is not a JSON object' };
  }
  if (!('AuditLogID' in row) && !('ActionTimestamp' in row)) {
    return { ok: false, reason: 'it has neither AuditLogID nor ActionTimestamp, as audit_logs_v2 has' };
  }
  // The dataset names no members of this object; these are the API's, without and with its prefix.
  const token = objectOf(row['ActorTokenDetails']);
  return entryOf(row['ActionTimestamp'], {
    id: textOf(row['AuditLogID']),
    account: { id: textOf(row['AccountID']), name: textOf(row['AccountName']) },
    action: {
      type: textOf(row['ActionType']),
      description: textOf(row['ActionDescription']),
      result: textOf(row['ActionResult']),
    },
    actor: {
      type: textOf(row['ActorType']),
      context: textOf(row['ActorContext']),
      id: textOf(row['ActorID']),
      email: textOf(row['ActorEmail']),
      ip: textOf(row['ActorIPAddress']),
      tokenId: textOf(token['token_id']) ?? textOf(token['id']),
      tokenName: textOf(token['token_name']) ?? textOf(token['name']),
    },
    request: requestOf(objectOf(row['Raw'])),
    resource: {
      type: textOf(row['ResourceType']),
      id: textOf(row['ResourceID']),
      product: textOf(row['ResourceProduct']),
      scope: textOf(row['ResourceScope']),
    },
    zone: { id: textOf(row['ZoneID']), name: textOf(row['ZoneName']) },
  });
}

function requestOf(raw: JsonObject): AuditEntry['request'] {
  return { method: textOf(raw['method']), uri: textOf(raw['uri']), ray: textOf(raw['cf_ray_id']) };
}

/** An entry without a time can be in no release and in no month. */
function entryOf(time: unknown, rest: Omit<AuditEntry, 'at'>): ReadEntry {
  const text = timeOf(time);
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at)
    ? { ok: false, reason: 'it does not say when it happened' }
    : { ok: true, value: { ...rest, at } };
}

/** Longer texts are nobody's name. */
const mostCharacters = 2_000;

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, mostCharacters) : null;
}

interface AuditPart {
  readonly text: string;
  /** Number of the first line, from 1. */
  readonly firstLine: number;
}

/** Calls `visit` for every line that is not empty. */
export function readAuditLines(
  { text, firstLine }: AuditPart,
  visit: (read: ReadEntry, line: number) => void,
): void {
  let line = firstLine;
  for (let start = 0; start < text.length; line += 1) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const content = text.slice(start, end).trim();
    start = end + 1;
    if (content !== '') {
      visit(readLogpushEntry(content), line);
    }
  }
}
