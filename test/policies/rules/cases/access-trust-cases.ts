/** Whom Access believes, and what it asks in lists: providers, authorities, tokens, approvals, users and machines. */
import type { RuleInput } from '../../../../policies/model/facts.ts';
import type { JsonObject, UnchangedResource } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import { created, only, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';

type Input = Partial<RuleInput>;

const prod = 'acme-production/';
const application = 'cloudflare_zero_trust_access_application.wiki';
const policy = 'cloudflare_zero_trust_access_policy.staff';
const provider = 'cloudflare_zero_trust_access_identity_provider.okta';
const authority = 'cloudflare_zero_trust_access_mtls_certificate.devices';
const token = 'cloudflare_zero_trust_access_service_token.ci';
const organization = 'cloudflare_zero_trust_organization.acme';

const zonePulls = 'cloudflare_authenticated_origin_pulls_settings.it';
const hostPulls = 'cloudflare_authenticated_origin_pulls.it';

const staff: JsonObject = { decision: 'allow', include: [{ email_domain: { domain: 'shop.example' } }] };
const byCertificate: JsonObject = { decision: 'non_identity', include: [{ certificate: {} }] };
const wiki = (parts: JsonObject = {}): JsonObject => ({
  name: 'wiki',
  type: 'self_hosted',
  domain: 'wiki.shop.example',
  policies: [staff],
  ...parts,
});

function standing(address: string, values: JsonObject): UnchangedResource {
  return { stack: 'acme-production', address, type: address.split('.')[0] ?? '', zone: null, values };
}

const beside = (input: Input, ...unchanged: readonly UnchangedResource[]): Input => ({ ...input, unchanged });

const okta = (config: JsonObject = {}): JsonObject => ({
  name: 'okta',
  type: 'okta',
  config: { okta_account: 'https://shop.okta.example', client_id: 'c', pkce_enabled: true, ...config },
});
const ca = (hosts: readonly string[], certificate = 'PEM 1'): JsonObject => ({
  name: 'devices',
  certificate,
  associated_hostnames: hosts,
});

const machines = (usernames: readonly string[], parts: JsonObject = {}, name = 'ops'): JsonObject => ({
  name: 'ssh',
  type: 'infrastructure',
  target_criteria: [{ port: 22, protocol: 'SSH', target_attributes: { hostname: ['db-1'] } }],
  policies: [{ name, ...staff, connection_rules: { ssh: { usernames } } }],
  ...parts,
});
const targets = (...criteria: readonly JsonObject[]): JsonObject => ({ target_criteria: criteria });
const host = (names: readonly string[], port = 22): JsonObject => ({
  port,
  protocol: 'SSH',
  target_attributes: { hostname: names },
});

const approved = (groups: readonly JsonObject[], required = true): JsonObject => ({
  name: 'staff',
  ...staff,
  approval_required: required,
  approval_groups: groups,
});
const group = (needed: number, ...people: readonly string[]): JsonObject => ({
  approvals_needed: needed,
  email_addresses: people,
});

const options = `${prod}${application}#`;

/** What changes is known only after apply. */
function openly({ plan }: Input): Input {
  const stacks = (plan?.stacks ?? []).map((stack) => ({
    ...stack,
    changes: stack.changes.map((change) => ({
      ...change,
      attributes: change.attributes.map((attribute) => ({ ...attribute, unknown: true })),
    })),
  }));
  return plan === undefined ? {} : { plan: { ...plan, stacks } };
}

export const accessTrustCases: CaseTable = {
  'access-trust-kept': {
    finds: [
      {
        when: 'another account vouches for people',
        input: updated(provider, okta(), okta({ okta_account: 'https://other.okta.example' })),
        subjects: [`${prod}${provider}#config.okta_account`],
      },
      {
        when: 'the provider becomes one of another kind, and asks with less',
        input: updated(provider, okta(), { ...okta({ pkce_enabled: false }), type: 'oidc' }),
        subjects: [`${prod}${provider}#config.pkce_enabled`, `${prod}${provider}#type`],
      },
      {
        when: 'a provider is new beside an application that takes every one',
        input: beside(created(provider, okta()), standing(application, wiki())),
        subjects: [`${prod}${provider}`],
        severity: 'warn',
      },
      {
        when: 'a provider goes by which people log in',
        input: beside(
          { plan: aPlan().deleting(provider, okta()).build() },
          standing(application, wiki({ allowed_idps: [`\${${provider}.id}`] })),
        ),
        subjects: [`${prod}${provider}`],
        severity: 'warn',
      },
      {
        when: 'an authority signs for a host where a certificate lets in',
        input: beside(
          created(authority, ca(['wiki.shop.example'])),
          standing(application, wiki({ policies: [byCertificate] })),
        ),
        subjects: [`${prod}${authority}#associated_hostnames`],
      },
      {
        when: 'another certificate stands in the place of the old one',
        input: beside(
          updated(authority, ca(['wiki.shop.example']), ca(['wiki.shop.example'], 'PEM 2')),
          standing(
            application,
            wiki({ policies: [{ ...staff, require: [{ common_name: { common_name: 'd' } }] }] }),
          ),
        ),
        subjects: [`${prod}${authority}#associated_hostnames`],
      },
      {
        when: 'what stands in front of a host of the authority is not known',
        input: updated(authority, ca([]), ca(['elsewhere.shop.example'])),
        subjects: [`${prod}${authority}#associated_hostnames`],
        severity: 'warn',
      },
      {
        when: 'a service token lasts longer',
        input: updated(token, { name: 'ci', duration: '8760h' }, { name: 'ci', duration: 'forever' }),
        subjects: [`${prod}${token}#duration`],
      },
      {
        when: 'the organization asks for less at every application',
        input: updated(
          organization,
          { auth_domain: 'shop', session_duration: '12h', allow_authenticate_via_warp: false },
          { auth_domain: 'shop', session_duration: '720h', allow_authenticate_via_warp: true },
        ),
        subjects: [
          `${prod}${organization}#session_duration`,
          `${prod}${organization}#allow_authenticate_via_warp`,
        ],
      },
    ],
    passes: [
      {
        when: 'the secret of a provider is changed, and what it tells besides',
        input: updated(
          provider,
          okta({ client_secret: '${var.old}' }),
          okta({ client_secret: '${var.new}', scopes: ['email'] }),
        ),
      },
      {
        when: 'a provider asks for more',
        input: updated(provider, okta({ pkce_enabled: false }), okta()),
      },
      {
        when: 'a provider is new and every application names its own',
        input: beside(created(provider, okta()), standing(application, wiki({ allowed_idps: ['other'] }))),
      },
      {
        when: 'an authority is new for a host where no certificate lets in',
        input: beside(created(authority, ca(['wiki.shop.example'])), standing(application, wiki())),
      },
      {
        when: 'an authority gets another name and fewer hosts',
        input: updated(authority, ca(['a.shop.example', 'b.shop.example']), {
          ...ca(['a.shop.example']),
          name: 'laptops',
        }),
      },
      {
        when: 'a service token and sessions last shorter, a token is new',
        input: {
          plan: aPlan()
            .updating(token, { duration: '8760h' }, { duration: '2160h' })
            .updating(organization, { session_duration: '24h' }, { session_duration: '600m' })
            .creating('cloudflare_zero_trust_access_service_token.new', { duration: '8760h' })
            .build(),
        },
      },
    ],
    skips: [{ when: 'nothing of the kind changes', input: {} }],
    doubts: [
      {
        when: 'the account is a reference',
        input: updated(provider, okta(), okta({ okta_account: '${var.account}' })),
        subjects: [`${prod}${provider}#config.okta_account`],
      },
    ],
  },
  'origin-pulls-kept': {
    finds: [
      {
        when: 'they are switched off for the zone',
        input: updated(zonePulls, { enabled: true }, { enabled: false }),
        subjects: [`${prod}${zonePulls}#enabled`],
      },
      {
        when: 'they end for a host',
        input: updated(
          hostPulls,
          { config: [{ hostname: 'www.shop.example', enabled: true, cert_id: 'c' }] },
          { config: [{ hostname: 'www.shop.example', enabled: false, cert_id: 'c' }] },
        ),
        subjects: [`${prod}${hostPulls}#config`],
      },
      {
        when: 'the setting of the zone is switched off',
        input: updated(
          'cloudflare_zone_setting.it',
          { setting_id: 'tls_client_auth', value: 'on' },
          { setting_id: 'tls_client_auth', value: 'off' },
        ),
        subjects: [`${prod}cloudflare_zone_setting.it#value`],
      },
    ],
    passes: [
      {
        when: 'they are switched on, and get another certificate',
        input: updated(
          hostPulls,
          { config: [{ hostname: 'www.shop.example', enabled: true, cert_id: 'c' }] },
          {
            config: [
              { hostname: 'www.shop.example', enabled: true, cert_id: 'd' },
              { hostname: 'api.shop.example', enabled: true, cert_id: 'd' },
            ],
          },
        ),
      },
    ],
    skips: [{ when: 'nothing of the kind changes', input: {} }],
  },
};

/** More of the rules about who may enter, and of what has to be known beside them. */
export const accessRestrictionCases: CaseTable = {
  'access-options-kept': only({
    finds: [
      {
        when: 'somebody enters a machine as another user',
        input: updated(application, machines(['deploy']), machines(['deploy', 'root'])),
        subjects: [`${options}policies`],
      },
      {
        when: 'a policy under another name lets in as another user',
        input: updated(application, machines(['deploy']), machines(['root'], {}, 'renamed')),
        subjects: [`${options}policies`],
      },
      {
        when: 'the name in the mail address is a user as well',
        input: updated(
          application,
          machines(['deploy']),
          machines([], {
            policies: [
              {
                name: 'ops',
                ...staff,
                connection_rules: { ssh: { usernames: ['deploy'], allow_email_alias: true } },
              },
            ],
          }),
        ),
        subjects: [`${options}policies`],
      },
      {
        when: 'another machine, another port',
        input: updated(
          application,
          machines(['deploy'], targets(host(['db-1']))),
          machines(['deploy'], targets(host(['db-1']), host(['db-1'], 2222))),
        ),
        subjects: [`${options}target_criteria`],
      },
      {
        when: 'an attribute of the machines is not asked any more',
        input: updated(
          application,
          machines(
            ['deploy'],
            targets({ port: 22, protocol: 'SSH', target_attributes: { hostname: ['db-1'], zone: ['eu'] } }),
          ),
          machines(['deploy'], targets(host(['db-1']))),
        ),
        subjects: [`${options}target_criteria`],
      },
      ...[
        { when: 'fewer approvals are needed', after: [group(1, 'a', 'b')] },
        { when: 'somebody else may approve', after: [group(2, 'a', 'b', 'c')] },
        { when: 'nobody has to approve by name', after: [] },
      ].map(({ when, after }) => ({
        when,
        input: updated(policy, approved([group(2, 'a', 'b')]), approved(after)),
        subjects: [`${prod}${policy}#approval_groups`],
      })),
      {
        when: 'the application is sent back to another address, and shown in frames',
        input: updated(
          application,
          wiki({ saas_app: { redirect_uris: ['https://a.example/'] } }),
          wiki({
            allow_iframe: true,
            saas_app: {
              redirect_uris: ['https://a.example/', 'https://b.example/'],
              allow_pkce_without_client_secret: true,
            },
          }),
        ),
        subjects: [
          `${options}allow_iframe`,
          `${options}saas_app.redirect_uris`,
          `${options}saas_app.allow_pkce_without_client_secret`,
        ],
      },
    ],
    passes: [
      {
        when: 'fewer users, fewer machines, one attribute more is asked',
        input: updated(
          application,
          machines(['deploy', 'root'], targets(host(['db-1', 'db-2']))),
          machines(
            ['deploy'],
            targets({ port: 22, protocol: 'SSH', target_attributes: { hostname: ['db-1'], zone: ['eu'] } }),
          ),
        ),
      },
      {
        when: 'more approvals are needed, of fewer people, and of a second group',
        input: updated(
          policy,
          approved([group(1, 'a', 'b')]),
          approved([group(2, 'c', 'd'), group(2, 'a', 'b')]),
        ),
      },
      {
        when: 'groups change that nobody has to ask',
        input: updated(policy, approved([group(2, 'a', 'b')], false), approved([group(1, 'c')], false)),
      },
    ],
  }),
  'access-not-widened': only({
    finds: [
      {
        when: 'a new service token is named in a service policy',
        input: updated(
          application,
          wiki({
            policies: [
              { decision: 'non_identity', include: [{ service_token: { token_id: `\${${token}.id}` } }] },
            ],
          }),
          wiki({
            policies: [
              {
                decision: 'non_identity',
                include: [token, 'cloudflare_zero_trust_access_service_token.new'].map((address) => ({
                  service_token: { token_id: `\${${address}.id}` },
                })),
              },
            ],
          }),
        ),
        subjects: [`${options}policies`],
      },
    ],
    doubts: [
      {
        when: 'a token that is named by its id is named by reference: it may be the same one',
        input: updated(
          application,
          wiki({
            policies: [{ decision: 'non_identity', include: [{ service_token: { token_id: 'id-1' } }] }],
          }),
          wiki({
            policies: [
              { decision: 'non_identity', include: [{ service_token: { token_id: `\${${token}.id}` } }] },
            ],
          }),
        ),
        subjects: [`${options}policies`],
      },
    ],
  }),
  'access-kept': only({
    finds: [
      {
        when: 'a private network is not behind it any more, to a part',
        input: updated(
          application,
          wiki({ destinations: [{ type: 'private', cidr: '10.0.0.0/24', port_range: '443' }] }),
          wiki({ destinations: [{ type: 'private', cidr: '10.0.0.0/25', port_range: '443' }] }),
        ),
        subjects: [`${options}domain`],
      },
    ],
    passes: [
      {
        when: 'more of a private network, and more ports, are behind it',
        input: updated(
          application,
          wiki({ destinations: [{ type: 'private', cidr: '10.0.0.0/24', port_range: '443' }] }),
          wiki({ destinations: [{ type: 'private', cidr: '10.0.0.0/16', port_range: '80-8080' }] }),
        ),
      },
    ],
  }),
  'plan-unknown-guarded': only({
    doubts: [
      {
        when: 'a list gets an address that is known only after apply',
        input: openly(
          updated(
            'cloudflare_list.office',
            { name: 'office', kind: 'ip', items: [{ ip: '192.0.2.1' }] },
            { name: 'office', kind: 'ip', items: [{ ip: '192.0.2.1' }, {}] },
          ),
        ),
        subjects: [`${prod}cloudflare_list.office#items`],
      },
    ],
    passes: [
      {
        when: 'a list gets an address that is written',
        input: updated(
          'cloudflare_list.office',
          { name: 'office', kind: 'ip', items: [{ ip: '192.0.2.1' }] },
          { name: 'office', kind: 'ip', items: [{ ip: '192.0.2.1' }, { ip: '192.0.2.2' }] },
        ),
      },
    ],
  }),
};
