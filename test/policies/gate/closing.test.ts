/** Closing a change: only the outcome is written, nothing is released, and nothing is decided again. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import type { Facts, PastRelease } from '../../../policies/model/facts.ts';
import type { ChangeRecord } from '../../../policies/model/record.ts';
import { aPlan } from '../../builders/plan.ts';
import { cleanRecord, facts, review, showing } from '../world.ts';
import { check, failing, text } from './approved.ts';

const outcome = (result: 'successful' | 'rejected' | 'rolled-back' | 'cancelled', closedBy = 's.haddad') => ({
  outcome: { result, closedBy, closedAt: '2026-12-08T09:00:00Z', registerUpdated: true },
});
const nothing = aPlan()
  .inStack('acme-production', { bundles: { before: 'sha256:x', after: 'sha256:x' } })
  .build();
const high: Partial<ChangeRecord> = { risk: { declared: 'high' } };

const released: PastRelease = {
  id: 'R0007',
  changeId: cleanRecord().record.id,
  stack: 'acme-production',
  client: 'acme',
  changed: null,
  type: 'normal',
  at: '2026-12-07T20:30:00Z',
  kind: 'release',
  result: 'successful',
  causedIncidents: [],
  zones: [],
  loggedRules: [],
};

/** Closed as `end` says, with `before` on the base branch, approved by one engineer. */
function closing(
  end: Partial<ChangeRecord>,
  parts: Partial<Facts> = {},
  before: Partial<ChangeRecord> | null = high,
) {
  const given: Partial<Facts> = {
    plan: nothing,
    records: [cleanRecord({ ...high, ...end })],
    baseRecords: before === null ? [] : [cleanRecord(before)],
    history: [released],
    now: '2026-12-08T10:00:00Z',
    ...parts,
  };
  const reviews = showing(given, [review('osei')]).map((each) => ({
    ...each,
    submittedAt: '2026-12-08T09:30:00Z',
  }));
  return decide(facts({ reviews, ...given }));
}

describe('a pull request that only writes the outcome of a released change', () => {
  it('is allowed with one engineer, whatever the risk was and though the slot is over', () => {
    const decision = closing(outcome('successful'));
    expect(failing(decision)).toEqual([]);
    expect(decision.approvals).toMatchObject({ level: 'low', required: 1, given: 1 });
  });

  it('names every incident that the service desk puts down to the change', () => {
    const end = outcome('successful');
    const incidents = [
      { id: 'INC-2026-0051', priority: 'P2', state: 'resolved', services: ['storefront'] },
      { id: 'INC-2026-0052', priority: 'P2', state: 'open', services: [], causedBy: 'CHG-2026-0017' },
      { id: 'INC-2026-0053', priority: 'P2', state: 'open', services: [], causedBy: released.changeId },
    ] as const;
    const caused = (...incidentsCaused: readonly string[]) =>
      closing({ outcome: { ...end.outcome, incidentsCaused } }, { incidents });
    expect(failing(closing(end, { incidents }))).toEqual(['record']);
    expect(failing(caused('INC-2026-0051'))).toEqual(['record']);
    expect(text(check(caused(), 'record'))).toContain('is closed without INC-2026-0053, which it caused');
    expect(failing(caused('INC-2026-0053'))).toEqual([]);
    expect(failing(caused('INC-2026-0051', 'INC-2026-0053'))).toEqual([]);
  });

  it('still needs that engineer', () => {
    expect(failing(closing(outcome('successful'), { reviews: [] }))).toEqual(['approvals']);
  });

  it.each<[string, Partial<ChangeRecord>]>([
    ['title', { title: 'Something else entirely' }],
    ['rollback', { rollback: { strategy: 'forward-fix', steps: [], triggers: [] } }],
    ['stacks', { stacks: ['acme-production', 'acme-staging'] }],
  ])('is no closing when the %s is another as well', (_, change) => {
    expect(failing(closing({ ...outcome('successful'), ...change }))).toContain('record');
  });

  it('says so when the ledger has no release of it, or a bad end', () => {
    const never = closing(outcome('successful'), { history: [] });
    expect(text(check(never, 'record'))).toContain('the ledger has no release of it');
    const back = { ...released, at: '2026-12-07T21:00:00Z', result: 'rolled-back' as const };
    const undone = closing(outcome('successful'), { history: [back, released] });
    expect(text(check(undone, 'record'))).toContain('the ledger says rolled-back for acme-production');
    expect(failing(closing(outcome('rolled-back'), { history: [released, back] }))).toEqual([]);
  });
});

describe('a record that is kept although nothing was done', () => {
  it.each(['rejected', 'cancelled'] as const)('is merged on its own as %s', (result) => {
    expect(failing(closing(outcome(result), { history: [] }, null))).toEqual([]);
  });

  it('is not one that was released', () => {
    expect(text(check(closing(outcome('rejected')), 'record'))).toContain('the ledger has releases of it');
  });

  it('cannot come as successful', () => {
    expect(failing(closing(outcome('successful'), {}, null))).toContain('record');
  });
});

describe('closing an emergency', () => {
  const emergency: Partial<ChangeRecord> = {
    type: 'emergency',
    emergency: {
      declaredBy: 's.haddad',
      declaredAt: '2026-12-07T19:00:00Z',
      severity: 'P1',
      incident: 'INC-2026-0001',
    },
  };
  const closed = (by: string, who: 'novak' | 'osei') => {
    const given: Partial<Facts> = {
      plan: nothing,
      records: [cleanRecord({ ...emergency, ...outcome('successful', by) })],
      baseRecords: [cleanRecord(emergency)],
      history: [released],
      now: '2026-12-08T10:00:00Z',
    };
    const reviews = showing(given, [review(who), review('osei')]).map((each) => ({
      ...each,
      submittedAt: '2026-12-08T09:30:00Z',
    }));
    return decide(facts({ ...given, reviews }));
  };

  it('needs the approval of whoever it says has closed it', () => {
    expect(failing(closed('j.novak', 'novak'))).toEqual([]);
    expect(failing(closed('j.novak', 'osei'))).toEqual(['emergency']);
  });
});
