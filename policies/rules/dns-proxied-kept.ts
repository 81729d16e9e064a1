import type { ResourceChange } from '../../scripts/plan/types.ts';
import { dnsName, dnsType, subjectOf } from '../reading/estate-context.ts';
import { changesOf, dnsChangesOf } from '../reading/plan-index.ts';
import { countsAsProduction } from '../reading/reach.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { readValue } from '../reading/values.ts';

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
  source: 'Cloudflare documentation of proxied DNS records and load balancers',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      [
        ...dnsChangesOf(context.index, ...webTypes).filter(isWebRecord),
        // A load balancer answers for its name as a record does.
        ...changesOf(context.index, 'cloudflare_load_balancer').filter(({ after }) => after !== null),
      ].filter((change) => countsAsProduction(context, change) && !isDirectHost(change)),
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
  return webTypes.some((one) => one === type);
}

function isDirectHost(change: ResourceChange): boolean {
  const labels = dnsName(change, 'after')?.split('.') ?? [];
  return labels.some((label) => label.startsWith('_')) || directHosts.has(labels[0] ?? '');
}
