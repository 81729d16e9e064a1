/**
 * The CAB comment, for a reader with two minutes, in the order in which they ask: what, for whom, when, how bad, how it is undone, what
 * is missing and who can give it. Then the proof: what is taken away, security controls, the rest, folded. All text is escaped.
 */
import { notUnderstood } from '../../../policies/model/decision.ts';
import type { RiskReason } from '../../../policies/model/assessment.ts';
import type { Decision, ReviewerLine, Verdict } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { Finding } from '../../../policies/model/finding.ts';
import { changeKind } from '../../provider/kind.ts';
import { countKinds, foldedIn } from '../../plan/difference/summary.ts';
import type { ResourceChange } from '../../plan/types.ts';
import { foldedResources } from '../plan/folded-words.ts';
import { fitLines, fitText } from '../text/bounded.ts';
import { answersTo, missingIn } from './answers.ts';
import { renderDiagram } from './diagram.ts';
import { renderWorst } from './worst.ts';
import { renderArtifact, renderPublisher } from './publication.ts';
import type { Publication } from './publication.ts';
import { countText, renderRest } from './rest.ts';
import { renderSecurity, securityChanges } from './security.ts';
import type { SecurityChanges } from './security.ts';
import { renderTraffic } from './traffic.ts';
import { renderUnproven } from './unproven.ts';
import { escapeMarkdown, escapeMarkdownCell, escapeMarkdownCode } from '../text/escape.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { renderPlanMarkdown } from '../plan/markdown.ts';
import { beyondText, visibleFindings } from '../findings/visible-findings.ts';
import { quantity } from '../../plan/quantity.ts';

const icons: Readonly<Record<Verdict, string>> = { allow: '✅', deny: '⛔', undetermined: '❔' };

/**
 * Greatest length of a text of one line and of a cell, escaped; and of each part, in rows and characters. With the gravest
 * changes (below 13,000), the security controls (6,000), the traffic (8,500), the rest (2,500), what is not proven (2,000), the
 * diagram (6,000) and the notes (2,500) all parts before the plan stay below 64,000, so that GitHub's limit only ever cuts the plan.
 */
const lineLength = 600;
const cellLength = 280;
const limits = {
  missing: { lines: 60, characters: 6000 },
  answers: { lines: 8, characters: 1500 },
  risk: { lines: 15, characters: 3000 },
  lowerRisk: { lines: 15, characters: 1500 },
  findings: { lines: 30, characters: 4500 },
  approvals: { lines: 30, characters: 3500 },
  rehearsals: { lines: 15, characters: 1500 },
} as const;

/** What comes after; of more nobody knows where to begin. */
const commandsShown = 4;

/** Rules whose further findings are counted, each in a short line. */
const maxBeyond = 8;

/**
 * GitHub Markdown, complete. What decides comes first and is bounded, with counts of what is left out; the whole plan comes
 * last, where the publisher cuts, and the artifact that holds all of it is named before.
 */
