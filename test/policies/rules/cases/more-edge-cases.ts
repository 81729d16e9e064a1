/** Further examples of rules about records, plans and tokens: values that are only just enough, and what is not known. */
import { anIncident } from '../../../builders/facts.ts';
import type { KnownIncident } from '../../../../policies/model/incident.ts';
import type { Rollback } from '../../../../policies/model/record.ts';
import type { JsonObject, Path } from '../../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../../../builders/policy.ts';
import { aRecord, anEmergency } from '../../../builders/record.ts';
import { only } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRateLimit, ruleChange } from './waf-cases.ts';

const prod = 'acme-production/';
const record = ['record'];

const guarded: Readonly<Record<string, readonly string[]>> = {
  cloudflare_access_rule: ['mode'],
  cloudflare_dns_record: ['type', 'name'],
  cloudflare_hostname_tls_setting: ['setting_id'],
  cloudflare_ruleset: ['kind', 'phase', 'rules'],
  cloudflare_zero_trust_access_application: ['type'],
  cloudflare_zero_trust_access_policy: ['decision'],
  cloudflare_zone: ['name'],
  cloudflare_zone_setting: ['setting_id'],
};
const unknownAt = (address: string, ...path: Path) => ({
  plan: aPlan()
    .creating(address, { a: 1 })
    .withUnknown(...path)
    .build(),
});

const executing = (id: string) => ({
  plan: aPlan()
    .creating('cloudflare_ruleset.waf', {
      rules: [{ ref: 'a', action: 'execute', action_parameters: { id } }],
    })
    .withUnknown('rules', 0, 'action_parameters', 'id')
    .build(),
});

const ratePhase = 'http_ratelimit';
const waf = 'cloudflare_ruleset.waf';
const limit = `${prod}${waf}#block-admin`;
const limits = (before: JsonObject, after: JsonObject) => ({
  plan: ruleChange(before, after, ratePhase).build(),
});
const acting = (action: string) => aRateLimit({ action });
const actions = ['log', 'managed_challenge', 'js_challenge', 'challenge', 'block'];
const scored = (score_per_period: number) => aRateLimit({}, { requests_per_period: null, score_per_period });

const tunnel = 'cloudflare_zero_trust_tunnel_cloudflared.x';
const secret = (parts: JsonObject, path: Path = ['tunnel_secret'], unknown = false) =>
  aPlan().creating(tunnel, parts, {
    attributes: [
      {
        path,
        kind: 'added',
        ...('tunnel_secret' in parts ? { after: parts['tunnel_secret'] ?? null } : {}),
        unknown,
        sensitive: true,
        forcesReplacement: false,
      },
    ],
  });

const incident = (parts: Partial<KnownIncident> = {}): readonly KnownIncident[] => [anIncident(parts)];
const emergency = (severity: 'P1' | 'P2') =>
  anEmergency({
    emergency: {
      declaredBy: 'm.lind',
      declaredAt: '2026-11-23T08:30:00Z',
      severity,
      incident: 'INC-2026-0007',
    },
  });
const inZone = (...zones: readonly string[]) =>
  zones
    .reduce((plan, zone, at) => plan.inZone(zone).updating(`cloudflare_dns_record.r${String(at)}`), aPlan())
    .build();

const rollback: Rollback = {
  strategy: 'revert',
  steps: ['x'],
  triggers: ['y'],
  decider: 'm.lind',
  maxDurationMin: 15,
};
const undone = (parts: Partial<Rollback>) => ({ record: aRecord({ rollback: { ...rollback, ...parts } }) });
const noWay = (irreversibleReason: string) => undone({ strategy: 'not-possible', irreversibleReason });

const windowed = (start: string, end: string, maxDurationMin: number) => ({
  policy: aPolicySet({
    registers: [
      aBoroughRegister(),
      aRegister({
        windows: [
          { id: 'other', days: ['MO'], start: '00:00', end: '24:00', timezone: 'UTC' },
          { id: 'acme-weeknight', days: ['MO'], start, end, timezone: 'UTC' },
        ],
      }),
    ],
  }),
  record: aRecord({
    schedule: {
      plannedStart: '2026-12-07T20:00:00Z',
      plannedEnd: '2026-12-08T19:59:00Z',
      window: 'acme-weeknight',
    },
    rollback: { ...rollback, maxDurationMin },
  }),
});

const token = 'cloudflare_api_token.it';
const grant = (resources: string, expires_on = '2027-06-01T00:00:00Z') => ({
  plan: aPlan()
    .creating(token, {
      name: 'dns',
      expires_on,
      condition: { request_ip: { in: ['192.0.2.0/28'] } },
      policies: [{ effect: 'allow', permission_groups: [{ id: 'x' }], resources }],
    })
    .build(),
});

const dns = 'cloudflare_dns_record.it';
const caa = (data: JsonObject) => aDnsRecord({ name: 'shop.example', type: 'CAA', proxied: false, data });
const caaEdit = (before: JsonObject, after: JsonObject) => ({
  plan: aPlan().updating(dns, caa(before), caa(after)).build(),
});
const issuer = { flags: 128, tag: 'issue', value: 'pki.goog' };

