/** What the decision on approvals says for itself: every reason that a person acts on, and nothing when there is none. */
import { describe, expect, it } from 'vitest';
import { evaluateApprovals, validApprovers } from '../../../policies/approvals.ts';
import { fingerprintOf, staleReason, isSameTuple } from '../../../policies/approvals/freshness.ts';
import { missingSeats } from '../../../policies/approvals/missing.ts';
import { readDisqualified } from '../../../policies/approvals/disqualified.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aPlan } from '../../builders/plan.ts';
import { aRegister, aRoster } from '../../builders/policy.ts';
import { aStandardChange } from '../../builders/record.ts';
import {
  aPolicy,
  aPull,
  aQuorum,
  aRisk,
  accounts,
  cleanRecord,
  facts,
  head,
  onShow,
  registerWith,
  review,
  rosterWith,
  says,
  showing,
  veto,
} from '../world.ts';

const judge = (parts: Partial<Facts>, level: RiskLevel = 'medium') =>
  evaluateApprovals(facts(parts), aRisk(level));
const enough = () => [review('novak'), review('osei')];

describe('the reasons of a decision on approvals', () => {
  it('are none when everybody agrees and nothing is out of the ordinary', () => {
    expect(judge({ reviews: enough() })).toMatchObject({ verdict: 'allow', reasons: [], vetoes: [] });
  });

  it('quote each veto with who gave it', () => {
    expect(judge({ reviews: [...enough(), veto('iyer')] }).reasons).toEqual([
      'veto: iyer has requested changes',
    ]);
    expect(judge({ reviews: [veto('iyer'), veto(7001)] }).reviewers.map(({ reason }) => reason)).toEqual([
      'has requested changes',
      'has requested changes, but is not entitled to: no seat',
    ]);
    expect(judge({ reviews: [...enough(), veto('iyer')] }).vetoes).toEqual([
      { personId: 'p.iyer', login: 'iyer', text: 'has requested changes' },
    ]);
  });

  it('do not call a change standard because its level asks nobody', () => {
    const quorum = aQuorum();
    const policy = aPolicy({ quorum: { ...quorum, low: { ...quorum.low, approvals: 0, seats: [] } } });
    expect(judge({ policy }, 'low')).toMatchObject({ verdict: 'allow', reasons: [] });
  });

  it('speak of what the client wrote where the client is asked', () => {
    const evidence = [
      {
        kind: 'client-approval',
        client: 'acme',
        path: 'evidence/acme-mail.eml',
        recordedDigest: 'sha256:1',
        actualDigest: null,
        enteredById: accounts.dunne,
        enteredAt: '2026-11-23T08:30:00Z',
        tuple: null,
      } as const,
    ];
    const problems = (level: RiskLevel) =>
      judge({ evidence }, level).reasons.filter((reason) => reason.includes('acme-mail.eml'));
    expect(problems('critical')).toHaveLength(1);
    expect(problems('medium')).toEqual([]);
  });

  it.each(['commits', 'files', 'reviews'] as const)('say that not all %s could be read', (list) => {
    const complete = { commits: true, files: true, reviews: true, [list]: false };
    const approvals = judge({ pull: aPull({ complete }), reviews: enough() });
    expect(approvals.verdict).toBe('undetermined');
    expect(approvals.reasons).toEqual([
      'not all reviews, commits or files could be read: the gate decides on whole lists only',
    ]);
  });

  it('name a commit of nobody by its first ten digits', () => {
    const commits = [{ sha: head, authorId: null, committerId: accounts.okafor, coAuthorIds: [] }];
    const approvals = judge({ pull: aPull({ commits }), reviews: enough() });
    expect(approvals).toMatchObject({ verdict: 'deny', openSeats: [] });
    expect(approvals.reasons[0]).toMatch(
      /^commit a{10} has an author, committer or co-author without an account/,
    );
  });

  it('without a pull request are that nobody knows who took part, and that is a deny', () => {
    const approvals = judge({ pull: null, reviews: enough() });
    expect(approvals.verdict).toBe('deny');
    expect(approvals.reasons[0]).toBe('there is no pull request, so nobody knows who took part');
    expect(approvals.reasons).not.toContain(
      'not all reviews, commits or files could be read: the gate decides on whole lists only',
    );
  });

  it('say that the catalogue is the approval only of a standard change that needs nobody else', () => {
    const standard = aStandardChange({ owner: 'm.lind', schedule: undefined, requester: 'r.okafor' });
    const policy = aPolicy({ registers: registerWith({ standardChanges: ['dns-add-record'] }) });
    const plan = aPlan().creating('cloudflare_dns_record.new').build();
    const parts = { plan, records: [standard], policy };
    const said = ['standard change: its catalogue entry is the approval'];
    expect(judge(parts, 'low')).toMatchObject({ verdict: 'allow', level: 'standard', reasons: said });
    const bot = aPull({ authorIsBot: true });
    const byBot = judge({ ...parts, pull: bot }, 'low');
    expect(byBot).toMatchObject({ verdict: 'deny', required: 1, openSeats: ['peer'] });
    expect(byBot.reasons).not.toContain(said[0]);
    expect(judge({ records: [cleanRecord()] }, 'low').reasons).not.toContain(said[0]);
  });

  it('ask for one person more when a bot opened the pull request and nobody knows for whom', () => {
    const said = 'a bot opened the pull request and nobody knows for whom: one more approval is needed';
    const unowned = judge({ pull: aPull({ authorIsBot: true }), reviews: enough() });
    expect(unowned).toMatchObject({ required: 3, given: 2, verdict: 'deny' });
    expect(unowned.reasons).toContain(said);
    const pull = aPull({ authorIsBot: true, commissionerIds: [accounts.okafor] });
    const owned = judge({ pull, reviews: enough() });
    expect(owned).toMatchObject({ required: 2, verdict: 'allow', reasons: [] });
    expect(judge({ pull: aPull({ commissionerIds: [accounts.okafor] }), reviews: enough() }).required).toBe(
      2,
    );
  });

  it('say why a written client approval does not count only while the client is waited for', () => {
    const bad = {
      kind: 'client-approval' as const,
      client: 'acme',
      path: 'mail.eml',
      recordedDigest: 'sha256:1',
      actualDigest: null,
      enteredById: accounts.dunne,
      enteredAt: '2026-11-23T08:30:00Z',
      tuple: onShow(),
    };
    const said = expect.stringContaining('mail.eml does not count') as string;
    expect(judge({ evidence: [bad], reviews: enough() }).reasons).toEqual([]);
    const parts = { policy: aPolicy({ registers: [aRegister({ clientApprovalRequired: true })] }) };
    const three = [review('haddad'), ...enough()];
    const waiting = judge({ ...parts, evidence: [bad], reviews: showing(parts, three) }, 'high');
    expect(waiting).toMatchObject({ openSeats: ['client-approver'], required: 4, given: 3 });
    expect(waiting.reasons).toContainEqual(said);
    const peerOpen = judge({ ...parts, evidence: [bad], reviews: showing(parts, three.slice(0, 2)) }, 'high');
    expect(peerOpen.openSeats).toContain('client-approver');
    expect(peerOpen.reasons).toContainEqual(said);
  });

  it('quote a written approval that counts, and only one for a client whose seat is asked for', () => {
    const parts = {
      policy: aPolicy({ registers: [aRegister({ clientApprovalRequired: true })] }),
      pull: aPull({ changedFiles: ['changes/acme/evidence/mail.eml', 'changes/borough/evidence/mail.eml'] }),
    };
    const mail = (client: string) => ({
      kind: 'client-approval' as const,
      client,
      path: `changes/${client}/evidence/mail.eml`,
      recordedDigest: 'sha256:1',
      actualDigest: 'sha256:1',
      enteredById: accounts.dunne,
      enteredAt: '2026-11-23T08:30:00Z',
      tuple: onShow(parts),
    });
    const evidence = [mail('acme'), mail('borough')];
    const reviews = showing(parts, [review('haddad'), ...enough()]);
    expect(judge({ ...parts, evidence, reviews }, 'high')).toMatchObject({
      verdict: 'allow',
      reasons: ['acme has agreed in writing: changes/acme/evidence/mail.eml, entered by k.dunne'],
    });
    const medium = judge({ ...parts, evidence, reviews });
    expect(medium).toMatchObject({ verdict: 'allow', reasons: [] });
  });

  it('refuse break-glass outside an emergency in so many words', () => {
    const breakGlass = {
      accountId: accounts.lind,
      at: '2026-11-23T08:50:00Z',
      reason: 'x',
      pagedAt: null,
      tuple: null,
    };
    expect(judge({ breakGlass }).reasons[0]).toBe(
      'break-glass refused: only an emergency may go without approval',
    );
  });
});

