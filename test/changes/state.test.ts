import { describe, expect, it } from 'vitest';
import { findPlaceholders, placeholder } from '../../policies/model/placeholder.ts';
import type { ChangeRecord } from '../../policies/model/record.ts';
import { deriveState, type StateFacts } from '../../policies/model/state.ts';
import { aRecord } from '../builders/record.ts';

const base: StateFacts = {
  record: {
    id: 'CHG-2026-0042',
    kind: 'Change',
    stacks: ['acme-staging', 'acme-production'],
    schedule: { plannedStart: '2026-12-07T20:00:00Z', plannedEnd: '2026-12-07T22:00:00Z' },
  },
  pull: { state: 'open', draft: false },
  decision: null,
  releases: [],
  isApplying: false,
  now: '2026-11-23T09:00:00Z',
};

type Verdict = 'allow' | 'deny' | 'undetermined';

function decided(verdict: Verdict, vetoes: readonly string[] = []): NonNullable<StateFacts['decision']> {
  return {
    verdict,
    approvals: {
      verdict,
      level: 'medium',
      required: 2,
      given: 1,
      openSeats: [],
      vetoes: vetoes.map((login) => ({ personId: null, login, text: 'no' })),
      reviewers: [],
      reasons: ['one more approval is needed'],
    },
  };
}

function release(
  stack: string,
  at: string,
  result: StateFacts['releases'][number]['result'] = 'successful',
  kind: 'release' | 'rollback' = 'release',
): StateFacts['releases'][number] {
  return { changeId: 'CHG-2026-0042', stack, at, kind, result };
}

function outcome(result: NonNullable<ChangeRecord['outcome']>['result']): StateFacts['record'] {
  return {
    ...base.record,
    outcome: { result, closedBy: 'm.lind', closedAt: '2026-12-09T09:00:00Z', registerUpdated: true },
  };
}

const staging = release('acme-staging', '2026-12-07T20:05:00Z');
const production = release('acme-production', '2026-12-07T20:20:00Z');
const merged = { state: 'merged', draft: false } as const;
const closed = { state: 'closed', draft: false } as const;

it.each<[string, Partial<StateFacts>, string]>([
  ['only a branch', { pull: null }, 'draft'],
  ['a draft pull request', { pull: { state: 'open', draft: true } }, 'draft'],
  ['an open pull request without decision', {}, 'submitted'],
  ['a decision that misses approvals', { decision: decided('deny') }, 'assessed'],
  ['a decision that cannot be taken', { decision: decided('undetermined') }, 'assessed'],
  ['a standing veto', { decision: decided('deny', ['j.novak']) }, 'on-hold'],
  ['a veto beside an allow', { decision: decided('allow', ['j.novak']) }, 'on-hold'],
  ['an allow', { decision: decided('allow') }, 'authorised'],
  ['closed by a refusal', { pull: closed, decision: decided('deny', ['j.novak']) }, 'rejected'],
  ['closed by its author', { pull: closed, decision: decided('deny') }, 'cancelled'],
  ['closed before any decision', { pull: closed }, 'cancelled'],
  ['merged and allowed', { pull: merged, decision: decided('allow') }, 'scheduled'],
  ['merged without decision', { pull: merged }, 'on-hold'],
  ['merged against the gate', { pull: merged, decision: decided('deny') }, 'on-hold'],
  ['merged and undetermined', { pull: merged, decision: decided('undetermined') }, 'on-hold'],
  ['a release under way', { pull: merged, decision: decided('allow'), isApplying: true }, 'implementing'],
  ['the first stack released', { pull: merged, releases: [staging] }, 'implementing'],
  ['all stacks released', { pull: merged, releases: [production, staging] }, 'review'],
  ['a failed release', { pull: merged, releases: [{ ...staging, result: 'failed' }] }, 'review'],
  [
    'rolled back',
    {
      releases: [
        staging,
        production,
        release('acme-production', '2026-12-07T20:40:00Z', 'successful', 'rollback'),
      ],
    },
    'review',
  ],
  [
    'the first stack released and rolled back',
    { releases: [staging, release('acme-staging', '2026-12-07T20:40:00Z', 'successful', 'rollback')] },
    'review',
  ],
  ['closed as successful', { record: outcome('successful'), releases: [staging, production] }, 'closed'],
  ['closed as rolled back', { record: outcome('rolled-back'), releases: [staging] }, 'closed'],
  ['closed as aborted', { record: outcome('aborted') }, 'aborted'],
  ['closed as cancelled', { record: outcome('cancelled') }, 'cancelled'],
  ['closed as rejected', { record: outcome('rejected') }, 'rejected'],
  ['cancelled after a release', { record: outcome('cancelled'), releases: [staging] }, 'review'],
  ['rejected after a release', { record: outcome('rejected'), releases: [staging] }, 'review'],
  ['closed while a release runs', { record: outcome('successful'), isApplying: true }, 'implementing'],
])('%s', (_name, parts, expected) => {
  const derived = deriveState({ ...base, ...parts });
  expect(derived.state).toBe(expected);
  expect(derived.reasons.length).toBeGreaterThan(0);
});

describe('details', () => {
  it('ignores releases of other changes', () => {
    const other = { ...staging, changeId: 'CHG-2026-0041' };
    expect(deriveState({ ...base, releases: [other] }).state).toBe('submitted');
  });

  it('looks at the newest release of each stack, whatever their order', () => {
    const again = release('acme-production', '2026-12-07T21:00:00Z');
    const failed = release('acme-production', '2026-12-07T20:20:00Z', 'failed');
    expect(deriveState({ ...base, releases: [again, failed, staging] }).reasons).toEqual([
      'released to every stack',
      'the record has no outcome yet',
    ]);
  });

  it('says when a closed record has no release in the ledger', () => {
    expect(deriveState({ ...base, record: outcome('successful') }).reasons).toContain(
      'the ledger holds no release of it',
    );
  });

  it('needs no schedule of a standard change', () => {
    const { schedule: _schedule, ...record } = base.record;
    expect(deriveState({ ...base, record, pull: merged, decision: decided('allow') }).state).toBe(
      'authorised',
    );
  });

  it('closes an administrative record with its merge', () => {
    const record = { ...base.record, kind: 'Administrative', stacks: [] } as const;
    expect(deriveState({ ...base, record, pull: merged }).state).toBe('closed');
  });

  it.each([
    ['2026-12-07T19:59:59Z', false],
    ['2026-12-07T21:00:01+01:00', true],
    ['2026-12-08T09:00:00Z', true],
  ])('is overdue at %s: %s', (now, isOverdue) => {
    expect(deriveState({ ...base, now }).isOverdue).toBe(isOverdue);
    expect(deriveState({ ...base, now, releases: [staging, production] }).isOverdue).toBe(false);
  });
});

describe('placeholders', () => {
  it('finds every place that is still to be written', () => {
    const { record } = aRecord({
      benefit: placeholder('what is better'),
      acceptanceCriteria: [{ statement: 'done' }, { statement: ' <measured> ' }],
    });
    expect(findPlaceholders(record).toSorted()).toEqual(['/acceptanceCriteria/1/statement', '/benefit']);
  });

  it('takes text with angle brackets in it for text', () => {
    const { record } = aRecord({ benefit: 'latency < 10 ms and > 1 ms', reason: 'the <title> tag is wrong' });
    expect(findPlaceholders(record)).toEqual([]);
  });
});
