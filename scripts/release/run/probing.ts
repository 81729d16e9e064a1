/** Makes the probes of a change: before its first apply, and after each. */
import type { Probe } from '../../../policies/model/record.ts';
import type { Services } from '../../contract/context.ts';
import { DeniedError } from '../../contract/errors.ts';
import type { ProbeReach, ProbeResult } from '../../contract/ports.ts';
import { recordedProbe, type RecordedProbe } from '../probes.ts';

export interface Probing extends ProbeReach {
  readonly probes: readonly Probe[];
}

/** One after the other, so that they do not slow each other down. `label` begins the line of each. */
export async function makeProbes(
  { prober, reporter }: Services,
  { probes, ...reach }: Probing,
  label: string,
): Promise<readonly ProbeResult[]> {
  const port = prober(reach);
  const results: ProbeResult[] = [];
  for (const probe of probes) {
    const name = `${label}: probe "${probe.name}"`;
    const result = await reporter.step(name, () => port.probe(probe));
    results.push(result);
    if (!result.ok) {
      reporter.info(`${name} failed: ${result.detail}`);
    }
  }
  return results;
}

/** What every probe finds before anything is applied. Throws DeniedError for one that may not be made. */
export async function probeBefore(services: Services, probing: Probing): Promise<readonly ProbeResult[]> {
  const results = await makeProbes(services, probing, 'before the release');
  const refused = results.filter((result) => result.refused === true);
  if (refused.length > 0) {
    throw new DeniedError({
      what: `${String(refused.length)} probe(s) of this change may not be made. Nothing was changed.`,
      diagnostics: refused.map(({ name, detail }) => ({ message: `the probe "${name}": ${detail}` })),
      why: 'Probes come from authors of records and run where credentials are: they go to public addresses only.',
      fix: 'Probe the public address, or name the network under probeNetworks in policies/thresholds.yaml.',
      next: 'sluice check',
    });
  }
  return results;
}

/** The same probes after an apply, compared with what they found before. */
export async function probeAfter(
  services: Services,
  probing: Probing,
  { before, label }: { readonly before: readonly ProbeResult[]; readonly label: string },
): Promise<readonly RecordedProbe[]> {
  const results = await makeProbes(services, probing, label);
  return results.flatMap((after) => {
    const probe = probing.probes.find(({ name }) => name === after.name);
    const earlier = before.find(({ name }) => name === after.name) ?? null;
    return probe === undefined ? [] : [recordedProbe(probe, earlier, after)];
  });
}
