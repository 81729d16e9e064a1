/** Planning and the forms of values, without Terraform. */
import { Decoder, encode, ExtData } from '@msgpack/msgpack';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillUnknown } from '../../../scripts/sandbox/provider/fill.ts';
import { planChange } from '../../../scripts/sandbox/provider/plan-change.ts';
import type { PlannedChange } from '../../../scripts/sandbox/provider/plan-change.ts';
import { createResource, deleteResource } from '../../../scripts/sandbox/provider/resources.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import type { Attribute, Attributes, Presence, WireType } from '../../../scripts/sandbox/provider/schema.ts';
import {
  decodeObject,
  Dynamic,
  encodeObject,
  fromJson,
  isUnknown,
  sameValue,
  toJson,
  unknown,
} from '../../../scripts/sandbox/provider/values.ts';
import type { ProviderValue, ValueObject } from '../../../scripts/sandbox/provider/values.ts';
import { freshFolder } from './terraform.ts';

const plain = (presence: Presence, type: WireType, more: Partial<Attribute> = {}): Attribute => ({
  presence,
  shape: { kind: 'plain', type },
  ...more,
});

const list = (
  attributes: Attributes,
  nesting: 'list' | 'set' = 'list',
  more: Partial<Attribute> = {},
): Attribute => ({
  presence: 'optional',
  shape: { kind: 'nested', nesting, attributes },
  ...more,
});

const attributes: Attributes = {
  id: plain('computed', 'string'),
  name: plain('required', 'string', { replace: true }),
  note: plain('optionalComputed', 'string', { default: 'none' }),
  hint: plain('optionalComputed', 'string'),
  tags: plain('optional', ['set', 'string']),
  modified_on: plain('computed', 'string', { recomputed: true }),
  parts: list({
    id: plain('computed', 'string'),
    size: plain('required', 'number', { replace: true }),
    label: plain('optional', 'string'),
  }),
};

const config = (more: ValueObject = {}): ValueObject => ({
  id: null,
  name: 'a',
  note: null,
  hint: null,
  tags: null,
  modified_on: null,
  parts: null,
  ...more,
});
const state = (more: ValueObject = {}): ValueObject => ({
  id: '1',
  name: 'a',
  note: 'none',
  hint: null,
  tags: null,
  modified_on: 't0',
  parts: null,
  ...more,
});

const part = (id: string | null, size: number): ValueObject => ({ id, size, label: null });

describe('planning', () => {
  test('a creation has defaults, and is unknown where Cloudflare decides', () => {
    const { planned } = planChange({ attributes }, null, config());
    expect(planned).toEqual(config({ id: unknown, note: 'none', hint: unknown, modified_on: unknown }));
  });

  test('nothing to change is the prior state itself, whatever the order of a set', () => {
    const prior = state({ tags: ['x', 'y'], hint: 'kept' });
    expect(planChange({ attributes }, prior, config({ tags: ['y', 'x'] })).planned).toBe(prior);
  });

  test('an update keeps what it cannot change and goes back to the default that was left out', () => {
    const { planned, requiresReplace } = planChange(
      { attributes },
      state({ note: 'mine', hint: 'kept' }),
      config(),
    );
    expect(planned).toEqual(state({ hint: 'kept', modified_on: unknown }));
    expect(requiresReplace).toEqual([]);
  });

  test('replacement is named by path, inside lists too, and for values not known yet', () => {
    const prior = state({ parts: [{ id: 'p', size: 1, label: null }] });
    const next = config({
      name: new ExtData(0, new Uint8Array(1)),
      parts: [{ id: null, size: 2, label: null }],
    });
    expect(planChange({ attributes }, prior, next).requiresReplace).toEqual([
      [{ attribute: 'name' }],
      [{ attribute: 'parts' }, { index: 0 }, { attribute: 'size' }],
    ]);
  });

  test('an element keeps its id when others are put before it', () => {
    const prior = state({ parts: [part('p1', 1), part('p2', 2)] });
    const { planned } = planChange(
      { attributes },
      prior,
      config({ parts: [part(null, 9), part(null, 1), part(null, 2)] }),
    );
    expect(
      (planned['parts'] as readonly ValueObject[]).map((one) => (isUnknown(one['id']) ? null : one['id'])),
    ).toEqual([null, 'p1', 'p2']);
  });

  test('what is planned is what is answered: known values never move when unknown ones are filled', () => {
    const { planned } = planChange(
      { attributes },
      null,
      config({ tags: ['b', 'a'], parts: [{ id: null, size: 0.1, label: null }] }),
    );
    const context = {
      type: 'cloudflare_x',
      attributes,
      id: 'i',
      now: 't1',
      revision: 1,
      planned,
      prior: null,
      zoneName: null,
    };
    const filled = fillUnknown(context);
    expect(filled).toMatchObject({
      id: 'i',
      name: 'a',
      note: 'none',
      hint: null,
      modified_on: 't1',
      tags: ['b', 'a'],
    });
    expect(filled).toEqual(fillUnknown(context));
    expect((filled['parts'] as readonly ValueObject[])[0]).toMatchObject({
      size: 0.1,
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    });
  });
});

