/** The CAB comment: verdict and what is missing first, then what is taken away, then the rest folded. All text is escaped. */
import type { Decision, ReviewerLine, Verdict } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { fitLines, fitText } from './bounded.ts';
import { renderGravest } from './decision-gravest.ts';
import { escapeMarkdown, escapeMarkdownCell } from './escape.ts';
import { renderPlanMarkdown } from './plan-markdown.ts';

const icons: Readonly<Record<Verdict, string>> = { allow: '✅', deny: '⛔', undetermined: '❔' };

/**
 * Greatest length of a text of one line and of a cell, escaped; and of each part, in rows and characters. With the gravest
 * changes (below 17,000) all parts before the plan stay below 60,000, so that GitHub's limit only ever cuts the plan.
 */
const lineLength = 600;
const cellLength = 280;
const limits = {
  missing: { lines: 80, characters: 11_000 },
  risk: { lines: 25, characters: 8_000 },
  findings: { lines: 40, characters: 11_000 },
  approvals: { lines: 40, characters: 8_000 },
  rehearsals: { lines: 20, characters: 3_000 },
} as const;

/**
 * GitHub Markdown, complete. What decides comes first and is bounded, with counts of what is left out; the whole plan comes
 * last, where the publisher cuts.
 */
export function renderDecisionMarkdown(decision: Decision, facts: Facts): string {
  return [
    heading(decision),
    missing(decision),
    renderGravest(facts.plan),
    risk(decision),
    findings(decision),
    approvals(decision),
    rehearsals(facts),
    digests(decision),
    details('The whole plan', renderPlanMarkdown(facts.plan)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function heading(decision: Decision): string {
  const id = line(decision.changeId ?? 'no change record');
  return `### ${icons[decision.verdict]} ${decision.verdict.toUpperCase()} · ${id} · risk ${decision.risk.effective}`;
}

function line(text: string): string {
  return fitText(text, lineLength, escapeMarkdown);
}

function cell(text: string): string {
  return fitText(text, cellLength, escapeMarkdownCell);
}

/** The lines that fit, and how many do not. */
function bounded(lines: readonly string[], limit: Parameters<typeof fitLines>[1], what: string): string {
  const { kept, left } = fitLines(lines, limit);
  return left === 0 ? kept.join('\n') : `${kept.join('\n')}\n\nand **${String(left)} more** ${what}`;
}

function missing(decision: Decision): string {
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  if (failing.length === 0) {
    return 'Everything that is required is there.';
  }
  // Every check before any advice: a long list of steps must not hide that another check denies, too.
  const checks = failing.map((check) => `- **${check.id}**: ${line(check.summary)}`);
  const steps = [...new Set(failing.flatMap((check) => check.next))].map((step) => `- ${line(step)}`);
  const next = steps.length === 0 ? [] : ['', '**What to do next**', '', ...steps];
  return `**What is missing**\n\n${bounded([...checks, ...next], limits.missing, 'lines; all of them: `sluice gate --pr <number>`')}`;
}

function risk(decision: Decision): string {
  const rows = decision.risk.reasons.map((reason) => {
    const more = reason.subjects.length - 3;
    const where = `${cell(reason.subjects.slice(0, 3).join(', '))}${more > 0 ? ` and ${String(more)} more` : ''}`;
    return `| ${reason.level} | ${reason.id} | ${cell(reason.text)} | ${where} |`;
  });
  const head = ['| level | reason | why | where |', '|---|---|---|---|'];
  return [`**Risk: ${decision.risk.effective}**`, '', ...head, bounded(rows, limits.risk, 'reasons')].join(
    '\n',
  );
}

function findings(decision: Decision): string {
  if (decision.findings.length === 0) {
    return `No findings; ${String(decision.outcomes.length)} rules were evaluated.`;
  }
  const rows = decision.findings.map((finding) => {
    const state =
      finding.waivedBy === undefined ? finding.severity : `waived by ${finding.waivedBy.approvedBy}`;
    return `| ${cell(state)} | ${finding.ruleId} | ${cell(finding.subject)} | ${cell(finding.seen)} | ${cell(finding.fix)} |`;
  });
  const head = ['| | rule | where | seen | fix |', '|---|---|---|---|---|'];
  return [
    `**Findings (${String(rows.length)})**`,
    '',
    ...head,
    bounded(rows, limits.findings, 'findings'),
  ].join('\n');
}

/** Who counts first, then who objects: a crowd of reviews that count for nothing must not hide them. */
function approvals(decision: Decision): string {
  const { approvals: given } = decision;
  const head = `**Approvals: ${String(given.given)} of ${String(given.required)}** (${line(given.level)})`;
  const objects = new Set(given.vetoes.map(({ login }) => login));
  const rank = ({ counted, login }: ReviewerLine): number =>
    counted !== null ? 0 : objects.has(login) ? 1 : 2;
  const rows = given.reviewers
    .toSorted((a, b) => rank(a) - rank(b))
    .map(
      (reviewer) =>
        `| ${cell(reviewer.login)} | ${reviewer.counted ?? 'not counted'} | ${cell(reviewer.reason)} | ${cell(reviewer.wouldCountIf ?? '')} |`,
    );
  const columns = ['| who | seat | why | would count if |', '|---|---|---|---|'];
  return rows.length === 0
    ? head
    : [head, '', ...columns, bounded(rows, limits.approvals, 'reviewers')].join('\n');
}

function rehearsals(facts: Facts): string {
  const lines = facts.rehearsals.map((rehearsal) => {
    const seconds =
      rehearsal.rollbackSeconds === undefined ? '' : `, back in ${String(rehearsal.rollbackSeconds)} s`;
    const reason = rehearsal.reason === undefined ? '' : `: ${line(rehearsal.reason)}`;
    return `- ${cell(rehearsal.stack)}: rollback ${rehearsal.result}${seconds}${reason}`;
  });
  return lines.length === 0 ? '' : `**Rehearsal**\n\n${bounded(lines, limits.rehearsals, 'stacks')}`;
}

function digests(decision: Decision): string {
  const { tuple } = decision;
  return details(
    'Digests: approval is for exactly these',
    [
      '```',
      `head   ${tuple.headSha}`,
      `effect ${tuple.effectDigest}`,
      `record ${tuple.recordDigest}`,
      `policy ${tuple.policyDigest}`,
      '```',
    ].join('\n'),
  );
}

function details(title: string, body: string): string {
  return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
