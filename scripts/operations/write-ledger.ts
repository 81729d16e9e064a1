/**
 * Adds to the ledger. Against Cloudflare every entry is on `origin` before the work goes on, so that a runner that dies
 * leaves its intent where everybody sees it. The sandbox's entries stay in the clone, and the two never share a ledger:
 * what was played on a laptop must not stand among the evidence.
 */
import type { Services } from '../context.ts';
import { DeniedError, StaleError } from '../errors.ts';
import { loadLedger, type LoadedLedger } from '../gather/ledger.ts';
import type { GitFile } from '../ports.ts';
import { ledgerBranch } from '../release/ledger.ts';
import type { Target } from '../release/types.ts';

/** The ledger that a release to `target` builds on: fetched, verified, and of the same target throughout. */
export async function ledgerFor(services: Services, target: Target): Promise<LoadedLedger> {
  if (target === 'cloudflare') {
    await services.git.fetchBranch(ledgerBranch);
  }
  const loaded = await loadLedger(services.git);
  const other = loaded.ledger.folders.find(({ intent }) => intent.target !== target);
  if (other !== undefined) {
    throw new DeniedError({
      what: `This ledger is of ${other.intent.target}; nothing of ${target} goes into it.`,
      why: `${other.intent.id} was released to ${other.intent.target}. One ledger tells one story.`,
      fix:
        target === 'sandbox'
          ? 'Play in a clone of its own, or rehearse.'
          : 'Release from the shared repository.',
      next: target === 'sandbox' ? 'sluice rehearse' : 'sluice ledger show',
    });
  }
  return loaded;
}

/** Throws StaleError when somebody else wrote to the ledger since it was loaded. */
export async function writeLedger(
  services: Services,
  target: Target,
  at: { readonly tip: string | null; readonly message: string },
  files: readonly GitFile[],
): Promise<void> {
  const { git } = services;
  switch (target) {
    case 'cloudflare':
      await git.publishCommit(ledgerBranch, at.tip, at.message, files);
      break;
    case 'sandbox':
      await git.appendCommit(ledgerBranch, at.tip, at.message, files);
      break;
  }
}

/** Only a ledger that moved is worth another try; anything else fails the same way again. */
export function isWorthAnotherTry(error: unknown): boolean {
  return error instanceof StaleError;
}
