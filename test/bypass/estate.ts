/**
 * The smallest estate that the attacks need: one client with a production and a staging stack of a few resources each,
 * as the configurations themselves, so that an attack may write anything into them. Roster and rules are Sluice's own;
 * account ids are those of the local GitHub, production is open around the clock, nothing is frozen, no lead time, approvals
 * last an hour.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { JsonObject } from '../../scripts/plan/types.ts';
import { accounts as accountIds } from '../../stacks/accounts.ts';
import { home } from '../scenarios/small-estate.ts';

/** Stack name to its configuration. */
export type Estate = Readonly<Record<string, JsonObject>>;

/** As its register has it. */
export const acmeAccount = accountIds.acme;

const zoneId = '${cloudflare_zone.shop.id}';

function record(host: string, content: string): JsonObject {
  return { zone_id: zoneId, name: host, type: 'A', content, ttl: 1, proxied: true };
}

function stackOf(stack: string, zone: string, resource: JsonObject): JsonObject {
  return {
    terraform: {
      required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
      backend: { s3: { bucket: 'state', key: `${stack}.tfstate`, region: 'auto' } },
    },
    provider: { cloudflare: [{}] },
    resource: {
      cloudflare_zone: { shop: { account: { id: acmeAccount }, name: zone } },
      ...resource,
    },
  };
}

/** As many as a third of them is more than the floor that no share is taken of. */
export const stagingHosts = Array.from({ length: 18 }, (_, index) => `h${String(index)}`);

/** What is live before anybody proposes anything. */
export const released: Estate = {
  'acme-production': stackOf('acme-production', 'shop.example', {
    cloudflare_dns_record: {
      www: record('www.shop.example', '203.0.113.1'),
      api: { ...record('api.shop.example', '203.0.113.2'), lifecycle: { prevent_destroy: true } },
      mail: record('mail.shop.example', '203.0.113.3'),
    },
  }),
  'acme-staging': stackOf('acme-staging', 'staging-shop.example', {
    cloudflare_dns_record: Object.fromEntries(
      stagingHosts.map((host) => [host, record(`${host}.staging-shop.example`, '198.51.100.1')]),
    ),
  }),
};

/** Where the stacks of the client are, which its engineers change. */
export const estateFile = 'stacks/clients/acme/estate.ts';

/** The stack program, which writes what that file holds as cdktf would. */
export const program = `import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estate } from './clients/acme/estate.ts';

const out = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
const stacks: Record<string, object> = {};
for (const [name, configuration] of Object.entries(estate)) {
  mkdirSync(join(out, 'stacks', name), { recursive: true });
  writeFileSync(join(out, 'stacks', name, 'cdk.tf.json'), JSON.stringify(configuration));
  stacks[name] = { name, annotations: [], dependencies: [] };
}
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '1', stacks }));
`;

export function estateText(estate: Estate): string {
  return `export const estate: Record<string, object> = ${JSON.stringify(estate, null, 2)};\n`;
}

/** One DNS record of production as it is. */
export function recordOf(estate: Estate, name: string): JsonObject {
  const resource = (estate['acme-production']?.['resource'] ?? {}) as Readonly<Record<string, JsonObject>>;
  return (resource['cloudflare_dns_record']?.[name] ?? {}) as JsonObject;
}

/** The estate with one DNS record of a stack merged with `parts`; null takes it away. */
export function withRecord(
  estate: Estate,
  name: string,
  parts: JsonObject | null,
  stack = 'acme-production',
): Estate {
  const configuration = estate[stack] ?? {};
  const resource = (configuration['resource'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const records = (resource['cloudflare_dns_record'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const { [name]: old, ...others } = records;
  const own = parts === null ? {} : { [name]: { ...old, ...parts } };
  return {
    ...estate,
    [stack]: {
      ...configuration,
      resource: { ...resource, cloudflare_dns_record: { ...others, ...own } },
    },
  };
}

/** The estate with one more resource of a stack, or with one merged. */
export function withResource(estate: Estate, type: string, resources: JsonObject): Estate {
  return withBlock(estate, 'resource', (resource) => ({
    ...resource,
    [type]: { ...(resource[type] as JsonObject | undefined), ...resources },
  }));
}

/** The estate with a top-level block of production edited. */
export function withBlock(estate: Estate, name: string, edit: (block: JsonObject) => JsonObject): Estate {
  const production = estate['acme-production'] ?? {};
  const block = edit((production[name] ?? {}) as JsonObject);
  return { ...estate, 'acme-production': { ...production, [name]: block } };
}

type Document = Record<string, unknown>;

/** A YAML file of Sluice's own, edited. */
export function yamlOf(path: string, edit: (document: Document) => void): string {
  return edited(readFileSync(join(home, path), 'utf8'), edit);
}

/** The same for a text. */
export function edited(text: string, edit: (document: Document) => void): string {
  const document = parse(text) as Document;
  edit(document);
  return stringify(document);
}

interface RosterFile {
  readonly people: { readonly id: string; accounts: number[] }[];
}

const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Files of `policies/` and the registers, for accounts by login. */
export function policyFiles(accounts: ReadonlyMap<string, number>): Readonly<Record<string, string>> {
  const asIs = ['thresholds.yaml', 'catalogue.yaml', 'risk-matrix.yaml'].map(
    (name) => [`policies/${name}`, readFileSync(join(home, 'policies', name), 'utf8')] as const,
  );
  return {
    ...Object.fromEntries(asIs),
    'policies/roster.yaml': yamlOf('policies/roster.yaml', (roster) => {
      for (const person of (roster as unknown as RosterFile).people) {
        const own = accounts.get(person.id.replace('.', '-'));
        person.accounts = own === undefined ? [] : [own];
      }
      const { people } = roster as unknown as RosterFile;
      roster['people'] = people.filter((person) => person.accounts.length > 0);
    }),
    'policies/quorum.yaml': yamlOf('policies/quorum.yaml', (quorum) => {
      for (const level of Object.values(quorum)) {
        (level as Document)['leadTimeWorkingDays'] = 0;
        (level as Document)['approvalTtlHours'] = 1;
      }
      // The everyday change has a medium risk. It needs here what a high one needs, so that each approval counts.
      const { approvals, seats } = quorum['high'] as Document;
      Object.assign(quorum['medium'] as Document, { approvals, seats });
    }),
    'policies/calendar.yaml': 'freezes: []\nholidays: []\n',
    'stacks/clients/acme/service.yaml': yamlOf('stacks/clients/acme/service.yaml', (register) => {
      const spec = register['spec'] as Document;
      const half = { days, timezone: 'UTC', noticeDays: 0 };
      spec['windows'] = [
        { id: 'acme-morning', start: '00:00', end: '12:00', ...half },
        { id: 'acme-evening', start: '12:00', end: '00:00', ...half },
      ];
      spec['freezes'] = [];
    }),
  };
}
