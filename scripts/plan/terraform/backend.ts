/** Where a stack keeps its state: which place that is, however it is written, and what it would hand to whom. */
import { isObject, own } from '../../json/json.ts';
import type { Json, JsonObject } from '../types.ts';

/**
 * One text for each place of a state: two stacks with the same one would take each other's resources for their own. The
 * bucket and the key say it in S3, whatever server and options are named beside them. Null without a backend.
 */
export function statePlaceOf(backend: JsonObject | null): string | null {
  const [kind, body] = partsOf(backend);
  if (kind === null) {
    return null;
  }
  if (kind === 's3') {
    return JSON.stringify([kind, own(body, 'bucket') ?? null, own(body, 'key') ?? null]);
  }
  const file = own(body, 'path');
  return JSON.stringify([kind, typeof file === 'string' ? plainPath(file) : null]);
}

/** The same bucket and key on another server; null for a backend that is not S3. `endpoint` is Terraform's older name for it. */
export function onServer(backend: JsonObject | null, server: string): JsonObject | null {
  const [kind, body] = partsOf(backend);
  const { endpoint: _older, endpoints, ...rest } = body;
  const others = isObject(endpoints) ? endpoints : {};
  return kind === 's3' ? { s3: { ...rest, endpoints: { ...others, s3: server } } } : null;
}

/** Arguments of the S3 backend that choose a place, a lock or a way to ask for them, and hand out nothing. */
const plainArguments: ReadonlySet<string> = new Set([
  'bucket',
  'encrypt',
  'endpoints',
  'key',
  'region',
  'skip_credentials_validation',
  'skip_metadata_api_check',
  'skip_region_validation',
  'skip_requesting_account_id',
  'skip_s3_checksum',
  'use_lockfile',
  'use_path_style',
]);

/**
 * What stands against a backend that nobody has used before. `hosts` are domains that may serve states; without an
 * endpoint the requests go to AWS, where only its owner's credentials are worth anything. A local state is a file below
 * the bundle's folder.
 */
export function objectionsToBackend(backend: JsonObject | null, hosts: readonly string[]): readonly string[] {
  const [kind, body] = partsOf(backend);
  if (kind === null) {
    return ['there is no backend: the state would be gone with the runner'];
  }
  if (kind === 'local') {
    return isInside(own(body, 'path')) ? [] : ['the state is a file outside of the folder of the stack'];
  }
  if (kind !== 's3') {
    return ['a backend of a kind that is not known'];
  }
  const foreign = Object.keys(body).filter((name) => !plainArguments.has(name));
  return [
    ...foreign.map(
      (name) => `${/^[a-z0-9_]{1,40}$/.test(name) ? name : 'an argument'} is not known to be harmless`,
    ),
    ...(areServedBy(own(body, 'endpoints'), hosts)
      ? []
      : ['the state would lie on a server that may hold none']),
  ];
}

function partsOf(backend: JsonObject | null): readonly [string | null, JsonObject] {
  const [[kind, body] = [null, null]] = Object.entries(backend ?? {});
  return [kind, isObject(body) ? body : {}];
}

function isInside(file: Json | undefined): boolean {
  return file === undefined || (typeof file === 'string' && !/^(?:\/|\.\.(?:\/|$))/.test(plainPath(file)));
}

/** `a/./x/../b` as `a/b`; what leads out of the folder keeps its `..` in front. */
function plainPath(file: string): string {
  const parts: string[] = [];
  for (const part of file.split('/').filter((each, index) => index === 0 || (each !== '' && each !== '.'))) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') {
      parts.pop();
    } else if (part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}

function areServedBy(endpoints: Json | undefined, hosts: readonly string[]): boolean {
  const bodies = endpoints === undefined ? [] : Array.isArray(endpoints) ? endpoints : [endpoints];
  return bodies.every(
    (body) =>
      isObject(body) &&
      Object.entries(body).every(([service, address]) => service === 's3' && isServedBy(address, hosts)),
  );
}

function isServedBy(address: Json, hosts: readonly string[]): boolean {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : null;
  return (
    url !== null &&
    url.protocol === 'https:' &&
    url.username === '' &&
    hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`))
  );
}
