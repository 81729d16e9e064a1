/** What transform rules do to headers of responses, by header. */
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { valueWithin } from './values.ts';
import { isObject } from '../../scripts/json/json.ts';

export interface HeaderAct {
  /** In lower case. */
  readonly name: string;
  readonly operation: 'set' | 'add' | 'remove';
  /** The text, or the expression that makes it, in lower case; empty for a removal. */
  readonly value: string;
}

/** Headers that tell a browser to protect a visitor (OWASP Secure Headers Project). */
export const securityHeaders: ReadonlySet<string> = new Set([
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-frame-options',
]);

/** Headers that an enabled rule sets, adds or removes; written by name, or as a list of blocks as in version 4. */
export function headerActs(rule: JsonObject | null): readonly HeaderAct[] {
  if (rule === null || rule['enabled'] === false) {
    return [];
  }
  const headers = valueWithin(rule, ['action_parameters', 'headers']);
  if (headers.kind !== 'known') {
    return [];
  }
  const written = Array.isArray(headers.value)
    ? (headers.value as readonly Json[]).map((act) => [nameIn(act), act] as const)
    : Object.entries(isObject(headers.value) ? headers.value : {});
  return written.flatMap(([name, act]) => (isObject(act) ? [actOf(name, act)] : []));
}

function nameIn(act: Json): string {
  const name = isObject(act) ? act['name'] : null;
  return typeof name === 'string' ? name : '';
}

function actOf(name: string, act: JsonObject): HeaderAct {
  const value = act['value'] ?? act['expression'];
  const operation = act['operation'];
  return {
    name: name.toLowerCase(),
    operation: operation === 'remove' || operation === 'add' ? operation : 'set',
    value: typeof value === 'string' ? value.toLowerCase() : '',
  };
}
