/** The fields of a change record as its schema has them, for people. */
import recordSchema from '../../../changes/record.schema.json' with { type: 'json' };

interface FieldSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
}

const root = recordSchema as FieldSchema & { readonly $defs: Readonly<Record<string, FieldSchema>> };

/** Path and description of every field, those of an object below it, in the order of the schema. */
export function recordFields(): readonly (readonly [path: string, text: string])[] {
  return fieldsBelow(root, '');
}

function fieldsBelow(node: FieldSchema, prefix: string): readonly (readonly [string, string])[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, given]) => {
    const field = resolved(given);
    const items = field.items === undefined ? null : resolved(field.items);
    const path = `${prefix}${name}${items === null ? '' : '[]'}`;
    return [[path, textOf(field, items)] as const, ...fieldsBelow(items ?? field, `${path}.`)];
  });
}

function textOf({ description = '', enum: own }: FieldSchema, items: FieldSchema | null): string {
  const values = own ?? items?.enum ?? [];
  return values.length === 0 ? description : `${description} (${values.map(String).join(', ')})`;
}

/** With the definition that it refers to; what stands beside the reference goes before it. */
function resolved(node: FieldSchema): FieldSchema {
  const name = node.$ref?.replace('#/$defs/', '');
  return name === undefined ? node : { ...root.$defs[name], ...node };
}
