/**
 * The numbered cases of approval semantics that the whole gate answers from pull request, record and proof. What only an
 * adapter or the release can show is in the table at the end, with its place.
 */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { aPlan } from '../../builders/plan.ts';
import { aRegister } from '../../builders/policy.ts';
import {
  aPolicy,
  aPull,
  accounts,
  cleanRecord,
  facts,
  head,
  onShow,
  review,
  rosterWith,
  says,
  showing,
  tupleOf,
} from '../world.ts';
import { atApply, check, decideApproved, failing, quorum, text } from './approved.ts';

describe('the honest change', () => {
  it('is allowed before the merge and at apply', () => {
    expect(failing(decideApproved())).toEqual([]);
    expect(decideApproved().verdict).toBe('allow');
    expect(failing(decide(facts(atApply())))).toEqual([]);
  });

  it('has all checks of the fixed list, in order', () => {
    expect(decideApproved().checks.map(({ id }) => id)).toEqual([
      'ledger',
      'pull',
      'proposal',
      'record',
      'tuple',
      'rules',
      'rehearsal',
      'approvals',
      'window',
      'freeze',
      'emergency',
      'catalogue',
    ]);
  });
});

const closedBy = (who: 'lind' | 'osei', at = '2026-11-23T08:40:00Z') =>
  says(who, { kind: 'condition-closed', condition: 'C1' }, { at });

