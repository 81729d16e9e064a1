/** What somebody did at Cloudflare by hand, and what only looks like the approved value. */
import { describe, expect, it } from 'vitest';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { diffBundles } from '../../scripts/plan/difference/diff.ts';
import { readTerraformPlan } from '../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, StackPlan } from '../../scripts/plan/types.ts';
import { refuseDeviations } from '../../scripts/release/run/deviations.ts';
import { compareLive, covers } from '../../scripts/release/live/compare-live.ts';
import { nothingHalf } from '../../scripts/release/live/half-replaced.ts';
import { stack, terraform } from './estate.ts';

interface Entry {
  readonly actions?: readonly string[];
  readonly index?: string | number;
  readonly unknown?: JsonObject;
}

/** Terraform's plan of one resource `TYPE.x`. */
function live(
  type: string,
  before: JsonObject | null,
  after: JsonObject | null,
  entry: Entry = {},
): StackPlan {
  const { actions = ['update'], index, unknown = {} } = entry;
  const change = {
    actions: [...actions],
    before,
    after,
    after_unknown: unknown,
    before_sensitive: false,
    after_sensitive: false,
  };
  const found = {
    address: `${type}.x${index === undefined ? '' : `[${JSON.stringify(index)}]`}`,
    type,
    name: 'x',
    mode: 'managed',
    provider_name: 'registry.terraform.io/cloudflare/cloudflare',
    ...(index === undefined ? {} : { index }),
    change,
  };
  const read = readTerraformPlan({ format_version: '1.2', resource_changes: [found] }, stack);
  const [plan] = read.ok ? read.value.stacks : [];
  if (plan === undefined) {
    throw new Error('no plan');
  }
  return plan;
}

function approvedOf(type: string, before: JsonObject | null, after: JsonObject | null): StackPlan {
  const side = (body: JsonObject | null) =>
    canonicalBundle(stack, { terraform, resource: body === null ? {} : { [type]: { x: body } } });
  return diffBundles({ stack, before: side(before), after: side(after) });
}

const rule = (ref: string, action = 'log', parts: JsonObject = {}): JsonObject => ({
  ref,
  action,
  expression: `(http.host eq "${ref}")`,
  enabled: true,
  description: ref,
  ...parts,
});
const set = (...rules: readonly Json[]): JsonObject => ({
  zone_id: 'z',
  kind: 'zone',
  phase: 'http_request_firewall_custom',
  name: 'c',
  rules,
});
const list = (...ips: readonly string[]): JsonObject => ({
  account_id: 'a',
  kind: 'ip',
  name: 'allow',
  items: ips.map((ip) => ({ ip })),
});
const dns = (parts: JsonObject = {}): JsonObject => ({
  zone_id: 'z',
  name: 'www',
  type: 'A',
  ttl: 1,
  content: '192.0.2.1',
  ...parts,
});

