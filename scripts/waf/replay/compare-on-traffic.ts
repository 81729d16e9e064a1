/** Two expressions on recorded traffic: what the one matches and the other does not, where reasoning cannot tell. */
import { compileFilter } from '../evaluate/compile.ts';
import type { Expression } from '../language/ast.ts';
import { requestFields } from '../evaluate/request.ts';
import { Unknown } from '../evaluate/runtime.ts';
import type { TrafficRecord } from '../traffic/record.ts';

export interface ComparedOnTraffic {
  requests: number;
  both: number;
  neither: number;
  onlyBefore: number;
  onlyAfter: number;
  /** Requests of which one or both expressions cannot be told. */
  undecided: number;
  /** What would have to be known, sorted. */
  readonly missing: Set<string>;
  readonly examples: { readonly onlyBefore: string[]; readonly onlyAfter: string[] };
}

const maxExamples = 3;

/** Counts every request that is given. */
export function comparerOnTraffic(
  before: Expression,
  after: Expression,
): { readonly add: (record: TrafficRecord) => void; readonly found: ComparedOnTraffic } {
  const tests = [before, after].map((tree) => compileFilter(tree));
  const found: ComparedOnTraffic = {
    requests: 0,
    both: 0,
    neither: 0,
    onlyBefore: 0,
    onlyAfter: 0,
    undecided: 0,
    missing: new Set(),
    examples: { onlyBefore: [], onlyAfter: [] },
  };
  return {
    found,
    add: (record) => {
      const fields = requestFields(record.request);
      const [was, now] = tests.map((test) => test(fields));
      found.requests += 1;
      if (was instanceof Unknown || now instanceof Unknown) {
        found.undecided += 1;
        for (const truth of [was, now]) {
          (truth instanceof Unknown ? truth.causes : []).forEach((cause) => found.missing.add(cause));
        }
        return;
      }
      if (was === now) {
        found[was === true ? 'both' : 'neither'] += 1;
        return;
      }
      const side = was === true ? 'onlyBefore' : 'onlyAfter';
      found[side] += 1;
      if (found.examples[side].length < maxExamples) {
        found.examples[side].push(inWords(record));
      }
    },
  };
}

/** Without the query, which may be personal. */
function inWords({ id, request }: TrafficRecord): string {
  const [path = ''] = request.target.split('?');
  return `${id}: ${request.method} ${request.host}${path.slice(0, 200)}`;
}
