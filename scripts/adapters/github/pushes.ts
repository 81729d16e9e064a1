/** Who changed the branch of a pull request, from the repository's activity, which names the authenticated account. */
import { whole, type Connection } from './connection.ts';

export interface Push {
  /** Null for an account that is not there any more. */
  readonly actor: number | null;
  /** What the branch was at afterwards. */
  readonly after: string;
  readonly at: string;
}

/** What a pull request says of when it was one, and of which commits. */
export interface TimeSpan {
  readonly branch: string;
  readonly openedAt: string;
  /** Null while it is not merged. */
  readonly mergedAt: string | null;
  readonly commits: readonly string[];
}

interface PushActivity {
  readonly activity_type: string;
  readonly actor: { readonly id: number } | null;
  readonly after: string;
  readonly timestamp: string;
}

/**
 * What brings no commit to a branch, of the kinds that GitHub documents ("List repository activities": push, force_push,
 * branch_creation, branch_deletion, pr_merge, merge_queue_merge). A kind that is not known may have brought some.
 */
const bringsNothing: ReadonlySet<string> = new Set(['branch_deletion']);

/**
 * The pushes that made the pull request what it is, in the order of the activities: those while it was open, and of those before it the ones
 * that left a commit of its. A branch is used again after it was deleted, and whoever tidies up or restores a branch that was
 * merged has changed nothing that was merged.
 */
export function pushesOf(activities: readonly PushActivity[], span: TimeSpan): readonly Push[] {
  const [opened, merged] = [Date.parse(span.openedAt), Date.parse(span.mergedAt ?? '')];
  const own = new Set(span.commits);
  return activities
    .filter(({ activity_type: kind }) => !bringsNothing.has(kind))
    .filter(({ timestamp, after }) => {
      const at = Date.parse(timestamp);
      return !(at > merged) && (!(at < opened) || own.has(after));
    })
    .map(({ actor, after, timestamp }) => ({ actor: actor?.id ?? null, after, at: timestamp }));
}

/** The pushes of a pull request, as GitHub has them. */
export async function pushesTo(at: Connection, span: TimeSpan): Promise<readonly Push[]> {
  return pushesOf(await activitiesOn(at, span.branch), span);
}

/** Everything that happened to a branch, oldest first. */
export async function activitiesOn(at: Connection, branch: string): Promise<readonly PushActivity[]> {
  const { octokit, owner, repo } = at;
  const ref = `refs/heads/${branch}`;
  const activities = await octokit.paginate(octokit.rest.repos.listActivities, {
    owner,
    repo,
    ref,
    per_page: 100,
  });
  return whole(activities, 'after').toSorted((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
}