describe('an approved update', () => {
  const ruleset = approvedOf('cloudflare_ruleset', set(rule('a')), set(rule('a', 'block')));
  const record = approvedOf('cloudflare_dns_record', dns(), dns({ content: '192.0.2.2' }));
  const items = approvedOf('cloudflare_list', list('192.0.2.1'), list('192.0.2.1', '192.0.2.2'));
  const moved = dns({ content: '192.0.2.2' });

  it.each<[string, StackPlan, StackPlan]>([
    ['as it is', ruleset, live('cloudflare_ruleset', set(rule('a')), set(rule('a', 'block')))],
    [
      'with what the provider computes anew',
      record,
      live(
        'cloudflare_dns_record',
        dns({ modified_on: '2026-11-01', tags: [] }),
        { ...moved },
        { unknown: { modified_on: true } },
      ),
    ],
    [
      'of one more list item',
      items,
      live('cloudflare_list', list('192.0.2.1'), list('192.0.2.1', '192.0.2.2')),
    ],
  ])('is inside %s', (_, approved, found) => {
    expect(compareLive(approved, found).deviations).toEqual([]);
  });

  it.each<[string, StackPlan, StackPlan]>([
    [
      'an emergency rule of the dashboard',
      ruleset,
      live('cloudflare_ruleset', set(rule('a'), rule('ddos', 'block')), set(rule('a', 'block'))),
    ],
    [
      'a rate limit of the dashboard',
      ruleset,
      live(
        'cloudflare_ruleset',
        set(rule('a', 'log', { ratelimit: { period: 10, requests_per_period: 5 } })),
        set(rule('a', 'block')),
      ),
    ],
    [
      'an order of the dashboard',
      approvedOf(
        'cloudflare_ruleset',
        set(rule('a'), rule('b'), rule('c')),
        set(rule('a', 'block'), rule('b'), rule('c')),
      ),
      live(
        'cloudflare_ruleset',
        set(rule('c'), rule('a'), rule('b')),
        set(rule('a', 'block'), rule('b'), rule('c')),
      ),
    ],
    ['a comment', record, live('cloudflare_dns_record', dns({ comment: 'keep' }), moved)],
    ['tags', record, live('cloudflare_dns_record', dns({ tags: ['owner:ops'] }), moved)],
    [
      'a list item',
      items,
      live('cloudflare_list', list('192.0.2.1', '203.0.113.66'), list('192.0.2.1', '192.0.2.2')),
    ],
    [
      'a block that is only partly unknown',
      record,
      live(
        'cloudflare_dns_record',
        dns(),
        { ...moved, settings: { ipv4_only: true } },
        { unknown: { settings: { ipv6_only: true } } },
      ),
    ],
  ])('does not take %s away or over in silence', (_, approved, found) => {
    expect(compareLive(approved, found).verdict).toBe('deviates');
  });
});

describe('a value that holds a reference', () => {
  it.each<[string, Json, Json, boolean]>([
    ['escaped text as it stands for', 'v=$${x}', 'v=${x}', true],
    ['escaped text is not a reference', 'v=$${x}', 'anything', false],
    ['a capture of Cloudflare', 'https://${1}/', 'https://evil.example/', false],
    ['a capture of Cloudflare as it is', 'https://${1}/', 'https://${1}/', true],
    ['an open brace', 'x ${ a.b', 'y', false],
    ['the text before a reference', 'v=${x_y.z.id}', 'w=1', false],
    ['the text after a reference', '${x_y.z.id}.example', '1.example.evil', false],
    ['the text between two', '${x_y.z.id}-${x_y.z.name}', '1_2', false],
    ['all of them', 'a${x_y.z.id}-${x_y.z.name}b', 'a1-2b', true],
    ['text that would have to count twice', 'ab${x_y.z.id}ba', 'aba', false],
    ['nothing in place of text', 'v=${x_y.z.id}', null, false],
    ['a set with a reference', ['${x_y.z.ip}', '192.0.2.1'], ['192.0.2.1', '192.0.2.9'], true],
    ['a set in which the rest differs', ['${x_y.z.ip}', '192.0.2.1'], ['192.0.2.8', '192.0.2.9'], false],
  ])('%s', (_, approved, found, expected) => {
    expect(covers(approved, found)).toBe(expected);
  });

  it('may be unknown in what is created', () => {
    const body = dns({ content: 'v=${cloudflare_zone.shop.id}', depends_on: ['cloudflare_zone.shop'] });
    const { content: _content, depends_on: _depends, ...known } = body;
    const approved = approvedOf('cloudflare_dns_record', null, body);
    const options = { actions: ['create'] };
    expect(
      compareLive(
        approved,
        live('cloudflare_dns_record', null, known, { ...options, unknown: { content: true } }),
      ).deviations,
    ).toEqual([]);
    expect(compareLive(approved, live('cloudflare_dns_record', null, known, options)).verdict).toBe(
      'deviates',
    );
  });
});

