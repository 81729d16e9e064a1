/** Reads the gate's check runs on a commit. */
import { whole, type Connection } from './connection.ts';
import { readRuns, type RunsRead } from './visible.ts';

/** What the gate's runs on the commit show. All of them are read: the newest alone could be anybody's. */
export async function runsOn(at: Connection, headSha: string, name: string): Promise<RunsRead> {
  const { octokit, owner, repo, appId } = at;
  const runs = await octokit.paginate(octokit.rest.checks.listForRef, {
    owner,
    repo,
    ref: headSha,
    check_name: name,
    // Without it GitHub leaves out all but the newest of a name, and so the ones that contradict it.
    filter: 'all',
    per_page: 100,
  });
  return readRuns(whole(runs, 'id'), { name, headSha, appId });
}
