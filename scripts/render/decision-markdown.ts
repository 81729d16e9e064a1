/** The CAB comment: verdict and what is missing first, then what is deleted, then the rest folded. All text is escaped. */
import { changeKind } from '../plan/kind.ts';
import type { Plan } from '../plan/types.ts';
import type { Decision, Verdict } from '../../policies/model/decision.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { escapeMarkdown, escapeMarkdownCell } from './escape.ts';
import { renderPlanMarkdown } from './plan-markdown.ts';

const icons: Readonly<Record<Verdict, string>> = { allow: '✅', deny: '⛔', undetermined: '❔' };

/** GitHub Markdown, complete; the publisher cuts it to GitHub's limits from the end. */
export function renderDecisionMarkdown(decision: Decision, facts: Facts): string {
  return [
    heading(decision),
    missing(decision),
    destructive(facts.plan),
    risk(decision),
    findings(decision),
    approvals(decision),
    rehearsals(facts),
    details('The whole plan', renderPlanMarkdown(facts.plan)),
    digests(decision),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function heading(decision: Decision): string {
  const id = decision.changeId ?? 'no change record';
  return `### ${icons[decision.verdict]} ${decision.verdict.toUpperCase()} · ${escapeMarkdown(id)} · risk ${decision.risk.effective}`;
}

function missing(decision: Decision): string {
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  if (failing.length === 0) {
    return 'Everything that is required is there.';
  }
  const lines = failing.map((check) => {
    const next = check.next.map((step) => `\n  - ${escapeMarkdown(step)}`).join('');
    return `- **${check.id}**: ${escapeMarkdown(check.summary)}${next}`;
  });
  return `**What is missing**\n\n${lines.join('\n')}`;
}

/** Never folded, never left out. */
function destructive(plan: Plan): string {
  const lines = plan.stacks.flatMap((stack) =>
    stack.changes
      .filter((change) => ['delete', 'replace'].includes(changeKind(change)))
      .map((change) => `- **${changeKind(change)}** ${escapeMarkdown(`${stack.stack}/${change.address}`)}`),
  );
  return lines.length === 0
    ? 'Nothing is deleted or replaced.'
    : `**Deleted or replaced (${String(lines.length)})**\n\n${lines.join('\n')}`;
}

function risk(decision: Decision): string {
  const rows = decision.risk.reasons.map(
    (reason) =>
      `| ${reason.level} | ${reason.id} | ${escapeMarkdownCell(reason.text)} | ${escapeMarkdownCell(reason.subjects.slice(0, 3).join(', '))} |`,
  );
  return [
    `**Risk: ${decision.risk.effective}**`,
    '',
    '| level | reason | why | where |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function findings(decision: Decision): string {
  if (decision.findings.length === 0) {
    return `No findings; ${String(decision.outcomes.length)} rules were evaluated.`;
  }
  const rows = decision.findings.map((finding) => {
    const state =
      finding.waivedBy === undefined ? finding.severity : `waived by ${finding.waivedBy.approvedBy}`;
    return `| ${escapeMarkdownCell(state)} | ${finding.ruleId} | ${escapeMarkdownCell(finding.subject)} | ${escapeMarkdownCell(finding.seen)} | ${escapeMarkdownCell(finding.fix)} |`;
  });
  return ['**Findings**', '', '| | rule | where | seen | fix |', '|---|---|---|---|---|', ...rows].join('\n');
}

function approvals(decision: Decision): string {
  const { approvals: given } = decision;
  const head = `**Approvals: ${String(given.given)} of ${String(given.required)}** (${escapeMarkdown(given.level)})`;
  const rows = given.reviewers.map(
    (reviewer) =>
      `| ${escapeMarkdownCell(reviewer.login)} | ${reviewer.counted ?? 'not counted'} | ${escapeMarkdownCell(reviewer.reason)} | ${escapeMarkdownCell(reviewer.wouldCountIf ?? '')} |`,
  );
  return rows.length === 0
    ? head
    : [head, '', '| who | seat | why | would count if |', '|---|---|---|---|', ...rows].join('\n');
}

function rehearsals(facts: Facts): string {
  const lines = facts.rehearsals.map((rehearsal) => {
    const seconds =
      rehearsal.rollbackSeconds === undefined ? '' : `, back in ${String(rehearsal.rollbackSeconds)} s`;
    const reason = rehearsal.reason === undefined ? '' : `: ${escapeMarkdown(rehearsal.reason)}`;
    return `- ${escapeMarkdown(rehearsal.stack)}: rollback ${rehearsal.result}${seconds}${reason}`;
  });
  return lines.length === 0 ? '' : `**Rehearsal**\n\n${lines.join('\n')}`;
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
