/**
 * Names under which secrets stand: of attributes, headers, cookies, arguments and members of JSON. How much a name may be
 * suspected depends on what is lost when its value is hidden, so there are three questions and one set of words.
 */

/** `userPassword` and `X-Auth-Key` in words: `user password`, `x auth key`. Names past 128 characters are cut. */
function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 128)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Last words of names that hold a credential: `client_secret`, `tunnelToken`. */
const lastWords: ReadonlySet<string> = new Set(
  'password passwd passphrase secret token credential credentials authorization'.split(' '),
);
const lastPairs: ReadonlySet<string> = new Set([
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

/** A part of every name that `isSecretName` knows: most names of a configuration have none and need not be taken apart. */
const secretNameHint = /passw|passphrase|secret|token|credential|authorization|key|shared/i;

/**
 * Whether an attribute of a configuration holds a credential: `client_secret`, `apiToken`, `X-Auth-Key`; not `token_id`,
 * `secret_name`, `key`. Strict: a reviewer who cannot read a value cannot review it.
 */
export function isSecretName(name: string): boolean {
  if (!secretNameHint.test(name)) {
    return false;
  }
  const words = wordsOf(name);
  return lastWords.has(words.at(-1) ?? '') || lastPairs.has(words.slice(-2).join(' '));
}

/** What is called a password is one, however short and however much of a word. */
export function isPasswordName(name: string): boolean {
  return /(?:password|passwd|passphrase)$/i.test(name);
}

const credentialStem =
  /token|secret|passw|passphrase|private[-_ ]?key|api[-_ ]?key|access[-_ ]?key|credential|authori[sz]ation/i;

/** Whether a name speaks of a credential at all, as `token_id` does. For diagnostics, where the value is not needed. */
export function mentionsCredential(name: string): boolean {
  return credentialStem.test(name);
}

const proofStem = /signature|session|hmac|x-[a-z-]*key/i;

/** Whether a header, cookie or argument carries what proves who somebody is: a credential, a session, a signature. */
export function provesIdentity(name: string): boolean {
  return credentialStem.test(name) || proofStem.test(name);
}

/** Any of these words is enough in a recorded request; `keyboard` has none of them. */
const requestWords: ReadonlySet<string> = new Set(
  (
    'auth authentication apikey key pass passcode pwd pin otp code sig session sessionid sessid phpsessid jsessionid sid jwt ' +
    'saml samlresponse samlrequest assertion ticket'
  ).split(' '),
);

/** Whether a part of a recorded request is taken out by its name: rather one too many, the replay goes on without it. */
export function isSecretOfRequest(name: string): boolean {
  return provesIdentity(name) || wordsOf(name).some((word) => requestWords.has(word));
}
