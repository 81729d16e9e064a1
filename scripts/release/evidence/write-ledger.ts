/**
 * Adds to the ledger. Against Cloudflare every entry is on `origin` before the work goes on, so that a runner that dies
 * leaves its intent where everybody sees it. The sandbox's entries stay in the clone, and the two never share a ledger:
 * what was played on a laptop must not stand among the evidence.
 */
import type { Services } from '../../contract/context.ts';
import { DeniedError, PartialApplyError, StaleError } from '../../contract/errors.ts';
import { loadLedger, type LoadedLedger } from '../../facts/ledger.ts';
import type { GitFile } from '../../contract/ports.ts';
import { openIntents, stackState } from '../state.ts';
import { signedFiles } from '../entry.ts';
import { ledgerBranch, ledgerTags, seenReference, tagOf } from '../ledger/format.ts';
import type { LedgerSigner } from '../ledger/signature.ts';
import type { Ledger, ReleaseEntry, ReleaseTarget } from '../types.ts';

/** The ledger that a release to `target` builds on: fetched, verified, and of the same target throughout. */
export async function ledgerFor(services: Services, target: ReleaseTarget): Promise<LoadedLedger> {
  if (target === 'cloudflare') {
    await services.git.fetchBranch(ledgerBranch, ledgerTags);
  }
  const loaded = await loadLedger(services);
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
  target: ReleaseTarget,
  at: { readonly tip: string | null; readonly message: string; readonly tag: string },
  files: readonly GitFile[],
): Promise<void> {
  const { git } = services;
  refuseSecrets(services, files);
  const mark = { message: at.message, tag: at.tag, seen: seenReference };
  await (target === 'cloudflare'
    ? git.publishCommit(ledgerBranch, at.tip, mark, files)
    : git.appendCommit(ledgerBranch, at.tip, mark, files));
}

/** A bundle is stored as it is or not at all, and what stands in the ledger stands there for ever. */
function refuseSecrets({ secrets }: Services, files: readonly GitFile[]): void {
  const holding = files.filter(({ text }) => secrets.isIn(text)).map(({ path }) => path);
  if (holding.length > 0) {
    throw new DeniedError({
      what: `A secret of this process stands in what the ledger would keep: ${holding.join(', ')}.`,
      why: 'The ledger is read by many and forgets nothing.',
      fix: 'Take it out of the configuration, and give out a new one: it has been in a bundle.',
      next: 'sluice check',
    });
  }
}

/** What is written on one state of the ledger. */
export interface Writing<T> {
  readonly at: { readonly tip: string | null; readonly message: string; readonly tag: string };
  readonly files: readonly GitFile[];
  readonly result: T;
}

/**
 * Of those who write at the same time one gets through in each round: as many as releases and rollbacks that anybody runs at
 * once, each with its beginning and its end.
 */
const mostRounds = 100;

/**
 * Compare and swap: what `make` makes of the newest ledger is written if nobody wrote meanwhile, else made again on what is
 * there by then. Throws what `make` throws, and StaleError when the ledger moved every time.
 */
export async function onNewestLedger<T>(
  services: Services,
  target: ReleaseTarget,
  make: (loaded: LoadedLedger) => Promise<Writing<T>>,
): Promise<T> {
  for (let round = 1; ; round += 1) {
    const { at, files, result } = await make(await ledgerFor(services, target));
    try {
      await writeLedger(services, target, at, files);
      return result;
    } catch (error) {
      // Only a ledger that moved is worth another try; anything else fails the same way again.
      if (!(error instanceof StaleError) || round === mostRounds) {
        throw error;
      }
    }
  }
}

/** Where an entry goes, who signs it, and files that are stored in the same commit: the entry names them. */
export interface LedgerEnd {
  readonly target: ReleaseTarget;
  readonly signer: LedgerSigner;
  readonly added: readonly GitFile[];
}

/** Appends release.json, whose `previous` depends on the tip. */
export async function appendEntry(
  services: Services,
  { target, signer, added }: LedgerEnd,
  make: (ledger: Ledger) => ReleaseEntry | Promise<ReleaseEntry>,
): Promise<ReleaseEntry> {
  try {
    return await onNewestLedger(services, target, async ({ tip, ledger }) => {
      const entry = await make(ledger);
      refuseEnded(ledger, entry);
      const message = `${entry.id} ${entry.action} of ${entry.stack}: ${entry.result}`;
      const at = { tip, message, tag: tagOf(entry.id, 'release') };
      return { at, files: [...added, ...signedFiles(entry, signer)], result: entry };
    });
  } catch (error) {
    throw error instanceof PartialApplyError ? error : notWritten(error);
  }
}

function notWritten(failure: unknown): PartialApplyError {
  return new PartialApplyError({
    what: 'The change was applied, but the ledger could not be written.',
    why: failure instanceof Error ? failure.message : String(failure),
    fix: 'The intent is recorded. Restore write access to the ledger branch, then roll back or release again.',
    next: 'sluice ledger show',
    cause: failure,
  });
}

/** Somebody may have given the release up while it ran. Two ends of one release would break the ledger. */
function refuseEnded(ledger: Ledger, entry: ReleaseEntry): void {
  const { id, stack, action, result } = entry;
  if (openIntents(ledger, stack).some(({ intent }) => intent.id === id)) {
    return;
  }
  const ended = ledger.folders.find(({ intent }) => intent.id === id)?.entry ?? null;
  const later = stackState(ledger, stack).finished.at(-1)?.entry ?? null;
  throw new PartialApplyError({
    what: `${id} (${action} of ${stack}) was given up while it was still running; it ended as ${result} all the same.`,
    why:
      ended === null
        ? 'Its intent is not in the ledger any more.'
        : `The ledger has it as ${ended.result} since ${ended.finishedAt}${later === null || later.id === id ? '' : `, and ${later.id} (${later.action}, ${later.result}) came after it`}. Its own end is not recorded.`,
    fix: 'Both may have written to the stack: compare it with what the ledger says is live, then roll back or release again.',
    next: `sluice plan ${stack}`,
  });
}
