/** Reasons that come from the record, the calendar and the ledger, word for word and at their limits. */
import { describe, expect, it } from 'vitest';
import type { PastRelease, RuleInput } from '../../../policies/model/facts.ts';
import { successScore } from '../../../policies/risk/track-record.ts';
import { aPastRelease, aRuleContext, aRuleInput, classifyRisk } from '../../builders/facts.ts';
import { aPlan } from '../../builders/plan.ts';
import { aRecord, aStandardChange } from '../../builders/record.ts';
import { planned, quietPolicy, rate } from './floor-cases.ts';

const risk = (parts: Partial<RuleInput> = {}) => classifyRisk(aRuleInput({ policy: quietPolicy, ...parts }));
const texts = (parts: Partial<RuleInput> = {}) =>
  risk(parts).reasons.map(({ id, level, text }) => `${id} ${level}: ${text}`);
const raisedBy = (parts: Partial<RuleInput>) =>
  risk(parts)
    .reasons.map(({ id }) => id)
    .filter((id) => id !== 'declared' && id !== 'matrix');

describe('the reasons', () => {
  it('of the quiet change are these two, about no resource', () => {
    expect(risk().reasons).toEqual([
      { id: 'declared', level: 'low', text: 'declared by the author', subjects: [] },
      { id: 'matrix', level: 'low', text: 'impact 2 and likelihood 1', subjects: [] },
    ]);
  });

  it('say that the likelihood was not given', () => {
    expect(texts({ record: aRecord(rate(2, undefined)) })).toContain(
      'matrix low: impact 2 and likelihood 1 (by the track record)',
    );
    expect(texts({ record: aStandardChange(rate(2, undefined)) })).toContain(
      'matrix low: impact 2 and likelihood 1 (by the track record)',
    );
  });

  it('say that there is no record, or that nothing changes', () => {
    expect(risk({ record: null }).reasons).toEqual([
      {
        id: 'no-record',
        level: 'low',
        text: 'there is no change record: the plan alone decides',
        subjects: [],
      },
    ]);
    expect(risk({ record: null, plan: aPlan().build() }).reasons).toEqual([
      { id: 'no-op', level: 'low', text: 'nothing changes', subjects: [] },
    ]);
  });

  it('say why there is no way back', () => {
    const noWay = aRecord({ rollback: { strategy: 'not-possible', steps: [], triggers: [] } });
    const forgotten = aPlan().changing('cloudflare_dns_record.www', ['forget']).build();
    const irreversible = (parts: Partial<RuleInput>) =>
      risk(parts).reasons.filter(({ id }) => id === 'irreversible');
    expect(irreversible({ record: noWay })).toEqual([
      { id: 'irreversible', level: 'high', text: 'the record says that there is no way back', subjects: [] },
    ]);
    expect(irreversible({ plan: forgotten })).toEqual([
      {
        id: 'irreversible',
        level: 'high',
        text: 'resources leave the state without being deleted',
        subjects: ['acme-production/cloudflare_dns_record.www'],
      },
    ]);
  });

  it('bring raises with the level that they lead to, about no resource', () => {
    expect(risk({ history: [] }).reasons.at(-1)).toEqual({
      id: 'first-time',
      level: 'medium',
      text: 'no successful change of cloudflare_dns_record for acme in production in 12 months',
      subjects: [],
    });
    const staging = aPlan().inStack('acme-staging').updating('cloudflare_dns_record.www').build();
    expect(texts({ history: [], plan: staging }).at(-1)).toBe(
      'first-time medium: no successful change of cloudflare_dns_record for acme in 12 months',
    );
    expect(texts({ history: [aPastRelease(), aPastRelease({ result: 'failed' })] }).at(-1)).toBe(
      'bad-history medium: changes of cloudflare_dns_record score -2 over 12 months',
    );
  });
});

describe('the risk that lead times are looked up with', () => {
  it.each([
    ['what is declared, when that is worst', aRecord({ risk: { declared: 'high' } }), 'high'],
    [
      'what is computed, when that is worst',
      aRecord({ ...rate(4, 4), risk: { declared: 'low' } }),
      'critical',
    ],
    ['what is computed, without a record', null, 'low'],
  ])('is %s', (_name, record, expected) => {
    expect(aRuleContext({ policy: quietPolicy, record }).assessment().beforeRaises).toBe(expected);
  });

  it('does not count raises', () => {
    expect(risk({ history: [] }).effective).toBe('medium');
    expect(aRuleContext({ policy: quietPolicy, history: [] }).assessment().beforeRaises).toBe('low');
  });
});

