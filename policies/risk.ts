/**
 * How risky a change is: the maximum of what the author declared, the impact and likelihood lookup, and the floors
 * computed from the plan. Each is a named reason. The author can raise the result and never lower it.
 */
import type { Assessment, Risk, RiskReason } from './model/assessment.ts';
import type { RuleContext } from './model/finding.ts';
import type { ChangeRecord, ImpactLevel, RiskLevel } from './model/record.ts';
import { subjectsOfForgotten } from './reading/plan-index.ts';
import { expressionFloors } from './risk/expression-floors.ts';
import type { Floor, Raise } from './risk/floor.ts';
import { raised, worst } from './risk/levels.ts';
import { nameFloors } from './risk/name-floors.ts';
import { listFloors } from './risk/list-floors.ts';
import { planFloors } from './risk/plan-floors.ts';
import { securityFloors } from './risk/security-floors.ts';
import { serviceFloors } from './risk/service-floors.ts';
import { peakTime, shortNotice } from './risk/timing.ts';
import { trackRecord } from './risk/track-record.ts';

/**
 * Classifies a change. Without a record the plan alone decides, and the reasons say so. Raises of one level
 * (`first-time`, `short-notice` and the like) apply to the result of everything else and do not add up: two of them
 * still raise by one. Whose a stack is, and of which tier, no register can say of a configuration that `sluice check` is
 * given by file: that counts for the worst at the gate, and for nothing in the foreign risk.
 */
export function assessRisk(context: RuleContext): Assessment {
  const past = trackRecord(context);
  const floors = floorsOf(context, past);
  return {
    risk: riskOf(context, floors, past),
    beforeRaises: withDeclared(worst(floors.map(({ level }) => level)), declaredLevel(context)),
    foreignRisk: riskOf(
      context,
      floors.filter(({ id }) => id !== 'critical-service'),
      past,
    ),
  };
}

function riskOf(context: RuleContext, floors: readonly Floor[], past: readonly Raise[]): Risk {
  const base = worst(floors.map((floor) => floor.level));
  const declared = declaredLevel(context);
  const raises = raisesOf(context, withDeclared(base, declared), past);
  const raisedReasons = raises.map((raise) => ({ ...raise, level: raised(base, raise.most), subjects: [] }));
  const computed = worst([base, ...raisedReasons.map((reason) => reason.level)]);
  const reasons = [...declaredReason(declared), ...floors, ...raisedReasons];
  return {
    effective: withDeclared(computed, declared),
    declared,
    computed,
    reasons: reasons.map(reasonOf),
    needsSecurityReview: floors.some(({ id }) => id === 'security-weaken' || id === 'unreviewed-type'),
  };
}

/** What the author declared; null where they declared nothing. */
function declaredLevel(context: RuleContext): RiskLevel | null {
  return context.record?.record.risk?.declared ?? null;
}

/** The author can raise a level and never lower it. */
function withDeclared(level: RiskLevel, declared: RiskLevel | null): RiskLevel {
  return declared === null ? level : worst([level, declared]);
}

function floorsOf(context: RuleContext, past: readonly Raise[]): readonly Floor[] {
  const computed = [
    ...planFloors(context),
    ...nameFloors(context),
    ...serviceFloors(context),
    ...securityFloors(context),
    ...expressionFloors(context),
    ...listFloors(context),
    ...irreversible(context),
  ];
  return [...baseFloor(context, computed, past), ...computed];
}

function raisesOf(context: RuleContext, level: RiskLevel, past: readonly Raise[]): readonly Raise[] {
  return context.index.changes.length === 0
    ? []
    : [...past, ...shortNotice(context, level), ...peakTime(context)];
}

/** The matrix, or the reason why it does not apply. */
function baseFloor(
  context: RuleContext,
  computed: readonly Floor[],
  past: readonly Raise[],
): readonly Floor[] {
  if (context.index.changes.length === 0) {
    return [{ id: 'no-op', level: 'low', text: 'nothing changes', subjects: [] }];
  }
  if (context.record === null) {
    return [
      {
        id: 'no-record',
        level: 'low',
        text: 'there is no change record: the plan alone decides',
        subjects: [],
      },
    ];
  }
  const likelihood = likelihoodOf(context.record.record, past);
  return [matrixFloor(context, context.record.record, { impact: leastImpact(computed), likelihood })];
}

/**
 * The row that the floors put a change into, by the level of the row where the likelihood is least: who writes a lower
 * impact would otherwise take the likelihood that they admit out of the matrix. What changes beside the plan (`policy-touch`)
 * has no impact on a client.
 */
function leastImpact(computed: readonly Floor[]): ImpactLevel {
  const level = worst(computed.filter(({ id }) => id !== 'policy-touch').map((floor) => floor.level));
  return impactOf[level];
}

const impactOf: Readonly<Record<RiskLevel, ImpactLevel>> = { low: 1, medium: 3, high: 4, critical: 4 };

function impactSource(given: ImpactLevel | undefined, least: ImpactLevel): string {
  if (given === undefined) {
    return ' (by the plan)';
  }
  return given < least ? ` (at least, by the plan; the record says ${given})` : '';
}

/**
 * Where the author does not say: a standard change is approved beforehand because it is unlikely to fail. Any other one is
 * near certain to where such changes went wrong, possible where none was made yet, and unlikely where they went well.
 */
function likelihoodOf({ type, likelihood }: ChangeRecord, past: readonly Raise[]): ImpactLevel {
  if (likelihood !== undefined) {
    return likelihood.level;
  }
  if (past.some(({ id }) => id === 'bad-history')) {
    return 4;
  }
  return type === 'standard' || past.length === 0 ? 1 : 2;
}

function matrixFloor(
  context: RuleContext,
  record: ChangeRecord,
  { impact: least, likelihood }: { readonly impact: ImpactLevel; readonly likelihood: ImpactLevel },
): Floor {
  const given = record.impact.level;
  const impact: ImpactLevel = given === undefined || given < least ? least : given;
  const level = context.policy.matrix[impact - 1]?.[likelihood - 1] ?? 'critical';
  return {
    id: 'matrix',
    level,
    text: `impact ${impact}${impactSource(given, least)} and likelihood ${likelihood}${record.likelihood === undefined ? ' (by the track record)' : ''}`,
    subjects: [],
  };
}

function irreversible(context: RuleContext): readonly Floor[] {
  const forgotten = subjectsOfForgotten(context.index);
  const noWayBack = context.record?.record.rollback.strategy === 'not-possible';
  return noWayBack || forgotten.length > 0
    ? [
        {
          id: 'irreversible',
          level: 'high',
          text: noWayBack
            ? 'the record says that there is no way back'
            : 'resources leave the state without being deleted',
          subjects: forgotten,
        },
      ]
    : [];
}

function declaredReason(declared: RiskLevel | null): readonly Floor[] {
  return declared === null
    ? []
    : [{ id: 'declared', level: declared, text: 'declared by the author', subjects: [] }];
}

function reasonOf({ id, level, text, subjects }: RiskReason): RiskReason {
  return { id, level, text, subjects };
}