export const moreEdgeCases: CaseTable = {
  'plan-unknown-guarded': only({
    doubts: [
      ...Object.entries(guarded).flatMap(([type, fields]) =>
        fields.map((field) => ({
          when: `the ${field} of a ${type} is not known`,
          input: unknownAt(`${type}.it`, field),
          subjects: [`${prod}${type}.it#${field}`],
        })),
      ),
      ...[
        ['rules', 0],
        ['rules', 0, 'action_parameters', 'overrides', 'categories'],
        ['rules', 0, 'action_parameters', 'overrides', 'categories', 0],
        ['rules', 0, 'action_parameters', 'overrides', 'sensitivity_level'],
        ['rules', 0, 'action_parameters', 'overrides', 'rules', 0, 'id'],
        ['rules', 0, 'action_parameters', 'description'],
        ['rules', 0, 'ratelimit', 'period'],
      ].map((path) => ({
        when: `what is not known is ${path.join('.')}`,
        input: unknownAt(waf, ...path),
        subjects: [`${prod}${waf}#rules`],
      })),
      ...[
        '${lower("EFB7")}',
        '${cloudflare_ruleset.custom.name}',
        '${local.id}',
        'a${cloudflare_x.y.id}',
      ].map((id) => ({
        when: `the ruleset that a rule executes is ${id}`,
        input: executing(id),
        subjects: [`${prod}${waf}#rules`],
      })),
      {
        when: 'one rule is known and another is not',
        input: {
          plan: aPlan()
            .updating(waf, { rules: [{ ref: 'a' }] }, { rules: [{ ref: 'a' }, { ref: 'b' }] })
            .withUnknown('name')
            .withUnknown('rules', 1, 'action')
            .build(),
        },
        subjects: [`${prod}${waf}#rules`],
      },
    ],
    passes: [
      ...[['rules', 0, 'description'], ['rules', 0, 'id'], ['name'], ['other', 0, 'action']].map((path) => ({
        when: `what is not known is ${path.join('.')}`,
        input: unknownAt(waf, ...path),
      })),
      {
        when: 'a rule executes a ruleset that is made as well',
        input: executing('${cloudflare_ruleset.custom.id}'),
      },
      {
        when: 'a plan of Terraform has no id of that ruleset yet',
        input: unknownAt(waf, 'rules', 0, 'action_parameters', 'id'),
      },
    ],
  }),
  'rate-limit-kept': only({
    finds: [
      ...actions.slice(1).map((strict, at) => ({
        when: `${strict} becomes ${actions[at] ?? ''}`,
        input: limits(acting(strict), acting(actions[at] ?? '')),
        subjects: [limit],
      })),
      { when: 'a higher score passes', input: limits(scored(10), scored(11)), subjects: [limit] },
      {
        when: 'the period is none any more',
        input: limits(aRateLimit(), aRateLimit({}, { period: 0 })),
        subjects: [limit],
      },
      {
        when: 'the threshold goes away',
        input: limits(aRateLimit(), aRateLimit({}, { requests_per_period: null })),
        subjects: [limit],
      },
    ],
    passes: [
      ...actions.slice(1).map((strict, at) => ({
        when: `${actions[at] ?? ''} becomes ${strict}`,
        input: limits(acting(actions[at] ?? ''), acting(strict)),
      })),
      { when: 'a lower score passes', input: limits(scored(10), scored(9)) },
    ],
    skips: [
      {
        when: 'it was disabled',
        input: limits(aRateLimit({ enabled: false }), aRateLimit({ action: 'log' })),
      },
      { when: 'it is new', input: { plan: ruleChange(null, aRateLimit(), ratePhase).build() } },
      { when: 'it is of another phase', input: { plan: ruleChange(aRateLimit(), null).build() } },
      {
        when: 'an old-style limit changes',
        input: {
          plan: aPlan().updating('cloudflare_rate_limit.x', { threshold: 5 }, { threshold: 6 }).build(),
        },
      },
    ],
    doubts: [
      {
        when: 'the score is a reference',
        input: limits(
          scored(10),
          aRateLimit({}, { requests_per_period: null, score_per_period: '${var.s}' }),
        ),
        subjects: [limit],
      },
    ],
  }),
  'plan-no-plain-secrets': only({
    finds: [
      {
        when: 'a live plan marks only what begins alike',
        input: {
          plan: secret({ tunnel_secret: 'literal' }).fromTerraform().withSensitive('tunnel').build(),
        },
        subjects: [`${prod}${tunnel}#tunnel_secret`],
      },
    ],
    skips: [
      { when: 'it is empty', input: { plan: secret({ tunnel_secret: '' }).build() } },
      { when: 'it is null', input: { plan: secret({ tunnel_secret: null }).build() } },
      { when: 'it is not there', input: { plan: secret({ name: 'x' }).build() } },
      {
        when: 'it is not known',
        input: { plan: secret({ tunnel_secret: 'x' }, ['tunnel_secret'], true).build() },
      },
      {
        when: 'a live plan marks what it is a part of',
        input: {
          plan: secret({ tunnel_secret: 'literal' }, ['config', 'tunnel_secret'])
            .fromTerraform()
            .withSensitive('config')
            .build(),
        },
      },
    ],
  }),
  'record-emergency-incident': only({
    finds: [
      {
        when: 'a zone changes that no service of the incident has',
        input: {
          record: emergency('P1'),
          incidents: incident(),
          plan: inZone('shop-trade.example', 'a.example'),
        },
        subjects: record,
      },
      {
        when: 'another incident is open',
        input: { record: emergency('P1'), incidents: incident({ id: 'INC-2026-0008' }) },
        subjects: record,
      },
      {
        when: 'the incident is about nothing',
        input: { record: emergency('P1'), incidents: incident({ services: [] }), plan: inZone('a.example') },
        subjects: record,
      },
    ],
    passes: [
      { when: 'a P2 is a P2', input: { record: emergency('P2'), incidents: incident({ priority: 'P2' }) } },
      {
        when: 'the incident is about the whole client',
        input: {
          record: emergency('P1'),
          incidents: incident({ services: ['acme'] }),
          plan: inZone('shop-trade.example'),
        },
      },
      {
        when: 'there are others before it',
        input: {
          record: emergency('P1'),
          incidents: [...incident({ id: 'INC-2026-0001', state: 'resolved' }), ...incident()],
        },
      },
    ],
  }),
  'record-rollback-defined': only({
    finds: [
      {
        when: 'the reason for no way back is too short',
        input: noWay(` ${'x'.repeat(19)} `),
        subjects: record,
      },
      { when: 'triggers say nothing', input: undone({ triggers: [' '] }), subjects: record },
      { when: 'nobody is named to decide', input: undone({ decider: '  ' }), subjects: record },
      { when: 'it takes no time', input: undone({ maxDurationMin: 0 }), subjects: record },
    ],
    passes: [{ when: 'the reason is just long enough', input: noWay('x'.repeat(20)) }],
  }),
  'record-rollback-fits': only({
    finds: [
      { when: 'the window is a minute too short', input: windowed('20:00', '21:14', 45), subjects: record },
      {
        when: 'a night-time window is a minute too short',
        input: windowed('23:30', '00:44', 45),
        subjects: record,
      },
    ],
    passes: [
      { when: 'the window is just long enough', input: windowed('20:00', '21:15', 45) },
      { when: 'a night-time window is just long enough', input: windowed('23:30', '00:45', 45) },
      { when: 'a whole day is a window', input: windowed('20:00', '20:00', 1000) },
      {
        when: 'no rollback is possible, however long it was to take',
        input: undone({ strategy: 'not-possible', irreversibleReason: 'x', maxDurationMin: 9999 }),
      },
    ],
  }),
  'record-people': only({
    finds: [
      { when: 'the owner is not known', input: { record: aRecord({ owner: 'x.y' }) }, subjects: record },
      {
        when: 'the implementer is not known',
        input: { record: aRecord({ implementer: 'x.y' }) },
        subjects: record,
      },
      {
        when: 'the backup is not known',
        input: { record: aRecord({ backupImplementer: 'x.y' }) },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'a standard change names neither implementer nor backup',
        input: {
          record: aRecord({ type: 'standard', implementer: undefined, backupImplementer: undefined }),
        },
      },
    ],
  }),
  'token-scope': only({
    finds: [
      { when: 'it reaches everything', input: grant('{"*":"*"}'), subjects: [`${prod}${token}#policies`] },
      {
        when: 'it reaches all zones',
        input: grant('{"com.cloudflare.api.account.zone.*":"*"}'),
        subjects: [`${prod}${token}#policies`],
      },
    ],
    passes: [
      {
        when: 'a zone is named with what only looks like a reference',
        input: grant('{"com.cloudflare.api.account.zone.$${cloudflare_zone.shop.id}":"*"}'),
      },
    ],
  }),
  'token-lifetime': only({
    finds: [
      {
        when: 'it ends now',
        input: grant('{"com.cloudflare.api.account.zone.x":"*"}', '2026-11-23T09:00:00Z'),
        subjects: [`${prod}${token}#expires_on`],
      },
    ],
  }),
  'caa-kept': only({
    finds: [
      {
        when: 'the tag is another',
        input: caaEdit(issuer, { ...issuer, tag: 'issuewild' }),
        subjects: [`${prod}${dns}#data.tag`],
        severity: 'warn',
      },
      {
        when: 'it is not critical any more',
        input: caaEdit(issuer, { ...issuer, flags: 0 }),
        subjects: [`${prod}${dns}#data.flags`],
        severity: 'warn',
      },
      {
        when: 'its written form is another',
        input: {
          plan: aPlan()
            .updating(
              dns,
              { ...caa(issuer), content: '0 issue "a"' },
              { ...caa(issuer), content: '0 issue "b"' },
            )
            .build(),
        },
        subjects: [`${prod}${dns}#content`],
        severity: 'warn',
      },
    ],
  }),
};
