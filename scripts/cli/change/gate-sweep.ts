/** `sluice gate --sweep`: every open pull request, one line each. */
import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { sweep, type SweptPull } from '../../change/sweep.ts';
import { escapeTerminalLine } from '../../render/text/escape.ts';

export interface SweepOrder {
  readonly publish: boolean;
  readonly format: 'text' | 'json';
}

/** Ends with `externalTool` when something could not be read or written; what could not be decided is only reported. */
export async function sweepCommand(context: SluiceContext, flags: SweepOrder): Promise<void> {
  const swept = await sweep(await context.services(), flags.publish);
  const counts = countsOf(swept);
  context.print(
    flags.format === 'json'
      ? printedJson({ pulls: swept, counts, publish: flags.publish })
      : [...swept.map((pull) => lineOf(pull, flags.publish)), summaryOf(counts, flags.publish), ''].join(
          '\n',
        ),
  );
  const isBroken = swept.some(
    ({ failure, published }) =>
      published === 'failed' || failure === 'externalTool' || failure === 'internal',
  );
  context.exit(isBroken ? 'externalTool' : 'ok');
}

interface SweepCounts {
  readonly pulls: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly undecided: number;
}

function countsOf(swept: readonly SweptPull[]): SweepCounts {
  const count = (is: (pull: SweptPull) => boolean): number => swept.filter(is).length;
  return {
    pulls: swept.length,
    changed: count(({ published }) => published === 'published' || published === 'not published'),
    unchanged: count(({ published }) => published === 'unchanged'),
    undecided: count(({ failure }) => failure !== null),
  };
}

function lineOf(pull: SweptPull, publish: boolean): string {
  const written = pull.published === 'not published' && !publish ? 'would publish' : pull.published;
  const what = pull.change ?? pull.title;
  return escapeTerminalLine(
    `#${String(pull.number)} ${what}: ${pull.verdict ?? 'no verdict'}, ${written}${pull.why === '' ? '' : ` (${pull.why})`}`,
  );
}

function summaryOf(counts: SweepCounts, publish: boolean): string {
  const { pulls, changed, unchanged, undecided } = counts;
  const written = publish ? 'published' : 'would be published';
  return `${String(pulls)} open: ${String(changed)} ${written}, ${String(unchanged)} unchanged, ${String(undecided)} could not be decided.`;
}
