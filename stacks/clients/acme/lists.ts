/** Lists of the acme account, used by the WAF rules of its production zones. */
import type { AddressListProps } from '../../constructs/address-list.ts';

export const acmeLists = {
  offices: {
    name: 'acme_offices',
    kind: 'ip',
    description: 'Offices and VPN exits of Acme Retail',
    items: [
      { ip: '203.0.113.192/28', comment: 'Leeds head office' },
      { ip: '203.0.113.208/29', comment: 'London office' },
      { ip: '203.0.113.61', comment: 'Staff VPN' },
      { ip: '2001:db8:ac::/48', comment: 'Head office, IPv6' },
    ],
  },
  monitoring: {
    name: 'acme_monitoring',
    kind: 'ip',
    description: 'Probes of the availability monitoring',
    items: [
      { ip: '198.51.100.128/28', comment: 'Monitoring service, Europe' },
      { ip: '198.51.100.160/28', comment: 'Monitoring service, North America' },
    ],
  },
  acquirers: {
    name: 'acme_acquirers',
    kind: 'ip',
    description: 'Notification servers of the card acquirer',
    items: [
      { ip: '192.0.2.32/28', comment: 'Acquirer, primary site' },
      { ip: '192.0.2.64/28', comment: 'Acquirer, secondary site' },
    ],
  },
  partners: {
    name: 'acme_partner_allow',
    kind: 'ip',
    description: 'Contracted EDI and feed partners',
    items: [
      { ip: '192.0.2.96/29', comment: 'Northern Wholesale, contract T-118' },
      { ip: '192.0.2.112/29', comment: 'Harbour Logistics, contract T-131' },
      { ip: '192.0.2.130/32', comment: 'Price comparison partner, contract F-020' },
    ],
  },
  blocked: {
    name: 'acme_blocked_addresses',
    kind: 'ip',
    description: 'Addresses blocked by the security team; reviewed monthly',
    items: [
      { ip: '198.51.100.201', comment: 'Card testing, INC-2026-0031' },
      { ip: '198.51.100.202', comment: 'Card testing, INC-2026-0031' },
      { ip: '198.51.100.224/28', comment: 'Credential stuffing, INC-2026-0038' },
    ],
  },
  hosting: {
    name: 'acme_hosting_networks',
    kind: 'asn',
    description: 'Hosting networks that price scrapers rent',
    items: [
      { asn: 64496, comment: 'Cheap hosting, scrapers seen in May 2026' },
      { asn: 64497, comment: 'Cheap hosting, scrapers seen in May 2026' },
      { asn: 64511, comment: 'Proxy network, scrapers seen in August 2026' },
    ],
  },
} as const satisfies Record<string, AddressListProps>;
