/** What a record or load balancer outside the proxy means for its name: whether it was behind the proxy, and what it shows. */
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { formatIp, readIp } from '../../../scripts/waf/language/ip.ts';
import { kindOf } from './state.ts';
import { dnsName, dnsType } from '../estate-context.ts';
import type { Estate } from '../estate.ts';
import { balancerType, originAddresses, poolType, usersOf } from '../balancers/load-balancing.ts';
import { knownText, readValue } from '../values.ts';
import type { Side } from '../values.ts';

const recordType = 'cloudflare_dns_record';

/** `unknown` is what only apply tells; what leaves it out is not proxied. */
export function proxyOf(change: ResourceChange, side: Side): 'proxied' | 'direct' | 'unknown' {
  const value = readValue(change, side, ['proxied']);
  return value.kind === 'unknown' ? 'unknown' : isTrue(value) ? 'proxied' : 'direct';
}

function isTrue(value: ReturnType<typeof readValue>): boolean {
  return value.kind === 'known' && value.value === true;
}

/** True when it answered for the same name outside the proxy before: whatever else changes, that does not. */
export function wasDirect(change: ResourceChange): boolean {
  return (
    change.before !== null &&
    dnsName(change, 'before') === dnsName(change, 'after') &&
    answersForHost(change, 'before') &&
    proxyOf(change, 'before') === 'direct'
  );
}

function answersForHost(change: ResourceChange, side: Side): boolean {
  return change.type === balancerType || kindOf(dnsType(change, side)) === 'host';
}

/**
 * Whether something else keeps the name behind the proxy on that side. One proxied record of a name is enough for all of it,
 * and a load balancer answers in place of the records: Cloudflare documentation, proxied records, load balancers.
 */
export function proxiedReplacement(change: ResourceChange, side: Side, estate: Estate): string | null {
  const name = dnsName(change, 'after');
  const others = name === null ? [] : namesakes(change, name, side, estate).filter((one) => one !== change);
  const balancer = others.find(({ type }) => type === balancerType);
  const keeper =
    change.type === balancerType && side === 'after' ? undefined : (balancer ?? others.find(isProxied));
  return keeper !== undefined && isProxied(keeper) ? keeper.address : null;

  function isProxied(one: ResourceChange): boolean {
    return proxyOf(one, side) === 'proxied';
  }
}

/** Records outside the proxy that stand alone for a name when a change takes the one away that kept it behind; else none. */
export function leftOutside(change: ResourceChange, estate: Estate): readonly ResourceChange[] {
  const name = dnsName(change, 'before');
  const isGone = change.after === null || dnsName(change, 'after') !== name;
  if (
    name === null ||
    !isGone ||
    !answersForHost(change, 'before') ||
    proxyOf(change, 'before') !== 'proxied'
  ) {
    return [];
  }
  const rest = namesakes(change, name, 'after', estate);
  // One that is new, or leaves the proxy itself, is judged as such.
  return rest.every((one) => proxyOf(one, 'after') === 'direct' && wasDirect(one)) ? rest : [];
}

function namesakes(
  { zone }: ResourceChange,
  name: string,
  side: Side,
  estate: Estate,
): readonly ResourceChange[] {
  const balancers = estate
    .all(balancerType)
    .filter((one) => one[side] !== null && one.zone === zone && dnsName(one, side) === name);
  const records = estate.records(side, zone, name).filter((one) => answersForHost(one, side));
  return [...balancers, ...records];
}

/** An address in one spelling; null for a name, or for what is not known. */
function addressOf(record: ResourceChange, side: Side): string | null {
  const address = readIp(knownText(record, side, ['content']) ?? '');
  return address === null ? null : formatIp(address);
}

/** Names behind the proxy after the change, by zone and by the address that the proxy keeps from view. */
function hiddenAddresses(estate: Estate): ReadonlyMap<string, string> {
  return new Map([...hiddenByPools(estate), ...hiddenByRecords(estate)]);
}

function hiddenByRecords(estate: Estate): readonly (readonly [string, string])[] {
  return estate.all(recordType).flatMap((record) => {
    const isProxied = record.after !== null && proxyOf(record, 'after') === 'proxied';
    const address = isProxied ? addressOf(record, 'after') : null;
    const name = dnsName(record, 'after');
    return address === null || name === null ? [] : [[placeOf(record, address), name] as const];
  });
}

function hiddenByPools(estate: Estate): readonly (readonly [string, string])[] {
  return estate.all(poolType).flatMap((pool) =>
    usersOf(pool, 'after', estate)
      .filter((balancer) => balancer.after !== null && proxyOf(balancer, 'after') === 'proxied')
      .flatMap((balancer) => {
        const name = dnsName(balancer, 'after');
        const addresses = originAddresses(pool, 'after').flatMap((text) => readIp(text) ?? []);
        return name === null
          ? []
          : addresses.map((address) => [placeOf(balancer, formatIp(address)), name] as const);
      }),
  );
}

function placeOf({ zone }: ResourceChange, address: string): string {
  return `${zone ?? ''} ${address}`;
}

export interface Unveiled {
  readonly address: string;
  /** A name whose origin it is, and which is behind the proxy. */
  readonly name: string;
}

/** The origin of a proxied name of the zone that a direct record shows, where the record did not show it before. */
export function unveiledBy(record: ResourceChange, estate: Estate): Unveiled | null {
  const address = record.type === recordType ? addressOf(record, 'after') : null;
  if (address === null || (wasDirect(record) && addressOf(record, 'before') === address)) {
    return null;
  }
  const name = estate.workedOut(hiddenAddresses).get(placeOf(record, address));
  return name === undefined || isExposedElsewhere(record, address, estate) ? null : { address, name };
}

/** What another record shows already, and showed before, is not shown by this one. */
function isExposedElsewhere(record: ResourceChange, address: string, estate: Estate): boolean {
  return estate
    .all(recordType)
    .some(
      (one) =>
        one !== record &&
        one.zone === record.zone &&
        wasDirect(one) &&
        one.after !== null &&
        addressOf(one, 'before') === address &&
        addressOf(one, 'after') === address &&
        proxyOf(one, 'after') === 'direct',
    );
}
