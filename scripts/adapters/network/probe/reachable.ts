/**
 * Where a probe may go. Probes come from authors of records and run where credentials are: only public addresses are asked,
 * and networks that the estate's thresholds name. The address that a name resolves to is what counts, and it is the one
 * that is connected to, so a name that resolves differently the second time gains nothing.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { reservedIp4 } from '../../../waf/evaluate/special-networks.ts';

/** Not an address that a probe may go to. */
export class RefusedAddress extends Error {}

/** What is not reachable from the internet. */
const notPublic = blockList([
  ...reservedIp4,
  // Inside of 2000::/3: protocol assignments with Teredo, and 6to4, whose addresses hold an IPv4 address of anybody's choice.
  '2001::/23',
  '2002::/16',
]);
/** Global unicast; every other IPv6 address is local, mapped, translated or not assigned. */
const globalUnicast = blockList(['2000::/3']);

function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}

function isPublic(address: string): boolean {
  return isIPv6(address)
    ? globalUnicast.check(address, 'ipv6') && !notPublic.check(address, 'ipv6')
    : isIP(address) === 4 && !notPublic.check(address, 'ipv4');
}

export interface Reachable {
  /** Throws RefusedAddress. */
  readonly require: (address: string) => void;
  /** For a socket: looks up as usual, and fails when any address of the name may not be asked. */
  readonly lookup: LookupFunction;
}

/** `allowed`: addresses and networks (`10.1.0.0/16`) that are asked although they are not public. */
export function reachable(allowed: readonly string[]): Reachable {
  const exceptions = blockList(allowed);
  const require = (address: string): void => {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0 || (!isPublic(address) && !exceptions.check(address, family))) {
      throw new RefusedAddress(`${address} is not a public address, and probeNetworks does not name it`);
    }
  };
  return {
    require,
    lookup: (host, options, callback) => {
      const all: LookupAllOptions = { ...options, all: true };
      lookup(host, all, (error, addresses) => {
        const refusal = error ?? refusalOf(addresses, require);
        const [first] = error === null ? addresses : [];
        if (refusal !== null || first === undefined) {
          callback(refusal ?? new RefusedAddress(`${host} has no address`), '', 0);
        } else if (options.all === true) {
          callback(null, addresses);
        } else {
          callback(null, first.address, first.family);
        }
      });
    },
  };
}

function refusalOf(addresses: readonly LookupAddress[], require: Reachable['require']): Error | null {
  try {
    for (const { address } of addresses) {
      require(address);
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error : new RefusedAddress(String(error));
  }
}
