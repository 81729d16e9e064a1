/**
 * Compiles fields and calls into closures: `["key"]`, `[0]`, `[*]`, functions over every element, missing values. What a
 * request does not tell comes out as `Unknown`, an absent key or index as `undefined`.
 */
import type { Accessor, Argument, CallValue, Expression, FieldValue, ValueNode } from '../language/ast.ts';
import { unreachable } from '../language/exhaustive.ts';
import { makeFunction } from './functions-runtime.ts';
import { isArray, mergeUnknown, PartialMap, Unknown, unknownBecause } from './runtime.ts';
import type { Evaluated, RequestFields, RuntimeValue } from './runtime.ts';
import { isValue } from '../language/walk.ts';

export type CompiledValue = (request: RequestFields) => Evaluated;

/** Compiles any( … ) or all( … ), which belongs to the tests. */
export type QuantifierCompiler = (isAll: boolean, test: Expression) => CompiledValue;

/** The value; for one with `[*]`, the array of its elements. */
export function compileValue(value: ValueNode, quantifier: QuantifierCompiler): CompiledValue {
  const base = value.kind === 'field' ? compileField(value.name) : compileCall(value, quantifier);
  const { accessors } = value;
  const [first, second] = accessors;
  if (
    value.kind === 'field' &&
    first?.kind === 'key' &&
    (second?.kind ?? 'each') === 'each' &&
    accessors.length < 3
  ) {
    return compileKey(value, first.key, accessors);
  }
  return accessors.length === 0 ? base : (request) => follow(base(request), accessors, value.name);
}

/** `map["key"]` and `map["key"][*]` of an array, which are what headers and cookies are asked for by. */
function compileKey({ name }: FieldValue, key: string, accessors: readonly Accessor[]): CompiledValue {
  const unknown = unknownBecause(name);
  const isWhole = accessors.length === 1;
  return ({ fields }) => {
    const map = fields.get(name);
    if (map === undefined) {
      return unknown;
    }
    if (map instanceof Map) {
      const found = (map as ReadonlyMap<string, RuntimeValue>).get(key);
      if (isWhole || found === undefined || isArray(found)) {
        return found;
      }
    }
    return follow(map, accessors, name);
  };
}

function compileField(name: string): CompiledValue {
  const unknown = unknownBecause(name);
  return (request) => request.fields.get(name) ?? unknown;
}

function compileCall(call: CallValue, quantifier: QuantifierCompiler): CompiledValue {
  const [first] = call.args;
  if (first?.kind === 'test') {
    return quantifier(call.name === 'all', first.test);
  }
  const args = call.args.map((argument) => compileArgument(argument, quantifier));
  if (call.name === 'coalesce') {
    return (request) => firstPresent(args, request);
  }
  const apply = makeFunction(call.name, call.args);
  if (first !== undefined && isValue(first) && first.spread) {
    return (request) => mapFirst(args, request, apply);
  }
  const affix = compileAffix(call, args);
  if (affix !== null) {
    return affix;
  }
  const missingIsEmpty = call.name === 'concat';
  const [only] = args;
  if (only !== undefined && args.length === 1 && !missingIsEmpty) {
    return (request) => {
      const value = only(request);
      return value === undefined || value instanceof Unknown ? value : apply([value]);
    };
  }
  return (request) => {
    const values = gather(args, request, missingIsEmpty);
    return values === undefined || values instanceof Unknown ? values : apply(values);
  };
}

/** starts_with and ends_with a literal, without lists of arguments: they are in most rules. */
function compileAffix(call: CallValue, [source]: readonly CompiledValue[]): CompiledValue | null {
  const [, affix] = call.args;
  const isStart = call.name === 'starts_with';
  if ((!isStart && call.name !== 'ends_with') || source === undefined || affix?.kind !== 'string') {
    return null;
  }
  const { bytes } = affix;
  return (request) => {
    const value = source(request);
    if (value === undefined || value instanceof Unknown) {
      return value;
    }
    return typeof value === 'string'
      ? isStart
        ? value.startsWith(bytes)
        : value.endsWith(bytes)
      : undefined;
  };
}

