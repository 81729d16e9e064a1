/**
 * What an emergency may leave until afterwards: rules that do not stop it and are owed at its ratification instead. Nothing
 * that is not here gives way: the record, a second person or announced break-glass, the rollback, the tests after it, and
 * every rule about what a change would weaken.
 */
import type { LocatedRecord } from './model/record.ts';

/** By rule: what is to be made up for, as it is said when the emergency is closed. */
export const owedRules: ReadonlyMap<string, string> = new Map([
  ['waf-log-first', 'what the new rules have stopped since, in place of the time in log mode'],
  ['waf-must-pass-known', 'that the requests that must pass have passed'],
  ['waf-traffic-sample', 'what a replay of recorded traffic shows'],
  ['record-security-impact', 'the security impact, looked at by somebody of the security seat who took no part'],
]);

/** Whether a rule of an emergency is owed in place of stopping it. */
export function isOwedLater(ruleId: string, record: LocatedRecord | null): boolean {
  return record?.record.type === 'emergency' && record.record.kind === 'Change' && owedRules.has(ruleId);
}
