/** What must be true before a change is put up: where the clone stands, which repository, branch and pull request. */
import type { Services } from '../contract/context.ts';
import { DeniedError, InputError, StaleError, UsageError } from '../contract/errors.ts';
import type { OnOrigin, PullRequests, RaisedPull } from '../contract/ports.ts';

export interface BranchPlace {
  readonly branch: string;
  readonly defaultBranch: string;
  readonly base: string;
}

/** The branch to raise, in a clone of the repository that the pull request will be in, with everything committed. */
export async function raisedBranch(services: Services): Promise<string> {
  const { git } = services;
  const branch = await git.branch();
  if (branch === null) {
    throw new UsageError({
      what: 'No branch is checked out.',
      why: 'A pull request is from a branch.',
      fix: 'Make a branch of where you are.',
      next: 'git switch --create CHG-<year>-<number>',
    });
  }
  const dirty = await git.dirtyPaths();
  if (dirty.length > 0) {
    const more = dirty.length > 5 ? ` and ${String(dirty.length - 5)} more` : '';
    throw new UsageError({
      what: `The working tree has uncommitted changes: ${dirty.slice(0, 5).join(', ')}${more}.`,
      why: 'What is checked is the working tree, what is raised is the commit.',
      fix: 'Commit or stash them; nothing was pushed.',
      next: 'git status',
    });
  }
  return branch;
}

/** Throws unless origin is the repository whose pull requests are written. Only owner and name can be compared. */
export async function refuseOtherRepository(services: Services, pulls: PullRequests): Promise<void> {
  const address = await services.git.origin();
  if (address === null) {
    throw new InputError({
      what: 'This repository has no remote called origin.',
      why: 'The branch is pushed there, and the pull request is opened from it.',
      fix: `Add ${pulls.repository} as origin.`,
      next: `git remote add origin git@github.com:${pulls.repository}.git`,
    });
  }
  const found = /([^/:]+\/[^/:]+?)(?:\.git)?\/*$/.exec(address)?.[1] ?? address;
  if (found.toLowerCase() !== pulls.repository.toLowerCase()) {
    throw new UsageError({
      what: `origin is ${found}, and GITHUB_REPOSITORY is ${pulls.repository}.`,
      why: 'A pull request from a fork gets no synth with rights and no approval: the gate refuses it.',
      fix: `Work in a clone of ${pulls.repository} itself, or correct GITHUB_REPOSITORY; nothing was pushed.`,
      next: 'git remote get-url origin',
    });
  }
}

/** Nothing is raised from the branch that releases are made from, and a pull request to another one cannot be released. */
export function refuseOtherBase({ branch, defaultBranch, base }: BranchPlace, draft: boolean): void {
  if (branch === defaultBranch || branch === base) {
    throw new DeniedError({
      what: `${branch} is the branch that changes are merged into.`,
      why: 'A change reaches it through a pull request only, never by a push.',
      fix: 'Put your commits on a branch of their own; nothing was pushed.',
      next: 'git switch --create CHG-<year>-<number>',
    });
  }
  if (base !== defaultBranch && !draft) {
    throw new DeniedError({
      what: `The base ${base} is not the default branch ${defaultBranch}.`,
      why: `Releases are made from ${defaultBranch}; the gate refuses a pull request to any other branch.`,
      fix: `Raise it to ${defaultBranch}, or as a draft while it waits for the other one; nothing was pushed.`,
      next: `sluice raise --base ${defaultBranch}`,
    });
  }
}

/** The open pull request of the branch; null when there never was one. */
export function currentPull(pulls: readonly RaisedPull[], base: string): RaisedPull | null {
  const open = pulls.filter(({ state }) => state === 'open');
  const [pull, ...more] = open;
  if (pull === undefined) {
    return pulls[0] === undefined ? null : refuseEnded(pulls[0]);
  }
  if (more.length > 0) {
    throw new UsageError({
      what: `The branch has ${String(open.length)} open pull requests: ${open.map(({ number }) => String(number)).join(', ')}.`,
      why: 'A verdict on the commit would be read as that of all of them.',
      fix: 'Close all but one; nothing was pushed.',
      next: `gh pr close ${String(more[0]?.number ?? '')}`,
    });
  }
  if (pull.fork) {
    throw new UsageError({
      what: `Pull request ${String(pull.number)} is from a fork.`,
      why: 'The gate refuses it: code of a fork gets no synth with rights and no approval.',
      fix: 'Close it and raise the branch from the repository itself; nothing was pushed.',
      next: `gh pr close ${String(pull.number)}`,
    });
  }
  if (pull.baseBranch !== base) {
    throw new UsageError({
      what: `Pull request ${String(pull.number)} is to ${pull.baseBranch}, not to ${base}.`,
      why: 'It was retargeted, or opened by hand; what was approved for one base does not count for another.',
      fix: `Set its base to ${base}, then raise again; nothing was pushed.`,
      next: `gh pr edit ${String(pull.number)} --base ${base}`,
    });
  }
  return pull;
}

function refuseEnded(pull: RaisedPull): never {
  const number = String(pull.number);
  if (pull.state === 'merged') {
    throw new UsageError({
      what: `Pull request ${number} of this branch was merged.`,
      why: 'What was merged has its approvals and its release; more commits are another change.',
      fix: 'Put them on a new branch with a record of their own; nothing was pushed.',
      next: 'sluice new',
    });
  }
  throw new UsageError({
    what: `Pull request ${number} of this branch was closed without a merge.`,
    why: 'Who closed it refused or withdrew the change; a second one beside it would hide that.',
    fix: 'Open it again if that is over, then raise again; nothing was pushed.',
    next: `gh pr reopen ${number}`,
  });
}

/** A branch on origin with commits that are not here is overwritten by `--replace` only, and never when it is simply ahead. */
export function refuseBehind(branch: string, { head }: OnOrigin, replace: boolean): void {
  if (head === 'behind') {
    throw new StaleError({
      what: `${branch} on origin has commits that are not here.`,
      why: 'This clone is behind: somebody pushed to the branch.',
      fix: 'Take them over, then raise again; nothing was pushed.',
      next: `git pull --ff-only origin ${branch}`,
    });
  }
  if (head === 'diverged' && !replace) {
    throw new StaleError({
      what: `${branch} on origin and here have different commits.`,
      why: 'After an amend or a rebase they are the older ones of yours; otherwise somebody pushed. Look first: approvals of what is replaced are void.',
      fix: 'Replace what origin has, if it is yours; or rebase on it. Nothing was pushed.',
      next: `git log HEAD..origin/${branch} && sluice raise --replace`,
    });
  }
}
