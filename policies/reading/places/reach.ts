/**
 * How far each change reaches beyond the stack that makes it: which other stacks' zones, hosts and account objects it
 * acts on, judged by what it names and not by where it is written. What it reaches counts as what it is: production of
 * its owner. What nobody owns, and what cannot be told, is said as such.
 */
import { providerType } from '../../../scripts/provider/types.ts';
import { compareText } from '../../../scripts/json/json.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import type { PolicySet } from '../../model/facts.ts';
import { isProduction, registerOfStack } from '../estate-context.ts';
import { anyHost, hostPatternOf } from './host-pattern.ts';
import { namedHosts, namedObjects, textsAt } from './named-places.ts';
import type { PlacedName } from './named-places.ts';
import { ownershipOf } from './ownership.ts';
import type { OwnedDomain, Ownership } from './ownership.ts';
import type { PlanIndex } from '../plan-index.ts';

/** What one change reaches beyond its own stack. */
export interface BeyondReach {
  /** Other stacks, each with what of theirs is reached. */
  readonly stacks: ReadonlyMap<string, string>;
  /** Domains of other stacks. */
  readonly domains: readonly string[];
  /** Places that no register gives to anybody. */
  readonly nobodys: readonly string[];
  /** What is not known before apply: it may be anything of the client's. */
  readonly unknown: readonly string[];
}

export interface PlaceReach {
  /** Changes that reach beyond their own stack. */
  readonly beyond: ReadonlyMap<ResourceChange, BeyondReach>;
  /** Stacks that change, and stacks that are reached; sorted. */
  readonly stacks: readonly string[];
}

/** Judges every change of the plan. */
export function reachOf(index: PlanIndex, policy: Pick<PolicySet, 'registers'>): PlaceReach {
  const ownership = ownershipOf(policy);
  const beyond = new Map<ResourceChange, BeyondReach>();
  const stacks = new Set(index.changedStacks);
  for (const change of index.changes) {
    const found = beyondOf(change, { index, policy, ownership });
    if (found !== null) {
      beyond.set(change, found);
      [...found.stacks.keys()].forEach((stack) => stacks.add(stack));
    }
  }
  return { beyond, stacks: [...stacks].toSorted(compareText) };
}

/** Whether a change counts as one of production: by the stack that makes it, or by one that it reaches. */
export function countsAsProduction(
  { reach, policy }: { readonly reach: PlaceReach; readonly policy: Pick<PolicySet, 'registers'> },
  change: ResourceChange,
): boolean {
  return (
    isProduction(policy, change.stack) ||
    [...(reach.beyond.get(change)?.stacks.keys() ?? [])].some((stack) => isProduction(policy, stack))
  );
}

interface ReachWorld {
  readonly index: PlanIndex;
  readonly policy: Pick<PolicySet, 'registers'>;
  readonly ownership: Ownership;
}

/** Null for a change that stays within its own stack. */
function beyondOf(change: ResourceChange, world: ReachWorld): BeyondReach | null {
  const found = new ReachFinder(change, world);
  found.zones();
  found.account();
  found.hosts();
  found.objects();
  return found.result();
}

/** Collects what one change reaches. */
class ReachFinder {
  readonly #change: ResourceChange;
  readonly #world: ReachWorld;
  readonly #stacks = new Map<string, string>();
  readonly #domains = new Set<string>();
  readonly #nobodys = new Set<string>();
  readonly #unknown = new Set<string>();

  constructor(change: ResourceChange, world: ReachWorld) {
    this.#change = change;
    this.#world = world;
  }

