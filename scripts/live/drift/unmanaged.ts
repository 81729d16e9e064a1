/** What Cloudflare lists and no stack has in its state. Pure. */
import type { StateResource } from '../../plan/terraform/state.ts';
import type { JsonObject } from '../../plan/types.ts';
import { providerType } from '../../provider/types.ts';
import { valueAt } from '../inquiry.ts';
import { idIn, isOfCloudflareItself } from './compare.ts';
import type { ListOfType } from './reading.ts';
import type { DriftReport, UnmanagedObject } from './types.ts';

interface ListedObjects {
  readonly unmanaged: readonly UnmanagedObject[];
  readonly coverage: NonNullable<DriftReport['coverage']>;
}

/** Of the lists that were read. `resources` are those of every stack. */
export function unmanagedIn(
  lists: ReadonlyMap<string, ListOfType>,
  objects: ReadonlyMap<string, readonly JsonObject[]>,
  resources: readonly StateResource[],
): ListedObjects {
  const held = new Set(resources.map(({ type, values }) => `${type} ${idIn(values) ?? ''}`));
  const unmanaged: UnmanagedObject[] = [];
  let listed = 0;
  for (const { path, type } of lists.values()) {
    for (const object of objects.get(path) ?? []) {
      const id = idIn(object);
      if (id === null || isOfCloudflareItself(object)) {
        continue;
      }
      listed += 1;
      if (!held.has(`${type} ${id}`)) {
        unmanaged.push({ type, id, identity: identityOf(type, object) ?? id, path: `${path}/${id}` });
      }
    }
  }
  return { unmanaged, coverage: { listed, managed: listed - unmanaged.length } };
}

/** What people know it by; null where only its id tells. */
function identityOf(type: string, object: JsonObject): string | null {
  const names = providerType(type)?.identity?.by ?? ['name', 'hostname', 'pattern'];
  const texts = names.flatMap((name) => {
    const value = valueAt(object, name) ?? null;
    return value === null ? [] : [typeof value === 'string' ? value : JSON.stringify(value)];
  });
  return texts.length === 0 ? null : texts.join(' ');
}
