/** Reads recorded traffic for the comparison of two expressions. */
import type { Services } from '../../contract/context.ts';
import { comparerOnTraffic } from '../../waf/replay/compare-on-traffic.ts';
import type { ComparedOnTraffic } from '../../waf/replay/compare-on-traffic.ts';
import type { Expression } from '../../waf/language/ast.ts';
import { readPart } from '../../waf/traffic/read-part.ts';
import { LineCount } from './line-count.ts';
import { foundTraffic, reportNotes, trafficParts } from './files.ts';
import type { TrafficSource } from './files.ts';

/** Throws InputError for a file that cannot be read to its end, and for too many unreadable lines. */
export async function compareOnTraffic(
  services: Pick<Services, 'files' | 'reporter'>,
  traffic: TrafficSource,
  [before, after]: readonly [Expression, Expression],
): Promise<ComparedOnTraffic> {
  const comparer = comparerOnTraffic(before, after);
  const count = new LineCount(traffic.paths);
  const found = foundTraffic();
  await services.reporter.step('compare on traffic', async () => {
    for await (const part of trafficParts(services.files, traffic, found)) {
      count.addPart(readPart(part, comparer.add));
    }
  });
  count.refuseUnreadable();
  count.reportApart(services.reporter);
  reportNotes(services.reporter, found.notes);
  return comparer.found;
}
