/** What a rule objects to, and the nearest thing that it does not: one of two stacks, one of several reasons, one step less. */
import type { RuleInput } from '../../../../policies/model/facts.ts';
import type { Json, JsonObject, Lifecycle, StackSettings } from '../../../../scripts/plan/types.ts';
import { aPastRelease } from '../../../builders/facts.ts';
import { aChange, aDnsRecord, aPlan } from '../../../builders/plan.ts';
import { aPolicySet, aRoster } from '../../../builders/policy.ts';
import { aRecord, aStandardChange, anEmergency } from '../../../builders/record.ts';
import { created, only, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRuleset, aWafRule, ruleChange } from './waf-cases.ts';

type Input = Partial<RuleInput>;

const prod = 'acme-production/';

const waf = 'cloudflare_ruleset.waf';
const rule = `${prod}${waf}#block-admin`;
const rulesets = (before: Json, after: Json): Input => updated(waf, aRuleset(before), aRuleset(after));
const named = (ref: string, parts: JsonObject = {}): JsonObject => aWafRule({ ref, ...parts });
const { ref: _, ...unnamed } = aWafRule();

const www = 'cloudflare_dns_record.www';
const lives = (before: Partial<Lifecycle>, after: Partial<Lifecycle>): Input => {
  const plain: Lifecycle = { preventDestroy: false, createBeforeDestroy: false, ignoreChanges: [] };
  const lifecycle = { before: { ...plain, ...before }, after: { ...plain, ...after } };
  return { plan: aPlan().updating(www, undefined, undefined, { lifecycle }).build() };
};

/** Settings of production and staging, of which only the second has something. */
const onStaging = (after: Partial<StackSettings>): Input => ({
  plan: aPlan().inStack('acme-staging').withSettings({ after }).build(),
});

const bothStacks = aPlan().updating(www).inStack('acme-staging').updating(www).build();
const { probes: _probes, ...withoutProbes } = aRecord().record.test;

const person = (from: string, to: string) => {
  const roster = aRoster();
  const seats = roster.people.find(({ id }) => id === 'm.lind')?.seats ?? [];
  const people = roster.people.map((one) =>
    one.id === 'm.lind'
      ? { ...one, seats: [...seats.map((seat) => ({ ...seat, from, to })), ...seats] }
      : one,
  );
  return { policy: aPolicySet({ roster: { ...roster, people } }) };
};

const member = 'cloudflare_account_member.it';
const administrator = '05784afa30c1afe1440e79d9351c7430';
const roles = (...given: readonly string[]): Input => created(member, { email: 'a@b.example', roles: given });

const setting = 'cloudflare_zone_setting.it';
const ssl = (value: string): JsonObject => ({ setting_id: 'ssl', value });
const hsts = (parts: JsonObject): JsonObject => ({
  setting_id: 'security_header',
  value: {
    strict_transport_security: { enabled: true, max_age: 31_536_000, include_subdomains: true, ...parts },
  },
});

const token = 'cloudflare_api_token.it';
const granting = (id: string): Input => ({
  ...created(token, {
    name: 'dns',
    policies: [{ effect: 'allow', permission_groups: [{ id }], resources: '{}' }],
  }),
  policy: aPolicySet({
    thresholds: {
      ...aPolicySet().thresholds,
      forbiddenTokenPermissions: ['c8fed203ed3043cba015a93ad1616f1f'],
    },
  }),
});

const ofAccount = (expression: string): Input => ({
  plan: aPlan()
    .inZone(null)
    .creating(waf, aRuleset([aWafRule({ expression })]))
    .build(),
});

const wide = (parts: JsonObject = {}) =>
  named('wide', { expression: 'http.request.uri.path contains "/a"', ...parts });
const narrow: JsonObject = { ...unnamed, expression: 'http.request.uri.path eq "/ab"' };
const provided = (address: string, provider: string) => aChange(address, ['create'], { provider });
const at8 = (last: number): JsonObject => ({ expression: `ip.src eq 8.8.8.${String(last)}` });
const wrong = { expression: 'http.host in {"*.shop.example"}' };

