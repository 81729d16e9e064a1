import { describe, expect, it } from 'vitest';
import { changeKind } from '../../scripts/provider/kind.ts';
import { planRollback, type RollbackPlan } from '../../scripts/release/rollback-plan.ts';
import { bundleText } from '../../scripts/plan/bundle.ts';
import { LedgerBuilder, recordsBundle } from './ledger-builder.ts';

const stack = 'acme-production';

function estate(): LedgerBuilder {
  const builder = new LedgerBuilder();
  builder.release({
    action: 'baseline',
    changeId: null,
    bundle: recordsBundle(stack, { www: '1', api: '1' }),
  });
  builder.release({ changeId: 'CHG-2026-0001', bundle: recordsBundle(stack, { www: '2', api: '1' }) });
  builder.release({ changeId: 'CHG-2026-0002', bundle: recordsBundle(stack, { www: '2', api: '2' }) });
  return builder;
}

function granted(plan: RollbackPlan): Extract<RollbackPlan, { ok: true }> {
  if (!plan.ok) {
    throw new Error(plan.what);
  }
  return plan;
}

describe('rolling back the latest release', () => {
  it('restores the bundle before it and allows exactly the inverse', () => {
    const plan = granted(planRollback(estate().read(), stack, { kind: 'latest' }));
    expect(bundleText(plan.target)).toBe(bundleText(recordsBundle(stack, { www: '2', api: '1' })));
    expect(plan.expected.changes.map((change) => [change.address, changeKind(change)])).toEqual([
      ['cloudflare_dns_record.api', 'update'],
    ]);
    expect(plan.undoes.map((folder) => folder.entry.id)).toEqual(['R0003']);
  });

  it('goes back to the last good state when the latest release failed half-way', () => {
    const builder = estate();
    builder.release({
      changeId: 'CHG-2026-0003',
      result: 'failed',
      bundle: recordsBundle(stack, { www: '9', api: '9' }),
    });
    const plan = granted(planRollback(builder.read(), stack, { kind: 'latest' }));
    expect(bundleText(plan.target)).toBe(bundleText(recordsBundle(stack, { www: '2', api: '2' })));
  });

  it('is refused for the first release: what was there before is not known', () => {
    const builder = new LedgerBuilder();
    builder.release({ bundle: recordsBundle(stack, { www: '1' }) });
    expect(planRollback(builder.read(), stack, { kind: 'latest' })).toMatchObject({
      ok: false,
      what: 'R0001 is the first release of acme-production.',
    });
  });

  it('is refused for a stack that was never released', () => {
    expect(planRollback(estate().read(), 'acme-stagging', { kind: 'latest' })).toMatchObject({ ok: false });
  });
});

describe('going back to an earlier release', () => {
  it("is refused while it would undo somebody else's change without naming it", () => {
    const refused = planRollback(estate().read(), stack, { kind: 'to', id: 'R0001', including: [] });
    expect(refused).toMatchObject({ ok: false, what: 'Going back to R0001 would also undo CHG-2026-0001.' });
    expect(refused.ok ? '' : refused.next).toBe(
      'sluice rollback acme-production --to R0001 --including CHG-2026-0001',
    );
  });

  it('undoes every later release once the others are named', () => {
    const plan = granted(
      planRollback(estate().read(), stack, { kind: 'to', id: 'R0001', including: ['CHG-2026-0001'] }),
    );
    expect(plan.undoes.map((folder) => folder.entry.id)).toEqual(['R0002', 'R0003']);
    expect(bundleText(plan.target)).toBe(bundleText(recordsBundle(stack, { www: '1', api: '1' })));
  });

  it.each([
    ['a release that does not exist', 'R0099', /not a finished release/],
    ['the release that is live', 'R0003', /is live now/],
  ])('is refused for %s', (_, id, expected) => {
    const plan = planRollback(estate().read(), stack, { kind: 'to', id, including: [] });
    expect(plan.ok ? '' : plan.what).toMatch(expected);
  });

  it('is refused for a release that did not succeed', () => {
    const builder = estate();
    builder.release({ result: 'failed-verification', bundle: recordsBundle(stack, { www: '3', api: '2' }) });
    builder.release({ bundle: recordsBundle(stack, { www: '4', api: '2' }) });
    const plan = planRollback(builder.read(), stack, { kind: 'to', id: 'R0004', including: [] });
    expect(plan.ok ? '' : plan.what).toBe('R0004 ended as failed-verification.');
  });
});

describe('undoing one release out of the middle', () => {
  it('keeps what was released later', () => {
    const plan = granted(planRollback(estate().read(), stack, { kind: 'only', id: 'R0002' }));
    expect(bundleText(plan.target)).toBe(bundleText(recordsBundle(stack, { www: '1', api: '2' })));
    expect(plan.undoes.map((folder) => folder.entry.id)).toEqual(['R0002']);
  });

  it('takes out what it created and brings back what it deleted', () => {
    const builder = estate();
    builder.release({ changeId: 'CHG-2026-0003', bundle: recordsBundle(stack, { api: '2', shop: '1' }) });
    builder.release({ changeId: 'CHG-2026-0004', bundle: recordsBundle(stack, { api: '3', shop: '1' }) });
    const plan = granted(planRollback(builder.read(), stack, { kind: 'only', id: 'R0004' }));
    expect(bundleText(plan.target)).toBe(bundleText(recordsBundle(stack, { www: '2', api: '3' })));
  });

  it('is refused when a later release touched the same resource', () => {
    const builder = estate();
    builder.release({ changeId: 'CHG-2026-0003', bundle: recordsBundle(stack, { www: '3', api: '2' }) });
    const plan = planRollback(builder.read(), stack, { kind: 'only', id: 'R0002' });
    expect(plan).toMatchObject({
      ok: false,
      what: 'R0002 cannot be undone alone: cloudflare_dns_record.www changed again later.',
    });
  });
});
