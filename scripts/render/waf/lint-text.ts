/** Lint findings and rewrites for a terminal, and the catalogue of lint rules as a page. */
import type { LintFinding } from '../../waf/lint/lint.ts';
import type { LintRule } from '../../waf/lint/rule.ts';
import { escapeTerminalLine } from '../text/escape.ts';
import type { Style } from '../text/style.ts';

/** An expression before and after its rewrites, secrets masked. `file` is where it was written, null when nowhere. */
export interface RewriteReport {
  readonly subject: string;
  readonly ruleIds: readonly string[];
  readonly before: string;
  readonly after: string;
  readonly file: string | null;
}

const order = { error: 0, warning: 1, info: 2 } as const;

/** The gravest first; `info` only when there is room for it (`isAll`), else counted. */
export function renderLint(
  found: {
    readonly findings: readonly LintFinding[];
    readonly rewrites: readonly RewriteReport[];
    readonly checked: string;
  },
  options: { readonly style: Style; readonly isAll: boolean },
): string {
  const { findings, rewrites, checked } = found;
  const { style, isAll } = options;
  const listed = findings
    .filter(({ severity }) => isAll || severity !== 'info')
    .toSorted((a, b) => order[a.severity] - order[b.severity]);
  const count = (wanted: LintFinding['severity']): number =>
    findings.filter(({ severity }) => severity === wanted).length;
  const rest = findings.length - listed.length;
  return [
    ...rewrites.flatMap((rewrite) => rewriteLines(rewrite, style)),
    ...listed.flatMap((finding) => findingLines(finding, style)),
    `${escapeTerminalLine(checked)}: ${count('error')} errors, ${count('warning')} warnings, ${count('info')} notes${rest > 0 ? ' (--notes shows them)' : ''}`,
    '',
  ].join('\n');
}

function findingLines(finding: LintFinding, style: Style): readonly string[] {
  const { severity, ruleId, subject, message, fix } = finding;
  const colour = severity === 'error' ? style.red : severity === 'warning' ? style.yellow : style.dim;
  return [
    `${colour(severity)} ${ruleId} ${style.bold(escapeTerminalLine(`${subject}${placeText(finding)}`))}`,
    `    ${escapeTerminalLine(message)}`,
    `    ${style.dim('fix:')} ${escapeTerminalLine(fix)}`,
  ];
}

function placeText({ path, line, column }: LintFinding): string {
  const place = line === null || column === null ? '' : `:${line}:${column}`;
  return `${path === '' ? '' : ` ${path}`}${place}`;
}

function rewriteLines(
  { subject, ruleIds, before, after, file }: RewriteReport,
  style: Style,
): readonly string[] {
  const where = file === null ? 'to be written by hand' : `written to ${file}`;
  return [
    `${style.bold(escapeTerminalLine(subject))} ${escapeTerminalLine(`${ruleIds.join(', ')}: ${where}`)}`,
    style.red(`  - ${escapeTerminalLine(before)}`),
    style.green(`  + ${escapeTerminalLine(after)}`),
  ];
}

/** The catalogue as Markdown: what `sluice waf lint --rules` prints. */
export function renderLintRules(areas: Readonly<Record<string, readonly LintRule[]>>): string {
  const sections = Object.entries(areas).flatMap(([area, rules]) => [
    `## ${area}`,
    '',
    '| rule | severity | what it wants |',
    '|---|---|---|',
    ...rules.map(
      ({ id, severity, title, finder }) =>
        `| \`${id}\` | ${severity}${isFixed(finder) ? ', --fix' : ''} | ${title.replaceAll('|', String.raw`\|`)} |`,
    ),
    '',
  ]);
  return ['# Lint rules of the WAF', '', 'Printed by `sluice waf lint --rules`.', '', ...sections].join('\n');
}

function isFixed(finder: LintRule['finder']): boolean {
  return finder.on === 'expression' && finder.rewrite !== undefined;
}
