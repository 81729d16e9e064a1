/** What an emergency is let through without, and what ends that debt. */
import { describe, expect, it } from 'vitest';
import { stillOwed } from '../../../policies/emergency/owed.ts';
import type { AuthoredRecord } from '../../../policies/model/record.ts';
import { aRecord, anEmergency } from '../../builders/record.ts';

const items = (
  record: AuthoredRecord,
  risk: 'low' | 'high',
  rules: readonly string[] = [],
): readonly string[] => stillOwed(record, { risk, rules }).map(({ item }) => item);
const relaxing = (...relaxations: readonly ('client-notice' | 'lead-time' | 'window')[]): AuthoredRecord => {
  const { communications: _, ...record } = anEmergency().record;
  const { emergency } = record;
  return emergency === undefined ? record : { ...record, emergency: { ...emergency, relaxations } };
};
const closed = (record: AuthoredRecord, ...settled: readonly string[]): AuthoredRecord => ({
  ...record,
  outcome: {
    result: 'successful',
    closedBy: 's.haddad',
    closedAt: '2026-12-08T09:00:00Z',
    registerUpdated: true,
    owed: settled.map((item) => ({ item, settled: 'Looked at by the security team on Monday.' })),
  },
});

describe('an emergency', () => {
  it('owes the rules that gave way, and no rule that did not', () => {
    const record = relaxing();
    expect(items(record, 'low', ['waf-log-first', 'tls-minimum-version'])).toEqual(['waf-log-first']);
    expect(items(closed(record, 'waf-log-first'), 'low', ['waf-log-first'])).toEqual([]);
    expect(items(closed(record, 'lead-time'), 'low', ['waf-log-first'])).toEqual(['waf-log-first']);
  });

  it('owes the lead time and the notice that it relaxed, and no window', () => {
    const record = relaxing('window', 'lead-time', 'client-notice');
    expect(items(record, 'low')).toEqual(['lead-time', 'client-notice']);
    const told = {
      ...record,
      communications: [{ audience: 'The client', channel: 'telephone', when: 'at once' }],
    };
    expect(items(told, 'low')).toEqual(['lead-time']);
  });

  it('owes the form of a normal change of its risk, but for who would have taken over', () => {
    const { impact: _, ...short } = relaxing();
    const record = short as AuthoredRecord;
    expect(items(record, 'low')).toEqual([]);
    expect(items(record, 'high')).toContain('impact');
    expect(items(record, 'high')).not.toContain('backupImplementer');
    const { record: whole } = aRecord();
    expect(items({ ...whole, type: 'emergency' }, 'high')).toEqual([]);
  });
});
