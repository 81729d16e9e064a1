/**
 * Where a probe may go. Probes come from authors of records and run where credentials are: only public addresses are asked,
 * and networks that the estate's thresholds name. The address that a name resolves to is what counts, and it is the one
 * that is connected to, so a name that resolves differently the second time gains nothing.
 */
import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isReachable } from '../../../waf/evaluate/special-networks.ts';

/** Not an address that a probe may go to. */
export class RefusedAddress extends Error {}

export interface Reachable {
  /** Throws RefusedAddress. */
  readonly require: (address: string) => void;
  /** For a socket: looks up as usual, and fails when any address of the name may not be asked. */
  readonly lookup: LookupFunction;
}

/** `allowed`: addresses and networks (`10.1.0.0/16`) that are asked although they are not public. */
export function reachable(allowed: readonly string[]): Reachable {
  const require = (address: string): void => {
    if (!isReachable(address, allowed)) {
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
