/**
 * DNS records that carry policy of their own (CAA, SPF, DMARC): which names lose one in this plan, and whether another
 * record in the same plan takes its place. A record that moves to another resource is not a loss.
 */
import { compareText } from '../../../scripts/json/json.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { dnsName, dnsType } from '../estate-context.ts';
import { dnsChangesOf } from '../plan-index.ts';
import type { PlanIndex } from '../plan-index.ts';
import { knownText } from '../values.ts';
import type { Side } from '../values.ts';

/** What of a change counts on one side: an identity such as the name, or null when the side holds no such record. */
export type Holds = (change: ResourceChange, side: Side) => string | null;

export interface DnsLosses {
  readonly lost: readonly {
    readonly change: ResourceChange;
    readonly name: string;
    /** Address of the resource that holds such a record for the name after the change. */
    readonly successor: string | null;
  }[];
  /** Changes after which the resource holds such a record: edits and creations. */
  readonly unchanged: readonly ResourceChange[];
}

/** Splits the changes of one record type by whether the kind of record is lost or held afterwards. */
export function dnsLosses(index: PlanIndex, type: string, holds: Holds): DnsLosses {
  const successors = new Map<string, string>();
  const leaving: { readonly change: ResourceChange; readonly name: string }[] = [];
  const unchanged: ResourceChange[] = [];
  for (const change of dnsChangesOf(index, type)) {
    const was = holds(change, 'before');
    const is = holds(change, 'after');
    if (was !== null && was !== is) {
      leaving.push({ change, name: was });
    }
    if (is !== null) {
      successors.set(`${change.stack} ${is}`, change.address);
      unchanged.push(change);
    }
  }
  const lost = leaving.map(({ change, name }) => ({
    change,
    name,
    successor: successors.get(`${change.stack} ${name}`) ?? null,
  }));
  return { lost: lost.toSorted((a, b) => compareText(a.change.address, b.change.address)), unchanged };
}

/** The name of a record of the given type. */
export function recordsOf(change: ResourceChange, side: Side, type: string): string | null {
  return dnsType(change, side) === type ? (dnsName(change, side) ?? change.address) : null;
}

/** The text of a TXT record without quotes and with its chunks joined; null when it is not a TXT record or unknown. */
export function txtOf(change: ResourceChange, side: Side): string | null {
  if (dnsType(change, side) !== 'TXT') {
    return null;
  }
  const content = knownText(change, side, ['content']);
  return content === null ? null : content.replaceAll(/"\s*"/g, '').replaceAll('"', '').trim();
}
