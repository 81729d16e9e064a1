/**
 * Selectors of Access policies and groups (`{ email_domain: { domain } }`) as properties of somebody who asks. A property is
 * written `kind value`; one that is not understood stands for itself, and nothing is concluded from it.
 */
import { canonicalJson, isObject } from '../../../scripts/json/json.ts';
import type { Json } from '../../../scripts/plan/types.ts';
import { networkBounds, readIp, addressBits } from '../../../scripts/waf/language/ip.ts';
import { isOpenText, soleReference } from '../../../scripts/plan/expression/parse.ts';

/** In front of properties whose meaning is known only after apply, or to nobody here. */
export const unknownMark = 'unknown:';

/** The member of each selector that says whom it means (provider 5.14.0); a selector without one is a word alone. */
const members: Readonly<Record<string, string>> = {
  auth_method: 'auth_method',
  common_name: 'common_name',
  device_posture: 'integration_uid',
  email: 'email',
  email_domain: 'domain',
  email_list: 'id',
  geo: 'country_code',
  group: 'id',
  ip: 'ip',
  ip_list: 'id',
  login_method: 'id',
  service_token: 'token_id',
};

/** Words for the kinds that are named in messages; others are named as the provider does. */
const words: Readonly<Record<string, string>> = {
  any_valid_service_token: 'any service token',
  certificate: 'any client certificate',
  common_name: 'certificate',
  device_posture: 'device check',
  email: 'e-mail',
  email_domain: 'e-mail domain',
  email_list: 'e-mail list',
  geo: 'country',
  ip: 'address',
  ip_list: 'address list',
  login_method: 'login by',
  service_token: 'service token',
};

/** The selectors that are chosen in one element: a live plan spells out the others as null. */
export function chosenIn(element: Json): readonly (readonly [string, Json])[] {
  return isObject(element)
    ? Object.entries(element).filter(([, value]) => value !== null && value !== false)
    : [];
}

/** The property that a selector asks for. `everyone` is not one: all have it. */
export function propertyOf(kind: string, value: Json): string {
  const member = members[kind];
  const text = isObject(value) && member !== undefined ? value[member] : undefined;
  const described =
    typeof text === 'string'
      ? normalised(kind, text)
      : isObject(value) && Object.keys(value).length === 0
        ? ''
        : canonicalJson(value);
  return `${isOpenText(described) ? unknownMark : ''}${kind} ${described}`.trimEnd();
}

function normalised(kind: string, text: string): string {
  const isCaseless = kind === 'email' || kind === 'email_domain';
  return isCaseless ? text.toLowerCase() : kind === 'geo' ? text.toUpperCase() : text;
}

/** A property for a message. */
export function wordsOf(property: string): string {
  const known = property.startsWith(unknownMark) ? property.slice(unknownMark.length) : property;
  const at = known.indexOf(' ');
  const kind = at < 0 ? known : known.slice(0, at);
  // Of a reference the name is said, as the configuration has it.
  const value = at < 0 ? '' : known.slice(at).replace(/\$\{\w+\.([\w-]+)\.id\}/u, '$1');
  return `${words[kind] ?? kind.replaceAll('_', ' ')}${value}`;
}

/** The kind of selector that a property comes from, known or not. */
export function kindOf(property: string): string {
  const known = property.startsWith(unknownMark) ? property.slice(unknownMark.length) : property;
  return parts(known)[0];
}

/** True for a property that names a resource of the configuration by its id: `service_token ${TYPE.NAME.id}`. */
export function isResourceId(property: string): boolean {
  const [kind, value] = parts(property.slice(unknownMark.length));
  const reference =
    property.startsWith(unknownMark) && Object.hasOwn(members, kind) ? soleReference(value) : null;
  return (
    reference?.target.startsWith('cloudflare_') === true &&
    reference.rest.at(-1) === 'id' &&
    !reference.rest.includes(null)
  );
}

/** Kinds of which somebody has one at most. */
const single: ReadonlySet<string> = new Set(['email', 'email_domain', 'geo']);

/** What having one property says about having another. */
export function relation(a: string, b: string): 'implies' | 'excludes' | null {
  const [kindA, valueA] = parts(a);
  const [kindB, valueB] = parts(b);
  if (kindA === 'ip' && kindB === 'ip') {
    return betweenNetworks(valueA, valueB);
  }
  if (kindA === 'email' && kindB === 'email_domain') {
    return valueA.endsWith(`@${valueB}`) ? 'implies' : 'excludes';
  }
  if (kindA === kindB && single.has(kindA)) {
    return 'excludes';
  }
  const isAnyOf =
    (kindA === 'service_token' && kindB === 'any_valid_service_token') ||
    (kindA === 'common_name' && kindB === 'certificate');
  return isAnyOf ? 'implies' : null;
}

function parts(property: string): readonly [string, string] {
  const at = property.indexOf(' ');
  return at < 0 ? [property, ''] : [property.slice(0, at), property.slice(at + 1)];
}

function betweenNetworks(a: string, b: string): 'implies' | 'excludes' | null {
  const [inner, outer] = [boundsOf(a), boundsOf(b)];
  if (inner === null || outer === null) {
    return null;
  }
  const isApart = inner.family !== outer.family || inner.last < outer.first || outer.last < inner.first;
  const isWithin = !isApart && outer.first <= inner.first && inner.last <= outer.last;
  return isApart ? 'excludes' : isWithin ? 'implies' : null;
}

function boundsOf(
  text: string,
): { readonly family: number; readonly first: bigint; readonly last: bigint } | null {
  const [address = '', bits] = text.split('/');
  const ip = readIp(address);
  const length = ip === null ? 0 : bits === undefined ? addressBits(ip) : Number(bits);
  if (ip === null || !Number.isInteger(length) || length < 0 || length > addressBits(ip)) {
    return null;
  }
  const { first, last } = networkBounds(ip, length);
  return { family: ip.family, first: first.value, last: last.value };
}
