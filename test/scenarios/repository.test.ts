/** The clone and the ledger as they should not be: dirty, shallow, edited, cut off, written by somebody else meanwhile. */
import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { approve, inWindow } from './change/approved-facts.ts';
import {
  ledgerRows,
  live,
  merge,
  nextCommand,
  recordPath,
  release,
  releasedEstate,
  type Change,
} from './change.ts';
import type { Services } from '../../scripts/contract/context.ts';
import { ledgerSigner } from '../../scripts/release/evidence/ledger-signer.ts';
import { onNewestLedger } from '../../scripts/release/evidence/write-ledger.ts';
import { bundleDigest } from '../../scripts/plan/bundle.ts';
import { announcement } from '../../scripts/release/entry.ts';
import { nextId } from '../../scripts/release/history.ts';
import { tagOf } from '../../scripts/release/ledger/format.ts';
import type { Intent } from '../../scripts/release/types.ts';
import { recordsBundle } from '../release/ledger-builder.ts';
import { withKeptSynth } from './cached-synth.ts';
import { estateAt, makeSmallEstate, type Adjust, type SmallEstate } from './small-estate.ts';

const change: Change = { id: 'CHG-2026-0101', edits: [["action: 'log'", "action: 'block'"]] };

let merged: SmallEstate;
let estate: SmallEstate;
beforeAll(async () => {
  merged = await releasedEstate();
  merge(merged, change);
});
afterAll(() => merged.remove());
beforeEach(() => {
  estate = merged.copy();
});
afterEach(() => estate.remove());

const check = async () => estate.sluice(['check', '--base', 'main'], {}, withKeptSynth);

/** A baseline begins, of another stack unless one is named. */
async function beginElsewhere(services: Services, stack = 'acme-other'): Promise<void> {
  const bundle = recordsBundle(stack, { www: '192.0.2.1' });
  const signer = await ledgerSigner(services, 'sandbox');
  await onNewestLedger(services, 'sandbox', { stacks: [stack], ids: [] }, ({ tip, ledger }) => {
    const draft: Omit<Intent, 'files'> = {
      kind: 'sluice.intent',
      version: 1,
      id: nextId(ledger),
      action: 'baseline',
      stack,
      client: 'acme',
      changeId: null,
      startedAt: services.clock.now(),
      by: 'tester',
      target: 'sandbox',
      commit: estate.git('rev-parse', 'main'),
      tuple: null,
      bundleDigest: bundleDigest(bundle),
      reason: 'first release',
      undoes: [],
      approvals: [],
      previous: ledger.head,
    };
    const { intent, stored } = announcement(draft, bundle, new Map(), signer);
    const at = { tip, message: `${intent.id} begins`, tag: tagOf(intent.id, 'intent') };
    return Promise.resolve({ at, files: stored, document: intent, signer, result: intent });
  });
}

/** Somebody else's commit on the branch, right before the nth append. */
function overtaken(nth: number, stack?: string): Adjust {
  let calls = 0;
  return (services) => ({
    ...services,
    git: {
      ...services.git,
      appendCommit: async (...args) => {
        calls += 1;
        if (calls === nth) {
          await beginElsewhere(services, stack);
        }
        return services.git.appendCommit(...args);
      },
    },
  });
}

/** Somebody else's commit on the branch, right after its tip was first asked for. */
const whileRead: Adjust = (services) => {
  let asked = false;
  return {
    ...services,
    git: {
      ...services.git,
      tip: async (branch) => {
        const tip = await services.git.tip(branch);
        if (!asked) {
          asked = true;
          await beginElsewhere(services);
        }
        return tip;
      },
    },
  };
};

