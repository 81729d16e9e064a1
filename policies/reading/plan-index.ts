/**
 * The plan's changes, grouped once so that fifty rules do not each walk fifty thousand changes. Built by the runner and
 * by the risk classification; holds references into the plan and copies nothing.
 */
import { compareText } from '../../scripts/json/json.ts';
import type { Plan, ResourceChange } from '../../scripts/plan/types.ts';
import { rulesetType } from '../../scripts/provider/ruleset-type.ts';
import { Expressions } from '../../scripts/waf/reason/expressions.ts';
import { dnsType } from './estate-context.ts';
import { pairRulesetRules } from './rulesets/rules.ts';
import type { RulesetRuleChange } from './rulesets/rules.ts';

export interface PlanIndex {
  /** Where the expressions of the plan, and of what stands around it, are read. */
  readonly expressions: Expressions;
  /** Every change of a managed resource, in plan order; reads and no-ops that came along are left out. */
  readonly changes: readonly ResourceChange[];
  /** Changes that take the resource away, for good or to create it anew. */
  readonly removals: readonly ResourceChange[];
  readonly byType: ReadonlyMap<string, readonly ResourceChange[]>;
  readonly rulesets: readonly ResourceChange[];
  /** Rules of all changed rulesets that were added, removed or changed themselves, in more than their description. */
  readonly rulesetRules: readonly RulesetRuleChange[];
  /** The same, with those of which only the description changed. */
  readonly editedRules: readonly RulesetRuleChange[];
  /** DNS record changes by record type (`TXT`), under both types when it changes; without those of unknown type. */
  readonly dnsByRecordType: ReadonlyMap<string, readonly ResourceChange[]>;
  /** Changes whose lifecycle block asks for something on either side; also those that change nothing else. */
  readonly guarded: readonly ResourceChange[];
  /** Names of the stacks in which at least one managed resource changes, sorted. */
  readonly changedStacks: readonly string[];
}

/** Groups the plan's managed changes. Linear in the number of changes and of the rules inside changed rulesets. */
export function indexPlan(plan: Plan, expressions = new Expressions()): PlanIndex {
  const changes: ResourceChange[] = [];
  const removals: ResourceChange[] = [];
  const guarded: ResourceChange[] = [];
  const byType = new Map<string, ResourceChange[]>();
  const changedStacks = new Set<string>();
  for (const stack of plan.stacks) {
    for (const change of stack.changes) {
      if (hasLifecycle(change)) {
        guarded.push(change);
      }
      if (!isEffective(change)) {
        continue;
      }
      changes.push(change);
      changedStacks.add(stack.stack);
      if (change.actions.includes('delete')) {
        removals.push(change);
      }
      append(byType, change.type, change);
    }
  }
  const rulesets = byType.get(rulesetType) ?? [];
  const editedRules = rulesets.flatMap((change) => pairRulesetRules(change, expressions));
  return {
    expressions,
    changes,
    removals,
    byType,
    dnsByRecordType: groupByRecordType(byType.get('cloudflare_dns_record') ?? []),
    guarded,
    rulesets,
    rulesetRules: editedRules.filter((pair) => !pair.isOnlyDescribed),
    editedRules,
    changedStacks: [...changedStacks].toSorted(compareText),
  };
}

/** All changes of the given resource types, in the order of the types. */
export function changesOf(index: PlanIndex, ...types: readonly string[]): readonly ResourceChange[] {
  return types.flatMap((type) => index.byType.get(type) ?? []);
}

/** DNS record changes of the given record types; a record that changes between two of them comes once. */
export function dnsChangesOf(index: PlanIndex, ...types: readonly string[]): readonly ResourceChange[] {
  return [...new Set(types.flatMap((type) => index.dnsByRecordType.get(type) ?? []))];
}

/** Subjects of the resources that leave the state while they stay at Cloudflare. */
export function subjectsOfForgotten(index: PlanIndex): readonly string[] {
  return index.changes
    .filter((change) => change.actions.includes('forget'))
    .map((change) => `${change.stack}/${change.address}`);
}

/** Adds to the group of a key, in the order of the changes. */
export function append(groups: Map<string, ResourceChange[]>, key: string, change: ResourceChange): void {
  const group = groups.get(key);
  if (group === undefined) {
    groups.set(key, [change]);
  } else {
    group.push(change);
  }
}

function groupByRecordType(
  records: readonly ResourceChange[],
): ReadonlyMap<string, readonly ResourceChange[]> {
  const groups = new Map<string, ResourceChange[]>();
  for (const change of records) {
    for (const recordType of recordTypes(change)) {
      append(groups, recordType, change);
    }
  }
  return groups;
}

function recordTypes(change: ResourceChange): ReadonlySet<string> {
  const types = [dnsType(change, 'before'), dnsType(change, 'after')];
  return new Set(types.filter((type) => type !== null));
}

function hasLifecycle({ lifecycle }: ResourceChange): boolean {
  return lifecycle.before?.preventDestroy === true || (lifecycle.after?.ignoreChanges.length ?? 0) > 0;
}

/** Every change of a managed resource, in plan order: what the index groups. */
export function effectiveChanges(plan: Plan): readonly ResourceChange[] {
  return plan.stacks.flatMap(({ changes }) => changes.filter(isEffective));
}

function isEffective(change: ResourceChange): boolean {
  return (
    change.mode === 'managed' && change.actions.some((action) => action !== 'no-op' && action !== 'read')
  );
}