describe('those whose approval is valid', () => {
  it('are listed also when no seat needs them, without those whose approval is not', () => {
    const reviews = [...enough(), review('berg'), review('lind'), veto('iyer'), review(9999)];
    expect([...validApprovers(facts({ reviews }), aRisk('medium'))].toSorted()).toEqual([
      'b.osei',
      'j.novak',
      't.berg',
    ]);
    expect(validApprovers(facts(), aRisk('medium')).size).toBe(0);
  });
});

describe('who could still give what is missing', () => {
  const missing = (parts: Partial<Facts>, level: RiskLevel = 'medium') =>
    judge(parts, level).reasons.filter((reason) => /^(missing|unsatisfiable)/.test(reason));

  it('leaves out who has given theirs already, and says so when nobody is left', () => {
    expect(judge({ reviews: [review('novak')] }).reasons).toEqual([
      'missing: 1 x peer; s.haddad, p.iyer, t.berg, k.dunne or b.osei could give it',
    ]);
    const roster = { people: aRoster().people.filter(({ id }) => ['r.okafor', 'j.novak'].includes(id)) };
    const policy = aPolicy({ roster });
    const alone = missing({ policy, reviews: showing({ policy }, [review('novak')]) });
    expect(alone[0]).toBe('missing: 1 x peer; nobody else on the roster could give it');
    expect(alone[1]).toBe(
      'unsatisfiable: the medium quorum cannot be filled by anyone: 1 x peer. The quorum is not lowered: let somebody else do the change, or add a member or a dated delegation to policies/roster.yaml in a pull request of its own',
    );
    const among = (...ids: readonly string[]) => {
      const few = aPolicy({ roster: { people: aRoster().people.filter(({ id }) => ids.includes(id)) } });
      return missing({ policy: few, reviews: showing({ policy: few }, [review('novak')]) });
    };
    expect(among('j.novak', 'b.osei')).toEqual(['missing: 1 x peer; b.osei could give it']);
    expect(among('j.novak', 'b.osei', 'k.dunne')).toEqual([
      'missing: 1 x peer; k.dunne or b.osei could give it',
    ]);
  });

  it('counts seats of one kind together', () => {
    expect(missing({}, 'critical')).toContain('missing: 3 x cab; s.haddad, j.novak or p.iyer could give it');
  });

  it('names who is excluded from a seat that nobody can fill, and only those who would have it', () => {
    const pusherIds = [accounts.haddad, accounts.okafor];
    const found = missing({ pull: aPull({ pusherIds }) }, 'high');
    const line = found.find((reason) => reason.startsWith('unsatisfiable'));
    expect(line).toContain('cannot be filled by anyone: 1 x change-manager (s.haddad pushed to the branch).');
    expect(line).not.toContain('r.okafor');
    expect(line).not.toContain('written approval');
  });

  it('offers the written approval of the client where the client has nobody', () => {
    const registers = [aRegister({ clientApprovalRequired: true })];
    const policy = aPolicy({ registers, roster: rosterWith('c.ortiz', { seats: [] }) });
    const line = missing({ policy }, 'high').find((reason) => reason.startsWith('unsatisfiable'));
    expect(line).toContain('1 x client-approver of acme');
    expect(line).toContain('or enter the written approval of the client: /sluice client-approval');
  });

  it('does not count on people without an account, or at a time that cannot be read', () => {
    const policy = aPolicy({ roster: rosterWith('s.haddad', { accounts: [] }) });
    expect(missing({ policy }, 'high').at(-1)).toContain('1 x change-manager');
    expect(missing({ now: 'now' }).at(-1)).toContain('unsatisfiable: the medium quorum');
  });

  it('is nothing when no seat is open', () => {
    const given = facts();
    const level = { name: 'medium' as const, quorum: given.policy.quorum.medium };
    expect(
      missingSeats([], { facts: given, level, disqualified: new Map(), wanted: [], judged: [] }),
    ).toEqual([]);
    const wanted = [{ seat: 'client-approver', client: 'nova' } as const];
    expect(missingSeats([], { facts: given, level, disqualified: new Map(), wanted, judged: [] })).toEqual(
      [],
    );
  });
});

