import type { UpcomingChange } from '../../policies/model/prerequisite.ts';

/** Another change of Acme's production, in the same slot as that of `aRecord`, that lists the resource that it changes. */
export function anUpcomingChange(parts: Partial<UpcomingChange> = {}): UpcomingChange {
  return {
    changeId: 'CHG-2026-0041',
    client: 'acme',
    service: 'storefront',
    stacks: ['acme-production'],
    category: 'dns',
    configurationItems: ['acme-production/cloudflare_dns_record.www'],
    implementer: 'k.dunne',
    start: '2026-12-07T21:00:00Z',
    end: '2026-12-07T21:45:00Z',
    ...parts,
  };
}
