/** Which resources that do not change have to be seen beside a change. */
import type { Json, Plan, UnchangedResource } from '../../scripts/plan/types.ts';
import { rulesetType } from '../../scripts/provider/ruleset-type.ts';
import { formatIp, readIp } from '../../scripts/waf/language/ip.ts';
import { readRules } from '../../scripts/waf/rulesets/rules.ts';
import { endIn } from '../emergency/expiry.ts';
import { listNamingTypes } from './lists/users.ts';

interface BesideCheck {
  /** When one of these changes, */
  readonly when: readonly string[];
  /** what does not change of these is looked at. */
  readonly seen: readonly string[];
}

/** What decides about a request, or says where it goes: each acts through the others. */
const requestTypes = [
  'cloudflare_list',
  'cloudflare_list_item',
  'cloudflare_page_rule',
  'cloudflare_ruleset',
  'cloudflare_zone',
  'cloudflare_zone_setting',
] as const;

/** Who may enter an application is said by all of them together. */
const accessTypes = [
  'cloudflare_zero_trust_access_application',
  'cloudflare_zero_trust_access_group',
  'cloudflare_zero_trust_access_policy',
] as const;

/** Whom all of these believe. */
const trustTypes = [
  'cloudflare_zero_trust_access_identity_provider',
  'cloudflare_zero_trust_access_mtls_certificate',
] as const;

/** A pool that is down is felt where all of a load balancer's are. */
const balancingTypes = [
  'cloudflare_load_balancer',
  'cloudflare_load_balancer_monitor',
  'cloudflare_load_balancer_pool',
] as const;

const listTypes = ['cloudflare_list', 'cloudflare_list_item'] as const;

const recordType = 'cloudflare_dns_record';

const table: readonly BesideCheck[] = [
  { when: [...accessTypes, ...trustTypes], seen: [...accessTypes, ...trustTypes] },
  { when: balancingTypes, seen: balancingTypes },
  { when: [recordType], seen: [recordType, 'cloudflare_zone_dns_settings', ...balancingTypes] },
  { when: ['cloudflare_load_balancer'], seen: [recordType] },
  { when: listTypes, seen: listNamingTypes },
  { when: requestTypes, seen: [...requestTypes, 'cloudflare_zero_trust_access_application'] },
];

/**
 * Whether a resource of those types is seen. Of records only those of a name that one which changes has, had or leads to, or
 * with its address: an estate has tens of thousands of others. Beside what decides about no request, of rulesets only those
 * with an emergency move: whoever changes anything in its stack is reminded of it.
 */
export function isBeside(plan: Plan): (resource: UnchangedResource) => boolean {
  const isAboutRequests = besideChanged(plan).has(rulesetType);
  const changes = plan.stacks
    .flatMap((stack) => stack.changes)
    .filter(({ type }) => type === recordType || type === 'cloudflare_load_balancer');
  const names = new Set(
    changes.flatMap(({ zone, before, after }) => [
      nameWithin(zone, before?.['name']),
      nameWithin(zone, after?.['name']),
      // Where an alias leads to.
      nameWithin(zone, after?.['content']),
    ]),
  );
  const addresses = new Set(changes.flatMap(({ after }) => addressIn(after?.['content'])));
  return ({ type, zone, values }) => {
    if (type === rulesetType) {
      return isAboutRequests || hasMove(values['rules']);
    }
    return (
      type !== recordType ||
      names.has(nameWithin(zone, values['name'])) ||
      (addresses.size > 0 && addressIn(values['content']).some((address) => addresses.has(address)))
    );
  };
}

function hasMove(rules: Json | undefined): boolean {
  return readRules(rules).some(
    ({ attributes: { description } }) => typeof description === 'string' && endIn(description) !== null,
  );
}

/** An address in one spelling; none for a content of another kind. */
function addressIn(content: Json | undefined): readonly string[] {
  const address = typeof content === 'string' ? readIp(content) : null;
  return address === null ? [] : [formatIp(address)];
}

/** The name of a record in its zone, in one spelling; the zone may be known by its id only. */
function nameWithin(zone: string | null, written: Json | undefined): string {
  const name = typeof written === 'string' ? written.toLowerCase().replace(/\.$/u, '') : '';
  const domain = zone?.toLowerCase() ?? '';
  const isApex = name === '@' || name === domain;
  const short = name.endsWith(`.${domain}`) ? name.slice(0, -domain.length - 1) : name;
  return `${domain} ${isApex ? '@' : short}`;
}

/** Types of the unchanged resources that the rules want to see beside the changes of a plan. */
export function typesBeside(plan: Plan): ReadonlySet<string> {
  const wanted = besideChanged(plan);
  return plan.stacks.some(({ changes }) => changes.length > 0) ? new Set([...wanted, rulesetType]) : wanted;
}

function besideChanged(plan: Plan): ReadonlySet<string> {
  const changed = new Set(plan.stacks.flatMap(({ changes }) => changes.map(({ type }) => type)));
  return new Set(
    table.filter(({ when }) => when.some((type) => changed.has(type))).flatMap(({ seen }) => seen),
  );
}
