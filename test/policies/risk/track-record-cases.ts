/** What raises the risk by the track record, and what is nearest to it and does not. */
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aPastRelease } from '../../builders/facts.ts';
import { aRecord } from '../../builders/record.ts';

export const trackRecordCases: readonly [
  string,
  RiskLevel,
  string,
  Partial<RuleInput>,
  Partial<RuleInput>,
][] = [
  [
    'first-time',
    'medium',
    'no success in 12 months',
    { history: [aPastRelease({ at: '2025-11-22T09:00:00Z' })] },
    { history: [aPastRelease({ at: '2025-11-24T09:00:00Z' })] },
  ],
  [
    'first-time',
    'medium',
    'only another client succeeded',
    { history: [aPastRelease({ client: 'borough' })] },
    {},
  ],
  [
    'first-time',
    'medium',
    'something else succeeded under the name that the record gives its model',
    { history: [aPastRelease({ changed: ['cloudflare_page_rule'] })] },
    { record: aRecord({ model: undefined }) },
  ],
  [
    'first-time',
    'medium',
    'what succeeded is not known',
    { history: [aPastRelease({ changed: null })] },
    { history: [aPastRelease({ changed: ['cloudflare_page_rule', 'cloudflare_dns_record'] })] },
  ],
  [
    'first-time',
    'medium',
    'only staging succeeded',
    { history: [aPastRelease({ stack: 'acme-staging' })] },
    { history: [aPastRelease({ model: 'other' })] },
  ],
  [
    'bad-history',
    'medium',
    'what went wrong had another model',
    { history: [aPastRelease(), aPastRelease({ model: 'other', result: 'rolled-back' })] },
    { history: [aPastRelease(), aPastRelease({ changed: ['cloudflare_page_rule'], result: 'rolled-back' })] },
  ],
  [
    'bad-history',
    'medium',
    'what went wrong is not known',
    { history: [aPastRelease(), aPastRelease({ changed: null, result: 'failed' })] },
    { history: [aPastRelease(), aPastRelease({ changed: null, result: 'aborted' })] },
  ],
  [
    'bad-history',
    'medium',
    'a success of which nobody knows what it did does not make up for a failure',
    {
      history: [
        aPastRelease(),
        aPastRelease({ changed: null }),
        aPastRelease({ changed: null, result: 'failed' }),
      ],
    },
    { history: [aPastRelease(), aPastRelease(), aPastRelease({ changed: null, result: 'failed' })] },
  ],
  [
    'first-time',
    'medium',
    'only a rollback succeeded',
    { history: [aPastRelease({ kind: 'rollback' })] },
    { history: [aPastRelease({ result: 'successful-with-issues' }), aPastRelease()] },
  ],
  [
    'bad-history',
    'medium',
    'one success, one failure',
    { history: [aPastRelease(), aPastRelease({ result: 'failed' })] },
    { history: [aPastRelease(), aPastRelease(), aPastRelease({ result: 'failed' })] },
  ],
  [
    'bad-history',
    'medium',
    'a success that caused a P2',
    { history: [aPastRelease({ causedIncidents: [{ id: 'i', priority: 'P2' }] })] },
    { history: [aPastRelease({ causedIncidents: [{ id: 'i', priority: 'P3' }] })] },
  ],
  [
    'bad-history',
    'medium',
    'of another client, too',
    { history: [aPastRelease(), aPastRelease({ client: 'borough', result: 'rolled-back' })] },
    { history: [aPastRelease(), aPastRelease({ client: 'borough', result: 'aborted' })] },
  ],
  [
    'bad-history',
    'medium',
    'a failure whose date cannot be read',
    { history: [aPastRelease(), aPastRelease({ at: 'once', result: 'failed' })] },
    { history: [aPastRelease(), aPastRelease({ at: '2025-01-01T00:00:00Z', result: 'failed' })] },
  ],
];
