/** The first entry of a stack: what it would be, and where nothing of the stack is live yet. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withKeptSynth } from '../cached-synth.ts';
import { makeSmallEstate, type SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;

beforeAll(() => {
  estate = makeSmallEstate();
  estate.git('config', 'user.name', 'Ruth Okafor');
  estate.git('config', 'user.email', 'ruth@sluice.example');
});
afterAll(() => estate.remove());

const stack = 'acme-production';
const run = (...args: readonly string[]) => estate.sluice(args, {}, withKeptSynth);
const baseline = (...flags: readonly string[]) =>
  run('baseline', stack, '--reason', 'a new client', ...flags);

describe('the baseline of a new stack', () => {
  it('is shown first, and nothing is written', async () => {
    const shown = await baseline('--dry-run');
    expect([shown.exit, shown.stdout]).toEqual([
      'ok',
      expect.stringMatching(
        /^acme-production: would be recorded, and [1-9]\d* resource\(s\) made in the sandbox\n$/,
      ),
    ]);
    const empty = await baseline('--dry-run', '--empty');
    expect(empty.stdout).toBe(`${stack}: would be recorded: live is as the code says\n`);
    expect(estate.git('for-each-ref', 'refs/heads/releases')).toBe('');
  });

  it('without resources says that nothing is live: all that the code says is a change', async () => {
    const ended = await baseline('--empty');
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringMatching(/^R0001 .* 0 change\(s\)/)]);
    // No token tells who it was: what git is set up for is a claim.
    expect((await run('ledger', 'show')).stdout).toContain('Ruth Okafor <ruth@sluice.example> (claimed)');
    const planned = await run('plan', stack, '--format', 'json');
    const { stacks } = JSON.parse(planned.stdout) as {
      readonly stacks: readonly { readonly changes: readonly { readonly actions: readonly string[] }[] }[];
    };
    const actions = stacks.flatMap(({ changes }) => changes.flatMap((change) => change.actions));
    expect(new Set(actions)).toEqual(new Set(['create']));
  });

  it('is derived again from its commit', async () => {
    const verified = await run('ledger', 'verify', '--derive');
    expect([verified.exit, verified.stdout]).toEqual([
      'ok',
      expect.stringContaining('without its resources'),
    ]);
  });

  it('is refused where the stack is not empty', async () => {
    await run('baseline', 'acme-staging', '--reason', 'first release');
    estate.git('update-ref', '-d', 'refs/heads/releases');
    for (const tag of estate.git('tag').split('\n')) {
      estate.git('tag', '--delete', tag);
    }
    estate.git('update-ref', '-d', 'refs/sluice/ledger-seen');
    const refused = await run('baseline', 'acme-staging', '--reason', 'again', '--empty');
    expect([refused.exit, refused.stderr]).toEqual([
      'usage',
      expect.stringMatching(/acme-staging is not empty: its state has [1-9]\d* resource/),
    ]);
  });
});
