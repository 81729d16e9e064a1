/**
 * Rules of the API that no schema states: what may exist beside what. Each refusal says what is in the way.
 * Only objects in this store are known, so a zone id that the store never saw is taken on trust.
 */
import type { Json, JsonObject } from '../../plan/types.ts';
import { ApiError } from './diagnostics.ts';
import { text } from './identity.ts';
import type { Attributes } from './schema.ts';
import type { Store, StoredObject } from './store.ts';
import type { ValueObject } from './values.ts';
import { rulesetType } from '../../provider/ruleset-type.ts';
import { providerTypes } from '../../provider/types.ts';

export interface ConflictCandidate {
  readonly type: string;
  readonly schema: Attributes;
  readonly parent: string;
  readonly attributes: ValueObject;
  /** Id of the object being updated; null for a new one. */
  readonly id: string | null;
}

/** @throws ApiError when the write cannot stand beside what is in the store. */
export function checkWrite(store: Store, candidate: ConflictCandidate): void {
  checkScope(candidate);
  checkZoneExists(store, candidate);
  switch (candidate.type) {
    case 'cloudflare_zone':
      return checkZoneName(store, candidate);
    case rulesetType:
      return checkEntrypoint(store, candidate);
    case 'cloudflare_dns_record':
      return checkRecord(store, candidate);
    case 'cloudflare_list':
      return checkListName(store, candidate);
    default:
      return undefined;
  }
}

/** @throws ApiError when something in the store still needs the object. */
export function checkDelete(store: Store, object: StoredObject): void {
  const name = object.attributes['name'];
  if (object.type !== 'cloudflare_list' || typeof name !== 'string') {
    return;
  }
  const user = store.list(rulesetType).find((ruleset) => usesList(ruleset.attributes['rules'], name));
  if (user !== undefined) {
    throw new ApiError(
      400,
      `The list "${name}" cannot be deleted: a rule of the ruleset "${textAt(user, 'name')}" (${user.id}) refers to it. ` +
        'Remove the rule first.',
    );
  }
}

/** Objects that go when `object` goes: the parent's children, and what names it by id. */
export function dependents(store: Store, object: StoredObject): readonly StoredObject[] {
  if (object.type === 'cloudflare_zone') {
    return store.types().flatMap((type) => store.list(type, object.id));
  }
  return providerTypes().flatMap(([type, { partOf }]) =>
    partOf?.type === object.type
      ? store.list(type, object.parent).filter((child) => child.attributes[partOf.by] === object.id)
      : [],
  );
}

function checkScope({ schema, attributes, type }: ConflictCandidate): void {
  const hasBoth = schema['zone_id']?.presence === 'optional' && schema['account_id']?.presence === 'optional';
  if (hasBoth && text(attributes['zone_id']) === null && text(attributes['account_id']) === null) {
    throw new ApiError(400, `A ${type} belongs to a zone or to an account: set zone_id or account_id.`);
  }
}

function checkZoneExists(store: Store, { attributes }: ConflictCandidate): void {
  const zone = text(attributes['zone_id']);
  if (zone !== null && store.wasRemovedAnywhere('cloudflare_zone', zone)) {
    throw new ApiError(404, `The zone ${zone} does not exist any more.`, [{ attribute: 'zone_id' }]);
  }
}

function checkZoneName(store: Store, candidate: ConflictCandidate): void {
  const name = text(candidate.attributes['name']);
  const other = others(store, candidate).find((zone) => zone.attributes['name'] === name);
  if (other !== undefined) {
    throw new ApiError(400, `The account already has a zone "${name ?? ''}" (${other.id}).`, [
      { attribute: 'name' },
    ]);
  }
}

function checkListName(store: Store, candidate: ConflictCandidate): void {
  const name = text(candidate.attributes['name']);
  const other = others(store, candidate).find((list) => list.attributes['name'] === name);
  if (other !== undefined) {
    throw new ApiError(400, `The account already has a list "${name ?? ''}" (${other.id}).`, [
      { attribute: 'name' },
    ]);
  }
}

const entrypointKinds: ReadonlySet<string> = new Set(['zone', 'root']);

function checkEntrypoint(store: Store, candidate: ConflictCandidate): void {
  const kind = text(candidate.attributes['kind']) ?? '';
  const phase = text(candidate.attributes['phase']);
  if (!entrypointKinds.has(kind)) {
    return;
  }
  const other = others(store, candidate).find(
    (ruleset) => ruleset.attributes['kind'] === kind && ruleset.attributes['phase'] === phase,
  );
  if (other !== undefined) {
    throw new ApiError(
      400,
      `There is already an entry point ruleset of the phase ${phase ?? ''} here: "${textAt(other, 'name')}" (${other.id}). ` +
        'Put the rules into that one, or import it.',
      [{ attribute: 'phase' }],
    );
  }
}

/** Of one name a CNAME excludes the others: error 81053 of Cloudflare's API, after RFC 1034 section 3.6.2. */
const exclusive: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** A CNAME tolerates no address record and no other CNAME of its name; two records may not be the same. */
function checkRecord(store: Store, candidate: ConflictCandidate): void {
  const { attributes } = candidate;
  const type = text(attributes['type']) ?? '';
  const name = recordName(text(attributes['name']));
  for (const other of others(store, candidate)) {
    const otherType = textAt(other, 'type');
    if (recordName(other.attributes['name']) !== name) {
      continue;
    }
    if (exclusive.has(type) && exclusive.has(otherType) && (type === 'CNAME' || otherType === 'CNAME')) {
      throw new ApiError(
        400,
        `A CNAME record cannot stand beside another A, AAAA or CNAME record of the same name: "${name}" already has the ${otherType} record ${other.id} (code 81053).`,
        [{ attribute: 'name' }],
      );
    }
    const content = text(attributes['content']);
    if (type === otherType && content !== null && other.attributes['content'] === content) {
      throw new ApiError(
        400,
        `An identical record already exists: ${type} "${name}" (${other.id}) (code 81058).`,
      );
    }
  }
}

function textAt(object: StoredObject, name: string): string {
  const value = object.attributes[name];
  return typeof value === 'string' ? value : '';
}

function recordName(name: unknown): string {
  return typeof name === 'string' ? name.toLowerCase().replace(/\.$/, '') : '';
}

function others(store: Store, candidate: ConflictCandidate): readonly StoredObject[] {
  return store.list(candidate.type, candidate.parent).filter((object) => object.id !== candidate.id);
}

/** True when a rule tests against the list (`$name`) or redirects by it. */
function usesList(rules: Json | undefined, name: string): boolean {
  return (
    Array.isArray(rules) &&
    (rules as readonly JsonObject[]).some(({ expression, action_parameters: parameters }) => {
      const fromList = ((parameters as JsonObject | null | undefined)?.['from_list'] ?? {}) as JsonObject;
      return (
        fromList['name'] === name || (typeof expression === 'string' && mentions(expression, `$${name}`))
      );
    })
  );
}

/** True when `word` stands in the text and does not go on (`$office` is not in `$office_eu`). */
function mentions(expression: string, word: string): boolean {
  return expression
    .split(word)
    .slice(1)
    .some((rest) => !/^[\w.]/.test(rest));
}
