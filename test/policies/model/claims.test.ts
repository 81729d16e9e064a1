/** Every field of the record is in the table of claims, every field that a decision reads is there as one, and the README has it. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import recordSchema from '../../../changes/record.schema.json' with { type: 'json' };
import { decide } from '../../../policies/gate.ts';
import { claims } from '../../../policies/model/claims.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { LocatedRecord } from '../../../policies/model/record.ts';
import { aPlan } from '../../builders/plan.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import { cleanRecord, facts } from '../world.ts';

const named = claims.map(({ field }) => field);

it('has every field of the schema, in its order, once', () => {
  expect(named).toEqual(Object.keys(recordSchema.properties));
});

it('says who confirms whatever believing could gain', () => {
  expect(claims.filter(({ confirmedBy }) => confirmedBy.trim() === '')).toEqual([]);
  expect(claims.filter(({ kind, gain }) => kind === 'text' && gain !== '')).toEqual([]);
});

it('is the table of changes/README.md', () => {
  const rows = claims
    .filter(({ kind }) => kind === 'claim')
    .map(
      ({ field, gain, confirmedBy }) =>
        `| \`${field}\` | ${gain === '' ? 'nothing' : gain} | ${confirmedBy} |`,
    );
  expect(readFileSync('changes/README.md', 'utf8')).toContain(rows.join('\n'));
});

/** The record, noting which of its fields are asked for by name; copying or comparing it whole is no reading. */
function watched(located: LocatedRecord, read: Set<string>): LocatedRecord {
  const record = new Proxy(located.record, {
    get: (target, key, receiver) => {
      if (typeof key === 'string') {
        read.add(key);
      }
      return Reflect.get(target, key, receiver) as unknown;
    },
  });
  return { ...located, record };
}

describe('what decisions read', () => {
  const read = new Set<string>();
  const www = aPlan().updating('cloudflare_dns_record.www').build();
  const freezes = [
    {
      id: 'f',
      reason: 'r',
      kind: 'soft' as const,
      clients: 'all' as const,
      start: '2026-01-01T00:00:00Z',
      end: '2027-12-31T00:00:00Z',
      exemptionBy: 'cab' as const,
    },
  ];
  for (const located of [cleanRecord(), aStandardChange({}), anEmergency({})]) {
    for (const moment of ['merge', 'apply'] as const) {
      const given: Facts = facts({ plan: www, records: [located], moment });
      const policy = { ...given.policy, calendar: { ...given.policy.calendar, freezes } };
      decide({ ...given, policy, records: [watched(located, read)] });
    }
  }
  const claimed = new Set(claims.filter(({ kind }) => kind === 'claim').map(({ field }) => field));

  it('is in the table, as a claim', () => {
    const texts = new Set(claims.filter(({ kind }) => kind === 'text').map(({ field }) => field));
    const unknown = [...read].filter(
      (field) => !claimed.has(field) && !texts.has(field) && field !== 'toJSON',
    );
    expect(unknown).toEqual([]);
  });

  it('are at least these: the watch works', () => {
    for (const field of [
      'client',
      'type',
      'impact',
      'rollback',
      'schedule',
      'emergency',
      'stacks',
      'model',
    ]) {
      expect(read).toContain(field);
    }
  });
});
