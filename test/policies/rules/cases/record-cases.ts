/** Cases of the rules about the change record. */
import { anIncident } from '../../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import { aPerson, aPolicySet, aRoster } from '../../../builders/policy.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aRecord, aStandardChange, anEmergency } from '../../../builders/record.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRuleset, aWafRule } from './waf-cases.ts';

const record = ['record'] as const;
const reviewed = aRecord().record.securityImpact;
const byGuard = aRecord({ securityImpact: { ...reviewed, reviewer: 'g.guard' } });

function inSecuritySeat(from: string): RuleInput['policy'] {
  const guard = aPerson('g.guard', 1099, 'engineer');
  const seats = [...guard.seats, { seat: 'security' as const, from }];
  return aPolicySet({ roster: aRoster({ ...guard, seats }) });
}

const noRecord = { when: 'there is no record', input: { record: null } };
const administrative = {
  when: 'the record is administrative',
  input: { record: aRecord({ kind: 'Administrative' }) },
};
const clean = { when: 'the record is complete', input: {} };
const skips = [noRecord, administrative];

const schedule = {
  plannedStart: '2026-12-07T20:00:00+00:00',
  plannedEnd: '2026-12-07T22:00:00+00:00',
  window: 'acme-weeknight',
};
const rollback = aRecord().record.rollback;
const test = aRecord().record.test;
const www = 'cloudflare_dns_record.www';
const wafPlan = aPlan()
  .creating('cloudflare_ruleset.waf', aRuleset([aWafRule({ action: 'log' })]))
  .build();
const borough = {
  record: aRecord({ client: 'borough', service: 'public-site', stacks: ['borough-production'] }),
};
const boroughPlan = aPlan()
  .withoutStack('acme-production')
  .inStack('borough-production')
  .updating(www)
  .build();

