/**
 * Resources as they are before and after: those that change, and those that stand unchanged around them. What is not
 * among them is not known here: a stack without a bundle, another estate's account.
 */
import type { ResourceChange, UnchangedResource } from '../../scripts/plan/types.ts';
import type { RuleInput } from '../model/facts.ts';
import { dnsName } from './estate-context.ts';
import { append } from './plan-index.ts';
import type { Side } from './values.ts';
import { workedOutOf } from './worked-out.ts';
import type { WorkedOut } from './worked-out.ts';

export interface Estate {
  /** All of a type; what does not change is the same on both sides, with `no-op` as its action. */
  readonly all: (type: string) => readonly ResourceChange[];
  /** The resource at an address of a stack; null when it is not in the estate. */
  readonly at: (stack: string, address: string) => ResourceChange | null;
  /** The one with an id that Cloudflare has given; null when no resource in the estate has it. */
  readonly withId: (type: string, id: string) => ResourceChange | null;
  /** DNS records of a name in a zone, on one side. */
  readonly records: (side: Side, zone: string | null, name: string) => readonly ResourceChange[];
  /** What was worked out of the estate before is not worked out again. */
  readonly workedOut: WorkedOut<Estate>;
}

/** Groups both kinds once for all rules. */
export function estateOf({ plan, unchanged }: Pick<RuleInput, 'plan' | 'unchanged'>): Estate {
  const byType = new Map<string, ResourceChange[]>();
  const byAddress = new Map<string, ResourceChange>();
  const changes = plan.stacks.flatMap((stack) => stack.changes.filter(({ mode }) => mode === 'managed'));
  const changed = new Set(changes.map(({ stack, address }) => `${stack}/${address}`));
  const standing = unchanged.filter(({ stack, address }) => !changed.has(`${stack}/${address}`));
  for (const change of [...changes, ...standing.map(asChange)]) {
    append(byType, change.type, change);
    byAddress.set(`${change.stack}/${change.address}`, change);
  }
  const all: Estate['all'] = (type) => byType.get(type) ?? [];
  const ids = once(() => idsOf([...byType.values()].flat()));
  const named = {
    before: once(() => recordsByName(all(recordType), 'before')),
    after: once(() => recordsByName(all(recordType), 'after')),
  };
  const estate: Estate = {
    all,
    at: (stack, address) => byAddress.get(`${stack}/${address}`) ?? null,
    withId: (type, id) => ids().get(`${type} ${id}`) ?? null,
    records: (side, zone, name) => named[side]().get(`${zone ?? ''} ${name}`) ?? [],
    workedOut: workedOutOf(() => estate),
  };
  return estate;
}

const recordType = 'cloudflare_dns_record';

/** Worked out when it is first asked for: most changes ask for little of it. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | null = null;
  return () => {
    done ??= { value: work() };
    return done.value;
  };
}

function idsOf(resources: readonly ResourceChange[]): ReadonlyMap<string, ResourceChange> {
  return new Map(
    resources.flatMap((resource) => {
      const id = resource.before?.['id'] ?? resource.after?.['id'];
      return typeof id === 'string' ? [[`${resource.type} ${id}`, resource]] : [];
    }),
  );
}

/** Blocks with `count` or `for_each` are left out: which records they stand for is not told. */
function recordsByName(
  records: readonly ResourceChange[],
  side: Side,
): ReadonlyMap<string, readonly ResourceChange[]> {
  const groups = new Map<string, ResourceChange[]>();
  for (const record of records) {
    const name = record[side] === null || isRepeated(record, side) ? null : dnsName(record, side);
    if (name !== null) {
      append(groups, `${record.zone ?? ''} ${name}`, record);
    }
  }
  return groups;
}

/** True for a block that may stand for several objects, or none. */
export function isRepeated(resource: ResourceChange, side: Side): boolean {
  const values = resource[side] ?? {};
  return values['count'] !== undefined || values['for_each'] !== undefined;
}

function asChange({ stack, address, type, zone, values }: UnchangedResource): ResourceChange {
  return {
    stack,
    address,
    type,
    zone,
    mode: 'managed',
    name: address.slice(type.length + 1),
    provider: '',
    actions: ['no-op'],
    before: values,
    after: values,
    unknown: [],
    sensitive: [],
    replacePaths: [],
    attributes: [],
    lifecycle: { before: null, after: null },
  };
}
