/**
 * What somebody does to Cloudflare by hand is found and named, and nothing else is: random edits of a released estate against a
 * model that holds what they were, and what is told when an answer does not come.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { textOf } from '../../../scripts/json/json.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { Store, type StoredObject } from '../../../scripts/sandbox/provider/store.ts';
import { randomFrom } from '../../provider/made.ts';
import { releasedEstate } from '../change.ts';
import type { Adjust, Ended, SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;
beforeAll(async () => {
  estate = await releasedEstate();
});
afterAll(() => estate.remove());

interface DriftDocument {
  readonly requests: number;
  readonly coverage: { readonly listed: number; readonly managed: number } | null;
  readonly unmanaged: readonly { readonly type: string; readonly id: string }[] | null;
  readonly failed: readonly { readonly path: string }[];
  readonly stacks: readonly {
    readonly stack: string;
    readonly compared: { readonly listed: number; readonly single: number; readonly refreshed: number };
    readonly drifted: readonly {
      readonly kind: string;
      readonly address: string;
      readonly attributes: readonly {
        readonly path: string;
        readonly released?: unknown;
        readonly live?: unknown;
      }[];
    }[];
    readonly notCompared: readonly { readonly address: string }[];
  }[];
}

async function drift(adjust?: Adjust): Promise<Ended & { readonly document: DriftDocument }> {
  const ended = await estate.sluice(['drift', '--format', 'json'], {}, adjust);
  return { ...ended, document: JSON.parse(ended.stdout) as DriftDocument };
}

/** Everything that a report says is not as it was, in an order of its own. */
function foundIn({ stacks, unmanaged }: DriftDocument): readonly string[] {
  const drifted = stacks.flatMap((stack) =>
    stack.drifted.flatMap(({ kind, address, attributes }) =>
      kind === 'deleted'
        ? [`${stack.stack} ${address} deleted`]
        : attributes.map(
            ({ path, live }) => `${stack.stack} ${address} ${path} = ${JSON.stringify(live ?? null)}`,
          ),
    ),
  );
  return [...drifted, ...(unmanaged ?? []).map(({ type, id }) => `none ${type} ${id}`)].toSorted();
}

function store(): Store {
  return new Store(join(estate.folder, '.sluice', 'sandbox'));
}

const stackOf: Readonly<Record<string, string>> = {
  'shop.example': 'acme-production',
  'staging-shop.example': 'acme-staging',
};

/** Stack and address of a record, as the code of the small estate calls it. */
function recordPlace({ attributes }: StoredObject): string {
  const [id = '', ...zone] = textOf(attributes['name']).split('.');
  return `${stackOf[zone.join('.')] ?? 'none'} cloudflare_dns_record.${id}`;
}

interface HandEdit {
  /** What the report has to say. */
  readonly found: string;
  readonly undo: () => void;
}

type Editing = Readonly<{ object: StoredObject; random: () => number }>;

function put({ object }: Editing, attributes: JsonObject): () => void {
  store().put({ ...object, attributes: { ...object.attributes, ...attributes } });
  return () => void store().put(object);
}

/** What somebody may do in the dashboard; each says what the report has to say. */
const handEdits: readonly ((editing: Editing) => HandEdit)[] = [
  (editing) => {
    const content = `198.51.100.${String(100 + Math.floor(editing.random() * 100))}`;
    const undo = put(editing, { content, modified_on: '2026-11-30T03:00:00Z' });
    return { found: `${recordPlace(editing.object)} content = "${content}"`, undo };
  },
  (editing) => ({
    found: `${recordPlace(editing.object)} proxied = false`,
    undo: put(editing, { proxied: false }),
  }),
  ({ object }) => {
    store().remove(object, false);
    return { found: `${recordPlace(object)} deleted`, undo: () => void store().put(object) };
  },
  ({ object, random }) => {
    const id = Math.floor(random() * 2 ** 48)
      .toString(16)
      .padStart(32, '0');
    const name = `x${id.slice(-6)}.shop.example`;
    const added = { ...object, id, attributes: { ...object.attributes, id, name } };
    store().put(added);
    return { found: `none cloudflare_dns_record ${id}`, undo: () => store().remove(added, false) };
  },
];

function switchRuleOff(editing: Editing): HandEdit {
  const [rule] = editing.object.attributes['rules'] as readonly JsonObject[];
  const ref = textOf(rule?.['ref']);
  const stack = ref === 'watch-old-api' ? 'acme-production' : 'acme-staging';
  return {
    found: `${stack} cloudflare_ruleset.waf rules[ref=${ref}].enabled = false`,
    undo: put(editing, { rules: [{ ...rule, enabled: false }], version: '9' }),
  };
}

