/** Which approved changes another one can meet is read from the records of the default branch and the ledger. */
import { describe, expect, it } from 'vitest';
import { upcomingChanges } from '../../scripts/facts/upcoming.ts';
import { aPolicySet } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';
import { LedgerBuilder, recordsBundle } from '../release/ledger-builder.ts';

const [stack, changeId] = ['acme-production', 'CHG-2026-0001'];
const bundle = (www: string) => recordsBundle(stack, { www });
const record = aRecord();

function upcoming(parts: Parameters<typeof aRecord>[0] = {}, builder = new LedgerBuilder()) {
  const ahead = [aRecord({ id: changeId, ...parts }), record];
  const given = { ahead, record, policy: aPolicySet(), history: [], now: '2026-11-23T09:00:00Z' };
  return upcomingChanges(builder.read(), given);
}

describe('what a change can meet', () => {
  it('is an approved change that is not released, with the time for its rollback, and not itself', () => {
    const schedule = { plannedStart: '2026-12-07T20:00:00Z', plannedEnd: '2026-12-07T20:30:00Z' };
    expect(upcoming({ schedule })).toMatchObject([
      { changeId, stacks: [stack], start: '2026-12-07T20:00:00Z', end: '2026-12-07T20:45:00Z' },
    ]);
    expect(upcoming({ stacks: undefined })).toMatchObject([{ changeId, stacks: null }]);
  });

  it('is none that is released, rolled back, ended or without a slot', () => {
    const builder = new LedgerBuilder();
    builder.release({ action: 'baseline', changeId: null, bundle: bundle('1') });
    builder.release({ changeId, bundle: bundle('2') });
    expect(upcoming({}, builder)).toEqual([]);
    builder.release({ action: 'rollback', undoes: ['R0002'], changeId, bundle: bundle('1') });
    expect(upcoming({}, builder)).toEqual([]);
    const closed = { closedBy: 's.haddad', closedAt: '2026-11-20T09:00:00Z', registerUpdated: true };
    expect(upcoming({ outcome: { result: 'cancelled', ...closed } })).toEqual([]);
    expect(upcoming({ type: 'standard', schedule: undefined })).toEqual([]);
  });

  it('is still one that is released on only some of its stacks', () => {
    const builder = new LedgerBuilder();
    builder.release({ action: 'baseline', changeId: null, bundle: bundle('1') });
    builder.release({ changeId, bundle: bundle('2') });
    expect(upcoming({ stacks: [stack, 'acme-staging'] }, builder)).toHaveLength(1);
  });
});
