/**
 * IP addresses as family and number. IPv4 and IPv6 are never equal, also not for IPv4-mapped IPv6 addresses, because the
 * language compares within a family only.
 */
import type { IpAddress } from './ast.ts';

/** Reads an IPv4 or IPv6 address in text; null when it is none. Octets with leading zeros are decimal, as in the engine. */
export function readIp(text: string): IpAddress | null {
  if (text.length > 45) {
    return null;
  }
  return text.includes(':') ? readIpv6(text) : readIpv4(text);
}

function readIpv4(text: string): IpAddress | null {
  const parts = text.split('.');
  if (parts.length !== 4) {
    return null;
  }
  let value = 0n;
  for (const part of parts) {
    const octet = /^[0-9]{1,3}$/u.test(part) ? Number.parseInt(part, 10) : 256;
    if (octet > 255) {
      return null;
    }
    value = (value << 8n) | BigInt(octet);
  }
  return { family: 4, value };
}

function readIpv6(text: string): IpAddress | null {
  const halves = text.split('::');
  if (halves.length > 2) {
    return null;
  }
  const head = readGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1] ?? '', true) : [];
  if (head === null || tail === null) {
    return null;
  }
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) {
    return null;
  }
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return { family: 6, value: groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n) };
}

function readGroups(text: string, mayEndInIpv4: boolean): readonly number[] | null {
  if (text === '') {
    return [];
  }
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (mayEndInIpv4 && index === parts.length - 1 && part.includes('.')) {
      const v4 = readIpv4(part);
      if (v4 === null) {
        return null;
      }
      groups.push(Number(v4.value >> 16n), Number(v4.value & 0xffffn));
    } else if (/^[0-9a-fA-F]{1,4}$/u.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return null;
    }
  }
  return groups;
}

export function addressBits(address: IpAddress): number {
  return address.family === 4 ? 32 : 128;
}

/** First and last address of the network of `bits` bits round `address`. */
export function networkBounds(
  address: IpAddress,
  bits: number,
): { readonly first: IpAddress; readonly last: IpAddress } {
  const hostBits = BigInt(addressBits(address) - bits);
  const first = (address.value >> hostBits) << hostBits;
  const last = first | ((1n << hostBits) - 1n);
  return { first: { family: address.family, value: first }, last: { family: address.family, value: last } };
}

/** The address in its usual text form (IPv6 lower-case, the longest run of zeros shortened). */
export function formatIp(address: IpAddress): string {
  if (address.family === 4) {
    return [24n, 16n, 8n, 0n].map((shift) => String((address.value >> shift) & 0xffn)).join('.');
  }
  const groups = Array.from({ length: 8 }, (_, index) =>
    Number((address.value >> BigInt(112 - index * 16)) & 0xffffn),
  );
  const run = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return run.length < 2 ? text(0, 8) : `${text(0, run.start)}::${text(run.start + run.length, 8)}`;
}

function longestZeroRun(groups: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let start = 0;
  for (let index = 0; index <= groups.length; index += 1) {
    if (groups[index] !== 0) {
      if (index - start > best.length) {
        best = { start, length: index - start };
      }
      start = index + 1;
    }
  }
  return best;
}
