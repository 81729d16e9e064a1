/** Cases of the rules about what else goes on while a change is released. */
import { anIncident } from '../../builders/facts.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../../builders/policy.ts';
import { aRecord, aStandardChange, anEmergency } from '../../builders/record.ts';
import { anUpcomingChange } from '../../builders/upcoming-change.ts';
import type { CaseTable } from './cases/rule-cases.ts';

const record = ['record'] as const;
const withRelations = (relations: Register['relations']) =>
  aPolicySet({ registers: [aRegister({ relations }), aBoroughRegister()] });
/** Of the same client, and of nothing that the change itself touches. */
const elsewhere = anUpcomingChange({
  service: 'trade-portal',
  stacks: ['acme-staging'],
  configurationItems: ['acme-staging/cloudflare_dns_record.www'],
});
const skips = [
  { when: 'there is no record', input: { record: null } },
  { when: 'the record is administrative', input: { record: aRecord({ kind: 'Administrative' }) } },
];

export const meetingCases: CaseTable = {
  'record-collision': {
    finds: [
      {
        when: 'another change of the same resource overlaps',
        input: { planned: [anUpcomingChange()] },
        subjects: record,
      },
      {
        when: 'another change of the same stack lists no resources',
        input: { planned: [anUpcomingChange({ configurationItems: ['ci-shop-zone'] })] },
        subjects: record,
      },
      {
        when: 'only the time for the rollback overlaps',
        input: {
          record: aRecord({
            schedule: {
              plannedStart: '2026-12-07T20:00:00+00:00',
              plannedEnd: '2026-12-07T20:35:00+00:00',
              window: 'acme-weeknight',
            },
          }),
          planned: [anUpcomingChange({ start: '2026-12-07T20:40:00Z' })],
        },
        subjects: record,
      },
      {
        when: 'the same zone changes for the same reason, by another resource',
        input: {
          planned: [anUpcomingChange({ configurationItems: ['cloudflare_dns_record.mail'] })],
        },
        subjects: record,
        severity: 'warn',
      },
      {
        when: 'somebody is to be at two places',
        input: {
          planned: [
            anUpcomingChange({ client: 'borough', stacks: ['borough-production'], implementer: 'm.lind' }),
          ],
        },
        subjects: record,
        severity: 'warn',
      },
      {
        when: 'another service needs what its service needs: two steps in the register',
        input: {
          policy: withRelations([{ id: 'london', to: ['storefront', 'trade-portal'] }]),
          planned: [elsewhere],
        },
        subjects: record,
        severity: 'warn',
      },
      {
        when: 'the other one is of a configuration item that depends on its own',
        input: {
          policy: withRelations([{ id: 'ci-pool', to: ['ci-balancer'] }]),
          record: aRecord({ configurationItems: ['ci-balancer'] }),
          planned: [anUpcomingChange({ ...elsewhere, configurationItems: ['ci-pool'] })],
        },
        subjects: record,
        severity: 'warn',
      },
      {
        when: 'a change of the same client leaves its stacks to its plan',
        input: { planned: [anUpcomingChange({ stacks: null, category: 'waf' })] },
        subjects: record,
        severity: 'warn',
      },
      {
        when: 'an emergency meets a planned change',
        input: { record: anEmergency(), planned: [anUpcomingChange()] },
        subjects: record,
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'three steps lie between them in the register',
        input: {
          policy: withRelations([
            { id: 'london', to: ['storefront', 'carrier'] },
            { id: 'carrier', to: ['trade-portal'] },
          ]),
          planned: [elsewhere],
        },
      },
      {
        when: 'another register calls something by the same name',
        input: {
          policy: withRelations([{ id: 'london', to: ['storefront', 'public-site'] }]),
          planned: [
            anUpcomingChange({ client: 'borough', service: 'public-site', stacks: ['borough-production'] }),
          ],
        },
      },
      {
        when: 'another client is served by somebody else',
        input: { planned: [anUpcomingChange({ client: 'borough', stacks: ['borough-production'] })] },
      },
    ],
    skips: [
      ...skips,
      { when: 'nothing else is planned', input: {} },
      {
        when: 'the other one ends when this one starts',
        input: {
          planned: [anUpcomingChange({ start: '2026-12-07T19:00:00Z', end: '2026-12-07T20:00:00Z' })],
        },
      },
      {
        when: 'the other one starts when the rollback of this one has ended',
        input: {
          planned: [anUpcomingChange({ start: '2026-12-07T22:00:00Z', end: '2026-12-07T23:00:00Z' })],
        },
      },
      {
        when: 'it waits for the other one',
        input: { record: aRecord({ dependsOn: ['CHG-2026-0041'] }), planned: [anUpcomingChange()] },
      },
      {
        when: 'a standard change goes into any window',
        input: { record: aStandardChange({ schedule: undefined }), planned: [anUpcomingChange()] },
      },
    ],
  },
  'record-open-incident': {
    finds: [
      {
        when: 'a P1 of its service is open',
        input: { incidents: [anIncident()] },
        subjects: record,
      },
      {
        when: 'a P1 of all of its client is open',
        input: { incidents: [anIncident({ services: ['acme'] })] },
        subjects: record,
      },
      {
        when: 'an emergency is about another incident',
        input: {
          record: anEmergency(),
          incidents: [anIncident({ id: 'INC-2026-0009' })],
        },
        subjects: record,
      },
      {
        when: 'its record names another service than the one whose zone it changes',
        input: { record: aRecord({ service: 'elsewhere' }), incidents: [anIncident()] },
        subjects: record,
      },
    ],
    passes: [
      {
        when: 'it names the incident that it is the fix of',
        input: {
          record: aRecord({ links: { incidents: ['INC-2026-0007'] } }),
          incidents: [anIncident()],
        },
      },
      {
        when: 'it is the emergency of the incident',
        input: { record: anEmergency(), incidents: [anIncident()] },
      },
      {
        when: 'it is the fix of one of two P1 incidents of its service',
        input: { record: anEmergency(), incidents: [anIncident(), anIncident({ id: 'INC-2026-0009' })] },
      },
      {
        when: 'the P1 is about another client',
        input: { incidents: [anIncident({ services: ['public-site', 'borough'] })] },
      },
    ],
    skips: [
      ...skips,
      { when: 'no incident is open', input: {} },
      { when: 'the incident is a P2', input: { incidents: [anIncident({ priority: 'P2' })] } },
      { when: 'the incident is over', input: { incidents: [anIncident({ state: 'resolved' })] } },
      {
        when: 'the incident is not believed',
        input: { incidents: [{ id: 'INC-1', state: 'doubtful', reason: 'it was opened by a stranger' }] },
      },
    ],
  },
};
