/**
 * What the provider does with an attribute: forces replacement, compares as a set, has a default, is sensitive, is a
 * boolean or a number, is computed anew, has more than one spelling for the same value.
 *
 * Derived from the entry of a type, see `types.ts`. A type that has none
 * is unknown: callers must then assume the worst of a change, because "no entry" does not mean "updates in place".
 */
import type { Behaviour, ProviderType, SchemaFacts } from './entry.ts';
import type { Spelling } from './spelling.ts';
import { providerType } from './types.ts';
import type { Json } from '../plan/types.ts';

/** Types of single values into which Terraform converts a text. */
export type ScalarType = 'bool' | 'number';

/** What an absent attribute stands for; `when` another attribute of the same object has one of these values. */
export interface Fallback {
  readonly value: Json;
  readonly when?: {
    readonly path: string;
    readonly in: readonly string[];
    /** The default of that attribute is one of these: it holds where it is left out as well. */
    readonly byDefault?: boolean;
  };
}

/**
 * When a plan of an update marks an attribute as unknown that nothing is known to change: always, unless it is configured,
 * or (`earlier`) unless it is configured and only by earlier versions 5.x of the provider.
 */
type Recomputed = 'always' | 'unlessConfigured' | 'earlier';

/** The facts about one attribute and, below it, about its own attributes. `items` are the elements of a list or map. */
export interface AttributeFacts {
  /** A change forces replacement. */
  readonly replace: boolean;
  /** A change forces replacement if the new configuration sets the attribute. */
  readonly replaceIfConfigured: boolean;
  /** Compared without regard to order: a set of the schema, or a list whose order the provider ignores. */
  readonly set: boolean;
  readonly sensitive: boolean;
  readonly computed: boolean;
  /** The schema leaves the type open: no conversion between numbers and strings takes place. */
  readonly dynamic: boolean;
  /** An attribute that forces replacement by any change stands at or below this one. */
  readonly replaceBelow: boolean;
  /** An attribute that forces replacement if it is configured stands at or below this one. */
  readonly configuredReplaceBelow: boolean;
  /** A sensitive attribute stands at or below this one. */
  readonly sensitiveBelow: boolean;
  /** Undefined for texts, for types left open and for what holds others. */
  readonly scalar: ScalarType | undefined;
  /** A boolean or a number stands at or below this one. */
  readonly scalarBelow: boolean;
  /** The first whose condition holds counts. */
  readonly fallbacks: readonly Fallback[];
  readonly recomputed: Recomputed | undefined;
  /** What Cloudflare has of it is not read back: a state without it says nothing. */
  readonly notRefreshed: boolean;
  readonly spelling: Spelling | undefined;
  /** A set, a default, or a value that can be spelled in several ways, stands at or below this one. */
  readonly variesBelow: boolean;
  readonly attributes: ReadonlyMap<string, AttributeFacts>;
  readonly items: AttributeFacts | undefined;
}