function compileArgument(argument: Argument, quantifier: QuantifierCompiler): CompiledValue {
  if (isValue(argument)) {
    return compileValue(argument, quantifier);
  }
  const constant = constantArgument(argument);
  return () => constant;
}

function constantArgument(argument: Exclude<Argument, ValueNode>): RuntimeValue | undefined {
  switch (argument.kind) {
    case 'string':
      return argument.bytes;
    case 'int':
      return Number(argument.value);
    case 'ip':
      return argument.address;
    case 'test':
      return undefined;
    default:
      return unreachable(argument);
  }
}

function firstPresent(args: readonly CompiledValue[], request: RequestFields): Evaluated {
  for (const arg of args) {
    const value = arg(request);
    if (value !== undefined) {
      return value;
    }
  }
  return undefined;
}

/** The arguments' values; undefined when one is missing, unless missing counts as empty. */
function gather(
  args: readonly CompiledValue[],
  request: RequestFields,
  missingIsEmpty: boolean,
): readonly RuntimeValue[] | Unknown | undefined {
  const values: RuntimeValue[] = [];
  let isMissing = false;
  let unknown: Unknown | null = null;
  for (const arg of args) {
    const value = arg(request);
    if (value instanceof Unknown) {
      unknown = unknown === null ? value : mergeUnknown(unknown, value);
    } else if (value === undefined && !missingIsEmpty) {
      isMissing = true;
    } else {
      values.push(value ?? '');
    }
  }
  return unknown ?? (isMissing ? undefined : values);
}

/** Applies a function to each element of its first argument; elements without a result drop out. */
function mapFirst(
  args: readonly CompiledValue[],
  request: RequestFields,
  apply: (values: readonly RuntimeValue[]) => Evaluated,
): Evaluated {
  const all = gather(args, request, false);
  if (all === undefined || all instanceof Unknown) {
    return all;
  }
  const [elements, ...rest] = all;
  const results: RuntimeValue[] = [];
  for (const element of elements !== undefined && isArray(elements) ? elements : []) {
    const result = apply([element, ...rest]);
    if (result instanceof Unknown) {
      return result;
    }
    if (result !== undefined) {
      results.push(result);
    }
  }
  return results;
}

/** Follows `["key"]`, `[0]` and `[*]`; after the first `[*]` each step is done for every element. */
function follow(start: Evaluated, accessors: readonly Accessor[], name: string): Evaluated {
  let current = start;
  let isSpread = false;
  for (const accessor of accessors) {
    if (current === undefined || current instanceof Unknown) {
      return current;
    }
    current =
      isSpread && isArray(current) ? followEach(current, accessor, name) : step(current, accessor, name);
    isSpread ||= accessor.kind === 'each';
  }
  return current;
}

function followEach(elements: readonly RuntimeValue[], accessor: Accessor, name: string): Evaluated {
  const results: RuntimeValue[] = [];
  for (const element of elements) {
    const found = step(element, accessor, name);
    if (found instanceof Unknown) {
      return found;
    }
    if (found !== undefined) {
      results.push(...(accessor.kind === 'each' && isArray(found) ? found : [found]));
    }
  }
  return results;
}

function step(value: RuntimeValue, accessor: Accessor, name: string): Evaluated {
  if (value instanceof PartialMap) {
    return stepPartial(value, accessor, name);
  }
  switch (accessor.kind) {
    case 'each':
      return value instanceof Map
        ? [...(value as ReadonlyMap<string, RuntimeValue>).values()]
        : isArray(value)
          ? value
          : undefined;
    case 'index':
      return isArray(value) ? value[accessor.index] : undefined;
    case 'key':
      return value instanceof Map
        ? (value as ReadonlyMap<string, RuntimeValue>).get(accessor.key)
        : undefined;
    default:
      return unreachable(accessor);
  }
}

function stepPartial(value: PartialMap, accessor: Accessor, name: string): Evaluated {
  if (accessor.kind !== 'key') {
    return unknownBecause(name);
  }
  const found = value.get(accessor.key);
  return found === null ? unknownBecause(`${name}["${accessor.key}"]`) : found;
}
