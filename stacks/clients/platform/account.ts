/** The managed service's own account: people, pipeline tokens, shared lists, alerts, and the service's addresses. */
import { AccountMembers, type Member } from '../../constructs/account-members.ts';
import { AccountWaf, type AccountWafRule } from '../../constructs/account-waf.ts';
import { AddressList } from '../../constructs/address-list.ts';
import { ApiTokens } from '../../constructs/api-tokens.ts';
import { BulkRedirects, type BulkRedirectsProps } from '../../constructs/bulk-redirects.ts';
import type { EstateStack } from '../../constructs/estate-stack.ts';
import { ListEntries, type ListEntry } from '../../constructs/checks/list-entries.ts';
import { NotificationPolicies, type Notification } from '../../constructs/notification-policies.ts';
import { pipelineTokens } from './tokens.ts';

const members: readonly Member[] = [
  { id: 'r_okafor', email: 'ruth.okafor@sluice.example', roles: ['administrator-read-only'] },
  { id: 'm_lind', email: 'mats.lind@sluice.example', roles: ['administrator-read-only'] },
  { id: 'k_dunne', email: 'kit.dunne@sluice.example', roles: ['administrator-read-only', 'firewall'] },
  { id: 'b_osei', email: 'ben.osei@sluice.example', roles: ['administrator-read-only'] },
  { id: 't_berg', email: 'tove.berg@sluice.example', roles: ['audit-logs-viewer', 'analytics'] },
  { id: 'a_marsh', email: 'alan.marsh@sluice.example', roles: ['analytics'] },
];

const blockedAddresses: readonly ListEntry[] = [
  { id: 'botnet_c2_1', ip: '198.51.100.240', comment: 'Command server, INC-2026-0012' },
  { id: 'botnet_c2_2', ip: '198.51.100.241', comment: 'Command server, INC-2026-0012' },
  { id: 'scanner_1', ip: '198.51.100.248/29', comment: 'Persistent scanner, reported to its provider' },
];

const wafRules: readonly AccountWafRule[] = [
  {
    ref: 'block-shared-threats',
    description: "Addresses that attacked before, on the service's own hosts",
    action: 'block',
    expression:
      '(ip.src in $platform_blocked_addresses' +
      ' and http.host in {"docs.sluice.example" "go.sluice.example" "status.sluice.example"})',
  },
  {
    ref: 'challenge-internal-tools-outside-offices',
    description: 'Internal tools of the managed service, asked from outside its offices',
    action: 'managed_challenge',
    expression:
      '(http.host in {"graphs.sluice.example" "code.sluice.example"} and not ip.src in $platform_offices)',
  },
];

const notifications: readonly Notification[] = [
  {
    id: 'ddos_l7',
    name: 'HTTP DDoS attack',
    description: 'To the on-call engineer',
    alertType: 'advanced_ddos_attack_l7_alert',
    emails: ['on-call@sluice.example'],
  },
  {
    id: 'firewall_anomaly',
    name: 'Unusual number of firewall events',
    description: 'To the on-call engineer and security',
    alertType: 'clickhouse_alert_fw_anomaly',
    emails: ['on-call@sluice.example', 'security@sluice.example'],
  },
  {
    id: 'certificates',
    name: 'Certificate events',
    description: 'Issue, renewal and failure of edge certificates',
    alertType: 'universal_ssl_event_type',
    emails: ['service-delivery@sluice.example'],
  },
];

const shortAddresses: BulkRedirectsProps = {
  name: 'platform_short_addresses',
  description: 'Short addresses of the managed service',
  redirects: [
    { from: 'go.sluice.example/status', to: 'https://status.sluice.example/', comment: 'Status page' },
    {
      from: 'go.sluice.example/change',
      to: 'https://docs.sluice.example/change-process',
      comment: 'For clients',
    },
    {
      from: 'go.sluice.example/security',
      to: 'https://docs.sluice.example/security',
      comment: 'Disclosure policy',
    },
  ],
};

export function declarePlatform(stack: EstateStack): void {
  const offices = new AddressList(stack, {
    name: 'platform_offices',
    kind: 'ip',
    description: 'Offices and VPN of the managed service',
    items: [
      { ip: '198.51.100.64/28', comment: 'Operations centre' },
      { ip: '198.51.100.80/29', comment: 'VPN' },
    ],
  });
  const blocked = new AddressList(stack, {
    name: 'platform_blocked_addresses',
    kind: 'ip',
    description: 'Addresses blocked for the own hosts; entries are managed one by one',
    items: [],
  });
  new ListEntries(stack, blocked, blockedAddresses);
  new AccountMembers(stack, members);
  new ApiTokens(stack, pipelineTokens);
  new AccountWaf(stack, { rules: wafRules, lists: [offices, blocked] });
  new BulkRedirects(stack, shortAddresses);
  new NotificationPolicies(stack, notifications);
}