describe('pull request and record', () => {
  it('case 39: a run that goes on is decided again: same tuple and in time it goes on, else not', () => {
    const started = { applyStartedAt: '2026-12-07T20:00:00Z' };
    expect(decide(facts(atApply(started))).verdict).toBe('allow');
    const moved = {
      ...atApply(started),
      tuple: { ...onShow(atApply(started)), effectDigest: `sha256:${'0'.repeat(64)}` },
    };
    expect(failing(decide(facts(moved)))).toEqual(['tuple', 'approvals']);
    expect(failing(decide(facts(atApply({ ...started, now: '2026-12-07T20:31:00Z' }))))).toEqual(['window']);
  });

  it('case 42: what was merged past the gate is refused at apply as an unauthorised change', () => {
    const decision = decide(facts(atApply({ reviews: [] })));
    expect(decision.verdict).toBe('deny');
    expect(check(decision, 'approvals').summary).toContain(
      'unauthorised change: merged without valid approvals',
    );
  });

  it('case 43: a direct push has no pull request and is refused', () => {
    const decision = decide(facts({ ...atApply({ reviews: [] }), pull: null }));
    expect(failing(decision)).toEqual(expect.arrayContaining(['pull', 'tuple', 'approvals']));
    expect(check(decision, 'pull').summary).toContain('an unauthorised change');
  });

  it.each([
    ['differs', 'deny', 'holds something nobody approved'],
    ['unknown', 'undetermined', 'not known whether merge'],
  ] as const)('case 44: a merge whose tree %s is refused', (tree, verdict, reason) => {
    const merge = { at: '2026-12-07T12:00:00Z', sha: 'e'.repeat(40), tree };
    const given = atApply();
    const decision = decide(facts({ ...given, pull: aPull({ ...given.pull, merge }) }));
    expect(decision.verdict).toBe(verdict);
    expect(check(decision, 'pull').summary).toContain(reason);
  });

  it('case 47: several records in one pull request are refused', () => {
    const decision = decideApproved({ records: [cleanRecord(), cleanRecord({ id: 'CHG-2026-0043' })] });
    expect(check(decision, 'record')).toMatchObject({ verdict: 'deny' });
    expect(text(check(decision, 'record'))).toContain('2 change records: CHG-2026-0042, CHG-2026-0043');
    expect(decision.changeId).toBeNull();
  });

  it('case 48: no record is refused; a record without changes only as an administrative one', () => {
    expect(text(check(decideApproved({ records: [] }), 'record'))).toContain('sluice new');
    const empty = aPlan()
      .inStack('acme-production', { bundles: { before: 'sha256:x', after: 'sha256:x' } })
      .build();
    expect(check(decideApproved({ plan: empty }), 'record').summary).toContain('the plan is empty');
    const administrative = cleanRecord({ kind: 'Administrative' });
    expect(check(decideApproved({ plan: empty, records: [administrative] }), 'record').verdict).toBe('allow');
    expect(check(decideApproved({ records: [administrative] }), 'record').summary).toContain(
      'the plan is not empty',
    );
  });

  it('case 49: many reviews are all judged, and part of a list decides nothing', () => {
    const crowd = Array.from({ length: 300 }, (_, index) => review(20_000 + index, { state: 'COMMENTED' }));
    expect(decideApproved({ reviews: [...crowd, ...quorum()] }).verdict).toBe('allow');
    for (const list of ['commits', 'files', 'reviews'] as const) {
      const complete = { commits: true, files: true, reviews: true, [list]: false };
      const decision = decideApproved({ pull: aPull({ complete }) });
      expect(decision.verdict).toBe('undetermined');
      expect(failing(decision)).toEqual(['pull', 'approvals']);
    }
  });

  it('case 50: a draft is not merged, and what was approved while it was one counts afterwards', () => {
    expect(failing(decideApproved({ pull: aPull({ draft: true }) }))).toEqual(['pull']);
    expect(decideApproved({ pull: aPull({ draft: false }) }).verdict).toBe('allow');
  });

  it('case 51: a fork is refused', () => {
    const decision = decideApproved({ pull: aPull({ fork: true }) });
    expect(failing(decision)).toEqual(['pull']);
    expect(check(decision, 'pull').summary).toContain('comes from a fork');
  });

  it.each([
    'policies/roster.yaml',
    '.github/workflows/gate.yml',
    'scripts/cli/main.ts',
    'stacks/clients/acme/service.yaml',
  ])(
    'case 52: a pull request that changes %s is apart from infrastructure and needs the process owner',
    (path) => {
      const mixed = decideApproved({
        pull: aPull({ changedFiles: [path, 'stacks/clients/acme/production.ts'] }),
      });
      expect(check(mixed, 'pull').summary).toContain(`together with ${path}`);
      expect(mixed.approvals.openSeats).toContain('process-owner');
      const plan = aPlan()
        .inStack('acme-production', { bundles: { before: 'sha256:x', after: 'sha256:x' } })
        .build();
      const apart: Partial<Facts> = {
        plan,
        records: [cleanRecord({ kind: 'Administrative' })],
        pull: aPull({ changedFiles: [path] }),
      };
      const people = ['haddad', 'novak', 'osei', 'quist'] as const;
      const given = (who: readonly (typeof people)[number][]) =>
        decide(
          facts({
            ...apart,
            reviews: showing(
              apart,
              who.map((name) => review(name)),
            ),
          }),
        ).approvals;
      expect(given(people).verdict).toBe('allow');
      expect(given(people.slice(0, 3)).openSeats).toEqual(['process-owner']);
    },
  );

  it('case 19: a pull request into another branch than the one releases are made from is refused', () => {
    expect(check(decideApproved({ pull: aPull({ baseBranch: 'hotfix' }) }), 'pull').summary).toContain(
      'goes into hotfix',
    );
  });

  it('case 56: time alone turns a verdict', () => {
    const reviews = showing({}, quorum());
    expect(decide(facts({ reviews })).verdict).toBe('allow');
    expect(failing(decide(facts({ reviews, now: '2026-12-01T09:00:00Z' })))).toEqual(['approvals']);
    expect(failing(decide(facts({ reviews, now: '2026-12-08T09:00:00Z' })))).toContain('window');
  });

  it('case 70: conditions block until their named closer has closed them', () => {
    const condition = says('iyer', { kind: 'condition', condition: 'C1', closer: 'm.lind' });
    expect(failing(decideApproved({ statements: [condition] }))).toEqual(['approvals']);
    expect(text(check(decideApproved({ statements: [condition] }), 'approvals'))).toContain(
      'm.lind closes it',
    );
    expect(decideApproved({ statements: [condition, closedBy('lind')] }).verdict).toBe('allow');
    expect(decideApproved({ statements: [condition, closedBy('osei')] }).verdict).toBe('deny');
    expect(
      decideApproved({ statements: [condition, closedBy('lind', '2026-11-23T08:20:00Z')] }).verdict,
    ).toBe('deny');
    const outsider = { ...condition, accountId: 9999 };
    expect(decideApproved({ statements: [outsider] }).verdict).toBe('allow');
  });

  it('case 71: a client may agree in writing, entered by somebody who took no part', () => {
    const parts: Partial<Facts> = {
      policy: aPolicy({ registers: [aRegister({ clientApprovalRequired: true })] }),
      records: [cleanRecord({ risk: { declared: 'high' }, rollout: { kind: 'staged', stages: ['www'] } })],
      pull: aPull({ changedFiles: [...aPull().changedFiles, 'changes/acme/evidence/mail.eml'] }),
    };
    const reviews = showing(parts, [review('haddad'), review('novak'), review('osei')]);
    const digest = `sha256:${'4'.repeat(64)}`;
    const evidence = (by: number, actual: string | null = digest) => ({
      kind: 'client-approval' as const,
      client: 'acme',
      path: 'changes/acme/evidence/mail.eml',
      recordedDigest: digest,
      actualDigest: actual,
      enteredById: by,
      enteredAt: '2026-11-23T08:30:00Z',
      tuple: onShow(parts),
    });
    const approvals = (extra: Partial<Facts>) => decide(facts({ ...parts, reviews, ...extra })).approvals;
    expect(approvals({})).toMatchObject({ verdict: 'deny', openSeats: ['client-approver'] });
    expect(approvals({ evidence: [evidence(accounts.dunne)] })).toMatchObject({
      verdict: 'allow',
      required: 4,
      given: 4,
    });
    expect(approvals({ evidence: [evidence(accounts.lind)] }).openSeats).toEqual(['client-approver']);
    expect(approvals({ evidence: [evidence(9999)] }).openSeats).toEqual(['client-approver']);
    expect(approvals({ evidence: [{ ...evidence(accounts.dunne), client: 'borough' }] }).openSeats).toEqual([
      'client-approver',
    ]);
    expect(approvals({ evidence: [{ ...evidence(accounts.dunne), tuple: null }] }).openSeats).toEqual([
      'client-approver',
    ]);
    expect(
      approvals({ evidence: [{ ...evidence(accounts.dunne), enteredAt: '2026-11-01T08:30:00Z' }] }).openSeats,
    ).toEqual(['client-approver']);
    expect(approvals({ reviews: [...reviews, ...showing(parts, [review('ortiz')])] }).verdict).toBe('allow');
    expect(approvals({ reviews: [...reviews, ...showing(parts, [review('frost')])] }).openSeats).toEqual([
      'client-approver',
    ]);
  });

  it('case 72: evidence that is not the file recorded is a hard stop', () => {
    const file = {
      kind: 'other' as const,
      client: null,
      path: 'evidence/test.log',
      recordedDigest: `sha256:${'4'.repeat(64)}`,
      enteredById: accounts.dunne,
      enteredAt: '2026-11-23T08:30:00Z',
      tuple: null,
    };
    const withFile = (actualDigest: string | null) =>
      decideApproved({ evidence: [{ ...file, actualDigest }] });
    expect(withFile(file.recordedDigest).verdict).toBe('allow');
    for (const actual of [`sha256:${'5'.repeat(64)}`, null]) {
      expect(failing(withFile(actual))).toEqual(['ledger']);
      expect(check(withFile(actual), 'ledger').summary).toContain('a security incident');
    }
  });
});

