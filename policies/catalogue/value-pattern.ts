/**
 * What a value of a catalogue entry may be. `*` stands for any text, except in an address: four dotted parts of numbers
 * and `*` are an IPv4 address, in which `*` is one number from 0 to 255 and nothing else. Such a pattern that ends in /32
 * is therefore one IPv4 address, and no IPv6 network that ends alike.
 */
import { matchesPattern } from '../reading/pattern.ts';

const addressPattern = /^(?:\d{1,3}|\*)(?:\.(?:\d{1,3}|\*)){3}(?:\/\d{1,2})?$/u;

/** Whether `text` is what `wanted` describes, from its first to its last character. */
export function matchesValue(text: string, wanted: string): boolean {
  return addressPattern.test(wanted) ? matchesAddress(text, wanted) : matchesPattern(text, wanted);
}

function matchesAddress(text: string, wanted: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const [pattern = '', wantedBits] = wanted.split('/');
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
