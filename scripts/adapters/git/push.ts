/**
 * Puts the branch of a change on `origin`. Every push names what it replaces: a commit that somebody else pushed
 * meanwhile is never overwritten. The repository's own hooks do not run; the server's do, and what it refuses is said in its words.
 */
import { DeniedError, ExternalError, StaleError } from '../../contract/errors.ts';
import type { OnOrigin } from '../../contract/ports.ts';
import { checkBranchName } from './append.ts';
import type { GitCommand } from './command.ts';
import { git, remoteTip, type PublishRemote } from './publish.ts';
import { redact } from '../../secrets/redact.ts';

/** Address of origin without the credentials that people put into it; null when there is no origin. */
export async function originAddress(remote: PublishRemote): Promise<string | null> {
  const result = await git(remote, ['remote', 'get-url', 'origin']);
  return result.exitCode === 0 ? result.stdout.trim().replace(/^([a-z+]+:\/\/)[^/@]*@/i, '$1') : null;
}

/** Asks origin for the branch and compares it with HEAD; a commit that this clone does not have makes it diverged. */
export async function onOrigin(
  command: GitCommand,
  remote: PublishRemote,
  branch: string,
): Promise<OnOrigin> {
  await checkBranchName(command, branch);
  const tip = await remoteTip(remote, `refs/heads/${branch}`);
  if (tip === null) {
    return { tip, head: 'new' };
  }
  const head = (await command.text(['rev-parse', 'HEAD'])).trim();
  if (tip === head) {
    return { tip, head: 'same' };
  }
  if (await isAncestor(command, tip, head)) {
    return { tip, head: 'ahead' };
  }
  return { tip, head: (await isAncestor(command, head, tip)) ? 'behind' : 'diverged' };
}

/** Nothing else that lies in the working tree or the index comes along. */
export async function commitOn(
  command: GitCommand,
  {
    branch,
    message,
    paths,
  }: { readonly branch: string; readonly message: string; readonly paths: readonly string[] },
): Promise<void> {
  await checkBranchName(command, branch);
  await command.text(['switch', '--quiet', '--create', branch]);
  await command.text(['add', '--', ...paths]);
  await command.text(['commit', '--quiet', '--message', message, '--', ...paths]);
}

/** Whether `older` is `newer` or reached from it; both are commit ids. */
export async function isAncestor(command: GitCommand, older: string, newer: string): Promise<boolean> {
  // 128: this clone does not have one of them.
  const { status } = await command.ask(['merge-base', '--is-ancestor', older, newer], { answers: [1, 128] });
  return status === 0;
}

/** Throws StaleError when the branch has moved, DeniedError when the server refuses it, else ExternalError. */
export async function pushHead(
  command: GitCommand,
  remote: PublishRemote,
  push: { readonly branch: string; readonly expected: string | null },
): Promise<void> {
  const { branch, expected } = push;
  await checkBranchName(command, branch);
  const reference = `refs/heads/${branch}`;
  const result = await git(remote, [
    'push',
    '--porcelain',
    '--no-verify',
    `--force-with-lease=${reference}:${expected ?? ''}`,
    'origin',
    `HEAD:${reference}`,
  ]);
  if (result.exitCode === 0) {
    return;
  }
  const line = result.stdout.split('\n').find((text) => text.startsWith('!\t')) ?? '';
  const refusal = [line.split('\t')[2] ?? '', result.stderr.trim()].filter((text) => text !== '').join('\n');
  const why = redact(refusal) || 'git gave no reason.';
  if (line.includes('(stale info)')) {
    throw new StaleError({
      what: `The branch ${branch} on origin has moved.`,
      why: 'Somebody pushed to it between the look at it and the push.',
      fix: 'Look at what they pushed, then raise again; nothing was pushed.',
      next: `git fetch origin ${branch}`,
    });
  }
  if (line.includes('[remote rejected]')) {
    throw new DeniedError({
      what: `The server refuses the push of ${branch}.`,
      why,
      fix: 'The branch is protected, or a rule of the server forbids it. Use a branch that you may push to; nothing was pushed.',
      next: `git branch --move ${branch}-2 && sluice raise`,
    });
  }
  throw new ExternalError({
    what: `git could not push ${branch} to origin.`,
    why,
    fix: 'Check the network and that you may write to the repository (in CI: SLUICE_GIT_TOKEN).',
    next: `git push --dry-run origin HEAD:${branch}`,
  });
}
