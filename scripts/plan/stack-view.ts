/**
 * A configuration in Terraform's JSON syntax as addressed blocks. Accepts what cdktf writes and what people write:
 * every block may stand as an object or as a list of objects.
 */
import { cloudflareSource } from '../provider/facts.ts';
import { canonicalJson, isList, isObject, own, setOwn } from '../json/json.ts';
import { membersOf } from './members.ts';
import { asBoolean, isMarked } from './typed.ts';
import type { Json, JsonObject } from './types.ts';
import { isOlderType, isOlderVersion } from './v4/types.ts';

/**
 * One addressed block. Module calls and provider configurations are blocks too: what they do to the estate cannot be
 * seen from here, so a change of one must at least be visible as a change.
 */
export interface Block {
  readonly address: string;
  readonly kind: 'resource' | 'data' | 'module' | 'provider';
  readonly type: string;
  readonly name: string;
  /** Key of an instance of `count` or `for_each`. */
  readonly index?: string | number;
  /** What `each.value` is in that instance. */
  readonly each?: Json;
  readonly body: JsonObject;
}

interface Variable {
  readonly value: Json | undefined;
  readonly sensitive: boolean;
}

/**
 * The blocks of one type. An estate may have tens of thousands, so they stay in the object they were parsed into, with two
 * lists to walk them by: looking up each name in a large object again and again is what would cost most.
 */
export interface BlockList {
  readonly byName: Readonly<Record<string, JsonObject>>;
  readonly names: readonly string[];
  readonly bodies: readonly JsonObject[];
  /** What rules about the whole stack ask of every block, gathered in the one walk over all of them. */
  readonly census: Census;
}

interface Census {
  /** Blocks without `count` and `for_each`: each of them is there. */
  readonly present: number;
  /** How many of those are written with which `zone_id`. */
  readonly zoneIds: ReadonlyMap<string, number>;
  /** Bodies with `count` or `for_each`, whose values say whether there is any. */
  readonly repeated: readonly JsonObject[];
  /** Names of blocks with a provisioner or a connection. */
  readonly provisioned: readonly string[];
}

export interface StackView {
  /** By type. */
  readonly resources: ReadonlyMap<string, BlockList>;
  readonly data: ReadonlyMap<string, BlockList>;
  /** Module calls and provider configurations by address. */
  readonly others: ReadonlyMap<string, Block>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly locals: ReadonlyMap<string, Json>;
  /** `moved` blocks, in order. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Addresses that `import` blocks name, with the id of what is imported. */
  readonly imported: ReadonlyMap<string, string>;
  /** Addresses of `removed` blocks that keep the real object. */
  readonly forgotten: ReadonlySet<string>;
  /** Local provider name to its full source address. */
  readonly sources: ReadonlyMap<string, string>;
  /** Written for version 4 of the Cloudflare provider, by its constraint or by a type that only version 4 has. */
  readonly isOlder: boolean;
  /** Addresses that the configuration declares more than once: Terraform refuses those. */
  readonly duplicates: readonly string[];
}

/** One side of a stack. Never fails: what is not a block is passed over, `readConfiguration` reports it. */
export function viewOf(configuration: JsonObject): StackView {
  const duplicates: string[] = [];
  const resources = typedBlocks(own(configuration, 'resource'), '', duplicates);
  return {
    resources,
    data: typedBlocks(own(configuration, 'data'), 'data.', duplicates),
    others: otherBlocks(configuration, duplicates),
    variables: variablesOf(configuration),
    locals: localsOf(configuration),
    moved: movedOf(configuration),
    imported: importedOf(configuration),
    forgotten: forgottenOf(configuration),
    sources: sourcesOf(configuration),
    isOlder: isOlder(configuration, [...resources.keys()]),
    duplicates,
  };
}

/** The block at an address, or undefined. */
export function findBlock(view: StackView, address: string): Block | undefined {
  const other = view.others.get(address);
  if (other !== undefined) {
    return other;
  }
  const isData = address.startsWith('data.');
  const start = isData ? 'data.'.length : 0;
  const dot = address.indexOf('.', start);
  const type = address.slice(start, Math.max(dot, start));
  const name = address.slice(dot + 1);
  const body = bodyAt(isData ? view.data : view.resources, type, name);
  return body === undefined ? undefined : blockOf(isData ? 'data' : 'resource', type, name, body);
}

/** The body of a block that is written in the given types, or undefined. */
function bodyAt(types: ReadonlyMap<string, BlockList>, type: string, name: string): JsonObject | undefined {
  const list = types.get(type);
  return list !== undefined && Object.hasOwn(list.byName, name) ? list.byName[name] : undefined;
}

