/** The repository's activity: who pushed what to which branch, and when, by the server's clock. */
import { actorOf, ok, passed, repositoryPath, type Route } from './route.ts';

interface RecordedActivity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly activity_type: 'branch_creation' | 'branch_deletion' | 'force_push' | 'pr_merge' | 'push';
  readonly actor: { readonly id: number; readonly login: string };
}

export interface PushLog {
  readonly routes: readonly Route[];
  /** Heads of all branches. */
  readonly heads: ReadonlyMap<string, string>;
  note(push: {
    readonly branch: string;
    readonly sha: string;
    readonly actor: RecordedActivity['actor'];
    /** What was there before is not below it. */
    readonly isForced: boolean;
  }): void;
}

const zero = '0'.repeat(40);

/** An empty log, listed newest first as GitHub does. `now` is the server's clock. */
export function startPushLog(now: () => string): PushLog {
  const activity: RecordedActivity[] = [];
  const heads = new Map<string, string>();
  const add: Add = (branch, after, entry) => {
    const before = heads.get(branch) ?? zero;
    const ref = `refs/heads/${branch}`;
    activity.push({ id: activity.length + 1, before, after, ref, timestamp: now(), ...entry });
    if (after === zero) {
      heads.delete(branch);
    } else {
      heads.set(branch, after);
    }
  };
  return {
    heads,
    note: ({ branch, sha, actor, isForced }) => {
      const kind = heads.has(branch) ? (isForced ? 'force_push' : 'push') : 'branch_creation';
      add(branch, sha, { activity_type: kind, actor });
    },
    routes: [listing(activity), deletion(add), merge(add)],
  };
}

type Add = (branch: string, after: string, entry: Pick<RecordedActivity, 'activity_type' | 'actor'>) => void;

function listing(activity: readonly RecordedActivity[]): Route {
  return {
    method: 'GET',
    path: new RegExp(`^${repositoryPath}/activity$`),
    answer: ({ url }) => {
      const ref = url.searchParams.get('ref');
      return ok(activity.filter((entry) => ref === null || entry.ref === ref).toReversed());
    },
  };
}

function deletion(add: Add): Route {
  return {
    method: 'DELETE',
    path: new RegExp(`^${repositoryPath}/git/refs/heads/(.+)$`),
    answer: async (call) => {
      const answer = await call.upstream(call.url.pathname, { method: 'DELETE' });
      if (answer.ok) {
        add(call.found[1] ?? '', zero, { activity_type: 'branch_deletion', actor: await actorOf(call) });
      }
      return passed(answer);
    },
  };
}

function merge(add: Add): Route {
  return {
    method: 'PUT',
    path: new RegExp(`^${repositoryPath}/pulls/(\\d+)/merge$`),
    answer: async (call) => {
      const [repository = '', number = ''] = call.found;
      const answered = await passed(
        await call.upstream(call.url.pathname, { method: 'PUT', body: call.text }),
      );
      if (answered.status === 200) {
        const pull = await call.upstream(`${repository}/pulls/${number}`);
        const { base } = (await pull.json()) as { readonly base: { readonly ref: string } };
        const { sha } = answered.body as { readonly sha: string };
        add(base.ref, sha, { activity_type: 'pr_merge', actor: await actorOf(call) });
      }
      return answered;
    },
  };
}
