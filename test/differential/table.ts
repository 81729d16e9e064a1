/** The lines of the conformance table that the engine of 2023 can answer: it must give what the table says of it. */
import { requestFields } from '../../scripts/waf/evaluate/request.ts';
import type { Answer, Case } from '../waf/conformance/case.ts';
import { conformanceTable } from '../waf/conformance/table.ts';
import { plainRequest } from '../waf/evaluate/request-builder.ts';
import type { Engine } from './engine.ts';
import { knownDifference } from './known-differences.ts';

export interface TableResult {
  /** Lines on which the engine and the table agree, observed ones among them. */
  agreed: number;
  readonly explained: Record<string, number>;
  readonly unexplained: string[];
}

/** Asks the engine every line whose answer does not hang on what was not recorded. */
export function compareTable(engine: Engine): TableResult {
  const result: TableResult = { agreed: 0, explained: {}, unexplained: [] };
  for (const line of conformanceTable) {
    const wanted = wantedOf(line);
    if (wanted === 'unknown') {
      continue;
    }
    const given = engineAnswer(engine, line);
    const name = given.answer === wanted ? null : nameOf(line, given);
    if (given.answer === wanted) {
      result.agreed += 1;
    } else if (name !== null) {
      result.explained[name] = (result.explained[name] ?? 0) + 1;
    } else {
      result.unexplained.push(
        `the table says ${String(wanted)}, the engine ${String(given.answer)}: ${line.text} ${given.said}`,
      );
    }
  }
  return result;
}

function wantedOf({ expected, differs }: Case): Answer {
  return differs?.observed ?? differs?.engine ?? expected;
}

interface Given {
  readonly answer: Answer;
  readonly said: string;
}

function engineAnswer(engine: Engine, { text, request = {} }: Case): Given {
  const filter = engine.compile(text);
  if (typeof filter === 'string') {
    return { answer: 'refused', said: filter };
  }
  const merged = { ...plainRequest, ...request };
  const fields = { ...merged.fields, 'cf.client.bot': false, 'cf.edge.server_port': 443 };
  const context = engine.context(
    requestFields({ ...merged, hasAllHeaders: true, body: merged.body ?? '', fields }),
  );
  const answer = filter.match(context);
  engine.freeContext(context);
  filter.free();
  return typeof answer === 'string' ? { answer: 'unknown', said: answer } : { answer, said: '' };
}

/** A line that was observed has no excuse: the engine must answer as it did. */
function nameOf({ text, source, differs }: Case, { answer, said }: Given): string | null {
  if (source === 'observed' || differs?.observed !== undefined) {
    return null;
  }
  return knownDifference({
    text,
    kind: answer === 'refused' ? 'the engine refuses' : 'another answer',
    said,
  });
}
