/** A gate whose clock is not GitHub's decides nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pullOnLocalGitHub, type PullOnGitHub } from '../../adapters/github/pull-on-local-github.ts';

let pull: PullOnGitHub;
beforeAll(async () => {
  pull = await pullOnLocalGitHub();
});
afterAll(() => pull.close());

const gate = (minutesAhead: number) =>
  pull.estate.sluice(['gate', '--pr', String(pull.number), '--bundles', 'bundles'], {
    GITHUB_API_URL: pull.github.url,
    GITHUB_REPOSITORY: pull.at.repository,
    SLUICE_GITHUB_TOKEN: pull.github.tokens.get('sluice-bot') ?? '',
    TEST_NOW: new Date(Date.now() + minutesAhead * 60_000).toISOString(),
  });

it.each([-6, 6])('refuses with the clock %i minutes off, and says both times', async (minutes) => {
  pull.estate.write('bundles/acme-production.tf.json', '{"terraform":{},"resource":{}}');
  const ended = await gate(minutes);
  expect(ended.exit).toBe('externalTool');
  expect(ended.stderr).toContain('The clock of this machine says');
});

it('goes on with the clock four minutes off', async () => {
  const ended = await gate(4);
  expect(ended.stderr).not.toContain('The clock of this machine says');
});
