/** Addresses that nobody reaches over the internet. */
import type { IpAddress } from '../language/ast.ts';
import { addressBits, networkBounds, readIp } from './ip.ts';

/** Private, loopback and other reserved networks: IANA IPv4 and IPv6 special-purpose registries, as of 2026-11. */
export const reservedNetworks: readonly string[] = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/128',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];

/** The reserved network that an address lies in, or null. Addresses set apart for examples are not among them. */
export function reservedNetworkOf(address: IpAddress): string | null {
  return reservedNetworks.find((network) => contains(network, address)) ?? null;
}

function contains(network: string, { family, value }: IpAddress): boolean {
  const [text = '', bits = ''] = network.split('/');
  const base = readIp(text);
  if (base?.family !== family) {
    return false;
  }
  const { first, last } = networkBounds(base, bits === '' ? addressBits(base) : Number(bits));
  return value >= first.value && value <= last.value;
}
