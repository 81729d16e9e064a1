/** Lists of the borough account. */
import type { AddressListProps } from '../../constructs/address-list.ts';

export const boroughLists = {
  council: {
    name: 'borough_council_networks',
    kind: 'ip',
    description: 'Council buildings and the staff VPN',
    items: [
      { ip: '192.0.2.192/27', comment: 'Town hall' },
      { ip: '192.0.2.224/28', comment: 'Civic centre' },
      { ip: '192.0.2.150', comment: 'Staff VPN' },
    ],
  },
  payments: {
    name: 'borough_payment_service',
    kind: 'ip',
    description: 'Notification servers of the government payment service',
    items: [{ ip: '198.51.100.96/28', comment: 'Payment service, both sites' }],
  },
} as const satisfies Record<string, AddressListProps>;
