/** An account-level list that expressions use as `$name`: addresses, host names or networks by number. */
import { Construct } from 'constructs';
import { List, type ListItems } from '@cdktf/provider-cloudflare/lib/list/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { EstateStack } from './estate-stack.ts';

export type AddressListProps = {
  /** Name in expressions, also the logical id: `acme_offices`. Lists are replaced when it changes. */
  readonly name: string;
  readonly description: string;
} & (
  | { readonly kind: 'ip'; readonly items: readonly { readonly ip: string; readonly comment: string }[] }
  | { readonly kind: 'asn'; readonly items: readonly { readonly asn: number; readonly comment: string }[] }
  | {
      readonly kind: 'hostname';
      readonly items: readonly { readonly hostname: string; readonly comment: string }[];
    }
);

export class AddressList extends Construct {
  readonly name: string;
  readonly resource: List;

  constructor(stack: EstateStack, props: AddressListProps) {
    super(stack, `list-${props.name}`);
    const place = stack.place('cloudflare_list', props.name);
    const items = listItems(props);
    checkItems(place, items);
    this.name = props.name;
    this.resource = stack.declare(
      'cloudflare_list',
      props.name,
      (id) =>
        new List(this, id, {
          accountId: stack.accountId,
          name: props.name,
          kind: props.kind,
          description: props.description,
          // A list without inline items leaves them to `ListEntries`, which manages them one by one.
          ...(items.length > 0 && { items }),
        }),
    );
  }
}

function listItems(props: AddressListProps): ListItems[] {
  switch (props.kind) {
    case 'ip':
      return props.items.map(({ ip, comment }) => ({ ip, comment }));
    case 'asn':
      return props.items.map(({ asn, comment }) => ({ asn, comment }));
    case 'hostname':
      return props.items.map(({ hostname, comment }) => ({ hostname: { urlHostname: hostname }, comment }));
    default:
      return unknownKind(props);
  }
}

/** Unreachable while every kind has its case above; a value that slipped past the types still stops the synthesis. */
function unknownKind(props: never): never {
  throw new TypeError(`unknown kind of list: ${JSON.stringify(props)}`);
}

function checkItems(place: string, items: readonly ListItems[]): void {
  const seen = new Set<string>();
  for (const item of items) {
    const value = String(item.ip ?? item.asn ?? item.hostname?.urlHostname);
    if (seen.has(value)) {
      throw new EstateError(place, `"${value}" is in the list twice`, 'Keep one entry');
    }
    if ((item.comment ?? '').trim() === '') {
      throw new EstateError(place, `"${value}" has no comment`, 'Say whose it is and why it is in the list');
    }
    seen.add(value);
  }
}
