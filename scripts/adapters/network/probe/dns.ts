/** One question to a name server, and whether the records are those that were expected. */
import type { CaaRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIPv6 } from 'node:net';
import type { DnsProbe } from '../../../../policies/model/record.ts';
import { codeOf } from './reason.ts';
import type { ProbeAnswer, Asking } from './asking.ts';

/** Rejects with the error of the resolver. */
export async function askDns(
  probe: DnsProbe,
  { reachable, timeoutMs, signal }: Asking,
): Promise<ProbeAnswer> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (probe.resolver !== undefined) {
    reachable.require(addressOf(probe.resolver));
    resolver.setServers([isIPv6(probe.resolver) ? `[${probe.resolver}]` : probe.resolver]);
  }
  const stop = (): void => resolver.cancel();
  signal.addEventListener('abort', stop);
  try {
    return judge(probe, await recordsOf(resolver, probe));
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Without brackets and port. */
function addressOf(server: string): string {
  return isIPv6(server) ? server : server.replace(/:\d+$/, '').replaceAll(/^\[|\]$/g, '');
}

/** As zone files have them; none when there is no such name or no such record. */
async function recordsOf(resolver: Resolver, probe: DnsProbe): Promise<readonly string[]> {
  try {
    return await valuesOf(resolver, probe.host.replace(/\.$/, ''), probe.recordType);
  } catch (error) {
    if (['ENOTFOUND', 'ENODATA'].includes(codeOf(error))) {
      return [];
    }
    throw error;
  }
}

async function valuesOf(
  resolver: Resolver,
  host: string,
  type: DnsProbe['recordType'],
): Promise<readonly string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(host);
    case 'AAAA':
      return resolver.resolve6(host);
    case 'CNAME':
      return resolver.resolveCname(host);
    case 'NS':
      return resolver.resolveNs(host);
    case 'PTR':
      return resolver.resolvePtr(host);
    case 'TXT':
      return (await resolver.resolveTxt(host)).map((parts) => parts.join(''));
    case 'MX':
      return (await resolver.resolveMx(host)).map(({ priority, exchange }) => `${priority} ${exchange}`);
    case 'SRV':
      return (await resolver.resolveSrv(host)).map(
        ({ priority, weight, port, name }) => `${priority} ${weight} ${port} ${name}`,
      );
    case 'CAA':
      return (await resolver.resolveCaa(host)).map(caaText);
    case 'SOA': {
      const { nsname, hostmaster, serial, refresh, retry, expire, minttl } = await resolver.resolveSoa(host);
      return [`${nsname} ${hostmaster} ${serial} ${refresh} ${retry} ${expire} ${minttl}`];
    }
  }
}

const properties = ['issue', 'issuewild', 'iodef', 'contactemail', 'contactphone'] as const;

function caaText(record: CaaRecord): string {
  const property = properties.find((name) => record[name] !== undefined);
  return `${record.critical} ${property ?? ''} "${property === undefined ? '' : String(record[property])}"`;
}

function judge({ recordType, expectValues }: DnsProbe, found: readonly string[]): ProbeAnswer {
  const comparable = (value: string): string => normal(recordType, value);
  const actual = new Set(found.map(comparable));
  const expected = new Set(expectValues.map(comparable));
  const ok = actual.size === expected.size && [...actual].every((value) => expected.has(value));
  const answered = `${recordType} is ${listed(found)}`;
  return ok ? { ok, detail: answered } : { ok, detail: `${answered}, expected ${listed(expectValues)}` };
}

/** Texts are compared as they are, names without case and final dot, IPv6 addresses in one spelling. */
function normal(type: DnsProbe['recordType'], value: string): string {
  if (type === 'TXT' || type === 'CAA') {
    return value;
  }
  return type === 'AAAA' && isIPv6(value)
    ? new URL(`http://[${value}]`).hostname
    : value.toLowerCase().replace(/\.$/, '');
}

function listed(values: readonly string[]): string {
  const most = 5;
  const rest = values.length > most ? ` and ${values.length - most} more` : '';
  return values.length === 0 ? 'none' : `${values.toSorted().slice(0, most).join(', ')}${rest}`;
}
