/** What is approved and still to be released: what a change can meet in its slot. */
import { instantText } from '../../policies/gate/instant.ts';
import { readTiming } from '../../policies/gate/timing.ts';
import type { PastRelease, PolicySet } from '../../policies/model/facts.ts';
import type { PlannedChange } from '../../policies/model/planned-change.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { knownRecord } from '../../policies/record/known.ts';
import { computedBefore } from './computed.ts';
import { stacksOnLedger } from './prerequisites.ts';
import type { Ledger } from './types.ts';

interface Known {
  /** Records of the default branch. */
  readonly known: readonly LocatedRecord[];
  /** Records under decision: none meets itself. */
  readonly own: readonly LocatedRecord[];
  readonly policy: PolicySet;
  readonly history: readonly PastRelease[];
  readonly now: string;
}

/** In the order of the records. A change without a slot of its own is not among them: it goes into any window. */
export function plannedChanges(ledger: Ledger, given: Known): readonly PlannedChange[] {
  const own = new Set(given.own.map(({ record }) => record.id));
  return given.known
    .filter(({ record }) => isToCome(record) && !own.has(record.id))
    .flatMap((located) => plannedOf(ledger, located, given) ?? []);
}

function isToCome({ kind, outcome, schedule }: LocatedRecord['record']): boolean {
  return kind === 'Change' && outcome === undefined && schedule !== undefined;
}

function plannedOf(ledger: Ledger, located: LocatedRecord, given: Known): PlannedChange | null {
  const { id } = located.record;
  const releases = ledger.folders.filter(({ intent }) => intent.changeId === id);
  const record = knownRecord(located, given, computedBefore(ledger, releases));
  const timing = readTiming(given, record);
  if (typeof timing === 'string' || timing.slot === null || isReleased(ledger, located)) {
    return null;
  }
  const { slot, work, rollback } = timing;
  return {
    changeId: id,
    client: record.client,
    service: record.service,
    stacks: record.stacks ?? null,
    category: record.category ?? null,
    configurationItems: record.configurationItems ?? [],
    implementer: record.implementer ?? null,
    start: instantText(slot.start),
    end: instantText(Math.max(slot.end, slot.start + work + rollback)),
  };
}

/** On every stack, or rolled back there: it comes again as another change. */
function isReleased(ledger: Ledger, located: LocatedRecord): boolean {
  return stacksOnLedger(ledger, located.record).every(({ state }) => state !== 'not-released');
}
