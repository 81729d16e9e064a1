/** What comparing two expressions costs, over the table of compared pairs and wide ones. Each pair's fastest round counts. Prints one line. */
import { performance } from 'node:perf_hooks';
import { missing, numbers, structure, texts, untold } from '../waf/reason/compare-cases.ts';
import { compareExpressions } from '../waf/by-text.ts';

const wide = (count: number): string =>
  Array.from({ length: count }, (_, at) => `http.request.uri.path contains "/p${String(at)}"`).join(' or ');

const cases = [...texts, ...numbers, ...missing, ...structure, ...untold];
// A pair that was compared is remembered, so each round asks about other texts of the same meaning.
const rounds = 20;
const timesOf = (before: string, after: string, round: number): number => {
  const began = performance.now();
  compareExpressions(`${' '.repeat(round)}${before}`, after);
  return performance.now() - began;
};
const fastestOf = (before: string, after: string): number =>
  Math.min(...Array.from({ length: rounds }, (_, round) => timesOf(before, after, round)));
const all = cases.map(([, before, after]) => fastestOf(before, after)).toSorted((a, b) => a - b);
const at = (share: number): string => (all[Math.floor(all.length * share)] ?? 0).toFixed(2);
const widest = fastestOf(wide(100), wide(101));
process.stdout.write(
  `${String(cases.length)} pairs: median ${at(0.5)} ms, 99th of 100 ${at(0.99)} ms; two of 4,096 characters ${widest.toFixed(1)} ms\n`,
);
