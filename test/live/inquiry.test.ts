/** Who an object is, and whether one that Cloudflare lists is it. */
import { describe, expect, it } from 'vitest';
import { answersTo } from '../../scripts/live/answer.ts';
import { inquiryOf, inquiryOfDeleted } from '../../scripts/live/inquiry.ts';
import {
  argumentsFor,
  isRestorable,
  isSameValue,
  toWrite,
  valueIn,
  withoutBeside,
} from '../../scripts/live/retained.ts';
import { heldObjects, movedSettings, straysOf } from '../../scripts/live/strays.ts';
import type { LiveAnswers, LiveObject, LiveSetting, LiveQuestion } from '../../scripts/live/types.ts';
import { readTerraformPlan } from '../../scripts/plan/terraform/plan.ts';
import type { JsonObject, StackPlan } from '../../scripts/plan/types.ts';

const zone = 'z'.repeat(32);

function planOf(type: string, after: JsonObject | null, before: JsonObject | null = null): StackPlan {
  const actions = before === null ? ['create'] : after === null ? ['delete'] : ['update'];
  const change = {
    actions,
    before,
    after,
    after_unknown: {},
    before_sensitive: false,
    after_sensitive: false,
  };
  const provider = 'registry.terraform.io/cloudflare/cloudflare';
  const entry = { address: `${type}.x`, type, name: 'x', mode: 'managed', provider_name: provider, change };
  const reading = readTerraformPlan({ format_version: '1.2', resource_changes: [entry] }, 'acme-production');
  const [plan] = reading.ok ? reading.value.stacks : [];
  if (plan === undefined) {
    throw new Error('no plan');
  }
  return plan;
}

function questionOn(type: string, values: JsonObject): LiveQuestion {
  const [question] = inquiryOf(planOf(type, values)).questions;
  if (question === undefined) {
    throw new Error('no question');
  }
  return question;
}

const record = { zone_id: zone, type: 'A', name: 'www.shop.example', content: '192.0.2.1', ttl: 1 };

describe('the identity', () => {
  it.each<[string, JsonObject, string, string | null]>([
    ['cloudflare_dns_record', record, `/zones/${zone}/dns_records`, `${zone}/{id}`],
    [
      'cloudflare_ruleset',
      { zone_id: zone, kind: 'zone', phase: 'http_request_firewall_custom', name: 'c' },
      `/zones/${zone}/rulesets`,
      `zones/${zone}/{id}`,
    ],
    ['cloudflare_list', { account_id: 'a', kind: 'ip', name: 'allow' }, '/accounts/a/rules/lists', 'a/{id}'],
    ['cloudflare_zone', { account: { id: 'a' }, name: 'shop.example' }, '/zones', '{id}'],
  ])('of %s', (type, values, path, importAs) => {
    expect(questionOn(type, values)).toMatchObject({ listing: { path }, importAs });
  });

  it('of a setting is the zone and the setting', () => {
    const inquiry = inquiryOf(
      planOf('cloudflare_zone_setting', { zone_id: zone, setting_id: 'ssl', value: 'full' }),
    );
    expect(inquiry.settings.map(({ path }) => path)).toEqual([`/zones/${zone}/settings/ssl`]);
  });

  it.each<[string, JsonObject, string]>([
    ['cloudflare_list_item', { account_id: 'a', list_id: 'l' }, 'items of a list have no name'],
    ['cloudflare_something_new', { zone_id: zone }, 'objects of its type cannot be told by name'],
    ['cloudflare_dns_record', { type: 'A', name: 'www', content: '192.0.2.1' }, 'is not known yet'],
    ['cloudflare_list', { account_id: 'a' }, 'is not known before it is made'],
  ])('of %s %o is not asked, with a reason', (type, values, reason) => {
    const { questions, notAsked } = inquiryOf(planOf(type, values));
    expect([questions, notAsked.map((one) => one.reason)]).toEqual([[], [expect.stringContaining(reason)]]);
  });

  it('is asked of what comes and of what goes, never of an update', () => {
    const update = planOf('cloudflare_dns_record', record, { ...record, ttl: 60 });
    expect([inquiryOf(update).questions, inquiryOfDeleted(update).questions]).toEqual([[], []]);
    expect(inquiryOfDeleted(planOf('cloudflare_dns_record', null, record)).questions).toHaveLength(1);
  });
});

