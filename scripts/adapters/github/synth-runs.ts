/**
 * The bundles that the synth job left for a commit. Whoever can push a branch can rewrite change.yml in it, so all of this
 * is hostile: which run it is, whose artifact, how large, and what is in it.
 */
import { createHash } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import { UsageError } from '../../contract/errors.ts';
import type { GitFile, RunHead, SynthBundles, SynthRuns } from '../../contract/ports.ts';
import { callGitHub, connect, whole, type Connection, type GitHubSettings } from './connection.ts';
import { headOf } from './synth-origin.ts';
import { readZip, ZipError, type ZipLimits } from '../files/zip.ts';

const workflow = 'change.yml';
const artifactName = 'bundles';
/** Packed. A bundle of 50,000 resources has about 30 MB unpacked. */
const packedLimit = 50 * 1024 * 1024;
const unpackedLimits: ZipLimits = {
  entries: 500,
  entryBytes: 100 * 1024 * 1024,
  totalBytes: 200 * 1024 * 1024,
  name: /^[a-z0-9][a-z0-9-]*\.tf\.json$/,
};
const downloadMs = 120_000;
/** A pull request that was opened again has run again. All that a head has are read, so there is an end to it. */
const olderRuns = 5;

export interface SynthRunSettings extends GitHubSettings {
  /** The run of the workflow that this process is part of; null outside of one. */
  readonly run: string | null;
}

/** Reads them through octokit; throws ExternalError when GitHub does not answer. */
export function createSynthRuns(settings: SynthRunSettings): SynthRuns {
  const at = connect(settings);
  return {
    bundlesOfThisRun: () => {
      const run = runNumber(settings.run);
      return callGitHub(`read the bundles of run ${String(run)}`, 'gh run list --workflow release.yml', () =>
        bundlesOfRun(at, run),
      );
    },
    headOf: (number, headSha) =>
      callGitHub(`read whose the runs for ${headSha} are`, 'sluice gate --pr <number> --ci-bundles', () =>
        headOf(at, number, headSha),
      ),
    bundlesOf: (head) =>
      callGitHub(`read the bundles of ${head.sha}`, 'sluice gate --pr <number> --ci-bundles', () =>
        bundlesOf(at, head),
      ),
  };
}

async function bundlesOf(at: Connection, head: RunHead): Promise<SynthBundles> {
  const [newest, ...older] = await runsOf(at, head);
  if (newest === undefined) {
    return {
      kind: 'missing',
      reason: `There is no run of ${workflow} for ${head.sha} in the branch of the pull request.`,
    };
  }
  if (older.length > olderRuns) {
    return refused(`more than ${String(olderRuns)} runs came before the newest one`);
  }
  const found = await leftBy(at, newest, head.sha);
  if (found.kind !== 'files') {
    return found;
  }
  for (const run of older) {
    const earlier = await leftBy(at, run, head.sha);
    if (earlier.kind === 'files' && textOf(earlier.files) !== textOf(found.files)) {
      return refused(`runs ${String(run.id)} and ${String(newest.id)} of one commit left different ones`);
    }
  }
  return found;
}

function textOf(files: readonly GitFile[]): string {
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return JSON.stringify(sorted.map(({ path, text }) => [path, text]));
}

async function leftBy(at: Connection, run: ApiRun, headSha: string): Promise<SynthBundles> {
  if (run.status !== 'completed') {
    return { kind: 'pending', reason: `Run ${String(run.id)} of ${workflow} for ${headSha} has not ended.` };
  }
  const found = artifactOf(await artifactsOf(at, run.id), run, headSha);
  return 'kind' in found ? found : unpackedFrom(at, found);
}

async function unpackedFrom(at: Connection, artifact: ApiArtifact): Promise<SynthBundles> {
  const packed = await download(at, artifact.id);
  return packed === null
    ? refused(`its artifact is larger than the ${String(packedLimit)} bytes that are taken`)
    : unpacked(packed, artifact.digest ?? null);
}

function runNumber(text: string | null): number {
  if (text === null || !/^[1-9]\d{0,15}$/.test(text)) {
    throw new UsageError({
      what: 'GITHUB_RUN_ID does not name a run of a workflow.',
      why: 'The bundles of a merged commit are what the job `bundles` of the same run left.',
      fix: 'Start the workflow `release`; by hand, name a folder with --bundles.',
      next: 'gh workflow run release.yml',
    });
  }
  return Number(text);
}

/** The name carries the commit, because a run for a later window is a run of another commit. */
const mergedName = /^bundles-([0-9a-f]{40})$/;

async function bundlesOfRun(at: Connection, run: number): ReturnType<SynthRuns['bundlesOfThisRun']> {
  const { octokit, owner, repo } = at;
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
    owner,
    repo,
    run_id: run,
    per_page: 100,
  });
  const all = whole(data.artifacts, 'size_in_bytes').filter(({ name }) => mergedName.test(name));
  // A run that was started again keeps what its earlier attempts left.
  const [newest] = all.toSorted((a, b) => Date.parse(b.created_at ?? '') - Date.parse(a.created_at ?? ''));
  if (newest === undefined) {
    return { kind: 'missing', reason: `Run ${String(run)} has left no bundles of a merged commit.` };
  }
  if (all.some(({ name }) => name !== newest.name)) {
    return refused('its run has left bundles of more than one commit');
  }
  const problem =
    newest.workflow_run?.id === run ? unusable(newest) : refused('its artifact is of another run');
  if (problem !== null) {
    return problem;
  }
  const found = await unpackedFrom(at, newest);
  return found.kind === 'files' ? { ...found, commit: newest.name.slice('bundles-'.length) } : found;
}

