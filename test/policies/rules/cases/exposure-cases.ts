/** What browsers are told for long, which ciphers are allowed, which headers protect visitors, what copies are kept. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import { updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const nothing = { when: 'nothing of the kind changes', input: { plan: aPlan().build() } };
const setting = 'cloudflare_zone_setting.it';
const ruleset = 'cloudflare_ruleset.headers';

function hsts(before: JsonObject, after: JsonObject): Partial<RuleInput> {
  const value = (header: JsonObject): JsonObject => ({
    setting_id: 'security_header',
    value: { strict_transport_security: header },
  });
  return updated(setting, value(before), value(after));
}

function ciphers(before: readonly string[] | null, after: readonly string[] | null): Partial<RuleInput> {
  const value = (list: readonly string[] | null): JsonObject => ({
    setting_id: 'ciphers',
    ...(list === null ? {} : { value: list }),
  });
  return updated(setting, value(before), value(after));
}

const headerRule = (written: JsonObject, parts: JsonObject = {}): JsonObject => ({
  ref: 'headers',
  expression: 'true',
  action: 'rewrite',
  action_parameters: { headers: written },
  ...parts,
});

function headers(before: readonly JsonObject[], after: readonly JsonObject[]): Partial<RuleInput> {
  const values = (rules: readonly JsonObject[]): JsonObject => ({
    phase: 'http_response_headers_transform',
    kind: 'zone',
    rules,
  });
  return updated(ruleset, values(before), values(after));
}

const csp = { 'Content-Security-Policy': { operation: 'set', value: "default-src 'self'" } };

function archive(before: string, after: string, domain: string | null): Partial<RuleInput> {
  return {
    ...updated(
      setting,
      { setting_id: 'always_online', value: before },
      { setting_id: 'always_online', value: after },
    ),
    unchanged:
      domain === null
        ? []
        : [
            {
              stack: 'acme-production',
              address: 'cloudflare_zero_trust_access_application.wiki',
              type: 'cloudflare_zero_trust_access_application',
              zone: null,
              values: { name: 'wiki', domain },
            },
          ],
  };
}

export const exposureCases: CaseTable = {
  'hsts-lasting': {
    finds: [
      {
        when: 'HSTS begins with everything',
        input: hsts(
          { enabled: false },
          { enabled: true, max_age: 63_072_000, include_subdomains: true, preload: true },
        ),
        subjects: [`${prod}${setting}#value`, `${prod}${setting}#value`],
      },
      {
        when: 'subdomains are added',
        input: hsts(
          { enabled: true, max_age: 600 },
          { enabled: true, max_age: 600, include_subdomains: true },
        ),
        subjects: [`${prod}${setting}#value`],
      },
      {
        when: 'a rule writes the header with preload',
        input: headers(
          [],
          [
            headerRule({
              'Strict-Transport-Security': {
                operation: 'set',
                value: 'max-age=63072000; includeSubDomains; preload',
              },
            }),
          ],
        ),
        subjects: [`${prod}${ruleset}#headers`],
      },
    ].map((one) => ({ ...one, severity: 'warn' as const })),
    passes: [
      {
        when: 'it lasts longer for the host alone',
        input: hsts({ enabled: true, max_age: 600 }, { enabled: true, max_age: 31_536_000 }),
      },
      {
        when: 'it was so before',
        input: hsts(
          { enabled: true, max_age: 600, include_subdomains: true },
          { enabled: true, max_age: 1200, include_subdomains: true },
        ),
      },
      {
        when: 'it is written down while HSTS is off',
        input: hsts({ enabled: false }, { enabled: false, include_subdomains: true }),
      },
    ],
    skips: [nothing],
  },
  'tls-ciphers-kept': {
    finds: [
      {
        when: 'ciphers with CBC and 3DES are added',
        input: ciphers(
          ['ECDHE-RSA-AES128-GCM-SHA256'],
          ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-SHA', 'DES-CBC3-SHA'],
        ),
        subjects: [`${prod}${setting}#value`],
      },
      {
        when: 'the list is emptied',
        input: ciphers(['ECDHE-RSA-AES128-GCM-SHA256'], []),
        subjects: [`${prod}${setting}#value`],
      },
      {
        when: 'the list is taken out',
        input: ciphers(['ECDHE-RSA-AES128-GCM-SHA256'], null),
        subjects: [`${prod}${setting}#value`],
      },
      {
        when: 'a host of its own gets RC4',
        input: {
          plan: aPlan()
            .creating('cloudflare_hostname_tls_setting.api', {
              setting_id: 'ciphers',
              value: ['ECDHE-RSA-RC4-SHA'],
            })
            .build(),
        },
        subjects: [`${prod}cloudflare_hostname_tls_setting.api#value`],
      },
    ],
    passes: [
      {
        when: 'only ciphers with authenticated encryption are left',
        input: ciphers(
          ['ECDHE-RSA-AES128-SHA', 'ECDHE-RSA-AES128-GCM-SHA256'],
          ['ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'AEAD-AES256-GCM-SHA384'],
        ),
      },
      { when: 'one of several weak ones goes', input: ciphers(['AES128-SHA', 'AES256-SHA'], ['aes128-sha']) },
      { when: 'it was empty before', input: ciphers([], []) },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'the list is a reference',
        input: updated(
          setting,
          { setting_id: 'ciphers', value: [] },
          { setting_id: 'ciphers', value: '${var.c}' },
        ),
        subjects: [`${prod}${setting}#value`],
      },
    ],
  },
  'security-headers-kept': {
    finds: [
      {
        when: 'a rule removes two of them from responses, however they are written',
        input: headers(
          [],
          [
            headerRule({
              'X-FRAME-OPTIONS': { operation: 'remove' },
              'content-security-policy': { operation: 'remove' },
            }),
          ],
        ),
        subjects: [`${prod}${ruleset}#headers`, `${prod}${ruleset}#headers`],
      },
      {
        when: 'the rule that sets one goes',
        input: headers([headerRule(csp)], []),
        subjects: [`${prod}${ruleset}#headers`],
      },
      {
        when: 'the rule that sets one is switched off',
        input: headers([headerRule(csp)], [headerRule(csp, { enabled: false })]),
        subjects: [`${prod}${ruleset}#headers`],
      },
      {
        when: 'Cloudflare adds them no longer',
        input: updated(
          'cloudflare_managed_transforms.it',
          { managed_response_headers: [{ id: 'add_security_headers', enabled: true }] },
          { managed_response_headers: [{ id: 'add_security_headers', enabled: false }] },
        ),
        subjects: [`${prod}cloudflare_managed_transforms.it#managed_response_headers`],
      },
    ],
    passes: [
      {
        when: 'a header that says too much is removed',
        input: headers([], [headerRule({ 'X-Powered-By': { operation: 'remove' } })]),
      },
      { when: 'one is added', input: headers([], [headerRule(csp)]) },
      {
        when: 'another rule sets it now',
        input: headers(
          [headerRule(csp)],
          [headerRule(csp, { ref: 'moved', expression: 'http.host eq "a"' })],
        ),
      },
      {
        when: 'Cloudflare begins to add them',
        input: updated(
          'cloudflare_managed_transforms.it',
          { managed_response_headers: [] },
          { managed_response_headers: [{ id: 'add_security_headers', enabled: true }] },
        ),
      },
    ],
    skips: [nothing],
  },
  'always-online-private': {
    finds: [
      {
        when: 'it is switched on where a host is behind Access',
        input: archive('off', 'on', 'wiki.shop.example'),
        subjects: [`${prod}${setting}#value`],
      },
    ],
    passes: [
      { when: 'no host of the zone is private', input: archive('off', 'on', 'wiki.other.example') },
      { when: 'it was on', input: archive('on', 'on', 'wiki.shop.example') },
      { when: 'it is switched off', input: archive('on', 'off', 'wiki.shop.example') },
    ],
    skips: [nothing],
    doubts: [
      {
        when: 'whether it is on is a reference',
        input: archive('off', '${var.on}', 'wiki.shop.example'),
        subjects: [`${prod}${setting}#value`],
      },
    ],
  },
};
