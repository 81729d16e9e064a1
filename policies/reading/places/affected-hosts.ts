/**
 * The hosts whose visitors a plan may concern: nobody is asked for them. What cannot be told is every host of the zone, and
 * is said so; a name is left out only where it is proven that nothing changes for it.
 */
import { providerType } from '../../../scripts/provider/types.ts';
import { compareText } from '../../../scripts/json/json.ts';
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { quantity } from '../../../scripts/plan/quantity.ts';
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';
import { dnsName, zoneName } from '../estate-context.ts';
import { isLabelEdit } from '../label-edits.ts';
import type { PlanIndex } from '../plan-index.ts';
import { anyHost, hostPatternOf } from './host-pattern.ts';
import { namedHosts, textsAt } from './named-places.ts';
import { isOfTerraform } from './reach.ts';

/** Of one zone or account at most so many are named; the others are counted. */
const mostNamed = 8;

/**
 * For a person, by zone and in order: `www.shop.example`, `*.shop.example`, `all hosts of shop.example`, `4 more hosts of
 * shop.example`. Empty where nothing changes for any host.
 */
export function affectedHosts(index: PlanIndex): readonly string[] {
  const places = new Map<string, Set<string> | 'all'>();
  for (const change of index.changes.filter((each) => !isLabelEdit(each) && !isOfTerraform(each))) {
    const hosts = hostsOf(change, index);
    for (const place of placesOf(change)) {
      const known = places.get(place) ?? new Set<string>();
      if (hosts === 'all' || known === 'all') {
        places.set(place, 'all');
      } else {
        hosts.forEach((host) => known.add(host));
        places.set(place, known);
      }
    }
  }
  return [...places]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([place, hosts]) => (hosts === 'all' ? [`all hosts of ${place}`] : named(place, [...hosts])));
}

function named(place: string, hosts: readonly string[]): readonly string[] {
  const sorted = hosts.toSorted(compareText);
  const left = sorted.length - mostNamed;
  return left <= 0 ? sorted : [...sorted.slice(0, mostNamed), `${quantity(left, 'more host')} of ${place}`];
}

/** The zone, also the one that a resource leaves; else the account. */
function placesOf(change: ResourceChange): readonly string[] {
  const { zone, before, after, stack, type } = change;
  if (zone === null) {
    return [
      providerType(type)?.places?.withoutZone === 'unknown'
        ? 'a zone that is not known'
        : `the account of ${stack}`,
    ];
  }
  const here = zoneName(change) ?? `the zone ${zone}`;
  const [was, is] = [before?.['zone_id'], after?.['zone_id']];
  const isMoved = typeof was === 'string' && after !== null && was !== is;
  return isMoved ? [here, `the zone ${was}`] : [here];
}

function hostsOf(change: ResourceChange, index: PlanIndex): readonly string[] | 'all' {
  switch (change.type) {
    case 'cloudflare_dns_record':
      return recordNames(change);
    case rulesetType:
      return isOfRulesAlone(change) ? confined(change, index) : 'all';
    case 'cloudflare_zero_trust_access_application':
      return confined(change, index);
    default:
      return providerType(change.type)?.places?.isConfined === true ? typeHosts(change) : 'all';
  }
}

function recordNames(change: ResourceChange): readonly string[] | 'all' {
  const sides = (['before', 'after'] as const).filter((side) => change[side] !== null);
  const names = sides.map((side) => dnsName(change, side));
  return allKnown(names);
}

/** The order of rules, and settings of the ruleset itself, concern every request that comes to it. */
function isOfRulesAlone({ attributes, before, after }: ResourceChange): boolean {
  return (
    before === null ||
    after === null ||
    attributes.every(
      ({ path, kind }) =>
        (path[0] === 'rules' && path.length > 1 && kind !== 'moved') ||
        path[0] === 'name' ||
        path[0] === 'description',
    )
  );
}

function confined(change: ResourceChange, index: PlanIndex): readonly string[] | 'all' {
  const found = namedHosts(change, index);
  return found?.isConfined === true ? allKnown(found.hosts.map(patternOf)) : 'all';
}

function typeHosts(change: ResourceChange): readonly string[] | 'all' {
  const texts = (providerType(change.type)?.places?.hosts ?? []).flatMap((path) => textsAt(change, path));
  return texts.length === 0 ? 'all' : allKnown(texts.map(patternOf));
}

function patternOf(host: ReturnType<typeof textsAt>[number]): string | null {
  const pattern = host.kind === 'known' ? hostPatternOf(host.text) : null;
  return pattern === anyHost ? null : pattern;
}

function allKnown(hosts: readonly (string | null)[]): readonly string[] | 'all' {
  const known = hosts.filter((host) => host !== null);
  return known.length === hosts.length ? known : 'all';
}
