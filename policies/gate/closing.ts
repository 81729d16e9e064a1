/**
 * Closing a change: a pull request that releases nothing and writes the `outcome` into a record, of a change that was
 * released, or of one that was refused or cancelled and is kept because refusals are part of the history. What was decided
 * about the change when it was released is not decided again.
 */
import { canonicalJson, isObject } from '../../scripts/json/json.ts';
import { neededFields } from '../record/needed.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import type { Facts } from '../model/facts.ts';
import type { AuthoredRecord, LocatedRecord } from '../model/record.ts';
import { isLive, lastByStack } from '../model/state.ts';
import type { Problem } from './check.ts';
import { changedStacks } from './plan-state.ts';

/** The record that is being closed; null when the pull request does anything else. */
export function closedRecord(facts: Pick<Facts, 'baseRecords' | 'plan' | 'records'>): AuthoredRecord | null {
  const [only, ...others] = facts.records;
  if (only === undefined || others.length > 0 || changedStacks(facts).length > 0) {
    return null;
  }
  const { record } = only;
  const before = facts.baseRecords.find((each) => each.record.id === record.id)?.record;
  if (record.kind !== 'Change' || record.outcome === undefined) {
    return null;
  }
  return before === undefined ? withoutRelease(record) : sameButOutcome(before, record);
}

/** New on the base branch: only something that was never done may come with its end. */
function withoutRelease(record: AuthoredRecord): AuthoredRecord | null {
  return record.outcome?.result === 'rejected' || record.outcome?.result === 'cancelled' ? record : null;
}

function sameButOutcome(before: AuthoredRecord, after: AuthoredRecord): AuthoredRecord | null {
  const is = before.type === 'emergency' ? completes(before, after) : intentOf(before) === intentOf(after);
  return is ? after : null;
}

/** An emergency is closed with what it left out: fields are added, and nothing that was said is said otherwise. */
function completes(before: AuthoredRecord, after: AuthoredRecord): boolean {
  const added = new Set([
    ...neededFields.map(({ field }) => field.split('.')[0] ?? ''),
    'communications',
    'outcome',
  ]);
  const [was, is] = [without(before, ['outcome']), without(after, ['outcome'])];
  return Object.keys({ ...was, ...is }).every((key) =>
    added.has(key)
      ? holds(is[key], was[key])
      : canonicalJson(is[key] ?? null) === canonicalJson(was[key] ?? null),
  );
}

/** Whether everything of `was` is in `is` as it was. */
function holds(is: Json | undefined, was: Json | undefined): boolean {
  if (was === undefined) {
    return true;
  }
  return isObject(was) && isObject(is)
    ? Object.keys(was).every((key) => holds(is[key], was[key]))
    : is !== undefined && canonicalJson(is) === canonicalJson(was);
}

function intentOf(record: AuthoredRecord): string {
  return canonicalJson(without(record, ['outcome']));
}

/**
 * Whether the ledger has a release of it. An emergency that was only begun, or given up, is in no history and may have been
 * applied all the same.
 */
export function wasReleased(
  { history, emergencies }: Pick<Facts, 'history' | 'emergencies'>,
  id: string,
): boolean {
  return history.some(({ changeId }) => changeId === id) || isPastEmergency({ emergencies }, id);
}

/** By the ledger, whatever the record calls itself by now. */
export function isPastEmergency({ emergencies }: Pick<Facts, 'emergencies'>, id: string): boolean {
  return emergencies.some(({ changeId }) => changeId === id);
}

/** What the rules may look at while a record is closed: a record that releases nothing, of whatever risk it was then. */
export function asClosing(located: LocatedRecord): LocatedRecord {
  const rest = without(located.record, ['waivers', 'emergency']);
  const record = { ...rest, kind: 'Administrative', type: 'normal', stacks: [], risk: { declared: 'low' } };
  return { ...located, record: record as unknown as AuthoredRecord };
}

function without(record: AuthoredRecord, keys: readonly (keyof AuthoredRecord)[]): JsonObject {
  const unchanged = Object.entries(record).filter(([key]) => !(keys as readonly string[]).includes(key));
  return Object.fromEntries<Json>(unchanged as [string, Json][]);
}

type ClosingFacts = Pick<Facts, 'history' | 'incidents' | 'emergencies' | 'baseRecords'>;

/** Where the outcome contradicts the ledger, or leaves out what an incident says or the record admitted before. */
export function outcomeProblems(record: AuthoredRecord, known: ClosingFacts): readonly Problem[] {
  return [...resultProblems(record, known), ...leftOut(record, known)];
}

function leftOut(record: AuthoredRecord, { incidents, baseRecords }: ClosingFacts): readonly Problem[] {
  const named = record.outcome?.incidentsCaused;
  const caused = incidents.filter((incident) => 'priority' in incident);
  const elsewhere = new Set(
    caused.filter(({ causedBy = record.id }) => causedBy !== record.id).map(({ id }) => id),
  );
  const admitted = baseRecords
    .filter((before) => before.record.id === record.id)
    .flatMap((before) => before.record.outcome?.incidentsCaused ?? [])
    .filter((id) => !elsewhere.has(id));
  const listed = caused.filter(({ causedBy }) => causedBy === record.id).map(({ id }) => id);
  return [
    ...omission(record, missingOf(listed, named), 'as the incident says'),
    ...omission(record, missingOf(admitted, [...(named ?? []), ...listed]), 'as it said before'),
  ];
}

function missingOf(wanted: readonly string[], named: readonly string[] = []): readonly string[] {
  return wanted.filter((id) => !named.includes(id));
}

function omission({ id }: AuthoredRecord, missing: readonly string[], source: string): readonly Problem[] {
  return missing.length === 0
    ? []
    : [
        {
          text: `${id} is closed without ${missing.join(', ')}, which it caused ${source}`,
          next: 'name them in `outcome.incidentsCaused`',
        },
      ];
}

function resultProblems(record: AuthoredRecord, known: ClosingFacts): readonly Problem[] {
  const own = known.history.filter(({ changeId }) => changeId === record.id);
  const result = record.outcome?.result ?? 'successful';
  const next = `correct \`outcome.result\` of ${record.id}: sluice ledger show`;
  if (result === 'rejected' || result === 'cancelled') {
    return !wasReleased(known, record.id)
      ? []
      : [{ text: `${record.id} is closed as ${result}, and the ledger has releases of it`, next }];
  }
  if (own.length === 0) {
    return [{ text: `${record.id} is closed as ${result}, and the ledger has no release of it`, next }];
  }
  const bad = lastByStack(own).find((release) => !isLive(release));
  return bad !== undefined && result.startsWith('successful')
    ? [
        {
          text: `${record.id} is closed as ${result}, and the ledger says ${bad.kind === 'rollback' ? 'rolled-back' : bad.result} for ${bad.stack}`,
          next,
        },
      ]
    : [];
}