interface FactsInProgress {
  replace: boolean;
  replaceIfConfigured: boolean;
  set: boolean;
  sensitive: boolean;
  computed: boolean;
  dynamic: boolean;
  replaceBelow: boolean;
  configuredReplaceBelow: boolean;
  sensitiveBelow: boolean;
  scalar: ScalarType | undefined;
  scalarBelow: boolean;
  fallbacks: Fallback[];
  recomputed: Recomputed | undefined;
  notRefreshed: boolean;
  spelling: Spelling | undefined;
  variesBelow: boolean;
  attributes: Map<string, FactsInProgress>;
  items: FactsInProgress | undefined;
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
const builtin: Pick<ProviderType, 'schema' | 'behaviour'> = { schema: { replace: ['triggers_replace'] } };
const compiled = new Map<string, AttributeFacts>();

/** Facts of a resource type, or null when this provider or type is not in the table. */
export function factsOf(type: string, provider: string): AttributeFacts | null {
  const entry = entryOf(type, canonicalProvider(provider));
  if (entry === null) {
    return null;
  }
  const known = compiled.get(type);
  if (known !== undefined) {
    return known;
  }
  const facts = compile(entry.schema ?? {}, entry.behaviour ?? {});
  compiled.set(type, facts);
  return facts;
}

function entryOf(type: string, source: string): Pick<ProviderType, 'schema' | 'behaviour'> | null {
  if (source === builtinSource) {
    return type === 'terraform_data' ? builtin : null;
  }
  return source === cloudflareSource ? providerType(type) : null;
}

/** True for what Terraform brings along itself, which is nowhere but in its state. */
export function builtinProvider(provider: string): boolean {
  return canonicalProvider(provider) === builtinSource;
}

const flags = [
  ['computed', 'computed'],
  ['dynamic', 'dynamic'],
] as const;

const scalars = [
  ['bools', 'bool'],
  ['numbers', 'number'],
] as const;

function compile(entry: SchemaFacts, behaves: Behaviour): AttributeFacts {
  const root = emptyNode();
  markReplacing(root, entry, behaves);
  for (const path of entry.sensitive ?? []) {
    mark(root, path, (node) => void (node.sensitiveBelow = true)).sensitive = true;
  }
  for (const [key, flag] of flags) {
    for (const path of entry[key] ?? []) {
      mark(root, path)[flag] = true;
    }
  }
  markScalars(root, entry);
  markVariants(root, entry, behaves);
  markRecomputed(root, behaves);
  markFallbacks(root, entry, behaves);
  return root;
}

function markReplacing(root: FactsInProgress, entry: SchemaFacts, behaves: Behaviour): void {
  for (const path of entry.replace ?? []) {
    mark(root, path, (node) => void (node.replaceBelow = true)).replace = true;
  }
  for (const path of behaves.replaceIfConfigured ?? []) {
    mark(root, path, (node) => void (node.configuredReplaceBelow = true)).replaceIfConfigured = true;
  }
}

function markFallbacks(root: FactsInProgress, entry: SchemaFacts, behaves: Behaviour): void {
  const varies = (node: FactsInProgress): void => void (node.variesBelow = true);
  for (const [path, value] of Object.entries(entry.defaults ?? {})) {
    mark(root, path, varies).fallbacks.push({ value });
  }
  for (const { path, ...fallback } of [...(behaves.conditionalDefaults ?? []), ...(behaves.absentAs ?? [])]) {
    mark(root, path, varies).fallbacks.push(withOwnDefault(fallback, entry.defaults ?? {}));
  }
}

function withOwnDefault(fallback: Fallback, defaults: Readonly<Record<string, Json>>): Fallback {
  const { when } = fallback;
  const otherwise = when === undefined ? undefined : defaults[when.path];
  return when === undefined || typeof otherwise !== 'string'
    ? fallback
    : { ...fallback, when: { ...when, byDefault: when.in.includes(otherwise) } };
}

function markVariants(root: FactsInProgress, entry: SchemaFacts, behaves: Behaviour): void {
  const varies = (node: FactsInProgress): void => void (node.variesBelow = true);
  for (const path of [...(entry.sets ?? []), ...(behaves.unordered ?? [])]) {
    mark(root, path, varies).set = true;
  }
  for (const [path, spelling] of Object.entries(behaves.spellings ?? {})) {
    mark(root, path, varies).spelling = spelling;
  }
}

const recomputing = [
  ['recomputedEarlier', 'earlier'],
  ['recomputedUnlessConfigured', 'unlessConfigured'],
  ['recomputed', 'always'],
] as const;

function markRecomputed(root: FactsInProgress, behaves: Behaviour): void {
  for (const [key, recomputed] of recomputing) {
    for (const path of behaves[key] ?? []) {
      mark(root, path).recomputed = recomputed;
    }
  }
  for (const path of behaves.notRefreshed ?? []) {
    mark(root, path).notRefreshed = true;
  }
}

function markScalars(root: FactsInProgress, entry: SchemaFacts): void {
  for (const [key, type] of scalars) {
    for (const path of entry[key] ?? []) {
      mark(root, path, (node) => void (node.scalarBelow = true)).scalar = type;
    }
  }
}

/** The node at a path, made as needed, after a visit of all nodes on the way there. */
function mark(root: FactsInProgress, path: string, visit?: (node: FactsInProgress) => void): FactsInProgress {
  const nodes = nodesTo(root, path);
  if (visit !== undefined) {
    nodes.forEach(visit);
  }
  return last(nodes);
}

/** The nodes along `a.b[].c`, made as needed, the root first. */
function nodesTo(root: FactsInProgress, path: string): FactsInProgress[] {
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

function last(nodes: readonly FactsInProgress[]): FactsInProgress {
  return nodes.at(-1) ?? emptyNode();
}

function emptyNode(): FactsInProgress {
  return {
    replace: false,
    replaceIfConfigured: false,
    set: false,
    sensitive: false,
    computed: false,
    dynamic: false,
    replaceBelow: false,
    configuredReplaceBelow: false,
    sensitiveBelow: false,
    scalar: undefined,
    scalarBelow: false,
    fallbacks: [],
    recomputed: undefined,
    notRefreshed: false,
    spelling: undefined,
    variesBelow: false,
    attributes: new Map(),
    items: undefined,
  };
}
