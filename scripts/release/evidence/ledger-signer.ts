/**
 * Who signs an entry of the ledger. Against Cloudflare the key of the release's environment, which the control file of the
 * default branch must know; in the sandbox a key that the clone makes for itself, which says that the entries were made
 * in this clone and nothing more.
 */
import type { Services } from '../../contract/context.ts';
import { DeniedError, SluiceError } from '../../contract/errors.ts';
import { controlledRing, defaultBranchOf, sandboxKeyPath, trustOf } from '../../facts/ledger.ts';
import type { SigningKey } from '../../contract/ports.ts';
import type { LedgerSigner } from '../ledger/signature.ts';
import type { LedgerKey, ReleaseTarget } from '../types.ts';

/** Throws DeniedError before anything is touched where an entry could not be signed so that it counts. */
export async function ledgerSigner(services: Services, target: ReleaseTarget): Promise<LedgerSigner> {
  switch (target) {
    case 'sandbox':
      return { scope: 'sandbox', id: 'sandbox', key: await sandboxKey(services) };
    case 'cloudflare':
      return controlledSigner(services);
  }
}

/**
 * Throws DeniedError where the ledger would not believe the commit of an entry: written all the same it would break the
 * ledger for everybody, after the apply.
 */
export async function refuseForeignCommit(
  services: Services,
  target: ReleaseTarget,
  commit: string,
): Promise<void> {
  const branch = target === 'sandbox' ? null : (await trustOf(services)).defaultBranch;
  if (target === 'sandbox' || branch?.commits.has(commit) === true) {
    return;
  }
  throw new DeniedError({
    what: `${commit.slice(0, 12)} is not a commit of ${branch?.name ?? 'the default branch, which this clone does not know'}.`,
    why: 'Only what was merged is released; an entry of anything else does not verify.',
    fix: 'Merge it, and check out the default branch as origin has it.',
    next: branch === null ? 'git remote set-head origin --auto' : 'git fetch origin',
  });
}

async function sandboxKey({ git, keys }: Services): Promise<SigningKey> {
  const path = `${await git.root()}/${sandboxKeyPath}`;
  const found = await keys.fromFile(path);
  if (found !== null) {
    return found;
  }
  try {
    await keys.create(path);
  } catch (error) {
    // Another command may have made it in the same moment: then it is there.
    if (!(error instanceof SluiceError) || (await keys.fromFile(path)) === null) {
      throw error;
    }
  }
  const made = await keys.fromFile(path);
  if (made === null) {
    throw new DeniedError({
      what: `${sandboxKeyPath} cannot be kept.`,
      why: 'Entries of the sandbox are signed with a key of this clone.',
      next: 'ls -l .sluice',
    });
  }
  return made;
}

async function controlledSigner(services: Services): Promise<LedgerSigner> {
  const key = services.keys.fromEnvironment();
  if (key === null) {
    throw new DeniedError({
      what: 'SLUICE_LEDGER_KEY is not set.',
      why: 'An entry that is not signed by the release is worth nothing, so nothing is done that would need one.',
      fix: 'Only the jobs of the release have the key. Make one if there is none yet, and store it in the environments of the stacks.',
      next: 'sluice ledger key --help',
    });
  }
  const ring = await controlledRing(services.git, await defaultBranchOf(services));
  const own = ring.keys.find(({ publicKey }) => publicKey === key.publicKey);
  if (own === undefined) {
    throw new DeniedError({
      what: `The key of this release is not in ${ring.where}.`,
      why: 'Nobody could tell its entries from forged ones.',
      fix: 'Add its public half in a pull request, or set the secret to a key that is there.',
      next: ring.next,
    });
  }
  refuseEnded(own, services.clock.now());
  return { scope: ring.scope, id: own.id, key };
}

function refuseEnded({ id, from, until, revoked }: LedgerKey, now: string): void {
  const at = Date.parse(now);
  const isWithin = at >= Date.parse(from) && (until === null || at < Date.parse(until));
  if (revoked === null && isWithin) {
    return;
  }
  throw new DeniedError({
    what:
      revoked === null
        ? `The key ${id} is valid from ${from}${until === null ? '' : ` until ${until}`}.`
        : `The key ${id} was revoked at ${revoked.at}.`,
    why: `It is ${now}: what it signs now counts for nothing.`,
    fix: 'Set the secret to the key that followed it.',
    next: 'sluice ledger key --help',
  });
}
