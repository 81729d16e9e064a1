/** Resources of a state, from the `values` of `terraform show -json`; those of modules are among them. */
import { isList, isObject, textOf } from '../../json/json.ts';
import type { Json, JsonObject } from '../types.ts';

export interface StateResource {
  readonly address: string;
  readonly mode: string;
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider: string;
  readonly values: JsonObject;
  /** Marks of what is secret, in the form of the values. */
  readonly sensitive: Json;
  /** Left by a replacement that broke off: the state keeps it to take it away. */
  readonly isDeposed: boolean;
}

/** Empty for a state that holds nothing, which has no values at all. */
export function stateResources(values: Json | undefined): readonly StateResource[] {
  return isObject(values) ? inModule(values['root_module']) : [];
}

function inModule(module: Json | undefined): readonly StateResource[] {
  return isObject(module)
    ? [
        ...objectsIn(module['resources']).map(resourceOf),
        ...objectsIn(module['child_modules']).flatMap(inModule),
      ]
    : [];
}

function resourceOf(resource: JsonObject): StateResource {
  const { address, mode, type, name, index, provider_name: provider, values, deposed_key: key } = resource;
  return {
    address: textOf(address),
    mode: textOf(mode),
    type: textOf(type),
    name: textOf(name),
    ...(typeof index === 'string' || typeof index === 'number' ? { index } : {}),
    provider: textOf(provider),
    values: isObject(values) ? values : {},
    sensitive: resource['sensitive_values'] ?? null,
    isDeposed: key !== undefined,
  };
}

function objectsIn(list: Json | undefined): readonly JsonObject[] {
  return isList(list) ? list.filter(isObject) : [];
}
