/**
 * Ends an open intent as `aborted`: somebody looked, nothing is running, how far it came is not known. Whether the state
 * is locked cannot be told for certain from here (a crash leaves the note of a local lock behind, and a remote lock is
 * known to Terraform only), so a note is pointed out and not a refusal. A release that runs on all the same cannot
 * record a second end: it is told that it was given up.
 */
import type { Services } from '../context.ts';
import { UsageError } from '../errors.ts';
import { loadLedger } from '../gather/ledger.ts';
import { bundleOf } from '../release/history.ts';
import { openIntents } from '../release/state.ts';
import { completeEntry } from '../release/entry.ts';
import type { ReleaseEntry } from '../release/types.ts';
import { ledgerSigner } from './ledger-signer.ts';
import { appendEntry } from './write-ledger.ts';

/** Throws UsageError when `id` is not an open intent of `stack`. */
export async function abandon(services: Services, stack: string, id: string): Promise<ReleaseEntry> {
  const { ledger } = await loadLedger(services);
  const open = openIntents(ledger, stack);
  const folder = open.find((candidate) => candidate.intent.id === id);
  if (folder === undefined) {
    throw new UsageError({
      what: `${id} is not an unfinished release of ${stack}.`,
      why:
        open.length === 0
          ? 'None is unfinished.'
          : `Unfinished: ${open.map((candidate) => candidate.intent.id).join(', ')}.`,
      next: `sluice ledger show --stack ${stack}`,
    });
  }
  await warnIfLocked(services, stack);
  const stored = [...ledger.files]
    .filter(([path]) => path.startsWith(`${folder.folder}/`))
    .map(([path, text]) => ({ path, text }));
  const finishedAt = services.clock.now();
  const signer = await ledgerSigner(services, folder.intent.target);
  return appendEntry(services, folder.intent.target, signer, (current) =>
    completeEntry(
      {
        intent: folder.intent,
        bundle: bundleOf(ledger, folder),
        plan: null,
        record: null,
        finishedAt,
        terraform: 'not run',
        result: 'aborted',
        applied: null,
        converged: null,
        probes: [],
      },
      stored,
      current,
    ),
  );
}

/** Terraform's note of who holds a local state, as in the sandbox. */
async function warnIfLocked(services: Services, stack: string): Promise<void> {
  const note = `${await services.git.root()}/.sluice/state/${stack}/.terraform.tfstate.lock.info`;
  if (await services.files.exists(note)) {
    services.reporter.warn(
      `${stack}: Terraform left a lock note (${note}). If that Terraform still runs, stop it first.`,
    );
  }
}
