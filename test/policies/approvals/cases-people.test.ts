/**
 * The numbered cases of approval semantics that are about people and their reviews. Each shows the answer and, where it
 * is a refusal, the reason that a person reads. The change: Ruth Okafor wrote it, Mats Lind implements and owns it; at
 * medium risk it needs one of the CAB and one peer.
 */
import { describe, expect, it } from 'vitest';
import { evaluateApprovals } from '../../../policies/approvals.ts';
import type { Approvals } from '../../../policies/model/decision.ts';
import type { Facts, Review } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import {
  aPolicy,
  aPull,
  aRisk,
  accounts,
  cleanRecord,
  dismissed,
  facts,
  head,
  headAt,
  onShow,
  person,
  review,
  rosterWith,
  rosterWithout,
  says,
  showing,
  veto,
} from '../world.ts';
import { aRoster } from '../../builders/policy.ts';

const at = (minute: number) => `2026-11-23T08:${String(minute).padStart(2, '0')}:00Z`;

function judge(parts: Partial<Facts>, level: RiskLevel = 'medium'): Approvals {
  return evaluateApprovals(facts(parts), aRisk(level));
}

function withReviews(...reviews: readonly Review[]): Approvals {
  return judge({ reviews });
}

function line(approvals: Approvals, login: string) {
  const found = approvals.reviewers.find((each) => each.login === login);
  if (found === undefined) {
    throw new Error(`no line for ${login}`);
  }
  return found;
}

const enough = () => [review('novak'), review('osei')];

const clearedBy = (accountId: number, reason: string) =>
  withReviews(...enough(), dismissed('iyer', 'CHANGES_REQUESTED', { accountId, reason })).verdict;

const memberDuring = (from: string, to: string) => {
  const policy = {
    policy: aPolicy({ roster: rosterWith('j.novak', { seats: [{ seat: 'cab', from, to }] }) }),
  };
  return judge({ ...policy, reviews: showing(policy, enough()) }).verdict;
};

const deputyWithin = (from: string, until: string) => {
  const delegations = [{ to: 'd.quist', seat: 'change-manager', from, until }] as const;
  const parts = { policy: aPolicy({ roster: rosterWith('s.haddad', { delegations }) }) };
  return judge(
    { ...parts, reviews: showing(parts, [review('quist'), review('novak'), review('osei')]) },
    'high',
  );
};

