/**
 * What the provider does with an attribute: forces replacement, compares as a set, has a default, is sensitive, is a
 * boolean or a number.
 *
 * The table is derived from the schema of the pinned Cloudflare provider. A type that is not in it is unknown: callers
 * must then assume the worst of a change, because "no entry" does not mean "updates in place".
 */
import table from './provider-facts.json' with { type: 'json' };
import type { Json } from './types.ts';

/** Types of single values into which Terraform converts a text. */
export type ScalarType = 'bool' | 'number';

/** The facts about one attribute and, below it, about its own attributes. `items` are the elements of a list or map. */
export interface AttributeFacts {
  readonly replace: boolean;
  readonly set: boolean;
  readonly sensitive: boolean;
  readonly computed: boolean;
  /** The schema leaves the type open: no conversion between numbers and strings takes place. */
  readonly dynamic: boolean;
  /** An attribute that forces replacement stands at or below this one. */
  readonly replaceBelow: boolean;
  /** A sensitive attribute stands at or below this one. */
  readonly sensitiveBelow: boolean;
  /** Undefined for texts, for types left open and for what holds others. */
  readonly scalar: ScalarType | undefined;
  /** A boolean or a number stands at or below this one. */
  readonly scalarBelow: boolean;
  readonly defaultValue: Json | undefined;
  readonly attributes: ReadonlyMap<string, AttributeFacts>;
  readonly items: AttributeFacts | undefined;
}

interface Entry {
  readonly replace?: readonly string[];
  readonly computed?: readonly string[];
  readonly sensitive?: readonly string[];
  readonly sets?: readonly string[];
  readonly dynamic?: readonly string[];
  readonly bools?: readonly string[];
  readonly numbers?: readonly string[];
  readonly defaults?: Readonly<Record<string, Json>>;
}

interface Growing {
  replace: boolean;
  set: boolean;
  sensitive: boolean;
  computed: boolean;
  dynamic: boolean;
  replaceBelow: boolean;
  sensitiveBelow: boolean;
  scalar: ScalarType | undefined;
  scalarBelow: boolean;
  defaultValue: Json | undefined;
  attributes: Map<string, Growing>;
  items: Growing | undefined;
}

/** Sources that mean the provider the table was made from. */
export const cloudflareSource = 'registry.terraform.io/cloudflare/cloudflare';
const cloudflareSources: ReadonlySet<string> = new Set([
  cloudflareSource,
  'registry.opentofu.org/cloudflare/cloudflare',
]);
const builtinSource = 'terraform.io/builtin/terraform';
const builtinSources: ReadonlySet<string> = new Set([
  builtinSource,
  'registry.opentofu.org/builtin/terraform',
]);

/** A full source address by the name that Terraform has for it: OpenTofu's registry serves the same Cloudflare provider. */
export function canonicalProvider(source: string): string {
  return cloudflareSources.has(source)
    ? cloudflareSource
    : builtinSources.has(source)
      ? builtinSource
      : source;
}

/** Terraform's own resource types; `terraform_data` is replaced only by its triggers. */
const builtin: Readonly<Record<string, Entry>> = { terraform_data: { replace: ['triggers_replace'] } };
const cloudflare = table.resources as unknown as Readonly<Record<string, Entry>>;
const compiled = new Map<string, AttributeFacts>();

/** Facts of a resource type, or null when this provider or type is not in the table. */
export function factsOf(type: string, provider: string): AttributeFacts | null {
  const source = canonicalProvider(provider);
  const entries = source === builtinSource ? builtin : cloudflare;
  if ((source !== builtinSource && source !== cloudflareSource) || !Object.hasOwn(entries, type)) {
    return null;
  }
  const known = compiled.get(type);
  if (known !== undefined) {
    return known;
  }
  const facts = compile(entries[type] ?? {});
  compiled.set(type, facts);
  return facts;
}

/** True for what Terraform brings along itself, which is nowhere but in its state. */
export function builtinProvider(provider: string): boolean {
  return canonicalProvider(provider) === builtinSource;
}

const flags = [
  ['sets', 'set'],
  ['computed', 'computed'],
  ['dynamic', 'dynamic'],
] as const;

const scalars = [
  ['bools', 'bool'],
  ['numbers', 'number'],
] as const;

function compile(entry: Entry): AttributeFacts {
  const root = emptyNode();
  for (const path of entry.replace ?? []) {
    mark(root, path, (node) => void (node.replaceBelow = true)).replace = true;
  }
  for (const path of entry.sensitive ?? []) {
    mark(root, path, (node) => void (node.sensitiveBelow = true)).sensitive = true;
  }
  for (const [key, flag] of flags) {
    for (const path of entry[key] ?? []) {
      mark(root, path)[flag] = true;
    }
  }
  markScalars(root, entry);
  for (const [path, value] of Object.entries(entry.defaults ?? {})) {
    mark(root, path).defaultValue = value;
  }
  return root;
}

function markScalars(root: Growing, entry: Entry): void {
  for (const [key, type] of scalars) {
    for (const path of entry[key] ?? []) {
      mark(root, path, (node) => void (node.scalarBelow = true)).scalar = type;
    }
  }
}

/** The node at a path, made as needed, after a visit of all nodes on the way there. */
function mark(root: Growing, path: string, visit?: (node: Growing) => void): Growing {
  const nodes = nodesTo(root, path);
  if (visit !== undefined) {
    nodes.forEach(visit);
  }
  return last(nodes);
}

/** The nodes along `a.b[].c`, made as needed, the root first. */
function nodesTo(root: Growing, path: string): Growing[] {
  const nodes = [root];
  for (const part of path.replaceAll('[]', '.[]').split('.')) {
    const parent = last(nodes);
    const child = (part === '[]' ? parent.items : parent.attributes.get(part)) ?? emptyNode();
    if (part === '[]') {
      parent.items = child;
    } else {
      parent.attributes.set(part, child);
    }
    nodes.push(child);
  }
  return nodes;
}

function last(nodes: readonly Growing[]): Growing {
  return nodes.at(-1) ?? emptyNode();
}

function emptyNode(): Growing {
  return {
    replace: false,
    set: false,
    sensitive: false,
    computed: false,
    dynamic: false,
    replaceBelow: false,
    sensitiveBelow: false,
    scalar: undefined,
    scalarBelow: false,
    defaultValue: undefined,
    attributes: new Map(),
    items: undefined,
  };
}
