/** A hundred rules on a mixed day of requests, compiled and written by hand, in a process of its own. Prints one JSON line. */
import { mixedRequest, pairedRules } from './waf-rules.ts';
import { compileFilter } from '../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../scripts/waf/language/parser.ts';
import { requestFields } from '../../scripts/waf/evaluate/request.ts';
import { fastest, nothing } from './fastest.ts';

const requests = Array.from({ length: 2000 }, (_, n) => mixedRequest(n));
const fields = requests.map(({ recorded }) => requestFields(recorded));
const tests = pairedRules.map(({ expression }) => compileFilter(parseFilter(expression).expression));
const longest = 'http.request.uri.path eq "/a" or '
  .repeat(200)
  .slice(0, 4096 - 28)
  .replace(/ or [^"]*$/u, '');

function matchesOf(): number {
  let matches = 0;
  for (const request of fields) {
    for (const test of tests) {
      matches += test(request) === true ? 1 : 0;
    }
  }
  return matches;
}

function matchesByHand(): number {
  let matches = 0;
  for (const { plain } of requests) {
    for (const { byHand } of pairedRules) {
      matches += byHand(plain) ? 1 : 0;
    }
  }
  return matches;
}

if (matchesOf() !== matchesByHand()) {
  throw new Error('the rules written by hand are other rules');
}
const times = {
  compiled: fastest(nothing, () => void matchesOf()),
  byHand: fastest(nothing, () => void matchesByHand()),
  parse: fastest(nothing, () => void parseFilter(longest)),
};
process.stdout.write(
  `${JSON.stringify({ evaluations: fields.length * tests.length, characters: longest.length, times })}\n`,
);