describe('approvals of a change', () => {
  it('are enough with one of the CAB and one peer', () => {
    const approvals = withReviews(...enough());
    expect(approvals).toMatchObject({
      verdict: 'allow',
      level: 'medium',
      required: 2,
      given: 2,
      openSeats: [],
    });
    expect(line(approvals, 'novak').counted).toBe('cab');
    expect(line(approvals, 'osei').counted).toBe('engineer');
  });

  it('are missing at first, with the names of who could give them', () => {
    const approvals = withReviews();
    expect(approvals).toMatchObject({ verdict: 'deny', given: 0, openSeats: ['cab', 'peer'] });
    expect(approvals.reasons).toContain('missing: 1 x cab; s.haddad, j.novak or p.iyer could give it');
  });

  it('case 01: the author approves with a second account', () => {
    const approvals = judge({
      policy: aPolicy({ roster: rosterWith('r.okafor', { accounts: [1001, 2001] }) }),
      reviews: [review(2001), review('novak')],
    });
    expect(approvals.verdict).toBe('deny');
    expect(line(approvals, '2001').reason).toContain('disqualified: r.okafor opened the pull request');
  });

  it('case 02: approve, then the same person requests changes: the veto wins', () => {
    const approvals = withReviews(...enough(), veto('novak', { submittedAt: at(10) }));
    expect(approvals.verdict).toBe('deny');
    expect(approvals.vetoes).toMatchObject([{ personId: 'j.novak' }]);
    expect(line(approvals, 'novak').counted).toBeNull();
  });

  it('case 03: request changes, then the same person approves: the veto is cleared', () => {
    const approvals = withReviews(veto('novak'), review('osei'), review('novak', { submittedAt: at(10) }));
    expect(approvals).toMatchObject({ verdict: 'allow', vetoes: [] });
  });

  it('case 04: the approval of somebody else clears no veto', () => {
    const approvals = withReviews(veto('iyer'), ...enough(), review('haddad', { submittedAt: at(30) }));
    expect(approvals.verdict).toBe('deny');
    expect(approvals.vetoes).toMatchObject([{ personId: 'p.iyer' }]);
    expect(line(approvals, 'iyer').wouldCountIf).toContain('change manager dismisses it with a reason');
  });

  it.each([
    ['the author', accounts.okafor, 'r.okafor dismissed that and may not'],
    ['another member of the CAB', accounts.novak, 'j.novak dismissed that and may not'],
    ['someone off the roster', 9999, 'someone off the roster dismissed that and may not'],
  ])('case 05: a veto dismissed by %s stands', (_who, accountId, text) => {
    const approvals = withReviews(
      ...enough(),
      dismissed('iyer', 'CHANGES_REQUESTED', { accountId, reason: 'outdated' }),
    );
    expect(approvals.verdict).toBe('deny');
    expect(approvals.vetoes[0]?.text).toContain(text);
  });

  it('case 05: a veto is cleared by the vetoer or by the change manager with a reason, and not without one', () => {
    expect(clearedBy(accounts.haddad, 'tested on staging')).toBe('allow');
    expect(clearedBy(accounts.haddad, ' ')).toBe('deny');
    expect(clearedBy(accounts.iyer, '')).toBe('allow');
  });

  it('case 05: a change manager who took part clears nobody else’s veto', () => {
    const parts = {
      pull: aPull({ pusherIds: [accounts.okafor, accounts.haddad] }),
      reviews: [
        ...enough(),
        dismissed('iyer', 'CHANGES_REQUESTED', { accountId: accounts.haddad, reason: 'fine' }),
      ],
    };
    expect(judge(parts).vetoes[0]?.text).toContain('s.haddad dismissed that and may not');
  });

  it('case 05: a dismissal of which nobody knows what or by whom leaves the veto standing', () => {
    expect(withReviews(...enough(), dismissed('iyer', null, null)).verdict).toBe('deny');
    expect(withReviews(...enough(), dismissed('iyer', 'CHANGES_REQUESTED', null)).verdict).toBe('deny');
  });

  it('case 06: approve, request changes, dismissed: no opinion, the approval is not revived', () => {
    const rest = dismissed(
      'novak',
      'CHANGES_REQUESTED',
      { accountId: accounts.haddad, reason: 'ok' },
      { submittedAt: at(10) },
    );
    const approvals = withReviews(...enough(), rest);
    expect(approvals).toMatchObject({ verdict: 'deny', vetoes: [], openSeats: ['cab'] });
    expect(line(approvals, 'novak').counted).toBeNull();
  });

  it('case 07: a comment after the approval changes nothing', () => {
    const approvals = withReviews(...enough(), review('novak', { state: 'COMMENTED', submittedAt: at(20) }));
    expect(approvals.verdict).toBe('allow');
    expect(line(withReviews(review('novak', { state: 'COMMENTED' })), 'novak').reason).toContain(
      'not an opinion',
    );
  });

  it('case 08: an approval that was dismissed is not an opinion', () => {
    const approvals = withReviews(
      review('osei'),
      dismissed('novak', 'APPROVED', { accountId: accounts.okafor, reason: 'stale' }),
    );
    expect(approvals).toMatchObject({ verdict: 'deny', vetoes: [], openSeats: ['cab'] });
  });

  it('case 09: a pending review is invisible', () => {
    const approvals = withReviews(...enough(), veto('iyer', { state: 'PENDING' }));
    expect(approvals.verdict).toBe('allow');
    expect(approvals.reviewers.map(({ login }) => login)).toEqual(['novak', 'osei']);
  });

  it('case 10: a new commit makes every approval stale, at medium risk even one without effect', () => {
    const before = { ...onShow(), headSha: 'd'.repeat(40) };
    const approvals = withReviews(...enough().map((each) => ({ ...each, tuple: before })));
    expect(approvals).toMatchObject({ verdict: 'deny', given: 0 });
    expect(line(approvals, 'novak')).toMatchObject({
      reason: expect.stringContaining('given for head dddddddddd') as string,
    });
  });

  it('case 11: a force-push of the same patch moves commit_id, and makes the approval stale all the same', () => {
    const early = { submittedAt: '2026-11-23T06:00:00Z', commitId: head };
    const approvals = withReviews(review('novak', early), review('osei'));
    expect(approvals.openSeats).toEqual(['cab']);
    expect(line(approvals, 'novak').reason).toContain('before this head was pushed');
    const unknown = review('osei');
    const { tuple: _shown, ...without } = unknown;
    expect(line(withReviews(without), 'osei').reason).toContain('not known what was on show');
  });

  it('case 11: a push that leaves all digests alone makes an approval stale at low risk, too', () => {
    const tuple = { ...onShow(), headSha: 'd'.repeat(40) };
    const approvals = judge({ reviews: [review('osei', { tuple })] }, 'low');
    expect(approvals.verdict).toBe('deny');
    expect(line(approvals, 'osei').reason).toContain('it was given for head dddddddddd');
  });

  it.each<RiskLevel>(['low', 'medium'])(
    'case 12: a force-push back to an approved commit revives nothing (%s)',
    (level) => {
      const early = { submittedAt: headAt };
      const approvals = judge({ reviews: [review('novak', early), review('osei', early)] }, level);
      expect(approvals).toMatchObject({ verdict: 'deny', given: 0 });
    },
  );

  it.each([
    [
      'case 13: an update from the base that changes the plan',
      'effectDigest',
      'what would be done has changed',
    ],
    ['case 14: a base that moved and changes the plan', 'effectDigest', 'what would be done has changed'],
    ['case 15: drift that changes the plan', 'effectDigest', 'what would be done has changed'],
    ['case 16: an edit of the record', 'recordDigest', 'the change record has changed'],
    ['case 29: a change of the roster', 'policyDigest', 'roster, policies or registers have changed'],
  ] as const)('%s makes approvals stale', (_name, part, text) => {
    for (const level of ['low', 'medium', 'high'] as const) {
      const approvals = judge(
        {
          reviews: enough().map((each) => ({
            ...each,
            tuple: { ...onShow(), [part]: `sha256:${'0'.repeat(64)}` },
          })),
        },
        level,
      );
      expect(approvals.given).toBe(0);
      expect(line(approvals, 'osei').reason).toContain(text);
    }
  });

  it('case 14: a base that moved without touching the plan leaves approvals valid', () => {
    expect(judge({ pull: aPull({ baseSha: 'e'.repeat(40) }), reviews: enough() }).verdict).toBe('allow');
  });

  it('case 17: moving the schedule alone makes approvals stale', () => {
    const moved = cleanRecord({
      schedule: {
        plannedStart: '2026-12-08T20:00:00Z',
        plannedEnd: '2026-12-08T22:00:00Z',
        window: 'acme-weeknight',
      },
    });
    const approvals = judge({ records: [moved], reviews: enough() });
    expect(approvals.verdict).toBe('deny');
    expect(line(approvals, 'novak').reason).toContain('the change record has changed');
    expect(judge({ records: [moved], reviews: showing({ records: [moved] }, enough()) }).verdict).toBe(
      'allow',
    );
  });

  it('case 19: an approval for another base branch does not count', () => {
    const approvals = judge({ reviews: enough().map((each) => ({ ...each, baseBranch: 'release' })) });
    expect(approvals.given).toBe(0);
    expect(line(approvals, 'novak').reason).toBe('approved, but it was given for release, not for main');
    expect(judge({ reviews: enough().map((each) => ({ ...each, baseBranch: null })) }).given).toBe(0);
  });

  it('case 20: a reviewer who committed or co-authored is disqualified, and the message names the commit', () => {
    const sha = 'f'.repeat(40);
    const commits = [
      ...aPull().commits,
      { sha, authorId: accounts.okafor, committerId: accounts.okafor, coAuthorIds: [accounts.osei] },
    ];
    const approvals = judge({ pull: aPull({ commits }), reviews: enough() });
    expect(approvals.openSeats).toEqual(['peer']);
    expect(line(approvals, 'osei').reason).toContain('is co-author of commit ffffffffff');
  });

  it('case 21: every commit disqualifies, whichever parent it came by', () => {
    const side = {
      sha: '9'.repeat(40),
      authorId: accounts.novak,
      committerId: accounts.novak,
      coAuthorIds: [],
    };
    const approvals = judge({ pull: aPull({ commits: [...aPull().commits, side] }), reviews: enough() });
    expect(approvals.openSeats).toEqual(['cab']);
    expect(line(approvals, 'novak').reason).toContain('wrote commit 9999999999');
  });

  it.each([
    ['author', { authorId: null, committerId: accounts.okafor, coAuthorIds: [] }],
    ['committer', { authorId: accounts.okafor, committerId: null, coAuthorIds: [] }],
    ['co-author', { authorId: accounts.okafor, committerId: accounts.okafor, coAuthorIds: [null] }],
  ])(
    'case 22: a commit whose %s is nobody blocks until the change manager waives it by its SHA',
    (_who, commit) => {
      const sha = '7'.repeat(40);
      const pull = aPull({ commits: [...aPull().commits, { sha, ...commit }] });
      const waiver = { kind: 'waive-commit', sha } as const;
      expect(judge({ pull, reviews: enough() })).toMatchObject({
        verdict: 'deny',
        reasons: [
          expect.stringContaining(
            'commit 7777777777 has an author, committer or co-author without an account',
          ),
        ],
      });
      expect(judge({ pull, reviews: enough(), statements: [says('haddad', waiver)] }).verdict).toBe('allow');
      expect(judge({ pull, reviews: enough(), statements: [says('novak', waiver)] }).verdict).toBe('deny');
      expect(
        judge({ pull, reviews: enough(), statements: [says('haddad', waiver, { reason: ' ' })] }).verdict,
      ).toBe('deny');
      expect(
        judge({ pull, reviews: enough(), statements: [says('haddad', waiver, { tuple: null })] }).verdict,
      ).toBe('deny');
      const other = { kind: 'waive-commit', sha: '8'.repeat(40) } as const;
      expect(judge({ pull, reviews: enough(), statements: [says('haddad', other)] }).verdict).toBe('deny');
    },
  );

  it('case 23: a commit in a bot’s name entitles nobody and hides no pusher', () => {
    const commits = [{ sha: head, authorId: 5000, committerId: 5000, coAuthorIds: [] }];
    const approvals = judge({ pull: aPull({ commits, pusherIds: [accounts.osei] }), reviews: enough() });
    expect(line(approvals, 'osei').reason).toContain('pushed to the branch');
  });

  it('case 24: who pushed is disqualified without having written anything; an unknown pusher blocks', () => {
    const approvals = judge({
      pull: aPull({ pusherIds: [accounts.okafor, accounts.novak] }),
      reviews: enough(),
    });
    expect(line(approvals, 'novak').reason).toContain('pushed to the branch');
    const unknown = judge({ pull: aPull({ pusherIds: [] }), reviews: enough() });
    expect(unknown).toMatchObject({ verdict: 'deny', reasons: ['who pushed the branch is not known'] });
  });

  it('case 25: the human behind a bot is disqualified; without one it takes one more approval', () => {
    const bot = { authorId: 5000, authorIsBot: true, pusherIds: [5000] };
    const commits = [{ sha: head, authorId: 5000, committerId: 5000, coAuthorIds: [] }];
    const known = judge({
      pull: aPull({ ...bot, commits, commissionerIds: [accounts.osei] }),
      reviews: enough(),
    });
    expect(line(known, 'osei').reason).toContain('was assigned the pull request of a bot');
    const unknown = aPull({ ...bot, commits });
    expect(judge({ pull: unknown, reviews: enough() })).toMatchObject({
      verdict: 'deny',
      required: 3,
      given: 2,
    });
    expect(judge({ pull: unknown, reviews: [...enough(), review('dunne')] }).verdict).toBe('allow');
  });

  it('case 25a: everybody it was ever assigned to is disqualified, and a stranger among them blocks', () => {
    const bot = { authorIsBot: true, commissionerIds: [accounts.okafor, accounts.osei] };
    expect(line(judge({ pull: aPull(bot), reviews: enough() }), 'osei').reason).toContain(
      'was assigned the pull request of a bot',
    );
    for (const [stranger, name] of [
      [null, '(gone)'],
      [9999, '9999'],
    ] as const) {
      const given = judge({
        pull: aPull({ ...bot, commissionerIds: [accounts.okafor, stranger] }),
        reviews: enough(),
      });
      expect(given.verdict).toBe('deny');
      expect(given.reasons[0]).toBe(
        `who asked the bot for the pull request is not known: it is or was assigned to account ${name}, which is not on the roster; close it and raise the change again`,
      );
    }
  });

  it('case 26: a bot never approves, also not one on the roster or one that may be one', () => {
    for (const isBot of [true, null]) {
      const approvals = withReviews(review('novak', { isBot }), review('osei'));
      expect(approvals.openSeats).toEqual(['cab']);
      expect(line(approvals, 'novak').reason).toContain('bot');
    }
  });

  it('case 27: someone off the roster is not entitled, to a veto neither', () => {
    const approvals = withReviews(review(9999), review('osei'), veto(8888));
    expect(approvals).toMatchObject({ verdict: 'deny', vetoes: [], openSeats: ['cab'] });
    expect(line(approvals, '9999').reason).toContain('not entitled');
    expect(line(approvals, '8888').reason).toContain('not entitled');
  });

  it('case 28: who left after approving does not count any more', () => {
    const seats = [{ seat: 'cab', from: '2025-01-01', to: '2026-11-23' }] as const;
    const left = { policy: aPolicy({ roster: rosterWith('j.novak', { seats }) }) };
    const approvals = judge({
      ...left,
      pull: aPull({ headAt: '2026-11-22T07:00:00Z' }),
      reviews: showing(
        left,
        enough().map((each) => ({ ...each, submittedAt: '2026-11-22T08:00:00Z' })),
      ),
    });
    expect(approvals.openSeats).toEqual(['cab']);
    expect(line(approvals, 'novak').reason).toContain('the seat has ended since');
  });

  it('case 28: a member counts from the first day and not on the last', () => {
    expect(memberDuring('2026-11-23', '2026-11-24')).toBe('allow');
    expect(memberDuring('2026-11-22', '2026-11-23')).toBe('deny');
    expect(memberDuring('2026-11-24', '2026-11-25')).toBe('deny');
  });

  it('case 29: someone whom this pull request adds to the roster is not on the base branch’s', () => {
    const pull = aPull({ changedFiles: ['policies/roster.yaml'] });
    const approvals = judge({ pull, reviews: [review(7777), review('osei'), review('quist')] });
    expect(line(approvals, '7777').reason).toContain('not on the roster of the base branch');
    expect(approvals.openSeats).toEqual(['cab']);
  });

  it('case 30: the number decides, not the name', () => {
    const taken = review(9999, { login: 'novak' });
    expect(line(withReviews(taken, review('osei')), 'novak').reason).toContain('not entitled');
    expect(withReviews(review('novak', { login: 'jana-renamed' }), review('osei')).verdict).toBe('allow');
  });

  it('case 31: the review of a deleted account does not count, and its veto stands', () => {
    const ghost = { accountId: null, login: 'ghost' };
    const approvals = withReviews(review('novak', ghost), review('osei'));
    expect(approvals.openSeats).toEqual(['cab']);
    expect(line(approvals, 'ghost').reason).toContain('deleted');
    expect(withReviews(...enough(), veto('iyer', ghost))).toMatchObject({
      verdict: 'deny',
      vetoes: [{ personId: null }],
    });
  });

  it('case 32: one person fills one seat, with two roles and with two accounts', () => {
    const high = judge({ reviews: [review('haddad'), review('osei')] }, 'high');
    expect(high).toMatchObject({ verdict: 'deny', required: 3, given: 2, openSeats: ['cab'] });
    const twice = withReviews(review('osei'), review('oseiSecond'));
    expect(twice).toMatchObject({ given: 1, openSeats: ['cab'] });
    expect(line(twice, 'osei').reason).toContain('another account of the same person');
  });

  it('case 32: a person with two seats never stands in the way of a quorum that exists', () => {
    const roster = { people: [...aRoster().people, person('x.both', 3001, 'cab', 'security')] };
    const parts = { policy: aPolicy({ roster }) };
    for (const order of [
      ['x', 'berg'],
      ['berg', 'x'],
    ] as const) {
      const reviews = showing(parts, [
        ...order.map((who) => (who === 'x' ? review(3001) : review('berg'))),
        review('haddad'),
        review('osei'),
      ]);
      const approvals = evaluateApprovals(
        facts({ ...parts, reviews }),
        aRisk('high', { needsSecurityReview: true }),
      );
      expect(approvals).toMatchObject({ verdict: 'allow', required: 4, given: 4 });
      expect(line(approvals, '3001').counted).toBe('cab');
      expect(line(approvals, 'berg').counted).toBe('security');
    }
  });

  it('case 33: any one member fills the seat of a team', () => {
    for (const who of ['haddad', 'novak', 'iyer'] as const) {
      expect(withReviews(review(who), review('osei')).verdict).toBe('allow');
    }
    expect(withReviews(review('berg'), review('osei')).openSeats).toEqual(['cab']);
  });

  it('case 34: a deputy counts inside the dates of the delegation, on behalf of the holder', () => {
    const approvals = deputyWithin('2026-11-01', '2026-12-01');
    expect(approvals.verdict).toBe('allow');
    expect(line(approvals, 'quist')).toMatchObject({
      counted: 'change-manager',
      reason: 'counts as change-manager on behalf of s.haddad',
    });
    expect(deputyWithin('2026-11-01', '2026-11-23').openSeats).toEqual(['change-manager']);
    expect(deputyWithin('2026-11-24', '2026-12-01').openSeats).toEqual(['change-manager']);
  });

  it('case 34: a holder and the deputy are one voice for the seat', () => {
    const delegations = [{ to: 'd.quist', seat: 'cab', from: '2026-11-01', until: '2026-12-01' }] as const;
    const quorum = facts().policy.quorum;
    const two = { ...quorum, medium: { ...quorum.medium, seats: ['cab', 'cab'] as const } };
    const parts = { policy: aPolicy({ roster: rosterWith('s.haddad', { delegations }), quorum: two }) };
    const given = (...reviews: readonly Review[]) => judge({ ...parts, reviews: showing(parts, reviews) });
    expect(given(review('haddad'), review('quist'))).toMatchObject({ verdict: 'deny', given: 1 });
    expect(given(review('novak'), review('quist')).verdict).toBe('allow');
  });

  it('case 35: a quorum that nobody can fill is named, with the way out, and not lowered', () => {
    const roster = rosterWithout('j.novak', 'p.iyer');
    const parts = {
      policy: aPolicy({ roster }),
      pull: aPull({ pusherIds: [accounts.okafor, accounts.haddad] }),
    };
    const approvals = judge({ ...parts, reviews: showing(parts, [review('osei'), review('dunne')]) });
    expect(approvals.verdict).toBe('deny');
    const text = approvals.reasons.find((reason) => reason.startsWith('unsatisfiable'));
    expect(text).toContain(
      'the medium quorum cannot be filled by anyone: 1 x cab (s.haddad pushed to the branch)',
    );
    expect(text).toContain('policies/roster.yaml');
    expect(withReviews().reasons.some((reason) => reason.startsWith('unsatisfiable'))).toBe(false);
  });

  it.each([
    [3, 3],
    [4, 3],
    [5, 4],
    [6, 4],
    [7, 5],
  ])(
    'case 36: two thirds of %i members of the CAB are %i, rounded up and never under three',
    (members, needed) => {
      const roster = {
        people: [
          ...rosterWithout('s.haddad', 'j.novak', 'p.iyer').people,
          ...Array.from({ length: members }, (_, index) => person(`cab.m${index}`, 4000 + index, 'cab')),
        ],
      };
      const approvals = judge({ policy: aPolicy({ roster }) }, 'critical');
      expect(approvals.openSeats.filter((seat) => seat === 'cab')).toHaveLength(needed);
    },
  );

  it('case 36: without members the quorum blocks', () => {
    const approvals = judge(
      { policy: aPolicy({ roster: rosterWithout('s.haddad', 'j.novak', 'p.iyer') }) },
      'critical',
    );
    expect(approvals.verdict).toBe('deny');
    expect(approvals.reasons.join('\n')).toContain('unsatisfiable');
  });

  it('case 37: opinions of the same second are ordered by review id', () => {
    const [first, second] = [veto('novak'), review('novak')];
    expect(withReviews(second, first, review('osei')).verdict).toBe('allow');
    const [third, fourth] = [review('novak'), veto('novak')];
    expect(withReviews(fourth, third, review('osei')).verdict).toBe('deny');
  });

  it('case 37: times are compared as instants, and one of the future or of no sense does not count', () => {
    const later = veto('novak', { submittedAt: '2026-11-23T09:30:00+01:00' });
    expect(
      withReviews(later, review('novak', { submittedAt: '2026-11-23T08:29:00Z' }), review('osei')).verdict,
    ).toBe('deny');
    expect(
      withReviews(review('novak', { submittedAt: '2026-11-23T09:00:01Z' }), review('osei')).openSeats,
    ).toEqual(['cab']);
    expect(withReviews(review('novak', { submittedAt: 'yesterday' }), review('osei')).openSeats).toEqual([
      'cab',
    ]);
    expect(withReviews(...enough(), veto('novak', { submittedAt: 'yesterday' })).verdict).toBe('deny');
  });

  it('case 38: an approval whose text was edited afterwards is void', () => {
    const approvals = withReviews(review('novak', { editedAt: at(59) }), review('osei'));
    expect(approvals.openSeats).toEqual(['cab']);
    expect(line(approvals, 'novak').reason).toContain('edited');
  });

  it('case 40: an approval expires with its level’s lifetime', () => {
    const pull = aPull({ headAt: '2026-11-01T07:00:00Z' });
    const given = (submittedAt: string) =>
      judge({ pull, reviews: enough().map((each) => ({ ...each, submittedAt })) });
    expect(given('2026-11-16T09:00:00Z').verdict).toBe('allow');
    const expired = given('2026-11-16T08:59:59Z');
    expect(expired.given).toBe(0);
    expect(line(expired, 'novak').reason).toContain('it expired on 2026-11-23T08:59:59Z, 168 hours after');
  });

  it('case 41: a review after the merge approves nothing', () => {
    const merge = { at: at(5), sha: 'e'.repeat(40), tree: 'same' } as const;
    const pull = aPull({ state: 'merged', merge });
    expect(judge({ pull, moment: 'apply', reviews: enough() }).verdict).toBe('allow');
    const late = judge({
      pull,
      moment: 'apply',
      reviews: [review('novak', { submittedAt: at(6) }), review('osei')],
    });
    expect(late.openSeats).toEqual(['cab']);
    expect(line(late, 'novak').reason).toContain('after the merge');
  });
});
