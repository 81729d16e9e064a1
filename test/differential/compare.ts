/** Compares our evaluator with the engine on generated pairs, and names what differs. Run by main.ts. */
import * as fc from 'fast-check';
import { isRefused } from '../../scripts/waf/language/diagnostics.ts';
import { checkFilter } from '../../scripts/waf/reason/check.ts';
import { compileFilter } from '../../scripts/waf/evaluate/compile.ts';
import type { CompiledTest } from '../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../scripts/waf/language/parser.ts';
import { requestFields } from '../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../scripts/waf/evaluate/runtime.ts';
import type { RequestFields } from '../../scripts/waf/evaluate/runtime.ts';
import { fieldFact } from '../../scripts/waf/language/tables.ts';
import { unknownType } from '../../scripts/waf/language/value-type.ts';
import type { Engine, EngineContext, EngineFilter } from './engine.ts';
import { loadEngine } from './engine.ts';
import { knownDifference } from './known-differences.ts';
import { comparedFields, expressions, requests } from './pairs.ts';
import { compareTable, type TableResult } from './table.ts';

export interface Comparison {
  pairs: number;
  agreed: number;
  readonly accepted: { both: number; neither: number };
  /** By name of the known difference. */
  readonly explained: Record<string, number>;
  /** What no known difference explains: bugs of ours until shown otherwise. */
  readonly unexplained: string[];
  /** The conformance table at the engine. */
  readonly table: TableResult;
}

const requestsPerExpression = 8;
const mostUnexplained = 50;

/** Compares at least `pairs` evaluations; the same seed gives the same pairs. */
export function compare(folder: string, pairs: number, seed: number): Comparison {
  const fields = new Map(comparedFields.map((name) => [name, fieldFact(name)?.type ?? unknownType]));
  const engine = loadEngine(folder, fields);
  const result: Comparison = {
    pairs: 0,
    agreed: 0,
    accepted: { both: 0, neither: 0 },
    explained: {},
    unexplained: [],
    table: compareTable(engine),
  };
  for (let round = 0; result.pairs < pairs; round += 1) {
    const texts = fc.sample(expressions, { numRuns: 500, seed: seed + round });
    const asked = fc.sample(requests, { numRuns: requestsPerExpression, seed: seed + round });
    const known = asked.map((request) => requestFields(request));
    const contexts = known.map((request) => engine.context(request));
    for (const text of texts) {
      compareExpression(engine, text, { known, contexts, result });
    }
    contexts.forEach((context) => engine.freeContext(context));
  }
  return result;
}

interface Round {
  readonly known: readonly RequestFields[];
  readonly contexts: readonly EngineContext[];
  readonly result: Comparison;
}

function compareExpression(engine: Engine, text: string, round: Round): void {
  const { result } = round;
  const parsed = parseFilter(text);
  const diagnostics = checkFilter(parsed);
  const ours = isRefused(diagnostics)
    ? null
    : compileFilter(parsed.expression, { lists: new Map(), missingNotEqual: true });
  const theirs = engine.compile(text);
  if (ours === null || typeof theirs === 'string') {
    const isSame = ours === null && typeof theirs === 'string';
    if (isSame) {
      result.accepted.neither += 1;
    } else {
      const said = typeof theirs === 'string' ? theirs : diagnostics.map(({ message }) => message).join('; ');
      differ(result, { text, kind: ours === null ? 'we refuse' : 'the engine refuses', said });
    }
    if (typeof theirs !== 'string') {
      theirs.free();
    }
    return;
  }
  result.accepted.both += 1;
  evaluate({ text, ours, theirs }, round);
  theirs.free();
}

function evaluate(
  {
    text,
    ours,
    theirs,
  }: { readonly text: string; readonly ours: CompiledTest; readonly theirs: EngineFilter },
  { known, contexts, result }: Round,
): void {
  contexts.forEach((context, index) => {
    const mine = ours(known[index] ?? { fields: new Map() });
    const other = theirs.match(context);
    result.pairs += 1;
    if (mine === other) {
      result.agreed += 1;
    } else {
      const said = `we say ${mine instanceof Unknown ? mine.causes.join(' ') : String(mine)}, the engine ${String(other)}`;
      differ(result, { text, kind: 'another answer', said });
    }
  });
}

function differ(
  result: Comparison,
  difference: {
    readonly text: string;
    readonly kind: 'we refuse' | 'the engine refuses' | 'another answer';
    readonly said: string;
  },
): void {
  const name = knownDifference(difference);
  if (name !== null) {
    result.explained[name] = (result.explained[name] ?? 0) + 1;
  } else if (result.unexplained.length < mostUnexplained) {
    result.unexplained.push(
      `${difference.kind}: ${JSON.stringify(difference.text)} (${difference.said.trim()})`,
    );
  }
}
