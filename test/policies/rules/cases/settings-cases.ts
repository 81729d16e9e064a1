/** Cases of the rules about what surrounds the resources of a stack: providers, data sources, modules, backends. */
import { aDnsRecord, aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import type { CaseTable } from './rule-cases.ts';

const prod = 'acme-production/';
const www = 'cloudflare_dns_record.www';
const record = { when: 'a record changes', input: {} };
const unseen = {
  when: 'the settings are not in the plan',
  input: { plan: aPlan().updating(www).withSettings({ before: null, after: null }).build() },
  subjects: ['acme-production'],
};
const stackGone = {
  when: 'the stack goes away',
  input: { plan: aPlan().deleting(www).withSettings({ after: null }).build() },
};

export const settingsCases: CaseTable = {
  'plan-providers-allowed': {
    finds: [
      {
        when: 'a foreign provider is required',
        input: {
          plan: aPlan()
            .withSettings({
              after: { providers: [{ name: 'null', source: 'hashicorp/null', version: null }] },
            })
            .build(),
        },
        subjects: ['acme-production'],
      },
      {
        when: 'a resource is of a foreign provider',
        input: {
          plan: aPlan()
            .creating('null_resource.x', {}, { provider: 'registry.terraform.io/hashicorp/null' })
            .build(),
        },
        subjects: ['acme-production'],
      },
      {
        when: 'a namesake comes from another registry',
        input: {
          plan: aPlan()
            .creating(www, aDnsRecord(), { provider: 'evil.example/cloudflare/cloudflare' })
            .build(),
        },
        subjects: ['acme-production'],
      },
    ],
    passes: [
      record,
      {
        when: 'the source is written short',
        input: { plan: aPlan().creating(www, aDnsRecord(), { provider: 'cloudflare/cloudflare' }).build() },
      },
    ],
    skips: [stackGoneWithoutChanges()],
    doubts: [unseen],
  },
  'plan-data-sources-allowed': {
    finds: [
      {
        when: 'an external program is run',
        input: {
          plan: aPlan()
            .withSettings({ after: { dataSources: [{ address: 'data.external.x', type: 'external' }] } })
            .build(),
        },
        subjects: [`${prod}data.external.x`],
      },
    ],
    passes: [
      {
        when: 'a zone is looked up',
        input: {
          plan: aPlan()
            .withSettings({
              after: { dataSources: [{ address: 'data.cloudflare_zone.x', type: 'cloudflare_zone' }] },
            })
            .build(),
        },
      },
      {
        when: 'it was there before',
        input: {
          plan: aPlan()
            .withSettings({
              before: { dataSources: [{ address: 'data.http.x', type: 'http' }] },
              after: { dataSources: [{ address: 'data.http.x', type: 'http' }] },
            })
            .build(),
        },
      },
    ],
    skips: [record],
    doubts: [unseen],
  },
  'plan-no-provisioners': {
    finds: [
      {
        when: 'a provisioner is added',
        input: {
          plan: aPlan()
            .withSettings({ after: { provisioners: ['null_resource.x'] } })
            .build(),
        },
        subjects: [`${prod}null_resource.x`],
      },
    ],
    passes: [record],
    skips: [stackGone],
    doubts: [unseen],
  },
  'plan-modules-local': {
    finds: [
      {
        when: 'a module comes from a registry',
        input: {
          plan: aPlan()
            .withSettings({ after: { modules: [{ name: 'zone', source: 'cloudflare/zone/cloudflare' }] } })
            .build(),
        },
        subjects: [`${prod}module.zone`],
      },
      {
        when: 'a module path climbs without a dot',
        input: {
          plan: aPlan()
            .withSettings({ after: { modules: [{ name: 'zone', source: '/srv/zone' }] } })
            .build(),
        },
        subjects: [`${prod}module.zone`],
      },
    ],
    passes: [
      {
        when: 'a module of the repository',
        input: {
          plan: aPlan()
            .withSettings({ after: { modules: [{ name: 'zone', source: './modules/zone' }] } })
            .build(),
        },
      },
    ],
    skips: [record],
    doubts: [unseen],
  },
  'plan-backend-unchanged': {
    finds: [
      {
        when: 'another key',
        input: {
          plan: aPlan()
            .withSettings({ after: { backend: { s3: { bucket: 'sluice-state', key: 'other' } } } })
            .build(),
        },
        subjects: ['acme-production'],
      },
      {
        when: 'no backend any more',
        input: {
          plan: aPlan()
            .withSettings({ after: { backend: null } })
            .build(),
        },
        subjects: ['acme-production'],
      },
      {
        when: 'the state of another stack',
        input: { plan: aPlan().inStack('acme-staging').withSettings({ before: null }).build() },
        subjects: ['acme-staging'],
      },
      ...[
        { s3: { bucket: 'b', key: 'k', endpoints: { s3: 'https://r2.example.evil.example' } } },
        { s3: { bucket: 'b', key: 'k', profile: 'admin' } },
        { local: { path: '../other/terraform.tfstate' } },
        null,
      ].map((backend) => ({
        when: `a new stack keeps its state elsewhere: ${JSON.stringify(backend)}`,
        input: newStack(backend),
        subjects: ['acme-production'],
      })),
    ],
    passes: [
      record,
      { when: 'a new stack', input: { plan: aPlan().withSettings({ before: null }).build() } },
      ...[
        { s3: { bucket: 'b', key: 'k', endpoints: { s3: 'https://account.r2.example' } } },
        { local: { path: 'terraform.acme.tfstate' } },
      ].map((backend) => ({
        when: `a new stack with ${JSON.stringify(backend)}`,
        input: newStack(backend),
      })),
    ],
    skips: [stackGone],
    doubts: [unseen],
  },
};

function newStack(backend: JsonObject | null): { plan: ReturnType<PlanBuilder['build']> } {
  return { plan: aPlan().withSettings({ before: null, after: { backend } }).build() };
}

function stackGoneWithoutChanges(): { when: string; input: { plan: ReturnType<PlanBuilder['build']> } } {
  return {
    when: 'the stack goes away and had no resources',
    input: { plan: aPlan().withSettings({ after: null }).build() },
  };
}