describe('a clone', () => {
  it('whose ledger grows while it is read is read as it is then, not as one that lost its end', async () => {
    const ended = await estate.sluice(['ledger', 'show', '--format', 'json'], {}, whileRead);
    expect([ended.exit, ended.stderr]).toEqual(['ok', '']);
    const { releases } = JSON.parse(ended.stdout) as {
      readonly releases: readonly { readonly stack: string }[];
    };
    expect(releases.map(({ stack }) => stack)).toContain('acme-other');
  });

  it('with uncommitted files is released from by nothing: no release, no baseline', async () => {
    estate.write('stacks/note.ts', 'export {};\n');
    const before = estate.fingerprint();
    const facts = await approve(estate, recordPath(change));
    for (const args of [
      ['release', '--facts', facts],
      ['baseline', '--reason', 'x'],
    ]) {
      const ended = await estate.sluice(args, { TEST_NOW: inWindow }, withKeptSynth);
      expect([ended.exit, ended.stderr]).toEqual([
        'usage',
        expect.stringContaining('uncommitted changes: stacks/note.ts'),
      ]);
      expect(ended.stderr).toContain('Next: git status');
    }
    expect(estate.fingerprint()).toBe(before);
  });

  it('that is shallow is refused before its ledger is believed', async () => {
    const clone = estateAt(`${estate.folder}/.sluice/clone`);
    execFileSync(
      'git',
      ['clone', '--quiet', '--depth', '1', '--no-single-branch', `file://${estate.folder}`, clone.folder],
      { stdio: 'ignore' },
    );
    clone.git('branch', 'releases', 'origin/releases');
    const before = clone.fingerprint();
    const facts = await approve(estate, recordPath(change));
    for (const args of [
      ['ledger', 'verify'],
      ['ledger', 'show'],
      ['plan'],
      ['release', '--facts', facts],
      ['rollback', 'acme-production', '--reason', 'x'],
    ]) {
      const ended = await clone.sluice(args, { TEST_NOW: inWindow }, withKeptSynth);
      expect([args[0], ended.exit, ended.stdout]).toEqual([args[0], 'usage', '']);
      expect(ended.stderr).toContain('This clone is shallow');
      expect(ended.stderr).toContain('Next: git fetch --unshallow');
    }
    expect(clone.fingerprint()).toBe(before);
  });

  it('that has the ledger on origin only is told to fetch it, not that nothing was released', async () => {
    const clone = estateAt(`${estate.folder}/.sluice/clone`);
    execFileSync('git', ['clone', '--quiet', estate.folder, clone.folder], { stdio: 'ignore' });
    for (const args of [['plan'], ['ledger', 'verify'], ['baseline', '--reason', 'x']]) {
      const ended = await clone.sluice(args, {}, withKeptSynth);
      expect([ended.exit, ended.stdout]).toEqual(['usage', '']);
      expect(ended.stderr).toContain('Next: git fetch origin releases:releases');
    }
  });

  it('that is not a clone at all is said so', async () => {
    const ended = await estateAt('/').sluice(['plan']);
    expect([ended.exit, ended.stdout]).toEqual(['invalidInput', '']);
    expect(ended.stderr).toMatch(/sluice: .*repository/);
  });
});

describe('records of a branch', () => {
  it('are one: two in a change are refused with both names', async () => {
    estate.git('checkout', '--quiet', '-b', 'feature');
    estate.write(
      'changes/acme/CHG-2026-0102.yaml',
      estate.read(recordPath(change)).replace('CHG-2026-0101', 'CHG-2026-0102'),
    );
    estate.write(
      'changes/acme/CHG-2026-0103.yaml',
      estate.read(recordPath(change)).replace('CHG-2026-0101', 'CHG-2026-0103'),
    );
    const before = estate.fingerprint();
    const ended = await check();
    expect(ended.stderr).toContain('This branch has 2 change records: CHG-2026-0102, CHG-2026-0103.');
    expect(nextCommand(ended)).toEqual(['check', '--record', 'changes/acme/CHG-2026-0102.yaml']);
    expect([ended.exit, estate.fingerprint()]).toEqual(['usage', before]);
  });

  it('have an id that no other branch uses', async () => {
    estate.git('checkout', '--quiet', '-b', 'other');
    estate.write('changes/borough/CHG-2026-0102.yaml', 'id: CHG-2026-0102\n');
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'other');
    estate.git('checkout', '--quiet', '-b', 'feature', 'main');
    estate.write(
      'changes/acme/CHG-2026-0102.yaml',
      estate.read(recordPath(change)).replace('CHG-2026-0101', 'CHG-2026-0102'),
    );
    const before = estate.fingerprint();
    const ended = await check();
    expect(ended.stderr).toContain('CHG-2026-0102 is taken: ');
    expect(ended.stderr).toContain('changes/borough/CHG-2026-0102.yaml on refs/heads/other');
    expect([ended.exit, estate.fingerprint()]).toEqual(['usage', before]);
  });
});

