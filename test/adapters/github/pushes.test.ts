/** Kinds of activity as GitHub documents them: REST API, "List repository activities", `activity_type`, read 2026-11-30. */
import { describe, expect, it } from 'vitest';
import { pushesOf, type TimeSpan } from '../../../scripts/adapters/github/pushes.ts';

const [first, second, later, zero] = ['1', '2', '3', '0'].map((digit) => digit.repeat(40)) as [
  string,
  string,
  string,
  string,
];
const span: TimeSpan = {
  branch: 'change',
  openedAt: '2026-11-23T09:00:00Z',
  mergedAt: '2026-11-24T12:00:00Z',
  commits: [first, second],
};

function activity(kind: string, after: string, time: string, id: number | null = 7) {
  return { activity_type: kind, actor: id === null ? null : { id }, after, timestamp: `2026-11-${time}Z` };
}

const actors = (activities: readonly ReturnType<typeof activity>[], at: TimeSpan = span) =>
  pushesOf(activities, at).map(({ actor }) => actor);

describe('pushes of a pull request', () => {
  it.each(['push', 'force_push', 'branch_creation', 'pr_merge', 'merge_queue_merge', 'a_kind_of_next_year'])(
    'are of kind %s, whatever they left, while it was open',
    (kind) => {
      expect(actors([activity(kind, later, '23T10:00:00')])).toEqual([7]);
    },
  );

  it('are not the deletion of its branch, at any time', () => {
    expect(
      actors([
        activity('branch_deletion', zero, '23T10:00:00'),
        activity('branch_deletion', zero, '24T12:00:05'),
      ]),
    ).toEqual([]);
  });

  it('are not what somebody did to the branch after the merge, restoring it for example', () => {
    expect(actors([activity('branch_creation', second, '24T12:00:01')])).toEqual([]);
    expect(actors([activity('branch_creation', second, '24T12:00:01')], { ...span, mergedAt: null })).toEqual(
      [7],
    );
  });

  it('are of the time before it only where they left a commit of its', () => {
    expect(
      actors([
        activity('push', later, '20T08:00:00', 1),
        activity('branch_creation', first, '23T08:00:00', 2),
        activity('push', second, '23T08:30:00', null),
      ]),
    ).toEqual([2, null]);
  });

  it('count where a time cannot be read', () => {
    expect(actors([activity('push', later, 'never')])).toEqual([7]);
  });
});
