/**
 * Whether the runs of change.yml for a commit are of one pull request. GitHub takes the workflow from the merge of head and
 * base, so a pull request of the same commit into another branch runs that branch's workflow. A run names its commit, and
 * in `pull_requests` whatever is open from the branch when it is asked about: nothing for forks and closed pull requests,
 * and not what started it. So every pull request that the branch ever had is looked at, and every base that it had.
 */
import type { RunHead, SynthRuns } from '../../contract/ports.ts';
import { whole, type Connection } from './connection.ts';
import { baseChangesOf, eventsOf } from './pull.ts';
import { activitiesOn } from './pushes.ts';

/** Throws when GitHub does not answer. */
export async function headOf(
  at: Connection,
  number: number,
  headSha: string,
): ReturnType<SynthRuns['headOf']> {
  const { octokit, owner, repo } = at;
  const { data: pull } = await octokit.rest.pulls.get({ owner, repo, pull_number: number });
  const head: RunHead = { sha: headSha, branch: pull.head.ref };
  const others = await octokit.paginate(octokit.rest.pulls.list, {
    owner,
    repo,
    state: 'all',
    head: `${owner}:${head.branch}`,
    per_page: 100,
  });
  // What GitHub answers is looked at again: its filter is not the only one.
  const sharing = whole(others, 'number').filter(
    (other) => other.number !== number && other.head.ref === head.branch && other.head.sha === headSha,
  );
  for (const other of sharing) {
    if (other.base.ref !== pull.base.ref || baseChangesOf(await eventsOf(at, other.number)).length > 0) {
      return foreign(
        headSha,
        `pull request ${String(other.number)} has or had the same head and another base`,
      );
    }
  }
  return (await hasSameBase(at, number, head))
    ? head
    : foreign(headSha, 'the pull request got another base after this head was pushed');
}

/** A head that was pushed after the last change has no run of another base. */
async function hasSameBase(at: Connection, number: number, { sha, branch }: RunHead): Promise<boolean> {
  const changes = baseChangesOf(await eventsOf(at, number)).map((time) => Date.parse(time));
  if (changes.length === 0) {
    return true;
  }
  const pushed = Date.parse(
    (await activitiesOn(at, branch)).findLast(({ after }) => after === sha)?.timestamp ?? '',
  );
  // An unknown time compares as false.
  return changes.every((change) => change < pushed);
}

function foreign(headSha: string, why: string): { readonly kind: 'foreign'; readonly reason: string } {
  return { kind: 'foreign', reason: `The runs for ${headSha} may be of another base branch: ${why}.` };
}
