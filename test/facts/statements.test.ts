import { describe, expect, it } from 'vitest';
import { readComments, readRatifications } from '../../scripts/facts/statements.ts';
import type { Comment, DeletedComment } from '../../scripts/contract/ports.ts';
import type { Review } from '../../policies/model/facts.ts';
import { accounts, facts, onShow, review } from '../policies/world.ts';

const comment = (text: string, parts: Partial<Comment> = {}): Comment => ({
  source: 'comment',
  id: 7,
  accountId: accounts.haddad,
  login: 's-haddad',
  isBot: false,
  isOwn: false,
  at: '2026-11-23T08:30:00Z',
  text,
  edited: null,
  tuple: onShow(),
  ...parts,
});
const said = (...comments: readonly Comment[]) =>
  readComments({ comments, deletedComments: [], reviewTexts: [] });
const close = '/sluice close c1';

describe('comments', () => {
  it('become statements of the account, at the server’s time, for what was on show', () => {
    expect(said(comment('hello'), comment(close)).statements).toEqual([
      {
        kind: 'condition-closed',
        condition: 'c1',
        reason: '',
        accountId: accounts.haddad,
        login: 's-haddad',
        at: '2026-11-23T08:30:00Z',
        tuple: onShow(),
      },
    ]);
  });

  it.each([
    ['a bot', { isBot: true }],
    ['Sluice itself', { isOwn: true }],
    ['a deleted account', { accountId: null }],
  ])('of %s say nothing', (_, parts) => {
    expect(said(comment(close, parts)).statements).toEqual([]);
  });

  it('say nothing once they were edited, and the author is told', () => {
    const edited = { accountId: accounts.haddad, login: 's-haddad' };
    const { statements } = said(comment(close, { edited }));
    expect(statements.map(({ kind }) => kind)).toEqual(['misread']);
    expect(JSON.stringify(statements)).toContain('say it again');
  });

  it.each([
    ['another account', { accountId: accounts.okafor, login: 'r-okafor' }],
    ['an account that is gone', { accountId: null, login: 'ghost' }],
  ])('that were edited by %s are tampered with, whatever they say now', (_, edited) => {
    const { statements } = said(comment('never mind', { edited }));
    expect(statements).toMatchObject([
      {
        kind: 'tampered',
        what: 'edited',
        comment: 'comment-7',
        byLogin: edited.login,
        accountId: accounts.haddad,
      },
    ]);
  });

  it('for break-glass and of clients are handed on with who posted them', () => {
    const found = said(
      comment('/sluice break-glass because nobody answers'),
      comment(`/sluice client-approval acme changes/acme/evidence/m.eml sha256:${'4'.repeat(64)}`),
    );
    expect(found.statements).toEqual([]);
    expect(found.breakGlass.map((heard) => heard.statement.reason)).toEqual(['nobody answers']);
    expect(found.clientApprovals.map((heard) => heard.statement.path)).toEqual([
      'changes/acme/evidence/m.eml',
    ]);
  });
});

describe('deleted comments', () => {
  const deleted: DeletedComment = {
    id: 3,
    at: '2026-11-23T08:40:00Z',
    ofAccountId: accounts.haddad,
    ofLogin: 's-haddad',
    byAccountId: accounts.okafor,
    byLogin: 'r-okafor',
  };
  const found = (parts: Partial<DeletedComment>) =>
    readComments({ comments: [], deletedComments: [{ ...deleted, ...parts }], reviewTexts: [] }).statements;

  it('are a fact about whose they were, unless those deleted them', () => {
    expect(found({})).toMatchObject([
      {
        kind: 'tampered',
        what: 'deleted',
        comment: 'deleted-3',
        accountId: accounts.haddad,
        byLogin: 'r-okafor',
      },
    ]);
    expect(found({ byAccountId: null, byLogin: 'ghost' })).toHaveLength(1);
    expect(found({ byAccountId: accounts.haddad })).toEqual([]);
  });
});

const court = { facts: facts({ now: '2026-11-24T09:00:00Z' }), involved: new Set(['m.lind']) };

describe('what is said in retrospect', () => {
  const mergedAt = '2026-11-23T08:00:00Z';
  const ratifications = (comments: readonly Comment[], reviews: readonly Review[] = []) =>
    readRatifications({ comments, reviews, deletedComments: [], reviewTexts: [] }, { mergedAt, court });

  it('are comments and reviews after the merge', () => {
    const late = { submittedAt: '2026-11-23T08:01:00Z' };
    expect(
      ratifications(
        [
          comment('/sluice ratify'),
          comment('/sluice refuse it broke the shop', { accountId: accounts.iyer }),
        ],
        [review('novak', late), review('osei', { ...late, state: 'CHANGES_REQUESTED' })],
      ),
    ).toEqual([
      { accountId: accounts.novak, at: late.submittedAt, decision: 'ratified' },
      { accountId: accounts.osei, at: late.submittedAt, decision: 'refused' },
      { accountId: accounts.haddad, at: '2026-11-23T08:30:00Z', decision: 'ratified' },
      { accountId: accounts.iyer, at: '2026-11-23T08:30:00Z', decision: 'refused' },
    ]);
  });

  it.each<[string, readonly Comment[], readonly Review[]]>([
    [
      'before the merge',
      [comment('/sluice ratify', { at: mergedAt })],
      [review('novak', { submittedAt: mergedAt })],
    ],
    [
      'by a bot',
      [comment('/sluice ratify', { isBot: true })],
      [review('novak', { submittedAt: '2026-11-23T09:00:00Z', isBot: true })],
    ],
    ['by nobody knows whom', [], [review('novak', { submittedAt: '2026-11-23T09:00:00Z', isBot: null })]],
    ['and edited', [comment('/sluice ratify', { edited: { accountId: accounts.haddad, login: 'x' } })], []],
    [
      'and dismissed',
      [],
      [
        review('novak', {
          submittedAt: '2026-11-23T09:00:00Z',
          state: 'DISMISSED',
          stateBeforeDismissal: 'APPROVED',
        }),
      ],
    ],
    [
      'as a remark',
      [comment('fine')],
      [review('novak', { submittedAt: '2026-11-23T09:00:00Z', state: 'COMMENTED' })],
    ],
  ])('count for nothing when said %s', (_, comments, reviews) => {
    expect(ratifications(comments, reviews)).toEqual([]);
  });
});

