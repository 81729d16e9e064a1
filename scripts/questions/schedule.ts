/**
 * The forward schedule of change: what is planned when, with the outage that its author expects, what it collides with, the
 * availability of each service that follows, and when the windows are open and changes are frozen.
 */
import { namedClients } from '../../policies/reading/clients.ts';
import type { FreezePeriod } from '../../policies/model/calendar.ts';
import type { Register } from '../../policies/model/facts.ts';
import { meets } from '../../policies/reading/collision.ts';
import { freezesDuring, openingsBetween, type Opening } from '../../policies/windows.ts';
import { collisionBetween, instantsOf, slotOf, type ScheduleSlot } from './slots.ts';
import type { KnownChange, Overview } from './types.ts';

export interface ScheduledChange extends Omit<ScheduleSlot, 'upcoming'> {
  /** Others at the same time that get in its way, each with why. */
  readonly collisions: readonly string[];
}

/** Openings of all windows of a client together. */
interface ClientOpening extends Opening {
  readonly client: string;
}

interface ServiceOutlook {
  readonly client: string;
  readonly service: string;
  /** Milliseconds of planned loss of service in the span. */
  readonly outage: number;
  /** Of the span, in percent, if nothing else fails. */
  readonly availability: number;
}

export interface Schedule {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly ScheduledChange[];
  readonly services: readonly ServiceOutlook[];
  readonly freezes: readonly FreezePeriod[];
  /** By client, then in order. */
  readonly windows: readonly ClientOpening[];
}

/** Everything whose slot touches [from, to), in order; `client` narrows it down. */
export function scheduleOf(
  overview: Overview,
  { from, to, client }: { readonly from: number; readonly to: number; readonly client: string | null },
): Schedule {
  const all = overview.changes
    .flatMap((change) => slotOf(change, overview.now) ?? [])
    .filter(({ start, end }) => start < to && from < end);
  const changes = all
    .filter(({ change }) => client === null || namedClients(change.record).includes(client))
    .map(({ upcoming, ...slot }) => ({
      ...slot,
      collisions: collisionsOf({ ...slot, upcoming }, all, { client, policy: overview.policy }),
    }))
    .toSorted((a, b) => a.start - b.start || (a.change.record.id < b.change.record.id ? -1 : 1));
  const registers = overview.policy.registers.filter(
    (register) => client === null || register.client === client,
  );
  return {
    from,
    to,
    changes,
    services: registers.flatMap((register) => outlookOf(register, changes, to - from)),
    freezes: freezesDuring(
      overview.policy,
      { clients: client === null ? 'all' : [client], categories: 'all' },
      from,
      to,
    ),
    windows: registers.flatMap((register) =>
      openingsBetween(register.windows, from, to).map((opening) => ({ client: register.client, ...opening })),
    ),
  };
}

/** What is narrowed to a client may be given to it: a change of another client is counted there, and not named. */
function collisionsOf(
  slot: ScheduleSlot,
  all: readonly ScheduleSlot[],
  { client, policy }: { readonly client: string | null; readonly policy: Overview['policy'] },
): readonly string[] {
  const nameOf = ({ record }: KnownChange): string =>
    client === null || namedClients(record).includes(client) ? record.id : 'a change of another client';
  return all
    .filter(
      (other) => other.change !== slot.change && other.status !== 'cancelled' && slot.status !== 'cancelled',
    )
    .flatMap((other) => {
      const collision = meets(slot.upcoming, instantsOf(other))
        ? collisionBetween(slot, other, policy)
        : null;
      return collision === null ? [] : [`${nameOf(other.change)} (${collision.what})`];
    });
}

function outlookOf(
  { client, services }: Register,
  changes: readonly ScheduledChange[],
  span: number,
): readonly ServiceOutlook[] {
  return services.map(({ id }) => {
    const outage = changes
      .filter(({ change: { record }, status }) => isOf(record, { client, id }) && status !== 'cancelled')
      .reduce((sum, each) => sum + (each.outage ?? each.end - each.start), 0);
    return { client, service: id, outage, availability: (100 * Math.max(0, span - outage)) / span };
  });
}

/** Of several clients the record names one service, of whose record it is: any of the others' may be out. */
function isOf(
  record: KnownChange['record'],
  { client, id }: { readonly client: string; readonly id: string },
): boolean {
  return namedClients(record).includes(client) && (record.client !== client || record.service === id);
}
