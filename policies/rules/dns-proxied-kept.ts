import type { ResourceChange } from '../../scripts/plan/types.ts';
import { dnsName, dnsType, subjectOf } from '../reading/estate-context.ts';
import { dnsChangesOf } from '../reading/plan-index.ts';
import { countsAsProduction } from '../reading/reach.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { readValue } from '../reading/values.ts';

const webTypes = ['A', 'AAAA', 'CNAME'] as const;

/** First labels of hosts that speak other protocols than HTTP, which Cloudflare's proxy would break. */
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
  'webmail',
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
  title: 'Production web records stay behind the proxy',
  area: 'estate',
  severity: 'deny',
  why: 'An unproxied record shows the origin address and takes the host out of WAF, rate limits and TLS settings.',
  fix: 'Set proxied = true. Mail, validation (_name) and other non-web hosts are exempt by name; for anything else ask for a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of proxied DNS records',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      dnsChangesOf(context.index, ...webTypes).filter(
        (change) => countsAsProduction(context, change) && isWebRecord(change),
      ),
      'no production web record changes',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const subject = subjectOf(change, 'proxied');
  const after = readValue(change, 'after', ['proxied']);
  if (after.kind === 'unknown') {
    return doubt(subject, 'whether the record is proxied is known only after apply');
  }
  const isProxied = after.kind === 'known' && after.value === true;
  if (isProxied) {
    return fine;
  }
  const before = readValue(change, 'before', ['proxied']);
  const wasDirect =
    change.before !== null &&
    (before.kind === 'absent' || (before.kind === 'known' && before.value === false));
  // A record that was never proxied may change its content; only leaving the proxy, or starting outside it, is judged.
  return wasDirect ? fine : finding(subject, 'proxied = false', 'proxied = true');
}

function isWebRecord(change: ResourceChange): boolean {
  const type = dnsType(change, 'after');
  if (!webTypes.some((one) => one === type)) {
    return false;
  }
  const labels = dnsName(change, 'after')?.split('.') ?? [];
  return !labels.some((label) => label.startsWith('_')) && !directHosts.has(labels[0] ?? '');
}
