/**
 * What a change of rules would have done to recorded traffic, for the CAB comment: figures worst first, details folded,
 * bounded. Paths and agents come from whoever sent the requests, so everything is escaped.
 */
import type { ReplaySummary, VerdictChange } from '../../waf/replay/types.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import { escapeMarkdown, escapeMarkdownCell, escapeMarkdownCode } from '../text/escape.ts';
import {
  breakdownText,
  calibrationText,
  changesByGravity,
  changeWords,
  dimensionWords,
  limitsOfReplay,
  lostText,
  missingText,
  requestsText,
  sampleText,
  shareText,
} from './replay-words.ts';

const limits = {
  details: { lines: 24, characters: 2200 },
  lost: { lines: 4, characters: 500 },
  missing: { lines: 5, characters: 600 },
  disagreements: { lines: 3, characters: 400 },
} as const;
const maxima = { rules: 3, samples: 2, values: 3, stacks: 4 } as const;
const textLength = 200;
const nameLength = 90;

/** At most about 6,000 characters. */
export function renderReplayMarkdown(summary: ReplaySummary): string {
  const { requests, digest, stacks } = summary;
  const where = stacks.slice(0, maxima.stacks).map((stack) => code(stack, nameLength));
  const more = stacks.length > maxima.stacks ? ` and ${String(stacks.length - maxima.stacks)} more` : '';
  const head = `${requestsText(requests)} replayed for ${where.join(', ')}${more}, sample ${code(digest, nameLength)}`;
  if (requests === 0) {
    return [`${head}. **No request is for a host of these stacks: this says nothing.**`, notes(summary)].join(
      '\n\n',
    );
  }
  return [head, table(summary), lost(summary), details(summary), missing(summary), notes(summary)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function code(value: string, most: number): string {
  return `<code>${fitText(value, most, escapeMarkdownCode)}</code>`;
}

function text(value: string): string {
  return fitText(value, textLength, escapeMarkdown);
}

function table(summary: ReplaySummary): string {
  const rows = changesByGravity.map((change) => {
    const count = summary.counts[change];
    const name = count > 0 && change !== 'unchanged' ? `**${changeWords[change]}**` : changeWords[change];
    return `| ${name} | ${String(count)} | ${escapeMarkdownCell(shareText(count, summary.requests))} | ${topRule(summary, change)} |`;
  });
  return ['| | requests | share | most by |', '|---|--:|--:|---|', ...rows].join('\n');
}

function rulesOf({ rules }: ReplaySummary, change: VerdictChange): ReplaySummary['rules'] {
  return rules.filter((rule) => rule.change === change).toSorted((a, b) => b.count - a.count);
}

function topRule(summary: ReplaySummary, change: VerdictChange): string {
  const [top, ...others] = rulesOf(summary, change);
  if (top === undefined) {
    return '–';
  }
  const more = others.length === 0 ? '' : `, ${String(others.length)} more`;
  return `${code(top.rule, nameLength)} of ${code(top.ruleset, nameLength)} (${String(top.count)})${more}`;
}

/** Folded; the classes share the room, so that a flood in one does not hide that there is another. */
function details(summary: ReplaySummary): string {
  const classes = changesByGravity.filter((change) => change !== 'unchanged' && summary.counts[change] > 0);
  const share = {
    lines: Math.floor(limits.details.lines / Math.max(classes.length, 1)),
    characters: Math.floor(limits.details.characters / Math.max(classes.length, 1)),
  };
  const blocks = classes.flatMap((change) => {
    const lines = classLines(summary, change);
    const { fitting, left } = fitLines(lines, share);
    const rest = left === 0 ? [] : [`- and **${String(left)} more** lines`];
    return lines.length === 0 ? [] : [[`**${changeWords[change]}**`, '', ...fitting, ...rest].join('\n')];
  });
  if (blocks.length === 0) {
    return '';
  }
  return `<details><summary>Which requests, and by which rule</summary>\n\n${blocks.join('\n\n')}\n\n</details>`;
}

function classLines(summary: ReplaySummary, change: VerdictChange): readonly string[] {
  const breakdowns = summary.breakdowns
    .filter((one) => one.change === change)
    .map((one) => `- ${dimensionWords[one.dimension]}: ${text(breakdownText(one, maxima.values))}`);
  const rules = rulesOf(summary, change)
    .slice(0, maxima.rules)
    .flatMap(({ rule, ruleset, count, samples }) => [
      `- ${code(rule, nameLength)} of ${code(ruleset, nameLength)}: ${requestsText(count)}`,
      ...samples.slice(0, maxima.samples).map((sample) => `  - ${code(sampleText(sample), textLength)}`),
    ]);
  return [...breakdowns, ...rules];
}

function lost({ protectionLost }: ReplaySummary): string {
  if (protectionLost.length === 0) {
    return '';
  }
  const { fitting, left } = fitLines(
    protectionLost.map((one) => `- ${text(lostText(one))}`),
    limits.lost,
  );
  const rest = left === 0 ? [] : [`- and **${String(left)} more**`];
  return [
    '**Managed rules and rate limits that do not look at requests any more:**',
    '',
    ...fitting,
    ...rest,
  ].join('\n');
}

function missing(summary: ReplaySummary): string {
  if (summary.missing.length === 0) {
    return '';
  }
  const lines = summary.missing.map((field) => `- ${text(missingText(field))}`);
  const { fitting, left } = fitLines(lines, limits.missing);
  const rest = left === 0 ? [] : [`- and **${String(left)} more** fields`];
  return ['What would settle the undecidable ones:', '', ...fitting, ...rest].join('\n');
}

function notes(summary: ReplaySummary): string {
  const disagreements = (summary.calibration?.disagreements ?? []).map(
    ({ recorded, replayed, count }) =>
      `  - ${text(`recorded ${recorded}, replayed ${replayed}: ${String(count)}`)}`,
  );
  const { fitting, left } = fitLines(disagreements, limits.disagreements);
  const rest = left === 0 ? [] : [`  - and **${String(left)} more** kinds`];
  return [
    `- ${escapeMarkdown(calibrationText(summary))}`,
    ...fitting,
    ...rest,
    ...limitsOfReplay(summary).map((limit) => `- ${escapeMarkdown(limit)}`),
  ].join('\n');
}