/** One edit of an object that nobody edited yet in this round; the model is what it returns. */
function editByHand(random: () => number, untouched: StoredObject[]): HandEdit {
  const [object] = untouched.splice(Math.floor(random() * untouched.length), 1);
  if (object === undefined) {
    throw new Error('nothing is left to edit');
  }
  const edit =
    object.type === 'cloudflare_ruleset'
      ? switchRuleOff
      : (handEdits[Math.floor(random() * handEdits.length)] ?? switchRuleOff);
  return edit({ object, random });
}

describe('random edits by hand', () => {
  const rounds = Number(process.env['SLUICE_DRIFT_ROUNDS'] ?? 6);
  it.each(Array.from({ length: rounds }, (_, index) => index + 1))(
    'of seed %i are found, named, and gone when they are undone',
    async (seed) => {
      const random = randomFrom(seed);
      const untouched = [...store().list('cloudflare_dns_record'), ...store().list('cloudflare_ruleset')];
      const edits = Array.from({ length: 4 }, () => editByHand(random, untouched));
      const before = await drift();
      expect(foundIn(before.document)).toEqual(edits.map(({ found }) => found).toSorted());
      expect(before.exit).toBe('drift');
      edits.toReversed().forEach(({ undo }) => undo());
      const after = await drift();
      expect([after.exit, foundIn(after.document)]).toEqual(['ok', []]);
    },
  );
});

it('counts what it asked, and what of the lists is in a stack', async () => {
  const { document } = await drift();
  const [production, staging] = document.stacks.map(({ compared }) => compared);
  expect({ production, staging, coverage: document.coverage }).toEqual({
    production: { listed: 4, single: 1, refreshed: 0 },
    staging: { listed: 2, single: 1, refreshed: 0 },
    coverage: { listed: 8, managed: 8 },
  });
  // The list of zones, of records and rulesets of both zones, and each ruleset.
  expect(document.requests).toBe(7);
});

it('names a list that is not to be had, compares the rest, and does not call it in order', async () => {
  const { exit, document } = await drift((services) => ({
    ...services,
    cloudflare: (options) => {
      const real = services.cloudflare(options);
      return {
        ...real,
        list: async (listing) => {
          if (listing.path.endsWith('/dns_records')) {
            throw new ExternalError({ what: 'Cloudflare could not be asked (HTTP 403).', why: 'no right' });
          }
          return real.list(listing);
        },
      };
    },
  }));
  expect(exit).toBe('undetermined');
  expect(document.failed.map(({ path }) => path.replace(/[\da-f]{32}/, 'ZONE'))).toEqual([
    '/zones/ZONE/dns_records',
    '/zones/ZONE/dns_records',
  ]);
  expect(
    document.stacks.flatMap(({ notCompared }) => notCompared.map(({ address }) => address)),
  ).toHaveLength(4);
});

it('is told to a person by object, released beside live, with what to do', async () => {
  const record = store()
    .list('cloudflare_dns_record')
    .find((one) => one.attributes['name'] === 'www.shop.example');
  if (record === undefined) {
    throw new Error('the estate has no www');
  }
  store().put({ ...record, attributes: { ...record.attributes, content: '198.51.100.66' } });
  const { exit, stdout } = await estate.sluice(['drift', 'acme-production']);
  store().put(record);
  expect(exit).toBe('drift');
  expect(stdout).toBe(`acme-production  1 object not as R0001 released it  (5 objects compared)
  changed live  cloudflare_dns_record.www  shop.example
      ~ content: "203.0.113.1" → "198.51.100.66"

What is in no stack can be told only when all stacks are compared: sluice drift
5 objects of sandbox compared with 4 requests.
Find out who did it. To keep it, write it into the code: sluice new. To undo it, put it back where it was done, then: sluice drift acme-production
`);
});

it('finds what somebody applied past Sluice, although state and Cloudflare agree on it', async () => {
  const copy = estate.copy();
  const path = '.sluice/state/acme-production/terraform.tfstate';
  const objects = new Store(join(copy.folder, '.sluice', 'sandbox'));
  const record = objects
    .list('cloudflare_dns_record')
    .find((one) => one.attributes['content'] === '203.0.113.1');
  if (record === undefined) {
    throw new Error('the estate has no www');
  }
  objects.put({ ...record, attributes: { ...record.attributes, content: '198.51.100.66' } });
  copy.write(path, copy.read(path).replaceAll('"203.0.113.1"', '"198.51.100.66"'));
  const { exit, stdout } = await copy.sluice(['drift']);
  copy.remove();
  expect([exit, stdout]).toEqual([
    'drift',
    expect.stringContaining(
      'state  cloudflare_dns_record.www  has in the state another content than was released',
    ),
  ]);
});