describe('an instance of a repeated resource', () => {
  const each = (keys: JsonObject, parts: JsonObject = {}): JsonObject => ({
    ...dns({ content: '${each.value}', ...parts }),
    for_each: keys,
  });
  const one = { a: '192.0.2.1' };
  const two = { ...one, b: '192.0.2.2' };
  const adding = approvedOf('cloudflare_dns_record', each(one), each(two));
  const removing = approvedOf('cloudflare_dns_record', each(two), each(one));
  const retyped = approvedOf('cloudflare_dns_record', each(two), each(two, { ttl: 300 }));
  const valued = (index: string): JsonObject => dns({ content: index === 'b' ? two.b : one.a });
  const created = (index: string) =>
    live('cloudflare_dns_record', null, valued(index), { actions: ['create'], index });
  const deleted = (index: string) =>
    live('cloudflare_dns_record', valued(index), null, { actions: ['delete'], index });
  const changed = live('cloudflare_dns_record', dns(), dns({ ttl: 300 }), { index: 'a' });

  it.each<[string, StackPlan, StackPlan, 'inside' | 'deviates']>([
    ['is created for a new key', adding, created('b'), 'inside'],
    ['is not created for a key that was there', adding, created('a'), 'deviates'],
    ['is not created for a key that nobody named', adding, created('c'), 'deviates'],
    ['is deleted with its key', removing, deleted('b'), 'inside'],
    ['is not deleted while its key stays', removing, deleted('a'), 'deviates'],
    ['is not deleted by an update of all', retyped, deleted('a'), 'deviates'],
    ['is updated with all', retyped, changed, 'inside'],
    ['is not updated beyond what was approved', adding, changed, 'deviates'],
    [
      'is created with its block',
      approvedOf('cloudflare_dns_record', null, each(one)),
      created('a'),
      'inside',
    ],
  ])('%s', (_, approved, found, verdict) => {
    expect(compareLive(approved, found).verdict).toBe(verdict);
  });

  it('is not created with the value of another key', () => {
    const other = live('cloudflare_dns_record', null, dns({ content: one.a }), {
      actions: ['create'],
      index: 'b',
    });
    expect(compareLive(adding, other).verdict).toBe('deviates');
  });
});

describe('an instance of a resource that is repeated in another way', () => {
  const address = 'cloudflare_dns_record';
  const counted = (count: Json): JsonObject => ({ ...dns(), count });
  const keyed: JsonObject = { ...dns(), for_each: { a: 'x', b: 'y' } };
  const created = (index?: string | number) =>
    live(address, null, dns(), { actions: ['create'], ...(index === undefined ? {} : { index }) });
  const deleted = (index?: string | number) =>
    live(address, dns(), null, { actions: ['delete'], ...(index === undefined ? {} : { index }) });
  const growing = approvedOf(address, dns(), counted(2));
  const shrinking = approvedOf(address, counted(3), counted('1'));
  const untold = approvedOf(address, dns(), counted('${var.n > 1 ? 1 : 0}'));
  const keying = approvedOf(address, dns(), keyed);
  const unkeying = approvedOf(address, keyed, dns());
  const recounted = approvedOf(address, counted(1), keyed);
  const single = approvedOf(address, counted(3), dns());
  const asUpdate = {
    ...untold,
    changes: untold.changes.map((change) => ({ ...change, actions: ['update'] as const })),
  };

  it.each<[string, StackPlan, StackPlan, 'inside' | 'deviates']>([
    ['comes with a larger count', growing, created(1), 'inside'],
    ['does not come again where it stood alone', growing, created(0), 'deviates'],
    ['does not come beyond the count', growing, created(2), 'deviates'],
    ['does not come under a text', growing, created('a'), 'deviates'],
    ['does not go with a larger count', growing, deleted(0), 'deviates'],
    ['does not go without a key with a larger count', growing, deleted(), 'deviates'],
    ['goes with a smaller count', shrinking, deleted(2), 'inside'],
    ['does not go within the smaller count', shrinking, deleted(0), 'deviates'],
    ['may go with a count that only Terraform can tell', untold, deleted(), 'inside'],
    ['never goes by an update', asUpdate, deleted(), 'deviates'],
    ['never goes by an update, under a key', asUpdate, deleted(0), 'deviates'],
    ['goes where keys come', keying, deleted(), 'inside'],
    ['comes with its key', keying, created('a'), 'inside'],
    ['does not come with another key', keying, created('c'), 'deviates'],
    ['goes with its key', unkeying, deleted('a'), 'inside'],
    ['comes alone', unkeying, created(), 'inside'],
    ['goes where keys follow a count', recounted, deleted(0), 'inside'],
    ['comes with a key after a count', recounted, created('b'), 'inside'],
    ['goes where only the first stays', single, deleted(1), 'inside'],
    ['does not go where it is the first', single, deleted(0), 'deviates'],
  ])('%s', (_, approved, found, verdict) => {
    expect(compareLive(approved, found).verdict).toBe(verdict);
  });
});

