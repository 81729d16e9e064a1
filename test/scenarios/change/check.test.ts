/** What `sluice check` judges of a working tree: what a commit would carry, and files that are read where they lie. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withKeptSynth } from '../cached-synth.ts';
import { makeSmallEstate, type SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;
beforeEach(() => {
  estate = makeSmallEstate();
});
afterEach(() => estate.remove());

interface Checked {
  readonly risk: {
    readonly reasons: readonly { readonly id: string; readonly subjects: readonly string[] }[];
  };
  readonly untracked: readonly string[];
}

async function check(): Promise<{
  readonly control: readonly string[];
  readonly untracked: readonly string[];
}> {
  const ended = await estate.sluice(['check', '--base', 'HEAD', '--format', 'json'], {}, withKeptSynth);
  const { risk, untracked } = JSON.parse(ended.stdout) as Checked;
  return { control: risk.reasons.find(({ id }) => id === 'policy-touch')?.subjects ?? [], untracked };
}

describe('a file that git does not track', () => {
  it('is named and counts for nothing where nobody reads it, and is control once it is added', async () => {
    estate.write('facts.json', '{}');
    symlinkSync('/nowhere', join(estate.folder, 'result'));
    expect(await check()).toEqual({ control: [], untracked: ['facts.json', 'result'] });
    const { stdout } = await estate.sluice(['check', '--base', 'HEAD'], {}, withKeptSynth);
    expect(stdout).toContain('Not in git: facts.json, result. Not judged: no commit has it yet.');
    estate.git('add', 'facts.json');
    expect(await check()).toEqual({ control: ['facts.json'], untracked: ['result'] });
  });

  it('is not even named when git ignores it', async () => {
    estate.write('.sluice/facts.json', '{}');
    expect(await check()).toEqual({ control: [], untracked: [] });
  });

  it.each(['policies/notes.txt', 'stacks/helper.ts', 'stacks/data.schema.json', 'tsconfig.json'])(
    'is judged at %s, where it is read',
    async (path) => {
      estate.write(path, '');
      expect(await check()).toEqual({ control: [path], untracked: [] });
    },
  );

  it('is refused where it only looks like something that is read', async () => {
    estate.write('stacks/acme/service.yaml', '');
    const { exit, stderr } = await estate.sluice(['check', '--base', 'HEAD'], {}, withKeptSynth);
    expect([exit, stderr]).toEqual([
      'invalidInput',
      expect.stringContaining('is called like a service register'),
    ]);
  });
});
