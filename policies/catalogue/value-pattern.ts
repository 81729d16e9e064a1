/**
 * What a value of a catalogue entry may be. `*` stands for any text, except in an address: four dotted parts of numbers
 * and `*` are an IPv4 address, in which `*` is one number from 0 to 255 and nothing else. Such a pattern with /32 or
 * without is therefore one IPv4 address, written either way, and no IPv6 network that ends alike. In braces stand kinds of text that mean nothing
 * beyond themselves: `{zone}`, `{path}`, `{page}`, `{token}` and, alone, `{within 7d}`.
 */
import { dayMs, instantMs } from '../gate/instant.ts';
import { matchesPattern } from '../reading/pattern.ts';

const addressPattern = /^(?:\d{1,3}|\*)(?:\.(?:\d{1,3}|\*)){3}(?:\/\d{1,2})?$/u;
const withinPattern = /^\{within (\d{1,3})d\}$/u;

/** What a pattern may refer to beside the value. */
export interface ValueContext {
  /** Name of the zone of the change; null when it has none. */
  readonly zone: string | null;
  /** RFC 3339. */
  readonly now: string;
}

/** Whether `text` is what `wanted` describes, from its first to its last character. */
export function matchesValue(text: string, wanted: string, context: ValueContext): boolean {
  if (addressPattern.test(wanted)) {
    return matchesAddress(text, wanted);
  }
  const days = withinPattern.exec(wanted)?.[1];
  if (days !== undefined) {
    return isWithinDays(text, Number(days), context.now);
  }
  return wanted.includes('{') ? matchesKinds(text, wanted, context.zone) : matchesPattern(text, wanted);
}

/** An instant that is past counts: it is not later than the one that is asked for. */
function isWithinDays(text: string, days: number, now: string): boolean {
  const [at, from] = [instantMs(text), instantMs(now)];
  return at !== null && from !== null && at <= from + days * dayMs;
}

/** Each segment begins with a letter or digit: `.` and `..` would lead to another path, an empty one to the root. */
const segment = '[A-Za-z0-9][A-Za-z0-9._~-]*';
const path = `${segment}(?:/${segment})*/?`;
const kinds: ReadonlyMap<string, string> = new Map([
  ['{path}', path],
  // Without an address in its query: that could lead on to anywhere.
  ['{page}', String.raw`(?:${path})?(?:\?[A-Za-z0-9._~&=-]*)?`],
  ['{token}', '[A-Za-z0-9_=.-]+'],
  ['*', '.*'],
]);

function matchesKinds(text: string, wanted: string, zone: string | null): boolean {
  const parts = wanted.split(/(\{[^}]*\}|\*)/u).map((part, at) => {
    const literal = part === '{zone}' ? zone : part;
    return at % 2 === 0 || part === '{zone}' ? escaped(literal) : (kinds.get(part) ?? null);
  });
  return parts.every((part) => part !== null) && new RegExp(`^${parts.join('')}$`, 'su').test(text);
}

/** Null for what is not known, which matches nothing. */
function escaped(text: string | null): string | null {
  return text === null ? null : text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

function matchesAddress(text: string, wanted: string): boolean {
  const [address = '', bits = '32', ...more] = text.split('/');
  const [pattern = '', wantedBits = '32'] = wanted.split('/');
  if (more.length > 0 || bits !== wantedBits) {
    return false;
  }
  const octets = address.split('.');
  const parts = pattern.split('.');
  return octets.length === 4 && octets.every((octet, at) => isOctet(octet) && isPart(octet, parts[at]));
}

/** Without leading zeros: some programs read those as octal. */
function isOctet(text: string): boolean {
  return /^(?:0|[1-9]\d{0,2})$/u.test(text) && Number(text) <= 255;
}

function isPart(octet: string, part: string | undefined): boolean {
  return part === '*' || part === octet;
}
