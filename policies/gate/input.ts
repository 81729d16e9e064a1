/** The part of the facts that rules, risk and catalogue may read. */
import { asClosing, closedRecord } from './closing.ts';
import type { Facts, RuleInput } from '../model/facts.ts';
import type { CompleteRecord } from '../model/record.ts';
import { completeRecord } from '../record/complete.ts';

/** Without exactly one record there is none: the record check says which of the two it is. */
export function ruleInputOf(facts: Facts): RuleInput {
  const [record, ...more] = facts.records;
  const isClosing = closedRecord(facts) !== null;
  return {
    now: facts.now,
    plan: facts.plan,
    unchanged: facts.unchanged,
    record: record !== undefined && more.length === 0 ? (isClosing ? asClosing(record) : record) : null,
    policy: facts.policy,
    history: facts.history,
    baselines: facts.baselines,
    incidents: facts.incidents,
    planned: facts.planned,
    traffic: facts.traffic,
    changedFiles: facts.pull?.changedFiles ?? [],
    packages: facts.packages,
    submittedAt: facts.pull?.headAt ?? null,
  };
}

/** The record under decision as everything but its digest reads it; null unless there is exactly one. */
export function completeOf(facts: Facts): CompleteRecord | null {
  const [record, ...more] = facts.records;
  return record === undefined || more.length > 0 ? null : completeRecord(record, ruleInputOf(facts));
}
