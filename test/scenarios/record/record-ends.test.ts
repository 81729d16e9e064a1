/** `close`, `cancel`, `retry` and `new --from`: what people wrote by hand, over a ledger with a release and its rollback. */
import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../../scripts/read/record/record.ts';
import type { AuthoredRecord } from '../../../policies/model/record.ts';
import { inWindow } from '../change/approved-facts.ts';
import { merge, recordPath, release, releasedEstate } from '../change.ts';
import type { Ended, SmallEstate } from '../small-estate.ts';

const done = {
  id: 'CHG-2026-0101',
  edits: [["api: '203.0.113.2'", "api: '203.0.113.9'"]],
  category: 'dns',
} as const;
const planned = {
  id: 'CHG-2026-0102',
  edits: [["www: '203.0.113.1'", "www: '203.0.113.8'"]],
  category: 'dns',
} as const;

let estate: SmallEstate;
const ask = (...args: readonly string[]): Promise<Ended> => estate.sluice(args, { TEST_NOW: inWindow });
const recordOf = (change: { readonly id: string }): AuthoredRecord => {
  const read = readRecord(estate.read(recordPath(change)), recordPath(change));
  expect(read).toMatchObject({ ok: true });
  if (!read.ok) {
    throw new Error('not a record');
  }
  return read.value.record;
};

beforeAll(async () => {
  estate = await releasedEstate();
  merge(estate, done);
  await release(estate, done);
  merge(estate, planned);
}, 300_000);
afterAll(() => estate.remove());
afterEach(() => {
  estate.git('checkout', '--quiet', '.');
  estate.git('clean', '--quiet', '--force', 'changes');
});

describe('closing', () => {
  it('says what the ledger says, and leaves every other byte as it was', async () => {
    const before = estate.read(recordPath(done));
    const ended = await ask('close', done.id, '--by', 'm.lind', '--register-updated');
    expect([ended.exit, ended.stdout]).toEqual(['ok', `${recordPath(done)}\n`]);
    expect(recordOf(done).outcome).toEqual({
      result: 'successful',
      closedBy: 'm.lind',
      closedAt: inWindow,
      registerUpdated: true,
    });
    expect(estate.read(recordPath(done)).startsWith(before.trimEnd())).toBe(true);
  });

  it('refuses a second end', async () => {
    await ask('close', done.id, '--by', 'm.lind');
    const again = await ask('close', done.id, '--by', 'm.lind');
    expect([again.exit, again.stderr]).toEqual([
      'usage',
      expect.stringContaining('is closed: successful, by m.lind'),
    ]);
  });

  it.each([
    [['close', done.id, '--by', 'm.lint'], 'The nearest is m.lind'],
    [['close', done.id, '--by', 'm.lind', '--result', 'successful-with-issues'], '--deviation'],
    [['close', planned.id, '--by', 'm.lind'], `sluice cancel ${planned.id} --by <person>`],
    [['cancel', done.id, '--by', 'm.lind'], `sluice close ${done.id} --by m.lind`],
    [['cancel', planned.id, '--by', 'm.lind', '--rejected'], '--rejected --reason'],
    [['retry', planned.id], `sluice new --from ${planned.id}`],
    [['new', '--from', done.id, '--client', 'acme'], '--client does not go with --from'],
  ])('refuses %j, writes nothing and says what to run', async (args, said) => {
    const ended = await ask(...args);
    expect([ended.exit, ended.stdout]).toEqual(['usage', '']);
    expect(ended.stderr).toContain(said);
    expect(estate.git('status', '--porcelain', 'changes')).toBe('');
  });
});

describe('cancelling', () => {
  it.each([
    [[], { result: 'cancelled' }],
    [['--rejected', '--reason', 'No scope.'], { result: 'rejected', deviation: ['No scope.'] }],
  ])('with %j', async (flags, outcome) => {
    const ended = await ask('cancel', planned.id, '--by', 'm.lind', ...flags);
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.stringContaining('sluice raise')]);
    expect(recordOf(planned).outcome).toMatchObject(outcome);
  });
});

describe('once more', () => {
  it('as another try that names the first, under the next free id and in the next window', async () => {
    const ended = await ask('retry', done.id);
    expect([ended.exit, ended.stdout]).toEqual(['ok', 'changes/acme/CHG-2026-0103.yaml\n']);
    const first = recordOf(done);
    const second = recordOf({ id: 'CHG-2026-0103' });
    expect(second).toMatchObject({
      id: 'CHG-2026-0103',
      retryOf: done.id,
      title: first.title,
      type: 'normal',
    });
    expect(Date.parse(second.schedule?.plannedStart ?? '')).toBeGreaterThan(Date.parse(inWindow));
    expect(second.outcome).toBeUndefined();
    expect(estate.read('changes/acme/CHG-2026-0103.yaml')).toContain('CHG-2026-0103');
  });

  it('as a change of its own', async () => {
    const ended = await ask('new', '--from', planned.id);
    expect(ended.exit).toBe('ok');
    const { retryOf, id, plan } = recordOf({ id: 'CHG-2026-0103' });
    expect([retryOf, id]).toEqual([undefined, 'CHG-2026-0103']);
    expect(plan).toEqual(recordOf(planned).plan);
  });
});

describe('after a rollback', () => {
  it('is closed as rolled back, and only with what went otherwise', async () => {
    const back = await ask('rollback', 'acme-production', '--reason', 'slow answers');
    expect([back.exit, back.stderr]).toEqual(['ok', expect.anything()]);
    const bare = await ask('close', done.id, '--by', 'm.lind');
    expect([bare.exit, bare.stderr]).toEqual(['usage', expect.stringContaining('ended as rolled-back')]);
    await ask('close', done.id, '--by', 'm.lind', '--deviation', 'Answers were slow.');
    expect(recordOf(done).outcome).toMatchObject({
      result: 'rolled-back',
      deviation: ['Answers were slow.'],
    });
  });
});