  result(): BeyondReach | null {
    const { size } = new Set([...this.#stacks.keys(), ...this.#nobodys, ...this.#unknown]);
    return size === 0
      ? null
      : {
          stacks: this.#stacks,
          domains: [...this.#domains].toSorted(compareText),
          nobodys: [...this.#nobodys].toSorted(compareText),
          unknown: [...this.#unknown].toSorted(compareText),
        };
  }

  /** The zone that it stands in now, and the one that it leaves. */
  zones(): void {
    const { zone, before, after } = this.#change;
    if (zone !== null) {
      this.#zone(zone);
    }
    const [was, is] = [before?.['zone_id'], after?.['zone_id']];
    if (typeof was === 'string' && after !== null && was !== is) {
      this.#zone(was);
    }
  }

  #zone(zone: string): void {
    if (/^[0-9a-f]{32}$/iu.test(zone)) {
      const found = this.#world.ownership.zoneId(zone);
      this.#owned(found === null ? [] : [found], `zone id ${zone}`);
    } else if (/[${}]|^(?:data\.)?cloudflare_zone\./u.test(zone)) {
      this.#cannotTell('its zone');
    } else {
      this.#host(zone, `zone ${zone}`);
    }
  }

  /** The account that it names; and all of the account where it is not confined to a zone or to what it names. */
  account(): void {
    const { stack, zone, type } = this.#change;
    const named = [...textsAt(this.#change, 'account_id'), ...textsAt(this.#change, 'account.id')];
    for (const account of named) {
      this.#inAccount(account);
    }
    const places = providerType(type)?.places ?? null;
    if (isOfTerraform(this.#change)) {
      return;
    }
    if (zone === null && places?.withoutZone === 'unknown') {
      this.#cannotTell('its zone');
    } else if (places === null ? !this.#isConfined() : zone === null && places.withoutZone === 'account') {
      this.#client(stack, `the account of ${stack}`);
    }
  }

  /** A ruleset or Access application is confined by its zone, or by the hosts that it names. */
  #isConfined(): boolean {
    const named = namedHosts(this.#change, this.#world.index);
    return named !== null && (this.#change.zone !== null || named.isConfined);
  }

  #inAccount(account: PlacedName): void {
    if (account.kind === 'unknown') {
      this.#cannotTell('its account');
      return;
    }
    const stacks = this.#world.ownership.account(account.text);
    if (stacks.length === 0) {
      this.#nobodys.add(`account ${account.text}`);
    }
    if (!stacks.includes(this.#change.stack)) {
      stacks.forEach((stack) => this.#reach(stack, `account ${account.text}`));
    }
  }

  hosts(): void {
    const paths = providerType(this.#change.type)?.places?.hosts;
    const named = paths?.flatMap((path) => textsAt(this.#change, path));
    for (const host of named ?? namedHosts(this.#change, this.#world.index)?.hosts ?? []) {
      if (host.kind === 'unknown') {
        this.#cannotTell(host.path);
        continue;
      }
      const pattern = hostPatternOf(host.text);
      if (pattern === null) {
        this.#cannotTell(`the host in ${host.path}`);
      } else if (pattern !== anyHost) {
        this.#host(pattern, pattern);
      } else if (this.#change.zone === null) {
        this.#client(this.#change.stack, 'every host');
      }
    }
  }

  objects(): void {
    for (const object of namedObjects(this.#change)) {
      if (object.kind === 'unknown') {
        this.#cannotTell(object.path);
        continue;
      }
      const owner = this.#world.ownership.object(object.text);
      const text = `${object.path} ${object.text}`;
      if (owner === null) {
        this.#client(this.#change.stack, text);
      } else {
        this.#reach(owner, text);
      }
    }
  }

  #host(pattern: string, text: string): void {
    this.#owned(this.#world.ownership.hosts(pattern), text);
  }

  #owned(domains: readonly OwnedDomain[], text: string): void {
    if (domains.length === 0) {
      this.#nobodys.add(text);
    }
    for (const { stack, name } of domains) {
      this.#reach(stack, text);
      if (stack !== this.#change.stack) {
        this.#domains.add(name);
      }
    }
  }

  #cannotTell(what: string): void {
    this.#unknown.add(what);
    this.#client(this.#change.stack, `${what}, which is not known`);
  }

  /** Everything of the client to whom the stack belongs. */
  #client(stack: string, text: string): void {
    const register = registerOfStack(this.#world.policy, stack);
    (register?.stacks ?? []).forEach(({ name }) => this.#reach(name, text));
  }

  #reach(stack: string, text: string): void {
    if (stack !== this.#change.stack && !this.#stacks.has(stack)) {
      this.#stacks.set(stack, text);
    }
  }
}

/** `terraform_data` and the like act on nothing outside. */
export function isOfTerraform({ provider }: ResourceChange): boolean {
  return provider === 'terraform.io/builtin/terraform';
}