describe('the ledger', () => {
  it('that lacks its end is found by its tags, by what the clone saw, and by the head that was noted elsewhere', async () => {
    const [, head = ''] =
      /head (sha256:[0-9a-f]{64})/.exec((await estate.sluice(['ledger', 'verify'])).stdout) ?? [];
    expect((await estate.sluice(['ledger', 'verify', '--head', head])).exit).toBe('ok');
    estate.git('branch', '--force', 'releases', 'releases~2');
    const without = async () => (await estate.sluice(['ledger', 'verify'])).stdout;
    expect(await without()).toContain('tag ledger/R0002 marks commit');
    expect(await without()).toContain('which this clone saw and verified');
    estate.git('tag', '--delete', 'ledger/R0002', 'ledger/R0002-begun');
    expect(await without()).not.toContain('tag ledger/');
    estate.git('update-ref', '-d', 'refs/sluice/ledger-seen');
    expect((await estate.sluice(['ledger', 'verify'])).exit).toBe('ok');
    const cut = await estate.sluice(['ledger', 'verify', '--head', head]);
    expect([cut.exit, cut.stdout]).toEqual([
      'invalidInput',
      expect.stringContaining(`expected ${head}: releases were cut off or added`),
    ]);
  });

  it('that was edited stops everything that would build on it', async () => {
    estate.git('checkout', '--quiet', 'releases');
    const path = 'releases/0001-acme-production/bundle.tf.json';
    estate.write(path, estate.read(path).replace('203.0.113.1', '203.0.113.66'));
    estate.git('commit', '--quiet', '--all', '--message', 'tidy up');
    estate.git('checkout', '--quiet', 'main');
    const before = estate.fingerprint();
    for (const args of [
      ['plan'],
      ['check'],
      ['ledger', 'show'],
      ['rollback', 'acme-production', '--reason', 'x'],
      ['baseline', '--reason', 'x'],
    ]) {
      const ended = await estate.sluice(args, {}, withKeptSynth);
      expect([args[0], ended.exit, ended.stdout]).toEqual([args[0], 'invalidInput', '']);
      expect(ended.stderr).toContain('The ledger (branch releases) does not verify');
      expect(ended.stderr).toContain(`rewrites ${path}, which was already recorded`);
      expect(ended.stderr).toContain('Next: sluice ledger verify');
    }
    expect(estate.fingerprint()).toBe(before);
  });

  it('that does not exist is not a verified one', async () => {
    const fresh = makeSmallEstate();
    const ended = await fresh.sluice(['ledger', 'verify']);
    fresh.remove();
    expect([ended.exit, ended.stdout]).toEqual([
      'invalidInput',
      expect.stringContaining('does not exist: nothing was ever released'),
    ]);
  });

  it('that another stack began in before the release was announced gets it on top', async () => {
    const ended = await release(estate, change, { adjust: overtaken(1) });
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect((await ledgerRows(estate)).map(({ id, result }) => [id, result])).toEqual([
      ['R0004', 'successful'],
    ]);
  });

  it('in which the same stack began before the release was announced stops it with nothing applied', async () => {
    const before = await live(estate);
    const ended = await release(estate, change, { adjust: overtaken(1, 'acme-production') });
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('R0003 (baseline of acme-production) was begun'),
    ]);
    expect(await live(estate)).toEqual(before);
    expect(await ledgerRows(estate)).toEqual([]);
  });

  it('that moved during the apply gets the result all the same, on top', async () => {
    const ended = await release(estate, change, { adjust: overtaken(2) });
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect((await ledgerRows(estate)).map((row) => row.result)).toEqual(['successful']);
  });

  it('that cannot be written after the apply is told as partialApply and leaves the announcement to go on from', async () => {
    let calls = 0;
    const readOnly: Adjust = (services) => ({
      ...services,
      git: {
        ...services.git,
        appendCommit: async (...args) =>
          (calls += 1) > 1
            ? Promise.reject(new Error('remote: read-only'))
            : services.git.appendCommit(...args),
      },
    });
    const ended = await release(estate, change, { adjust: readOnly });
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('The change was applied, but the ledger could not be written.'),
    ]);
    expect((await ledgerRows(estate)).map((row) => [row.id, row.result])).toEqual([['R0003', undefined]]);
    const refused = await release(estate, change);
    const finished = await estate.sluice(nextCommand(refused), { TEST_NOW: inWindow }, withKeptSynth);
    expect([finished.exit, finished.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect((await ledgerRows(estate)).map((row) => [row.id, row.result])).toEqual([
      ['R0003', 'aborted'],
      ['R0004', 'successful'],
    ]);
  });
});
