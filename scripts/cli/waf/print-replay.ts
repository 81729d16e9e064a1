import type { SluiceContext } from '../../contract/context.ts';
import type { ReplayedFiles } from '../../facts/traffic/replay-files.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderReplayMarkdown } from '../../render/waf/replay-markdown.ts';
import { renderReplayText } from '../../render/waf/replay-text.ts';

/** The result of a replay, the same whether one machine counted it or many. */
export async function printReplay(
  context: SluiceContext,
  format: 'text' | 'json' | 'markdown',
  { summary, bad, apart }: ReplayedFiles,
): Promise<void> {
  const { reporter } = await context.services();
  for (const { file, line, reason } of bad) {
    reporter.warn(`${file}:${String(line)}: left out, ${reason}`);
  }
  switch (format) {
    case 'text':
      context.print(renderReplayText(summary, context.style));
      break;
    case 'json':
      context.print(
        printedJson({ kind: 'sluice.replay', version: 1, outcome: 'ok', ...summary, bad, apart }),
      );
      break;
    case 'markdown':
      context.print(renderReplayMarkdown(summary));
      break;
  }
}
