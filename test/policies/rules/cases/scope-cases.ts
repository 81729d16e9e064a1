/** Cases of the rules about what steers or bypasses: rules confined to nothing, foreign origins, resources of the old kind. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';
import { aWafRule, ruleChange } from './waf-cases.ts';

const subject = 'acme-production/cloudflare_ruleset.waf#block-admin';
const page = 'cloudflare_page_rule.x';
const old = 'cloudflare_firewall_rule.x';
const redirects = 'http_request_dynamic_redirect';
const origins = 'http_request_origin';

const redirect = (expression: string, parts: JsonObject = {}) => ({
  plan: ruleChange(null, aWafRule({ action: 'redirect', expression, ...parts }), redirects).build(),
});
const underAttack = (
  parameters: JsonObject,
  description = 'Under Attack mode; expires 2026-12-01, INC-41',
) => ({
  plan: ruleChange(
    null,
    aWafRule({
      action: 'set_config',
      expression: '(http.host eq "shop.example" or ends_with(http.host, ".shop.example"))',
      description,
      action_parameters: parameters,
    }),
    'http_config_settings',
  ).build(),
});
const route = (origin: JsonObject) => ({
  plan: ruleChange(null, aWafRule({ action: 'route', action_parameters: { origin } }), origins).build(),
});
const pageRule = (actions: JsonObject) => ({
  plan: aPlan().creating(page, { target: 'shop.example/*', actions }).build(),
});
const firewallRule = (parts: JsonObject) => ({
  plan: aPlan()
    .creating(old, { paused: false, ...parts })
    .build(),
});
const nothing = { when: 'no such resource changes', input: {} };

export const scopeCases: CaseTable = {
  'traffic-rule-scope': {
    finds: [
      { when: 'a redirect is for everything', input: redirect('true'), subjects: [subject] },
      {
        when: 'a redirect only says what it is not for',
        input: redirect('http.host ne "x"'),
        subjects: [subject],
      },
      {
        when: 'a configuration rule is for every path',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ action: 'set_config', expression: 'starts_with(http.request.uri.path, "/")' }),
            'http_config_settings',
          ).build(),
        },
        subjects: [subject],
      },
      {
        when: 'an origin rule has no expression',
        input: {
          plan: ruleChange(null, { ref: 'block-admin', action: 'route', enabled: true }, origins).build(),
        },
        subjects: [subject],
      },
      {
        when: 'Under Attack mode has no end',
        input: underAttack({ security_level: 'under_attack' }, 'Under Attack mode'),
        subjects: [subject],
      },
      {
        when: 'more than Under Attack mode is set',
        input: underAttack({ security_level: 'under_attack', ssl: 'flexible' }),
        subjects: [subject],
      },
      {
        when: 'another level is set for everything',
        input: underAttack({ security_level: 'high' }),
        subjects: [subject],
      },
    ],
    passes: [
      {
        when: 'Under Attack mode is for the whole zone, until a day',
        input: underAttack({ security_level: 'under_attack', ssl: null }),
      },
      { when: 'a redirect is for one path', input: redirect('http.request.uri.path eq "/blackfriday"') },
      { when: 'a bulk redirect has its list', input: redirect('http.request.full_uri in $retired') },
    ],
    skips: [nothing, { when: 'the redirect is disabled', input: redirect('true', { enabled: false }) }],
    doubts: [
      { when: 'the expression is a reference', input: redirect('${local.x}'), subjects: [subject] },
      { when: 'the expression is none', input: redirect('http.host eq'), subjects: [subject] },
    ],
  },
  'origin-route-kept': {
    finds: [
      { when: 'the origin is foreign', input: route({ host: 'evil.example' }), subjects: [subject] },
      {
        when: 'the name only ends alike',
        input: route({ host: 'notshop.example' }),
        subjects: [subject],
      },
    ],
    passes: [
      { when: 'the origin is of the zone', input: route({ host: 'Origin.shop.example.' }) },
      { when: 'only the port changes', input: route({ port: 8443 }) },
    ],
    skips: [nothing],
    doubts: [
      { when: 'the origin is a reference', input: route({ host: '${local.o}' }), subjects: [subject] },
    ],
  },
  'page-rule-weakening': {
    finds: [
      {
        when: 'it turns security off',
        input: pageRule({ disable_security: true, ssl: 'off', waf: 'off' }),
        subjects: ['disable_security', 'ssl', 'waf'].map((name) => `acme-production/${page}#actions.${name}`),
      },
      {
        when: 'it makes SSL flexible',
        input: pageRule({ ssl: 'flexible' }),
        subjects: [`acme-production/${page}#actions.ssl`],
      },
    ],
    passes: [{ when: 'it only caches', input: pageRule({ cache_level: 'bypass', ssl: 'strict' }) }],
    skips: [nothing, { when: 'it goes away', input: { plan: aPlan().deleting(page).build() } }],
    doubts: [
      {
        when: 'SSL is a reference',
        input: pageRule({ ssl: '${var.ssl}' }),
        subjects: [`acme-production/${page}#actions.ssl`],
      },
    ],
  },
  'firewall-rule-bypass': {
    finds: [
      {
        when: 'it bypasses',
        input: firewallRule({ action: { mode: 'bypass' } }),
        subjects: [`acme-production/${old}#action`],
      },
      {
        when: 'it allows, as the provider wrote it before',
        input: firewallRule({ action: 'allow' }),
        subjects: [`acme-production/${old}#action`],
      },
    ],
    passes: [{ when: 'it blocks', input: firewallRule({ action: { mode: 'block' } }) }],
    skips: [nothing, { when: 'it goes away', input: { plan: aPlan().deleting(old).build() } }],
    doubts: [
      {
        when: 'its action is a reference',
        input: firewallRule({ action: '${var.a}' }),
        subjects: [`acme-production/${old}#action`],
      },
      { when: 'it has no action', input: firewallRule({}), subjects: [`acme-production/${old}#action`] },
    ],
  },
  'plan-reviewed-types': {
    finds: [
      {
        when: 'a route to a worker is new',
        input: { plan: aPlan().creating('cloudflare_workers_route.x', { pattern: '*' }).build() },
        subjects: ['acme-production/cloudflare_workers_route.x'],
      },
      {
        when: 'a stack of no register has a type that does not exist',
        input: { plan: aPlan().inStack('elsewhere').deleting('cloudflare_brand_new.x').build() },
        subjects: ['elsewhere/cloudflare_brand_new.x'],
      },
    ],
    passes: [
      { when: 'a record changes', input: { plan: aPlan().updating('cloudflare_dns_record.x').build() } },
      { when: 'a page rule changes', input: { plan: aPlan().updating('cloudflare_page_rule.x').build() } },
    ],
    skips: [
      {
        when: 'it is staging',
        input: { plan: aPlan().inStack('acme-staging').creating('cloudflare_workers_route.x').build() },
      },
    ],
  },
};
