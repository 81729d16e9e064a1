/** Changes and what is known of them, on the morning of 1 December 2026. */
import type { ChangeRecord } from '../../policies/model/record.ts';
import type { ChangeState } from '../../policies/model/state.ts';
import type { KnownChange, Overview } from '../../scripts/questions/types.ts';
import { aPolicySet } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';

export const now = '2026-12-01T09:00:00Z';

export function aChange(parts: Partial<ChangeRecord> = {}, state: ChangeState = 'scheduled'): KnownChange {
  const { record } = aRecord(parts);
  return {
    record,
    file: `changes/${record.client}/${record.id}.yaml`,
    ref: null,
    branch: null,
    pull: null,
    state: { state, reasons: ['as the test says'], isOverdue: false },
    releases: [],
    past: [],
  };
}

export function anOverview(changes: readonly KnownChange[], policy = aPolicySet()): Overview {
  const ledger = { folders: [], head: null, files: new Map() };
  return {
    now,
    changes,
    otherPulls: null,
    policy,
    owing: [],
    over: [],
    incidents: [],
    ledger,
    unfinished: [],
    unknown: [],
  };
}
