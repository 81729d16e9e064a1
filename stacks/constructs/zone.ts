import { Construct } from 'constructs';
import { Zone as CloudflareZone } from '@cdktf/provider-cloudflare/lib/zone/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { EstateStack } from './estate-stack.ts';

export interface ZoneProps {
  /** Prefix of the logical ids of everything in the zone, for example `shop`. Never change it once released. */
  readonly key: string;
  /** For example `shop.example`, lower case and without a final dot. */
  readonly domain: string;
}

const domainName = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** A full zone. It cannot be destroyed by a plan: removing one takes a change of its own. */
export class Zone extends Construct {
  readonly key: string;
  readonly domain: string;
  readonly stack: EstateStack;
  /** Reference to the zone's id, for use in other resources of the same stack. */
  readonly zoneId: string;

  constructor(stack: EstateStack, { key, domain }: ZoneProps) {
    super(stack, `zone-${key}`);
    if (!domainName.test(domain)) {
      throw new EstateError(
        stack.place('cloudflare_zone', key),
        `"${domain}" is not a domain name`,
        'Write it in lower case, in punycode if needed, without a final dot',
      );
    }
    this.key = key;
    this.domain = domain;
    this.stack = stack;
    this.zoneId = stack.declare(
      'cloudflare_zone',
      key,
      (id) =>
        new CloudflareZone(this, id, {
          name: domain,
          account: { id: stack.accountId },
          type: 'full',
          lifecycle: { preventDestroy: true },
        }),
    ).id;
  }

  /** `shop` and `apex_a` make `shop_apex_a`. */
  scoped(id: string): string {
    return `${this.key}_${id}`;
  }

  /** Full name of a host in the zone: `@` is the apex. */
  hostname(name: string): string {
    return name === '@' ? this.domain : `${name}.${this.domain}`;
  }
}
