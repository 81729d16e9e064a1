/**
 * What of the policy data a decision reads, part by part with its digest. An approval is for the rules as they were on
 * show, so it must not outlive a change of any that it was judged by; nor may a change in one client's files void what was
 * approved for another.
 *
 * Left out is only what is known not to matter, and the decision is not given it: registers, cases and freezes of clients
 * whom the change does not reach, catalogue entries that it cannot be. Where that cannot be told (no record, several, one
 * that is no change, a stack in no register), the whole set counts. Rules of the estate's own always do.
 */
import { partDigest } from '../../scripts/plan/digest.ts';
import { namedClients } from '../reading/clients.ts';
import { registerOfStack } from '../reading/estate-context.ts';
import { reachOf } from '../reading/places/reach.ts';
import { indexPlan } from '../reading/plan-index.ts';
import type { PolicyPart } from '../model/decision.ts';
import type { Facts, PolicySet, Register, Roster, RosterPerson } from '../model/facts.ts';
import type { AuthoredRecord } from '../model/record.ts';

export type PolicyBasis = Pick<Facts, 'plan' | 'records' | 'policy' | 'traffic'>;

/** The policy data without what the decision has no use for. Of what it gives, it gives the same again. */
export function policyInScope(basis: PolicyBasis): PolicySet {
  const { policy } = basis;
  const scope = scopeOf(basis);
  if (scope === null) {
    return policy;
  }
  const { record, registers } = scope;
  const clients = new Set(registers.map(({ client }) => client));
  return {
    ...policy,
    registers,
    trafficCases: policy.trafficCases.filter(({ client }) => clients.has(client)),
    calendar: {
      ...policy.calendar,
      freezes: policy.calendar.freezes.filter(
        (freeze) => freeze.clients === 'all' || freeze.clients.some((client) => clients.has(client)),
      ),
    },
    catalogue: { entries: policy.catalogue.entries.filter(({ id }) => mayBe(record, registers, id)) },
  };
}

/**
 * The parts with their digests, named by their files and in one order. Of the roster the people who count for this change:
 * who is asked on behalf of another client only does not. Of the limits of traffic those of the tiers of its clients.
 */
export function policyParts(basis: PolicyBasis): readonly PolicyPart[] {
  const scope = scopeOf(basis);
  const policy = policyInScope(basis);
  return [
    part('policies/roster.yaml', scope === null ? policy.roster : peopleFor(policy.roster, scope)),
    part('policies/quorum.yaml', policy.quorum),
    part('policies/risk-matrix.yaml', policy.matrix),
    part('policies/thresholds.yaml', scope === null ? policy.thresholds : limitsOf(policy, basis)),
    part('policies/calendar.yaml', policy.calendar),
    part('policies/catalogue.yaml', policy.catalogue),
    ...policy.registers.map((register) => part(`stacks/clients/${register.client}/service.yaml`, register)),
    ...policy.trafficCases.map(({ path, digest }) => ({ part: path, digest })),
    ...policy.ruleFiles.map(({ path, digest }) => ({ part: path, digest })),
  ];
}

function part(name: string, value: object): PolicyPart {
  return { part: name, digest: partDigest(value) };
}

interface PolicyScope {
  readonly record: AuthoredRecord;
  /** Of the clients that the record names, of every stack that changes, and of everybody whose places the change reaches. */
  readonly registers: readonly Register[];
}

/** Null where the whole set counts. */
function scopeOf({ plan, records, policy, traffic }: PolicyBasis): PolicyScope | null {
  const [located, ...others] = records;
  const record = others.length === 0 ? located?.record : undefined;
  const named = new Set(record === undefined ? [] : [record.client, ...namedClients(record)]);
  const known = new Set(policy.registers.map(({ client }) => client));
  const isWhole = (stack: string): boolean => registerOfStack(policy, stack) === null;
  if (
    record?.kind !== 'Change' ||
    [...named].some((client) => !known.has(client)) ||
    plan.stacks.some(({ stack }) => isWhole(stack))
  ) {
    return null;
  }
  const reached = new Set([
    ...plan.stacks.map(({ stack }) => stack),
    ...traffic.stacks,
    ...reachOf(indexPlan(plan), policy).stacks,
    ...(record.stacks ?? []),
  ]);
  const registers = policy.registers.filter(
    ({ client, stacks }) => named.has(client) || stacks.some(({ name }) => reached.has(name)),
  );
  return { record, registers };
}

/** Whether the change may be a use of the entry: only as a standard one, by name or because the client has agreed to it. */
function mayBe(record: AuthoredRecord, registers: readonly Register[], entry: string): boolean {
  return (
    record.type === 'standard' &&
    (record.standardChange?.ref === entry ||
      registers.some(({ standardChanges }) => standardChanges.includes(entry)))
  );
}

/** Who has a say in it, who is named in the record, their deputies, and whoever claims an account of one of these. */
function peopleFor({ people }: Roster, { record, registers }: PolicyScope): Roster {
  const clients = new Set(registers.map(({ client }) => client));
  const named = new Set(textsIn(record));
  const hasSay = ({ seats }: RosterPerson): boolean =>
    seats.some(({ seat, client }) => seat !== 'client-approver' || clients.has(client ?? ''));
  const first = people.filter((person) => hasSay(person) || named.has(person.id));
  const deputies = new Set(first.flatMap(({ delegations = [] }) => delegations.map(({ to }) => to)));
  const counted = people.filter((person) => first.includes(person) || deputies.has(person.id));
  const theirs = new Set(counted.flatMap(({ accounts }) => accounts));
  return { people: people.filter(({ accounts }) => accounts.some((account) => theirs.has(account))) };
}

/** Every text in a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') {
    return [value];
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** A stack that no register knows counts as of the first tier. */
function limitsOf(policy: PolicySet, { traffic }: PolicyBasis): object {
  const isUnknown = (stack: string): boolean => registerOfStack(policy, stack) === null;
  const tiers = new Set([
    ...policy.registers.map(({ tier }) => tier),
    ...(traffic.stacks.some(isUnknown) ? [1] : []),
  ]);
  const { tier1, tier2, tier3 } = policy.thresholds.traffic;
  const used = [tier1, tier2, tier3].map((limits, at) => (tiers.has(at + 1) ? limits : null));
  return { ...policy.thresholds, traffic: used };
}