export function blockOf(kind: 'resource' | 'data', type: string, name: string, body: JsonObject): Block {
  const address = kind === 'data' ? `data.${type}.${name}` : `${type}.${name}`;
  return { address, kind, type, name, body };
}

/**
 * Lists of blocks by type. In the form that cdktf writes, the parsed objects are used as they are; lists, and anything that
 * is not a body, make a copy necessary.
 */
function typedBlocks(
  value: Json | undefined,
  prefix: string,
  duplicates: string[],
): ReadonlyMap<string, BlockList> {
  const found = new Map<string, BlockList>();
  for (const { body: types } of labelled(value, 0)) {
    for (const type of Object.keys(types)) {
      const known = found.get(type);
      const plain = known === undefined ? plainList(types[type]) : null;
      found.set(type, plain ?? merged(known, types[type], { prefix: `${prefix}${type}.`, duplicates }));
    }
  }
  return found;
}

function plainList(value: Json | undefined): BlockList | null {
  if (!isObject(value)) {
    return null;
  }
  const { names, values } = membersOf(value);
  return values.every(isObject) ? blockList(value as BlockList['byName'], names, values) : null;
}

function blockList(
  byName: BlockList['byName'],
  names: readonly string[],
  bodies: readonly JsonObject[],
): BlockList {
  const zoneIds = new Map<string, number>();
  const provisioned: string[] = [];
  const repeated: JsonObject[] = [];
  let present = 0;
  // Blocks of one zone mostly stand together: runs are counted, and the map is only touched where a run ends.
  let run = { id: '', length: 0 };
  const endRun = (): void => {
    if (run.length > 0) {
      zoneIds.set(run.id, (zoneIds.get(run.id) ?? 0) + run.length);
    }
  };
  for (const [index, body] of bodies.entries()) {
    const { zone_id: zoneId, provisioner, connection, count, for_each: each } = body;
    if (provisioner !== undefined || connection !== undefined) {
      provisioned.push(names[index] ?? '');
    }
    if (count !== undefined || each !== undefined) {
      repeated.push(body);
      continue;
    }
    present += 1;
    if (typeof zoneId === 'string' && zoneId === run.id) {
      run.length += 1;
    } else if (typeof zoneId === 'string' && zoneId !== '') {
      endRun();
      run = { id: zoneId, length: 1 };
    }
  }
  endRun();
  return { byName, names, bodies, census: { present, zoneIds, provisioned, repeated } };
}

function merged(
  known: BlockList | undefined,
  more: Json | undefined,
  report: { readonly prefix: string; readonly duplicates: string[] },
): BlockList {
  const byName: Record<string, JsonObject> = { ...known?.byName };
  for (const { labels, body } of labelled(more, 1)) {
    const name = labels[0] ?? '';
    if (Object.hasOwn(byName, name)) {
      report.duplicates.push(`${report.prefix}${name}`);
    }
    setOwn(byName, name, body);
  }
  return blockList(byName, Object.keys(byName), Object.values(byName));
}

function otherBlocks(configuration: JsonObject, duplicates: string[]): ReadonlyMap<string, Block> {
  const blocks = new Map<string, Block>();
  const add = (block: Block): void => {
    if (blocks.has(block.address)) {
      duplicates.push(block.address);
    }
    blocks.set(block.address, block);
  };
  for (const { labels, body } of labelled(own(configuration, 'module'), 1)) {
    const name = labels[0] ?? '';
    add({ address: `module.${name}`, kind: 'module', type: 'module', name, body });
  }
  for (const { labels, body } of labelled(own(configuration, 'provider'), 1)) {
    const alias = own(body, 'alias');
    const name = typeof alias === 'string' ? `${labels[0] ?? ''}.${alias}` : (labels[0] ?? '');
    if (Object.keys(body).length > 0) {
      add({ address: `provider.${name}`, kind: 'provider', type: 'provider', name, body });
    }
  }
  return blocks;
}

/** Bodies below `depth` labels, whichever of objects and lists they are written with. */
export function labelled(
  value: Json | undefined,
  depth: number,
): readonly { readonly labels: readonly string[]; readonly body: JsonObject }[] {
  const found: { labels: readonly string[]; body: JsonObject }[] = [];
  collect(value, depth, [], found);
  return found;
}

