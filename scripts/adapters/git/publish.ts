/**
 * Puts a branch's new commit on `origin` before the local branch moves: others must see that a release begins before it
 * begins. The push is a compare-and-swap on the remote branch; somebody who was faster is never overwritten. The token of
 * a CI run, if any, reaches git through its environment and stands in no argument list.
 */
import { DeniedError, ExternalError, InputError, StaleError } from '../../contract/errors.ts';
import { pickEnv, runProcess, type ProcessResult } from '../process/run-process.ts';

export interface PublishRemote {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Asked before each command, because such a token ends within the hour; absent: SLUICE_GIT_TOKEN, if that is set. */
  readonly token?: () => Promise<string>;
}

/** Pushes `commit` as `branch` if the remote branch is at `expected` (null: does not exist). Throws StaleError if it is not. */
export async function pushCommit(
  remote: PublishRemote,
  push: {
    readonly branch: string;
    readonly commit: string;
    readonly expected: string | null;
    readonly tag: string | null;
  },
): Promise<void> {
  await requireOrigin(remote);
  const reference = `refs/heads/${push.branch}`;
  const tag = push.tag === null ? null : `refs/tags/${push.tag}`;
  const result = await git(remote, [
    'push',
    '--quiet',
    '--no-verify',
    '--atomic',
    `--force-with-lease=${reference}:${push.expected ?? ''}`,
    ...(tag === null ? [] : [`--force-with-lease=${tag}:`]),
    'origin',
    `${push.commit}:${reference}`,
    ...(tag === null ? [] : [`${push.commit}:${tag}`]),
  ]);
  if (result.exitCode === 0) {
    return;
  }
  const found = await remoteTip(remote, reference);
  if (found !== push.expected) {
    throw new StaleError({
      what: `The branch ${push.branch} on origin has moved.`,
      why: `Expected ${push.expected ?? 'no such branch'}, found ${found ?? 'no such branch'}: another run wrote to it.`,
      fix: 'Fetch it and repeat the command; nothing was written.',
      next: `git fetch origin ${push.branch}:${push.branch}`,
    });
  }
  throw /\bGH0(?:06|13)\b|hook declined|rule violations/.test(result.stderr)
    ? refused(push.branch, result)
    : failed('push to', push.branch, result);
}

/**
 * The server took the connection and refuses the push: GH013 is what GitHub calls the violation of a ruleset, GH006 that of a
 * protected branch (docs.github.com, "Troubleshooting rules" and "About protected branches", read 2026-11-30).
 */
function refused(branch: string, result: ProcessResult): DeniedError {
  return new DeniedError({
    what: `A rule of the repository refuses the push of ${branch}; nothing was written.`,
    why: result.stderr.trim(),
    fix: `The ruleset lets only the GitHub App push to ${branch}: start the workflow (baseline, release or rollback), which has the token of the App, and let the App be in the ruleset's bypass list.`,
    next: 'sluice guard check',
  });
}

/** What this clone has of a branch and of the tags that mark it; `here` is null where it has no such branch. */
export interface Fetched {
  readonly branch: string;
  readonly here: string | null;
  /** Commits by the whole names of the references below `tags`. */
  readonly marks: ReadonlyMap<string, string>;
  readonly tags: string | null;
}

/**
 * Brings the local branch, and the tags below `tags`, to where origin has them. Throws InputError where origin does not
 * continue what is here: another history, a tag that moved or is gone, no branch any more. A tag is asked for by name:
 * a fetch brings what is new and says nothing of what was deleted.
 */
export async function fetchBranch(
  remote: PublishRemote,
  { branch, here, marks, tags }: Fetched,
): Promise<void> {
  await requireOrigin(remote);
  const reference = `refs/heads/${branch}`;
  const marking = tags === null ? [] : [`refs/tags/${tags}*`];
  const there = await remoteReferences(remote, [reference, ...marking]);
  const tip = there.get(reference) ?? null;
  refuseRewritten({ branch, here, marks, tags }, there);
  const wanted = [...(tip === null ? [] : [reference]), ...marking].map((name) => `${name}:${name}`);
  if (wanted.length === 0) {
    return;
  }
  const result = await git(remote, ['fetch', '--quiet', '--no-tags', 'origin', ...wanted]);
  if (result.exitCode === 0) {
    return;
  }
  if (here !== null && tip !== null && (await isElsewhere(remote, here, tip))) {
    throw rewritten(
      branch,
      `Origin has it at ${tip.slice(0, 12)}, which does not continue ${here.slice(0, 12)}, where this clone has it.`,
    );
  }
  throw failed('fetch', branch, result);
}

/** Brings one branch and nothing else; git refuses what is no continuation. */
export async function fetchTip(remote: PublishRemote, branch: string): Promise<void> {
  await requireOrigin(remote);
  await fetched(remote, [`refs/heads/${branch}:refs/heads/${branch}`], branch);
}

