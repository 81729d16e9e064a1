/** The written schemas, and every resource type of the provider on real Terraform. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { providerType, providerTypes } from '../../../scripts/provider/types.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { findBindings, parseModule, readBindings } from '../../../scripts/build/provider-bindings.ts';
import { schemaText } from '../../../scripts/build/provider-schema.ts';
import written from '../../../scripts/provider/schema.json' with { type: 'json' };
import { loadCatalogue } from '../../../scripts/sandbox/provider/catalogue.ts';
import type { Attributes, WireType } from '../../../scripts/sandbox/provider/schema.ts';
import { configure } from './filling.ts';
import type { Filling } from './filling.ts';
import { fitted } from './fitting.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import { readStore } from '../../../scripts/sandbox/provider/store.ts';
import { changed, freshFolder, noon, Stack } from './terraform.ts';

const catalogue = loadCatalogue();

function attributesAt(type: string, ...path: readonly string[]): Attributes {
  let attributes = catalogue.resources[type]?.attributes ?? {};
  for (const name of path) {
    const shape = attributes[name]?.shape;
    attributes = shape?.kind === 'nested' ? shape.attributes : {};
  }
  return attributes;
}

test('every type of the provider facts has a schema, and every path in the facts exists in it', () => {
  expect(Object.keys(catalogue.resources)).toHaveLength(208);
  const lost = providerTypes().flatMap(([type, { schema: { replace = [], sets = [] } = {} }]) =>
    [...replace, ...sets]
      .filter((path) => {
        const names = path.replaceAll('[]', '').split('.');
        return attributesAt(type, ...names.slice(0, -1))[names.at(-1) ?? ''] === undefined;
      })
      .map((path) => `${type}.${path}`),
  );
  expect(lost).toEqual([]);
});

/** Paths of everything plain that can be written, with what it holds at last. */
function scalarsOf(attributes: Attributes, prefix = ''): readonly (readonly [string, WireType])[] {
  return Object.entries(attributes).flatMap(([name, { presence, shape }]) => {
    if (presence === 'computed') {
      return [];
    }
    if (shape.kind === 'nested') {
      return scalarsOf(shape.attributes, `${prefix}${name}${shape.nesting === 'single' ? '.' : '[].'}`);
    }
    let [path, type]: [string, WireType] = [prefix + name, shape.type];
    while (Array.isArray(type)) {
      [path, type] = [`${path}[]`, type[1] as WireType];
    }
    return [[path, type] as const];
  });
}

test('every boolean and every number that can be written is in the provider facts, and nothing else is', () => {
  for (const [type, { attributes }] of Object.entries(catalogue.resources)) {
    const scalars = scalarsOf(attributes);
    const those = (wanted: WireType): readonly string[] =>
      scalars.flatMap(([path, found]) => (found === wanted ? [path] : [])).toSorted();
    const { bools = [], numbers = [] } = providerType(type)?.schema ?? {};
    expect([type, bools.toSorted()]).toEqual([type, those('bool')]);
    expect([type, numbers.toSorted()]).toEqual([type, those('number')]);
  }
});

test('kinds of a record: presence, defaults, sets, replacement and allowed values are those of the provider', () => {
  const record = attributesAt('cloudflare_dns_record');
  expect(record['ttl']).toEqual({ presence: 'required', shape: { kind: 'plain', type: 'number' } });
  expect(record['proxied']).toEqual({
    presence: 'optionalComputed',
    shape: { kind: 'plain', type: 'bool' },
    default: false,
  });
  expect(record['tags']?.shape).toEqual({ kind: 'plain', type: ['set', 'string'] });
  expect(record['type']).toMatchObject({ presence: 'required', replace: true });
  expect(record['type']?.oneOf).toHaveLength(21);
});

