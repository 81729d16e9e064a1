/** Networks that say something about an address by themselves. */
import type { IpAddress } from '../language/ast.ts';
import { addressBits, networkBounds, readIp } from '../language/ip.ts';

export interface Network {
  readonly family: IpAddress['family'];
  readonly first: bigint;
  readonly last: bigint;
}

function network(text: string): Network {
  const [address = '', bits = ''] = text.split('/');
  const read = readIp(address) ?? { family: 4, value: 0n };
  const { first, last } = networkBounds(read, bits === '' ? addressBits(read) : Number(bits));
  return { family: read.family, first: first.value, last: last.value };
}

/** IANA's IPv4 special-purpose registry, multicast and above, as of 2026-11: neither source nor target of a request on the internet. */
const reservedIp4: readonly string[] = [
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
];

/** Never the source of a request from the internet. IANA IPv4 and IPv6 special-purpose registries, as of 2026-11. */
export const reservedNetworks: readonly Network[] = [
  ...reservedIp4,
  '::/128',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
].map(network);

/** Set apart for examples (RFC 5737, RFC 3849, RFC 9637). */
export const documentationNetworks: readonly Network[] = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '2001:db8::/32',
  '3fff::/20',
].map(network);

export const mappedNetworks: readonly Network[] = [network('::ffff:0:0/96')];

/**
 * From where Cloudflare connects to an origin: https://www.cloudflare.com/ips-v4 and https://www.cloudflare.com/ips-v6, as of
 * 2026-05 (unchanged since 2023-09).
 */
export const cloudflareNetworks: readonly Network[] = [
  '173.245.48.0/20',
  '103.21.244.0/22',
  '103.22.200.0/22',
  '103.31.4.0/22',
  '141.101.64.0/18',
  '108.162.192.0/18',
  '190.93.240.0/20',
  '188.114.96.0/20',
  '197.234.240.0/22',
  '198.41.128.0/17',
  '162.158.0.0/15',
  '104.16.0.0/13',
  '104.24.0.0/14',
  '172.64.0.0/13',
  '131.0.72.0/22',
  '2400:cb00::/32',
  '2606:4700::/32',
  '2803:f800::/32',
  '2405:b500::/32',
  '2405:8100::/32',
  '2a06:98c0::/29',
  '2c0f:f248::/32',
].map(network);

/** True when all addresses from `first` to `last` are in one of the networks. */
export function isWithin(range: Network, networks: readonly Network[]): boolean {
  return networks.some(
    ({ family, first, last }) => family === range.family && range.first >= first && range.last <= last,
  );
}

export function isAddressIn({ family, value }: IpAddress, networks: readonly Network[]): boolean {
  return isWithin({ family, first: value, last: value }, networks);
}

/** Inside of 2000::/3: protocol assignments with Teredo, and 6to4, whose addresses hold an IPv4 address of anybody's choice. */
const notPublic = [...reservedIp4, '2001::/23', '2002::/16'].map(network);
/** Global unicast; every other IPv6 address is local, mapped, translated or not assigned. */
const globalUnicast = network('2000::/3');

/** Reachable from the internet, or in one of the `allowed` addresses and networks. What is no address is not. */
export function isReachable(text: string, allowed: readonly string[] = []): boolean {
  const address = readIp(text);
  if (address === null) {
    return false;
  }
  const isIn = ({ family, first, last }: Network): boolean =>
    family === address.family && first <= address.value && address.value <= last;
  const isPublic = !notPublic.some(isIn) && (address.family === 4 || isIn(globalUnicast));
  // One that cannot be read lets nothing in.
  const named = allowed.filter((each) => readIp(each.replace(/\/.*$/u, '')) !== null);
  return isPublic || named.map(network).some(isIn);
}
