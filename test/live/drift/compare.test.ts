/** What is live is compared with what was released, for every type that Cloudflare lists. */
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  option,
  property,
  record as recordOf,
  stringMatching,
  uniqueArray,
  type Arbitrary,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject } from '../../../scripts/json/json.ts';
import { driftedOf, tellsAll } from '../../../scripts/live/drift/compare.ts';
import { formatPath } from '../../../scripts/plan/path.ts';
import type { StateResource } from '../../../scripts/plan/terraform/state.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { configurableNames } from '../../../scripts/provider/configurable.ts';
import { cloudflareSource, factsOf } from '../../../scripts/provider/facts.ts';
import { providerType, providerTypes } from '../../../scripts/provider/types.ts';
import { loadCatalogue } from '../../../scripts/sandbox/provider/catalogue.ts';
import type { Attribute, Attributes, SchemaShape } from '../../../scripts/sandbox/provider/schema.ts';

const zone = 'z'.repeat(32);

function held(type: string, values: JsonObject): StateResource {
  return {
    address: `${type}.x`,
    mode: 'managed',
    type,
    name: 'x',
    provider: cloudflareSource,
    values,
    sensitive: {},
    isDeposed: false,
  };
}

/** Paths that drifted, with what is live. */
function drift(type: string, released: JsonObject, live: JsonObject | null): readonly string[] | 'deleted' {
  const row = providerType(type)?.listing ?? { list: '' };
  const [found, ...others] = driftedOf(
    'acme-production',
    [{ resource: held(type, released), row, live }],
    null,
  );
  expect(others).toEqual([]);
  return found === undefined
    ? []
    : found.kind === 'deleted'
      ? 'deleted'
      : found.change.attributes.map(
          ({ path, after }) => `${formatPath(path)}=${JSON.stringify(after ?? null)}`,
        );
}

const record = {
  id: 'r'.repeat(32),
  zone_id: zone,
  type: 'A',
  name: 'www.shop.example',
  content: '192.0.2.1',
  ttl: 1,
  proxied: true,
  comment: null,
  tags: [],
  settings: { ipv4_only: null, ipv6_only: null, flatten_cname: null },
  modified_on: '2026-11-01T00:00:00Z',
};

describe('a record', () => {
  const released = record;
  it.each<readonly [what: string, live: JsonObject, found: readonly string[]]>([
    [
      'as it was, with times and members of Cloudflare',
      { ...record, modified_on: '2026-11-30T00:00:00Z', proxiable: true },
      [],
    ],
    ['with an empty object where there were empty members', { ...record, settings: {} }, []],
    [
      'with an address of somebody else',
      { ...record, content: '198.51.100.66' },
      ['content="198.51.100.66"'],
    ],
    ['that is proxied no more', { ...record, proxied: false }, ['proxied=false']],
    ['with a comment', { ...record, comment: 'by hand' }, ['comment="by hand"']],
    ['without the id of its zone, which the path had', { ...record, zone_id: null }, []],
  ])('%s', (_what, live, found) => {
    expect(drift('cloudflare_dns_record', released, live)).toEqual(found);
  });

  it('that is gone', () => {
    expect(drift('cloudflare_dns_record', released, null)).toBe('deleted');
  });
});

describe('a ruleset', () => {
  const rule = {
    id: 'a',
    ref: 'block',
    version: '1',
    action: 'block',
    expression: 'ip.src eq 192.0.2.1',
    enabled: true,
    description: 'Block',
    last_updated: '2026-11-01',
  };
  const ruleset = {
    id: 'b',
    zone_id: zone,
    kind: 'zone',
    phase: 'http_request_firewall_custom',
    name: 'custom',
    description: '',
    version: '3',
    last_updated: '2026-11-01',
    rules: [rule],
  };
  it.each<readonly [what: string, rules: readonly JsonObject[], found: readonly string[]]>([
    [
      'with another version of the same rule',
      [{ ...rule, id: 'c', version: '2', last_updated: '2026-11-30' }],
      [],
    ],
    [
      'with a rule that is off, although rules are on by default',
      [{ ...rule, enabled: false }],
      ['rules[ref=block].enabled=false'],
    ],
    ['without the rule', [], [`rules[ref=block]=null`]],
  ])('%s', (_what, rules, found) => {
    expect(drift('cloudflare_ruleset', ruleset, { ...ruleset, version: '4', rules })).toEqual(found);
  });

  it('is not told by its list, which has no rules', () => {
    const { rules: _rules, ...listed } = ruleset;
    const row = providerType('cloudflare_ruleset')?.listing ?? { list: '' };
    expect(tellsAll(held('cloudflare_ruleset', ruleset), row, listed)).toBe(false);
    expect(tellsAll(held('cloudflare_ruleset', { ...ruleset, rules: null }), row, listed)).toBe(true);
  });
});