type ApiRun = Awaited<
  ReturnType<Octokit['rest']['actions']['listWorkflowRuns']>
>['data']['workflow_runs'][number];
type ApiArtifact = Awaited<
  ReturnType<Octokit['rest']['actions']['listWorkflowRunArtifacts']>
>['data']['artifacts'][number];

/**
 * Newest first. GitHub is asked for this commit only, and what it answers is looked at again: an older run is of other code,
 * and one of another branch or repository is of another pull request.
 */
async function runsOf({ octokit, owner, repo }: Connection, head: RunHead): Promise<readonly ApiRun[]> {
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    owner,
    repo,
    workflow_id: workflow,
    event: 'pull_request',
    head_sha: head.sha,
    per_page: 100,
  });
  const runs = whole(data.workflow_runs, 'run_number').filter(
    (run) =>
      run.head_sha === head.sha &&
      run.event === 'pull_request' &&
      run.head_branch === head.branch &&
      run.head_repository.full_name === `${owner}/${repo}` &&
      run.path.split('@', 1)[0] === `.github/workflows/${workflow}`,
  );
  return runs.toSorted((a, b) => b.run_number - a.run_number);
}

async function artifactsOf(
  { octokit, owner, repo }: Connection,
  run: number,
): Promise<readonly ApiArtifact[]> {
  const { data } = await octokit.rest.actions.listWorkflowRunArtifacts({
    owner,
    repo,
    run_id: run,
    name: artifactName,
    per_page: 100,
  });
  return whole(data.artifacts, 'size_in_bytes').filter(({ name }) => name === artifactName);
}

/** The one artifact that may be downloaded, or why there is none. Nothing of it has been read yet. */
function artifactOf(all: readonly ApiArtifact[], run: ApiRun, headSha: string): ApiArtifact | SynthBundles {
  const [artifact, ...others] = all.length > 1 ? ofLastAttempt(all, run) : all;
  if (artifact === undefined) {
    return run.conclusion === 'success'
      ? { kind: 'missing', reason: `Run ${String(run.id)} of ${workflow} left no bundles.` }
      : { kind: 'failed', reason: `Run ${String(run.id)} of ${workflow} failed before it left bundles.` };
  }
  if (others.length > 0) {
    return refused('its run has more than one artifact of that name');
  }
  if (artifact.workflow_run?.head_sha !== headSha || artifact.workflow_run.id !== run.id) {
    return refused('its artifact is of another commit or of another run');
  }
  return unusable(artifact) ?? artifact;
}

/** Why it is not worth downloading; null when it is. */
function unusable(artifact: ApiArtifact): Exclude<SynthBundles, { readonly kind: 'files' }> | null {
  if (artifact.expired) {
    return {
      kind: 'missing',
      reason: `The bundles of run ${String(artifact.workflow_run?.id ?? '')} have expired.`,
    };
  }
  return artifact.size_in_bytes <= packedLimit
    ? null
    : refused(`its artifact has ${String(artifact.size_in_bytes)} bytes, more than ${String(packedLimit)}`);
}

/** A run that was started again keeps the artifacts of its earlier attempts. */
function ofLastAttempt(artifacts: readonly ApiArtifact[], run: ApiRun): readonly ApiArtifact[] {
  const started = Date.parse(run.run_started_at ?? '');
  return (run.run_attempt ?? 1) > 1
    ? artifacts.filter(({ created_at: at }) => Date.parse(at ?? '') >= started)
    : artifacts;
}

/** Follows the redirect to the storage; null when more arrives than may. What is too much is not kept. */
async function download({ octokit, owner, repo }: Connection, id: number): Promise<Uint8Array | null> {
  const { data } = await octokit.rest.actions.downloadArtifact({
    owner,
    repo,
    artifact_id: id,
    archive_format: 'zip',
    // Counted here, while it arrives.
    request: { fetch, parseSuccessResponseBody: false, signal: AbortSignal.timeout(downloadMs) },
  });
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of data as AsyncIterable<Uint8Array>) {
    received += chunk.length;
    if (received > packedLimit) {
      return null;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unpacked(packed: Uint8Array, digest: string | null): SynthBundles {
  if (digest !== null && digest !== `sha256:${createHash('sha256').update(packed).digest('hex')}`) {
    return refused('its artifact does not have the digest that GitHub gives for it');
  }
  try {
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    const files = readZip(packed, unpackedLimits);
    return {
      kind: 'files',
      files: [...files].map(([name, content]) => ({ path: name, text: utf8.decode(content) })),
    };
  } catch (error) {
    return refused(error instanceof ZipError ? error.message : 'one of its files is not UTF-8');
  }
}

function refused(why: string): Exclude<SynthBundles, { readonly kind: 'files' }> {
  return { kind: 'refused', reason: `The bundles are refused: ${why}.` };
}
