/** `sluice gate --sweep`: every open pull request, one line each. */
import type { SluiceContext } from '../context.ts';
import { UsageError } from '../errors.ts';
import { sweep, type SweptPull } from '../operations/sweep.ts';
import { canonicalJson } from '../plan/json.ts';
import { escapeTerminalLine } from '../render/escape.ts';

/** Those flags of `sluice gate` that a sweep looks at. */
export interface SweepFlags {
  readonly facts?: string;
  readonly pr?: number;
  readonly bundles?: string;
  readonly saveFacts?: string;
  readonly savePlan?: string;
  readonly ciBundles: boolean;
  readonly moment: 'merge' | 'apply';
  readonly publish: boolean;
  readonly format: 'text' | 'json' | 'markdown';
}

/** Ends with `externalTool` when something could not be read or written; what could not be decided is only reported. */
export async function sweepCommand(context: SluiceContext, flags: SweepFlags): Promise<void> {
  refuseOthers(flags);
  const swept = await sweep(await context.services(), flags.publish);
  const counts = countsOf(swept);
  context.print(
    flags.format === 'json'
      ? `${canonicalJson({ pulls: swept, counts, publish: flags.publish })}\n`
      : [...swept.map((pull) => lineOf(pull, flags.publish)), summaryOf(counts, flags.publish), ''].join(
          '\n',
        ),
  );
  const isBroken = swept.some(({ failure, published }) =>
    failure === null ? published === 'failed' : failure === 'externalTool' || failure === 'internal',
  );
  context.exit(isBroken ? 'externalTool' : 'ok');
}

function refuseOthers(flags: SweepFlags): void {
  const others = [flags.facts, flags.pr, flags.bundles, flags.saveFacts, flags.savePlan];
  if (others.some((flag) => flag !== undefined) || flags.ciBundles || flags.moment !== 'merge') {
    throw new UsageError({
      what: '--sweep decides on all open pull requests, before their merge, with the bundles of their synth jobs.',
      fix: 'Leave away the flags that are about one of them.',
      next: 'sluice gate --sweep',
    });
  }
}

interface Counts {
  readonly pulls: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly undecided: number;
}

function countsOf(swept: readonly SweptPull[]): Counts {
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

function summaryOf(counts: Counts, publish: boolean): string {
  const { pulls, changed, unchanged, undecided } = counts;
  const written = publish ? 'published' : 'would be published';
  return `${String(pulls)} open: ${String(changed)} ${written}, ${String(unchanged)} unchanged, ${String(undecided)} could not be decided.`;
}
