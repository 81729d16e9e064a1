/** What is open and for whom it waits, grouped by what happens next. */
import { nameOf, personOfAccount } from '../../policies/approvals.ts';
import { dayMs, instantText } from '../../policies/gate/instant.ts';
import type { FreezePeriod } from '../../policies/model/calendar.ts';
import type { ChangeState } from '../../policies/model/state.ts';
import { firstOpening, freezesDuring, openingAt } from '../../policies/windows.ts';
import { peopleOf, timeOf } from './select.ts';
import type { KnownChange, ListedPull, Overview } from './types.ts';

export type StatusGroup = 'running' | 'approval' | 'scheduled' | 'review' | 'draft';

export interface StatusLine {
  readonly change: KnownChange;
  readonly group: StatusGroup;
  /** Names of those it waits for; empty where it waits for nobody in particular. */
  readonly waitsFor: readonly string[];
}

export interface NextWindow {
  readonly client: string;
  /** RFC 3339; null when no window of the register opens as far ahead as is looked. */
  readonly opening: { readonly start: string; readonly end: string; readonly isOpen: boolean } | null;
  /** Freezes of the client that are in force or begin within two weeks. */
  readonly freezes: readonly FreezePeriod[];
}

export interface Status {
  readonly lines: readonly StatusLine[];
  readonly windows: readonly NextWindow[];
}

const groupOf: Readonly<Record<ChangeState, StatusGroup | null>> = {
  draft: 'draft',
  submitted: 'approval',
  assessed: 'approval',
  authorised: 'scheduled',
  scheduled: 'scheduled',
  implementing: 'running',
  review: 'review',
  'on-hold': 'approval',
  closed: null,
  rejected: null,
  cancelled: null,
  aborted: null,
};

const order: readonly StatusGroup[] = ['running', 'approval', 'scheduled', 'review', 'draft'];
const aheadMs = 14 * dayMs;

/** `mine`: only what this person answers for or is asked about; null for everything. */
export function statusOf(overview: Overview, mine: string | null): Status {
  const lines = overview.changes
    .flatMap((change) => lineOf(change, overview))
    .filter(
      ({ change, waitsFor }) =>
        mine === null ||
        peopleOf(change).includes(mine) ||
        waitsFor.includes(nameOf(overview.policy.roster, mine)),
    )
    .toSorted(
      (a, b) =>
        order.indexOf(a.group) - order.indexOf(b.group) ||
        (timeOf(a.change) ?? Infinity) - (timeOf(b.change) ?? Infinity),
    );
  return { lines, windows: windowsOf(overview) };
}

function lineOf(change: KnownChange, overview: Overview): readonly StatusLine[] {
  const group = change.pull === null || change.pull.draft ? groupOf[change.state.state] : 'approval';
  return group === null ? [] : [{ change, group, waitsFor: awaited(change, group, overview) }];
}

function awaited(change: KnownChange, group: StatusGroup, overview: Overview): readonly string[] {
  const { owner, implementer, requester } = change.record;
  switch (group) {
    case 'running':
      return [];
    case 'approval':
      return change.pull === null ? [] : requestedOf(change.pull, overview);
    case 'scheduled':
    case 'draft':
      return [nameOf(overview.policy.roster, implementer ?? requester)];
    case 'review':
      return [nameOf(overview.policy.roster, owner)];
  }
}

/** Names of the people whose review was requested; an account that is nobody's by its number. */
export function requestedOf(pull: ListedPull, { policy }: Overview): readonly string[] {
  return pull.requestedIds.map(
    (id) => personOfAccount(policy.roster, id)?.name ?? `account ${String(id)}, which is not on the roster`,
  );
}

function windowsOf({ policy, now }: Overview): readonly NextWindow[] {
  const at = Date.parse(now);
  return policy.registers.map(({ client, windows }) => {
    const opening = openingAt(windows, at) ?? firstOpening(windows, at);
    return {
      client,
      opening:
        opening === null
          ? null
          : {
              start: instantText(opening.start),
              end: instantText(opening.end),
              isOpen: opening.start <= at,
            },
      freezes: freezesDuring(policy, { clients: [client], categories: 'all' }, at, at + aheadMs),
    };
  });
}