describe('an instance whose replacement broke off', () => {
  const each = (parts: JsonObject): JsonObject => ({
    ...dns({ content: '${each.value}', ...parts }),
    for_each: { a: '2001:db8::1', b: '2001:db8::2' },
  });
  const replacing = approvedOf('cloudflare_dns_record', each({}), each({ type: 'AAAA' }));
  const made = (index: string, parts: JsonObject = { type: 'AAAA' }) =>
    live('cloudflare_dns_record', null, dns({ content: '2001:db8::1', ...parts }), {
      actions: ['create'],
      index,
    });
  const addresses = ['a', 'c'].map((key) => `cloudflare_dns_record.x["${key}"]`);
  const half = { ...nothingHalf, toMake: new Set(addresses) };

  it.each<[string, StackPlan, 'inside' | 'deviates']>([
    ['is made', made('a'), 'inside'],
    ['is not made with other values', made('a', { type: 'AAAA', ttl: 300 }), 'deviates'],
    ['is not made under another key', made('b'), 'deviates'],
    ['is not made under a key that is gone', made('c'), 'deviates'],
  ])('%s', (_, found, verdict) => {
    expect(compareLive(replacing, found, half).verdict).toBe(verdict);
    expect(compareLive(replacing, found).verdict).toBe('deviates');
  });
});

describe('accepting what was edited by hand', () => {
  const nothing = approvedOf('cloudflare_dns_record', dns(), dns());
  const refusal = (found: StackPlan, acceptedDrift: readonly string[]): unknown => {
    try {
      refuseDeviations(
        { action: 'rollback', stack, allowed: nothing, half: nothingHalf, acceptedDrift, flags: '' },
        found,
      );
      return null;
    } catch (error) {
      return (error as { readonly parts: unknown }).parts;
    }
  };
  const address = 'cloudflare_dns_record.x';
  const edited = live('cloudflare_dns_record', dns({ comment: 'x' }), dns());

  it('goes for an edit and for what is missing, by address', () => {
    expect(refusal(edited, [])).toMatchObject({
      next: `sluice rollback ${stack} --accept '${address}' --reason "..."`,
    });
    expect(refusal(edited, [address])).toBeNull();
    expect(
      refusal(live('cloudflare_dns_record', null, dns(), { actions: ['create'] }), [address]),
    ).toBeNull();
  });

  it.each([
    ['delete', live('cloudflare_dns_record', dns(), null, { actions: ['delete'] })],
    [
      'replace',
      live('cloudflare_dns_record', dns({ type: 'AAAA' }), dns(), { actions: ['delete', 'create'] }),
    ],
  ])('does not go for a %s', (kind, found) => {
    expect(refusal(found, [address])).toMatchObject({
      diagnostics: [{ message: expect.stringContaining(`a ${kind} cannot be accepted`) as string }],
      next: `sluice plan ${stack}`,
    });
  });
});
