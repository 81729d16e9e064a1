/** What raises the risk by the track record, and what is nearest to it and does not. */
import type { PastRelease, RuleInput } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aPastRelease } from '../../builders/facts.ts';
import { aRecord } from '../../builders/record.ts';

const successes = (count: number): readonly PastRelease[] => Array.from({ length: count }, () => lately({}));
const lately = (parts: Partial<PastRelease>): PastRelease =>
  aPastRelease({ at: '2026-11-16T09:00:00Z', ...parts });

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
    'no number of successes outvotes a failure of the last 30 days',
    { history: [...successes(12), aPastRelease({ at: '2026-10-24T09:00:00.001Z', result: 'failed' })] },
    { history: [...successes(12), aPastRelease({ at: '2026-10-24T09:00:00.000Z', result: 'failed' })] },
  ],
  [
    'bad-history',
    'medium',
    'nor one that was rolled back for this client',
    { history: [...successes(12), lately({ result: 'rolled-back' })] },
    { history: [...successes(12), lately({ client: 'borough', result: 'rolled-back' })] },
  ],
  [
    'bad-history',
    'medium',
    'nor a success that caused a P2',
    { history: [...successes(12), lately({ causedIncidents: [{ id: 'i', priority: 'P2' }] })] },
    { history: [...successes(12), lately({ causedIncidents: [{ id: 'i', priority: 'P3' }] })] },
  ],
  [
    'bad-history',
    'medium',
    'nor a failure of which nobody knows what it did',
    { history: [...successes(12), lately({ changed: null, result: 'failed' })] },
    { history: [...successes(12), lately({ changed: ['cloudflare_page_rule'], result: 'failed' })] },
  ],
  [
    'bad-history',
    'medium',
    'nor a failure on a day that cannot be read',
    { history: [...successes(12), lately({ at: 'once', result: 'failed' })] },
    { history: [...successes(12), lately({ at: '2027-01-01T00:00:00Z', result: 'failed' })] },
  ],
  [
    'bad-history',
    'medium',
    'a failure whose date cannot be read',
    { history: [aPastRelease(), aPastRelease({ at: 'once', result: 'failed' })] },
    { history: [aPastRelease(), aPastRelease({ at: '2025-01-01T00:00:00Z', result: 'failed' })] },
  ],
];
