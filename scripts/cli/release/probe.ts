import { probeReleased, type ProbeRound } from '../../release/run/waves/probe-released.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { failedProbes } from '../../release/probes.ts';
import { renderProbes } from '../../render/release/release-text.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { edgeFor } from '../change/surroundings.ts';
import { probeNetworks, releasedRecord } from './released-record.ts';

export interface ProbeFlags {
  readonly watch: boolean;
  readonly edge?: string;
  readonly format: 'text' | 'json';
}

/**
 * `sluice probe CHG-…`: makes the probes that say something of what is released, and compares them with what they found before
 * anything of the change was applied. Changes nothing; needs no credentials.
 */
export async function probeCommand(this: SluiceContext, flags: ProbeFlags, changeId: string): Promise<void> {
  const services = await this.services();
  const { ledger } = await loadLedger(services);
  const { probes, observeMin } = await releasedRecord(services, ledger, changeId);
  const allowed = await probeNetworks(services);
  const found: ProbeRound | null = await probeReleased(services, ledger, {
    changeId,
    probing: { probes, allowed, resolve: edgeFor(flags.edge, probes) },
    minutes: flags.watch ? observeMin : 0,
  });
  if (found === null) {
    throw new UsageError({
      what: `Nothing of ${changeId} is in force.`,
      why: 'Its probes say something of what is released.',
      fix: 'Check the spelling, or release it first.',
      next: 'sluice ledger show',
    });
  }
  const failed = failedProbes(found.probes);
  this.print(
    flags.format === 'json'
      ? printedJson({
          kind: 'sluice.probes',
          version: 1,
          changeId,
          ...found,
          failed: failed.map(({ name }) => name),
        })
      : renderProbes(found.probes, this.style),
  );
  if (failed.length > 0) {
    this.exit('denied');
  }
}
