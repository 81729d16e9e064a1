/** Answers probes from a table; anything it was not told about answers as expected. */
import type { Prober, ProbeResult } from '../../scripts/contract/ports.ts';

export interface FakeProber extends Prober {
  /** Probes that fail, by name, with the reason. May be changed while it runs. */
  readonly failing: Map<string, string>;
  /** Names of the probes that were made, in order. */
  readonly made: readonly string[];
}

export function fakeProber(failing: Readonly<Record<string, string>> = {}): FakeProber {
  const reasons = new Map(Object.entries(failing));
  const made: string[] = [];
  return {
    failing: reasons,
    made,
    probe: async (probe): Promise<ProbeResult> => {
      made.push(probe.name);
      const reason = reasons.get(probe.name);
      return {
        name: probe.name,
        ok: reason === undefined,
        detail: reason ?? `answered ${'expectStatus' in probe ? probe.expectStatus : 'as expected'}`,
        ms: 1,
      };
    },
  };
}