describe('what may have been a refusal', () => {
  const mergedAt = '2026-11-23T08:00:00Z';
  const spoken = (parts: Partial<Parameters<typeof readRatifications>[0]>) =>
    readRatifications(
      { comments: [], reviews: [], deletedComments: [], reviewTexts: [], ...parts },
      { mergedAt, court },
    ).map(({ decision }) => decision);
  const other = { accountId: accounts.okafor, login: 'r-okafor' };

  it.each([
    ['without a reason', '/sluice refuse'],
    ['in another case', '/Sluice Refuse it broke the shop'],
    ['with a leading blank', ' /sluice refuse it broke the shop'],
    ['in a list', '- /sluice refuse it broke the shop'],
    ['in other words', '/sluice not yet'],
    ['in a comment with other text', 'Sorry.\n/sluice veto it broke the shop'],
  ])('%s counts as one until it is said again', (_, text) => {
    expect(spoken({ comments: [comment(text)] })).toEqual(['unclear']);
  });

  it('counts as one when somebody else edited or deleted it, and when it was edited', () => {
    const deleted = {
      id: 3,
      at: '2026-11-23T08:40:00Z',
      ofAccountId: accounts.haddad,
      ofLogin: 's-haddad',
      byAccountId: accounts.okafor,
      byLogin: 'r-okafor',
    };
    const own = { accountId: accounts.haddad, login: 's-haddad' };
    expect(spoken({ comments: [comment('fine by me', { edited: other })] })).toEqual(['unclear']);
    expect(spoken({ deletedComments: [deleted] })).toEqual(['unclear']);
    expect(spoken({ comments: [comment('/sluice refuse it broke the shop', { edited: own })] })).toEqual([
      'unclear',
    ]);
  });

  it('stands in a review that was edited, and an agreement that was edited may have been one', () => {
    const late = { submittedAt: '2026-11-23T09:00:00Z', editedAt: '2026-11-23T09:01:00Z' };
    const refusal = review('novak', { ...late, state: 'CHANGES_REQUESTED' });
    expect(spoken({ reviews: [refusal] })).toEqual(['refused']);
    expect(spoken({ reviews: [review('novak', late)] })).toEqual(['unclear']);
    expect(spoken({ reviews: [review('novak', { ...late, state: 'COMMENTED' })] })).toEqual([]);
  });

  it.each<[string, Partial<Review>, readonly string[]]>([
    ['nobody knows whom', {}, ['refused']],
    [
      'a stranger',
      { dismissedBy: { at: '2026-11-23T10:00:00Z', accountId: 666, reason: 'it was fine' } },
      ['refused'],
    ],
    [
      'who gave it',
      { dismissedBy: { at: '2026-11-23T10:00:00Z', accountId: accounts.novak, reason: '' } },
      [],
    ],
    [
      'the change manager',
      { dismissedBy: { at: '2026-11-23T10:00:00Z', accountId: accounts.haddad, reason: 'it was fine' } },
      [],
    ],
    [
      'one without a reason',
      { dismissedBy: { at: '2026-11-23T10:00:00Z', accountId: accounts.haddad, reason: '' } },
      ['refused'],
    ],
  ])('stands in a review that was dismissed by %s as it would before the merge', (_, parts, decisions) => {
    const refusal = review('novak', {
      submittedAt: '2026-11-23T09:00:00Z',
      state: 'DISMISSED',
      stateBeforeDismissal: 'CHANGES_REQUESTED',
      ...parts,
    });
    expect(spoken({ reviews: [refusal] })).toEqual(decisions);
  });

  it('was there before somebody else edited the review that it stood in', () => {
    const edited = comment('fine by me', { source: 'review', edited: other });
    expect(spoken({ reviewTexts: [edited] })).toEqual(['unclear']);
    const { statements } = readComments({ comments: [], deletedComments: [], reviewTexts: [edited] });
    expect(statements).toMatchObject([{ kind: 'tampered', what: 'edited', comment: 'review-7' }]);
  });

  it('stands in a review, too', () => {
    const inReview = comment('/sluice refuse it broke the shop', { source: 'review' });
    expect(spoken({ reviewTexts: [inReview] })).toEqual(['unclear']);
    expect(
      readComments({ comments: [], deletedComments: [], reviewTexts: [inReview] }).statements,
    ).toMatchObject([{ kind: 'misread', comment: 'review-7', stops: 'change and ratification' }]);
  });

  it('comes after an agreement that was given at the same second', () => {
    expect(spoken({ comments: [comment('/sluice refuse it broke\n/sluice ratify')] })).toEqual([
      'ratified',
      'unclear',
    ]);
    const both = ['/sluice refuse it broke the shop', '/sluice ratify'].map((text) => comment(text));
    expect(spoken({ comments: both })).toEqual(['ratified', 'refused']);
  });

  it.each([
    '/sluice ratify not yet',
    '/sluice ratify\nnot yet',
    ' /sluice ratify',
    '/sluice Ratify',
    '/sluice ratify\u200b',
  ])('is not a misread agreement, which counts for nothing: %j', (text) => {
    expect(spoken({ comments: [comment(text)] })).toEqual([]);
  });
});
