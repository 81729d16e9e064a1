/**
 * Spellings of one value. Two texts that Cloudflare takes for the same are not change, however they are written; where the
 * provider is more generous than Cloudflare (it takes a name for equal to any longer name that begins with it), Cloudflare
 * decides. What is not known to be the same differs.
 */
import { canonicalJson, isList, isObject } from '../json/json.ts';
import { outlineJson } from '../json/outline.ts';
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import type { Json } from '../plan/types.ts';

/**
 * `dns-name`: the name of a record, relative to its zone or in full (the provider's plan function of `dns_record`; RFC 4343
 * for case, RFC 5890 for internationalised names). `dns-content`: a host name or an address, by the type of the record.
 * `json`: JSON as text, by value. `rfc3339`: a point in time. `caseless`: ASCII letters in either case.
 */
export type Spelling = 'dns-name' | 'dns-content' | 'json' | 'rfc3339' | 'caseless';

/** What the spelling of an attribute depends on; null where it is not known or not the same before and after. */
export interface SpellingContext {
  readonly recordType: string | null;
  /** Name of the zone. */
  readonly zone: string | null;
}

/** Nothing is known of what stands around a value. */
export const noContext: SpellingContext = { recordType: null, zone: null };

/** The one spelling that stands for all of the value; the text itself where it has no other. */
export function canonicalSpelling(spelling: Spelling, text: string, context: SpellingContext): string {
  // What an expression gives is spelled nowhere.
  if (/[$%]\{/.test(text)) {
    return text;
  }
  switch (spelling) {
    case 'dns-name':
      return canonicalName(text, context.zone);
    case 'dns-content':
      return canonicalContent(text, context.recordType);
    case 'json':
      return canonicalJsonText(text);
    case 'rfc3339':
      return canonicalTime(text);
    case 'caseless':
      return /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : text;
  }
}

/** `@` and a name without its zone are in the zone. A final dot says that a name is whole. */
function canonicalName(text: string, zoneName: string | null): string {
  const zone = zoneName === null ? null : domain(zoneName);
  if (text === '@') {
    return zone ?? text;
  }
  const isWhole = text.endsWith('.');
  const name = domain(isWhole ? text.slice(0, -1) : text);
  if (name === null) {
    return text;
  }
  if (zone === null) {
    // Whether a single label with a dot is in the zone cannot be told.
    return isWhole && !name.includes('.') ? `${name}.` : name;
  }
  if (name === zone || name.endsWith(`.${zone}`)) {
    return name;
  }
  return isWhole ? `${name}.` : `${name}.${zone}`;
}

/** Types of records whose content is the name of a host. */
const namingTypes: ReadonlySet<string> = new Set(['CNAME', 'MX', 'NS', 'PTR', 'SRV', 'SVCB', 'HTTPS']);

function canonicalContent(text: string, recordType: string | null): string {
  if (recordType === 'AAAA') {
    return canonicalIpv6(text) ?? text;
  }
  if (recordType === null || !namingTypes.has(recordType)) {
    return text;
  }
  return domain(text.length > 1 && text.endsWith('.') ? text.slice(0, -1) : text) ?? text;
}

/** RFC 5952, as the URL standard serialises an address. */
function canonicalIpv6(text: string): string | null {
  return /^[\da-f:.]+$/i.test(text) ? hostOf(`[${text}]`) : null;
}

/** Labels in lower case and in ASCII; null for what is not a name of a host. */
function domain(text: string): string | null {
  const labels = text.split('.').map(canonicalLabel);
  return labels.every((label) => label !== null) ? labels.join('.') : null;
}

/**
 * An internationalised label has one ASCII form. A label of other letters that the standard would turn into plain ASCII
 * (full-width letters, say) is left out: not every system takes those for the same.
 */
function canonicalLabel(label: string): string | null {
  if (/^[\x21-\x7e]+$/.test(label)) {
    return label.toLowerCase();
  }
  const ascii = /^[\p{L}\p{N}\p{M}_-]+$/u.test(label) ? hostOf(label) : null;
  return ascii?.startsWith('xn--') === true && !ascii.includes('.') ? ascii : null;
}

function hostOf(text: string): string | null {
  try {
    return new URL(`http://${text}`).hostname;
  } catch {
    return null;
  }
}

/** Numbers that JavaScript cannot hold and keys that come twice are compared as they are written. */
function canonicalJsonText(text: string): string {
  try {
    const value = parseJson(text, limits.document) as Json;
    const { keys, tooMuch } = outlineJson(text, limits.document);
    const isExact = tooMuch === null && !/\d{16}/.test(text) && countKeys(value) === keys;
    return isExact ? canonicalJson(value) : text;
  } catch {
    return text;
  }
}

function countKeys(value: Json): number {
  if (isList(value)) {
    return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  }
  return isObject(value)
    ? Object.values(value).reduce<number>((sum, item) => sum + 1 + countKeys(item), 0)
    : 0;
}

const time = /^(?<seconds>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(?<fraction>\d+))?(?<offset>Z|[+-]\d\d:\d\d)$/i;

/** The same instant, whatever the offset; a fraction keeps all its digits. */
function canonicalTime(text: string): string {
  const { seconds, fraction, offset } = time.exec(text)?.groups ?? {};
  const instant = Date.parse(`${seconds ?? ''}${offset ?? ''}`.toUpperCase());
  if (seconds === undefined || Number.isNaN(instant) || !isOnCalendar(seconds)) {
    return text;
  }
  const digits = (fraction ?? '').replace(/0+$/, '');
  return `${new Date(instant).toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}

/** The thirtieth of February is no other day. */
function isOnCalendar(seconds: string): boolean {
  const local = Date.parse(`${seconds.toUpperCase()}Z`);
  return !Number.isNaN(local) && new Date(local).toISOString().startsWith(seconds.toUpperCase());
}
