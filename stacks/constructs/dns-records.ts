/** DNS records of one zone, from a plain list. Names are relative to the zone (`@` is the apex). */
import { Construct } from 'constructs';
import { DnsRecord, type DnsRecordConfig } from '@cdktf/provider-cloudflare/lib/dns-record/index.js';
import { definedProps } from './checks/defined-props.ts';
import { automaticTtl, checkDnsRecord } from './checks/dns-record-checks.ts';
import type { DnsRecordInput } from './checks/dns-record-input.ts';
import type { Zone } from './zone.ts';

/** RFC 1035: one character string holds 255 octets. */
const maxTextPiece = 255;

export class DnsRecords extends Construct {
  constructor(zone: Zone, records: readonly DnsRecordInput[]) {
    super(zone, 'dns-records');
    for (const record of records) {
      this.declareRecord(zone, record);
    }
  }

  private declareRecord(zone: Zone, record: DnsRecordInput): void {
    const name = zone.scoped(record.id);
    checkDnsRecord(zone.stack.place('cloudflare_dns_record', name), record);
    zone.stack.declare('cloudflare_dns_record', name, (id) => {
      const resource = new DnsRecord(this, id, {
        ...definedProps({ comment: record.comment }),
        zoneId: zone.zoneId,
        name: zone.hostname(record.name),
        type: record.type,
        ttl: record.ttl ?? automaticTtl,
        ...contentOf(record),
      });
      if (record.type === 'CAA') {
        // The binding types this dynamic attribute as a map and would drop the number.
        resource.addOverride('data.flags', 0);
      }
      return resource;
    });
  }
}

function contentOf(record: DnsRecordInput): Partial<DnsRecordConfig> {
  switch (record.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
      return { content: record.content, proxied: record.proxied };
    case 'MX':
      return { content: record.content, priority: record.priority, proxied: false };
    case 'NS':
      return { content: record.content, proxied: false };
    case 'TXT':
      return { content: quotedText(record.text), proxied: false };
    case 'CAA':
      return { data: { flags: {}, tag: record.tag, value: record.value }, proxied: false };
    case 'SRV': {
      const { priority, weight, port, target } = record;
      return { data: { priority, weight, port, target }, priority, proxied: false };
    }
    default:
      return unknownType(record);
  }
}

/** Unreachable while every type has its case; a value that slipped past the types still stops the synthesis. */
function unknownType(record: never): never {
  throw new TypeError(`unknown type of DNS record: ${JSON.stringify(record)}`);
}

/** TXT content as the API stores it: character strings in double quotes, parted by a blank. */
export function quotedText(text: string): string {
  const pieces = text.match(new RegExp(`.{1,${maxTextPiece}}`, 'g')) ?? [];
  return pieces.map((piece) => `"${piece}"`).join(' ');
}