export const recordCases: CaseTable = {
  'record-complete': {
    finds: [
      {
        when: 'a text is still to be written',
        input: { record: aRecord({ reason: '<why the change is needed>' }) },
        subjects: record,
      },
    ],
    passes: [clean],
    skips,
  },
  'record-rollback-defined': {
    finds: [
      {
        when: 'no steps',
        input: { record: aRecord({ rollback: { ...rollback, steps: [' '] } }) },
        subjects: record,
      },
      {
        when: 'no trigger',
        input: { record: aRecord({ rollback: { ...rollback, triggers: [] } }) },
        subjects: record,
      },
      {
        when: 'nobody decides',
        input: { record: aRecord({ rollback: { ...rollback, decider: '' } }) },
        subjects: record,
      },
      {
        when: 'it may take for ever',
        input: { record: aRecord({ rollback: { ...rollback, maxDurationMin: 0 } }) },
        subjects: record,
      },
      {
        when: 'there is no way back and no reason',
        input: { record: aRecord({ rollback: { strategy: 'not-possible', steps: [], triggers: [] } }) },
        subjects: record,
      },
      {
        when: 'nothing at all',
        input: {
          record: aRecord({
            rollback: { strategy: 'revert', steps: [], triggers: [], maxDurationMin: 0, decider: '' },
          }),
        },
        subjects: ['record', 'record', 'record', 'record'],
      },
    ],
    passes: [
      clean,
      {
        when: 'there is no way back, and it says why',
        input: {
          record: aRecord({
            rollback: {
              strategy: 'not-possible',
              steps: [],
              triggers: [],
              irreversibleReason: 'The registrar transfer cannot be undone.',
            },
          }),
        },
      },
    ],
    skips,
  },
  'plan-not-undone': {
    finds: [
      {
        when: 'what Cloudflare keeps and does not tell is set',
        input: {
          plan: aPlan().creating('cloudflare_zone_subscription.plan').build(),
        },
        subjects: [`acme-production/cloudflare_zone_subscription.plan`],
      },
      {
        when: 'what the provider cannot delete is made',
        input: { plan: aPlan().creating('cloudflare_snippets.all').build() },
        subjects: [`acme-production/cloudflare_snippets.all`],
      },
      {
        when: 'an update begins to set what Cloudflare chooses otherwise',
        input: {
          plan: aPlan()
            .updating(
              'cloudflare_bot_management.bots',
              { enable_js: true },
              { enable_js: true, fight_mode: true },
            )
            .build(),
        },
        subjects: [`acme-production/cloudflare_bot_management.bots#fight_mode`],
      },
    ],
    passes: [
      {
        when: 'an update begins to set an attribute, and the record goes forward only',
        input: {
          plan: aPlan()
            .updating(
              'cloudflare_bot_management.bots',
              { enable_js: true },
              { enable_js: true, fight_mode: true },
            )
            .build(),
          record: aRecord({ rollback: { ...rollback, strategy: 'forward-fix' } }),
        },
      },
      {
        when: 'what is set can be read before',
        input: { plan: aPlan().creating('cloudflare_bot_management.bots').build() },
      },
      { when: 'a record is made', input: { plan: aPlan().creating(www).build() } },
      {
        when: 'the record says that there is no way back',
        input: {
          plan: aPlan().creating('cloudflare_zone_subscription.plan').build(),
          record: aRecord({
            rollback: {
              ...rollback,
              strategy: 'not-possible',
              irreversibleReason: 'A subscription is bought for a year and cannot be given back.',
            },
          }),
        },
      },
    ],
    skips: [
      { when: 'it is only updated', input: { plan: aPlan().updating('cloudflare_snippets.all').build() } },
      {
        when: 'an update sets another value of what was set before',
        input: {
          plan: aPlan()
            .updating('cloudflare_bot_management.bots', { fight_mode: false }, { fight_mode: true })
            .build(),
        },
      },
      {
        when: 'an update begins to set what has a default',
        input: { plan: aPlan().updating(www, {}, { proxied: true }).build() },
      },
    ],
  },
  'record-rollback-fits': {
    finds: [
      {
        when: 'steps and rollback need longer than planned',
        input: { record: aRecord({ rollback: { ...rollback, maxDurationMin: 91 } }) },
        subjects: record,
      },
      {
        when: 'they fit the plan but not the window',
        input: {
          record: aRecord({
            schedule: { ...schedule, plannedEnd: '2026-12-08T04:00:00+00:00' },
            rollback: { ...rollback, maxDurationMin: 200 },
          }),
        },
        subjects: record,
      },
    ],
    passes: [
      clean,
      {
        when: 'they fit to the minute',
        input: { record: aRecord({ rollback: { ...rollback, maxDurationMin: 90 } }) },
      },
    ],
    skips: [...skips, { when: 'there are no dates', input: { record: aRecord({ schedule: undefined }) } }],
  },
  'record-schedule': {
    finds: [
      { when: 'none', input: { record: aRecord({ schedule: undefined }) }, subjects: record },
      {
        when: 'no offset',
        input: { record: aRecord({ schedule: { ...schedule, plannedStart: '2026-12-07T20:00:00' } }) },
        subjects: record,
      },
      {
        when: 'the end is before the start',
        input: { record: aRecord({ schedule: { ...schedule, plannedEnd: '2026-12-07T19:00:00+00:00' } }) },
        subjects: record,
      },
      {
        when: 'the end equals the start across offsets',
        input: { record: aRecord({ schedule: { ...schedule, plannedEnd: '2026-12-07T21:00:00+01:00' } }) },
        subjects: record,
      },
      {
        when: 'it is over',
        input: {
          record: aRecord({
            schedule: { plannedStart: '2026-11-20T20:00:00+00:00', plannedEnd: '2026-11-20T22:00:00+00:00' },
          }),
        },
        subjects: record,
      },
    ],
    passes: [clean, { when: 'it is under way', input: { now: '2026-12-07T21:00:00Z' } }],
    skips: [
      ...skips,
      { when: 'a standard change has none', input: { record: aStandardChange({ schedule: undefined }) } },
    ],
  },
  'record-window-known': {
    finds: [
      {
        when: 'the window is of another client',
        input: { record: aRecord({ schedule: { ...schedule, window: 'borough-evening' } }) },
        subjects: record,
      },
      {
        when: 'none is named, and none is open then',
        input: {
          record: aRecord({
            schedule: {
              plannedStart: '2026-12-07T12:00:00+00:00',
              plannedEnd: '2026-12-07T13:00:00+00:00',
            },
          }),
        },
        subjects: record,
      },
      { when: 'the client is not known', input: { record: aRecord({ client: 'acne' }) }, subjects: record },
    ],
    passes: [clean],
    skips: [
      ...skips,
      {
        when: 'an emergency names none',
        input: {
          record: anEmergency({
            schedule: { plannedStart: '2026-12-07T12:00:00Z', plannedEnd: '2026-12-07T13:00:00Z' },
          }),
        },
      },
    ],
  },
  'record-lead-time': {
    finds: [
      {
        when: 'a medium change tomorrow',
        input: {
          record: aRecord({
            schedule: {
              plannedStart: '2026-11-24T20:00:00+00:00',
              plannedEnd: '2026-11-24T22:00:00+00:00',
              window: 'acme-weeknight',
            },
          }),
        },
        subjects: record,
      },
      { when: 'no dates', input: { record: aRecord({ schedule: undefined }) }, subjects: record },
    ],
    passes: [
      clean,
      {
        when: 'it was put up early and has waited since',
        input: { now: '2026-12-07T19:00:00Z', submittedAt: '2026-11-23T07:00:00Z' },
      },
    ],
    skips: [...skips, { when: 'an emergency', input: { record: anEmergency() } }],
  },
  'record-emergency-incident': {
    finds: [
      { when: 'the incident is not known', input: { record: anEmergency() }, subjects: record },
      {
        when: 'the incident is over',
        input: { record: anEmergency(), incidents: [anIncident({ state: 'resolved' })] },
        subjects: record,
      },
      {
        when: 'the incident is a P3',
        input: { record: anEmergency(), incidents: [anIncident({ priority: 'P3' })] },
        subjects: record,
      },
      {
        when: 'the severity is another',
        input: { record: anEmergency(), incidents: [anIncident({ priority: 'P2' })] },
        subjects: record,
      },
      {
        when: 'the incident is about another service',
        input: { record: anEmergency(), incidents: [anIncident({ services: ['public-site'] })] },
        subjects: record,
      },
      {
        when: 'there is no emergency block',
        input: { record: anEmergency({ emergency: undefined }), incidents: [anIncident()] },
        subjects: record,
      },
    ],
    passes: [{ when: 'the incident is open', input: { record: anEmergency(), incidents: [anIncident()] } }],
    skips: [...skips, { when: 'a normal change', input: {} }],
  },
  'record-standard-match': {
    finds: [
      {
        when: 'the plan deletes instead of adding',
        input: { record: aStandardChange(), plan: aPlan().deleting(www).build(), history: [] },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'the plan is what the entry allows',
        input: {
          record: aStandardChange(),
          plan: aPlan()
            .creating('cloudflare_dns_record.shop_new', aDnsRecord({ name: 'new.shop.example' }))
            .build(),
        },
      },
    ],
    skips: [...skips, { when: 'a normal change', input: {} }],
  },
  'record-security-impact': {
    finds: [
      {
        when: 'not assessed',
        input: { record: aRecord({ securityImpact: { assessed: false, summary: 'later' } }) },
        subjects: record,
      },
      {
        when: 'a WAF rule changes and nobody reviews it',
        input: { plan: wafPlan, record: aRecord({ securityImpact: { assessed: true, summary: 'None.' } }) },
        subjects: record,
      },
      ...['x.nobody', 'j.novak', ' '].map((reviewer) => ({
        when: `the reviewer of a WAF rule is "${reviewer}"`,
        input: { plan: wafPlan, record: aRecord({ securityImpact: { ...reviewed, reviewer } }) },
        subjects: record,
      })),
      ...(['requester', 'owner', 'implementer', 'backupImplementer'] as const).map((field) => ({
        when: `the reviewer of a WAF rule is its ${field}`,
        input: {
          plan: wafPlan,
          policy: inSecuritySeat('2025-01-01'),
          record: aRecord({ [field]: 'g.guard', securityImpact: { ...reviewed, reviewer: 'g.guard' } }),
        },
        subjects: record,
      })),
      {
        when: 'the reviewer of a WAF rule is in the seat from tomorrow',
        input: { plan: wafPlan, policy: inSecuritySeat('2026-11-24'), record: byGuard },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'DNS needs no reviewer',
        input: { record: aRecord({ securityImpact: { assessed: true, summary: 'None.' } }) },
      },
      { when: 'a WAF rule changes and is reviewed', input: { plan: wafPlan } },
      {
        when: 'the reviewer of a WAF rule is in the seat from today',
        input: { plan: wafPlan, policy: inSecuritySeat('2026-11-23'), record: byGuard },
      },
      {
        when: 'nobody has to review DNS, so it does not matter who is named',
        input: { record: aRecord({ securityImpact: { ...reviewed, reviewer: 'm.lind' } }) },
      },
    ],
    skips,
  },
  'record-client-match': {
    finds: [
      { when: 'the plan is of another client', input: { plan: boroughPlan }, subjects: record },
      { when: 'the record is of another client', input: borough, subjects: record },
      {
        when: 'the client is not known',
        input: { record: aRecord({ client: 'acne' }) },
        subjects: ['record', 'record'],
      },
      {
        when: 'the service is not known',
        input: { record: aRecord({ service: 'storefrnot' }) },
        subjects: record,
      },
      {
        when: 'nobody registered the stack',
        input: { plan: aPlan().inStack('stray').updating(www).build() },
        subjects: record,
      },
    ],
    passes: [clean, { when: 'record and plan are of borough', input: { ...borough, plan: boroughPlan } }],
    skips,
  },
  'record-stacks-match': {
    finds: [
      {
        when: 'staging changes and is not listed',
        input: { plan: aPlan().updating(www).inStack('acme-staging').updating(www).build() },
        subjects: record,
      },
      {
        when: 'staging is listed and does not change',
        input: { record: aRecord({ stacks: ['acme-production', 'acme-staging'] }) },
        subjects: record,
        severity: 'warn',
      },
    ],
    passes: [clean],
    skips,
  },
  'record-category-match': {
    finds: [
      { when: 'a WAF change calls itself dns', input: { plan: wafPlan }, subjects: record },
      {
        when: 'a DNS change calls itself other',
        input: { record: aRecord({ category: 'other' }) },
        subjects: record,
      },
    ],
    passes: [clean, { when: 'a WAF change', input: { plan: wafPlan, record: aRecord({ category: 'waf' }) } }],
    skips: [...skips, { when: 'nothing changes', input: { plan: aPlan().build() } }],
  },
  'record-people': {
    finds: [
      {
        when: 'the owner is nobody we know',
        input: { record: aRecord({ owner: 'x.nobody' }) },
        subjects: record,
      },
      { when: 'no implementer', input: { record: aRecord({ implementer: undefined }) }, subjects: record },
      {
        when: 'the backup is the implementer',
        input: { record: aRecord({ backupImplementer: 'm.lind' }) },
        subjects: record,
      },
    ],
    passes: [
      clean,
      {
        when: 'a standard change without implementer',
        input: { record: aStandardChange({ implementer: undefined }) },
      },
    ],
    skips,
  },
  'record-steps-and-tests': {
    finds: [
      { when: 'no steps', input: { record: aRecord({ plan: { steps: [] } }) }, subjects: record },
      {
        when: 'no test before',
        input: { record: aRecord({ test: { ...test, pre: [] } }) },
        subjects: record,
      },
      {
        when: 'no test after',
        input: { record: aRecord({ test: { ...test, post: [] } }) },
        subjects: record,
      },
      { when: 'no criterion', input: { record: aRecord({ acceptanceCriteria: [] }) }, subjects: record },
      {
        when: 'no probe in production',
        input: { record: aRecord({ test: { ...test, probes: [] } }) },
        subjects: record,
        severity: 'warn',
      },
    ],
    passes: [
      clean,
      {
        when: 'no probe in staging',
        input: {
          record: aRecord({ test: { ...test, probes: [] } }),
          plan: aPlan().withoutStack('acme-production').inStack('acme-staging').updating(www).build(),
        },
      },
    ],
    skips,
  },
  'record-client-approval': {
    finds: [
      {
        when: 'borough is not to be asked',
        input: { record: aRecord({ ...borough.record.record, clientApproval: { required: false } }) },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'borough approves',
        input: { record: aRecord({ client: 'borough', clientApproval: { required: true } }) },
      },
      { when: 'the register asks, and the record need not', input: borough },
    ],
    skips: [...skips, { when: 'acme does not approve', input: {} }],
  },
  'record-communications': {
    finds: [
      {
        when: 'an outage that nobody is told about',
        input: {
          record: aRecord({ impact: { level: 2, users: 'all', expectedOutage: 'PT5M' }, communications: [] }),
        },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'an outage with notice',
        input: { record: aRecord({ impact: { level: 2, users: 'all', expectedOutage: 'PT5M' } }) },
      },
    ],
    skips: [...skips, { when: 'no outage', input: { record: aRecord({ communications: [] }) } }],
  },
  'record-monitoring': {
    finds: [
      { when: 'nobody watches', input: { record: aRecord({ monitoring: undefined }) }, subjects: record },
      {
        when: 'for no time',
        input: { record: aRecord({ monitoring: { watch: ['5xx'], observeMin: 0 } }) },
        subjects: record,
      },
    ],
    passes: [clean],
    skips: [...skips, { when: 'a standard change', input: { record: aStandardChange() } }],
  },
  'record-rollout-staged': {
    finds: [
      {
        when: 'two zones at once',
        input: {
          plan: aPlan()
            .updating(www)
            .inZone('shop-static.example')
            .updating('cloudflare_dns_record.static')
            .build(),
        },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'two zones in stages',
        input: {
          plan: aPlan()
            .updating(www)
            .inZone('shop-static.example')
            .updating('cloudflare_dns_record.static')
            .build(),
          record: aRecord({ rollout: { kind: 'staged', stages: ['shop-static.example', 'shop.example'] } }),
        },
      },
    ],
    skips: [...skips, { when: 'one zone', input: {} }],
  },
  'record-administrative-empty': {
    finds: [
      { when: 'resources change', input: { record: aRecord({ kind: 'Administrative' }) }, subjects: record },
    ],
    passes: [
      {
        when: 'nothing changes',
        input: { record: aRecord({ kind: 'Administrative' }), plan: aPlan().build() },
      },
    ],
    skips: [{ when: 'a change', input: {} }, noRecord],
  },
};
