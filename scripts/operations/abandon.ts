/** Ends an open intent as `aborted`: somebody looked, nothing is running, how far it came is not known. */
import type { Services } from '../context.ts';
import { UsageError } from '../errors.ts';
import { loadLedger } from '../gather/ledger.ts';
import { bundleOf, openIntents } from '../release/history.ts';
import { completeEntry } from '../release/entry.ts';
import type { ReleaseEntry } from '../release/types.ts';
import { appendEntry } from './execute.ts';

/** Throws UsageError when `id` is not an open intent of `stack`. */
export async function abandon(services: Services, stack: string, id: string): Promise<ReleaseEntry> {
  const { ledger } = await loadLedger(services.git);
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
  const stored = [...ledger.files]
    .filter(([path]) => path.startsWith(`${folder.folder}/`))
    .map(([path, text]) => ({ path, text }));
  const finishedAt = services.clock.now();
  return appendEntry(services, folder.intent.target, (current) =>
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
