/**
 * Whose a place is, by the service registers and by nothing else: zones, zone ids, hosts of zones that are managed
 * elsewhere, objects of an account, accounts. What no register lists is nobody's.
 */
import type { PolicySet, Register } from '../../model/facts.ts';
import { hostPatternOf, liesIn, mayLieIn } from './host-pattern.ts';

/** One domain of a stack: a zone, or a host of a zone that is managed elsewhere. */
export interface OwnedDomain {
  readonly name: string;
  readonly stack: string;
}

export interface Ownership {
  /** Stacks that a host, or a pattern of hosts, may belong to, each with the domain; empty: nobody's. */
  readonly hosts: (pattern: string) => readonly OwnedDomain[];
  /** The zone with this id; null when no register has it. */
  readonly zoneId: (id: string) => OwnedDomain | null;
  /** The stack that lists the object by its id or name; null when none does. */
  readonly object: (name: string) => string | null;
  /** All stacks of the account; empty: nobody's. */
  readonly account: (id: string) => readonly string[];
}

/** Reads the registers once. */
export function ownershipOf({ registers }: Pick<PolicySet, 'registers'>): Ownership {
  const stacks = registers.flatMap((register) => register.stacks);
  const domains = stacks.flatMap(domainsOf);
  const exact = new Map<string, readonly OwnedDomain[]>();
  for (const domain of domains) {
    exact.set(domain.name, [...(exact.get(domain.name) ?? []), domain]);
  }
  const ids = new Map(
    stacks.flatMap(({ name, zoneIds = {} }) =>
      Object.entries(zoneIds).map(([zone, id]) => [id, { name: spelled(zone), stack: name }] as const),
    ),
  );
  const objects = new Map(
    stacks.flatMap(({ name, objects: own = [] }) => own.map((object) => [object, name] as const)),
  );
  const accounts = new Map<string, readonly string[]>();
  for (const { accountId, stacks: own } of registers) {
    accounts.set(accountId, [...(accounts.get(accountId) ?? []), ...own.map(({ name }) => name)]);
  }
  return {
    hosts: (pattern) => (pattern.includes('*') ? covered(pattern, domains) : nearest(pattern, exact)),
    zoneId: (id) => ids.get(id.toLowerCase()) ?? null,
    object: (name) => objects.get(name) ?? null,
    account: (id) => accounts.get(id.toLowerCase()) ?? [],
  };
}

function domainsOf({ name, zones, hosts = [] }: Register['stacks'][number]): readonly OwnedDomain[] {
  return [...zones, ...hosts].map((domain) => ({ name: spelled(domain), stack: name }));
}

function spelled(domain: string): string {
  return hostPatternOf(domain) ?? domain;
}

/** The domain itself, or the nearest one above it: a zone of its own below another one is not that one's. */
function nearest(host: string, exact: ReadonlyMap<string, readonly OwnedDomain[]>): readonly OwnedDomain[] {
  for (let name = host; name !== ''; name = name.slice(name.indexOf('.') + 1 || name.length)) {
    const found = exact.get(name);
    if (found !== undefined) {
      return found;
    }
  }
  return [];
}

/** Every domain with a host that the pattern may match, but those of which a nearer one has all that it matches. */
function covered(pattern: string, domains: readonly OwnedDomain[]): readonly OwnedDomain[] {
  const met = domains.filter(({ name }) => mayLieIn(pattern, name));
  const inside = met.filter(({ name }) => liesIn(pattern, name));
  return met.filter(({ name }) => !inside.some((nearer) => nearer.name.endsWith(`.${name}`)));
}
