/**
 * `cloudflare_zone_settings_override` and `cloudflare_argo` of version 4 say several settings of a zone at once; in version 5
 * each is a resource. Each becomes one here, under the address of its argument.
 */
import { isList, isObject, own } from '../../json/json.ts';
import type { Block } from '../stack-view.ts';
import type { Json, JsonObject } from '../types.ts';

/** Arguments of `cloudflare_argo` with their types in version 5. */
const argo: Readonly<Record<string, string>> = {
  smart_routing: 'cloudflare_argo_smart_routing',
  tiered_caching: 'cloudflare_argo_tiered_caching',
};

/** True for a type whose blocks are several resources in version 5. */
export function isSplit(type: string): boolean {
  return type === 'cloudflare_argo' || type === 'cloudflare_zone_settings_override';
}

/** One block for each setting; the block itself for every other type, and where what it says cannot be read. */
export function settingsIn(block: Block): readonly Block[] {
  if (block.kind !== 'resource') {
    return [block];
  }
  if (block.type === 'cloudflare_argo') {
    const named = Object.entries(argo).filter(([name]) => (own(block.body, name) ?? null) !== null);
    return named.map(([name, type]) => ({
      ...block,
      type,
      address: `${block.address}.${name}`,
      body: { ...shared(block.body), value: own(block.body, name) ?? null },
    }));
  }
  const settings = block.type === 'cloudflare_zone_settings_override' ? settingsOf(block.body) : null;
  return settings === null
    ? [block]
    : settings.map(([name, value]) => ({
        ...block,
        type: 'cloudflare_zone_setting',
        address: `${block.address}.settings.${name}`,
        body: { ...shared(block.body), setting_id: settingIds[name] ?? name, value: valueOf(name, value) },
      }));
}

/** Settings whose name version 4 writes in another way. */
const settingIds: Readonly<Record<string, string>> = { zero_rtt: '0rtt' };

const sharedArguments: ReadonlySet<string> = new Set(['zone_id', 'provider', 'lifecycle', 'depends_on']);

/** Arguments that hold for all of the settings. */
function shared(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => sharedArguments.has(name)));
}

function settingsOf(body: JsonObject): readonly (readonly [string, Json])[] | null {
  const written = own(body, 'settings') ?? null;
  const block = isList(written) ? written[0] : written;
  return isObject(block) && !(isList(written) && written.length > 1)
    ? Object.entries(block).filter(([, value]) => value !== null && !(isList(value) && value.length === 0))
    : null;
}

/** A nested block is an object in version 5; the one of HSTS says in it which header is meant. */
function valueOf(name: string, value: Json): Json {
  const [only = null, ...more] = isList(value) && name !== 'ciphers' ? value : [value];
  const plain = more.length > 0 ? value : only;
  return name === 'security_header' && isObject(plain) && !Object.hasOwn(plain, 'strict_transport_security')
    ? { strict_transport_security: plain }
    : plain;
}
