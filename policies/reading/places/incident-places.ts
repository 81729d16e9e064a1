/**
 * What a plan acts on that its incident is not about. The registers are read as if every stack had two halves: the zones
 * and hosts of the incident's services, which keep its name, and the rest, which nothing of the first half may reach.
 * Objects of an account belong to no service: to write to them, or to all of an account, takes an incident on the client.
 */
import { compareText } from '../../../scripts/json/json.ts';
import type { PolicySet, Register } from '../../model/facts.ts';
import { liesIn } from './host-pattern.ts';
import type { PlanIndex } from '../plan-index.ts';
import { reachOf } from './reach.ts';

type IncidentStack = Register['stacks'][number];

/** No stack is called so: names are slugs. */
const restOf = (stack: string): string => `${stack} (rest)`;

/** Places outside the services, in words; a place that nobody knows is never the one that is on fire. */
export function strayPlaces(
  index: PlanIndex,
  policy: Pick<PolicySet, 'registers'>,
  services: readonly string[],
): readonly string[] {
  const halves = policy.registers.map((register) => halved(register, services));
  const outside = new Set(halves.flatMap(({ rest }) => rest));
  const { beyond } = reachOf(index, { registers: halves.map(({ register }) => register) });
  const strays = [...beyond.values()].flatMap(({ stacks, nobodys, unknown }) => [
    ...[...stacks].flatMap(([stack, place]) => (outside.has(stack) ? [place] : [])),
    ...nobodys,
    ...unknown,
  ]);
  return [...new Set(strays)].toSorted(compareText);
}

interface Halved {
  readonly register: Register;
  /** Names of the halves that are none of the incident's. */
  readonly rest: readonly string[];
}

function halved(register: Register, services: readonly string[]): Halved {
  const isAbout = ({ id }: { readonly id: string }): boolean => services.includes(id);
  const isWhole =
    services.includes(register.client) || (register.services.length > 0 && register.services.every(isAbout));
  if (isWhole) {
    return { register, rest: [] };
  }
  const zones = register.services.filter(isAbout).flatMap((service) => service.zones);
  const rest = register.stacks.map((stack) => half(stack, (place) => !isIn(place, zones)));
  const stacks = [
    ...register.stacks.map((stack) => ({ ...half(stack, (place) => isIn(place, zones)), objects: [] })),
    ...rest.map((stack) => ({ ...stack, name: restOf(stack.name) })),
  ];
  return { register: { ...register, stacks }, rest: rest.map(({ name }) => restOf(name)) };
}

function isIn(place: string, zones: readonly string[]): boolean {
  return zones.some((zone) => liesIn(place, zone));
}

function half(stack: IncidentStack, isHere: (place: string) => boolean): IncidentStack {
  return {
    ...stack,
    zones: stack.zones.filter(isHere),
    zoneIds: Object.fromEntries(Object.entries(stack.zoneIds ?? {}).filter(([zone]) => isHere(zone))),
    hosts: (stack.hosts ?? []).filter(isHere),
  };
}