test('kinds of nested, secret and shared attributes are those of the provider', () => {
  expect(attributesAt('cloudflare_dns_record', 'data')['flags']?.shape).toEqual({
    kind: 'plain',
    type: 'dynamic',
  });
  expect(attributesAt('cloudflare_ruleset', 'rules')['expression']?.presence).toBe('required');
  expect(attributesAt('cloudflare_ruleset', 'rules')['id']?.presence).toBe('computed');
  expect(attributesAt('cloudflare_ruleset', 'rules', 'action_parameters')['uri']?.presence).toBe('optional');
  expect(attributesAt('cloudflare_ruleset', 'rules', 'action_parameters')['headers']?.shape).toMatchObject({
    kind: 'nested',
    nesting: 'map',
  });
  expect(attributesAt('cloudflare_account_member')['policies']?.shape).toMatchObject({ nesting: 'set' });
  expect(attributesAt('cloudflare_load_balancer')['region_pools']?.shape).toEqual({
    kind: 'plain',
    type: ['map', ['list', 'string']],
  });
  expect(attributesAt('cloudflare_api_token')['value']).toMatchObject({
    presence: 'computed',
    sensitive: true,
  });
  expect(catalogue.providerConfig.attributes['api_token']).toMatchObject({
    presence: 'optional',
    sensitive: true,
  });
  expect(catalogue.dataSources['cloudflare_list']?.attributes['items']?.shape).toMatchObject({
    nesting: 'set',
  });
  expect(catalogue.dataSources['cloudflare_zone']?.attributes['filter']?.shape).toMatchObject({
    nesting: 'single',
  });
});

test('the written schema is that of the installed bindings; a module without a type has none', () => {
  const file = new URL('../../../scripts/provider/schema.json', import.meta.url);
  const bindings = findBindings();
  expect(readFileSync(file, 'utf8')).toBe(schemaText(bindings, readBindings(bindings), written.date));
  expect(parseModule('export function helper() {}\n')).toBeNull();
});

/** Every type but the one whose calls all fail; edited are those whose updates are sent. */
function everyType(filling: Filling): JsonObject {
  const types = Object.entries(catalogue.resources).filter(
    ([type]) => providerType(type)?.behaviour?.delete !== 'unsupported',
  );
  return {
    resource: Object.fromEntries(
      types.map(([type, schema]) => [
        type,
        {
          it: fitted(
            type,
            configure(
              schema.attributes,
              { ...filling, edit: filling.edit && providerType(type)?.behaviour?.update === undefined },
              true,
            ),
          ),
        },
      ]),
    ),
  };
}

test('all types that can be used, with only what is required: created, nothing pending, destroyed', async () => {
  await withStack(async (stack, store) => {
    await stack.deploy(everyType({ everything: false, edit: false }));
    expect(readStore(store)).toHaveLength(207);
    expect(await stack.difference()).toBe('');
    await stack.succeed('destroy', '-auto-approve', '-no-color');
    // What is nothing that could be deleted stays as it was set: the provider's Delete of it is empty.
    const kept = providerTypes().filter(([, { behaviour }]) => behaviour?.delete === 'keeps-value');
    expect(readStore(store).map(({ type }) => type)).toEqual(kept.map(([type]) => type));
  });
}, 180_000);

test('all types that can be used, with everything set: created, nothing pending, updated in place, nothing pending', async () => {
  await withStack(async (stack) => {
    await stack.deploy(everyType({ everything: true, edit: false }));
    expect(await stack.difference()).toBe('');
    const update = await stack.deploy(everyType({ everything: true, edit: true }));
    const actions = changed(update.changes).map((change) => change.actions.join());
    expect(new Set(actions)).toEqual(new Set(['update']));
    expect(actions.length).toBeGreaterThan(160);
    expect(await stack.difference()).toBe('');
  });
}, 180_000);

async function withStack(work: (stack: Stack, store: string) => Promise<void>): Promise<void> {
  const store = freshFolder('types');
  const sandbox = await startSandbox({ folder: store, now: () => noon });
  try {
    await work(new Stack(() => sandbox.reattach), store);
  } finally {
    await sandbox.close();
  }
}
