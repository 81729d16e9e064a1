/**
 * The sample of recorded traffic that a change record names. Samples are too large and too private for the repository:
 * they lie in a folder, each under its digest, so that the record and with it every approval is of exactly one.
 */
import type { Services } from '../../contract/context.ts';
import { SluiceError } from '../../contract/errors.ts';
import { replayFiles } from './replay-files.ts';
import type { ReplaySides } from '../../waf/replay/replay.ts';
import type { TrafficFacts } from '../../../policies/model/traffic.ts';

export type SampleServices = Pick<Services, 'files' | 'git' | 'reporter' | 'replayThreads' | 'trafficFolder'>;

/** Path of the sample; null when it is not in the folder. */
async function findSample(services: SampleServices, sample: string): Promise<string | null> {
  const folder = await samplesFolder(services);
  const name = sample.replace(/^sha256:/, '');
  for (const path of [`${folder}/${name}.ndjson`, `${folder}/${name}.ndjson.gz`]) {
    if (await services.files.exists(path)) {
      return path;
    }
  }
  return null;
}

/** `SLUICE_TRAFFIC`, else `.sluice/traffic` of the repository under control. */
async function samplesFolder(services: SampleServices): Promise<string> {
  return services.trafficFolder ?? `${await services.git.root()}/.sluice/traffic`;
}

/** Replays the sample for the stacks. What goes wrong is a fact that the gate denies on, not a crash of the gate. */
export async function replaySample(
  services: SampleServices,
  sample: string,
  sides: ReplaySides,
): Promise<Pick<TrafficFacts, 'replay' | 'problem'>> {
  const path = await findSample(services, sample);
  if (path === null) {
    const folder = await samplesFolder(services);
    return {
      replay: null,
      problem: `the sample ${sample} is not in ${folder}: sluice waf traffic import FILES --out ${folder}`,
    };
  }
  try {
    const { summary } = await replayFiles(services, { paths: [path], host: null, client: null }, sides);
    // The name of a file says nothing: what was read must be what the record names.
    return summary.digest === sample
      ? { replay: summary, problem: null }
      : { replay: null, problem: `${path} is another sample: its content is ${summary.digest}` };
  } catch (error) {
    if (error instanceof SluiceError) {
      return { replay: null, problem: error.parts.what };
    }
    throw error;
  }
}
