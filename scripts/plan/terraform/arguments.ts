/** Which arguments the configuration inside a Terraform plan sets. */
import { isList, isObject, own } from '../../json/json.ts';
import type { Json, JsonObject, Path } from '../types.ts';

/**
 * For an address, whether its block sets the argument at a path: null where the plan does not say, because it holds no
 * such block or because the argument around it is an expression.
 */
export type ConfiguredArguments = (address: string) => (path: Path) => boolean | null;

export function configuredArguments(plan: JsonObject): ConfiguredArguments {
  const configuration = own(plan, 'configuration');
  const blocks = new Map<string, JsonObject>();
  collect(isObject(configuration) ? own(configuration, 'root_module') : undefined, '', blocks);
  return (address) => {
    const expressions = blocks.get(withoutKeys(address));
    return (path) => (expressions === undefined ? null : isSet(expressions, path));
  };
}

function collect(module: Json | undefined, prefix: string, blocks: Map<string, JsonObject>): void {
  if (!isObject(module)) {
    return;
  }
  for (const block of objects(own(module, 'resources'))) {
    const address = own(block, 'address');
    const expressions = own(block, 'expressions');
    if (typeof address === 'string' && isObject(expressions)) {
      blocks.set(`${prefix}${address}`, expressions);
    }
  }
  const calls = own(module, 'module_calls');
  for (const [name, call] of isObject(calls) ? Object.entries(calls) : []) {
    collect(isObject(call) ? own(call, 'module') : undefined, `${prefix}module.${name}.`, blocks);
  }
}

function isSet(expressions: JsonObject, [first, ...rest]: Path): boolean | null {
  const expression = typeof first === 'string' ? own(expressions, first) : undefined;
  if (expression === undefined) {
    return false;
  }
  return rest.length === 0 ? true : null;
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}

/** Instances share their block: `module.a["x"].cloudflare_zone.b[0]` is `module.a.cloudflare_zone.b`. */
function withoutKeys(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}
