/**
 * Which of very many findings are shown. A rule that finds the same of every resource must not hide what another rule found
 * once, so each rule that found something is shown, the rarest first, and the rest is counted by rule.
 */
import { compareText } from '../../json/json.ts';
import type { Finding } from '../../../policies/model/finding.ts';
import { quantity } from '../../plan/quantity.ts';

/** Results that GitHub shows of a SARIF file (documentation of code scanning, 2026-11-30); files for programs hold as many. */
export const mostInFile = 5000;

/** Findings of one rule, and of one weight, that are counted and not shown. */
export interface BeyondLimit {
  readonly ruleId: string;
  readonly weight: Finding['severity'] | 'waived';
  readonly count: number;
}

export interface VisibleFindings {
  /** At most as many as asked for: refusals before warnings before what is waived. */
  readonly visible: readonly Finding[];
  /** In the same order; empty where everything is shown. */
  readonly beyond: readonly BeyondLimit[];
}

interface FindingGroup {
  readonly ruleId: string;
  readonly weight: BeyondLimit['weight'];
  readonly findings: readonly Finding[];
}

const weights: readonly BeyondLimit['weight'][] = ['deny', 'warn', 'waived'];

/** All of them in the order given where they fit; `most` is a number of findings. */
export function visibleFindings(findings: readonly Finding[], most: number): VisibleFindings {
  if (findings.length <= most) {
    return { visible: findings, beyond: [] };
  }
  const groups = groupsOf(findings);
  const cut = groups.map((group) => ({ ...group, left: 0 }));
  let room = most;
  for (const [at, group] of cut.entries()) {
    // What a rare rule does not need of its share, the ones after it have.
    const all = group.findings;
    group.findings = all.slice(0, Math.ceil(room / (cut.length - at)));
    group.left = all.length - group.findings.length;
    room -= group.findings.length;
  }
  const sorted = cut.toSorted((a, b) => weights.indexOf(a.weight) - weights.indexOf(b.weight));
  return {
    visible: sorted.flatMap((group) => group.findings),
    beyond: sorted.flatMap(({ ruleId, weight, left }) =>
      left === 0 ? [] : [{ ruleId, weight, count: left }],
    ),
  };
}

/** `and 49,901 more warnings of dns-proxied-kept`, as plain text without a line break. */
export function beyondText({ ruleId, weight, count }: BeyondLimit): string {
  switch (weight) {
    case 'deny':
      return `and ${quantity(count, 'more refusal')} by ${ruleId}`;
    case 'warn':
      return `and ${quantity(count, 'more warning')} by ${ruleId}`;
    case 'waived':
      return `and ${String(count)} more of ${ruleId} that are waived`;
  }
}

/** The rarest first. */
function groupsOf(findings: readonly Finding[]): readonly FindingGroup[] {
  const groups = new Map<string, FindingGroup & { readonly findings: Finding[] }>();
  for (const finding of findings) {
    const weight = finding.waivedBy === undefined ? finding.severity : 'waived';
    const key = `${weight} ${finding.ruleId}`;
    const group = groups.get(key) ?? { ruleId: finding.ruleId, weight, findings: [] };
    group.findings.push(finding);
    groups.set(key, group);
  }
  return [...groups.values()].toSorted(
    (a, b) => a.findings.length - b.findings.length || compareText(a.ruleId, b.ruleId),
  );
}
