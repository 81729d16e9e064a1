import { UsageError } from '../errors.ts';
import type { TrafficSource } from '../gather/traffic-files.ts';
import { readIp } from '../waf/evaluate/ip.ts';
import { countries } from '../waf/lint/value-domains.ts';

export interface TrafficFlags {
  readonly host?: string;
  readonly client?: string;
  readonly country?: string;
}

/** What the flags about recorded traffic say; throws UsageError for a client that cannot be. */
export function trafficSource(
  paths: readonly string[],
  { host, client, country }: TrafficFlags,
): TrafficSource {
  const code = country?.toUpperCase();
  if (client !== undefined && readIp(client) === null) {
    throw refused('--client', client, 'an IPv4 or IPv6 address');
  }
  if (code !== undefined && (code === '' || !countries.has(code))) {
    throw refused('--country', country ?? '', 'a country code, such as NL');
  }
  return { paths, host: host ?? null, client: assumed(client ?? null, code ?? null) };
}

function assumed(address: string | null, country: string | null): TrafficSource['client'] {
  return address === null && country === null ? null : { address, country };
}

function refused(flag: string, given: string, wanted: string): UsageError {
  return new UsageError({
    what: `${flag} is ${JSON.stringify(given)}, which is not ${wanted}.`,
    fix: `Give ${wanted}.`,
    next: 'sluice waf replay --help',
  });
}