export function renderDecisionMarkdown(
  decision: Decision,
  facts: Facts,
  publication: Publication,
  expressions = new Expressions(),
): string {
  const security = securityChanges(facts.plan, decision.risk);
  return [
    heading(decision),
    questions(decision, facts),
    missing(decision),
    notUnderstoodComments(decision),
    renderWorst(facts.plan, security, expressions),
    renderSecurity(security, expressions),
    renderTraffic(facts.traffic),
    renderRest(restOf(facts, security)),
    risk(decision),
    findings(decision),
    approvals(decision),
    rehearsals(facts),
    renderUnproven(facts.plan),
    digests(decision),
    renderDiagram(facts.plan, facts.policy.registers),
    renderPublisher(publication),
    renderArtifact(publication),
    details('The whole plan', renderPlanMarkdown(facts.plan, { expressions })),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function heading({ verdict, changeId, risk: { effective } }: Decision): string {
  return `### ${icons[verdict]} ${verdict.toUpperCase()} · ${line(changeId ?? 'no change record')} · risk ${effective}`;
}

/** One line for each; of what it does also how many resources. */
function questions(decision: Decision, { plan, records }: Facts): string {
  const [only, ...others] = records;
  const counts = [
    countText(countKinds(plan.stacks.flatMap(({ changes }) => changes))),
    ...foldedResources(foldedIn(plan.stacks)),
  ].join(', ');
  const record = only === undefined || others.length > 0 ? null : only.record;
  const rows = answersTo(decision, record).map(
    ({ question, answer }) =>
      `- **${question}**: ${cell(answer)}${question === 'what' ? ` · ${counts}` : ''}`,
  );
  return [...(record === null ? [`- **what**: ${counts}`] : []), ...rows].join('\n');
}

/** What no part above has shown. */
function restOf({ plan }: Facts, { touched }: SecurityChanges): readonly ResourceChange[] {
  return plan.stacks
    .flatMap(({ changes }) => changes)
    .filter(
      (change) => !touched.has(change) && !['delete', 'replace', 'forget'].includes(changeKind(change)),
    );
}

function line(text: string): string {
  return fitText(text, lineLength, escapeMarkdown);
}

function cell(text: string): string {
  return fitText(text, cellLength, escapeMarkdownCell);
}

/** The lines that fit, and how many do not. */
function bounded(lines: readonly string[], limit: Parameters<typeof fitLines>[1], what: string): string {
  const { fitting, left } = fitLines(lines, limit);
  return left === 0 ? fitting.join('\n') : `${fitting.join('\n')}\n\nand **${String(left)} more** ${what}`;
}

function missing(decision: Decision): string {
  const failing = decision.checks.filter((check) => check.verdict !== 'allow');
  if (failing.length === 0) {
    return 'Everything that is required is there.';
  }
  // Every check before any advice: a long list of steps must not hide that another check denies, too.
  const checks = failing.map((check) => `- **${check.id}**: ${line(check.summary)}`);
  const { lacking, commands } = missingIn({ checks: failing });
  const steps = lacking.map((step) => `- ${line(step)}`);
  const list = bounded(
    [...checks, ...steps],
    limits.missing,
    'lines; all of them: `sluice gate --pr <number>`',
  );
  const then =
    commands.length === 0 ? '' : `\n\nThen: ${commands.slice(0, commandsShown).map(code).join(', then ')}`;
  return `**What is missing, and who can give it**\n\n${list}${then}`;
}

/** To people who meant to say something: they are answered whatever the verdict. */
function notUnderstoodComments(decision: Decision): string {
  const lines = decision.approvals.reasons
    .filter((reason) => reason.startsWith(notUnderstood))
    .map((reason) => `- ${line(reason.slice(notUnderstood.length))}`);
  return lines.length === 0
    ? ''
    : `**Comments that were not understood, and permit nothing**\n\n${bounded(lines, limits.answers, 'of them')}`;
}

/** The reasons that make the level what it is; the lower ones change nothing and are folded. */
function risk(decision: Decision): string {
  const { effective, reasons } = decision.risk;
  const lines = (isDeciding: boolean): string[] =>
    reasons.filter(({ level }) => (level === effective) === isDeciding).map(reasonLine);
  const [deciding, others] = [lines(true), lines(false)];
  return [
    `**Risk: ${effective}**\n\n${bounded(deciding, limits.risk, 'reasons')}`,
    ...(others.length === 0
      ? []
      : [
          details(
            `${quantity(others.length, 'reason')} of other levels`,
            bounded(others, limits.lowerRisk, 'reasons'),
          ),
        ]),
  ].join('\n\n');
}

function reasonLine({ id, level, text, subjects }: RiskReason): string {
  const [first] = subjects;
  const more = subjects.length > 1 ? ` and ${String(subjects.length - 1)} more` : '';
  const where = first === undefined ? '' : `: ${code(first)}${more}`;
  return `- ${level} · **${id}** ${cell(text)}${where}`;
}

/** The way out is said once: what stands under the next steps or an earlier finding is not repeated. */
function findings(decision: Decision): string {
  if (decision.findings.length === 0) {
    return `No findings; ${quantity(decision.outcomes.length, 'rule was', 'rules were')} evaluated.`;
  }
  const nextSteps = new Set(decision.checks.flatMap(({ next }) => next));
  const { visible, beyond } = visibleFindings(decision.findings, limits.findings.lines);
  const lines = visible.map(({ waivedBy, severity, ruleId, subject, seen, fix, sides }) => {
    const state = waivedBy === undefined ? severity : `waived by ${waivedBy.approvedBy}`;
    const advice = nextSteps.has(fix) || waivedBy !== undefined ? '' : `\n  - ${cell(fix)}`;
    nextSteps.add(fix);
    return `- ${cell(state)} · **${ruleId}** ${code(subject)}: ${cell(seen)}${sidesTable(sides)}${advice}`;
  });
  const rest = beyond.slice(0, maxBeyond).map((left) => `- ${line(beyondText(left))}`);
  const list = bounded(lines, limits.findings, 'findings');
  return [
    `**Findings (${String(decision.findings.length)})**`,
    list,
    ...(rest.length === 0 ? [] : [rest.join('\n')]),
  ].join('\n\n');
}

/** What was and what will be, side by side, inside the entry of a list. */
function sidesTable(sides: Finding['sides']): string {
  if (sides === undefined) {
    return '';
  }
  const rows = Array.from(
    { length: Math.max(sides.before.length, sides.after.length) },
    (_, at) => `  | ${cell(sides.before[at] ?? '')} | ${cell(sides.after[at] ?? '')} |`,
  );
  return ['', '', '  | before | after |', '  |---|---|', ...rows, ''].join('\n');
}

function code(text: string): string {
  return `<code>${fitText(text, cellLength, escapeMarkdownCode)}</code>`;
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
