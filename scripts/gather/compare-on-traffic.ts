/** Reads recorded traffic for the comparison of two expressions. */
import type { Services } from '../context.ts';
import { comparerOnTraffic } from '../waf/replay/compare-on-traffic.ts';
import type { ComparedOnTraffic } from '../waf/replay/compare-on-traffic.ts';
import { eachLine } from '../waf/traffic/each-line.ts';
import { lineReader } from '../waf/traffic/lines.ts';
import { LineCount } from './line-count.ts';
import { trafficParts } from './traffic-files.ts';
import type { TrafficOrder } from './traffic-files.ts';

/** Throws InputError for a file that cannot be read to its end, and for too many unreadable lines. */
export async function compareOnTraffic(
  services: Pick<Services, 'files' | 'reporter'>,
  traffic: TrafficOrder,
  [before, after]: readonly [string, string],
): Promise<ComparedOnTraffic> {
  const comparer = comparerOnTraffic(before, after);
  const count = new LineCount(traffic.paths);
  await services.reporter.step('compare on traffic', async () => {
    for await (const part of trafficParts(services.files, traffic, [])) {
      const reader = lineReader(part.format, part.host);
      count.addBadEntries(part.unreadable);
      eachLine(part.text, part.firstLine, (line, at) => {
        const read = reader.read(line, { file: part.file, line: at });
        if (read !== null && 'bad' in read) {
          count.addBad({ file: part.file, line: at, reason: read.bad });
        } else if (read !== null) {
          count.addRequest();
          comparer.add(read);
        }
      });
    }
  });
  count.refuseUnreadable();
  return comparer.found;
}
