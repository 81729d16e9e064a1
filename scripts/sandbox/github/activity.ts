/** The repository's activity: who pushed what to which branch, and when, by the server's clock. */
import { ok, repositoryPath, type Route } from './route.ts';

interface Activity {
  readonly id: number;
  readonly before: string;
  readonly after: string;
  readonly ref: string;
  readonly timestamp: string;
  readonly activity_type: 'push' | 'branch_creation';
  readonly actor: { readonly id: number; readonly login: string };
}

export interface PushLog {
  readonly routes: readonly Route[];
  /** Heads of all branches. */
  readonly heads: ReadonlyMap<string, string>;
  note(push: {
    readonly branch: string;
    readonly sha: string;
    readonly at: string;
    readonly actor: Activity['actor'];
  }): void;
}

const zero = '0'.repeat(40);

/** An empty log, listed newest first as GitHub does. */
export function startPushLog(): PushLog {
  const activity: Activity[] = [];
  const heads = new Map<string, string>();
  return {
    heads,
    note: ({ branch, sha, at, actor }) => {
      const before = heads.get(branch) ?? zero;
      activity.push({
        id: activity.length + 1,
        before,
        after: sha,
        ref: `refs/heads/${branch}`,
        timestamp: at,
        activity_type: before === zero ? 'branch_creation' : 'push',
        actor,
      });
      heads.set(branch, sha);
    },
    routes: [
      {
        method: 'GET',
        path: new RegExp(`^${repositoryPath}/activity$`),
        answer: ({ url }) => {
          const ref = url.searchParams.get('ref');
          return ok(activity.filter((entry) => ref === null || entry.ref === ref).toReversed());
        },
      },
    ],
  };
}