describe('an answer', () => {
  const one = { id: 'r1', ...record };

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['the same', {}, {}, true],
    ['another content', {}, { content: '192.0.2.2' }, false],
    ['another type', {}, { type: 'AAAA' }, false],
    ['the name below its zone', { name: 'www' }, {}, true],
    ['another name that begins alike', { name: 'ww' }, {}, false],
    [
      'a CNAME without case',
      { type: 'CNAME', content: 'A.Example.' },
      { type: 'CNAME', content: 'a.example' },
      true,
    ],
    [
      'an address in its long form',
      { type: 'AAAA', content: '2001:db8:0:0::1' },
      { type: 'AAAA', content: '2001:db8::1' },
      true,
    ],
    [
      'a text in quotes',
      { type: 'TXT', content: '"v=spf1 -all"' },
      { type: 'TXT', content: 'v=spf1 -all' },
      true,
    ],
  ])('%s', (_, wanted, listed, isMeant) => {
    const question = questionOn('cloudflare_dns_record', { ...record, ...wanted });
    expect(answersTo(question, [{ ...one, ...listed }])).toHaveLength(isMeant ? 1 : 0);
  });

  it('for an entry point ruleset is whatever has its phase', () => {
    const phase = 'http_request_firewall_custom';
    const question = questionOn('cloudflare_ruleset', { zone_id: zone, kind: 'zone', phase, name: 'ours' });
    const listed = [
      { id: 'one', kind: 'zone', phase, name: 'default' },
      { id: 'two', kind: 'managed', phase, name: 'ours' },
    ];
    expect(answersTo(question, listed).map(({ importId }) => importId)).toEqual([`zones/${zone}/one`]);
  });
});

describe('what a run left behind', () => {
  const object = (id: string, address = 'cloudflare_dns_record.x'): LiveObject => ({
    address,
    type: 'cloudflare_dns_record',
    identity: 'A www',
    id,
    importId: `${zone}/${id}`,
    path: `/zones/${zone}/dns_records/${id}`,
  });
  const answers = (found: readonly LiveObject[], more: Partial<LiveAnswers> = {}): LiveAnswers => ({
    kind: 'sluice.live',
    version: 1,
    at: '2026-11-24T20:30:00Z',
    asked: [],
    found,
    settings: [],
    notAsked: [],
    ...more,
  });
  const none = new Set<string>();
  const ids = (objects: readonly LiveObject[]) => objects.map(({ id }) => id);

  it('is what was not there before and no state has', () => {
    const strays = straysOf(answers([object('a')]), none, answers([]));
    expect([ids(strays.made), ids(strays.unclear)]).toEqual([['a'], []]);
    expect(straysOf(answers([object('a')]), new Set(['cloudflare_dns_record a']), answers([])).made).toEqual(
      [],
    );
  });

  it.each<[string, readonly LiveObject[], LiveAnswers | null]>([
    ['was there before', [object('a')], answers([object('a')])],
    ['cannot be compared with before', [object('a')], null],
    ['is one of two', [object('a'), object('b')], answers([])],
    [
      'was asked for before in vain',
      [object('a')],
      answers([], {
        notAsked: [{ address: 'cloudflare_dns_record.x', type: 't', reason: 'HTTP 500', hasFailed: true }],
      }),
    ],
  ])('is not laid at its door when it %s', (_, found, before) => {
    const strays = straysOf(answers(found), none, before);
    expect([ids(strays.made), ids(strays.unclear)]).toEqual([[], ids(found)]);
  });

  it('a setting with another value than before is told with both', () => {
    const setting = {
      address: 'a',
      type: 'cloudflare_zone_setting',
      identity: 'ssl',
      path: '/zones/z/settings/ssl',
    };
    const before = answers([], { settings: [{ ...setting, value: 'full' }] });
    expect(movedSettings(before.settings, [{ ...setting, value: 'full' }])).toEqual([]);
    expect(movedSettings(before.settings, [{ ...setting, value: 'off' }])).toEqual([
      { ...setting, value: 'off', was: 'full' },
    ]);
  });
});

it('what a state holds is read from the plan, modules included', () => {
  const resource = { address: 'cloudflare_zone.shop', type: 'cloudflare_zone', values: { id: 'z1' } };
  const child = {
    resources: [{ address: 'module.a.cloudflare_list.b', type: 'cloudflare_list', values: { id: 'l1' } }],
  };
  const old = { ...resource, deposed_key: '0a1b2c3d', values: { id: 'z0' } };
  const document = {
    prior_state: { values: { root_module: { resources: [resource, old], child_modules: [child] } } },
  };
  const { held, deposed, addresses } = heldObjects(document);
  expect([...deposed]).toEqual(['cloudflare_zone z0']);
  expect([...held]).toEqual(['cloudflare_zone z1', 'cloudflare_list l1']);
  expect([...addresses]).toEqual(['cloudflare_zone.shop', 'module.a.cloudflare_list.b']);
});

