/** Which zone a change in a Terraform plan belongs to: by the ids and references that the plan itself holds. */
import { isList, isObject, own } from '../../json/json.ts';
import type { Json, JsonObject } from '../types.ts';

export interface ZoneNames {
  /** Zone name; the id where no name is known; null for what belongs to the account. */
  readonly zoneOf: (entry: JsonObject, values: JsonObject | null) => string | null;
}

/** Collects id to name from the zones in the plan and its prior state, and references from its configuration. */
export function zoneNamesOf(plan: JsonObject): ZoneNames {
  const byId = new Map<string, string>();
  const byAddress = new Map<string, string>();
  for (const entry of objects(own(plan, 'resource_changes'))) {
    const change = own(entry, 'change');
    for (const side of isObject(change) ? [own(change, 'before'), own(change, 'after')] : []) {
      remember(entry, side);
    }
  }
  const prior = own(plan, 'prior_state');
  const values = isObject(prior) ? own(prior, 'values') : undefined;
  visitModules(isObject(values) ? own(values, 'root_module') : undefined, (entry) =>
    remember(entry, own(entry, 'values')),
  );
  const references = referencesOf(plan);

  function remember(entry: JsonObject, side: Json | undefined): void {
    if (own(entry, 'type') !== 'cloudflare_zone' || !isObject(side)) {
      return;
    }
    const [id, name, address] = [
      own(side, 'id') ?? own(side, 'zone_id'),
      own(side, 'name') ?? own(side, 'zone'),
      own(entry, 'address'),
    ];
    if (typeof name === 'string' && typeof id === 'string') {
      byId.set(id, name);
    }
    if (typeof name === 'string' && typeof address === 'string') {
      byAddress.set(address, name);
    }
  }

  return {
    zoneOf: (entry, side) => {
      const address = textAt(entry, 'address');
      if (own(entry, 'type') === 'cloudflare_zone') {
        return byAddress.get(address) ?? address;
      }
      const id = side === null ? undefined : own(side, 'zone_id');
      if (typeof id === 'string') {
        return byId.get(id) ?? id;
      }
      const target = references.get(withoutIndexes(address));
      return target === undefined ? null : (byAddress.get(target) ?? target);
    },
  };
}

/** Address of a resource to the address of the zone that its `zone_id` refers to; for zones that have no id yet. */
function referencesOf(plan: JsonObject): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const configuration = own(plan, 'configuration');
  const root = isObject(configuration) ? own(configuration, 'root_module') : undefined;
  for (const entry of objects(isObject(root) ? own(root, 'resources') : undefined)) {
    const expressions = own(entry, 'expressions');
    const expression = isObject(expressions) ? own(expressions, 'zone_id') : undefined;
    const references = isObject(expression) ? own(expression, 'references') : undefined;
    const target = isList(references) ? references.find(isZoneAddress) : undefined;
    const address = own(entry, 'address');
    if (typeof address === 'string' && typeof target === 'string') {
      found.set(address, target);
    }
  }
  return found;
}

function isZoneAddress(reference: Json): boolean {
  return typeof reference === 'string' && /^(?:data\.)?cloudflare_zone\.[\w-]+$/.test(reference);
}

function textAt(entry: JsonObject, key: string): string {
  const value = own(entry, key);
  return typeof value === 'string' ? value : '';
}

function withoutIndexes(address: string): string {
  return address.replaceAll(/\[[^[\]]*\]/g, '');
}

function visitModules(module: Json | undefined, visit: (entry: JsonObject) => void): void {
  if (!isObject(module)) {
    return;
  }
  objects(own(module, 'resources')).forEach(visit);
  for (const child of objects(own(module, 'child_modules'))) {
    visitModules(child, visit);
  }
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return isList(value) ? value.filter(isObject) : [];
}
