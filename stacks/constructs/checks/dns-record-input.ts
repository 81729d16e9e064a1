/** A DNS record as people write it. Names are relative to the zone (`@` is the apex). */
interface CommonRecord {
  /** Logical id inside the zone, for example `apex_a`. Never change it once released. */
  readonly id: string;
  readonly name: string;
  /** Seconds; 1 is automatic, which is the default and the only value for a proxied record. */
  readonly ttl?: number;
  /** Who owns it and why it is there; shown in the dashboard. At most 100 characters. */
  readonly comment?: string;
}

export type DnsRecordInput =
  | (CommonRecord & {
      readonly type: 'A' | 'AAAA' | 'CNAME';
      readonly content: string;
      readonly proxied: boolean;
    })
  | (CommonRecord & { readonly type: 'MX'; readonly content: string; readonly priority: number })
  | (CommonRecord & { readonly type: 'NS'; readonly content: string })
  /** The text itself, without quotes; it is quoted and cut into pieces of 255 here. */
  | (CommonRecord & { readonly type: 'TXT'; readonly text: string })
  | (CommonRecord & {
      readonly type: 'CAA';
      readonly tag: 'issue' | 'issuewild' | 'iodef';
      readonly value: string;
    })
  /** `name` holds service and protocol: `_sip._tls`. */
  | (CommonRecord & {
      readonly type: 'SRV';
      readonly priority: number;
      readonly weight: number;
      readonly port: number;
      readonly target: string;
    });