describe('who took part', () => {
  it('is nobody known without a pull request', () => {
    const took = readDisqualified(facts({ pull: null }));
    expect([...took.people]).toEqual([]);
    expect(took).toMatchObject({
      unattributed: [],
      unknown: ['there is no pull request, so nobody knows who took part'],
    });
  });

  it('is not known when the pushers or the commits are not', () => {
    expect(readDisqualified(facts()).unknown).toEqual([]);
    expect(readDisqualified(facts({ pull: aPull({ pusherIds: [], commits: [] }) })).unknown).toEqual([
      'who pushed the branch is not known',
      'the commits of the pull request are not known',
    ]);
  });

  it('is said with the first part that each person took', () => {
    const pull = aPull({
      commissionerIds: [accounts.iyer],
      pusherIds: [accounts.okafor, accounts.berg],
      commits: [
        { sha: head, authorId: accounts.novak, committerId: accounts.dunne, coAuthorIds: [accounts.marsh] },
      ],
    });
    expect(Object.fromEntries(readDisqualified(facts({ pull })).people)).toEqual({
      'r.okafor': 'opened the pull request',
      'p.iyer': 'was assigned the pull request of a bot',
      'j.novak': 'wrote commit aaaaaaaaaa',
      'k.dunne': 'committed aaaaaaaaaa',
      'a.marsh': 'is co-author of commit aaaaaaaaaa',
      't.berg': 'pushed to the branch',
      'm.lind': 'is the implementer of CHG-2026-0042',
    });
  });

  it('may be left open for one commit by the change manager, for that commit, with a reason, for what is on show', () => {
    const nobody = { authorId: accounts.okafor, committerId: null, coAuthorIds: [] };
    const pull = aPull({ commits: [{ sha: head, ...nobody }] });
    const open = (statement: Facts['statements'][number]) =>
      readDisqualified(facts({ pull, statements: [statement] })).unattributed.length;
    const waive = says('haddad', { kind: 'waive-commit', sha: head });
    expect(open(waive)).toBe(0);
    expect(open(says('haddad', { kind: 'waive-commit', sha: 'b'.repeat(40) }))).toBe(1);
    expect(open({ ...waive, kind: 'reclassify' } as unknown as typeof waive)).toBe(1);
    expect(open({ ...waive, reason: '  ' })).toBe(1);
    expect(open({ ...waive, tuple: { ...onShow(), policyDigest: 'sha256:0' } })).toBe(1);
    expect(open({ ...waive, accountId: accounts.novak })).toBe(1);
  });
});

