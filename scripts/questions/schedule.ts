/**
 * The forward schedule of change: what is planned when, with the outage that its author expects, what it collides with,
 * and the availability of each service that follows. And for one change: the earliest slot, with why not earlier.
 */
import { dayMs, hourMs, instantMs, instantText, minuteMs } from '../../policies/gate/instant.ts';
import { categoriesByCare } from '../../policies/reading/change-category.ts';
import { namedClients, stacksOfClient } from '../../policies/reading/clients.ts';
import { readTiming } from '../../policies/gate/timing.ts';
import type { Calendar, Freeze } from '../../policies/model/calendar.ts';
import type { Register } from '../../policies/model/facts.ts';
import type { ChangeState } from '../../policies/model/state.ts';
import { addWorkingDays } from '../../policies/working-days.ts';
import { freezesDuring, openingsBetween, type Opening } from '../../policies/windows.ts';
import type { KnownChange, Overview } from './types.ts';

export interface ScheduledChange {
  readonly change: KnownChange;
  /** Milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Milliseconds of planned loss of service, as the record expects it; null when that cannot be read. */
  readonly outage: number | null;
  readonly status: 'tentative' | 'confirmed' | 'cancelled';
  /** Others at the same time that touch the same stack or service, or have the same implementer, each with why. */
  readonly collisions: readonly string[];
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
  readonly freezes: readonly Freeze[];
}

/** Everything whose slot touches [from, to), in order; `client` narrows it down. */
export function scheduleOf(
  overview: Overview,
  { from, to, client }: { readonly from: number; readonly to: number; readonly client: string | null },
): Schedule {
  const all = overview.changes
    .flatMap((change) => slotOf(change) ?? [])
    .filter(({ start, end }) => start < to && from < end);
  const changes = all
    .filter(({ change }) => client === null || namedClients(change.record).includes(client))
    .map((slot) => ({ ...slot, collisions: collisionsOf(slot, all, client) }))
    .toSorted((a, b) => a.start - b.start || (a.change.record.id < b.change.record.id ? -1 : 1));
  const registers = overview.policy.registers.filter(
    (register) => client === null || register.client === client,
  );
  return {
    from,
    to,
    changes,
    services: registers.flatMap((register) => outlookOf(register, changes, to - from)),
    freezes: overview.policy.calendar.freezes.filter(
      (freeze) =>
        (client === null || freeze.clients === 'all' || freeze.clients.includes(client)) &&
        Date.parse(freeze.start) < to &&
        from < Date.parse(freeze.end),
    ),
  };
}

type ScheduleSlot = Omit<ScheduledChange, 'collisions'>;

function slotOf(change: KnownChange): ScheduleSlot | null {
  const { schedule, impact } = change.record;
  const start = schedule === undefined ? null : instantMs(schedule.plannedStart);
  const end = schedule === undefined ? null : instantMs(schedule.plannedEnd);
  return start === null || end === null || start >= end
    ? null
    : { change, start, end, outage: durationMs(impact.expectedOutage), status: statuses[change.state.state] };
}

const statuses: Readonly<Record<ChangeState, ScheduledChange['status']>> = {
  draft: 'tentative',
  submitted: 'tentative',
  assessed: 'tentative',
  'on-hold': 'tentative',
  authorised: 'confirmed',
  scheduled: 'confirmed',
  implementing: 'confirmed',
  review: 'confirmed',
  closed: 'confirmed',
  aborted: 'confirmed',
  cancelled: 'cancelled',
  rejected: 'cancelled',
};

/** What is narrowed to a client may be given to it: a change of another client is counted there, and not named. */
function collisionsOf(
  slot: ScheduleSlot,
  all: readonly ScheduleSlot[],
  client: string | null,
): readonly string[] {
  const nameOf = ({ record }: KnownChange): string =>
    client === null || namedClients(record).includes(client) ? record.id : 'a change of another client';
  return all
    .filter(
      (other) =>
        other.change !== slot.change &&
        slot.status !== 'cancelled' &&
        other.status !== 'cancelled' &&
        other.start < slot.end &&
        slot.start < other.end,
    )
    .flatMap((other) => {
      const why = inCommon(slot.change, other.change);
      return why === null ? [] : [`${nameOf(other.change)} (${why})`];
    });
}

