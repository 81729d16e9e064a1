import { Construct } from 'constructs';
import { ListItem } from '@cdktf/provider-cloudflare/lib/list-item/index.js';
import type { AddressList } from '../address-list.ts';
import type { EstateStack } from '../estate-stack.ts';

export interface ListEntry {
  /** Logical id inside the list. */
  readonly id: string;
  readonly ip: string;
  readonly comment: string;
}

/**
 * Entries of an IP list as resources of their own: for lists that several people add to, where each entry should be
 * one line of a plan. The list itself must then have no inline items.
 */
export class ListEntries extends Construct {
  constructor(stack: EstateStack, list: AddressList, entries: readonly ListEntry[]) {
    super(list, 'entries');
    for (const entry of entries) {
      stack.declare(
        'cloudflare_list_item',
        `${list.name}_${entry.id}`,
        (id) =>
          new ListItem(this, id, {
            accountId: stack.accountId,
            listId: list.resource.id,
            ip: entry.ip,
            comment: entry.comment,
          }),
      );
    }
  }
}
