/** What became of the changes that come first is read from the state of each stack of their records. */
import { describe, expect, it } from 'vitest';
import { prerequisitesOf } from '../../scripts/release/prerequisites.ts';
import { aRecord } from '../builders/record.ts';
import { LedgerBuilder, recordsBundle } from './ledger-builder.ts';

const [stack, staging] = ['acme-production', 'acme-staging'];
const [first, second] = ['CHG-2026-0001', 'CHG-2026-0002'];
const bundle = (www: string, name = stack) => recordsBundle(name, { www });
const waits = aRecord({ id: 'CHG-2026-0042', dependsOn: [first] });

function stateOf(builder: LedgerBuilder, stacks: readonly string[] = [stack]) {
  const known = [aRecord({ id: first, stacks }), aRecord({ id: second })];
  return prerequisitesOf(builder.read(), waits, known)[0]?.stacks?.map(({ state }) => state);
}

function released(): LedgerBuilder {
  const builder = new LedgerBuilder();
  builder.release({ action: 'baseline', changeId: null, bundle: bundle('1') });
  builder.release({ changeId: first, bundle: bundle('2') });
  return builder;
}

describe('a change that comes first', () => {
  it('is in force after its release, under others as well, and only where it was released', () => {
    const builder = released();
    expect(stateOf(builder)).toEqual(['in-force']);
    builder.release({ changeId: second, bundle: bundle('3') });
    expect(stateOf(builder, [stack, staging])).toEqual(['in-force', 'not-released']);
  });

  it('is not in force before, nor by a release that failed or never ended', () => {
    const builder = new LedgerBuilder();
    builder.release({ action: 'baseline', changeId: null, bundle: bundle('1') });
    expect(stateOf(builder)).toEqual(['not-released']);
    builder.release({ changeId: first, result: 'failed', bundle: bundle('2') });
    expect(stateOf(builder)).toEqual(['not-released']);
    builder.begin({ changeId: first, bundle: bundle('2') });
    expect(stateOf(builder)).toEqual(['not-released']);
  });

  it('is not in force any more after a rollback, also one that broke off', () => {
    const rollback = { action: 'rollback', undoes: ['R0002'], changeId: first } as const;
    const whole = released();
    whole.release({ ...rollback, bundle: bundle('1') });
    expect(stateOf(whole)).toEqual(['rolled-back']);
    const broken = released();
    broken.release({ ...rollback, result: 'failed', completed: 1, bundle: bundle('1') });
    expect(stateOf(broken)).toEqual(['rolled-back']);
  });

  it('is unknown where the default branch has no record of it, and none is asked for without one', () => {
    expect(prerequisitesOf(released().read(), waits, [])).toEqual([{ changeId: first, stacks: null }]);
    expect(prerequisitesOf(released().read(), aRecord({}), [])).toEqual([]);
    expect(prerequisitesOf(released().read(), null, [])).toEqual([]);
  });
});
