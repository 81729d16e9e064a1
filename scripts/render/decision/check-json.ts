/** The result of `sluice check` for another program. */
import { countKinds } from '../../plan/difference/summary.ts';
import type { Plan } from '../../plan/types.ts';
import type { CheckReport } from './check-text.ts';
import { maskPlan } from '../text/mask.ts';
import { printedJson } from '../text/printed-json.ts';
import { visibleChanges, subjectsNamed } from '../plan/visible-changes.ts';
import { mostInFile, visibleFindings } from '../findings/visible-findings.ts';

/**
 * Everything that was found out, and the outcome. Lists are cut at 5,000 entries, and what is left out is counted in
 * `beyond`, which is absent where nothing is: findings by rule, changes by kind, subjects of a risk by its reason, and what
 * the gate would not take.
 */
export function renderCheckJson(result: CheckReport, outcome: string): string {
  const { visible, beyond } = visibleFindings(result.report.findings, mostInFile);
  const bounded = boundedPlan(result.plan, subjectsNamed(visible));
  const notTaken = result.notTaken.slice(0, mostInFile);
  const left = {
    findings: beyond,
    changes: bounded.beyond,
    subjects: result.risk.reasons.flatMap(({ id, subjects }) =>
      subjects.length > mostInFile ? [{ id, count: subjects.length - mostInFile }] : [],
    ),
    notTaken: result.notTaken.length - notTaken.length,
  };
  const isWhole = [left.findings, left.changes, left.subjects].every((list) => list.length === 0);
  return printedJson({
    kind: 'sluice.check',
    version: 1,
    outcome,
    ...result,
    plan: maskPlan(bounded.plan),
    record: result.record?.record ?? null,
    computed: result.record?.computed ?? [],
    report: { ...result.report, findings: visible },
    risk: {
      ...result.risk,
      reasons: result.risk.reasons.map((reason) => ({
        ...reason,
        subjects: reason.subjects.slice(0, mostInFile),
      })),
    },
    notTaken,
    ...(isWhole && left.notTaken === 0 ? {} : { beyond: left }),
  });
}

interface BoundedPlan {
  readonly plan: Plan;
  readonly beyond: readonly object[];
}

/** What takes something away is listed however much it is. */
function boundedPlan(plan: Plan, named: readonly string[]): BoundedPlan {
  const beyond: object[] = [];
  const stacks = plan.stacks.map((stack) => {
    if (stack.changes.length <= mostInFile) {
      return stack;
    }
    const { whole, destructive, others } = visibleChanges(stack.changes, mostInFile, named);
    if (others.length > 0) {
      const counts = Object.entries(countKinds(others)).filter(([, count]) => count > 0);
      beyond.push({ stack: stack.stack, counts: Object.fromEntries(counts) });
    }
    return { ...stack, changes: [...whole, ...destructive] };
  });
  return { plan: { ...plan, stacks }, beyond };
}
