/**
 * The open engine as firewalker 1.0.10 ships it (cloudflare/wirefilter at 2334ab1 of 2023, with firewalker's functions),
 * called in its shared library. firewalker's own binding needs a compiler at installation; koffi brings its binaries.
 */
import { createRequire } from 'node:module';
import { isArray, isIp } from '../../scripts/waf/evaluate/runtime.ts';
import type { RequestFields, RuntimeValue } from '../../scripts/waf/evaluate/runtime.ts';
import type { ValueType } from '../../scripts/waf/language/value-type.ts';

type Native = (...args: readonly unknown[]) => unknown;

interface Koffi {
  load(path: string): { func(declaration: string): Native };
  struct(name: string, fields: Readonly<Record<string, string>>): unknown;
  decode(pointer: unknown, type: unknown): unknown;
  array(type: string, length: number): unknown;
}

interface Result {
  readonly success: number;
  readonly value: number;
  readonly data: unknown;
  readonly length: number | bigint;
}

/** A filter that the engine accepted. */
export interface EngineFilter {
  /** True, false, or the message of a panic. */
  match(context: EngineContext): boolean | string;
  free(): void;
}

export interface Engine {
  /** The filter, or the message with which the engine refuses. */
  compile(text: string): EngineFilter | string;
  context(request: RequestFields): EngineContext;
  freeContext(context: EngineContext): void;
}

const declarations = {
  enablePanicCatcher: 'void wirefilter_enable_panic_catcher()',
  hookPanics: 'void wirefilter_set_panic_catcher_hook()',
  createScheme: 'void *wirefilter_create_scheme()',
  addFunctions: 'void add_standard_functions(void *scheme)',
  addField: 'bool wirefilter_add_type_field_to_scheme(void *scheme, EngineText name, EngineType type)',
  mapType: 'EngineType wirefilter_create_map_type(EngineType type)',
  arrayType: 'EngineType wirefilter_create_array_type(EngineType type)',
  parse: 'EngineResult wirefilter_parse_filter(void *scheme, EngineText text)',
  freeParsed: 'void wirefilter_free_parsing_result(EngineResult result)',
  compile: 'EngineResult wirefilter_compile_filter(void *tree)',
  freeFilter: 'void wirefilter_free_compiled_filter(void *filter)',
  createContext: 'void *wirefilter_create_execution_context(void *scheme)',
  freeContext: 'void wirefilter_free_execution_context(void *context)',
  match: 'EngineResult wirefilter_match(void *filter, void *context)',
  addBytes:
    'bool wirefilter_add_bytes_value_to_execution_context(void *context, EngineText name, EngineText value)',
  addInt: 'bool wirefilter_add_int_value_to_execution_context(void *context, EngineText name, int32_t value)',
  addBool: 'bool wirefilter_add_bool_value_to_execution_context(void *context, EngineText name, bool value)',
  addIpv4:
    'bool wirefilter_add_ipv4_value_to_execution_context(void *context, EngineText name, const uint8_t *value)',
  addIpv6:
    'bool wirefilter_add_ipv6_value_to_execution_context(void *context, EngineText name, const uint8_t *value)',
  addMap: 'bool wirefilter_add_map_value_to_execution_context(void *context, EngineText name, void *map)',
  addArray:
    'bool wirefilter_add_array_value_to_execution_context(void *context, EngineText name, void *array)',
  createMap: 'void *wirefilter_create_map(EngineType type)',
  createArray: 'void *wirefilter_create_array(EngineType type)',
  addArrayToMap: 'bool wirefilter_add_array_value_to_map(void *map, EngineText name, void *array)',
  addBytesToArray: 'bool wirefilter_add_bytes_value_to_array(void *array, uint32_t index, EngineText value)',
} as const;

type Library = Readonly<Record<keyof typeof declarations, Native>>;

const tags = { ip: 0, string: 1, int: 2, bool: 3 } as const;
const bytesType = { tag: tags.string, data: null };

/** The values of one request in the engine, which borrows what it is given: the memory must live as long as they do. */
export class EngineContext {
  readonly pointer: unknown;
  readonly #kept: Buffer[] = [];

  constructor(pointer: unknown) {
    this.pointer = pointer;
  }

  text(value: string): EngineText {
    const data = Buffer.from(value, 'latin1');
    this.#kept.push(data);
    return { data, length: data.length };
  }

  bytes(data: Buffer): Buffer {
    this.#kept.push(data);
    return data;
  }
}

interface EngineText {
  readonly data: Buffer;
  readonly length: number;
}

