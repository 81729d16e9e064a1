/**
 * Whether a value is a secret that must never be shown.
 *
 * Two ways lead to yes: the value has the unmistakable form of a credential (a private key, a token with a vendor's
 * prefix, a JWT, a password inside a URL), or its attribute is named like one and it is not an expression or a plain
 * word. Public material that merely looks random (DKIM keys, SPF, CAA, verification records, certificates, ids, WAF
 * expressions) must stay readable: a reviewer who cannot read a TXT record cannot review it.
 */
import { credentialIn } from '../secrets/credentials.ts';
import { isPasswordName, isSecretName } from '../secrets/names.ts';
import { mayBeTemplate, parseTemplate } from './expression/parse.ts';
import { own } from '../json/json.ts';
import { textPaths } from './path.ts';
import type { Json, JsonObject, Path } from './types.ts';

/** The shortest text that has the form of a credential is a URL such as `ab://:abc@d`. */
const shortestCredential = 11;

/** Longest text that is searched for a credential: past it the cost would grow and no credential needs it. */
const searchedLength = 65_536;

/**
 * True when `value`, standing in an attribute called `name`, must be masked. An interpolation is not a secret: it names where
 * the value comes from.
 */
export function looksLikeSecret(name: string, value: string): boolean {
  if (value === '') {
    return false;
  }
  const text = value.length > searchedLength ? value.slice(0, searchedLength) : value;
  if (text.length >= shortestCredential && credentialIn(text) !== null) {
    return true;
  }
  if (!isSecretName(name) || isReference(text)) {
    return false;
  }
  return isPasswordName(name) || (text.length >= shortestToken && isOpaque(text));
}

/** Under names such as `token` or `secret` also plain words stand, of which shorter ones are more. */
const shortestToken = 8;

/** Names where the value comes from, with no text of its own that could be one. */
function isReference(text: string): boolean {
  const template = mayBeTemplate(text) && !text.includes('"') ? parseTemplate(text) : null;
  return (
    template?.kind === 'template' &&
    template.references.length > 0 &&
    template.parts.every(({ kind }) => kind === 'expression')
  );
}

/** The word before the credential in a header: `Basic dXNlcjpwYXNz`. */
const scheme = /^(?:basic|bearer|token|digest|apikey)\s+/i;

/** One unbroken run that is more than one plain word, also behind the scheme of a header. */
function isOpaque(written: string): boolean {
  const text = written.replace(scheme, '');
  if (/\s/.test(text)) {
    return false;
  }
  return /\d/.test(text) || /[a-z]/.test(text) === /[A-Z]/.test(text) || text.length >= 20;
}

/** Paths of everything inside `value` that looks like a secret. `name` is that of the value itself. */
export function secretPaths(value: Json | undefined, name = ''): readonly Path[] {
  if (value === undefined) {
    return [];
  }
  let names: Map<JsonObject, string> | null = null;
  const nameOf = (parent: JsonObject): string | undefined => {
    if (names === null) {
      names = new Map();
      nameObjects(value, name, names);
    }
    return names.get(parent);
  };
  return textPaths(
    value,
    (text, key, parent) =>
      looksLikeSecret(key, text) ||
      (parent !== null && valueKeys.has(key) && isNamedSecret(text, parent, nameOf)),
    name,
  );
}

/** Notes the key that every object stands under, of which only those are kept that name a secret. */
function nameObjects(value: Json, key: string, names: Map<JsonObject, string>): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (isList(value)) {
    for (const item of value) {
      nameObjects(item, key, names);
    }
    return;
  }
  if (isSecretName(key)) {
    names.set(value, key);
  }
  for (const inner of Object.keys(value)) {
    nameObjects(value[inner] ?? null, inner, names);
  }
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

const valueKeys: ReadonlySet<string> = new Set(['value', 'text']);

/**
 * The name of a value may stand beside it (`{ name: 'API_TOKEN', value: '…' }`) or above it, as the key of the object
 * (`headers: { Authorization: { value: '…' } }`).
 */
function isNamedSecret(
  text: string,
  parent: JsonObject,
  nameOf: (parent: JsonObject) => string | undefined,
): boolean {
  const beside = own(parent, 'name');
  return [beside, nameOf(parent)].some((name) => typeof name === 'string' && looksLikeSecret(name, text));
}
