import type { ResourceChange } from '../../../scripts/plan/types.ts';
import type { RuleContext } from '../../model/finding.ts';
import { proxiedReplacement, leftOutside, proxyOf, unveiledBy, wasDirect } from '../../reading/dns/proxy.ts';
import type { Unveiled } from '../../reading/dns/proxy.ts';
import type { Estate } from '../../reading/estate.ts';
import { dnsName, dnsType, subjectOf } from '../../reading/estate-context.ts';
import { changesOf, dnsChangesOf } from '../../reading/plan-index.ts';
import { countsAsProduction } from '../../reading/places/reach.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

const webTypes = ['A', 'AAAA', 'CNAME'] as const;

/**
 * First labels of hosts that speak other protocols than HTTP, which Cloudflare's proxy would break. Web mail and control
 * panels (`webmail`, `cpanel`) are not among them: whatever their names say, they are served over HTTP.
 */
const directHosts: ReadonlySet<string> = new Set([
  'mail',
  'smtp',
  'imap',
  'pop',
  'pop3',
  'mx',
  'mx1',
  'mx2',
  'autodiscover',
  'autoconfig',
  'lyncdiscover',
  'sip',
  'enterpriseenrollment',
  'enterpriseregistration',
  'ftp',
  'sftp',
  'ssh',
  'vpn',
  'ns1',
  'ns2',
]);

export const dnsProxiedKept = defineRule({
  id: 'dns-proxied-kept',
  title: 'Production web records and load balancers stay behind the proxy',
  area: 'estate',
  severity: 'deny',
  why: 'An unproxied record shows the origin address and takes the host out of WAF, rate limits and TLS settings.',
  fix: 'Set proxied = true. Mail, validation (_name) and other non-web hosts are exempt by name; for anything else ask for a waiver.',
  since: '2026-11-23',
  source:
    'Cloudflare documentation of proxied DNS records, of exposed origin addresses and of load balancers',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      [...changedHosts(context), ...removedKeepers(context)],
      'no production web record changes',
      (change) => judge(change, context),
    ),
});

function changedHosts(context: RuleContext): readonly ResourceChange[] {
  return [
    ...dnsChangesOf(context.index, ...webTypes).filter(isWebRecord),
    // A load balancer answers for its name as a record does.
    ...changesOf(context.index, 'cloudflare_load_balancer').filter(({ after }) => after !== null),
  ].filter(
    (change) =>
      countsAsProduction(context, change) &&
      (!isDirectHost(change) || unveiledBy(change, context.estate) !== null),
  );
}

/** What kept a name behind the proxy for records that stay, and goes. */
function removedKeepers(context: RuleContext): readonly ResourceChange[] {
  return [
    ...dnsChangesOf(context.index, ...webTypes),
    ...changesOf(context.index, 'cloudflare_load_balancer'),
  ].filter((change) => countsAsProduction(context, change) && leftOutside(change, context.estate).length > 0);
}

function judge(change: ResourceChange, { estate }: RuleContext): Judgement {
  const subject = subjectOf(change, 'proxied');
  const effect = effectOf(change, estate);
  switch (effect.kind) {
    case 'none':
      return fine;
    case 'unknown':
      return doubt(subject, 'whether the record is proxied is known only after apply');
    case 'left':
      return finding(subject, effect.seen, 'proxied = true');
    case 'shows':
      return finding(
        subject,
        `shows ${effect.address}, the origin that ${effect.name} keeps behind the proxy: whoever knows it gets around WAF and rate limits`,
        'an address of its own, or an origin that answers nobody but Cloudflare',
        { severity: 'warn' },
      );
    case 'new':
      return finding(subject, 'a new name starts outside the proxy', 'proxied = true, if it serves a site', {
        severity: 'warn',
      });
  }
}

type Effect =
  | { readonly kind: 'none' | 'unknown' | 'new' }
  | { readonly kind: 'left'; readonly seen: string }
  | ({ readonly kind: 'shows' } & Unveiled);

function effectOf(change: ResourceChange, estate: Estate): Effect {
  const [stays] = leftOutside(change, estate);
  if (stays !== undefined) {
    const seen = `${dnsName(change, 'before') ?? 'the name'} leaves the proxy: only ${stays.address}, outside of it, answers for it now`;
    return { kind: 'left', seen };
  }
  const is = proxyOf(change, 'after');
  if (is !== 'direct') {
    return { kind: is === 'proxied' ? 'none' : 'unknown' };
  }
  const isOutside = isDirectHost(change) || wasDirect(change);
  const left = isOutside ? null : leftBy(change, estate);
  if (left !== null) {
    return { kind: 'left', seen: left };
  }
  if (proxiedReplacement(change, 'after', estate) !== null) {
    return { kind: 'none' };
  }
  const exposed = unveiledBy(change, estate);
  return exposed === null ? { kind: isOutside ? 'none' : 'new' } : { kind: 'shows', ...exposed };
}

/** What a record that is outside the proxy now took out of it; null for a new name. */
function leftBy(change: ResourceChange, estate: Estate): string | null {
  if (change.before !== null && proxyOf(change, 'before') !== 'direct') {
    return 'proxied = false';
  }
  const stillProxied = proxiedReplacement(change, 'before', estate);
  return stillProxied === null || proxiedReplacement(change, 'after', estate) !== null
    ? null
    : `proxied = false: the name was behind the proxy by ${stillProxied}`;
}

/** Changes that take a name out of the proxy, show an origin, or may. A new name outside of it takes nothing away. */
export function unproxied(context: RuleContext): readonly ResourceChange[] {
  return [...changedHosts(context), ...removedKeepers(context)].filter((change) =>
    ['unknown', 'left', 'shows'].includes(effectOf(change, context.estate).kind),
  );
}

function isWebRecord(change: ResourceChange): boolean {
  const type = dnsType(change, 'after');
  return webTypes.some((one) => one === type);
}

function isDirectHost(change: ResourceChange): boolean {
  const labels = dnsName(change, 'after')?.split('.') ?? [];
  return labels.some((label) => label.startsWith('_')) || directHosts.has(labels[0] ?? '');
}
