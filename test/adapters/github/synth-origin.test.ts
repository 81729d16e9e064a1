/** Whose the runs for a commit are: another pull request of the same commit ran the workflow of another base. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSynthRuns } from '../../../scripts/adapters/github/synth-runs.ts';
import { openPull } from '../../../scripts/sandbox/github/acts.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from './pull-on-local-github.ts';

let pull: PullOnGitHub;

beforeEach(async () => {
  pull = await pullOnLocalGitHub();
  await pushed('other-base', pull.estate.git('rev-parse', 'main'));
});
afterEach(() => pull.close());

const pushed = (branch: string, sha: string): Promise<void> =>
  pull.github.push({ folder: pull.estate.folder, branch, sha, login: 'r-okafor' });
const head = () =>
  createSynthRuns({
    token: pull.github.tokens.get('sluice-bot') ?? '',
    repository: pull.at.repository,
    baseUrl: pull.github.url,
    appId: null,
    run: null,
    secrets: knownValues([]),
    retryUnitMs: 1,
  }).headOf(pull.number, pull.estate.git('rev-parse', 'change'));
const open = (branch: string, base: string): Promise<number> =>
  openPull(pull.at, { login: 'r-okafor', head: branch, base, title: branch, body: '' });
const edit = (number: number, body: object): Promise<unknown> =>
  pull.ask('r-okafor', 'PATCH', `pulls/${String(number)}`, body);

const own = () => ({ branch: 'change', sha: pull.estate.git('rev-parse', 'change') });
const foreign = (why: string) => ({ kind: 'foreign', reason: expect.stringContaining(why) as string });

describe('the runs of a head', () => {
  it('are of the pull request that alone has it, closed and opened again or not', async () => {
    expect(await head()).toEqual(own());
    await edit(pull.number, { state: 'closed' });
    await edit(pull.number, { state: 'open' });
    expect(await head()).toEqual(own());
  });

  it.each(['open', 'closed'])('may be of an %s one into another base', async (state) => {
    const other = await open('change', 'other-base');
    await edit(other, { state });
    expect(await head()).toEqual(foreign(`pull request ${String(other)} has or had the same head`));
  });

  it('may be of one that had another base', async () => {
    const other = await open('change', 'other-base');
    await edit(other, { state: 'closed' });
    await edit(pull.number, { state: 'closed' });
    await edit(other, { base: 'main' });
    expect(await head()).toEqual(foreign(`pull request ${String(other)} has or had`));
  });

  it('are of a new head alone, whatever came before', async () => {
    const other = await open('change', 'other-base');
    await edit(other, { state: 'closed' });
    await edit(pull.number, { base: 'other-base' });
    await edit(pull.number, { base: 'main' });
    expect(await head()).toEqual(foreign('has or had'));
    pull.estate.git('commit', '--quiet', '--allow-empty', '--message', 'Synthesize again');
    await pushed('change', pull.estate.git('rev-parse', 'change'));
    expect(await head()).toEqual(own());
  });

  it('may be of another base that the pull request itself had', async () => {
    await edit(pull.number, { base: 'other-base' });
    await edit(pull.number, { base: 'main' });
    expect(await head()).toEqual(foreign('got another base after this head was pushed'));
  });

  it('from another branch are not in question', async () => {
    await pushed('copy', pull.headSha);
    await open('copy', 'other-base');
    expect(await head()).toEqual(own());
  });
});
