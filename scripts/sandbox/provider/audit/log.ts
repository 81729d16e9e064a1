/**
 * The audit log of the local Cloudflare: a line for each change, in the form of the API's answer. Form, filters and cursor:
 * `AuditListResponse` and `AuditListParams` of the package cloudflare 7.3.0 and
 * https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/ (read 2026-12-01); `since` is "newer than" and
 * `before` "older than" that instant, which is taken strictly here.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../../json/limits.ts';
import { parseJson } from '../../../json/parse.ts';
import { providerType } from '../../../provider/types.ts';
import type { JsonObject } from '../../../plan/types.ts';
import { objectOf, textOf } from '../../../json/json.ts';
import { errorCode } from '../disk.ts';
import { digest } from '../identity.ts';
import type { Store, StoredObject } from '../store.ts';

/** Who changed something, in the names of the API's `actor`. */
export type SandboxActor = Readonly<{
  type: 'account' | 'user';
  context: 'api_token' | 'dash';
  id: string;
  email?: string;
  ip_address: string;
  token_id?: string;
  token_name?: string;
}>;

/** The token with which Terraform comes to the sandbox. */
export const sandboxReleaseToken = { name: 'sandbox-release', id: '5a4db0c5'.repeat(4) } as const;

export const sandboxRelease: SandboxActor = {
  type: 'account',
  context: 'api_token',
  id: 'a'.repeat(32),
  ip_address: '127.0.0.1',
  token_id: sandboxReleaseToken.id,
  token_name: sandboxReleaseToken.name,
};

/** Somebody with a token of another name; which token it is decides, as Cloudflare's ids do. */
export function sandboxToken(token: string): SandboxActor {
  const id = digest(`token ${token}`).slice(0, 32);
  return {
    type: 'user',
    context: 'api_token',
    id: 'b'.repeat(32),
    email: 'somebody@api.example',
    ip_address: '127.0.0.1',
    token_id: id,
    token_name: `token-${id.slice(0, 8)}`,
  };
}

/** Somebody at the dashboard. */
export const sandboxDashboard: SandboxActor = {
  type: 'user',
  context: 'dash',
  id: 'd'.repeat(32),
  email: 'somebody@dashboard.example',
  ip_address: '203.0.113.77',
};

export interface SandboxChange {
  readonly action: 'create' | 'update' | 'delete';
  readonly object: Pick<StoredObject, 'type' | 'id' | 'parent' | 'attributes'>;
  readonly by: SandboxActor;
  /** RFC 3339. */
  readonly now: string;
}

const verbs = { create: ['POST'], update: ['PATCH', 'PUT'], delete: ['DELETE', 'PATCH', 'PUT'] } as const;

/** Adds an entry. What was sent and answered is left out: it may hold a secret. */
export function writeAuditEntry(store: Store, { action, object, by, now }: SandboxChange): void {
  const { method, uri } = requestOf(action, object);
  const zone = zoneOf(store, object);
  const entry = {
    id: randomBytes(16).toString('hex'),
    account: { id: accountOf(object, zone), name: 'Sandbox' },
    action: { type: action, description: `${action} ${object.type}`, result: 'success', time: now },
    actor: by,
    raw: { cf_ray_id: randomBytes(8).toString('hex'), method, status_code: 200, uri, user_agent: 'sandbox' },
    resource: {
      id: object.id,
      product: object.type.replace(/^cloudflare_/, ''),
      type: object.type,
      scope: zone === null ? 'accounts' : 'zones',
    },
    ...(zone === null ? {} : { zone: { id: zone.id, name: textOf(zone.attributes['name']) } }),
  };
  mkdirSync(store.folder, { recursive: true });
  appendFileSync(fileOf(store), `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}

/** The entries of an account between two instants, in order of their time. */
export function auditEntries(
  store: Store,
  account: string,
  { since, before }: { readonly since: number; readonly before: number },
): readonly JsonObject[] {
  return linesOf(fileOf(store))
    .map((line) => parseJson(line, limits.line) as JsonObject)
    .filter((entry) => objectOf(entry['account'])['id'] === account)
    .filter((entry) => timeOf(entry) > since && timeOf(entry) < before)
    .toSorted((a, b) => timeOf(a) - timeOf(b));
}

function fileOf({ folder }: Store): string {
  return join(folder, 'audit.ndjson');
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

function timeOf(entry: JsonObject): number {
  return Date.parse(textOf(objectOf(entry['action'])['time']));
}

/** The request that makes such a change, as the provider sends it. */
function requestOf(
  action: SandboxChange['action'],
  { type, id, attributes }: SandboxChange['object'],
): { readonly method: string; readonly uri: string } {
  const writes = providerType(type)?.writes ?? [];
  const [method = '', pattern = ''] =
    verbs[action]
      .map((verb) => writes.find((write) => write.startsWith(`${verb} `)))
      .find((write) => write !== undefined)
      ?.split(' ') ?? [];
  const scope =
    typeof attributes['zone_id'] === 'string'
      ? `zones/${attributes['zone_id']}`
      : `accounts/${textOf(attributes['account_id'])}`;
  const uri = pattern
    .replace('{scope}', scope)
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(textOf(attributes[name]) || id));
  return { method: method === '' ? 'POST' : method, uri: uri === '' ? `/sandbox/${type}/${id}` : uri };
}

function zoneOf(
  store: Store,
  { type, id, parent, attributes }: SandboxChange['object'],
): Pick<StoredObject, 'id' | 'attributes'> | null {
  return type === 'cloudflare_zone'
    ? { id, attributes }
    : (store.list('cloudflare_zone').find((zone) => zone.id === parent) ?? null);
}

function accountOf(
  { parent, attributes }: SandboxChange['object'],
  zone: Pick<StoredObject, 'attributes'> | null,
): string {
  return (
    textOf(objectOf((zone?.attributes ?? attributes)['account'])['id']) ||
    textOf(attributes['account_id']) ||
    parent
  );
}
