/** Cases of the rule about what a record has to say. */
import { aPastRelease } from '../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import { aRecord, aStandardChange, anEmergency } from '../../builders/record.ts';
import { neededFields } from '../../../policies/record/needed.ts';
import { quietPolicy } from '../risk/floor-cases.ts';
import type { CaseTable } from './cases/rule-cases.ts';

const record = ['record'] as const;
const clean = { when: 'the record is complete', input: {} };
const skips = [
  { when: 'there is no record', input: { record: null } },
  { when: 'the record is administrative', input: { record: aRecord({ kind: 'Administrative' }) } },
];

/** Nothing but who, when and why. */
const short = Object.fromEntries(
  [...neededFields.map(({ field }) => field.split('.')[0] ?? ''), 'risk', 'stacks', 'category', 'model'].map(
    (key) => [key, undefined],
  ),
);

export const recordFieldCases: CaseTable = {
  'record-fields': {
    finds: [
      {
        when: 'a medium change does not say whom it hurts and what it means for security',
        input: {
          record: aRecord({ ...short, risk: { declared: 'medium' } }),
        },
        subjects: ['record', 'record', 'record', 'record'],
      },
      {
        when: 'a high change lacks its benefit',
        input: { record: aRecord({ benefit: undefined, risk: { declared: 'high' } }) },
        subjects: record,
      },
      {
        when: 'the risk is high by its plan, whatever the author declares',
        input: {
          plan: aPlan()
            .deleting('cloudflare_dns_record.mx', aDnsRecord({ type: 'MX' }))
            .build(),
          record: aRecord({ monitoring: undefined, risk: { declared: 'low' } }),
        },
        subjects: record,
      },
      {
        when: 'a critical change lacks what it does to the service levels',
        input: { record: aRecord({ slaImpact: undefined, risk: { declared: 'critical' } }) },
        subjects: record,
      },
    ],
    passes: [
      clean,
      {
        when: 'an emergency says it afterwards',
        input: { record: anEmergency({ impact: undefined, risk: { declared: 'critical' } }) },
      },
      {
        when: 'a low change says who, when and why',
        input: { record: aRecord(short), policy: quietPolicy, history: [aPastRelease()] },
      },
      {
        when: 'a high change may leave out what a critical one says',
        input: { record: aRecord({ slaImpact: undefined, risk: { declared: 'high' } }) },
      },
      {
        when: 'a standard change is written with its entry',
        input: { record: aStandardChange({ ...short, risk: { declared: 'high' } }) },
      },
      {
        when: 'an emergency is described in its review',
        input: {
          record: anEmergency({ benefit: undefined, plan: undefined, risk: { declared: 'critical' } }),
        },
      },
    ],
    skips,
  },
};
