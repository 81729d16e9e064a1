/**
 * The bundles that the synth job left for a commit. Whoever can push a branch can rewrite change.yml in it, so all of this
 * is hostile: which run it is, whose artifact, how large, and what is in it.
 */
import { createHash } from 'node:crypto';
import type { Octokit } from '@octokit/rest';
import type { SynthBundles, SynthRuns } from '../ports.ts';
import { asked, connect, whole, type Connection, type GitHubSettings } from './github-connection.ts';
import { readZip, ZipError, type ZipLimits } from './zip.ts';

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

/** Reads them through octokit; throws ExternalError when GitHub does not answer. */
export function createSynthRuns(settings: GitHubSettings): SynthRuns {
  const at = connect(settings);
  return {
    bundlesOf: (headSha) =>
      asked(`read the bundles of ${headSha}`, 'sluice gate --pr <number> --ci-bundles', () =>
        bundlesOf(at, headSha),
      ),
  };
}

async function bundlesOf(at: Connection, headSha: string): Promise<SynthBundles> {
  const run = await newestRun(at, headSha);
  if (run === null) {
    return { kind: 'missing', reason: `There is no run of ${workflow} for ${headSha}.` };
  }
  if (run.status !== 'completed') {
    return { kind: 'pending', reason: `Run ${String(run.id)} of ${workflow} for ${headSha} has not ended.` };
  }
  const found = artifactOf(await artifactsOf(at, run.id), run, headSha);
  if ('kind' in found) {
    return found;
  }
  const packed = await download(at, found.id);
  return packed === null
    ? refused(`its artifact is larger than the ${String(packedLimit)} bytes that are taken`)
    : unpacked(packed, found.digest ?? null);
}

type ApiRun = Awaited<
  ReturnType<Octokit['rest']['actions']['listWorkflowRuns']>
>['data']['workflow_runs'][number];
type ApiArtifact = Awaited<
  ReturnType<Octokit['rest']['actions']['listWorkflowRunArtifacts']>
>['data']['artifacts'][number];

/** GitHub is asked for this commit only, and what it answers is looked at again: an older run is of other code. */
async function newestRun({ octokit, owner, repo }: Connection, headSha: string): Promise<ApiRun | null> {
  const { data } = await octokit.rest.actions.listWorkflowRuns({
    owner,
    repo,
    workflow_id: workflow,
    event: 'pull_request',
    head_sha: headSha,
    per_page: 100,
  });
  const runs = whole(data.workflow_runs, 'run_number').filter(
    (run) => run.head_sha === headSha && run.event === 'pull_request',
  );
  return runs.toSorted((a, b) => b.run_number - a.run_number)[0] ?? null;
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
  if (artifact.expired) {
    return { kind: 'missing', reason: `The bundles of run ${String(run.id)} have expired.` };
  }
  if (!(artifact.size_in_bytes <= packedLimit)) {
    return refused(
      `its artifact has ${String(artifact.size_in_bytes)} bytes, more than ${String(packedLimit)}`,
    );
  }
  return artifact;
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
    request: { parseSuccessResponseBody: false, signal: AbortSignal.timeout(downloadMs) },
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

function refused(why: string): SynthBundles {
  return { kind: 'refused', reason: `The bundles are refused: ${why}.` };
}
