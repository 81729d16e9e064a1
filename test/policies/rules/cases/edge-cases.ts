/** Further examples of rules: every value of their tables, and what is left when the thing they guard goes away. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { anIncident } from '../../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import { only, updated } from './rule-cases.ts';
import type { CaseTable, RuleCases } from './rule-cases.ts';
import { aRuleset, aWafRule, ruleChange } from './waf-cases.ts';

type Finds = RuleCases['finds'];

const prod = 'acme-production/';
const managed = 'http_request_firewall_managed';
const config = 'http_config_settings';

const removal = (address: string, before: JsonObject) => ({
  plan: aPlan().deleting(address, before).build(),
});
const gone = (address: string, before: JsonObject): RuleCases =>
  only({ skips: [{ when: 'it is removed', input: removal(address, before) }] });

const bots = 'cloudflare_bot_management.it';
const botOrders: Readonly<Record<string, readonly (string | boolean)[]>> = {
  fight_mode: [false, true],
  enable_js: [false, true],
  sbfm_definitely_automated: ['allow', 'managed_challenge', 'block'],
  sbfm_likely_automated: ['allow', 'managed_challenge', 'block'],
  sbfm_static_resource_protection: [false, true],
  ai_bots_protection: ['disabled', 'only_on_ad_pages', 'block'],
  crawler_protection: ['disabled', 'enabled'],
};
const botSteps = Object.entries(botOrders).flatMap(([name, order]) =>
  order.slice(1).map((strong, at) => ({ name, weak: order[at] ?? '', strong })),
);

const pageWeak: readonly (readonly [string, string | boolean])[] = [
  ['disable_security', true],
  ['disable_security', 'on'],
  ['ssl', 'off'],
  ['ssl', 'flexible'],
  ['waf', 'off'],
  ['security_level', 'off'],
  ['security_level', 'essentially_off'],
  ['browser_check', 'off'],
  ['automatic_https_rewrites', 'off'],
];
const page = 'cloudflare_page_rule.it';

const configWeak: readonly (readonly [string, string | boolean])[] = [
  ['ssl', 'off'],
  ['ssl', 'flexible'],
  ['security_level', 'off'],
  ['security_level', 'essentially_off'],
  ['bic', false],
  ['automatic_https_rewrites', false],
];
const setConfig = (parts: JsonObject) => aWafRule({ action: 'set_config', action_parameters: parts });

const levels = ['off', 'essentially_off', 'low', 'medium', 'high', 'under_attack'];
const zoneSetting = 'cloudflare_zone_setting.it';
const setting = (name: string, value: string): JsonObject => ({ setting_id: name, value });
const lowered = (name: string, order: readonly string[]): Finds =>
  order.slice(1).map((strong, at) => ({
    when: `${name} goes from ${strong} to ${order[at] ?? ''}`,
    input: updated(zoneSetting, setting(name, strong), setting(name, order[at] ?? '')),
    subjects: [`${prod}${zoneSetting}#value`],
  }));

const directHosts =
  'mail smtp imap pop pop3 mx mx1 mx2 autodiscover autoconfig lyncdiscover sip enterpriseenrollment enterpriseregistration ftp sftp ssh vpn ns1 ns2'.split(
    ' ',
  );
const dns = 'cloudflare_dns_record.it';
const host = (parts: JsonObject) => aDnsRecord({ name: 'www.shop.example', proxied: true, ...parts });

const mailText = (content: string, name = 'shop.example') =>
  aDnsRecord({ name, type: 'TXT', content, proxied: false });
const spf = (before: string | null, after: string) => ({
  plan:
    before === null
      ? aPlan().creating(dns, mailText(after)).build()
      : aPlan().updating(dns, mailText(before), mailText(after)).build(),
});
const dmarc = (before: string | null, after: string) => {
  const text = (content: string) => mailText(content, '_dmarc.shop.example');
  return {
    plan:
      before === null
        ? aPlan().creating(dns, text(after)).build()
        : aPlan().updating(dns, text(before), text(after)).build(),
  };
};
const content = [`${prod}${dns}#content`];

const ruleset = 'cloudflare_ruleset.waf';
const rule = `${prod}${ruleset}#block-admin`;
const execute = (parts: JsonObject = {}) =>
  aWafRule({ action: 'execute', expression: 'true', action_parameters: { id: 'owasp' }, ...parts });
const overriding = (overrides: JsonObject) => execute({ action_parameters: { id: 'owasp', overrides } });
const level = (category: string) => overriding({ categories: [{ category, enabled: false }] });

const accessPolicy = 'cloudflare_zero_trust_access_policy.it';
const application = 'cloudflare_zero_trust_access_application.it';
const policy = (parts: JsonObject): JsonObject => ({
  account_id: 'a',
  name: 'p',
  decision: 'allow',
  ...parts,
});

const move = rule.replace('block-admin', 'inc-41-block');
const over = '2026-11-01';
const emergencyMove = (parts: JsonObject = {}, expires = '2027-01-01'): JsonObject =>
  aWafRule({ ref: 'inc-41-block', description: `Block AS64496; expires ${expires}, INC-41`, ...parts });

const switchedOff = (day: string): JsonObject =>
  aWafRule({ enabled: false, description: `Keep strangers out; switched off; expires ${day}, INC-41` });

export const edgeCases: CaseTable = {
  'access-policy-not-open': {
    ...gone(accessPolicy, policy({ decision: 'bypass' })),
    finds: [
      {
        when: 'it includes everyone and any service token: the first is named',
        input: {
          plan: aPlan()
            .creating(accessPolicy, policy({ include: [{ any_valid_service_token: {} }, { everyone: {} }] }))
            .build(),
        },
        subjects: [`${prod}${accessPolicy}#include`, `${prod}${accessPolicy}#include`],
      },
    ],
    passes: [
      {
        when: 'a selector is there and says no',
        input: {
          plan: aPlan()
            .creating(accessPolicy, policy({ include: [{ everyone: false }, { everyone: null }] }))
            .build(),
        },
      },
    ],
    doubts: [
      {
        when: 'one of several includes is a reference',
        input: {
          plan: aPlan()
            .creating(accessPolicy, policy({ include: [{ group: 'g' }, '${local.everyone}'] }))
            .build(),
        },
        subjects: [`${prod}${accessPolicy}#include`],
      },
      {
        when: 'whom one of several includes names is an expression',
        input: {
          plan: aPlan()
            .creating(accessPolicy, policy({ include: [{ group: 'g' }, { '${lower("EVERYONE")}': {} }] }))
            .withUnknown('include', 1)
            .build(),
        },
        subjects: [`${prod}${accessPolicy}#include`],
      },
      {
        when: 'one of several policies of an application is an expression',
        input: {
          plan: aPlan()
            .creating(application, { policies: [{ id: 'p' }, '${merge({ decision = "bypass" }, {})}'] })
            .build(),
        },
        subjects: [`${prod}${application}#policies`],
      },
    ],
  },
  'account-member-roles': gone('cloudflare_account_member.it', { email: 'a@b.example', roles: ['x'] }),
  'ip-access-allow-scope': gone('cloudflare_access_rule.it', { mode: 'whitelist' }),
  'zone-not-paused': gone('cloudflare_zone.it', { name: 'shop.example', paused: true }),
  'bot-settings-kept': only({
    finds: botSteps.map(({ name, weak, strong }) => ({
      when: `${name} goes from ${String(strong)} to ${String(weak)}`,
      input: updated(bots, { [name]: strong }, { [name]: weak }),
      subjects: [`${prod}${bots}#${name}`],
    })),
    passes: botSteps.flatMap(({ name, weak, strong }) => [
      {
        when: `${name} goes to ${String(strong)}`,
        input: updated(bots, { [name]: weak }, { [name]: strong }),
      },
      {
        when: `${name} stays ${String(strong)}`,
        input: updated(bots, { [name]: strong, a: 1 }, { [name]: strong }),
      },
    ]),
  }),
  'page-rule-weakening': only({
    finds: pageWeak.map(([name, value]) => ({
      when: `it sets ${name} to ${String(value)}`,
      input: {
        plan: aPlan()
          .creating(page, { target: 'x', actions: { [name]: value } })
          .build(),
      },
      subjects: [`${prod}${page}#actions.${name}`],
    })),
  }),
  'config-rule-weakening': only({
    finds: configWeak.map(([name, value]) => ({
      when: `it sets ${name} to ${String(value)}`,
      input: { plan: ruleChange(null, setConfig({ [name]: value }), config).build() },
      subjects: [rule],
    })),
    passes: [
      {
        when: 'it turns the browser check on',
        input: { plan: ruleChange(null, setConfig({ bic: true }), config).build() },
      },
    ],
    skips: [
      {
        when: 'the rule is removed',
        input: { plan: ruleChange(setConfig({ ssl: 'off' }), null, config).build() },
      },
      {
        when: 'the rule is disabled',
        input: { plan: ruleChange(null, { ...setConfig({ ssl: 'off' }), enabled: false }, config).build() },
      },
      {
        when: 'it is of another phase',
        input: { plan: ruleChange(null, setConfig({ ssl: 'off' })).build() },
      },
      {
        when: 'it does something else',
        input: { plan: ruleChange(null, { ...setConfig({ ssl: 'off' }), action: 'block' }, config).build() },
      },
    ],
  }),
  'security-level-kept': only({
    finds: [...lowered('security_level', levels), ...lowered('browser_check', ['off', 'on'])],
    passes: [
      {
        when: 'the browser check is turned on',
        input: updated(zoneSetting, setting('browser_check', 'off'), setting('browser_check', 'on')),
      },
    ],
  }),
  'dns-proxied-kept': only({
    finds: [
      {
        when: 'a host whose name only begins like a mail host leaves the proxy',
        input: updated(
          dns,
          host({ name: 'mailing.shop.example' }),
          host({ name: 'mailing.shop.example', proxied: false }),
        ),
        subjects: [`${prod}${dns}#proxied`],
      },
      {
        when: 'a mail host is the second label',
        input: updated(
          dns,
          host({ name: 'www.mail.shop.example' }),
          host({ name: 'www.mail.shop.example', proxied: false }),
        ),
        subjects: [`${prod}${dns}#proxied`],
      },
    ],
    passes: [
      {
        when: 'a record that never said whether it is proxied goes on outside it',
        input: updated(dns, host({ proxied: null }), host({ proxied: false, content: '192.0.2.9' })),
      },
    ],
    skips: [
      ...directHosts.map((label) => ({
        when: `${label} is not a web host`,
        input: updated(
          dns,
          host({ name: `${label}.shop.example` }),
          host({ name: `${label}.shop.example`, proxied: false }),
        ),
      })),
      { when: 'it is removed', input: removal(dns, host({})) },
      { when: 'it becomes a text', input: updated(dns, host({}), host({ type: 'TXT', proxied: false })) },
    ],
  }),
  'spf-kept': only({
    finds: [
      { when: 'all stands for +all', input: spf('v=spf1 -all', 'v=spf1 all'), subjects: content },
      { when: 'a new record ends neutral', input: spf(null, 'v=spf1 ?all'), subjects: content },
      {
        when: 'a word that ends in all closes nothing',
        input: spf('v=spf1 -all', 'v=spf1 include:x-all'),
        subjects: content,
      },
      {
        when: 'a word that begins with all closes nothing',
        input: spf('v=spf1 -all', 'v=spf1 allow'),
        subjects: content,
      },
      { when: 'neutral becomes open', input: spf('v=spf1 ?all', 'v=spf1 +all'), subjects: content },
      { when: 'the first all decides', input: spf('v=spf1 -all', 'v=spf1 ?all -all'), subjects: content },
    ],
    passes: [
      { when: 'it stays neutral', input: spf('v=spf1 a ?all', 'v=spf1 mx ?all') },
      { when: 'it redirects', input: spf('v=spf1 ~all', 'v=spf1 redirect=_spf.shop.example') },
      { when: 'it is spaced out', input: spf('v=spf1 -all', 'v=spf1   mx   -all') },
      { when: 'it gets stricter', input: spf('v=spf1 ~all', 'v=spf1 -all') },
    ],
  }),
  'dmarc-kept': only({
    finds: [
      {
        when: 'reject becomes quarantine',
        input: dmarc('v=DMARC1; p=reject', 'v=DMARC1; p=quarantine'),
        subjects: content,
      },
      {
        when: 'quarantine becomes none',
        input: dmarc('v=DMARC1; p=quarantine', 'v=DMARC1; p=none'),
        subjects: content,
      },
      {
        when: 'none becomes something unheard of',
        input: dmarc('v=DMARC1; p=none', 'v=DMARC1; p=x'),
        subjects: content,
      },
      {
        when: 'the policy goes away',
        input: dmarc('v=DMARC1; p=none', 'v=DMARC1; rua=x'),
        subjects: content,
      },
      {
        when: 'subdomains are left to a weaker sp',
        input: dmarc('v=DMARC1; p=reject', 'v=DMARC1; p=reject; sp=none'),
        subjects: content,
      },
      {
        when: 'fewer are judged',
        input: dmarc('v=DMARC1; p=reject; pct=50', 'v=DMARC1; p=reject; pct=49'),
        subjects: content,
      },
      {
        when: 'the share cannot be read',
        input: dmarc('v=DMARC1; p=reject; pct=50', 'v=DMARC1; p=reject; pct=half'),
        subjects: content,
      },
    ],
    passes: [
      { when: 'it is new', input: dmarc(null, 'v=DMARC1; p=none') },
      { when: 'it gets stricter', input: dmarc('v=DMARC1; p=none', 'v=DMARC1; p = Reject ; sp=reject') },
      {
        when: 'sp goes and p says the same',
        input: dmarc('v=DMARC1; p=reject; sp=reject', 'v=DMARC1; p=reject'),
      },
      {
        when: 'as many are judged',
        input: dmarc('v=DMARC1; p=reject; pct=50', 'v=DMARC1; p=reject; pct=100'),
      },
    ],
    skips: [
      { when: 'a DMARC text is at another name', input: spf('v=DMARC1; p=reject', 'v=DMARC1; p=none') },
      {
        when: 'another text is at the name of DMARC',
        input: dmarc('v=other; p=reject', 'v=other; p=none'),
      },
    ],
  }),
  'managed-ruleset-overrides': only({
    finds: [
      {
        when: 'a paranoia level is disabled later',
        input: { plan: ruleChange(execute(), level('paranoia-level-3'), managed).build() },
        subjects: [rule],
      },
      {
        when: 'the first paranoia level is disabled at once',
        input: { plan: ruleChange(null, level('paranoia-level-1'), managed).build() },
        subjects: [rule],
      },
      {
        when: 'something without a name is disabled',
        input: {
          plan: ruleChange(
            null,
            overriding({ categories: [{ enabled: false }], rules: [{ enabled: false }] }),
            managed,
          ).build(),
        },
        subjects: [rule, rule],
        severity: 'deny',
      },
    ],
    passes: ['2', '3', '4'].map((n) => ({
      when: `paranoia level ${n} is left out when the ruleset is deployed`,
      input: { plan: ruleChange(null, level(`paranoia-level-${n}`), managed).build() },
    })),
    skips: [
      {
        when: 'it is of another phase',
        input: { plan: ruleChange(null, overriding({ enabled: false })).build() },
      },
      {
        when: 'it executes nothing',
        input: {
          plan: ruleChange(null, { ...overriding({ enabled: false }), action: 'block' }, managed).build(),
        },
      },
      {
        when: 'it is removed',
        input: { plan: ruleChange(overriding({ enabled: false }), null, managed).build() },
      },
    ],
  }),
  'managed-ruleset-kept': only({
    finds: [
      {
        when: 'the only execute rule is removed',
        input: { plan: ruleChange(execute(), null, managed).build() },
        subjects: [rule],
      },
      {
        when: 'it is disabled',
        input: { plan: ruleChange(execute(), execute({ enabled: false }), managed).build() },
        subjects: [rule],
      },
      {
        when: 'it blocks instead',
        input: { plan: ruleChange(execute(), execute({ action: 'block' }), managed).build() },
        subjects: [rule],
      },
    ],
    passes: [
      {
        when: 'it was disabled before',
        input: {
          plan: ruleChange(
            execute({ enabled: false }),
            execute({ enabled: false, description: 'x' }),
            managed,
          ).build(),
        },
      },
      {
        when: 'it is enabled',
        input: { plan: ruleChange(execute({ enabled: false }), execute(), managed).build() },
      },
    ],
    doubts: [
      {
        when: 'its action is a reference',
        input: { plan: ruleChange(execute(), execute({ action: '${var.a}' }), managed).build() },
        subjects: [rule],
      },
    ],
  }),
  'waf-protection-removed': only({
    finds: [
      {
        when: 'the rule is removed',
        input: { plan: ruleChange(aWafRule(), null).build() },
        subjects: [rule],
      },
      {
        when: 'the rule is disabled',
        input: { plan: ruleChange(aWafRule(), aWafRule({ enabled: false })).build() },
        subjects: [rule],
      },
      {
        when: 'the rule only logs',
        input: { plan: ruleChange(aWafRule(), aWafRule({ action: 'log' })).build() },
        subjects: [rule],
      },
      {
        when: 'a move goes while its incident is open and its day is not over',
        input: { plan: ruleChange(emergencyMove(), null).build(), incidents: [anIncident({ id: 'INC-41' })] },
        subjects: [move],
      },
      {
        when: 'a standing rule has been described as a move',
        input: { plan: ruleChange(emergencyMove({ ref: 'block-admin' }, over), null).build() },
        subjects: [rule],
      },
      {
        when: 'the move is of another incident than its ref',
        input: { plan: ruleChange(emergencyMove({ ref: 'inc-4-block' }, over), null).build() },
        subjects: [move.replace('41', '4')],
      },
      {
        when: 'a move that is over is switched off and stays',
        input: { plan: ruleChange(emergencyMove({}, over), emergencyMove({ enabled: false }, over)).build() },
        subjects: [move],
      },
      {
        when: 'a rule that an emergency switched off for a time stays off for good',
        input: { plan: ruleChange(switchedOff('2026-11-22'), aWafRule({ enabled: false })).build() },
        subjects: [rule],
      },
      {
        when: 'or for longer',
        input: { plan: ruleChange(switchedOff('2026-11-22'), switchedOff('2026-12-22')).build() },
        subjects: [rule],
      },
      {
        when: 'or goes',
        input: { plan: ruleChange(switchedOff('2026-11-22'), null).build() },
        subjects: [rule],
      },
    ],
    skips: [
      {
        when: 'a move goes whose day is over',
        input: { plan: ruleChange(emergencyMove({}, over), null).build() },
      },
      {
        when: 'a move goes whose incident is over',
        input: {
          plan: ruleChange(emergencyMove(), null).build(),
          incidents: [anIncident({ id: 'INC-41', state: 'resolved' })],
        },
      },
    ],
  }),
  'waf-order-kept': only({
    finds: [
      {
        when: 'two rules change places',
        input: updated(
          ruleset,
          aRuleset([aWafRule({ ref: 'a' }), aWafRule({ ref: 'b' })]),
          aRuleset([aWafRule({ ref: 'b' }), aWafRule({ ref: 'a' })]),
        ),
        subjects: [`${prod}${ruleset}#rules`],
      },
    ],
    passes: [
      {
        when: 'one comes between and one goes',
        input: updated(
          ruleset,
          aRuleset([aWafRule({ ref: 'a' }), aWafRule({ ref: 'x' }), aWafRule({ ref: 'b' })]),
          aRuleset([aWafRule({ ref: 'a' }), aWafRule({ ref: 'n' }), aWafRule({ ref: 'b' })]),
        ),
      },
    ],
    skips: [
      {
        when: 'a ruleset is new',
        input: {
          plan: aPlan()
            .creating(ruleset, aRuleset([aWafRule()]))
            .build(),
        },
      },
      { when: 'a ruleset is removed', input: removal(ruleset, aRuleset([aWafRule()])) },
    ],
  }),
  'waf-expression-valid': gone(ruleset, aRuleset([aWafRule({ expression: 'x (' })])),
  'waf-expression-constant': gone(ruleset, aRuleset([aWafRule({ expression: 'true' })])),
  'origin-route-kept': gone(ruleset, aRuleset([aWafRule({ action: 'route' })], 'http_request_origin')),
  'plan-unknown-guarded': only({
    doubts: ['action', 'enabled', 'expression'].map((field) => ({
      when: `the ${field} of a rule is not known`,
      input: {
        plan: aPlan()
          .updating(ruleset, aRuleset([aWafRule()]), aRuleset([aWafRule()]))
          .withUnknown('rules', 0, field)
          .build(),
      },
      subjects: [`${prod}${ruleset}#rules`],
    })),
    passes: [],
  }),
};
