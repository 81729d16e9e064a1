/** Small questions about where a command runs, answered in one place. */
import type { Services } from '../../contract/context.ts';
import { SluiceError, UsageError } from '../../contract/errors.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import type { Workshop } from '../../release/run/workspace.ts';
import type { ReleaseTarget } from '../../release/types.ts';
import { personOfAccount } from '../../../policies/approvals.ts';
import type { Probe } from '../../../policies/model/record.ts';

/** Working data of Sluice below the repository under control; git ignores it. */
export async function workshopOf(services: Services, target: ReleaseTarget): Promise<Workshop> {
  const root = `${await services.git.root()}/.sluice`;
  return { root, target, confined: false };
}

/** What is released must be what is committed: an edited file would be in the bundle and in no commit. */
export async function refuseDirty(services: Services): Promise<void> {
  const dirty = await services.git.dirtyPaths();
  if (dirty.length > 0) {
    throw new UsageError({
      what: `The working tree has uncommitted changes: ${dirty.slice(0, 5).join(', ')}${dirty.length > 5 ? ', …' : ''}.`,
      why: 'A release is made from a commit, so that anybody can make the same bundle again.',
      fix: 'Commit or stash them.',
      next: 'git status',
    });
  }
}

/**
 * Who runs this, for the ledger: the actor of a run of GitHub's, else the account of the token, else whom git is set up for,
 * which is a claim and is marked as one. A GitHub that does not answer stops no rollback.
 */
export async function operator(
  services: Pick<Services, 'files' | 'git' | 'pullRequests'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const run = env['GITHUB_RUN_ID'];
  if (run !== undefined) {
    return `${env['GITHUB_ACTOR'] ?? 'unknown'} (run ${run})`;
  }
  const account = await accountOfToken(services);
  if (account !== null) {
    const { roster } = await loadPolicy(fromWorkingTree(services.files, await services.git.root()));
    const person = personOfAccount(roster, account);
    return `${person === null ? '' : `${person.id}, `}account ${String(account)}`;
  }
  const identity = await services.git.identity();
  const name = identity === null ? (env['USER'] ?? 'unknown') : `${identity.name} <${identity.email}>`;
  return `${name} (claimed)`;
}

/** Null without a token, for an App, and where GitHub does not answer. */
async function accountOfToken({ pullRequests }: Pick<Services, 'pullRequests'>): Promise<number | null> {
  try {
    return await (await pullRequests()).me();
  } catch (error) {
    if (error instanceof SluiceError) {
      return null;
    }
    throw error;
  }
}

/** With `--edge`, every host that a probe names is looked for at that address instead of in public DNS. */
export function edgeFor(edge: string | undefined, probes: readonly Probe[]): ReadonlyMap<string, string> {
  if (edge === undefined) {
    return new Map();
  }
  if (!URL.canParse(edge)) {
    throw new UsageError({
      what: `--edge ${edge} is not an address.`,
      fix: 'Give it as http://127.0.0.1:8080.',
      next: 'sluice release --help',
    });
  }
  return new Map(probes.flatMap((probe) => (probe.type === 'dns' ? [] : [[hostOf(probe), edge] as const])));
}

function hostOf(probe: Exclude<Probe, { readonly type: 'dns' }>): string {
  return probe.type === 'tls' ? probe.host : new URL(probe.url).host;
}
