/**
 * Whether a value is a secret that must never be shown.
 *
 * Two ways lead to yes: the value has the unmistakable form of a credential (a private key, a token with a vendor's
 * prefix, a JWT, a password inside a URL), or its attribute is named like one and it is not an expression or a plain
 * word. Public material that merely looks random (DKIM keys, SPF, CAA, verification records, certificates, ids, WAF
 * expressions) must stay readable: a reviewer who cannot read a TXT record cannot review it.
 */
import { mayBeTemplate, parseTemplate } from './expression/parse.ts';
import { own } from './json.ts';
import { textPaths } from './path.ts';
import type { Json, JsonObject, Path } from './types.ts';

/** Vendors' own prefixes; each is followed by enough characters that prose never matches. */
const credentialForms: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/,
  /\bgh[pousr]_[A-Za-z0-9]{36}/,
  /\bgithub_pat_[A-Za-z0-9_]{40}/,
  /\bglpat-[\w-]{20}/,
  /\bxox[abeoprs]-[\w-]{10}/,
  /\bhttps:\/\/hooks\.slack\.com\/services\/T[\w]{6,20}\/B[\w]{6,20}\/[\w]{16}/,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\bAIza[\w-]{35}/,
  /\bya29\.[\w-]{20}/,
  /\b[rs]k_live_[A-Za-z0-9]{16}/,
  /\bnpm_[A-Za-z0-9]{36}/,
  /\bSG\.[\w-]{16,32}\.[\w-]{16,64}/,
  /\bdop_v1_[a-f0-9]{64}/,
  /\bAGE-SECRET-KEY-1[A-Z0-9]{50}/,
  // Cloudflare: global API keys, API tokens and origin CA keys of the present forms.
  /\bcf(?:k|ut|at)_[A-Za-z0-9]{32}/,
  /\bv1\.0-[a-f0-9]{24}-[a-f0-9]{64}/,
  // JSON Web Token: three base64url parts, of which the first two begin with `{"`.
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  // A password inside a URL.
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/@:]{0,200}:[^\s/@]{3,200}@[^\s/@]/i,
  /\bbearer\s+[\w.~+/-]{20}/i,
];

/** Last words of attribute names that hold a credential: `client_secret`, `X-Api-Key`, `tunnelToken`. */
const secretWords: ReadonlySet<string> = new Set([
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'credential',
  'credentials',
  'authorization',
]);
const secretPairs: ReadonlySet<string> = new Set([
  'api key',
  'private key',
  'access key',
  'secret key',
  'shared key',
  'signing key',
  'encryption key',
  'auth key',
  'key base64',
  'key jwk',
  'pre shared',
  'preshared key',
  'service key',
  'client key',
  'custom key',
  'secret text',
]);

/** Something of every form above: one cheap search settles that an ordinary value is none of them. */
const credentialHint =
  /-----BEGIN|gh[pousr]_|github_pat_|glpat-|xox|hooks\.slack|AKIA|ASIA|AIza|ya29\.|k_live_|npm_|SG\.|dop_v1_|AGE-SECRET|cf(?:k|ut|at)_|v1\.0-|eyJ|:\/\/|bearer/i;

/** The shortest text that has one of the forms above is a URL such as `ab://:abc@d`. */
const shortestCredential = 11;

/** Longest text that is searched for a credential: past it the cost would grow and no credential needs it. */
const searchedLength = 65_536;

/**
 * True when `value`, standing in an attribute called `name`, must be masked. An interpolation is no secret: it names where
 * the value comes from.
 */
export function looksLikeSecret(name: string, value: string): boolean {
  if (value === '') {
    return false;
  }
  const text = value.length > searchedLength ? value.slice(0, searchedLength) : value;
  if (
    text.length >= shortestCredential &&
    credentialHint.test(text) &&
    credentialForms.some((form) => form.test(text))
  ) {
    return true;
  }
  if (!isSecretName(name) || isReference(text)) {
    return false;
  }
  return passwordName.test(name) || (text.length >= shortestToken && isOpaque(text));
}

/** What is called a password is one, however short and however much of a word. */
const passwordName = /(?:password|passwd|passphrase)$/i;

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

const knownNames = new Map<string, boolean>();
const maxKnownNames = 5000;

/** True for names such as `client_secret`, `apiToken`, `X-Auth-Key`; false for `token_id`, `secret_name`, `key`. */
export function isSecretName(name: string): boolean {
  const known = knownNames.get(name);
  if (known !== undefined) {
    return known;
  }
  const answer = namesSecret(name);
  if (knownNames.size < maxKnownNames) {
    knownNames.set(name, answer);
  }
  return answer;
}

function namesSecret(name: string): boolean {
  const words = name
    .slice(0, 128)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  return secretWords.has(words.at(-1) ?? '') || secretPairs.has(words.slice(-2).join(' '));
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
