/**
 * Whether two changes at the same time get in each other's way: the one reasoning, for the gate and for the schedule. Of one
 * side a plan may be at hand, of the other there is its record.
 *
 * Slots that overlap with the time for a rollback meet; those that only touch do not. On the same resource they collide. Near
 * are those of the same zone and category, of the same implementer, and what the register relates within two steps.
 */
import { instantMs, instantText } from '../gate/instant.ts';
import type { Timing } from '../gate/timing.ts';
import type { PolicySet, Register } from '../model/facts.ts';
import type { UpcomingChange } from '../model/prerequisite.ts';
import type { Category, ChangeRecord } from '../model/record.ts';
import { categoryOf } from './change-category.ts';
import { zoneName } from './estate-context.ts';
import type { PlanIndex } from './plan-index.ts';
import type { Opening } from '../windows.ts';
import type { KnownRecord } from '../record/known.ts';

/** `resource`: on the same thing. `near`: close to it, which people weigh. */
export interface Collision {
  readonly kind: 'resource' | 'near';
  /** What the other change has to do with this one, as the end of a sentence about the other. */
  readonly what: string;
}

/** What a change touches, as far as it is known. */
export interface Footprint {
  readonly client: string;
  readonly implementer: string | null;
  /** Null where only its plan would say. */
  readonly stacks: readonly string[] | null;
  /** `stack/address`, or an address of whichever of its stacks. */
  readonly resources: readonly string[];
  /** Category null: any. */
  readonly zones: readonly { readonly zone: string; readonly category: Category | null }[];
  /** Ids of the register: services, configuration items, dependencies. */
  readonly items: readonly string[];
}

/** How far two things may be apart in the register. */
const mostSteps = 2;

/** When the change is under way, the time for its rollback included; null for one without a slot of its own. */
export function occupied({ slot, work, rollback }: Timing): Opening | null {
  return slot === null ? null : { start: slot.start, end: Math.max(slot.end, slot.start + work + rollback) };
}

/** A change as others have it before them. */
export function upcomingOf(record: KnownRecord, { start, end }: Opening): UpcomingChange {
  return {
    changeId: record.id,
    client: record.client,
    ...(record.clients === undefined ? {} : { clients: record.clients }),
    service: record.service,
    stacks: record.stacks ?? null,
    category: record.category ?? null,
    configurationItems: record.configurationItems ?? [],
    implementer: record.implementer ?? null,
    start: instantText(start),
    end: instantText(end),
  };
}

/** An upcoming change whose time cannot be read meets everything. */
export function meets(other: UpcomingChange, { start, end }: Opening): boolean {
  const [from, to] = [instantMs(other.start), instantMs(other.end)];
  return from === null || to === null || (from < end && start < to);
}

/** Of a change whose plan is at hand. */
export function footprintOfPlan(
  record: Pick<ChangeRecord, 'client' | 'service' | 'implementer' | 'configurationItems'>,
  index: PlanIndex,
  policy: Pick<PolicySet, 'registers'>,
): Footprint {
  const zones = index.changes.flatMap((change) => {
    const zone = zoneName(change);
    return zone === null ? [] : [{ zone, category: categoryOf(change) }];
  });
  const touched = new Set(zones.map(({ zone }) => zone));
  const services = registerOf(policy, record.client)?.services ?? [];
  return {
    client: record.client,
    implementer: record.implementer ?? null,
    stacks: index.changedStacks,
    resources: index.changes.map(({ stack, address }) => `${stack}/${address}`),
    zones,
    items: [
      record.service,
      ...services.filter((service) => service.zones.some((zone) => touched.has(zone))).map(({ id }) => id),
      ...(record.configurationItems ?? []),
    ],
  };
}

/** Of a change of which there is the record alone: its zones are those of its service, else of its stacks. */
export function footprintOf(change: UpcomingChange, policy: Pick<PolicySet, 'registers'>): Footprint {
  const { client, service, stacks, category, configurationItems, implementer } = change;
  const register = registerOf(policy, client);
  const named = register?.services.find(({ id }) => id === service);
  const its = register?.stacks.filter(({ name }) => stacks?.includes(name) ?? true) ?? [];
  return {
    client,
    implementer,
    stacks,
    resources: configurationItems.filter(isResource),
    zones: (named?.zones ?? its.flatMap(({ zones }) => zones)).map((zone) => ({ zone, category })),
    items: [service, ...configurationItems],
  };
}

