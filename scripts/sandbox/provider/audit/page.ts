/** `GET /accounts/{account_id}/logs/audit` of the local Cloudflare: newest first, by cursor. */
import type { JsonObject } from '../../../plan/types.ts';
import { objectOf, textOf } from '../../../json/json.ts';
import { auditEntries } from './log.ts';
import type { Store } from '../store.ts';

/** `limit` when none is given: https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/, read 2026-12-01. */
const defaultLimit = 100;

interface AuditPage {
  readonly result: readonly JsonObject[];
  /** Of Cloudflare's answer: `count` is a text there, and the last page has no cursor. */
  readonly info: JsonObject;
}

/** Null for another path; a text is what of the question is wrong. */
export function auditPage(path: string, query: URLSearchParams, store: Store): AuditPage | string | null {
  const account = /^\/accounts\/([^/]+)\/logs\/audit$/.exec(path)?.[1];
  if (account === undefined) {
    return null;
  }
  const [since = Number.NaN, before = Number.NaN] = ['since', 'before'].map((name) =>
    Date.parse(query.get(name) ?? ''),
  );
  if (Number.isNaN(since + before)) {
    return 'since and before are required';
  }
  const entries = auditEntries(store, decodeURIComponent(account), { since, before });
  return pageAt(query.get('direction') === 'asc' ? entries : entries.toReversed(), query);
}

function pageAt(entries: readonly JsonObject[], query: URLSearchParams): AuditPage | string {
  const limit = Number(query.get('limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1) {
    return 'limit is not a number of entries';
  }
  const cursor = query.get('cursor');
  const after = cursor === null ? -1 : entries.findIndex((entry) => cursorOf(entry) === cursor);
  if (cursor !== null && after === -1) {
    return 'the cursor is of no answer';
  }
  const result = entries.slice(after + 1, after + 1 + limit);
  const last = after + 1 + limit < entries.length ? result.at(-1) : undefined;
  return {
    result,
    info: { count: String(result.length), ...(last === undefined ? {} : { cursor: cursorOf(last) }) },
  };
}

/** Opaque to who asks: the entry after which the next page begins, whatever came in the meantime. */
function cursorOf(entry: JsonObject): string {
  return Buffer.from(`${textOf(objectOf(entry['action'])['time'])} ${textOf(entry['id'])}`).toString(
    'base64url',
  );
}
