/** Between two waves: the probes of what is released, again and again, until it was watched for long enough. */
import type { Services } from '../../../contract/context.ts';
import type { ProbeResult } from '../../../contract/ports.ts';
import { failedProbes, type RecordedProbe } from '../../probes.ts';
import { probeAfter, type Probing } from '../probing.ts';

export interface Observed {
  readonly minutes: number;
  /** How often the probes were made. */
  readonly rounds: number;
  /** As the last round found them. */
  readonly probes: readonly RecordedProbe[];
}

/** Often enough to notice before the next wave what shows only after a while. */
const everyMs = 30_000;
const minuteMs = 60_000;

/**
 * Ends early with the first probe that fails. Without probes it is a wait. `passed`: how long ago the wave was released, where
 * another run did that; the probes are made at once then, and for the rest of the time.
 */
export async function observe(
  services: Services,
  probing: Probing,
  {
    minutes,
    before,
    wave,
    passed = 0,
  }: {
    readonly minutes: number;
    readonly before: readonly ProbeResult[];
    readonly wave: readonly string[];
    /** Milliseconds. */
    readonly passed?: number;
  },
): Promise<Observed> {
  const { clock, reporter } = services;
  const label = wave.join(', ');
  const start = clock.monotonicMs();
  if (minutes > 0) {
    reporter.info(`${label}: watched for ${String(minutes)} min before the next wave`);
  }
  const isLater = passed > 0;
  let probes: readonly RecordedProbe[] = isLater
    ? await probeAfter(services, probing, { before, label })
    : [];
  let rounds = isLater ? 1 : 0;
  for (;;) {
    const left = minutes * minuteMs - passed - (clock.monotonicMs() - start);
    if (left <= 0 || failedProbes(probes).length > 0) {
      return { minutes, rounds, probes };
    }
    await clock.wait(Math.min(everyMs, left));
    probes = await probeAfter(services, probing, { before, label });
    rounds += 1;
  }
}
