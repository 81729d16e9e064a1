import { describe, expect, it } from 'vitest';
import { spentProblems } from '../../policies/gate/approval-use.ts';
import { approvalUses, startingStates } from '../../scripts/release/approval-use.ts';
import { pastReleases } from '../../scripts/release/history.ts';
import { planRollback } from '../../scripts/release/rollback-plan.ts';
import { stackState } from '../../scripts/release/state.ts';
import type { Ledger } from '../../scripts/release/types.ts';
import { LedgerBuilder, recordsBundle } from './ledger-builder.ts';

const stack = 'acme-production';
const [first, second] = ['CHG-2026-0001', 'CHG-2026-0002'];
const head = (letter: string): string => letter.repeat(40);
const bundle = (www: string, name = stack) => recordsBundle(name, { www });

/** Baseline R0001 and the first change, R0002. */
function released(): LedgerBuilder {
  const builder = new LedgerBuilder();
  builder.release({ action: 'baseline', changeId: null, bundle: bundle('1') });
  builder.release({ changeId: first, headSha: head('d'), bundle: bundle('2') });
  return builder;
}

function shown(ledger: Ledger) {
  const { live, inForce, undone, unsettled } = stackState(ledger, stack);
  return {
    live: live?.entry.id,
    inForce: [...inForce],
    undone: [...undone],
    unsettled: unsettled?.entry.id,
  };
}

const uses = (ledger: Ledger, changeId = first, headSha = head('d')) =>
  approvalUses(ledger, { changeId, headSha }).map(({ release, became, by }) => [release, became, by]);

describe('the state of a stack', () => {
  it('is what ended successfully last, with everything that is in force', () => {
    const builder = released();
    expect(shown(builder.read())).toEqual({ live: 'R0002', inForce: ['R0001', 'R0002'], undone: [] });
    builder.release({ action: 'rollback', undoes: ['R0002'], changeId: first, bundle: bundle('1') });
    expect(shown(builder.read())).toEqual({
      live: 'R0003',
      inForce: ['R0001'],
      undone: [['R0002', 'R0003']],
    });
  });

  it('is not settled by an attempt that changed nothing', () => {
    const builder = released();
    builder.release({ changeId: second, result: 'failed', bundle: bundle('3') });
    builder.release({
      action: 'rollback',
      undoes: ['R0003'],
      changeId: second,
      result: 'failed',
      completed: 0,
      bundle: bundle('2'),
    });
    expect(shown(builder.read()).unsettled).toBe('R0003');
    builder.release({ changeId: second, result: 'aborted', completed: 0, bundle: bundle('3') });
    expect(shown(builder.read()).unsettled).toBe('R0005');
  });

  it('tells the truth of a ledger in which a rollback was rolled back', () => {
    const builder = released();
    builder.release({ action: 'rollback', undoes: ['R0002'], bundle: bundle('1') });
    builder.release({ action: 'rollback', undoes: ['R0003'], bundle: bundle('2') });
    expect(shown(builder.read())).toEqual({
      live: 'R0004',
      inForce: ['R0001', 'R0002'],
      undone: [['R0003', 'R0004']],
    });
    expect(pastReleases(builder.read(), new Map(), null).map(({ id, result }) => [id, result])).toEqual([
      ['R0002', 'successful'],
      ['R0003', 'rolled-back'],
      ['R0004', 'successful'],
    ]);
    builder.release({ action: 'rollback', undoes: ['R0002', 'R0003', 'R0004'], bundle: bundle('1') });
    expect(shown(builder.read()).inForce).toEqual(['R0001']);
  });

  it('keeps stacks apart', () => {
    const builder = released();
    const staging = 'acme-staging';
    builder.release({ action: 'baseline', changeId: null, bundle: bundle('1', staging) });
    builder.release({ action: 'rollback', undoes: ['R0003'], bundle: bundle('1', staging) });
    expect(shown(builder.read())).toEqual({ live: 'R0002', inForce: ['R0001', 'R0002'], undone: [] });
  });
});