/** What the two have in common; null for nothing. */
export function collisionOf(
  one: Footprint,
  other: Footprint,
  policy: Pick<PolicySet, 'registers'>,
): Collision | null {
  const resource = sharedResource(one, other);
  if (resource !== null) {
    return { kind: 'resource', what: resource };
  }
  const near = nearness(one, other) ?? related(one, other, policy);
  return near === null ? null : { kind: 'near', what: near };
}

function registerOf({ registers }: Pick<PolicySet, 'registers'>, client: string): Register | undefined {
  return registers.find((register) => register.client === client);
}

/** What lists nothing on a stack may be anything there, because stacks are planned and locked as a whole. */
function sharedResource(one: Footprint, other: Footprint): string | null {
  for (const stack of sharedStacks(one, other)) {
    const mine = resourcesOn(one, stack);
    const theirs = resourcesOn(other, stack);
    const both = mine.filter((address) => theirs.includes(address));
    if (both.length > 0) {
      return `with ${both.map((address) => `${stack}/${address}`).join(', ')} as well`;
    }
    if (theirs.length === 0 || mine.length === 0) {
      const whose = theirs.length === 0 ? 'its record' : 'the record of this one';
      return `on the same stack ${stack}, and ${whose} does not list which resources it changes there`;
    }
  }
  return null;
}

function sharedStacks(one: Footprint, other: Footprint): readonly string[] {
  return one.stacks?.filter((stack) => other.stacks?.includes(stack)) ?? [];
}

/** Addresses without the name of the stack. */
function resourcesOn({ resources }: Footprint, stack: string): readonly string[] {
  return resources
    .map((item) => (item.startsWith(`${stack}/`) ? item.slice(stack.length + 1) : item))
    .filter((item) => !item.includes('/'));
}

/** An address, with its stack or without: what else a record lists are ids of the register. */
function isResource(item: string): boolean {
  return /^(?:[^/]+\/)?[a-z][a-z0-9_]*\.[^/]+$/u.test(item);
}

function nearness(one: Footprint, other: Footprint): string | null {
  if (other.implementer !== null && other.implementer === one.implementer) {
    return `with the same implementer ${other.implementer}`;
  }
  const zone = sharedZone(one, other);
  if (zone !== null) {
    return zone;
  }
  if (sharedStacks(one, other).length > 0) {
    return 'on the same stack, where its record lists other resources';
  }
  return (other.stacks === null || one.stacks === null) && other.client === one.client
    ? 'and its record does not say on which stacks'
    : null;
}

function sharedZone(one: Footprint, other: Footprint): string | null {
  for (const theirs of other.zones) {
    const mine = one.zones.find(
      ({ zone, category }) =>
        zone === theirs.zone &&
        (category === null || theirs.category === null || category === theirs.category),
    );
    if (mine !== undefined) {
      const why =
        theirs.category === null
          ? 'and its record names no category'
          : `for ${mine.category === null ? 'what may be anything' : `${theirs.category} as well`}`;
      return `in the same zone ${theirs.zone}, ${why}`;
    }
  }
  return null;
}

/** The shortest way between what the two touch, within one register: ids mean nothing in another one. */
function related(one: Footprint, other: Footprint, policy: Pick<PolicySet, 'registers'>): string | null {
  const register = one.client === other.client ? registerOf(policy, one.client) : undefined;
  if (register === undefined) {
    return null;
  }
  const known = new Set([
    ...register.services.map(({ id }) => id),
    ...register.relations.flatMap(({ id, to }) => [id, ...to]),
  ]);
  const wanted = new Set(other.items.filter((item) => known.has(item)));
  let ways = one.items.filter((item) => known.has(item)).map((item) => [item]);
  for (let steps = 0; steps <= mostSteps; steps += 1) {
    const way = ways.find((each) => wanted.has(each.at(-1) ?? ''));
    if (way !== undefined) {
      return way.length === 1
        ? `of ${way.join('')} as well`
        : `of what the register relates to it: ${way.join(', ')}`;
    }
    ways = ways.flatMap((each) => besides(register, each.at(-1) ?? '').map((next) => [...each, next]));
  }
  return null;
}

/** One step away, in either direction. */
function besides({ relations }: Register, item: string): readonly string[] {
  return relations.flatMap(({ id, to }) => (id === item ? to : to.includes(item) ? [id] : []));
}
