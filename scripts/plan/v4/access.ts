/**
 * Conditions of Access. A block of version 4 says several at once, each with a list of values (`email = ["a", "b"]`); in
 * version 5, as at Cloudflare, every value is a condition of its own (`{ email = { email = "a" } }`). A block says the same
 * as the conditions one after another: any of them lets in, and all of `require` are needed.
 */
import { isList, isObject } from '../../json/json.ts';
import type { Json, JsonObject } from '../types.ts';

/**
 * Members whose values are a list of texts in version 4, with the condition and the member of it that takes each. Docs of v4.52.8
 * and schema of 5.14.0, read 2026-11-30.
 */
const lists: Readonly<Record<string, readonly [condition: string, member: string]>> = {
  auth_method: ['auth_method', 'auth_method'],
  common_name: ['common_name', 'common_name'],
  common_names: ['common_name', 'common_name'],
  device_posture: ['device_posture', 'integration_uid'],
  email: ['email', 'email'],
  email_domain: ['email_domain', 'domain'],
  email_list: ['email_list', 'id'],
  geo: ['geo', 'country_code'],
  group: ['group', 'id'],
  ip: ['ip', 'ip'],
  ip_list: ['ip_list', 'id'],
  login_method: ['login_method', 'id'],
  service_token: ['service_token', 'token_id'],
};

/** Blocks, with the condition and the member of it that takes each value of the list in the block. */
const blocks: Readonly<Record<string, readonly [condition: string, lists: string, member: string]>> = {
  auth_context: ['auth_context', '', ''],
  azure: ['azure_ad', 'id', 'id'],
  external_evaluation: ['external_evaluation', '', ''],
  github: ['github_organization', 'teams', 'team'],
  gsuite: ['gsuite', 'email', 'email'],
  okta: ['okta', 'name', 'name'],
  saml: ['saml', '', ''],
};

/** The conditions as version 5 writes them; the same list where it is one of version 5 already. */
export function v5Conditions(written: Json): Json {
  return isList(written) && written.some(isBlock) ? written.flatMap(conditionsIn) : written;
}

/** In version 5 the members of a condition are objects. */
function isBlock(element: Json): boolean {
  return (
    isObject(element) &&
    Object.entries(element).some(
      ([name, value]) =>
        value !== null && (!isObject(value) || Object.hasOwn(blocks, name)) && !isSame(name, value),
    )
  );
}

/** Blocks that have their name and shape in version 5 too. */
function isSame(name: string, value: Json): boolean {
  const [called, inner = ''] = Object.hasOwn(blocks, name) ? (blocks[name] ?? []) : [];
  return called === name && isObject(value) && !isList(value[inner] ?? null);
}

function conditionsIn(element: Json): readonly Json[] {
  return isObject(element)
    ? Object.entries(element).flatMap(([name, value]) => conditionsOf(name, value))
    : [element];
}

function conditionsOf(name: string, value: Json): readonly JsonObject[] {
  const block = Object.hasOwn(blocks, name) ? blocks[name] : undefined;
  if (block !== undefined) {
    return (isList(value) ? value : [value]).flatMap((one) => blockConditions(one, block));
  }
  if (value === null || value === false) {
    return [];
  }
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (list === undefined || isObject(value)) {
    return [condition(name, value === true ? {} : value)];
  }
  return (isList(value) ? value : [value]).map((one) => condition(list[0], condition(list[1], one)));
}

function blockConditions(
  value: Json,
  [name, inner, member]: readonly [string, string, string],
): readonly JsonObject[] {
  if (!isObject(value)) {
    return value === null ? [] : [condition(name, value)];
  }
  const { [inner]: values, ...rest } = value;
  return isList(values ?? null) && (values as readonly Json[]).length > 0
    ? (values as readonly Json[]).map((one) => condition(name, { ...rest, [member]: one }))
    : [condition(name, inner === '' ? value : rest)];
}

function condition(name: string, value: Json): JsonObject {
  return Object.fromEntries([[name, value]]);
}
