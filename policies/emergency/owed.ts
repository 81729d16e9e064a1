/**
 * What an emergency may leave until afterwards: rules that do not stop it and are owed at its ratification instead. Nothing
 * that is not here gives way: the record, a second person or announced break-glass, the rollback, the tests after it, and
 * every rule about what a change would weaken.
 */
import type { AuthoredRecord, LocatedRecord, Owed, RiskLevel } from '../model/record.ts';
import { fieldsLacking } from '../record/needed.ts';

/** By rule: what is to be made up for, as it is said when the emergency is closed. */
export const owedRules: ReadonlyMap<string, string> = new Map([
  ['waf-log-first', 'what the new rules have stopped since, in place of the time in log mode'],
  ['waf-must-pass-known', 'that the requests that must pass have passed'],
  ['waf-traffic-sample', 'what a replay of recorded traffic shows'],
  [
    'record-security-impact',
    'the security impact, looked at by somebody of the security seat who took no part',
  ],
]);

/** Whether a rule of an emergency is owed in place of stopping it. */
export function isOwedLater(ruleId: string, record: LocatedRecord | null): boolean {
  return record?.record.type === 'emergency' && record.record.kind === 'Change' && owedRules.has(ruleId);
}

/** What an emergency was let through with: its risk, and the rules that gave way. */
export interface LetThrough {
  readonly risk: RiskLevel;
  readonly rules: readonly string[];
}

const relaxed: ReadonlyMap<string, string> = new Map([
  ['lead-time', 'why it could not wait'],
  ['client-notice', 'when the client was told, and by whom'],
]);

/** Whether it is made up for by a line of `outcome.owed`; else by a field of the record. */
export function isSettledByAccount(item: string): boolean {
  return owedRules.has(item) || relaxed.has(item);
}

/** Nobody is asked afterwards who would have taken over. */
const neverOwed: ReadonlySet<string> = new Set(['backupImplementer']);

/**
 * What the record does not make up for: each rule and each relaxation by a line of `outcome.owed`, the notice to the client by
 * `communications` as well, and each field that a normal change of its risk has by that field.
 */
export function stillOwed(record: AuthoredRecord, { risk, rules }: LetThrough): readonly Owed[] {
  const settled = new Set((record.outcome?.owed ?? []).map(({ item }) => item));
  if ((record.communications ?? []).length > 0) {
    settled.add('client-notice');
  }
  const duties = [
    ...[...owedRules].filter(([rule]) => rules.includes(rule)),
    ...[...relaxed].filter(([name]) => record.emergency?.relaxations?.includes(name) === true),
  ];
  return [
    ...duties.filter(([item]) => !settled.has(item)).map(([item, what]): Owed => ({ item, what })),
    ...fieldsLacking({ ...record, type: 'normal' }, risk)
      .filter(({ field }) => !neverOwed.has(field))
      .map(({ field, example }): Owed => ({ item: field, what: example })),
  ];
}
