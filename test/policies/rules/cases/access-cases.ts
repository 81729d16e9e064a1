/** Cases of the rules about Access, bot settings, IP access rules, tokens and account members. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const nothing = { when: 'nothing of the kind changes', input: {} };

const policy = 'cloudflare_zero_trust_access_policy.it';
const staff = { email_domain: { domain: 'shop.example' } };
function aPolicy(parts: JsonObject = {}): JsonObject {
  return { account_id: 'a', name: 'staff', decision: 'allow', include: [staff], ...parts };
}
const application = 'cloudflare_zero_trust_access_application.it';

const token = 'cloudflare_api_token.it';
const dnsWrite = '4755a26eedb94da69e1066d98aa820be';
const tokensWrite = '686d18d5ac6c441c867cbf6771e58a0a';
function aToken(parts: JsonObject = {}, grant: JsonObject = {}): JsonObject {
  return {
    name: 'dns',
    expires_on: '2027-06-01T00:00:00Z',
    condition: { request_ip: { in: ['192.0.2.0/28'] } },
    policies: [
      {
        effect: 'allow',
        permission_groups: [{ id: dnsWrite }],
        resources: '{"com.cloudflare.api.account.zone.0123456789abcdef0123456789abcdef":"*"}',
        ...grant,
      },
    ],
    ...parts,
  };
}

const member = 'cloudflare_account_member.it';
const superAdministrator = '33666b9c79b9a5273fc7344ff42f953d';
const bots = 'cloudflare_bot_management.it';
const access = 'cloudflare_access_rule.it';

export const accessCases: CaseTable = {
  'access-policy-not-open': {
    finds: [
      {
        when: 'everyone is included',
        input: {
          plan: aPlan()
            .creating(policy, aPolicy({ include: [staff, { everyone: {} }] }))
            .build(),
        },
        subjects: [`${prod}${policy}#include`],
      },
      {
        when: 'any service token is included',
        input: {
          plan: aPlan()
            .updating(policy, aPolicy(), aPolicy({ include: [{ any_valid_service_token: {} }] }))
            .build(),
        },
        subjects: [`${prod}${policy}#include`],
      },
      {
        when: 'it bypasses',
        input: {
          plan: aPlan()
            .updating(policy, aPolicy(), aPolicy({ decision: 'bypass' }))
            .build(),
        },
        subjects: [`${prod}${policy}#decision`],
      },
      {
        when: 'a policy inside an application includes everyone',
        input: {
          plan: aPlan()
            .creating(application, { name: 'wiki', policies: [aPolicy({ include: [{ everyone: {} }] })] })
            .build(),
        },
        subjects: [`${prod}${application}#policies.0.include`],
      },
      {
        when: 'a group includes everyone',
        input: {
          plan: aPlan()
            .creating('cloudflare_zero_trust_access_group.it', { name: 'g', include: [{ everyone: {} }] })
            .build(),
        },
        subjects: [`${prod}cloudflare_zero_trust_access_group.it#include`],
      },
    ],
    passes: [
      { when: 'a mail domain is included', input: { plan: aPlan().creating(policy, aPolicy()).build() } },
      {
        when: 'everyone is denied',
        input: {
          plan: aPlan()
            .creating(policy, aPolicy({ decision: 'deny', include: [{ everyone: {} }] }))
            .build(),
        },
      },
      {
        when: 'a live plan spells out the selectors that are not used',
        input: {
          plan: aPlan()
            .creating(policy, aPolicy({ include: [{ ...staff, everyone: null }] }))
            .build(),
        },
      },
      {
        when: 'it was open before and only its name changes',
        input: {
          plan: aPlan()
            .updating(
              policy,
              aPolicy({ include: [{ everyone: {} }] }),
              aPolicy({ name: 'x', include: [{ everyone: {} }] }),
            )
            .build(),
        },
      },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'the decision is a reference',
        input: {
          plan: aPlan()
            .creating(policy, aPolicy({ decision: '${var.d}' }))
            .build(),
        },
        subjects: [`${prod}${policy}#decision`],
      },
      {
        when: 'whom it includes is known only after apply',
        input: { plan: aPlan().creating(policy, aPolicy()).withUnknown('include').build() },
        subjects: [`${prod}${policy}#include`],
      },
    ],
  },
  'access-kept': {
    finds: [
      {
        when: 'the application is removed',
        input: {
          plan: aPlan()
            .deleting(application, { name: 'wiki', policies: [{ id: 'p' }] })
            .build(),
        },
        subjects: [`${prod}${application}`],
      },
      {
        when: 'only one path of its host stays behind it',
        input: {
          plan: aPlan()
            .updating(
              application,
              { domain: 'wiki.shop.example', policies: [{ id: 'p' }] },
              { domain: 'wiki.shop.example/admin', policies: [{ id: 'p' }] },
            )
            .build(),
        },
        subjects: [`${prod}${application}#domain`],
      },
      {
        when: 'one of its destinations moves, a private one too',
        input: {
          plan: aPlan()
            .updating(
              application,
              {
                destinations: [{ uri: 'a.shop.example' }, { type: 'private', cidr: '10.0.0.0/8' }],
                policies: [{ id: 'p' }],
              },
              {
                destinations: [{ uri: 'b.shop.example' }, { type: 'private', cidr: '10.1.0.0/16' }],
                policies: [{ id: 'p' }],
              },
            )
            .build(),
        },
        subjects: [`${prod}${application}#domain`],
      },
      {
        when: 'it becomes a bookmark, which protects nothing',
        input: {
          plan: aPlan()
            .updating(
              application,
              { domain: 'wiki.shop.example', type: 'self_hosted', policies: [{ id: 'p' }] },
              { domain: 'wiki.shop.example', type: 'bookmark', policies: [{ id: 'p' }] },
            )
            .build(),
        },
        subjects: [`${prod}${application}#domain`],
      },
      {
        when: 'its last policy is removed',
        input: {
          plan: aPlan()
            .updating(application, { name: 'wiki', policies: [{ id: 'p' }] }, { name: 'wiki', policies: [] })
            .build(),
        },
        subjects: [`${prod}${application}#policies`],
      },
    ],
    passes: [
      {
        when: 'another application takes over its host',
        input: {
          plan: aPlan()
            .deleting(application, { domain: 'wiki.shop.example', policies: [{ id: 'p' }] })
            .creating('cloudflare_zero_trust_access_application.all', {
              destinations: [{ type: 'public', uri: '*.shop.example' }],
              policies: [{ id: 'p' }],
            })
            .build(),
        },
      },
      {
        when: 'its domain is written as a destination, and a path is added',
        input: {
          plan: aPlan()
            .updating(
              application,
              { domain: 'wiki.shop.example/docs', policies: [{ id: 'p' }] },
              { destinations: [{ uri: 'wiki.shop.example' }], policies: [{ id: 'p' }] },
            )
            .build(),
        },
      },
      {
        when: 'a policy stays',
        input: {
          plan: aPlan()
            .updating(application, { policies: [{ id: 'p' }, { id: 'q' }] }, { policies: [{ id: 'q' }] })
            .build(),
        },
      },
    ],
    skips: [
      nothing,
      { when: 'the application is new', input: { plan: aPlan().creating(application, {}).build() } },
    ],
    doubts: [
      {
        when: 'the policies are a reference',
        input: {
          plan: aPlan()
            .updating(application, { policies: [{ id: 'p' }] }, { policies: '${local.p}' })
            .build(),
        },
        subjects: [`${prod}${application}#policies`],
      },
    ],
  },
  'bot-settings-kept': {
    finds: [
      {
        when: 'fight mode is turned off',
        input: { plan: aPlan().updating(bots, { fight_mode: true }, { fight_mode: false }).build() },
        subjects: [`${prod}${bots}#fight_mode`],
      },
      {
        when: 'definitely automated traffic is let in',
        input: {
          plan: aPlan()
            .updating(bots, { sbfm_definitely_automated: 'block' }, { sbfm_definitely_automated: 'allow' })
            .build(),
        },
        subjects: [`${prod}${bots}#sbfm_definitely_automated`],
      },
      {
        when: 'no longer managed',
        input: { plan: aPlan().deleting(bots, { fight_mode: true }).build() },
        subjects: [`${prod}${bots}`],
      },
    ],
    passes: [
      {
        when: 'turned up',
        input: { plan: aPlan().updating(bots, { fight_mode: false }, { fight_mode: true }).build() },
      },
    ],
    skips: [
      nothing,
      { when: 'new settings', input: { plan: aPlan().creating(bots, { fight_mode: false }).build() } },
    ],
    doubts: [
      {
        when: 'the mode is a reference',
        input: { plan: aPlan().updating(bots, { fight_mode: true }, { fight_mode: '${var.fight}' }).build() },
        subjects: [`${prod}${bots}#fight_mode`],
      },
    ],
  },
  'ip-access-allow-scope': {
    finds: [
      {
        when: 'a country is allowed',
        input: {
          plan: aPlan()
            .creating(access, { mode: 'whitelist', configuration: { target: 'country', value: 'GB' } })
            .build(),
        },
        subjects: [`${prod}${access}#configuration`],
      },
      {
        when: 'a range is allowed',
        input: {
          plan: aPlan()
            .creating(access, {
              mode: 'whitelist',
              configuration: { target: 'ip_range', value: '192.0.2.0/24' },
            })
            .build(),
        },
        subjects: [`${prod}${access}#configuration`],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'one address is allowed',
        input: {
          plan: aPlan()
            .creating(access, { mode: 'whitelist', configuration: { target: 'ip', value: '192.0.2.1' } })
            .build(),
        },
      },
      {
        when: 'a country is blocked',
        input: {
          plan: aPlan()
            .creating(access, { mode: 'block', configuration: { target: 'country', value: 'GB' } })
            .build(),
        },
      },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'the mode is a reference',
        input: { plan: aPlan().creating(access, { mode: '${var.mode}' }).build() },
        subjects: [`${prod}${access}#mode`],
      },
      {
        when: 'the target is a reference',
        input: { plan: aPlan().creating(access, { mode: 'whitelist', configuration: '${var.c}' }).build() },
        subjects: [`${prod}${access}#configuration`],
      },
    ],
  },
  'token-permissions': {
    finds: [
      {
        when: 'it may write tokens',
        input: {
          plan: aPlan()
            .creating(token, aToken({}, { permission_groups: [{ id: tokensWrite }] }))
            .build(),
        },
        subjects: [`${prod}${token}#policies`],
      },
      {
        when: 'a forbidden group is named',
        input: {
          plan: aPlan()
            .creating(
              'cloudflare_account_token.it',
              aToken({}, { permission_groups: [{ id: 'x', name: 'API Tokens Write' }] }),
            )
            .build(),
        },
        subjects: [`${prod}cloudflare_account_token.it#policies`],
      },
    ],
    passes: [
      { when: 'it may write DNS', input: { plan: aPlan().creating(token, aToken()).build() } },
      {
        when: 'the forbidden group is denied to it',
        input: {
          plan: aPlan()
            .creating(token, aToken({}, { effect: 'deny', permission_groups: [{ id: tokensWrite }] }))
            .build(),
        },
      },
    ],
    skips: [
      nothing,
      { when: 'the token goes away', input: { plan: aPlan().deleting(token, aToken()).build() } },
    ],
    doubts: [
      {
        when: 'nobody knows the group',
        input: {
          plan: aPlan()
            .creating(token, aToken({}, { permission_groups: [{ id: 'f'.repeat(32) }] }))
            .build(),
        },
        subjects: [`${prod}${token}#policies`],
      },
      {
        when: 'the policies are a reference',
        input: {
          plan: aPlan()
            .creating(token, aToken({ policies: '${local.p}' }))
            .build(),
        },
        subjects: [`${prod}${token}#policies`],
      },
    ],
  },
  'token-scope': {
    finds: [
      {
        when: 'all accounts',
        input: {
          plan: aPlan()
            .creating(token, aToken({}, { resources: '{"com.cloudflare.api.account.*":"*"}' }))
            .build(),
        },
        subjects: [`${prod}${token}#policies`],
      },
      {
        when: 'all zones, written as an object',
        input: {
          plan: aPlan()
            .creating(token, aToken({}, { resources: { 'com.cloudflare.api.account.zone.*': '*' } }))
            .build(),
        },
        subjects: [`${prod}${token}#policies`],
      },
    ],
    passes: [{ when: 'one zone', input: { plan: aPlan().creating(token, aToken()).build() } }],
    skips: [nothing],
    doubts: [
      {
        when: 'the resources are a reference',
        input: {
          plan: aPlan()
            .creating(token, aToken({}, { resources: '${jsonencode(local.r)}' }))
            .build(),
        },
        subjects: [`${prod}${token}#policies`],
      },
    ],
  },
  'token-lifetime': {
    finds: [
      {
        when: 'no end',
        input: {
          plan: aPlan()
            .creating(
              token,
              Object.fromEntries(Object.entries(aToken()).filter(([key]) => key !== 'expires_on')),
            )
            .build(),
        },
        subjects: [`${prod}${token}#expires_on`],
      },
      {
        when: 'an end years away',
        input: {
          plan: aPlan()
            .creating(token, aToken({ expires_on: '2036-01-01T00:00:00Z' }))
            .build(),
        },
        subjects: [`${prod}${token}#expires_on`],
      },
      {
        when: 'an end that is not a date',
        input: {
          plan: aPlan()
            .creating(token, aToken({ expires_on: 'soon' }))
            .build(),
        },
        subjects: [`${prod}${token}#expires_on`],
      },
      {
        when: 'usable from everywhere',
        input: {
          plan: aPlan()
            .creating(token, aToken({ condition: null }))
            .build(),
        },
        subjects: [`${prod}${token}#condition`],
        severity: 'warn',
      },
    ],
    passes: [{ when: 'it ends in half a year', input: { plan: aPlan().creating(token, aToken()).build() } }],
    skips: [nothing],
    doubts: [
      {
        when: 'the end is a reference',
        input: {
          plan: aPlan()
            .creating(token, aToken({ expires_on: '${var.end}' }))
            .build(),
        },
        subjects: [`${prod}${token}#expires_on`],
      },
    ],
  },
  'account-member-roles': {
    finds: [
      {
        when: 'a new super administrator',
        input: {
          plan: aPlan()
            .creating(member, { email: 'a@shop.example', roles: [superAdministrator] })
            .build(),
        },
        subjects: [`${prod}${member}#roles`],
      },
    ],
    passes: [
      {
        when: 'a narrow role',
        input: {
          plan: aPlan()
            .creating(member, { roles: ['f'.repeat(32)] })
            .build(),
        },
      },
      {
        when: 'already one',
        input: {
          plan: aPlan()
            .updating(member, { roles: [superAdministrator] }, { roles: [superAdministrator, 'b'] })
            .build(),
        },
      },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'the role is a reference',
        input: {
          plan: aPlan()
            .creating(member, { roles: ['${data.cloudflare_account_roles.all.id}'] })
            .build(),
        },
        subjects: [`${prod}${member}#roles`],
      },
    ],
  },
};
