import { UsageError } from '../../contract/errors.ts';
import type { TrafficSource } from '../../facts/traffic/files.ts';
import { readIp } from '../../waf/language/ip.ts';
import { countries } from '../../waf/lint/rules/value-domains.ts';

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
  const assumed = { address: addressOf(client), country: countryOf(country) };
  const isAssumed = assumed.address !== null || assumed.country !== null;
  return { paths, host: host ?? null, client: isAssumed ? assumed : null };
}

function addressOf(client: string | undefined): string | null {
  if (client !== undefined && readIp(client) === null) {
    throw refused('--client', client, 'an IPv4 or IPv6 address');
  }
  return client ?? null;
}

function countryOf(given: string | undefined): string | null {
  const code = given?.toUpperCase();
  if (code !== undefined && (code === '' || !countries.has(code))) {
    throw refused('--country', given ?? '', 'a country code, such as NL');
  }
  return code ?? null;
}

function refused(flag: string, given: string, wanted: string): UsageError {
  return new UsageError({
    what: `${flag} is ${JSON.stringify(given)}, which is not ${wanted}.`,
    fix: `Give ${wanted}.`,
    next: 'sluice waf replay --help',
  });
}