describe('the notice that a change gives', () => {
  const notice = (parts: Partial<RuleInput>) =>
    texts(parts).filter((text) => text.startsWith('short-notice'));

  it('is said in working days, or that there is none', () => {
    const schedule = { plannedStart: '2026-11-25T20:00:00Z', plannedEnd: '2026-11-25T21:00:00Z' };
    expect(notice({ record: aRecord({ ...rate(4, 1), schedule }) })).toEqual([
      'short-notice critical: 2 working days ahead instead of 5',
    ]);
    expect(notice({ record: aRecord({ ...rate(4, 1), schedule: undefined }) })).toEqual([
      'short-notice critical: no working days ahead instead of 5',
    ]);
  });

  it('raises no medium change: its manager is asked instead', () => {
    const schedule = { plannedStart: '2026-11-23T20:00:00Z', plannedEnd: '2026-11-23T21:00:00Z' };
    const parts = { record: aRecord({ ...rate(3, 1), schedule }) };
    expect(notice(parts)).toEqual([
      'short-notice medium: 0 working days ahead instead of 2: the change manager agrees',
    ]);
    expect(risk(parts).effective).toBe('medium');
  });

  it('does not matter where nothing changes, nor does anything else that raises', () => {
    const record = aRecord({ schedule: undefined });
    expect(raisedBy({ record, history: [] })).toEqual(['first-time', 'short-notice']);
    const plan = aPlan().withoutStack('acme-production').build();
    expect(raisedBy({ record, history: [], plan })).toEqual(['no-op']);
  });

  it.each(['standard', 'emergency'] as const)('does not matter for a change of type %s', (type) => {
    expect(notice({ record: aRecord({ ...rate(4, 1), type, schedule: undefined }) })).toEqual([]);
  });
});

describe('the hours agreed with the client', () => {
  const borough = (from: string, to: string) => ({
    record: aRecord({ ...planned(from, to).record.record, client: 'borough' }),
    history: [aPastRelease({ client: 'borough' })],
  });

  it.each([
    ['2026-12-08T18:00:00Z', '2026-12-08T22:00:00Z', []],
    ['2026-12-07T20:00:00Z', '2026-12-07T22:00:00Z', ['peak-time']],
    ['2026-12-08T18:00:00Z', '2026-12-08T22:00:01Z', ['peak-time']],
    ['2026-12-08T17:59:59Z', '2026-12-08T22:00:00Z', ['peak-time']],
    ['2026-12-08T19:00:00Z', 'in the evening', ['peak-time']],
    ['in the evening', '2026-12-08T22:00:00Z', ['peak-time']],
  ])('are those of this client alone: %s to %s', (from, to, expected) => {
    expect(raisedBy(borough(from, to)).filter((id) => id === 'peak-time')).toEqual(expected);
  });

  it('are none for a client that no register knows', () => {
    const record = aRecord({ client: 'nobody' });
    expect(raisedBy({ record, history: [aPastRelease({ client: 'nobody' })] })).toContain('peak-time');
  });
});

describe('what earlier releases say', () => {
  const first = (parts: Partial<PastRelease>) => raisedBy({ history: [aPastRelease(parts)] });

  it.each([
    ['12 months ago to the second', '2025-11-23T09:00:00Z', []],
    ['a second longer ago', '2025-11-23T08:59:59Z', ['first-time']],
    ['this very moment', '2026-11-23T09:00:00Z', []],
    ['in the future, by a clock that is wrong', '2026-11-23T09:00:01Z', ['first-time']],
    ['at a time that cannot be read', 'last week', ['first-time']],
  ])('a success %s', (_name, at, expected) => {
    expect(first({ at })).toEqual(expected);
  });

  it.each([
    ['12 months ago to the second', '2025-11-23T09:00:00Z', true],
    ['a second longer ago', '2025-11-23T08:59:59Z', false],
    ['this very moment', '2026-11-23T09:00:00Z', true],
  ])('a failure %s', (_name, at, isCounted) => {
    const history = [aPastRelease(), aPastRelease({ at, result: 'failed' })];
    expect(raisedBy({ history })).toEqual(isCounted ? ['bad-history'] : []);
  });

  it.each([
    ['successful', []],
    ['successful-with-issues', ['bad-history']],
    ['failed', ['first-time', 'bad-history']],
    ['rolled-back', ['first-time', 'bad-history']],
    ['aborted', ['first-time']],
  ] as const)('a release that was %s', (result, expected) => {
    expect(first({ result })).toEqual(expected);
  });

  it('does not depend on the model that anybody names', () => {
    const { model: _model, ...unnamed } = aPastRelease();
    expect(raisedBy({ record: aRecord({ model: undefined }), history: [unnamed] })).toEqual([]);
    expect(
      raisedBy({ record: aRecord({ model: 'other' }), history: [{ ...unnamed, result: 'failed' }] }),
    ).toEqual(['first-time', 'bad-history']);
  });

  it.each([
    ['successful', [], 3],
    ['successful-with-issues', [], -2],
    ['rolled-back', [], -5],
    ['failed', [], -5],
    ['aborted', [], 0],
    ['aborted', ['P1'], -10],
    ['aborted', ['P2'], -5],
    ['aborted', ['P3'], -2],
    ['aborted', ['P4'], 0],
    ['successful', ['P3', 'P3'], -1],
  ] as const)('%s with incidents %j scores %i', (result, priorities, score) => {
    const causedIncidents = priorities.map((priority, at) => ({ id: `i${String(at)}`, priority }));
    const release = aPastRelease({ result, causedIncidents });
    expect(successScore([release])).toBe(score);
    expect(successScore([release, release])).toBe(2 * score);
  });
});
