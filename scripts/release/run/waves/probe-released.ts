/** The probes of a change by themselves: of what is released of it, whichever processes released it. */
import type { Services } from '../../../contract/context.ts';
import { probesBeforeChange, releasedStacks } from '../../earlier-runs.ts';
import { isDue, type RecordedProbe } from '../../probes.ts';
import type { Ledger } from '../../types.ts';
import type { Probing } from '../probing.ts';
import { observe } from './observe.ts';

export interface ProbeRound {
  /** Stacks on which the change is in force. */
  readonly stacks: readonly string[];
  readonly minutes: number;
  readonly rounds: number;
  readonly probes: readonly RecordedProbe[];
}

/**
 * Once, and then until the last release is `minutes` old; ends early with the first probe that fails. Null while the change is
 * in force nowhere.
 */
export async function probeReleased(
  services: Services,
  ledger: Ledger,
  {
    changeId,
    probing,
    minutes,
  }: { readonly changeId: string; readonly probing: Probing; readonly minutes: number },
): Promise<ProbeRound | null> {
  const found = releasedStacks(ledger, changeId);
  if (found === null) {
    return null;
  }
  const before = probesBeforeChange(
    ledger,
    ({ action, changeId: of }) => action === 'release' && of === changeId,
  );
  const released = new Set(found.stacks);
  const all = before?.stacks ?? found.stacks;
  const due = probing.probes.filter((probe) => isDue(probe, { released, all }));
  const passed = Math.max(1, Date.parse(services.clock.now()) - Date.parse(found.since));
  const seen = await observe(
    services,
    { ...probing, probes: due },
    { minutes, before: before?.probes ?? [], wave: found.stacks, passed },
  );
  return { stacks: found.stacks, ...seen };
}
