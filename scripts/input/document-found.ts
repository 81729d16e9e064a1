/**
 * How a value from outside is shown in a diagnostic: short, on one line, and never when it may be a secret.
 */
import type { Json } from '../plan/types.ts';
import { pointerTokens } from './document.ts';

const shownLength = 60;
const secretNames = /token|secret|passw|private[-_]?key|api[-_]?key|credential|authorization|cookie/i;
const secretShapes =
  /-----BEGIN |\b(?:bearer|basic)\s+\S{12,}|\beyJ[\w-]{8,}\.|\b(?:gh[pousr]|xox[abp])[-_]\w{10,}|\bAKIA[0-9A-Z]{12,}/i;

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
export function mayBeSecret(value: string, pointer: string): boolean {
  if (pointerTokens(pointer).some((token) => secretNames.test(token))) {
    return true;
  }
  return secretShapes.test(value) || looksRandom(value);
}

/** Long, unbroken, and mixing letters with digits, as generated keys do and prose does not. */
function looksRandom(value: string): boolean {
  return (value.match(/[A-Za-z0-9+=_-]{24,}/g) ?? []).some(
    (run) => (run.match(/[0-9]/g) ?? []).length >= 4 && (run.match(/[A-Za-z]/g) ?? []).length >= 4,
  );
}

function quoted(value: string): string {
  const cut = value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  return JSON.stringify(cut);
}

function describeMap(keys: readonly string[]): string {
  if (keys.length === 0) {
    return 'an empty map';
  }
  const shown = keys.slice(0, 3).map((key) => quoted(key));
  return `a map with ${shown.join(', ')}${keys.length > 3 ? ', …' : ''}`;
}
