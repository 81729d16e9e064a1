/**
 * Which attributes make an object of a type that object, where Cloudflare lists the objects of the type, and what the
 * provider imports them by.
 *
 * Sources: list paths from the list data sources of cloudflare/cloudflare 5.14.0 and the client cloudflare 7.3.0; import
 * ids from the provider's documentation and source, tag v5.14.0; read 2026-11-29. Which attributes are the identity, and
 * which types cannot be there twice, is from the API's refusals as the provider's documentation describes them; a type
 * about which that was not found is not said to be unique. A type that is not in the table is not asked, and is named as
 * not checked: never as verified.
 */

export interface IdentityRow {
  /** `{zone_id}` and `{account_id}` stand for attributes; `{scope}` for `zones/<zone_id>` or `accounts/<account_id>`. */
  readonly list: string;
  /** Attributes whose values are the identity; a dotted name goes into an object. */
  readonly by: readonly string[];
  /** Attributes of the identity that the list can be narrowed by, with the name of the query parameter. */
  readonly filter?: Readonly<Record<string, string>>;
  /** Member with the id, when it is not `id`. */
  readonly id?: string;
  readonly import: string | null;
  readonly isUnique: boolean;
}

const account = '/accounts/{account_id}';
const zone = '/zones/{zone_id}';

function inAccount(path: string, by: readonly string[], more: Partial<IdentityRow> = {}): IdentityRow {
  return { list: `${account}/${path}`, by, import: '{account_id}/{id}', isUnique: false, ...more };
}

function inZone(path: string, by: readonly string[], more: Partial<IdentityRow> = {}): IdentityRow {
  return { list: `${zone}/${path}`, by, import: '{zone_id}/{id}', isUnique: false, ...more };
}

function inEither(path: string, by: readonly string[]): IdentityRow {
  return { list: `/{scope}/${path}`, by, import: '{scope}/{id}', isUnique: false };
}

const unique = { isUnique: true } as const;

const rows: Readonly<Record<string, IdentityRow>> = {
  cloudflare_zone: {
    list: '/zones',
    by: ['name', 'account.id'],
    filter: { name: 'name', 'account.id': 'account.id' },
    import: '{id}',
    isUnique: true,
  },
  // An identical record is refused (code 81058); another content under the same name and type is another record.
  cloudflare_dns_record: inZone('dns_records', ['type', 'name', 'content'], {
    filter: { type: 'type', name: 'name.exact' },
    isUnique: true,
  }),
  // An entry point ruleset is there once per phase; see `questionOf` for the others.
  cloudflare_ruleset: { ...inEither('rulesets', ['kind', 'phase', 'name']), isUnique: true },
  cloudflare_list: inAccount('rules/lists', ['name'], unique),
  cloudflare_filter: inZone('filters', ['expression']),
  cloudflare_healthcheck: inZone('healthchecks', ['name'], unique),
  cloudflare_load_balancer: inZone('load_balancers', ['name'], unique),
  cloudflare_custom_hostname: inZone('custom_hostnames', ['hostname'], {
    filter: { hostname: 'hostname' },
    isUnique: true,
  }),
  cloudflare_workers_route: inZone('workers/routes', ['pattern'], unique),
  cloudflare_user_agent_blocking_rule: inZone('firewall/ua_rules', [
    'configuration.target',
    'configuration.value',
  ]),
  cloudflare_web3_hostname: inZone('web3/hostnames', ['name'], unique),
  cloudflare_page_shield_policy: inZone('page_shield/policies', ['expression', 'action']),
  cloudflare_access_rule: inEither('firewall/access_rules/rules', [
    'mode',
    'configuration.target',
    'configuration.value',
  ]),
  cloudflare_load_balancer_pool: inAccount('load_balancers/pools', ['name'], unique),
  cloudflare_notification_policy: inAccount('alerting/v3/policies', ['name']),
  cloudflare_notification_policy_webhooks: inAccount('alerting/v3/destinations/webhooks', ['name']),
  cloudflare_queue: inAccount('queues', ['queue_name'], { id: 'queue_id', isUnique: true }),
  cloudflare_workers_kv_namespace: inAccount('storage/kv/namespaces', ['title'], unique),
  cloudflare_d1_database: inAccount('d1/database', ['name'], { id: 'uuid', isUnique: true }),
  cloudflare_turnstile_widget: inAccount('challenges/widgets', ['name'], { id: 'sitekey' }),
  cloudflare_zero_trust_access_application: inEither('access/apps', ['name', 'type']),
  cloudflare_zero_trust_access_group: inEither('access/groups', ['name']),
  cloudflare_zero_trust_access_identity_provider: inEither('access/identity_providers', ['name', 'type']),
  cloudflare_zero_trust_access_policy: inAccount('access/policies', ['name', 'decision']),
  cloudflare_zero_trust_access_service_token: inEither('access/service_tokens', ['name']),
  cloudflare_zero_trust_device_managed_networks: inAccount('devices/networks', ['name'], {
    id: 'network_id',
  }),
  cloudflare_zero_trust_device_posture_rule: inAccount('devices/posture', ['name', 'type']),
  cloudflare_zero_trust_dns_location: inAccount('gateway/locations', ['name']),
  cloudflare_zero_trust_gateway_policy: inAccount('gateway/rules', ['name']),
  cloudflare_zero_trust_list: inAccount('gateway/lists', ['name'], unique),
  cloudflare_zero_trust_tunnel_cloudflared: inAccount('cfd_tunnel', ['name']),
  cloudflare_zero_trust_tunnel_cloudflared_virtual_network: inAccount('teamnet/virtual_networks', ['name']),
};

/** Null for a type that cannot be asked. */
export function identityRow(type: string): IdentityRow | null {
  return Object.hasOwn(rows, type) ? (rows[type] ?? null) : null;
}

/** The types that can be asked, with their rows. */
export function identityRows(): readonly (readonly [type: string, row: IdentityRow])[] {
  return Object.entries(rows);
}

/** Why objects of a type cannot be asked, where more is known than that it is not in the table. */
const reasons: Readonly<Record<string, string>> = {
  cloudflare_list_item: 'items of a list have no name; a plan of the list shows them',
};

/** The end of a sentence. */
export function whyNotAsked(type: string): string {
  return (
    (Object.hasOwn(reasons, type) ? reasons[type] : undefined) ?? 'objects of its type cannot be told by name'
  );
}
