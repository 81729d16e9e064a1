/**
 * What nothing that runs afterwards proves by itself: values that are sent and that no plan reads back, and what a rollback leaves.
 * Said before the approval, because afterwards an empty plan looks like a proof.
 */
import { sentOnly, sentText } from '../../provider/read-back.ts';
import type { Plan, ResourceChange } from '../../plan/types.ts';
import { leftByRollback, leftText, undoOf, undoText } from '../../provider/undo.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import { escapeMarkdown, escapeMarkdownCode } from '../text/escape.ts';

const limits = { lines: 12, characters: 1500 };
const addressLength = 200;
const textLength = 400;

/** Empty where a plan shows all of it and a rollback undoes all of it. */
export function renderUnproven({ stacks }: Plan): string {
  const lines = stacks.flatMap(({ stack, changes }) =>
    changes.flatMap((change) => textsOf(change).map((text) => line(`${stack}/${change.address}`, text))),
  );
  if (lines.length === 0) {
    return '';
  }
  const { fitting, left } = fitLines(lines, limits);
  const rest = left === 0 ? [] : [`- and **${String(left)} more**, named in the whole plan`];
  return [
    `<details><summary>What an empty plan does not prove (${String(lines.length)})</summary>`,
    '',
    'What is sent and not read back is asked of Cloudflare directly after the release, where it tells it; everything else a plan proves.',
    '',
    ...fitting,
    ...rest,
    '',
    '</details>',
  ].join('\n');
}

function textsOf(change: ResourceChange): readonly string[] {
  const sent = sentOnly(change);
  const undo = undoOf(change);
  const left = undo === 'leaves' ? undoText(undo) : leftText(leftByRollback(change));
  return [
    ...(sent === null ? [] : [`only sent, not read back by a plan: ${sentText(sent)}`]),
    ...(left === null ? [] : [left]),
  ];
}

function line(address: string, text: string): string {
  return `- <code>${fitText(address, addressLength, escapeMarkdownCode)}</code>: ${fitText(text, textLength, escapeMarkdown)}`;
}