describe('what was on show', () => {
  const tuple = onShow();
  const stale = (at: string, given: Parameters<typeof isSameTuple>[0]) =>
    staleReason({ at, tuple: given }, { headAt: '2026-11-23T07:00:00Z', tuple });

  it('is the same only when all four parts are, and never when it is not known', () => {
    expect(isSameTuple(tuple, tuple)).toBe(true);
    expect(isSameTuple(null, tuple)).toBe(false);
    for (const part of ['headSha', 'effectDigest', 'recordDigest', 'policyDigest'] as const) {
      expect(isSameTuple({ ...tuple, [part]: 'other' }, tuple)).toBe(false);
    }
  });

  it('makes a word stale with every part that changed, in so many words', () => {
    expect(stale('2026-11-23T08:00:00Z', { ...tuple, effectDigest: 'x', policyDigest: 'y' })).toBe(
      'what would be done has changed since; roster, policies or registers have changed since',
    );
    expect(stale('2026-11-23T08:00:00Z', { ...tuple, recordDigest: 'x' })).toBe(
      'the change record has changed since',
    );
  });

  it('counts strictly after the head was pushed', () => {
    expect(stale('2026-11-23T07:00:00.001Z', tuple)).toBeNull();
    expect(stale('2026-11-23T07:00:00Z', tuple)).toBe('it was given before this head was pushed');
  });

  it('is never for another head, also one that changes nothing else', () => {
    const other = { ...tuple, headSha: 'd'.repeat(40) };
    expect(stale('2026-11-23T08:00:00Z', other)).toBe('it was given for head dddddddddd');
  });

  it('is not known when a time cannot be read or nothing was on show', () => {
    const unread = 'the time of the review or of the head cannot be read';
    expect(stale('soon', tuple)).toBe(unread);
    expect(staleReason({ at: '2026-11-23T08:00:00Z', tuple }, { headAt: 'soon', tuple })).toBe(unread);
    expect(stale('2026-11-23T08:00:00Z', null)).toContain('not known what was on show');
  });

  it('is typed as the first twelve digits of the effect', () => {
    expect(fingerprintOf({ ...tuple, effectDigest: `sha256:${'0123456789abcdef'.repeat(4)}` })).toBe(
      '0123456789ab',
    );
  });
});
