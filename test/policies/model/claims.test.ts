/**
 * Every field of the record that holds a value is in the table of claims; whatever decides or acts reads only claims; who
 * reads what is taken from the sources and written down, so that a new reader is looked at before it believes anything.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import recordSchema from '../../../changes/record.schema.json' with { type: 'json' };
import { claims } from '../../../policies/model/claims.ts';
import { recordReaders } from './record-readers.ts';

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Paths of the fields that hold a value. */
function leaves(schema: Schema, path = ''): readonly string[] {
  const name = schema.$ref?.split('/').at(-1);
  const defined = (recordSchema.$defs as Readonly<Record<string, Schema>>)[name ?? ''];
  const { properties, items } = { ...defined, ...schema };
  if (properties !== undefined) {
    const start = path === '' ? '' : `${path}.`;
    return Object.entries(properties).flatMap(([key, value]) => leaves(value, `${start}${key}`));
  }
  const inside = items === undefined ? [] : leaves(items, `${path}[]`);
  return inside.length > 1 ? inside : [path];
}

const fields = claims.flatMap((row) => row.fields);
const claimed = new Set(claims.filter(({ kind }) => kind === 'claim').flatMap((row) => row.fields));

describe('the table of claims', () => {
  it('has every field of the schema that holds a value, once', () => {
    expect(fields.toSorted()).toEqual(leaves(recordSchema as Schema).toSorted());
  });

  it('says who confirms whatever believing could gain', () => {
    expect(claims.filter(({ confirmedBy }) => confirmedBy.trim() === '')).toEqual([]);
    expect(claims.filter(({ kind, gain }) => kind === 'text' && gain !== '')).toEqual([]);
  });

  it('is the table of changes/README.md', () => {
    const rows = claims
      .filter(({ kind }) => kind === 'claim')
      .map((row) => {
        const names = row.fields.map((field) => `\`${field}\``).join(', ');
        return `| ${names} | ${row.gain === '' ? 'nothing' : row.gain} | ${row.confirmedBy} |`;
      });
    expect(readFileSync('changes/README.md', 'utf8')).toContain(`\n${rows.join('\n')}\n`);
  });
});

/** Every way of reading a field, each of another one. */
const ways = `
import type { ChangeRecord, LocatedRecord } from '../../policies/model/record.ts';
type Part = Pick<ChangeRecord, 'capacityImpact'>;
export function ways(located: LocatedRecord | null, part: Part): unknown {
  const { record: { slaImpact } = { slaImpact: '' } } = located ?? {};
  const { steps } = located?.record.plan ?? {};
  return [
    slaImpact,
    located?.record.availabilityImpact,
    located?.record['continuityImpact'],
    steps?.map(({ gate: when }) => when),
    part.capacityImpact,
    located?.record.costImpact?.note,
    located?.record.test?.post?.map((step) => step.how),
  ];
}
`;

describe('who reads a field', () => {
  const { byField: readers, inBrackets } = recordReaders({ 'scripts/more/ways.ts': ways });
  const inProduct = (path: string): readonly string[] =>
    (readers.get(path) ?? []).filter((file) => file !== 'scripts/more/ways.ts');
  /** A field whose type says less than the schema (the answers to the risk questions) is read as a whole. */
  const readersOf = (field: string): readonly string[] =>
    inProduct(readers.has(field) ? field : field.replace(/\.[^.]*$/, ''));
  /** What is left out is computed, and asked for, without a look at what is written. */
  const isShowing = (file: string): boolean =>
    file.startsWith('scripts/render/') || file.startsWith('policies/record/');

  it('is seen however it reads', () => {
    const seen = [...readers].filter(([, files]) => files.includes('scripts/more/ways.ts'));
    expect(seen.map(([path]) => path)).toEqual(
      expect.arrayContaining([
        'slaImpact',
        'availabilityImpact',
        'capacityImpact',
        'plan.steps[].gate',
        'costImpact.note',
        'test.post[].how',
      ]),
    );
    expect(inBrackets).toEqual(['scripts/more/ways.ts']);
  });

  it('only shows it, or the field is a claim', () => {
    const acting = fields.filter((field) => readersOf(field).some((file) => !isShowing(file)));
    expect(acting.toSorted()).toEqual([...claimed].toSorted());
  });

  it('is written down: a new reader has its claim looked at', async () => {
    const lines = [...readers.keys()].flatMap((path) => {
      const files = inProduct(path);
      return files.length === 0 ? [] : [path, ...files.map((file) => `  ${file}`)];
    });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('record-readers.txt');
  });
});
