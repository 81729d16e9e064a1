/** The runs of change.yml and what they left, as tests and the demo put them there. */
import { ok, repositoryPath, type Answered, type Call, type Route } from './route.ts';

/** Where nothing is said, the run ended well and left one artifact, called `bundles`, of its own commit. */
export interface LocalRun {
  readonly headSha: string;
  /** Where nothing is said, that of a pull request with this head, or `change`. */
  readonly headBranch?: string;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly attempt?: number;
  /** When its last attempt began. */
  readonly startedAt?: string;
  readonly artifacts?: readonly LocalArtifact[];
}

export interface LocalArtifact {
  readonly zip: Uint8Array;
  readonly name?: string;
  readonly createdAt?: string;
  readonly expired?: boolean;
  /** What GitHub says about it, when it is to differ from what is served. */
  readonly size?: number;
  readonly headSha?: string;
  readonly digest?: string | null;
}

export interface SynthRunLog {
  readonly routes: readonly Route[];
  /** A later run is a newer one. Gives its number. */
  put(run: LocalRun): number;
}

/** An empty log. The zip is served from another path, to which the API redirects. */
export function startSynthRunLog(): SynthRunLog {
  const runs: LocalRun[] = [];
  const artifactAt = (id: number): LocalArtifact | undefined =>
    runs[Math.floor(id / 100) - 1]?.artifacts?.[id % 100];
  return {
    put: (run) => runs.push(run),
    routes: [
      {
        method: 'GET',
        path: new RegExp(`^${repositoryPath}/actions/workflows/change\\.yml/runs$`),
        answer: (call) => listRuns(runs, call),
      },
      {
        method: 'GET',
        path: new RegExp(`^${repositoryPath}/actions/runs/(\\d+)/artifacts$`),
        answer: ({ found, url }) => listArtifacts(runs, Number(found[1]), url.searchParams.get('name')),
      },
      {
        method: 'GET',
        path: new RegExp(`^${repositoryPath}/actions/artifacts/(\\d+)/zip$`),
        answer: ({ found }) => ({ status: 302, body: null, location: `/storage/${found[1] ?? ''}` }),
      },
      {
        method: 'GET',
        path: /^\/storage\/(\d+)$/,
        answer: ({ found }) => {
          const artifact = artifactAt(Number(found[0]));
          return artifact === undefined ? { status: 404, body: { message: 'Not Found' } } : ok(artifact.zip);
        },
      },
    ],
  };
}

interface PullOfRun {
  readonly id: number;
  readonly number: number;
  readonly state: string;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly base: { readonly ref: string; readonly sha: string };
}

/** In `pull_requests` GitHub names what is open from the branch with this head now, not what started the run. */
async function listRuns(runs: readonly LocalRun[], { url, found, upstream }: Call): Promise<Answered> {
  const headSha = url.searchParams.get('head_sha');
  const [repository = ''] = found;
  const pulls = (await (
    await upstream(`${repository}/pulls?state=all&per_page=100`)
  ).json()) as readonly PullOfRun[];
  const branchOf = (run: LocalRun): string =>
    run.headBranch ?? pulls.find(({ head }) => head.sha === run.headSha)?.head.ref ?? 'change';
  const listed = runs
    .map((run, index) => ({
      id: index + 1,
      run_number: index + 1,
      run_attempt: run.attempt ?? 1,
      run_started_at: run.startedAt ?? '2026-11-24T09:00:00Z',
      event: 'pull_request',
      path: '.github/workflows/change.yml',
      head_sha: run.headSha,
      head_branch: branchOf(run),
      head_repository: { full_name: repository.replace('/repos/', '') },
      pull_requests: pulls
        .filter(
          ({ state, head }) => state === 'open' && head.sha === run.headSha && head.ref === branchOf(run),
        )
        .map(({ id, number, head, base }) => ({ id, number, head, base })),
      status: run.status ?? 'completed',
      conclusion: run.conclusion === undefined ? 'success' : run.conclusion,
    }))
    .filter((run) => headSha === null || run.head_sha === headSha);
  return ok({ total_count: listed.length, workflow_runs: listed.toReversed() });
}

function listArtifacts(runs: readonly LocalRun[], id: number, name: string | null): Answered {
  const run = runs[id - 1];
  const listed = (run?.artifacts ?? [])
    .map((artifact, index) => ({
      id: id * 100 + index,
      name: artifact.name ?? 'bundles',
      size_in_bytes: artifact.size ?? artifact.zip.length,
      expired: artifact.expired ?? false,
      created_at: artifact.createdAt ?? '2026-11-24T09:05:00Z',
      digest: artifact.digest ?? null,
      workflow_run: { id, head_sha: artifact.headSha ?? run?.headSha },
    }))
    .filter((artifact) => name === null || artifact.name === name);
  return ok({ total_count: listed.length, artifacts: listed });
}