/** Loads the engine from a folder with firewalker and koffi, with these fields as its scheme. */
export function loadEngine(folder: string, fields: ReadonlyMap<string, ValueType>): Engine {
  const fromFolder = createRequire(`${folder}/package.json`);
  const koffi = fromFolder('koffi') as Koffi;
  koffi.struct('EngineText', { data: 'const uint8_t *', length: 'size_t' });
  koffi.struct('EngineType', { tag: 'uint8_t', data: 'void *' });
  koffi.struct('EngineResult', { success: 'uint8_t', value: 'uint8_t', data: 'void *', length: 'size_t' });
  const loaded = koffi.load(`${folder}/node_modules/firewalker/lib/libwirefilter_ffi.so`);
  const library = Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [name, loaded.func(declaration)]),
  ) as Library;
  library.hookPanics();
  library.enablePanicCatcher();
  const scheme = library.createScheme();
  const names = new EngineContext(scheme);
  library.addFunctions(scheme);
  for (const [name, type] of fields) {
    if (library.addField(scheme, names.text(name), engineType(library, type)) !== true) {
      throw new Error(`the engine does not take the field ${name}`);
    }
  }
  const messageOf = ({ data, length }: Result): string =>
    Buffer.from(koffi.decode(data, koffi.array('uint8_t', Number(length))) as Uint8Array).toString();
  return {
    compile: (source) => compileText(library, { scheme, source, messageOf }),
    context: (request) => {
      const context = new EngineContext(library.createContext(scheme));
      for (const name of fields.keys()) {
        const value = request.fields.get(name);
        if (value === undefined || addValue(library, context, names.text(name), value) !== true) {
          throw new Error(`the request has no ${name} that the engine takes`);
        }
      }
      return context;
    },
    freeContext: (context) => {
      library.freeContext(context.pointer);
    },
  };
}

function engineType(library: Library, type: ValueType): unknown {
  if (type.kind === 'map') {
    return library.mapType(engineType(library, type.of));
  }
  if (type.kind === 'array') {
    return library.arrayType(engineType(library, type.of));
  }
  if (type.kind === 'unknown') {
    throw new Error('a field of no type');
  }
  return { tag: tags[type.kind], data: null };
}

function compileText(
  library: Library,
  asked: {
    readonly scheme: unknown;
    readonly source: string;
    readonly messageOf: (result: Result) => string;
  },
): EngineFilter | string {
  const utf8 = Buffer.from(asked.source, 'utf8');
  const parsed = library.parse(asked.scheme, { data: utf8, length: utf8.length }) as Result;
  if (parsed.success !== 1) {
    const message = asked.messageOf(parsed);
    library.freeParsed(parsed);
    return message;
  }
  const compiled = library.compile(parsed.data) as Result;
  if (compiled.success !== 1) {
    return asked.messageOf(compiled);
  }
  return {
    match: (context: EngineContext) => {
      const matched = library.match(compiled.data, context.pointer) as Result;
      return matched.success === 1 ? matched.value === 1 : asked.messageOf(matched);
    },
    free: () => {
      library.freeFilter(compiled.data);
    },
  };
}

function addValue(library: Library, context: EngineContext, name: EngineText, value: RuntimeValue): unknown {
  const { pointer } = context;
  if (typeof value === 'string') {
    return library.addBytes(pointer, name, context.text(value));
  }
  if (typeof value === 'number') {
    return library.addInt(pointer, name, value);
  }
  if (typeof value === 'boolean') {
    return library.addBool(pointer, name, value);
  }
  if (isArray(value)) {
    return library.addArray(pointer, name, arrayOf(library, context, value));
  }
  if (isIp(value)) {
    const add = value.family === 4 ? library.addIpv4 : library.addIpv6;
    return add(pointer, name, context.bytes(addressBytes(value)));
  }
  return library.addMap(pointer, name, mapOf(library, context, value as ReadonlyMap<string, RuntimeValue>));
}

function addressBytes({ family, value }: { readonly family: 4 | 6; readonly value: bigint }): Buffer {
  return Buffer.from(value.toString(16).padStart(family === 4 ? 8 : 32, '0'), 'hex');
}

/** Arrays of texts are the only ones that the compared fields have. */
function arrayOf(library: Library, context: EngineContext, values: readonly RuntimeValue[]): unknown {
  const array = library.createArray(bytesType);
  values.forEach((value, index) => {
    library.addBytesToArray(array, index, context.text(value as string));
  });
  return array;
}

function mapOf(library: Library, context: EngineContext, values: ReadonlyMap<string, RuntimeValue>): unknown {
  const map = library.createMap(library.arrayType(bytesType));
  for (const [key, value] of values) {
    library.addArrayToMap(
      map,
      context.text(key),
      arrayOf(library, context, value as readonly RuntimeValue[]),
    );
  }
  return map;
}