/** What two changes have in common that they get in each other's way with; null when nothing. */
function inCommon({ record: one }: KnownChange, { record: other }: KnownChange): string | null {
  const stack = one.stacks?.find((name) => other.stacks?.includes(name) === true);
  if (stack !== undefined) {
    return `the same stack ${stack}`;
  }
  if (one.client === other.client && one.service === other.service) {
    return `the same service ${one.service}`;
  }
  return one.implementer !== undefined && one.implementer === other.implementer
    ? `the same implementer ${one.implementer}`
    : null;
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

const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/u;

/** Milliseconds of an ISO 8601 duration of days to seconds, as a record writes it; null for another text. */
export function durationMs(text: string): number | null {
  const parts = duration.exec(text);
  if (parts === null) {
    return null;
  }
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = [1, 2, 3, 4].map((nth) => Number(parts[nth] ?? 0));
  return days * dayMs + hours * hourMs + minutes * minuteMs + seconds * 1000;
}

export interface NextSlot {
  /** RFC 3339; null when there is none within the days that were searched. */
  readonly slot: { readonly start: string; readonly end: string } | null;
  readonly minutes: number;
  /** Each opening before it, with why it will not do. */
  readonly refused: readonly { readonly start: string; readonly end: string; readonly why: string }[];
  readonly searchedDays: number;
}

const searchedDays = 60;

/**
 * The earliest slot that holds the work and its rollback, keeps the notice of `leadDays` working days, and meets no freeze and
 * no other change on the same stack, service or implementer. A text says why none can be looked for.
 */
export function nextSlot(change: KnownChange, overview: Overview, leadDays: number): NextSlot | string {
  const { record } = change;
  const { policy, now } = overview;
  const timing = readTiming({ now }, timed(record));
  if (typeof timing === 'string') {
    return timing;
  }
  if (timing.work === 0) {
    return 'the record has neither a slot nor steps: nobody can say how long the change takes';
  }
  const at = Date.parse(now);
  const taken = overview.changes
    .filter((other) => other !== change && inCommon(change, other) !== null)
    .flatMap((other) => slotOf(other) ?? [])
    .filter(({ status, end }) => status !== 'cancelled' && end > at);
  const notice = Date.parse(addWorkingDays(now, leadDays, policy.calendar.holidays) ?? now);
  const from = Math.max(at, notice);
  const found = namedClients(record).map((client) =>
    slotOfClient(change, policy, { client, at, from, now, taken }),
  );
  const wrong = found.find((one) => typeof one === 'string');
  return wrong ?? spanOf(found.filter((one) => typeof one !== 'string'));
}

/** Of several clients the span in which each has a slot of its own. */
function spanOf(slots: readonly NextSlot[]): NextSlot {
  const found = slots.flatMap(({ slot }) => slot ?? []);
  const [first] = found.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
  const last = found.toSorted((a, b) => Date.parse(a.end) - Date.parse(b.end)).at(-1);
  return {
    slot:
      first === undefined || last === undefined || found.length < slots.length
        ? null
        : { start: first.start, end: last.end },
    minutes: Math.max(...slots.map(({ minutes }) => minutes)),
    refused: slots.flatMap(({ refused }) => refused),
    searchedDays,
  };
}

interface ClientSearch {
  readonly client: string;
  readonly at: number;
  readonly from: number;
  readonly now: string;
  readonly taken: readonly ScheduleSlot[];
}

function slotOfClient(
  change: KnownChange,
  policy: Overview['policy'],
  { client, at, from, now, taken }: ClientSearch,
): NextSlot | string {
  const { record } = change;
  const isOfSeveral = record.clients !== undefined;
  const share = isOfSeveral ? stacksOfClient(policy, client, record.stacks ?? []) : null;
  const timing = readTiming({ now }, timed(record), share);
  if (typeof timing === 'string') {
    return timing;
  }
  const need = timing.work + timing.rollback;
  const windows = policy.registers.find((register) => register.client === client)?.windows ?? [];
  const refused: { start: string; end: string; why: string }[] = [];
  const minutes = Math.ceil(need / minuteMs);
  for (const opening of openingsBetween(windows, at, at + searchedDays * dayMs)) {
    const found = fit({ opening, need, from, clients: [client], change, calendar: policy.calendar, taken });
    if (typeof found === 'number') {
      const slot = { start: instantText(found), end: instantText(found + timing.work) };
      return { slot, minutes, refused, searchedDays };
    }
    const why = isOfSeveral ? `${client}: ${found}` : found;
    refused.push({ start: instantText(opening.start), end: instantText(opening.end), why });
  }
  return { slot: null, minutes, refused, searchedDays };
}

/** Only a standard change needs no slot of its own, and here every change is looked at as if it had none yet. */
function timed(record: KnownChange['record']): KnownChange['record'] {
  return record.schedule === undefined ? { ...record, type: 'standard' } : record;
}

interface Fitting {
  readonly opening: Opening;
  readonly need: number;
  readonly from: number;
  readonly clients: readonly string[];
  readonly change: KnownChange;
  readonly calendar: Calendar;
  readonly taken: readonly ScheduleSlot[];
}

/** When it could begin in the opening, or why not at all. */
function fit(fitting: Fitting): number | string {
  const { opening, need, from } = fitting;
  if (opening.end - opening.start < need) {
    return 'too short for the work and its rollback';
  }
  let start = Math.max(opening.start, from);
  let why = 'before the notice that its risk asks for, or what is left of it is too short';
  while (start + need <= opening.end) {
    const hindrance = hindranceAt(fitting, start);
    if (hindrance === null) {
      return start;
    }
    why = hindrance.why;
    start = hindrance.until;
  }
  return why;
}

interface Hindrance {
  readonly why: string;
  /** Later than the time that was asked for. */
  readonly until: number;
}

function hindranceAt(
  { need, clients, change: { record }, calendar, taken }: Fitting,
  start: number,
): Hindrance | null {
  const scope = {
    clients,
    categories: new Set(record.category === undefined ? categoriesByCare : [record.category]),
  };
  const [freeze] = freezesDuring(calendar, scope, start, start + need);
  if (freeze !== undefined) {
    const until = instantMs(freeze.end);
    const why = `${freeze.kind} freeze ${freeze.id} until ${freeze.end}`;
    return { why, until: until === null || until <= start ? Infinity : until };
  }
  const other = taken.find((slot) => slot.start < start + need && start < slot.end);
  return other === undefined ? null : { why: `taken by ${other.change.record.id}`, until: other.end };
}
