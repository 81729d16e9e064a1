/** The one table of resource types: what an entry names is there, and every type that the product names has an entry. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import older from '../../../scripts/plan/v4/types.json' with { type: 'json' };
import type { ProviderType } from '../../../scripts/provider/entry.ts';
import { providerType, providerTypes } from '../../../scripts/provider/types.ts';
import written from '../../../scripts/provider/schema.json' with { type: 'json' };
import recordSchema from '../../../changes/record.schema.json' with { type: 'json' };

const root = new URL('../../../', import.meta.url).pathname;

type Written = string | { readonly attributes?: Readonly<Record<string, Written>> };

const schemas = written.resources as unknown as Readonly<Record<string, Readonly<Record<string, Written>>>>;

function isInSchema(type: string, path: string): boolean {
  const names = path.replaceAll('[]', '').split('.');
  let attributes = schemas[type] ?? {};
  return names.every((name) => {
    const found = Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    attributes = typeof found === 'object' ? (found.attributes ?? {}) : {};
    return found !== undefined;
  });
}

function pathsOf(entry: ProviderType): readonly string[] {
  return [...judged(entry), ...keysOf(entry.accepts), ...(entry.live?.values ?? [])];
}

function judged({ kindBy, offWhen, labels, guarded, expressions, partOf, ...of }: ProviderType) {
  const { places, identity } = of;
  const list = expressions?.in === undefined ? '' : `${expressions.in}[].`;
  return [
    [kindBy, offWhen?.attribute, partOf?.by],
    [labels, guarded, places?.hosts, places?.objects, identity?.by, keysOf(identity?.filter)],
    expressions === undefined ? [] : [list + expressions.attribute],
  ]
    .flat(2)
    .filter((path) => path !== undefined);
}

const keysOf = (object: object | undefined): readonly string[] => Object.keys(object ?? {});

describe('an entry', () => {
  it('is there for every type of the bindings, and for no other', () => {
    expect(
      providerTypes()
        .map(([type]) => type)
        .toSorted(),
    ).toEqual(Object.keys(schemas).toSorted());
  });

  it('names attributes that its schema has', () => {
    const lost = providerTypes().flatMap(([type, entry]) =>
      pathsOf(entry)
        .filter((path) => !isInSchema(type, path))
        .map((path) => `${type}.${path}`),
    );
    expect(lost).toEqual([]);
  });

  it('has a category that a record may have, and the day of its review where there was one', () => {
    const categories: readonly string[] = recordSchema.properties.category.enum;
    const wrong = providerTypes().filter(
      ([, { category, reviewed = '2026-01-01' }]) =>
        !categories.includes(category) || !/^20\d\d-\d\d-\d\d$/.test(reviewed),
    );
    expect(wrong).toEqual([]);
  });

  it('hangs on a type that is there', () => {
    const parents = providerTypes().flatMap(([, { partOf }]) => partOf?.type ?? []);
    expect(parents.length).toBeGreaterThan(0);
    expect(parents.filter((type) => providerType(type) === null)).toEqual([]);
  });
});

it('every resource type that the product names is in the table, or one of the provider before it', () => {
  const data: readonly string[] = Object.keys(written.dataSources);
  const known = new Set([...providerTypes().map(([type]) => type), ...data, ...Object.keys(older.types)]);
  const unknown = ['scripts', 'policies'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('/v4/'))
      .flatMap((path) =>
        [...readFileSync(`${root}${folder}/${path}`, 'utf8').matchAll(/'(cloudflare_[a-z0-9_]*[a-z0-9])'/g)]
          .filter(([, type = '']) => !known.has(type))
          .map(([, type]) => `${folder}/${path}: ${type ?? ''}`),
      ),
  );
  expect(unknown).toEqual([]);
});
