/** How `scripts/provider/schema.json` is written: a line for each type, so that a new version shows what it changes. */
import type { Attribute, Attributes, WireType } from '../sandbox/provider/schema.ts';
import type { WrittenAttribute, WrittenAttributes } from '../sandbox/provider/written-schema.ts';
import type { Bindings, BoundType } from './provider-bindings.ts';

/** The file as a text. `date` is the day on which it was read, `YYYY-MM-DD`. */
export function schemaText(bindings: Bindings, types: readonly BoundType[], date: string): string {
  const of = (category: BoundType['category']) => types.filter((type) => type.category === category);
  return `{
"provider": "cloudflare/cloudflare ${bindings.providerVersion}",
"bindings": "${bindings.version}",
"source": "TypeScript sources inside @cdktf/provider-cloudflare ${bindings.version}, read by npm run provider:schema",
"date": "${date}",
"configuration": {
${lines(of('provider'))}
},
"resources": {
${lines(of('resource'))}
},
"dataSources": {
${lines(of('dataSource'))}
}
}
`;
}

/** Terraform calls the data source of `cloudflare_zone` like its resource; the bindings do not. */
function lines(list: readonly BoundType[]): string {
  return list
    .map(
      ({ name, schema }) =>
        `${JSON.stringify(name.replace(/^data_/, ''))}: ${JSON.stringify(written(schema.attributes))}`,
    )
    .join(',\n');
}

function written(attributes: Attributes): WrittenAttributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, one]) => [name, writtenOne(one)]));
}

function writtenOne({ presence, shape, oneOf }: Attribute): WrittenAttribute {
  const is = `${presence} ${shape.kind === 'nested' ? shape.nesting : typeText(shape.type)}` as const;
  if (shape.kind === 'nested') {
    return { is, attributes: written(shape.attributes) };
  }
  return oneOf === undefined ? is : { is, oneOf };
}

/** A type as Terraform writes it: `set(string)`. */
function typeText(type: WireType): string {
  return typeof type === 'string' ? type : `${type[0]}(${typeText(type[1])})`;
}