function collect(
  value: Json | undefined,
  depth: number,
  labels: readonly string[],
  found: { labels: readonly string[]; body: JsonObject }[],
): void {
  if (isList(value)) {
    for (const item of value) {
      collect(item, depth, labels, found);
    }
  } else if (isObject(value) && depth === 0) {
    found.push({ labels, body: value });
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      collect(value[key], depth - 1, [...labels, key], found);
    }
  }
}

/** The one object of a block that stands once, for example `lifecycle`: written as an object or as a list of one. */
export function singleBlock(value: Json | undefined): JsonObject | null {
  return labelled(value, 0)[0]?.body ?? null;
}

function variablesOf(configuration: JsonObject): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>();
  for (const { labels, body } of labelled(own(configuration, 'variable'), 1)) {
    variables.set(labels[0] ?? '', {
      value: own(body, 'default'),
      sensitive: isMarked(body, 'sensitive') || isMarked(body, 'ephemeral'),
    });
  }
  return variables;
}

function localsOf(configuration: JsonObject): ReadonlyMap<string, Json> {
  const locals = new Map<string, Json>();
  for (const { body } of labelled(own(configuration, 'locals'), 0)) {
    for (const key of Object.keys(body)) {
      locals.set(key, body[key] ?? null);
    }
  }
  return locals;
}

function movedOf(configuration: JsonObject): readonly { readonly from: string; readonly to: string }[] {
  return labelled(own(configuration, 'moved'), 0).flatMap(({ body }) => {
    const [from, to] = [own(body, 'from'), own(body, 'to')];
    return typeof from === 'string' && typeof to === 'string' ? [{ from, to }] : [];
  });
}

function importedOf(configuration: JsonObject): ReadonlyMap<string, string> {
  const imported = new Map<string, string>();
  for (const { body } of labelled(own(configuration, 'import'), 0)) {
    const [to, id] = [own(body, 'to'), own(body, 'id') ?? own(body, 'identity')];
    if (typeof to === 'string' && id !== undefined) {
      imported.set(to, typeof id === 'string' ? id : canonicalJson(id));
    }
  }
  return imported;
}

function forgottenOf(configuration: JsonObject): ReadonlySet<string> {
  const forgotten = new Set<string>();
  for (const { body } of labelled(own(configuration, 'removed'), 0)) {
    const from = own(body, 'from');
    const lifecycle = singleBlock(own(body, 'lifecycle'));
    if (typeof from === 'string' && lifecycle !== null && asBoolean(own(lifecycle, 'destroy')) === false) {
      forgotten.add(from);
    }
  }
  return forgotten;
}

function sourcesOf(configuration: JsonObject): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const { name, source } of requiredProviders(configuration)) {
    sources.set(name, source);
  }
  return sources;
}

function isOlder(configuration: JsonObject, types: readonly string[]): boolean {
  const held =
    requiredProviders(configuration).find(({ source }) => source === cloudflareSource)?.version ?? null;
  return held === null ? types.some(isOlderType) : isOlderVersion(held);
}

/** Entries of `terraform.required_providers`, with full source addresses. */
export function requiredProviders(
  configuration: JsonObject,
): readonly { readonly name: string; readonly source: string; readonly version: string | null }[] {
  const found: { name: string; source: string; version: string | null }[] = [];
  for (const { body } of labelled(own(configuration, 'terraform'), 0)) {
    for (const { body: entries } of labelled(own(body, 'required_providers'), 0)) {
      for (const name of Object.keys(entries)) {
        const entry = entries[name];
        const source = isObject(entry) ? own(entry, 'source') : undefined;
        const version = isObject(entry) ? own(entry, 'version') : entry;
        found.push({
          name,
          source: typeof source === 'string' ? fullSource(source) : undeclaredSource(name),
          version: typeof version === 'string' ? version : null,
        });
      }
    }
  }
  return found;
}

/**
 * The source of a provider that the configuration uses without declaring it. Terraform would look for it under
 * `hashicorp`; a file of a larger configuration often leaves the declaration to another file, and nobody but Cloudflare
 * publishes a provider of this name there, so it is taken for the one that is meant.
 */
export function undeclaredSource(name: string): string {
  return fullSource(name === 'cloudflare' ? 'cloudflare/cloudflare' : `hashicorp/${name}`);
}

/** `cloudflare/cloudflare` with Terraform's defaults filled in: `registry.terraform.io/cloudflare/cloudflare`. */
function fullSource(source: string): string {
  const parts = source.toLowerCase().split('/');
  if (parts.length === 1) {
    return `registry.terraform.io/hashicorp/${source.toLowerCase()}`;
  }
  return parts.length === 2 ? `registry.terraform.io/${source.toLowerCase()}` : source.toLowerCase();
}
