import { describe, expect, it } from 'vitest';
import { commitsToDerive, derivations, type Remade } from '../../scripts/release/ledger/derive.ts';
import { commit, LedgerBuilder, recordsBundle } from './ledger-builder.ts';

const stack = 'acme-production';

/** R0001 to R0003; R0004 restores what R0002 released, R0005 what never was released as a whole. */
function ledger() {
  const builder = new LedgerBuilder();
  const bundle = (www: string) => recordsBundle(stack, { www });
  builder.release({ action: 'baseline', changeId: null, bundle: bundle('192.0.2.1') });
  builder.release({ bundle: bundle('192.0.2.2') });
  builder.release({ bundle: bundle('192.0.2.3') });
  builder.release({ action: 'rollback', undoes: ['R0003'], bundle: bundle('192.0.2.2') });
  builder.release({ action: 'rollback', undoes: ['R0002'], bundle: bundle('192.0.2.77') });
  return builder.read();
}

describe('the bundles of a ledger, made again', () => {
  const released = ledger();
  const digestOf = (id: string): string =>
    released.folders.find(({ intent }) => intent.id === id)?.intent.bundleDigest ?? '';
  const states = (remade: Remade | undefined) =>
    derivations(released, new Map(remade === undefined ? [] : [[commit, remade]])).map(
      ({ id, state, why }) => `${id} ${state}: ${why}`,
    );
  const gives = (digest: string, samePackages = true): Remade => ({
    ok: true,
    digests: new Map([[stack, digest]]),
    digestsOfNothing: new Map(),
    samePackages,
  });

  it('need each commit once', () => {
    expect(commitsToDerive(released)).toEqual([commit]);
  });

  it('are derived where they are the same, and differ where they are not', () => {
    const short = commit.slice(0, 12);
    expect(states(gives(digestOf('R0002')))).toEqual([
      `R0001 differs: ${short} gives another bundle`,
      `R0002 derived: from ${short}`,
      `R0003 differs: ${short} gives another bundle`,
      'R0004 derived: what R0002 released',
      'R0005 unknown: it restores a state that was never released as a whole; it rests on its signature',
    ]);
  });

  it('of a baseline may be those of the stack without its resources; of a release not', () => {
    const nothing = (id: string): Remade => ({
      ok: true,
      digests: new Map([[stack, 'another']]),
      digestsOfNothing: new Map([[stack, digestOf(id)]]),
      samePackages: true,
    });
    expect(states(nothing('R0001'))[0]).toBe(
      `R0001 derived: from ${commit.slice(0, 12)}, without its resources`,
    );
    expect(states(nothing('R0002'))[1]).toMatch(/^R0002 differs: /);
  });

  it('are not called different where the packages are others', () => {
    expect(states(gives(digestOf('R0002'), false))[0]).toMatch(
      /^R0001 unknown: .* gives another bundle, but with other packages than it asks for$/,
    );
  });

  it('are unknown where the commit gives none, not even those of another stack', () => {
    expect(states({ ok: false, why: 'it does not compile' })[0]).toMatch(
      /^R0001 unknown: .* gives no bundles: it does not compile$/,
    );
    expect(states(undefined)[0]).toMatch(/gives no bundles: it was not tried$/);
    const others: Remade = {
      ok: true,
      digests: new Map([['acme-staging', digestOf('R0001')]]),
      digestsOfNothing: new Map(),
      samePackages: true,
    };
    expect(states(others)[0]).toMatch(/^R0001 differs: /);
  });
});
