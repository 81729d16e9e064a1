/**
 * Reads the schemas of all resource types and data sources from the installed `@cdktf/provider-cloudflare`. Each
 * compiled module carries its TypeScript source in an inline source map; that source states, per attribute, whether
 * it is required, optional or computed, its kind, its nesting and (in the documentation) its allowed values.
 * The generator marks everything below a computed parent as computed, so for resources the provider facts decide.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Attribute, Nesting, SchemaShape, TypeSchema, WireType } from '../sandbox/provider/schema.ts';

const packageName = '@cdktf/provider-cloudflare';

export interface Bindings {
  readonly version: string;
  readonly providerVersion: string;
  readonly libFolder: string;
}

interface ParsedClass {
  readonly base: string;
  readonly attributes: Map<string, ParsedAttribute>;
}

interface ParsedAttribute {
  readonly name: string;
  readonly computed: boolean;
  readonly optional: boolean;
  readonly required: boolean;
  kind: PlainKind | NestedKind | null;
}

interface PlainKind {
  readonly type: WireType;
}

interface NestedKind {
  readonly nesting: Nesting;
  readonly className: string;
}

/** Result of reading one module: its Terraform type name, whether it is a data source, and its schema. */
export interface BoundType {
  readonly name: string;
  readonly category: 'resource' | 'dataSource' | 'provider';
  readonly schema: TypeSchema;
}

/** Where the installed bindings are, and of which version. Throws when they are not installed. */
export function findBindings(): Bindings {
  const manifestPath = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const manifest = JSON.parse(readFileSync(manifestPath, 'utf8')) as {
    readonly version: string;
    readonly cdktf: { readonly provider: { readonly version: string } };
  };
  return {
    version: manifest.version,
    providerVersion: manifest.cdktf.provider.version,
    libFolder: join(dirname(manifestPath), 'lib'),
  };
}

/** Reads every module below the bindings' `lib`. Throws when no module says what it holds. */
export function readBindings(bindings: Bindings): readonly BoundType[] {
  const found: BoundType[] = [];
  for (const folder of readdirSync(bindings.libFolder).toSorted()) {
    const file = join(bindings.libFolder, folder, 'index.js');
    if (!existsSync(file)) {
      continue;
    }
    const source = embeddedSource(file);
    const bound = source === null ? null : parseModule(source);
    if (bound !== null) {
      found.push(bound);
    }
  }
  if (found.length === 0) {
    throw new Error(
      `no resource type was found in ${bindings.libFolder}: version ${bindings.version} of ${packageName} does not carry its source maps`,
    );
  }
  return found;
}

function embeddedSource(file: string): string | null {
  const text = readFileSync(file, 'latin1');
  const marker = text.lastIndexOf('sourceMappingURL=data:');
  const start = marker < 0 ? -1 : text.indexOf('base64,', marker);
  if (start < 0) {
    return null;
  }
  const map = JSON.parse(Buffer.from(text.slice(start + 7).trim(), 'base64').toString('utf8')) as {
    readonly sourcesContent?: readonly string[];
  };
  return map.sourcesContent?.[0] ?? null;
}

/** Reads one module's TypeScript; null for modules that hold no resource type. */
export function parseModule(source: string): BoundType | null {
  const reader = new ModuleReader();
  for (const line of source.split('\n')) {
    reader.line(line);
  }
  return reader.result();
}

const basesOfInterest: Readonly<Record<string, BoundType['category']>> = {
  TerraformResource: 'resource',
  TerraformDataSource: 'dataSource',
  TerraformProvider: 'provider',
};

class ModuleReader {
  private readonly classes = new Map<string, ParsedClass>();
  /** Interface name to attribute to allowed values. */
  private readonly allowed = new Map<string, Map<string, readonly string[]>>();
  private readonly configOf = new Map<string, string>();
  private currentInterface: string | null = null;
  private currentClass: ParsedClass | null = null;
  private currentAttribute: ParsedAttribute | null = null;
  private pendingValues: readonly string[] | null = null;
  private main: { readonly className: string; readonly category: BoundType['category'] } | null = null;
  private typeName: string | null = null;

  line(line: string): void {
    if (line.startsWith('export ')) {
      this.declaration(line);
    } else if (this.currentInterface !== null) {
      this.documentation(line, this.currentInterface);
    } else if (this.currentClass !== null) {
      this.member(line, this.currentClass);
    }
  }

  private declaration(line: string): void {
    this.currentInterface = /^export interface (\w+)/.exec(line)?.[1] ?? null;
    this.currentAttribute = null;
    const parsed = /^export class (\w+) extends cdktf\.(\w+)/.exec(line);
    if (parsed === null) {
      this.currentClass = null;
      return;
    }
    const [, name = '', base = ''] = parsed;
    this.currentClass = { base, attributes: new Map() };
    this.classes.set(name, this.currentClass);
    const category = basesOfInterest[base];
    if (category !== undefined) {
      this.main = { className: name, category };
      this.configOf.set(name, `${name}Config`);
    }
  }