it('says nothing of a DNSSEC status that is on its way', () => {
  const values = { account_id: zone, email: 'a@b.example', roles: ['r'], status: 'accepted' };
  expect(drift('cloudflare_account_member', values, { ...values, status: 'pending' })).toEqual([]);
});

/** Values in the forms of a schema; texts that are no other spelling of one another. */
function valueOf(shape: SchemaShape, depth: number): Arbitrary<Json> {
  if (shape.kind === 'plain') {
    return plainOf(shape.type);
  }
  if (depth === 0) {
    return constant(null);
  }
  const members = objectOf(shape.attributes, depth - 1);
  return shape.nesting === 'single'
    ? members
    : shape.nesting === 'map'
      ? dictionary(stringMatching(/^k[a-z]{1,4}$/), members, { maxKeys: 2 })
      : array(members, { maxLength: 3 });
}

type Plain = Extract<SchemaShape, { kind: 'plain' }>['type'];

function plainOf(type: Plain): Arbitrary<Json> {
  if (typeof type !== 'string') {
    const items = plainOf(type[1]);
    return type[0] === 'map'
      ? dictionary(stringMatching(/^k[a-z]{1,4}$/), items, { maxKeys: 2 })
      : uniqueArray(items, { maxLength: 3, selector: (item) => JSON.stringify(item) });
  }
  return type === 'bool'
    ? boolean()
    : type === 'number'
      ? integer({ min: 1, max: 9_999 })
      : stringMatching(/^v[a-z]{3,8}$/);
}

function objectOf(attributes: Attributes, depth: number): Arbitrary<JsonObject> {
  return recordOf(
    Object.fromEntries(
      Object.entries(attributes).map(([name, { shape }]) => [
        name,
        option(valueOf(shape, depth), { freq: 3, nil: null }),
      ]),
    ),
  );
}

const listedTypes = providerTypes().flatMap(([type, { listing }]) => (listing === undefined ? [] : [type]));
const types = listedTypes.filter((type) => (configurableNames(type) ?? []).length > 0);
const schemas = loadCatalogue().resources;
const runs = Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 5);

/** A plain attribute that is compared, and whose values have one spelling each. */
function isEditable(type: string, name: string, attribute: Attribute | undefined): boolean {
  const facts = factsOf(type, cloudflareSource)?.attributes.get(name);
  const { list } = providerType(type)?.listing ?? { list: '' };
  return (
    attribute?.shape.kind === 'plain' &&
    typeof attribute.shape.type === 'string' &&
    facts?.sensitive !== true &&
    facts?.spelling === undefined &&
    !list.includes(`{${name}}`) &&
    !['zone_id', 'account_id', 'id'].includes(name)
  );
}

describe.each(types)('%s', (type) => {
  const attributes = schemas[type]?.attributes ?? {};
  const made = objectOf(attributes, 2);

  it('as it was released has not drifted, whatever Cloudflare counts up', () => {
    assert(
      property(made, made, (released, other) => {
        const computed = Object.entries(attributes).flatMap(([name, { presence }]) =>
          presence === 'computed' ? [[name, other[name] ?? null] as const] : [],
        );
        expect(drift(type, released, { ...released, ...Object.fromEntries(computed) })).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('with another value of an attribute has drifted in that attribute', () => {
    const editable = (configurableNames(type) ?? []).filter((name) =>
      isEditable(type, name, attributes[name]),
    );
    if (editable.length === 0) {
      return;
    }
    assert(
      property(made, constantFrom(...editable), (released, name) => {
        const shape = attributes[name]?.shape;
        const kind = shape?.kind === 'plain' ? shape.type : null;
        const before = kind === 'bool' ? true : kind === 'number' ? 41_000 : 'before';
        const after = kind === 'bool' ? false : kind === 'number' ? 42_000 : 'after';
        const found = drift(type, { ...released, [name]: before }, { ...released, [name]: after });
        expect(found).toEqual([`${name}=${JSON.stringify(after)}`]);
      }),
      { numRuns: runs },
    );
  });
});

it('compares objects of every type that is listed', () => {
  expect(types).toEqual(listedTypes);
  expect(isObject(schemas['cloudflare_dns_record'])).toBe(true);
});
