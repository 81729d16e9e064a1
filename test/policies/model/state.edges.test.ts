/** The state of a change in words, at its limits, and the places of a record that are still to be written. */
import { describe, expect, it } from 'vitest';
import { findPlaceholders, placeholder } from '../../../policies/model/placeholder.ts';
import type { ChangeRecord } from '../../../policies/model/record.ts';
import { deriveState, isLive, lastByStack, type StateFacts } from '../../../policies/model/state.ts';
import { noTraffic } from '../../../policies/model/traffic.ts';
import { aRecord } from '../../builders/record.ts';

const approvals = {
  verdict: 'allow',
  level: 'low',
  required: 0,
  given: 0,
  openSeats: [],
  vetoes: [],
  reviewers: [],
  reasons: [],
} as const;
const base: StateFacts = {
  record: {
    id: 'CHG-2026-0042',
    kind: 'Change',
    stacks: ['acme-staging', 'acme-production'],
    schedule: { plannedStart: '2026-12-07T20:00:00Z', plannedEnd: '2026-12-07T22:00:00Z' },
  },
  pull: { state: 'merged', draft: false },
  decision: { verdict: 'allow', approvals },
  releases: [],
  isApplying: false,
  now: '2026-11-23T09:00:00Z',
};
type Release = StateFacts['releases'][number];
const release = (stack: string, at: string, parts: Partial<Release> = {}): Release => ({
  changeId: 'CHG-2026-0042',
  stack,
  at,
  kind: 'release',
  result: 'successful',
  ...parts,
});
const said = (parts: Partial<StateFacts>) => {
  const { state, reasons } = deriveState({ ...base, ...parts });
  return [state, ...reasons];
};
const staging = release('acme-staging', '2026-12-07T20:05:00Z');
const production = release('acme-production', '2026-12-07T20:20:00Z');

describe('the state of a change says why', () => {
  const { schedule: _schedule, ...unscheduled } = base.record;
  const outcome = { closedBy: 'm.lind', closedAt: '2026-12-09T09:00:00Z', registerUpdated: true } as const;
  const closed = (result: 'successful' | 'aborted' | 'cancelled') => ({
    record: { ...base.record, outcome: { ...outcome, result } },
  });

  it.each<readonly [string, Partial<StateFacts>, readonly string[]]>([
    ['merged and allowed', {}, ['scheduled', 'merged and allowed for 2026-12-07T20:00:00Z']],
    [
      'merged without schedule',
      { record: unscheduled },
      ['authorised', 'merged and allowed; it has no schedule'],
    ],
    [
      'merged and administrative',
      { record: { ...unscheduled, kind: 'Administrative', stacks: [] } },
      ['closed', 'merged; an administrative record releases nothing'],
    ],
    ['one stack released', { releases: [staging] }, ['implementing', 'not released yet: acme-production']],
    [
      'released with issues everywhere',
      { releases: [{ ...staging, result: 'successful-with-issues' }, production] },
      ['review', 'released to every stack', 'the record has no outcome yet'],
    ],
    [
      'failed on one stack',
      { releases: [staging, { ...production, result: 'failed' }] },
      [
        'review',
        'acme-production: release, failed, at 2026-12-07T20:20:00Z',
        'the record has no outcome yet',
      ],
    ],
    [
      'closed with its releases',
      { ...closed('successful'), releases: [staging, production] },
      ['closed', 'closed as successful by m.lind at 2026-12-09T09:00:00Z'],
    ],
    [
      'closed without any release',
      closed('aborted'),
      ['aborted', 'closed as aborted by m.lind at 2026-12-09T09:00:00Z', 'the ledger holds no release of it'],
    ],
    [
      'cancelled after a release',
      { ...closed('cancelled'), releases: [staging] },
      [
        'review',
        'closed as cancelled by m.lind at 2026-12-09T09:00:00Z',
        'the ledger holds 1 release(s) of it: what was released cannot be cancelled',
      ],
    ],
  ])('%s', (_name, parts, expected) => {
    expect(said(parts)).toEqual(expected);
  });

  it('and is overdue only after the planned start', () => {
    const overdue = (now: string) => deriveState({ ...base, now }).isOverdue;
    expect(overdue('2026-12-07T20:00:00Z')).toBe(false);
    expect(overdue('2026-12-07T20:00:00.001Z')).toBe(true);
  });
});

describe('the last word of the ledger', () => {
  const again = release('acme-staging', '2026-12-07T21:00:00Z', { kind: 'rollback' });

  it('is the latest on each stack, in whatever order the entries come', () => {
    expect(lastByStack([again, staging, production])).toEqual([again, production]);
    expect(lastByStack([production, staging, again])).toEqual([again, production]);
    expect(lastByStack([])).toEqual([]);
  });

  it('is the later entry of two at one time', () => {
    const second = { ...staging, result: 'failed' } as const;
    expect(lastByStack([staging, second])).toEqual([second]);
  });

  it.each([
    ['release', 'successful', true],
    ['release', 'successful-with-issues', true],
    ['release', 'failed', false],
    ['release', 'rolled-back', false],
    ['release', 'aborted', false],
    ['rollback', 'successful', false],
  ] as const)('of a %s that was %s leaves the change live: %s', (kind, result, expected) => {
    expect(isLive({ kind, result })).toBe(expected);
  });
});

describe('placeholders', () => {
  it.each([
    [placeholder('what is better'), ['/benefit']],
    ['  <what is better>\n', ['/benefit']],
    ['see <title>', []],
    ['<title> is wrong', []],
    ['<a> and <b>', []],
    ['<>', []],
    ['', []],
  ])('%j', (benefit, expected) => {
    expect(findPlaceholders(aRecord({ benefit }).record)).toEqual(expected);
  });

  it('are pointed at by JSON pointer, with / and ~ in a key escaped', () => {
    const record = { 'a/b~c': { '~1': '<x>' }, list: ['done', '<y>', null, 3] } as unknown as ChangeRecord;
    expect(findPlaceholders(record)).toEqual(['/a~1b~0c/~01', '/list/1']);
  });
});

it('no traffic is none of any kind', () => {
  expect(noTraffic).toEqual({ stacks: [], mustPass: [], withoutCases: [], replay: null, problem: null });
});