/** Brings tags by their names; git refuses to move one. */
export async function fetchTags(remote: PublishRemote, tags: readonly string[]): Promise<void> {
  const wanted = tags.map((tag) => `refs/tags/${tag}:refs/tags/${tag}`);
  if (wanted.length > 0) {
    await fetched(remote, wanted, 'the tags');
  }
}

async function fetched(remote: PublishRemote, wanted: readonly string[], what: string): Promise<void> {
  const result = await git(remote, ['fetch', '--quiet', '--no-tags', 'origin', ...wanted]);
  if (result.exitCode !== 0) {
    throw failed('fetch', what, result);
  }
}

/** Brings where all branches of origin are, and their commits. */
export async function fetchBranches(remote: PublishRemote): Promise<void> {
  await requireOrigin(remote);
  const result = await git(remote, [
    'fetch',
    '--quiet',
    '--no-tags',
    'origin',
    '+refs/heads/*:refs/remotes/origin/*',
  ]);
  if (result.exitCode !== 0) {
    throw failed('fetch', 'the branches', result);
  }
}

function refuseRewritten({ branch, here, marks }: Fetched, there: ReadonlyMap<string, string>): void {
  if (here !== null && !there.has(`refs/heads/${branch}`)) {
    throw rewritten(
      branch,
      `Origin has no branch ${branch} any more; this clone has it at ${here.slice(0, 12)}.`,
    );
  }
  const lost = [...marks].find(([name, sha]) => there.get(name) !== sha);
  if (lost !== undefined) {
    const [name, sha] = lost;
    const found = there.get(name);
    throw rewritten(
      branch,
      `${name.slice('refs/tags/'.length)} marks ${sha.slice(0, 12)} in this clone, and ${found === undefined ? 'is not on origin' : `${found.slice(0, 12)} on origin`}.`,
    );
  }
}

/** Both commits are here, a refused fetch having brought the second, and it does not continue the first. */
async function isElsewhere(remote: PublishRemote, here: string, tip: string): Promise<boolean> {
  return (await git(remote, ['merge-base', '--is-ancestor', here, tip])).exitCode === 1;
}

function rewritten(branch: string, why: string): InputError {
  return new InputError({
    what: `The branch ${branch} on origin, or a tag that marks it, was rewritten, cut off or deleted.`,
    why,
    fix: 'Treat it as a security incident: keep this clone, and restore origin from one that verifies.',
    next: 'sluice ledger verify',
  });
}

async function requireOrigin(remote: PublishRemote): Promise<void> {
  const result = await git(remote, ['remote', 'get-url', 'origin']);
  if (result.exitCode !== 0) {
    throw new InputError({
      what: 'This repository has no remote called origin.',
      why: 'The ledger of a release to Cloudflare must be where everybody can see it before anything is applied.',
      fix: 'Release from a clone of the shared repository.',
      next: 'git remote add origin <address>',
    });
  }
}

/** Commit of a reference on origin; null when it is not there. */
export async function remoteTip(remote: PublishRemote, reference: string): Promise<string | null> {
  return (await remoteReferences(remote, [reference])).get(reference) ?? null;
}

/** What origin has of these references, by their whole names. */
export async function remoteReferences(
  remote: PublishRemote,
  wanted: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const result = await git(remote, ['ls-remote', '--refs', 'origin', ...wanted]);
  if (result.exitCode !== 0) {
    throw failed('read', wanted.join(' and '), result);
  }
  const lines = result.stdout.split('\n').filter((line) => line.includes('\t'));
  return new Map(
    lines.map((line) => [line.slice(line.indexOf('\t') + 1).trim(), line.slice(0, line.indexOf('\t'))]),
  );
}

function failed(act: string, branch: string, result: ProcessResult): ExternalError {
  return new ExternalError({
    what: `git could not ${act} ${branch} on origin.`,
    why: result.stderr.trim() || 'git gave no reason.',
    fix: 'Check the network and that the token may write to the branch; nothing was written.',
    next: 'git ls-remote origin',
  });
}

/** git with the token of the environment, for what talks to origin; its texts are redacted. */
export async function git(
  { folder, environment, token: fresh }: PublishRemote,
  args: readonly string[],
): Promise<ProcessResult> {
  const token = fresh === undefined ? environment['SLUICE_GIT_TOKEN'] : await fresh();
  const basic =
    token === undefined ? null : Buffer.from(`x-access-token:${token}`, 'utf8').toString('base64');
  const authorization = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic ?? ''}`,
  };
  return runProcess({
    command: 'git',
    args,
    cwd: folder,
    env: {
      ...pickEnv(environment, [
        'PATH',
        'HOME',
        'TMPDIR',
        'XDG_CONFIG_HOME',
        'SSH_AUTH_SOCK',
        'HTTPS_PROXY',
        'NO_PROXY',
      ]),
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      ...(basic === null ? {} : authorization),
    },
    timeoutMs: 120_000,
    secrets: [token, basic].filter((secret) => secret !== undefined && secret !== null),
    ifMissing: { fix: 'Install git 2.38 or newer.', next: 'git --version' },
  });
}
