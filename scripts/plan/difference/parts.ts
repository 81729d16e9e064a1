/**
 * What one block makes: itself, the instances of its `count` or `for_each`, or the settings that a block of the provider's
 * version 4 says together. Terraform plans and destroys each of them for itself.
 */
import { isList, isObject, own, setOwn } from '../../json/json.ts';
import { repetition } from './lifecycle.ts';
import { isOpenValue, mentions, resolveValue } from './resolve.ts';
import type { Repeated, ResolveScope } from './resolve.ts';
import { findBlock } from '../stack-view.ts';
import type { Block } from '../stack-view.ts';
import type { Json, JsonObject } from '../types.ts';
import { settingsIn } from '../v4/settings.ts';

/** More instances than this are not told apart: nobody reads them, and a count may have any number of digits. */
const maxInstances = 20_000;

/** Finds the parts of the blocks of one side; each block is taken apart once. */
export class PartFinder {
  readonly #scope: ResolveScope;
  readonly #known = new Map<string, readonly Block[] | null>();

  constructor(scope: ResolveScope) {
    this.#scope = scope;
  }

  /** In the order of the configuration; null where only a run can tell which there are. */
  of(block: Block): readonly Block[] | null {
    const isPlain = own(block.body, 'count') === undefined && own(block.body, 'for_each') === undefined;
    if (block.kind !== 'resource') {
      return isPlain ? [block] : null;
    }
    const known = this.#known.get(block.address);
    if (known !== undefined) {
      return known;
    }
    const parts = isPlain ? settingsIn(block) : this.#instancesOf(block);
    if (!isPlain || parts?.length !== 1) {
      this.#known.set(block.address, parts);
    }
    return parts;
  }

  /** The part at an address as Terraform writes it, or undefined. */
  at(address: string): Block | undefined {
    const block = findBlock(this.#scope.view, withoutKey(address));
    return block === undefined ? undefined : this.of(block)?.find((part) => part.address === address);
  }

  #instancesOf(block: Block): readonly Block[] | null {
    const keys = this.#keysOf(block.body);
    return keys === null
      ? null
      : keys.flatMap(([index, repeated]) => settingsIn(this.#instanceOf(block, index, repeated)));
  }

  #keysOf(body: JsonObject): readonly (readonly [string | number, Repeated])[] | null {
    const value = resolveRepetition(this.#scope, body);
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= maxInstances) {
      return Array.from(
        { length: value },
        (_, index) => [index, { target: 'count', value: { index } }] as const,
      );
    }
    const entries = entriesOf(value);
    const isTold = entries?.every(([key]) => !isOpenValue(this.#scope, key)) === true;
    return entries !== null && isTold && entries.length <= maxInstances
      ? entries.map(([key, item]) => [key, { target: 'each', value: { key, value: item } }] as const)
      : null;
  }

  #instanceOf(block: Block, index: string | number, repeated: Repeated): Block {
    const { count: _count, for_each: _each, ...rest } = block.body;
    const scope = { ...this.#scope, repeated, texts: new Map<string, Json>() };
    return {
      ...block,
      index,
      ...(repeated.target === 'each' ? { each: own(repeated.value, 'value') ?? null } : {}),
      address: `${block.address}[${JSON.stringify(index)}]`,
      body: bound(scope, repeated.target, rest) as JsonObject,
    };
  }
}

/** Of a set each element is key and value. */
function entriesOf(value: Json): readonly (readonly [string, Json])[] | null {
  if (isObject(value)) {
    return Object.entries(value);
  }
  return isList(value) && value.every((item) => typeof item === 'string')
    ? value.map((item) => [item, item] as const)
    : null;
}

/** `count` or `for_each` as a number, a list or an object where the configuration tells. */
function resolveRepetition(scope: ResolveScope, body: JsonObject): Json {
  const written = repetition(body);
  const called = typeof written === 'string' ? /^\$\{\s*(toset|length)\((.*)\)\s*\}$/s.exec(written) : null;
  if (called === null) {
    return written === null ? null : repetition({ count: resolveValue(scope, written) });
  }
  const [, name, argument = ''] = called;
  const value = literal(argument) ?? resolveValue(scope, `\${${argument}}`);
  const members = isList(value) ? value : isObject(value) ? Object.keys(value) : null;
  if (members === null) {
    return written;
  }
  return name === 'length' ? members.length : isList(value) ? [...new Set(value)] : written;
}

/** A list of texts as JSON and Terraform both write it. */
function literal(text: string): Json | null {
  if (!/^\s*\[(?:\s*"[^"\\$%]*"\s*,?)*\s*\]\s*$/.test(text)) {
    return null;
  }
  return [...text.matchAll(/"([^"]*)"/g)].map(([, item = '']) => item);
}

/** The value with every text that mentions the instance worked out for it; other texts stay as they are written. */
function bound(scope: ResolveScope, target: Repeated['target'], value: Json): Json {
  if (typeof value === 'string') {
    return mentions(value, target) ? resolveValue(scope, value) : value;
  }
  if (isList(value)) {
    return value.map((item) => bound(scope, target, item));
  }
  if (!isObject(value)) {
    return value;
  }
  const copy: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    setOwn(copy, key, bound(scope, target, value[key] ?? null));
  }
  return copy;
}

/** The address of the block that an instance is of. */
export function withoutKey(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]$/, '');
}
