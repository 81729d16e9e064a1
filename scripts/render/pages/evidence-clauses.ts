/**
 * Which file of an evidence pack answers which sample, item by item. The clauses are paraphrased: ISO/IEC 20000-1:2018 8.5.1.1
 * to 8.5.1.3 and 8.5.3, ISO/IEC 27001:2022 A.8.32, A.8.9 and A.5.3; whoever audits has the licensed text.
 */
import type { KnownRecord } from '../../../policies/record/known.ts';
import type { PackedFile } from '../../release/evidence-pack.ts';

interface StandardClause {
  readonly clause: string;
  readonly asks: string;
  /** Files that answer it, by the end of their path; the record counts by what it says. */
  readonly files: readonly string[];
  readonly says?: (record: KnownRecord) => string | undefined;
}

const written = (value: string | undefined): string | undefined => (value === '' ? undefined : value);

const clauses: readonly StandardClause[] = [
  {
    clause: '20000-1 8.5.1.1',
    asks: 'what is under control, categories, criteria of a major change',
    files: ['policies/quorum.yaml', 'policies/risk-matrix.yaml', 'policies/thresholds.yaml'],
  },
  {
    clause: '20000-1 8.5.1.2; 27001 A.8.32',
    asks: 'the request is recorded and classified',
    files: ['decision.json'],
    says: ({ id, type, category }) => `${id}, ${type}${category === undefined ? '' : `, ${category}`}`,
  },
  {
    clause: '20000-1 8.5.1.3; 27001 A.8.32',
    asks: 'risk, and the impact on services, capacity, availability, continuity',
    files: ['decision.json'],
    says: ({ impact, continuityImpact, capacityImpact, availabilityImpact }) =>
      written(
        [impact.users, continuityImpact, capacityImpact, availabilityImpact]
          .filter((part) => part !== undefined && part !== '')
          .join('; '),
      ),
  },
  {
    clause: '27001 A.8.32',
    asks: 'the security impact is assessed',
    files: ['decision.json'],
    says: ({ securityImpact }) => (securityImpact.assessed ? written(securityImpact.summary) : undefined),
  },
  {
    clause: '20000-1 8.5.1.3; 27001 A.5.3, A.8.32',
    asks: 'it was approved, by others than those who asked for it and did it',
    files: ['decision.json', 'intent.json', 'reviews.json', 'policies/roster.yaml', 'policies/quorum.yaml'],
  },
  {
    clause: '27001 A.5.3, A.8.32',
    asks: 'the procedure could not be gone around: guard-rails in force',
    files: ['guard-rails.json'],
  },
  {
    clause: '20000-1 8.5.1.3',
    asks: 'prepared, verified and tested',
    files: ['plan.json', 'rehearsal.json', 'traffic.json', 'probes.json'],
    says: ({ test }) => written(test.post.map(({ what }) => what).join('; ')),
  },
  {
    clause: '20000-1 8.5.1.3',
    asks: 'dates were proposed to those concerned; windows and freezes',
    files: ['service.yaml', 'policies/calendar.yaml'],
    says: ({ schedule, communications = [] }) =>
      written(
        [
          ...(schedule === undefined ? [] : [`${schedule.plannedStart} to ${schedule.plannedEnd}`]),
          ...communications.map(({ audience, when }) => `${audience}: ${when}`),
        ].join('; '),
      ),
  },
  {
    clause: '20000-1 8.5.1.3; 27001 A.8.32',
    asks: 'reversing it is planned, and tested where possible',
    files: ['rehearsal.json'],
    says: ({ rollback }) => written(`${rollback.strategy}: ${rollback.steps.join('; ')}`),
  },
  {
    clause: '20000-1 8.5.3; 27001 A.8.9',
    asks: 'a baseline of what is affected before it, and what it is after it',
    files: ['bundle.tf.json', 'state-before.json', 'state-after.json', 'live-before.json', 'live-after.json'],
  },
  {
    clause: '20000-1 8.5.3; 27001 A.8.32',
    asks: 'acceptance criteria, and whether it went well',
    files: ['release.json', 'observed.json'],
    says: ({ acceptanceCriteria }) =>
      written(acceptanceCriteria.map(({ statement }) => statement).join('; ')),
  },
  {
    clause: '20000-1 8.5.1.3',
    asks: 'it was reviewed afterwards; a failure was investigated',
    files: [],
    says: ({ outcome }) => (outcome === undefined ? undefined : `${outcome.result}, by ${outcome.closedBy}`),
  },
  {
    clause: '27001 A.8.32',
    asks: 'the record is complete and was not changed',
    files: ['intent.sig.json', 'release.sig.json', 'policies/ledger-keys.yaml'],
  },
];

export interface AnsweredClause {
  readonly clause: string;
  readonly asks: string;
  /** What the record says to it; empty where it says nothing. */
  readonly record: string;
  /** Paths in the pack. */
  readonly files: readonly string[];
}

/** Every clause, those without an answer as well. */
export function answeredClauses(
  record: KnownRecord | null,
  files: readonly Pick<PackedFile, 'path'>[],
): readonly AnsweredClause[] {
  return clauses.map(({ clause, asks, files: ends, says }) => ({
    clause,
    asks,
    record: (record === null ? undefined : says?.(record)) ?? '',
    files: files.map(({ path }) => path).filter((path) => ends.some((end) => path.endsWith(`/${end}`))),
  }));
}