it('what a state says to be on its way is found, and what a setting is in it', () => {
  const provider_name = 'registry.terraform.io/cloudflare/cloudflare';
  const of = (type: string, values: JsonObject) => ({ address: `${type}.x`, type, provider_name, values });
  const resources = [
    of('cloudflare_zone', { id: 'z1', status: 'pending' }),
    of('cloudflare_certificate_pack', { id: 'p1', status: 'active' }),
    of('cloudflare_zone_setting', { id: 'ssl', zone_id: 'z1', setting_id: 'ssl', value: 'full' }),
    of('cloudflare_bot_management', { id: 'z1', zone_id: 'z1' }),
  ];
  const held = heldObjects({ prior_state: { values: { root_module: { resources } } } });
  expect(held.pending).toEqual([
    { address: 'cloudflare_zone.x', path: 'status', reported: 'pending', wanted: null },
  ]);
  expect([...held.settings]).toEqual(['/zones/z1/settings/ssl', '/zones/z1/bot_management']);
});

describe('what Cloudflare keeps', () => {
  const bots = { zone_id: zone, fight_mode: true, enable_js: true };

  it('is asked in its place, for what the plan sets', () => {
    const { settings } = inquiryOf(planOf('cloudflare_bot_management', bots));
    expect(settings).toMatchObject([
      {
        identity: `bot_management of zone ${zone}`,
        path: `/zones/${zone}/bot_management`,
        names: { zone_id: zone },
        sets: ['enable_js', 'fight_mode'],
      },
    ]);
  });

  it('has the values that the answer gives of these, and can be set again when it gives all', () => {
    const [setting] = inquiryOf(planOf('cloudflare_bot_management', bots)).settings;
    if (setting === undefined) {
      throw new Error('not asked');
    }
    const value = valueIn(setting, { fight_mode: false, enable_js: false, using_latest_model: true });
    expect(value).toEqual({ fight_mode: false, enable_js: false });
    expect(isRestorable({ ...setting, value: value ?? null })).toBe(true);
    expect(argumentsFor({ ...setting, value: value ?? null })).toEqual({
      zone_id: zone,
      fight_mode: false,
      enable_js: false,
    });
    expect(isRestorable({ ...setting, value: valueIn(setting, { fight_mode: false }) ?? null })).toBe(false);
    expect([valueIn(setting, {}), valueIn(setting, null)]).toEqual([undefined, null]);
  });

  it('is asked for what stands beside it too, of which only what a release moved is written back', () => {
    const { settings } = inquiryOf(planOf('cloudflare_bot_management', { zone_id: zone, fight_mode: true }));
    const [setting] = settings;
    expect(setting?.sets).toEqual(['fight_mode']);
    expect(setting?.beside).toContain('enable_js');
    const read = (answer: JsonObject): LiveSetting => {
      const value = setting === undefined ? undefined : valueIn(setting, answer);
      return { ...setting, value: value ?? null } as LiveSetting;
    };
    const before = read({ fight_mode: false, enable_js: true, sbfm_likely_automated: 'allow' });
    const moved = read({ fight_mode: true, enable_js: false, sbfm_likely_automated: 'allow' });
    expect(isSameValue(before, moved)).toBe(false);
    expect(argumentsFor(toWrite(before, moved))).toEqual({
      zone_id: zone,
      fight_mode: false,
      enable_js: true,
    });
    expect(argumentsFor(withoutBeside(before))).toEqual({ zone_id: zone, fight_mode: false });
    // What one of the answers does not tell is not a difference.
    expect(isSameValue(before, read({ fight_mode: false }))).toBe(true);
    expect(isSameValue(before, read({ fight_mode: false, enable_js: false }))).toBe(false);
    expect(isRestorable(read({ fight_mode: false }))).toBe(true);
  });

  it('is named where it cannot be read, and where it belongs to nothing that is known', () => {
    const reasonOf = (type: string, values: JsonObject) =>
      inquiryOf(planOf(type, values)).notAsked.map(({ reason }) => reason);
    expect(reasonOf('cloudflare_zone_subscription', { zone_id: zone })).toEqual([
      'what Cloudflare has of its type cannot be read',
    ]);
    expect(reasonOf('cloudflare_bot_management', { fight_mode: true })).toEqual([
      'what it belongs to is not known yet',
    ]);
  });

  it('is asked of an account as of a zone', () => {
    const path = (values: JsonObject) =>
      inquiryOf(planOf('cloudflare_zero_trust_organization', values)).settings.map((one) => one.path);
    expect(path({ account_id: 'a', name: 'x' })).toEqual(['/accounts/a/access/organizations']);
    expect(path({ zone_id: 'z', name: 'x' })).toEqual(['/zones/z/access/organizations']);
  });
});
