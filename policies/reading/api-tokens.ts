/** API tokens as rules see them: their policies, and the names of the permission groups that they grant. */
import { limits } from '../../scripts/json/limits.ts';
import { parseJson } from '../../scripts/json/parse.ts';
import type { Json, JsonObject, ResourceChange } from '../../scripts/plan/types.ts';
import { changesOf } from './plan-index.ts';
import type { PlanIndex } from './plan-index.ts';
import table from './permission-groups.json' with { type: 'json' };
import { isReference, readList } from './values.ts';
import { isObject } from '../../scripts/json/json.ts';

/** Token resources that exist after the change. */
export function tokenChanges(index: PlanIndex): readonly ResourceChange[] {
  return changesOf(index, 'cloudflare_api_token', 'cloudflare_account_token').filter(
    (change) => change.after !== null,
  );
}

/** The token's policies that grant something; null when they are unknown. */
export function grantingPolicies(change: ResourceChange): readonly JsonObject[] | null {
  const policies = readList(change, 'after', ['policies']);
  return policies === null || policies.some((policy) => isReference(policy))
    ? null
    : policies.filter(isObject).filter((policy) => policy['effect'] !== 'deny');
}

const groupNames: Readonly<Record<string, string>> = table.groups;

export type GrantedGroup =
  | { readonly kind: 'named'; readonly id: string; readonly name: string }
  | { readonly kind: 'unknown'; readonly id: string };

/** Each permission group of a policy by name. Ids are Cloudflare's own and the same in every account. */
export function grantedGroups(policy: JsonObject): readonly GrantedGroup[] {
  const groups = policy['permission_groups'];
  if (!Array.isArray(groups)) {
    return [{ kind: 'unknown', id: '(unknown)' }];
  }
  return (groups as readonly Json[]).map((group) => {
    const id = isObject(group) && typeof group['id'] === 'string' ? group['id'] : '(unknown)';
    const written = isObject(group) && typeof group['name'] === 'string' ? group['name'] : undefined;
    const name = written ?? (Object.hasOwn(groupNames, id) ? groupNames[id] : undefined);
    return name === undefined ? { kind: 'unknown', id } : { kind: 'named', id, name };
  });
}

/** The resources of a policy as `resource: scope` pairs; null when they cannot be read. The provider takes them as JSON text. */
export function policyResources(policy: JsonObject): Readonly<Record<string, Json>> | null {
  const written = policy['resources'];
  if (isObject(written)) {
    return written;
  }
  if (typeof written !== 'string') {
    return null;
  }
  try {
    const parsed: unknown = parseJson(written, limits.line);
    return isObject(parsed) ? parsed : null;
  } catch {
    // A function call such as jsonencode(...) is not JSON: not readable is not the same as harmless.
    return null;
  }
}