describe('a head that two pull requests have', () => {
  it('case 46: is refused in both, because a verdict is about the commit', () => {
    const pull = aPull({ sharesHeadWith: [31] });
    const decision = decideApproved({ pull });
    expect(failing(decision)).toEqual(['pull']);
    expect(text(check(decision, 'pull'))).toContain(`close one of ${String(pull.number)} and 31`);
  });

  it('case 46: holds nothing back once the change was merged: anybody can open a pull request with its head', () => {
    const merge = { at: '2026-11-23T08:59:00Z', sha: 'e'.repeat(40), tree: 'same' } as const;
    const merged = aPull({ state: 'merged', merge, sharesHeadWith: [31] });
    expect(check(decideApproved({ moment: 'apply', pull: merged }), 'pull').verdict).toBe('allow');
  });
});

describe('what moves between approval and decision', () => {
  it('case 18: title, body and labels are not in the facts, so nothing can be decided from them', () => {
    const pull = { ...aPull(), title: 'emergency', labels: ['emergency', 'approved'], body: '/approve' };
    expect(decide(facts({ pull })).approvals.given).toBe(0);
    expect(tupleOf(facts({ pull }))).toEqual(tupleOf(facts()));
  });

  it.each(['headSha', 'effectDigest', 'recordDigest', 'policyDigest'] as const)(
    'a tuple with another %s is refused',
    (part) => {
      const tuple = { ...onShow(), [part]: part === 'headSha' ? 'd'.repeat(40) : `sha256:${'0'.repeat(64)}` };
      const decision = decide(facts({ tuple, reviews: quorum().map((each) => ({ ...each, tuple })) }));
      expect(failing(decision)).toContain('tuple');
      expect(check(decision, 'tuple').reasons[0]).toContain(part);
    },
  );

  it('a roster that changed after the approvals voids them', () => {
    const policy = aPolicy({ roster: rosterWith('t.berg', { accounts: [1006, 2006] }) });
    expect(failing(decide(facts({ policy, reviews: quorum() })))).toEqual(['approvals']);
    expect(head).toHaveLength(40);
  });
});
