/** Whether an object of a list is the one that was asked for, in the forms in which Cloudflare gives back what it was given. */
import { isObject } from '../json/json.ts';
import type { Json, JsonObject } from '../plan/types.ts';
import { valueAt } from './inquiry.ts';
import type { LiveObject, LiveQuestion } from './types.ts';

/** The objects of the list that answer to the question. */
export function answersTo(question: LiveQuestion, listed: readonly JsonObject[]): readonly LiveObject[] {
  return listed.flatMap((object) => {
    const id = textOf(object[question.id]);
    return id !== null && id !== '' && isMeant(question, object) ? [found(question, id)] : [];
  });
}

function found({ address, type, identity, listing, importAs }: LiveQuestion, id: string): LiveObject {
  return {
    address,
    type,
    identity,
    id,
    importId: importAs?.replace('{id}', id) ?? null,
    path: `${listing.path}/${encodeURIComponent(id)}`,
  };
}

function isMeant({ type, match }: LiveQuestion, object: JsonObject): boolean {
  const isRecord = type === 'cloudflare_dns_record';
  return Object.entries(match).every(([name, wanted]) => {
    const is = valueAt(object, name);
    if (isRecord && name === 'name') {
      return isSameName(wanted, is);
    }
    return isRecord && name === 'content'
      ? contentForm(wanted) === contentForm(is)
      : isWithin(wanted, is ?? null);
  });
}

/**
 * The provider takes the configured name for a record whose name begins with its labels; a dot at the end and `@` for the
 * zone itself count for nothing (plan function of cloudflare_dns_record, 5.14.0).
 */
function isSameName(wanted: Json, is: Json | undefined): boolean {
  if (typeof wanted !== 'string' || typeof is !== 'string') {
    return false;
  }
  const [short, full] = [wanted, is].map((name) => name.toLowerCase().replace(/\.$/, ''));
  return short === full || short === '@' || full?.startsWith(`${short ?? ''}.`) === true;
}

/** Host names without case and last dot, addresses of version 6 in their short form, texts without their quotes. */
function contentForm(value: Json | undefined): string | null {
  if (typeof value !== 'string') {
    return null;
  }
  const bare = /^".*"$/.test(value) ? value.slice(1, -1) : value;
  if (/^[\da-f:.]+$/i.test(bare) && bare.includes(':') && URL.canParse(`http://[${bare}]`)) {
    return new URL(`http://[${bare}]`).hostname;
  }
  return /^[\w.-]+$/.test(bare) ? bare.toLowerCase().replace(/\.$/, '') : bare;
}

/** Everything that was given is there; Cloudflare may add members. Numbers and their texts are the same. */
function isWithin(wanted: Json, is: Json): boolean {
  if (isObject(wanted)) {
    return isObject(is) && Object.entries(wanted).every(([name, value]) => isWithin(value, is[name] ?? null));
  }
  return isObject(is) || Array.isArray(is) || Array.isArray(wanted)
    ? JSON.stringify(wanted) === JSON.stringify(is)
    : textOf(wanted) === textOf(is);
}

/** A scalar as text; null for anything else. */
function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined || typeof value === 'object' ? null : String(value);
}
