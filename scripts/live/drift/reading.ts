/** Which lists tell what is live of a stack's objects, and which objects no list tells of. Pure. */
import type { TypeListing } from '../../provider/entry.ts';
import { providerType } from '../../provider/types.ts';
import { configurableNames } from '../../provider/configurable.ts';
import { builtinProvider } from '../../provider/facts.ts';
import type { StateResource } from '../../plan/terraform/state.ts';
import { pathOf } from '../inquiry.ts';
import type { NotCompared } from './types.ts';

/** An object that a list is asked about. */
export interface ListedResource {
  readonly resource: StateResource;
  readonly row: TypeListing;
  /** Of the list, below the API's base. */
  readonly path: string;
}

export interface DriftReading {
  readonly listed: readonly ListedResource[];
  /** Only Terraform's refresh tells of these. */
  readonly refreshed: readonly StateResource[];
  readonly notCompared: readonly NotCompared[];
}

/** How each managed object of a state is read. */
export function driftReading(resources: readonly StateResource[]): DriftReading {
  const listed: ListedResource[] = [];
  const refreshed: StateResource[] = [];
  const notCompared: NotCompared[] = [];
  for (const resource of resources.filter(isOfCloudflare)) {
    const row = providerType(resource.type)?.listing ?? null;
    const path = row === null ? null : pathOf(row.list, resource.values);
    const { address, type } = resource;
    if (resource.isDeposed) {
      notCompared.push({ address, type, reason: 'a replacement that broke off left it to be taken away' });
    } else if (row !== null && path !== null && configurableNames(type) !== null) {
      listed.push({ resource, row, path });
    } else {
      refreshed.push(resource);
    }
  }
  return { listed, refreshed, notCompared };
}

function isOfCloudflare({ mode, provider }: StateResource): boolean {
  return mode === 'managed' && !builtinProvider(provider);
}

/**
 * Lists of every zone and account of the estate, for each type that is managed anywhere in a scope of that kind: an object that
 * somebody made by hand stands where nothing of its type is managed as well.
 */
export function listsOf(listed: readonly ListedResource[]): ReadonlyMap<string, ListOfType> {
  const lists = new Map<string, ListOfType>();
  const scopes = new Map(
    listed.flatMap(({ resource: { values } }) =>
      (['zone_id', 'account_id'] as const).flatMap((name) => {
        const id = values[name];
        return typeof id === 'string' ? [[`${name} ${id}`, { [name]: id }] as const] : [];
      }),
    ),
  );
  const types = new Map(listed.map(({ resource, row }) => [resource.type, row]));
  for (const { resource, row, path } of listed) {
    lists.set(path, { path, type: resource.type, row });
  }
  for (const [type, row] of types) {
    for (const scope of scopes.values()) {
      const path = pathOf(row.list, scope);
      if (path !== null && !lists.has(path)) {
        lists.set(path, { path, type, row });
      }
    }
  }
  return lists;
}

export interface ListOfType {
  readonly path: string;
  readonly type: string;
  readonly row: TypeListing;
}
