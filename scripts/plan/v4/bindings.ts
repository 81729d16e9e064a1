/**
 * Bindings of a Worker. Version 4 has a block for each kind (`kv_namespace_binding`), version 5 one list whose elements say
 * their kind. Facts: docs of v4.52.8 beside the schema of 5.14.0; kinds that say something else in version 5 stay as they are.
 */
import { isList, isObject, own } from '../../json/json.ts';
import type { Json, JsonObject } from '../types.ts';

interface BindingKind {
  readonly type: string;
  /** Members by their names in version 4; the others keep theirs. */
  readonly members?: Readonly<Record<string, string>>;
}

const kinds: Readonly<Record<string, BindingKind>> = {
  analytics_engine_binding: { type: 'analytics_engine' },
  d1_database_binding: { type: 'd1', members: { database_id: 'id' } },
  hyperdrive_config_binding: { type: 'hyperdrive', members: { binding: 'name' } },
  kv_namespace_binding: { type: 'kv_namespace' },
  plain_text_binding: { type: 'plain_text' },
  queue_binding: { type: 'queue', members: { binding: 'name', queue: 'queue_name' } },
  r2_bucket_binding: { type: 'r2_bucket' },
  secret_text_binding: { type: 'secret_text' },
  service_binding: { type: 'service' },
};

/** The body with all of its bindings in one list; the same object where there is no block of version 4. */
export function withBindings(kind: string, body: JsonObject): JsonObject {
  const names =
    kind === 'cloudflare_workers_script' ? Object.keys(kinds).filter((name) => isThere(body, name)) : [];
  if (names.length === 0) {
    return body;
  }
  const rest = Object.entries(body).filter(([name]) => !names.includes(name) && name !== 'bindings');
  const written = own(body, 'bindings') ?? [];
  const bindings = [
    ...(isList(written) ? written : [written]),
    ...names.flatMap((name) =>
      blocksIn(own(body, name) ?? null).map((block) => bindingOf(block, kinds[name])),
    ),
  ];
  return { ...Object.fromEntries(rest), bindings };
}

/** Blocks that are known: an expression in their place stays where it is. */
function isThere(body: JsonObject, name: string): boolean {
  const value = own(body, name) ?? null;
  return isObject(value) || (isList(value) && value.every(isObject));
}

function blocksIn(value: Json): readonly JsonObject[] {
  return (isList(value) ? value : [value]).filter(isObject);
}

function bindingOf(block: JsonObject, kind: BindingKind | undefined): JsonObject {
  const entries = Object.entries(block)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [kind?.members?.[name] ?? name, value] as const);
  return { ...Object.fromEntries(entries), type: kind?.type ?? '' };
}
