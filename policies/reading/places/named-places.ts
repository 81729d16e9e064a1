/** Texts inside a resource that name a host or an object of the account, on either side of the change. */
import { providerType } from '../../../scripts/provider/types.ts';
import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';
import type { HostReach } from '../../../scripts/waf/reason/hosts.ts';
import type { PlanIndex } from '../plan-index.ts';
import { hasUnknownRules, ruleText } from '../rulesets/rules.ts';
import { knownText, readValue } from '../values.ts';
import type { Side } from '../values.ts';

export type PlacedName =
  | { readonly kind: 'known'; readonly path: string; readonly text: string }
  /** `text` is the expression as it is written; null when a plan of Terraform's leaves it out. */
  | { readonly kind: 'unknown'; readonly path: string; readonly text: string | null };

const sides: readonly Side[] = ['before', 'after'];

/** All texts at a path written `a.b[].c`; what is not set is none. */
export function textsAt(change: ResourceChange, path: string): readonly PlacedName[] {
  const steps = path.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]));
  const found = sides.flatMap((side) => collect({ change, side, path }, [], steps));
  return found.filter((each, at) => found.findIndex((other) => isSame(each, other)) === at);
}

function isSame(a: PlacedName, b: PlacedName): boolean {
  return a.kind === b.kind && a.text === b.text;
}

interface NamedPlace {
  readonly change: ResourceChange;
  readonly side: Side;
  readonly path: string;
}

function collect(
  place: NamedPlace,
  at: readonly (string | number)[],
  steps: readonly string[],
): readonly PlacedName[] {
  const [step, ...rest] = steps;
  const found = step === undefined || step === '[]' ? readValue(place.change, place.side, at) : null;
  if (found !== null && found.kind !== 'known') {
    return found.kind === 'unknown'
      ? [{ kind: 'unknown', path: place.path, text: writtenAt(place.change[place.side], at) }]
      : [];
  }
  if (step === undefined || found === null) {
    return step === undefined ? textOf(place, found?.value ?? null) : collect(place, [...at, step], rest);
  }
  const items = Array.isArray(found.value) ? (found.value as readonly Json[]) : [];
  return items.flatMap((_, position) => collect(place, [...at, position], rest));
}

function textOf({ path }: NamedPlace, value: Json): readonly PlacedName[] {
  return typeof value === 'string' && value !== '' ? [{ kind: 'known', path, text: value }] : [];
}

/** The text that makes a value unknown: its own, or that of the block around it. */
function writtenAt(root: Json, at: readonly (string | number)[]): string | null {
  let here: Json | undefined = root;
  for (const step of at) {
    if (here === null || typeof here !== 'object') {
      break;
    }
    here = (here as { readonly [key: string]: Json })[step];
  }
  return typeof here === 'string' ? here : null;
}

/** A plain reference to a resource: it can only be one of the same stack. */
const ownResource = /^\$\{cloudflare_[a-z0-9_]+\.[\w-]+(?:\[[^[\]]*\])?\.[a-z0-9_]+\}$/u;

/** Objects of the account that the resource writes to and that are not simply another resource of the same stack. */
export function namedObjects(change: ResourceChange): readonly PlacedName[] {
  const named = (providerType(change.type)?.places?.objects ?? []).flatMap((path) => textsAt(change, path));
  return named.filter(({ text }) => text !== null && !ownResource.test(text));
}

export interface NamedHosts {
  readonly hosts: readonly PlacedName[];
  /** Nothing else is acted on, whatever the account has. */
  readonly isConfined: boolean;
}

/** Hosts of the two types whose places depend on what they say. Null for any other. */
export function namedHosts(change: ResourceChange, index: PlanIndex): NamedHosts | null {
  switch (change.type) {
    case rulesetType:
      return rulesetHosts(change, index);
    case 'cloudflare_zero_trust_access_application':
      return applicationHosts(change);
    default:
      return null;
  }
}

/** By the expressions of the rules that change. One that is gone, or not understood, acts on every host. */
function rulesetHosts(change: ResourceChange, index: PlanIndex): NamedHosts {
  const pairs = index.editedRules.filter((pair) => pair.change === change);
  const reaches = pairs.flatMap((pair) =>
    sides
      .filter((side) => pair[side] !== null)
      .map((side) => hostsOf(ruleText(pair, side, ['expression']), index)),
  );
  const hosts = reaches.flatMap((reach) => (typeof reach === 'string' ? [] : reach));
  return {
    hosts: hosts.map((text) => ({ kind: 'known', path: 'expression', text })),
    isConfined:
      pairs.length > 0 && !hasUnknownRules(change) && reaches.every((reach) => typeof reach !== 'string'),
  };
}

function hostsOf(expression: string | null, { expressions }: PlanIndex): HostReach {
  return expression === null ? 'unknown' : expressions.read(expression).hosts;
}

/** Applications at other services: their address is a link. */
const elsewhere: ReadonlySet<string> = new Set(['bookmark', 'saas']);
const applicationPaths = ['domain', 'self_hosted_domains[]', 'destinations[].uri', 'destinations[].hostname'];

function applicationHosts(change: ResourceChange): NamedHosts {
  const types = sides.filter((side) => change[side] !== null).map((side) => typeOf(change, side));
  if (types.every((type) => elsewhere.has(type))) {
    return { hosts: [], isConfined: true };
  }
  const hosts = applicationPaths.flatMap((path) => textsAt(change, path));
  return { hosts, isConfined: types.every((type) => type === 'self_hosted') && hosts.length > 0 };
}

/** `self_hosted` where nothing is said, as the provider reads it; empty when it is not known. */
function typeOf(change: ResourceChange, side: Side): string {
  const found = readValue(change, side, ['type']);
  return found.kind === 'absent' ? 'self_hosted' : (knownText(change, side, ['type']) ?? '');
}
