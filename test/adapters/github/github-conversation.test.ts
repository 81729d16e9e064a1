/** What only GraphQL tells, and what people are called with, over the wire. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../../scripts/adapters/github/github.ts';
import { approve, merge } from '../../../scripts/sandbox/github/acts.ts';
import type { GitHub, PullFacts } from '../../../scripts/contract/ports.ts';
import type { DigestTuple } from '../../../policies/model/facts.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from './pull-on-local-github.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

let pull: PullOnGitHub;
let github: GitHub;
let tuple: DigestTuple;

const message = `change

Co-authored-by: Mats Lind <m-lind@sluice.example>
Co-authored-by: Somebody <somebody@elsewhere.example>`;

const idOf = (login: string): number => pull.github.ids.get(login) ?? 0;
const read = (): Promise<PullFacts> => github.pullFacts(pull.number);
const comment = async (login: string, body: string): Promise<number> => {
  const { id } = (await pull.ask(login, 'POST', `issues/${String(pull.number)}/comments`, { body })) as {
    readonly id: number;
  };
  return id;
};
const byId = async (id: number) => (await read()).comments.find((each) => each.id === id);

beforeAll(async () => {
  pull = await pullOnLocalGitHub(message);
  github = createGitHub({
    token: pull.github.tokens.get('sluice-bot') ?? '',
    repository: pull.at.repository,
    baseUrl: pull.github.url,
    appId: null,
    secrets: knownValues([]),
    retryUnitMs: 1,
  });
  const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
  tuple = {
    headSha: pull.headSha,
    effectDigest: digest('1'),
    recordDigest: digest('2'),
    policyDigest: digest('3'),
  };
});
afterAll(() => pull.close());

describe('commits', () => {
  it('name the account of a co-author, and one of nobody is not left out', async () => {
    const { commits, complete } = (await read()).pull;
    expect(commits).toMatchObject([{ sha: pull.headSha, coAuthorIds: [idOf('m-lind'), null] }]);
    expect(complete.commits).toBe(true);
  });
});

describe('comments', () => {
  it('carry what was on show when they were written', async () => {
    const before = await comment('s-haddad', '/sluice close c0');
    await github.publish(pull.number, {
      checkName: 'change-control / main',
      headSha: pull.headSha,
      conclusion: 'failure',
      title: 'deny',
      summary: 'not yet',
      annotations: [],
      lookedAt: '2026-11-24T20:30:00Z',
      tuple,
    });
    const after = await comment('s-haddad', '/sluice close c1');
    expect(await byId(before)).toMatchObject({ tuple: null, edited: null, accountId: idOf('s-haddad') });
    expect(await byId(after)).toMatchObject({ tuple, isOwn: false, isBot: false });
  });

  it('are all read, however many there are, and only those of the account are its own', async () => {
    const ids: number[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push(await comment('m-lind', `number ${String(index)}`));
    }
    const { comments } = await read();
    expect(comments.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(comments.filter(({ isOwn }) => isOwn).map(({ login }) => login)).toEqual(['sluice-bot']);
  });

  it('say who edited them', async () => {
    const id = await comment('s-haddad', 'no');
    await pull.ask('r-okafor', 'PATCH', `issues/comments/${String(id)}`, { body: 'yes' });
    expect(await byId(id)).toMatchObject({
      text: 'yes',
      edited: { accountId: idOf('r-okafor'), login: 'r-okafor' },
    });
  });

  it('that are gone are known by whose they were and who deleted them', async () => {
    const id = await comment('s-haddad', '/sluice condition c2 m.lind wait');
    await pull.ask('r-okafor', 'DELETE', `issues/comments/${String(id)}`);
    const { comments, deletedComments } = await read();
    expect(comments.some((each) => each.id === id)).toBe(false);
    expect(deletedComments).toMatchObject([
      { ofAccountId: idOf('s-haddad'), byAccountId: idOf('r-okafor'), byLogin: 'r-okafor' },
    ]);
  });
});

describe('a review', () => {
  it('case 38: says that its text was edited', async () => {
    await approve(pull.at, { login: 'm-lind', number: pull.number, body: 'fine' });
    const [review] = (await read()).reviews;
    expect(review?.editedAt).toBeUndefined();
    await pull.ask('s-haddad', 'PUT', `pulls/${String(pull.number)}/reviews/${String(review?.id ?? 0)}`, {
      body: 'fine 0123456789ab',
    });
    const { reviews, reviewTexts } = await read();
    const [edited] = reviews;
    expect(reviewTexts[0]?.edited).toEqual({ accountId: idOf('s-haddad'), login: 's-haddad' });
    expect(edited?.fingerprint).toBe('0123456789ab');
    expect(Date.parse(edited?.editedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(edited?.submittedAt ?? ''));
  });
});

describe('case 49: more than a page of reviews', () => {
  it('is read to its end', async () => {
    const before = (await read()).reviews.length;
    for (let index = 0; index < 105; index += 1) {
      await approve(pull.at, { login: 'm-lind', number: pull.number, body: String(index) });
    }
    const { reviews } = await read();
    expect(reviews).toHaveLength(before + 105);
    expect(reviews.filter(({ editedAt }) => editedAt !== undefined)).toHaveLength(1);
  });
});

describe('a page', () => {
  it('mentions people once for an occasion', async () => {
    const page = { occasion: 'break-glass-7', accountIds: [idOf('s-haddad')], text: 'Please look.' };
    expect(await github.pagedAt(pull.number, page.occasion)).toBeNull();
    const sent = await github.page(pull.number, page);
    expect(await github.page(pull.number, page)).toBe(sent);
    expect(await github.pagedAt(pull.number, page.occasion)).toBe(sent);
    expect(await github.pagedAt(pull.number, 'break-glass-8')).toBeNull();
    const pages = (await read()).comments.filter(({ text }) => text.includes('Please look.'));
    expect(pages.map(({ text }) => text)).toEqual([expect.stringContaining('@s-haddad')]);
  });

  it('that somebody else has written is none', async () => {
    await comment('r-okafor', '<!-- sluice:page break-glass-9 -->');
    expect(await github.pagedAt(pull.number, 'break-glass-9')).toBeNull();
  });
});

describe('the pull request of a head', () => {
  it('is found once it was merged, and only one that went into the default branch', async () => {
    const { folder, git } = pull.estate;
    await pull.github.push({ folder, branch: 'side', sha: git('rev-parse', 'main'), login: 'r-okafor' });
    const aside = { title: 'aside', body: '', head: 'change', base: 'side' };
    const other = (await pull.ask('r-okafor', 'POST', 'pulls', aside)) as { readonly number: number };
    await merge(pull.at, 'm-lind', other.number);
    expect(await github.mergedPulls(pull.headSha)).toEqual([]);
    await merge(pull.at, 'm-lind', pull.number);
    expect(await github.mergedPulls(pull.headSha)).toEqual([pull.number]);
    expect(await github.mergedPulls('f'.repeat(40))).toEqual([]);
  });
});
