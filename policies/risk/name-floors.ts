/** Floors about names: who answers for a domain, where its mail goes, which keys and issuers count for it. */
import type { PathSegment, ResourceChange } from '../../scripts/plan/types.ts';
import type { RuleContext } from '../model/finding.ts';
import { dnsType, isApex } from '../reading/estate-context.ts';
import { isLabelEdit } from '../reading/label-edits.ts';
import { changesOf, dnsChangesOf } from '../reading/plan-index.ts';
import { readValue } from '../reading/values.ts';
import { floorOf } from './floor.ts';
import type { Floor } from './floor.ts';

export function nameFloors(context: RuleContext): readonly Floor[] {
  return [...nameServersOrApex(context), ...serviceBinding(context), ...issuance(context)];
}

/** One record whose effect is plain to see is a change like that of any other host. */
function nameServersOrApex({ index }: RuleContext): readonly Floor[] {
  const touched = [
    ...changesOf(index, 'cloudflare_dns_record').filter(
      (change) => !isLabelEdit(change) && (isDelegation(change, 'before') || isDelegation(change, 'after')),
    ),
    ...changesOf(index, 'cloudflare_zone_dnssec'),
    ...changesOf(index, 'cloudflare_zone').filter(({ attributes }) =>
      attributes.some(({ path }) => path[0] === 'type' || path[0] === 'vanity_name_servers'),
    ),
  ];
  const [only, ...more] = touched;
  const level = only !== undefined && more.length === 0 && hasKnownEffect(only) ? 'medium' : 'high';
  return floorOf('ns-or-apex', level, 'name servers, the apex, mail or DNSSEC change', touched);
}

function isEdit(change: ResourceChange): boolean {
  return change.actions.length === 1 && change.actions[0] === 'update' && change.attributes.length > 0;
}

const timing: ReadonlySet<PathSegment | undefined> = new Set(['ttl', 'comment', 'tags']);
const ofHosts: ReadonlySet<PathSegment | undefined> = new Set(['content', 'proxied']);

/**
 * How long an answer is kept; or where one host is that stays a host, known before apply, and does not leave the proxy.
 * Where mail goes and who answers for a name is not among it: what is lost there is not seen at once.
 */
function hasKnownEffect(change: ResourceChange): boolean {
  const isHost = isWebType(dnsType(change, 'before')) && isWebType(dnsType(change, 'after'));
  return (
    change.type === 'cloudflare_dns_record' &&
    isEdit(change) &&
    !change.attributes.some(({ unknown }) => unknown) &&
    change.attributes.every(({ path }) => timing.has(path[0]) || (isHost && ofHosts.has(path[0]))) &&
    !(isProxied(change, 'before') && !isProxied(change, 'after'))
  );
}

function isProxied(change: ResourceChange, side: 'before' | 'after'): boolean {
  const proxied = readValue(change, side, ['proxied']);
  return proxied.kind === 'known' && proxied.value === true;
}

function isWebType(type: string | null): boolean {
  return type === 'A' || type === 'AAAA' || type === 'CNAME';
}

function isDelegation(change: ResourceChange, side: 'before' | 'after'): boolean {
  if (change[side] === null) {
    return false;
  }
  const type = dnsType(change, side);
  if (type === null || type === 'NS' || type === 'MX' || type === 'DS') {
    return true;
  }
  return isWebType(type) && isApex(change, side);
}

function serviceBinding({ index }: RuleContext): readonly Floor[] {
  return floorOf(
    'service-binding',
    'high',
    'an HTTPS or SVCB record changes: it tells browsers which host to ask and which keys to use',
    dnsChangesOf(index, 'HTTPS', 'SVCB').filter((change) => !isLabelEdit(change)),
  );
}

function issuance({ index }: RuleContext): readonly Floor[] {
  return floorOf(
    'issuance',
    'medium',
    'a CAA record changes: it says who may issue certificates for the domain',
    dnsChangesOf(index, 'CAA').filter((change) => !isLabelEdit(change)),
  );
}
