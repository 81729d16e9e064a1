/** Small, correct estates: a configuration, and what somebody changes in it on an ordinary day. */
import type { Json, JsonObject } from '../../scripts/plan/types.ts';

/** Resources by type and name, as `*.tf.json` has them. */
export type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

export interface Estate {
  readonly what: string;
  readonly before: JsonObject;
  readonly edits: readonly Edit[];
}

export interface Edit {
  readonly what: string;
  readonly after: JsonObject;
  readonly asks?: readonly string[];
}

/** A change of the resources: what is named is merged member by member, `null` takes a resource away. */
export type Change = Readonly<Record<string, Readonly<Record<string, JsonObject | null>>>>;

export interface EstateOptions {
  /** The major version of the provider. */
  readonly provider?: 4 | 5;
  /** Blocks beside the resources: `locals`, `variable`, `data`. */
  readonly around?: JsonObject;
  /** By edit: the types of it that a person is rightly asked to look at. */
  readonly asks?: Readonly<Record<string, readonly string[]>>;
}

export function estate(
  what: string,
  resources: Resources,
  edits: Readonly<Record<string, Change>>,
  { provider = 5, around = {}, asks = {} }: EstateOptions = {},
): Estate {
  const configuration = (given: Resources): JsonObject => ({
    terraform: {
      backend: { s3: { bucket: 'state', key: 'estate.tfstate', region: 'auto' } },
      required_providers: {
        cloudflare: { source: 'cloudflare/cloudflare', version: provider === 5 ? '5.14.0' : '4.52.8' },
      },
    },
    ...around,
    resource: given,
  });
  return {
    what,
    before: configuration(resources),
    edits: Object.entries(edits).map(([name, change]) => ({
      what: name,
      after: configuration(merged(resources, change)),
      asks: asks[name] ?? [],
    })),
  };
}

function merged(resources: Resources, change: Change): Resources {
  const types = new Set([...Object.keys(resources), ...Object.keys(change)]);
  return Object.fromEntries(
    [...types].map((type) => [type, mergedType(resources[type] ?? {}, change[type] ?? {})]),
  );
}

function mergedType(
  was: Readonly<Record<string, JsonObject>>,
  change: Readonly<Record<string, JsonObject | null>>,
): Readonly<Record<string, JsonObject>> {
  const names = new Set([...Object.keys(was), ...Object.keys(change)]);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const edit = change[name];
      return edit === null ? [] : [[name, { ...was[name], ...edit }]];
    }),
  );
}

export const account = 'a1c0ffee5e7a11d0b5e55ed0ddba1100';

export const zone = (name: string): Resources => ({
  cloudflare_zone: { it: { account: { id: account }, name, type: 'full' } },
});

export const zoneId = '${cloudflare_zone.it.id}';

export const dns = (type: string, name: string, content: string, more: JsonObject = {}): JsonObject => ({
  zone_id: zoneId,
  type,
  name,
  content,
  ttl: 1,
  ...more,
});

/** A record behind Cloudflare's proxy. */
export const web = (type: string, name: string, content: string, more: JsonObject = {}): JsonObject =>
  dns(type, name, content, { proxied: true, ...more });

export const setting = (id: string, value: Json): JsonObject => ({ zone_id: zoneId, setting_id: id, value });

export const ruleset = (phase: string, ...rules: readonly JsonObject[]): JsonObject => ({
  zone_id: zoneId,
  kind: 'zone',
  name: 'default',
  phase,
  rules,
});

/** A rule of a ruleset; `is` is its ref and its action, as `old-cart: log`. */
export const rule = (
  is: `${string}: ${string}`,
  expression: string,
  description: string,
  more: JsonObject = {},
): JsonObject => {
  const [ref = '', action = ''] = is.split(': ');
  return { ref, action, expression, description, enabled: true, ...more };
};

/** All resources of several parts; a type may stand in more than one. */
export function together(...parts: readonly Resources[]): Resources {
  return parts.reduce<Resources>((all, part) => merged(all, part), {});
}
