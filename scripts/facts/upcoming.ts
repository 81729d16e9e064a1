/** What is approved and still to be released: what a change can meet in its slot. */
import { readTiming } from '../../policies/gate/timing.ts';
import type { PastRelease, PolicySet } from '../../policies/model/facts.ts';
import type { UpcomingChange } from '../../policies/model/prerequisite.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { occupied, upcomingOf } from '../../policies/reading/collision.ts';
import { knownRecord } from '../../policies/record/known.ts';
import { computedBefore } from '../release/computed.ts';
import { stacksOnLedger } from '../release/prerequisites.ts';
import type { Ledger } from '../release/types.ts';

interface UpcomingBasis {
  /** Records of the default branch that the change gives way to. */
  readonly ahead: readonly LocatedRecord[];
  /** Under decision: it does not meet itself. */
  readonly record: LocatedRecord | null;
  readonly policy: PolicySet;
  readonly history: readonly PastRelease[];
  readonly now: string;
}

/** In the order of the records. A change without a slot of its own is not among them: it goes into any window. */
export function upcomingChanges(ledger: Ledger, given: UpcomingBasis): readonly UpcomingChange[] {
  return given.ahead
    .filter(({ record }) => isToCome(record) && record.id !== given.record?.record.id)
    .flatMap((located) => plannedOf(ledger, located, given) ?? []);
}

function isToCome({ kind, outcome, schedule }: LocatedRecord['record']): boolean {
  return kind === 'Change' && outcome === undefined && schedule !== undefined;
}

function plannedOf(ledger: Ledger, located: LocatedRecord, given: UpcomingBasis): UpcomingChange | null {
  const { id } = located.record;
  const releases = ledger.folders.filter(({ intent }) => intent.changeId === id);
  const record = knownRecord(located, given, computedBefore(ledger, releases));
  const timing = readTiming(given, record);
  const span = typeof timing === 'string' ? null : occupied(timing);
  if (span === null || isReleased(ledger, located)) {
    return null;
  }
  return upcomingOf(record, span);
}

/** On every stack, or rolled back there: it comes again as another change. */
function isReleased(ledger: Ledger, located: LocatedRecord): boolean {
  return stacksOnLedger(ledger, located.record).every(({ state }) => state !== 'not-released');
}
