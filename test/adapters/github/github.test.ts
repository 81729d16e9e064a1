import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../../scripts/adapters/github/github.ts';
import { fitComment } from '../../../scripts/adapters/github/comment.ts';
import { readVisible, writeVisible } from '../../../scripts/adapters/github/visible.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import {
  approve,
  dismissReview,
  merge,
  openPull,
  type Repository,
} from '../../../scripts/sandbox/github/acts.ts';
import { startLocalGitHub, type LocalGitHub } from '../../../scripts/sandbox/github/server.ts';
import type { DigestTuple } from '../../../policies/model/facts.ts';
import { makeSmallEstate, type SmallEstate } from '../../scenarios/small-estate.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

const digests = {
  effectDigest: `sha256:${'1'.repeat(64)}`,
  recordDigest: `sha256:${'2'.repeat(64)}`,
  policyDigest: `sha256:${'3'.repeat(64)}`,
};

describe('a pull request on the local GitHub, read through octokit', () => {
  let estate: SmallEstate;
  let github: LocalGitHub;
  let at: Repository;
  let number: number;
  let headSha: string;
  const repository = 'r-okafor/estate';
  const users = ['r-okafor', 'm-lind', 'sluice-bot'].map((login) => ({ login, name: login }));
  const adapter = (login: string) =>
    createGitHub({
      token: github.tokens.get(login) ?? '',
      repository,
      baseUrl: github.url,
      appId: null,
      secrets: knownValues([]),
      retryUnitMs: 1,
    });
  const get = async (path: string): Promise<unknown> =>
    (
      await fetch(`${github.url}/repos/${repository}/${path}`, {
        headers: { authorization: `Bearer ${github.tokens.get('sluice-bot') ?? ''}` },
      })
    ).json();
  const verdict = (tuple: DigestTuple) => ({
    checkName: 'change-control / main',
    headSha,
    conclusion: 'failure' as const,
    title: 'deny',
    summary: 'not yet',
    annotations: [],
    lookedAt: '2026-11-24T20:30:00Z',
    tuple,
  });

  beforeAll(async () => {
    estate = makeSmallEstate();
    github = await startLocalGitHub({
      users,
      repository,
      now: () => new Date().toISOString(),
      environment: process.env,
    });
    at = { github, repository };
    await github.push({
      folder: estate.folder,
      branch: 'main',
      sha: estate.git('rev-parse', 'main'),
      login: 'r-okafor',
    });
    estate.git('checkout', '--quiet', '-b', 'change');
    estate.write('note.txt', 'changed\n');
    estate.git('add', 'note.txt');
    estate.git(
      '-c',
      'user.email=r-okafor@sluice.example',
      'commit',
      '--quiet',
      '--message',
      'change',
      '--author',
      'Ruth <r-okafor@sluice.example>',
    );
    headSha = estate.git('rev-parse', 'HEAD');
    await github.push({ folder: estate.folder, branch: 'change', sha: headSha, login: 'r-okafor' });
    number = await openPull(at, { login: 'r-okafor', head: 'change', title: 'change', body: '' });
  });
  afterAll(async () => {
    await github.close();
    estate.remove();
  });

  it('knows head, author, authenticated pusher and commits, with their accounts', async () => {
    const { pull } = await adapter('sluice-bot').pullFacts(number);
    const author = github.ids.get('r-okafor');
    expect(pull).toMatchObject({
      headSha,
      authorId: author,
      pusherIds: [author],
      state: 'open',
      fork: false,
      merge: null,
      defaultBranch: 'main',
    });
    expect(pull.commits.map((commit) => [commit.sha, commit.authorId])).toEqual([[headSha, author]]);
    expect(Date.parse(pull.headAt)).toBeLessThanOrEqual(Date.now());
  });

  it('says where a verdict goes', async () => {
    expect(await adapter('sluice-bot').pullHead(number)).toMatchObject({ headSha, baseBranch: 'main' });
  });

  it('ties a review to the tuple that was on show when it was given, and to no other', async () => {
    const bot = adapter('sluice-bot');
    await approve(at, { login: 'm-lind', number, body: 'before any verdict' });
    const shown = { headSha, ...digests };
    await bot.publish(number, verdict(shown));
    await approve(at, { login: 'm-lind', number, body: 'after it' });
    const { reviews } = await bot.pullFacts(number);
    expect(reviews.map((review) => review.tuple ?? null)).toEqual([null, shown]);
    await bot.publish(number, verdict({ ...shown, effectDigest: `sha256:${'9'.repeat(64)}` }));
    expect((await bot.pullFacts(number)).reviews.map((review) => review.tuple ?? null)).toEqual([null, null]);
  });

  it('keeps one check run and one comment however often it publishes', async () => {
    const bot = adapter('sluice-bot');
    await bot.publish(number, verdict({ headSha, ...digests }));
    await bot.publish(number, verdict({ headSha, ...digests }));
    expect(await get(`issues/${String(number)}/comments`)).toHaveLength(1);
    expect(await get(`commits/${headSha}/check-runs`)).toMatchObject({ total_count: 1 });
  });

  it('says what was asked and what GitHub answered when it refuses', async () => {
    const refused = adapter('sluice-bot').pullFacts(999);
    await expect(refused).rejects.toThrow(ExternalError);
    await expect(refused).rejects.toThrow('GitHub did not let Sluice read pull request 999.');
  });

  it('knows who dismissed a review, why, and what the review had said', async () => {
    const before = await adapter('sluice-bot').pullFacts(number);
    expect(before.reviews.map((review) => review.stateBeforeDismissal)).toEqual([null, null]);
    const [, { id: reviewId } = { id: 0 }] = before.reviews;
    await dismissReview(at, { login: 'r-okafor', number, reviewId, message: 'asked again elsewhere' });
    const [untouched, dismissed] = (await adapter('sluice-bot').pullFacts(number)).reviews;
    expect(untouched).toEqual(before.reviews[0]);
    expect(dismissed).toMatchObject({
      state: 'DISMISSED',
      stateBeforeDismissal: 'APPROVED',
      dismissedBy: {
        accountId: github.ids.get('r-okafor'),
        at: expect.stringMatching(/^\d{4}-/) as string,
        reason: 'asked again elsewhere',
      },
    });
  });

  it('knows the merge, and where the base branch is now beside where it was', async () => {
    const commit = await merge(at, 'm-lind', number);
    const { pull, baseTip } = await adapter('sluice-bot').pullFacts(number);
    expect([pull.state, pull.merge?.sha, baseTip]).toEqual(['merged', commit.sha, commit.sha]);
    expect(pull.baseSha).toBe(commit.parents[0]?.sha);
  });
});

