/**
 * How a value from outside is shown in a diagnostic: short, on one line, and never when it may be a secret.
 */
import type { Json } from '../plan/types.ts';
import { credentialIn, looksRandom } from '../secrets/credentials.ts';
import { mentionsCredential } from '../secrets/names.ts';
import { pointerTokens } from './document.ts';

const maxLength = 60;
/** Headers that are quoted as they were sent: what follows the scheme is a credential, however short. */
const authorization = /\b(?:bearer|basic)\s+\S{12,}/i;

/** A value as `found` text. The pointer is used to recognise fields that hold secrets by their name. */
export function describeFound(value: Json | undefined, pointer: string): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (value === null) {
    return 'nothing (the value is empty)';
  }
  if (typeof value === 'boolean' || typeof value === 'number') {
    return String(value);
  }
  if (typeof value === 'string') {
    return mayBeSecret(value, pointer) ? 'a text (not shown: it may be a secret)' : quoted(value);
  }
  return Array.isArray(value) ? `a list of ${value.length}` : describeMap(Object.keys(value));
}

/** Whether a text is kept out of messages: the field's name says so, or the value looks like a key or token. */
function mayBeSecret(value: string, pointer: string): boolean {
  return (
    pointerTokens(pointer).some((token) => mentionsCredential(token) || /cookie/i.test(token)) ||
    credentialIn(value) !== null ||
    authorization.test(value) ||
    looksRandom(value)
  );
}

function quoted(value: string): string {
  const cut = value.length > maxLength ? `${value.slice(0, maxLength)}…` : value;
  return JSON.stringify(cut);
}

function describeMap(keys: readonly string[]): string {
  if (keys.length === 0) {
    return 'an empty map';
  }
  const listed = keys.slice(0, 3).map((key) => quoted(key));
  return `a map with ${listed.join(', ')}${keys.length > 3 ? ', …' : ''}`;
}
