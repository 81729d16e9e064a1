/** Cases of rules about values that are not known yet, or that are not of the type that the provider asks for. */
import { aDnsRecord, aPlan, cloudflareProvider } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';
import { aWafRule, ruleChange } from './waf-cases.ts';

const prod = 'acme-production/';
const www = 'cloudflare_dns_record.www';
const waf = 'cloudflare_ruleset.waf';
const rule = `${prod}${waf}#block-admin`;

/** A value that version 5 refuses, with a provider of the given version. */
const refusedWith = (version: string) =>
  aPlan()
    .withSettings({
      after: { providers: [{ name: 'cloudflare', source: cloudflareProvider, version }] },
    })
    .creating(www, aDnsRecord({ type: 'MX', proxied: false, priority: 65_536 }))
    .build();

export const valueCases: CaseTable = {
  'plan-update-possible': {
    finds: [
      {
        when: 'the provider has no update of it',
        input: {
          plan: aPlan()
            .updating(
              'cloudflare_list_item.x',
              { account_id: 'a', list_id: 'b', ip: '192.0.2.1', comment: 'old' },
              { account_id: 'a', list_id: 'b', ip: '192.0.2.1', comment: 'new' },
            )
            .build(),
        },
        subjects: [`${prod}cloudflare_list_item.x`],
      },
    ],
    passes: [
      {
        when: 'the provider updates it, or nobody knows',
        input: {
          plan: aPlan()
            .updating(www, aDnsRecord({ content: '192.0.2.1' }), aDnsRecord({ content: '192.0.2.2' }))
            .updating('cloudflare_new.x', { a: '1' }, { a: '2' })
            .build(),
        },
      },
    ],
    skips: [
      {
        when: 'it is created or replaced',
        input: {
          plan: aPlan()
            .creating('cloudflare_list_item.x', { account_id: 'a', list_id: 'b', ip: '192.0.2.1' })
            .build(),
        },
      },
    ],
  },
  'plan-values-accepted': {
    finds: [
      {
        when: 'a priority is larger than a record may have',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ type: 'MX', proxied: false, priority: 65_536 }))
            .build(),
        },
        subjects: [`${prod}${www}#priority`],
      },
      {
        when: 'two members exclude each other, in one of two elements',
        input: {
          plan: aPlan()
            .creating('cloudflare_list.x', {
              account_id: 'a',
              kind: 'ip',
              items: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2', asn: 64_500 }],
            })
            .build(),
        },
        subjects: ['asn', 'ip'].map((name) => `${prod}cloudflare_list.x#items[1].${name}`),
      },
      {
        when: 'the provider may be one of version 5',
        input: { plan: refusedWith('>= 4.52') },
        subjects: [`${prod}${www}#priority`],
      },
    ],
    passes: [
      {
        when: 'a value is at its limit, left out, or known later',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ type: 'MX', proxied: false, priority: 65_535 }))
            .creating('cloudflare_dns_record.later', aDnsRecord({ priority: '${var.priority}' }))
            .creating('cloudflare_dns_record.none', aDnsRecord({ priority: null }))
            .build(),
        },
      },
    ],
    skips: [
      { when: 'the resource goes away', input: { plan: aPlan().deleting(www).build() } },
      ...['4.52.8', '~> 4.52', '= 4.0'].map((version) => ({
        when: `the provider is held to ${version}`,
        input: { plan: refusedWith(version) },
      })),
    ],
  },
  'plan-values-typed': {
    finds: [
      {
        when: 'a switch says yes',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ proxied: 'yes' }))
            .build(),
        },
        subjects: [`${prod}${www}#proxied`],
      },
      {
        when: 'an amount within a list is a word, and another is a boolean',
        input: {
          plan: aPlan()
            .creating('cloudflare_load_balancer_pool.x', {
              origins: [{ weight: 1 }, { weight: 'much' }, { weight: true }],
            })
            .build(),
        },
        subjects: [1, 2].map((at) => `${prod}cloudflare_load_balancer_pool.x#origins[${String(at)}].weight`),
      },
    ],
    passes: [
      {
        when: 'they are what the provider asks for, left out or known later',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord({ proxied: null, ttl: '${var.ttl}', priority: '10' }))
            .build(),
        },
      },
      {
        when: 'the schema leaves the type open',
        input: {
          plan: aPlan().creating('cloudflare_zone_setting.x', { setting_id: 'ssl', value: 'strict' }).build(),
        },
      },
      {
        when: 'nobody knows the type of the resource',
        input: { plan: aPlan().creating('cloudflare_new.x', { proxied: 'yes' }).build() },
      },
    ],
    skips: [{ when: 'the resource goes away', input: { plan: aPlan().deleting(www).build() } }],
  },
};

/** Further examples of a rule that has its cases elsewhere. */
export const unknownCases: CaseTable = {
  'waf-lint': {
    finds: [
      {
        when: 'the zone is not known, and the rule has a ref without a text',
        input: {
          plan: ruleChange(null, aWafRule({ ref: ' ', expression: 'ip.src eq 8.8.8.8' }))
            .withUnknown('zone_id')
            .build(),
        },
        subjects: [`${prod}${waf}# `],
      },
      {
        when: 'the parameters are not known, and the phase does not have the action',
        input: {
          plan: ruleChange(null, aWafRule({ action: 'redirect' }))
            .withUnknown('rules', 0, 'action_parameters')
            .build(),
        },
        subjects: [rule],
      },
      {
        when: 'one override is not known, and another is not an override',
        input: {
          plan: ruleChange(
            null,
            aWafRule({
              action: 'execute',
              action_parameters: {
                id: 'efb7b8c949ac4650a09736fc376e9aee',
                overrides: { categories: ['${var.one}', { enabled: true }] },
              },
            }),
            'http_request_firewall_managed',
          )
            .withUnknown('rules', 0, 'action_parameters', 'overrides', 'categories', 0)
            .build(),
        },
        subjects: [rule],
      },
    ],
    passes: [
      {
        when: 'what is missing in a plan of Terraform comes at apply',
        input: {
          plan: ruleChange(
            null,
            aWafRule({ action_parameters: { response: { content: 'no', status_code: 403 } } }),
          )
            .withUnknown('zone_id')
            .withUnknown('rules', 0, 'action_parameters', 'response', 'content_type')
            .build(),
        },
      },
      ...[[], ['value']].map((below) => ({
        when: `of a header it is not known ${below.join('') || 'what happens to it'}`,
        input: {
          plan: ruleChange(
            null,
            aWafRule({
              action: 'rewrite',
              action_parameters: { headers: { 'X-Sluice': { operation: 'set' } } },
            }),
            'http_request_late_transform',
          )
            .withUnknown('rules', 0, 'action_parameters', 'headers', 'X-Sluice', ...below)
            .build(),
        },
      })),
    ],
    skips: [],
  },
};
