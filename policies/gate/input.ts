/** The part of the facts that rules, risk and catalogue may read. */
import { asClosing, closedRecord } from './closing.ts';
import type { Facts, RuleInput } from '../model/facts.ts';

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
    traffic: facts.traffic,
    changedFiles: facts.pull?.changedFiles ?? [],
    packages: facts.packages,
    submittedAt: facts.pull?.headAt ?? null,
  };
}