describe('the tuple in the check run', () => {
  const tuple = { headSha: 'a'.repeat(40), ...digests };

  it('comes back as it was written', () => {
    expect(readVisible(tuple.headSha, writeVisible(tuple), '2026-11-23T10:00:00Z')).toEqual({
      since: '2026-11-23T10:00:00Z',
      tuple,
    });
  });

  it.each([
    ['nothing', null, '2026-11-23T10:00:00Z'],
    ['another version', writeVisible(tuple).replace('v1', 'v2'), '2026-11-23T10:00:00Z'],
    ['a part too many', `${writeVisible(tuple)}.x`, '2026-11-23T10:00:00Z'],
    ['a short digest', writeVisible(tuple).slice(0, -1), '2026-11-23T10:00:00Z'],
    ['no start time', writeVisible(tuple), null],
  ])('is unknown for %s', (_, externalId, startedAt) => {
    expect(readVisible(tuple.headSha, externalId, startedAt)).toBeNull();
  });
});

describe('fitting a comment into the limit', () => {
  it('leaves a short one alone', () => {
    expect(fitComment('short')).toBe('short');
  });

  it('keeps the beginning, closes what the cut left open and says that it cut', () => {
    const long = `VERDICT\n\n<details><summary>plan</summary>\n\n\`\`\`\`diff\n${'+ a line\n'.repeat(20_000)}\`\`\`\`\n</details>`;
    const fitted = fitComment(long);
    expect(fitted.length).toBeLessThanOrEqual(65_535);
    expect(fitted.startsWith('VERDICT')).toBe(true);
    expect(fitted).toMatch(/````\n\n<\/details>\n\n\*Cut to GitHub's limit/);
  });
});