describe('an approval', () => {
  it('is used by what was in force, and by nothing that failed before', () => {
    const builder = new LedgerBuilder();
    builder.release({ action: 'baseline', changeId: null, bundle: bundle('1') });
    const attempt = { changeId: first, headSha: head('d'), bundle: bundle('2') } as const;
    builder.release({ ...attempt, result: 'failed', completed: 0 });
    builder.release({ ...attempt, result: 'aborted', completed: 0 });
    expect(uses(builder.read())).toEqual([]);
    builder.release(attempt);
    expect(uses(builder.read())).toEqual([['R0004', 'in-force', null]]);
  });

  it('is over with a rollback, also with one that broke off, and with a release on top', () => {
    const rollingBack = { action: 'rollback', undoes: ['R0002'], bundle: bundle('1') } as const;
    const undone = released();
    undone.release(rollingBack);
    expect(uses(undone.read())).toEqual([['R0002', 'rolled-back', 'R0003']]);
    const leaving = released();
    leaving.release({ ...rollingBack, result: 'failed' });
    expect(uses(leaving.read())).toEqual([['R0002', 'rolled-back', 'R0003']]);
    const covered = released();
    covered.release({ changeId: second, headSha: head('b'), bundle: bundle('3') });
    expect(uses(covered.read())).toEqual([['R0002', 'superseded', 'R0003']]);
    expect(uses(covered.read(), second, head('b'))).toEqual([['R0003', 'in-force', null]]);
  });

  it('is the same one under another record, and the record the same under another approval', () => {
    const ledger = released().read();
    expect(uses(ledger, 'CHG-2026-0099', head('d'))).toHaveLength(1);
    expect(uses(ledger, first, head('f'))).toHaveLength(1);
    expect(uses(ledger, 'CHG-2026-0099', head('f'))).toEqual([]);
  });

  it('is judged on the state before its own release, and on what is live once that is not the last word', () => {
    const builder = released();
    const start = (headSha: string | null) =>
      startingStates(builder.read(), headSha === null ? null : { headSha }).get(stack)?.entry.id;
    expect([start(null), start(head('d')), start(head('b'))]).toEqual(['R0002', 'R0001', 'R0002']);
    builder.release({ changeId: second, headSha: head('b'), bundle: bundle('3') });
    expect([start(head('d')), start(head('b'))]).toEqual(['R0003', 'R0002']);
  });

  it('leaves the stacks that are left, and none once it is over', () => {
    const use = { stack: 'a', release: 'R0002', became: 'in-force', by: null } as const;
    expect(spentProblems(first, [use], ['a', 'b'])).toEqual([]);
    expect(spentProblems(first, [use], ['a'])[0]?.text).toContain('was released already, to a as R0002');
    const over = [use, { ...use, became: 'superseded', by: 'R0005' } as const];
    expect(spentProblems(first, over, ['b'])[0]?.text).toContain('as R0002 and followed by R0005');
    expect(spentProblems(first, [], ['a'])).toEqual([]);
  });
});

describe('a rollback', () => {
  const to = (builder: LedgerBuilder, id: string) =>
    planRollback(builder.read(), stack, { kind: 'to', id, including: [first, second] });

  it('never restores what was undone, and says what the way is', () => {
    const builder = released();
    builder.release({ action: 'rollback', undoes: ['R0002'], changeId: first, bundle: bundle('1') });
    expect(to(builder, 'R0002')).toMatchObject({
      ok: false,
      what: 'R0002 was undone by R0003.',
      next: 'sluice new',
    });
    builder.release({ changeId: second, bundle: recordsBundle(stack, { www: '1', api: '1' }) });
    expect(to(builder, 'R0003')).toMatchObject({ ok: true });
    expect(to(builder, 'R0001')).toMatchObject({ ok: true });
  });

  it('does not restore a later state in which something undone was in force', () => {
    const builder = released();
    builder.release({ changeId: second, bundle: recordsBundle(stack, { www: '2', api: '1' }) });
    builder.release({ changeId: second, bundle: recordsBundle(stack, { www: '2', api: '2' }) });
    builder.release({
      action: 'rollback',
      undoes: ['R0002'],
      bundle: recordsBundle(stack, { www: '1', api: '2' }),
    });
    expect(to(builder, 'R0003')).toMatchObject({
      ok: false,
      what: 'Going back to R0003 would bring back R0002, undone by R0005.',
    });
  });

  it('that broke off is finished or goes further back, and is not turned round', () => {
    const builder = released();
    builder.release({ changeId: second, bundle: bundle('3') });
    builder.release({
      action: 'rollback',
      undoes: ['R0003'],
      changeId: second,
      result: 'failed',
      bundle: bundle('2'),
    });
    expect(to(builder, 'R0003')).toMatchObject({
      ok: false,
      what: 'R0003 was undone by R0004.',
      next: 'sluice rollback acme-production --reason "finish R0004"',
    });
    expect(to(builder, 'R0001')).toMatchObject({ ok: true });
    const latest = planRollback(builder.read(), stack, { kind: 'latest' });
    expect(latest.ok && latest.undoes.map(({ entry }) => entry.id)).toEqual(['R0003']);
  });

  it('takes one release out only while it is in force and nobody made its effect anew', () => {
    const builder = released();
    const only = (id: string) => planRollback(builder.read(), stack, { kind: 'only', id });
    builder.release({ changeId: second, bundle: bundle('1') });
    builder.release({ changeId: 'CHG-2026-0003', bundle: bundle('2') });
    expect(only('R0002')).toMatchObject({
      ok: false,
      what: 'R0002 cannot be undone alone: cloudflare_dns_record.www changed again later.',
    });
    builder.release({ action: 'rollback', undoes: ['R0004'], bundle: bundle('1') });
    builder.release({ changeId: 'CHG-2026-0005', bundle: recordsBundle(stack, { www: '1', api: '1' }) });
    expect(only('R0004')).toMatchObject({
      ok: false,
      what: 'R0004 of acme-production was rolled back already, by R0005.',
    });
  });
});