export const twinCases: CaseTable = {
  'account-member-roles': only({
    finds: [
      {
        when: 'an administrator of the account',
        input: roles(administrator),
        subjects: [`${prod}${member}#roles`],
      },
    ],
    doubts: [
      {
        when: 'one of two roles is a reference',
        input: roles('x', '${var.role}'),
        subjects: [`${prod}${member}#roles`],
      },
    ],
  }),
  'dnssec-kept': only({
    finds: [
      {
        when: 'it leaves the state',
        input: { plan: aPlan().changing('cloudflare_zone_dnssec.it', ['forget'], { after: null }).build() },
        subjects: [`${prod}cloudflare_zone_dnssec.it#status`],
      },
    ],
  }),
  'firewall-rule-bypass': only({
    finds: [
      {
        when: 'it skips',
        input: created('cloudflare_firewall_rule.it', { action: 'skip' }),
        subjects: [`${prod}cloudflare_firewall_rule.it#action`],
      },
    ],
  }),
  'hsts-kept': only({
    doubts: [
      {
        when: 'whether subdomains are included is a reference',
        input: created(setting, hsts({ include_subdomains: '${var.sub}' })),
        subjects: [`${prod}${setting}#value`],
      },
      {
        when: 'all of it is a reference',
        input: created(setting, { setting_id: 'security_header', value: '${var.header}' }),
        subjects: [`${prod}${setting}#value`],
      },
    ],
  }),
  'ip-access-allow-scope': only({
    passes: [
      {
        when: 'it allows one address of version 6',
        input: created('cloudflare_access_rule.it', {
          mode: 'whitelist',
          configuration: { target: 'ip6', value: '2001:db8::1' },
        }),
      },
    ],
  }),
  'plan-backend-unchanged': only({
    finds: [
      {
        when: 'a new stack shares the state of another one',
        input: {
          plan: aPlan().inStack('acme-staging').withSettings({ before: null }).build(),
        },
        subjects: ['acme-staging'],
      },
    ],
    passes: [
      {
        when: 'two stacks have no backend at all',
        input: {
          plan: aPlan()
            .withSettings({ before: { backend: null }, after: { backend: null } })
            .inStack('acme-staging')
            .withSettings({ before: { backend: null }, after: { backend: null } })
            .build(),
        },
      },
    ],
  }),
  'plan-data-sources-allowed': only({
    finds: [
      {
        when: 'only the second of two stacks reads something',
        input: onStaging({ dataSources: [{ address: 'data.http.x', type: 'http' }] }),
        subjects: ['acme-staging/data.http.x'],
      },
    ],
  }),
  'plan-ignore-changes': only({
    skips: [
      {
        when: 'a resource is guarded and ignores nothing',
        input: lives({ preventDestroy: true }, { preventDestroy: true }),
      },
    ],
  }),
  'plan-modules-local': only({
    finds: [
      {
        when: 'only the second of two stacks has a module',
        input: onStaging({ modules: [{ name: 'x', source: 'git::https://modules.example/x' }] }),
        subjects: ['acme-staging/module.x'],
      },
      {
        when: 'a path is only in the middle of its source',
        input: onStaging({ modules: [{ name: 'x', source: 'git::https://modules.example/../x' }] }),
        subjects: ['acme-staging/module.x'],
      },
    ],
  }),
  'plan-prevent-destroy': only({
    skips: [
      { when: 'a resource ignores changes and is not guarded', input: lives({}, { ignoreChanges: ['ttl'] }) },
    ],
  }),
  'plan-providers-allowed': only({
    finds: [
      {
        when: 'two stacks use foreign providers, one of them twice',
        input: {
          plan: aPlan()
            .adding(provided('b_x.b', 'registry.terraform.io/b/b'))
            .adding(provided('a_x.a', 'registry.terraform.io/a/a'))
            .adding(provided('a_x.b', 'registry.terraform.io/a/a'))
            .build(),
        },
        subjects: ['acme-production', 'acme-production'],
      },
    ],
  }),
  'policy-change-alone': only({
    finds: [
      {
        when: 'there are four files: three are named',
        input: { changedFiles: ['a', 'b', 'c', 'd'].map((name) => `policies/${name}.yaml`) },
        subjects: ['plan'],
      },
    ],
  }),
  'record-category-match': only({
    finds: [
      {
        when: 'there are several categories, named in their order',
        input: {
          plan: aPlan()
            .creating('cloudflare_worker.x', { name: 'x' })
            .creating('cloudflare_list.x', { name: 'x' })
            .build(),
          record: aRecord({ category: 'dns' }),
        },
        subjects: ['record'],
      },
    ],
  }),
  'record-people': only({
    passes: [
      {
        when: 'one seat of the implementer has ended and another has not',
        input: person('2025-01-01', '2025-12-31'),
      },
    ],
  }),
  'record-schedule': only({
    finds: [
      {
        when: 'a standard change gives dates that are over',
        input: {
          record: aStandardChange({
            schedule: {
              plannedStart: '2026-11-20T20:00:00Z',
              plannedEnd: '2026-11-20T21:00:00Z',
              window: 'acme-weeknight',
            },
          }),
        },
        subjects: ['record'],
      },
    ],
    skips: [
      { when: 'a standard change gives none', input: { record: aStandardChange({ schedule: undefined }) } },
    ],
  }),
  'record-steps-and-tests': only({
    finds: [
      {
        when: 'a probe of a private address',
        input: {
          record: aRecord({
            test: {
              ...withoutProbes,
              probes: [{ name: 'inside', url: 'http://0x7f.1:8080/', expectStatus: 200 }],
            },
          }),
        },
        subjects: ['record'],
      },
      {
        when: 'a probe through a private resolver',
        input: {
          record: aRecord({
            test: {
              ...withoutProbes,
              probes: [
                {
                  name: 'inside',
                  type: 'dns',
                  host: 'shop.example',
                  recordType: 'A',
                  expectValues: [],
                  resolver: '[fd00::1]:53',
                },
              ],
            },
          }),
        },
        subjects: ['record'],
      },
      {
        when: 'one of two stacks is of production, and nothing probes it',
        input: { plan: bothStacks, record: aRecord({ test: withoutProbes }) },
        subjects: ['record'],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'a probe of an address that the thresholds name',
        input: {
          record: aRecord({
            test: {
              ...withoutProbes,
              probes: [{ name: 'inside', type: 'tls', host: '10.1.2.3', minDaysLeft: 7 }],
            },
          }),
          policy: aPolicySet({ thresholds: { ...aPolicySet().thresholds, probeNetworks: ['10.1.0.0/16'] } }),
        },
      },
      {
        when: 'an emergency has no test before',
        input: { record: anEmergency({ test: { ...aRecord().record.test, pre: [] } }) },
      },
    ],
  }),
  'record-window-known': only({
    finds: [
      {
        when: 'a standard change names a window that the client does not have',
        input: {
          record: aStandardChange({
            schedule: {
              plannedStart: '2026-12-07T20:00:00Z',
              plannedEnd: '2026-12-07T21:00:00Z',
              window: 'borough-evening',
            },
          }),
        },
        subjects: ['record'],
      },
    ],
  }),
  'ssl-mode-kept': only({
    finds: [
      {
        when: 'it goes from origin_pull to strict',
        input: updated(setting, ssl('origin_pull'), ssl('strict')),
        subjects: [`${prod}${setting}#value`],
      },
      {
        when: 'it stays below what is accepted',
        input: updated(setting, { ...ssl('flexible'), a: 1 }, ssl('flexible')),
        subjects: [`${prod}${setting}#value`],
      },
    ],
    passes: [
      {
        when: 'it goes from strict to origin_pull',
        input: updated(setting, ssl('strict'), ssl('origin_pull')),
      },
      { when: 'it stays as it was', input: updated(setting, { ...ssl('strict'), a: 1 }, ssl('strict')) },
    ],
  }),
  'token-permissions': only({
    finds: [
      {
        when: 'a group is forbidden by its id',
        input: granting('c8fed203ed3043cba015a93ad1616f1f'),
        subjects: [`${prod}${token}#policies`],
      },
    ],
    doubts: [
      { when: 'nobody knows the group', input: granting('toString'), subjects: [`${prod}${token}#policies`] },
    ],
  }),
  'waf-host-scope': only({
    finds: [
      {
        when: 'a rule of the account acts on all hosts',
        input: ofAccount('http.request.uri.path eq "/a"'),
        subjects: [rule],
      },
    ],
    passes: [
      {
        when: 'the zone is known by its id only',
        input: {
          plan: aPlan()
            .inZone('0'.repeat(32))
            .creating(waf, aRuleset([aWafRule()]))
            .build(),
        },
      },
      { when: 'a rule of the account names its host', input: ofAccount('http.host eq "www.shop.example"') },
    ],
    doubts: [
      {
        when: 'a rule of the account asks a list for its hosts',
        input: ofAccount('http.host in $hosts'),
        subjects: [rule],
      },
    ],
  }),
  'waf-lint': only({
    passes: [
      {
        when: 'what is wrong stood there before, and now stands where a rule was that is removed',
        input: rulesets([named('a'), named('b', wrong)], [named('b', wrong)]),
      },
      {
        when: 'a ref stood there twice before, and another rule is new',
        input: rulesets([named('a'), named('a')], [named('a'), named('a'), named('b', at8(8))]),
      },
      { when: 'a ruleset is empty, which the lint only mentions', input: created(waf, aRuleset([])) },
    ],
    finds: [
      {
        when: 'a new rule takes the ref of another one',
        input: rulesets([named('a')], [named('a'), named('a', at8(8))]),
        subjects: [`${prod}${waf}#a`],
        severity: 'deny',
      },
      {
        when: 'the twelfth rule is wrong',
        input: rulesets(
          [],
          Array.from({ length: 12 }, (__, at) => named(`r${String(at)}`, at === 11 ? wrong : at8(at))),
        ),
        subjects: [`${prod}${waf}#r11`],
      },
    ],
  }),
  'waf-log-first': only({
    finds: [
      {
        when: 'the stack was released long ago and again since, and nobody says what logs',
        input: {
          plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(),
          history: [
            aPastRelease({ at: '2026-10-01T09:00:00Z' }),
            aPastRelease({ at: '2026-11-23T08:00:00Z' }),
          ],
        },
        subjects: [rule],
      },
      {
        when: 'nothing was ever released',
        input: { plan: ruleChange(aWafRule({ action: 'log' }), aWafRule()).build(), history: [] },
        subjects: [rule],
        severity: 'warn',
      },
    ],
    skips: [{ when: 'it is removed', input: rulesets([named('a')], []) }],
  }),
  'waf-protection-removed': only({
    finds: [
      {
        when: 'its new action is a reference',
        input: { plan: ruleChange(aWafRule(), aWafRule({ action: '${var.action}' })).build() },
        subjects: [rule],
      },
    ],
  }),
  'waf-rule-shadowed': only({
    passes: [
      {
        when: 'both stood so before, one without a ref, and another rule is new',
        input: rulesets([wide(), narrow], [wide(), narrow, named('new', at8(8))]),
      },
      {
        when: 'the one before it is changed in another ruleset',
        input: {
          plan: aPlan()
            .updating(waf, aRuleset([wide(), narrow]), aRuleset([wide(), narrow], 'http_ratelimit'))
            .creating('cloudflare_ruleset.other', aRuleset([wide()]))
            .build(),
        },
      },
    ],
    finds: [
      {
        when: 'its ref is empty',
        input: rulesets([wide()], [wide(), { ...narrow, ref: '' }]),
        subjects: [`${prod}${waf}#rules[1]`],
      },
    ],
  }),
  'dns-proxied-kept': only({
    skips: [{ when: 'the record goes away', input: { plan: aPlan().deleting(www, aDnsRecord()).build() } }],
  }),
};