  private documentation(line: string, owner: string): void {
    const values = /Available values: (.+?)\.?\s*$/.exec(line)?.[1];
    if (values !== undefined) {
      this.pendingValues = splitValues(values);
      return;
    }
    const attribute = /Docs at Terraform Registry: \{@link \S+#(\w+) /.exec(line)?.[1];
    if (attribute !== undefined && this.pendingValues !== null) {
      const known = this.allowed.get(owner) ?? new Map<string, readonly string[]>();
      this.allowed.set(owner, known.set(attribute, this.pendingValues));
    }
    if (line.includes('*/')) {
      this.pendingValues = null;
    }
  }

  private member(line: string, owner: ParsedClass): void {
    const name = /tfResourceType = "(\w+)"/.exec(line)?.[1];
    if (name !== undefined) {
      this.typeName = name;
      return;
    }
    const header = /^ {2}\/\/ (\w+) - computed: (\w+), optional: (\w+), required: (\w+)/.exec(line);
    if (header !== null) {
      const [, attribute = '', computed, optional, required] = header;
      this.currentAttribute = {
        name: attribute,
        computed: computed === 'true',
        optional: optional === 'true',
        required: required === 'true',
        kind: null,
      };
      owner.attributes.set(attribute, this.currentAttribute);
      return;
    }
    if (this.currentAttribute !== null && this.currentAttribute.kind === null) {
      this.currentAttribute.kind = nestedKind(line) ?? plainKind(line);
    }
  }

  result(): BoundType | null {
    const main = this.main;
    if (main === null || this.typeName === null) {
      return null;
    }
    const attributes = this.attributesOf(main.className, this.configOf.get(main.className) ?? '', false);
    return { name: this.typeName, category: main.category, schema: { version: 0, attributes } };
  }

  private attributesOf(
    className: string,
    configName: string,
    inComputed: boolean,
  ): Record<string, Attribute> {
    const owner = this.classes.get(className);
    const result: Record<string, Attribute> = {};
    for (const attribute of owner?.attributes.values() ?? []) {
      // `alias` is Terraform's own argument of provider blocks, not part of the provider's schema.
      if (attribute.kind === null || (owner?.base === 'TerraformProvider' && attribute.name === 'alias')) {
        continue;
      }
      const presence = inComputed ? 'computed' : presenceOf(attribute);
      const oneOf = this.allowed.get(configName)?.get(attribute.name);
      result[attribute.name] = {
        presence,
        shape: this.shapeOf(attribute.kind, presence === 'computed'),
        ...(oneOf === undefined || presence === 'computed' ? {} : { oneOf }),
      };
    }
    return result;
  }

  private shapeOf(kind: PlainKind | NestedKind, inComputed: boolean): SchemaShape {
    if ('type' in kind) {
      return { kind: 'plain', type: kind.type };
    }
    const attributes = this.attributesOf(`${kind.className}OutputReference`, kind.className, inComputed);
    return { kind: 'nested', nesting: kind.nesting, attributes };
  }
}

function presenceOf(attribute: ParsedAttribute): Attribute['presence'] {
  if (attribute.required) {
    return 'required';
  }
  if (attribute.optional) {
    return attribute.computed ? 'optionalComputed' : 'optional';
  }
  return 'computed';
}

/** `"a", "b".` or `1, 2` as the documentation writes them; null for lists of bare words, which are only examples. */
function splitValues(text: string): readonly string[] | null {
  const quoted = [...text.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
  if (quoted.length > 0) {
    return quoted;
  }
  const bare = text.split(',').map((part) => part.trim());
  return bare.every((part) => /^\d+$/.test(part)) ? bare : null;
}

function nestedKind(line: string): NestedKind | null {
  const parsed = / = new (\w+)\(this, "\w+"(?:, (true|false))?\)/.exec(line);
  if (parsed === null) {
    return null;
  }
  const [, constructed = '', asSet] = parsed;
  if (constructed.endsWith('OutputReference')) {
    return { nesting: 'single', className: constructed.slice(0, -'OutputReference'.length) };
  }
  if (asSet !== undefined) {
    return { nesting: asSet === 'true' ? 'set' : 'list', className: constructed.slice(0, -'List'.length) };
  }
  return { nesting: 'map', className: constructed.slice(0, -'Map'.length) };
}

const readers: Readonly<Record<string, WireType>> = {
  getStringAttribute: 'string',
  getNumberAttribute: 'number',
  getBooleanAttribute: 'bool',
  getListAttribute: ['list', 'string'],
  getNumberListAttribute: ['list', 'number'],
  getStringMapAttribute: ['map', 'string'],
  getNumberMapAttribute: ['map', 'number'],
  getAnyMapAttribute: 'dynamic',
  interpolationForAttribute: ['map', ['list', 'string']],
};

const wrappers: Readonly<Record<string, WireType>> = {
  StringMap: ['map', 'string'],
  NumberMap: ['map', 'number'],
  StringListMap: ['map', ['list', 'string']],
  StringMapList: ['list', ['map', 'string']],
  AnyMap: 'dynamic',
};

/** Types of the provider block's fields, which have no reader method. */
const fieldTypes: Readonly<Record<string, WireType>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
};

function plainKind(line: string): PlainKind | null {
  const wrapper = wrappers[/ = new cdktf\.(\w+)\(this/.exec(line)?.[1] ?? ''];
  if (wrapper !== undefined) {
    return { type: wrapper };
  }
  const reader = readers[/return (?:cdktf\.Fn\.tolist\()?this\.(\w+)\('/.exec(line)?.[1] ?? ''];
  if (reader !== undefined) {
    return {
      type: line.includes('Fn.tolist(') && Array.isArray(reader) ? ['set', reader[1] as WireType] : reader,
    };
  }
  const getter = fieldTypes[/set \w+\(value: (\w+)/.exec(line)?.[1] ?? ''];
  return getter === undefined ? null : { type: getter };
}