test('an id that Cloudflare made up is not given again, one that the configuration states is', () => {
  const store = new Store(freshFolder('ids'));
  const image: Attributes = {
    id: plain('optionalComputed', 'string'),
    account_id: plain('required', 'string'),
  };
  const pool: Attributes = { id: plain('computed', 'string'), account_id: plain('required', 'string') };
  const twice = (type: string, schema: Attributes, id: ValueObject['id']): readonly ProviderValue[] => {
    const context = { store, type, schema: { version: 0, attributes: schema }, now: 't0' };
    const planned = { id: id ?? unknown, account_id: 'a' };
    const first = createResource(context, planned);
    deleteResource(context, first);
    return [first['id'] ?? null, createResource(context, planned)['id'] ?? null];
  };
  expect(twice('cloudflare_image', image, 'logo')).toEqual(['logo', 'logo']);
  expect(new Set(twice('cloudflare_load_balancer_pool', pool, null)).size).toBe(2);
});

describe('values', () => {
  const shapes: Attributes = {
    text: plain('optional', 'string'),
    number: plain('optional', 'number'),
    flag: plain('optional', 'bool'),
    names: plain('optional', ['list', 'string']),
    pools: plain('optional', ['map', ['list', 'string']]),
    any: plain('optional', 'dynamic'),
    parts: list({ size: plain('optional', 'number') }),
  };

  const values = fc.record({
    text: fc.option(fc.string()),
    number: fc.option(
      fc.oneof(
        fc.integer(),
        fc
          .double({ noNaN: true, noDefaultInfinity: true })
          .map((number) => (Object.is(number, -0) ? 0 : number)),
      ),
    ),
    flag: fc.option(fc.boolean()),
    names: fc.option(fc.array(fc.string())),
    pools: fc.option(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.array(fc.string()),
        { noNullPrototype: true },
      ),
    ),
    any: fc.constant(null),
    parts: fc.option(fc.array(fc.record({ size: fc.option(fc.integer()) }))),
  });

  test('survive the protocol and the store unchanged', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeObject(encodeObject(value, shapes), shapes)).toEqual(value);
        expect(fromJson(toJson(value), shapes)).toEqual(value);
      }),
    );
  });

  test('numbers that binary cannot hold travel as text, as Terraform writes them', () => {
    const bytes = encodeObject({ number: 0.1 }, shapes);
    expect((new Decoder().decode(bytes) as Record<string, unknown>)['number']).toBe('0.1');
    expect(decodeObject(bytes, shapes)?.['number']).toBe(0.1);
  });

  test('unknown values keep their refinements, and are equal to nothing', () => {
    const refined = new ExtData(12, new Uint8Array([0x81, 0x01, 0xc2]));
    const decoded = decodeObject(encode({ text: refined }), shapes);
    expect(decoded?.['text']).toEqual(refined);
    expect(Buffer.from(encodeObject(decoded, shapes)).includes(Buffer.from([0x0c, 0x81, 0x01, 0xc2]))).toBe(
      true,
    );
    expect(sameValue(refined, refined, { kind: 'plain', type: 'string' })).toBe(false);
  });

  test('dynamic values carry their type, and say the same when their content does', () => {
    const wire = { any: [Buffer.from('["object",{"age":"number","on":"bool"}]'), { age: '0.5', on: true }] };
    const decoded = decodeObject(encode(wire), shapes);
    expect(decoded?.['any']).toEqual(
      new Dynamic(['object', { age: 'number', on: 'bool' }], { age: 0.5, on: true }),
    );
    const shape = { kind: 'plain', type: 'dynamic' } as const;
    expect(sameValue(decoded?.['any'] ?? null, { on: true, age: 0.5 }, shape)).toBe(true);
    expect(sameValue(decoded?.['any'] ?? null, { on: false, age: 0.5 }, shape)).toBe(false);
    const back = decodeObject(encodeObject({ any: { on: true, list: [1, 'a'] } }, shapes), shapes);
    expect(back?.['any']).toEqual(
      new Dynamic(['object', { on: 'bool', list: ['tuple', ['number', 'string']] }], {
        on: true,
        list: [1, 'a'],
      }),
    );
  });
});

describe('what the provider does beyond the schema', () => {
  test('replacement only if configured: a value that is left out is updated away', () => {
    const kinds: Attributes = {
      ...attributes,
      note: plain('optional', 'string', { replaceIfConfigured: true }),
    };
    const paths = (note: string | null): PlannedChange['requiresReplace'] =>
      planChange({ attributes: kinds }, state({ note: 'mine' }), config({ note })).requiresReplace;
    expect(paths('other')).toEqual([[{ attribute: 'note' }]]);
    expect(paths(null)).toEqual([]);
    expect(paths('mine')).toEqual([]);
  });

  test('a default that holds for one kind of object is there for that kind, unless configured', () => {
    const conditionalDefaults = [
      { path: 'note', when: { path: 'name', in: ['a'] }, value: 'of a' },
      { path: 'lost.deep', when: { path: 'name', in: ['a'] }, value: 'of nothing' },
    ];
    const kinds: Attributes = { ...attributes, note: plain('optional', 'string') };
    const noteOf = (more: ValueObject): unknown =>
      planChange({ attributes: kinds, conditionalDefaults }, null, config(more)).planned['note'];
    expect(noteOf({})).toBe('of a');
    expect(noteOf({ note: 'mine' })).toBe('mine');
    expect(noteOf({ name: 'b' })).toBeNull();
  });
});
