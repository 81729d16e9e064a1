/**
 * Replays a generated sample through a hundred rules on both sides. Arguments: requests, threads, module of a thread.
 * Prints one JSON line. The sample is made while it is replayed, so that nothing of it is in memory but what waits.
 */
import { mixedRequest, pairedRules } from './waf-rules.ts';
import { createReplayThreads } from '../../scripts/adapters/replay-threads.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import type { TrafficPart } from '../../scripts/waf/traffic/read-part.ts';
import { mergeTally, newTally } from '../../scripts/waf/replay/tally.ts';
import { writeRecord } from '../../scripts/waf/traffic/request-line.ts';

const [requests = '1000000', threads = '2', entry = ''] = process.argv.slice(2);
const actions = ['block', 'managed_challenge', 'log'];
const partBytes = 2 * 1024 * 1024;

function configuration(without: number): JsonObject {
  const rules = pairedRules.map(({ expression }, at) => ({
    ref: `rule-${at}`,
    expression,
    action: actions[at % actions.length] ?? 'log',
  }));
  return {
    resource: {
      cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a' } } },
      cloudflare_ruleset: {
        waf: {
          kind: 'zone',
          phase: 'http_request_firewall_custom',
          zone_id: '${cloudflare_zone.shop.id}',
          rules: rules.filter((_, at) => at !== without),
        },
      },
    },
  };
}

async function* sample(): AsyncGenerator<TrafficPart> {
  let lines: string[] = [];
  let bytes = 0;
  let firstLine = 1;
  for (let n = 0; n < Number(requests); n += 1) {
    const text = writeRecord({ id: `r${n}`, at: null, request: mixedRequest(n).recorded, recorded: null });
    lines.push(text);
    bytes += text.length + 1;
    if (bytes > partBytes) {
      yield {
        format: 'sluice',
        host: null,
        file: 'sample',
        firstLine,
        text: lines.join('\n'),
        unreadable: [],
      };
      firstLine += lines.length;
      lines = [];
      bytes = 0;
    }
  }
  yield { format: 'sluice', host: null, file: 'sample', firstLine, text: lines.join('\n'), unreadable: [] };
}

const sides = {
  before: new Map([['shop', configuration(99)]]),
  after: new Map([['shop', configuration(12)]]),
  stacks: ['shop'],
};
const began = performance.now();
const total = newTally();
const replay = createReplayThreads({ entry: new URL(entry), count: Number(threads) });
for await (const { tally, badLines } of replay.run(sides, sample())) {
  if (badLines > 0) {
    throw new Error('a line of the sample could not be read');
  }
  mergeTally(total, tally);
}
process.stdout.write(
  `${JSON.stringify({ requests: total.requests, changes: total.changes, ms: performance.now() - began, peakRss: process.resourceUsage().maxRSS * 1024 })}\n`,
);
