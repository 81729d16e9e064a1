import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { readIp } from '../../../scripts/waf/language/ip.ts';
import {
  cloudflareNetworks,
  isAddressIn,
  reservedNetworks,
} from '../../../scripts/waf/evaluate/special-networks.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { dnsChangesOf } from '../../reading/plan-index.ts';
import { knownText, readValue } from '../../reading/values.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const dnsPrivateAddress = defineRule({
  id: 'dns-private-address',
  title: 'Proxied records name addresses that Cloudflare can reach',
  area: 'estate',
  severity: 'deny',
  why: 'Cloudflare cannot connect to a private or reserved address, nor to itself: it refuses the record, or every visitor gets an error.',
  fix: 'Name a public address of the origin, or publish it through a tunnel.',
  since: '2026-11-30',
  source:
    'IANA special-purpose address registries; Cloudflare documentation of proxied DNS records and of error 1000',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      dnsChangesOf(context.index, 'A', 'AAAA').filter((change) => isProxied(change, 'after')),
      'no proxied record with an address is created or changed',
      (change) => {
        const place = unreachableAt(change, 'after');
        // One that was proxied to the same kind of place before is not of this change.
        const wasSo = isProxied(change, 'before') && unreachableAt(change, 'before') === place;
        return place === null || wasSo ? fine : judge(change, place);
      },
    ),
});

function judge(change: ResourceChange, place: string): Judgement {
  const address = knownText(change, 'after', ['content']) ?? '';
  return finding(subjectOf(change, 'content'), `is proxied to ${address}, ${place}`, 'a public address');
}

function isProxied(change: ResourceChange, side: 'before' | 'after'): boolean {
  const proxied = readValue(change, side, ['proxied']);
  return proxied.kind === 'known' && proxied.value === true;
}

/** What keeps Cloudflare from reaching an address as an origin; null when nothing is known to. */
function unreachableAt(change: ResourceChange, side: 'before' | 'after'): string | null {
  const address = readIp(knownText(change, side, ['content']) ?? '');
  if (address === null) {
    return null;
  }
  if (isAddressIn(address, reservedNetworks)) {
    return 'a private or reserved address';
  }
  return isAddressIn(address, cloudflareNetworks) ? "an address of Cloudflare's own (error 1000)" : null;
}
