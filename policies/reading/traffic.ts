/** Which resources visitors depend on: losing one of these is felt at once. */
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import { providerType } from '../../scripts/provider/types.ts';
import { dnsType } from './estate-context.ts';
import { readValue } from './values.ts';
import type { Side } from './values.ts';

/** Record types that only say something about a domain; every other type, and an unknown one, is used by somebody. */
const silentRecords: ReadonlySet<string> = new Set([
  'TXT',
  'CAA',
  'SSHFP',
  'SMIMEA',
  'OPENPGPKEY',
  'LOC',
  'PTR',
]);

/** True when the resource, as it was before the change (or will be, when new), takes part in serving visitors or mail. */
export function carriesTraffic(change: ResourceChange): boolean {
  if (change.type === 'cloudflare_dns_record') {
    const type = dnsType(change, change.before === null ? 'after' : 'before');
    return type === null || !silentRecords.has(type);
  }
  return providerType(change.type)?.servesTraffic === true;
}

/** True when an update takes the resource out of service without removing it. */
export function isSwitchedOff(change: ResourceChange): boolean {
  const found = providerType(change.type)?.offWhen;
  if (found === undefined || change.after === null) {
    return false;
  }
  const valueOn = (side: Side): Json => {
    const value = readValue(change, side, [found.attribute]);
    return value.kind === 'known' ? value.value : null;
  };
  const isUnknown = readValue(change, 'after', [found.attribute]).kind === 'unknown';
  return !isUnknown && valueOn('after') === found.is && valueOn('before') !== found.is;
}
