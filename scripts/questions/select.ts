/** Which changes a question is about. Every condition given must hold; what was not given narrows nothing down. */
import { namedClients } from '../../policies/reading/clients.ts';
import type { ChangeState } from '../../policies/model/state.ts';
import type { KnownChange } from './types.ts';

export interface Selection {
  readonly client?: string | undefined;
  readonly stack?: string | undefined;
  readonly state?: ChangeState | undefined;
  /** RFC 3339 date or date-time: half-open [since, until) over when the change was, or is to be, made. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** Person id of the roster: requester, owner, implementer or backup. */
  readonly by?: string | undefined;
  readonly model?: string | undefined;
}

/** The changes that fit, as they are ordered. */
export function selectChanges(changes: readonly KnownChange[], selection: Selection): readonly KnownChange[] {
  const { client, stack, state, by, model } = selection;
  return changes.filter(
    (change) =>
      isWanted(client, namedClients(change.record)) &&
      isWanted(stack, change.record.stacks ?? []) &&
      isWanted(state, [change.state.state]) &&
      isWanted(by, peopleOf(change)) &&
      isWanted(model, [change.record.model ?? '']) &&
      isWithin(change, selection),
  );
}

function isWanted(wanted: string | undefined, found: readonly string[]): boolean {
  return wanted === undefined || found.includes(wanted);
}

/** A change without a date is in no span of time. */
function isWithin(change: KnownChange, { since, until }: Selection): boolean {
  const at = timeOf(change);
  const isAfter = since === undefined || (at !== null && Date.parse(since) <= at);
  const isBefore = until === undefined || (at !== null && at < Date.parse(until));
  return isAfter && isBefore;
}

/** When a change was made, or is planned to begin while it was not; milliseconds, null for one without a date. */
export function timeOf({ record, releases }: KnownChange): number | null {
  const [first] = releases;
  const at = first?.intent.startedAt ?? record.schedule?.plannedStart ?? record.outcome?.closedAt;
  return at === undefined ? null : Date.parse(at);
}

/** Ids of the people whom the record names as responsible for the change. */
export function peopleOf({ record }: KnownChange): readonly string[] {
  const { requester, owner, implementer, backupImplementer } = record;
  return [requester, owner, implementer, backupImplementer].flatMap((id) => id ?? []);
}
