/** Each check of the gate on its own: what it refuses beyond the numbered cases, and that a crash never lets anything through. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import { evaluateApprovals } from '../../../policies/approvals.ts';
import type { Facts, Rehearsal } from '../../../policies/model/facts.ts';
import type { Plan } from '../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import { aRoster } from '../../builders/policy.ts';
import {
  aPolicy,
  aPull,
  aRisk,
  accounts,
  cleanRecord,
  facts,
  head,
  onShow,
  person,
  review,
  showing,
  veto,
} from '../world.ts';
import { atApply, check, decideApproved, failing, quorum, slot, text } from './approved.ts';

describe('a crash inside the gate', () => {
  const broken = {
    kind: 'sluice.plan',
    version: 1,
    source: 'configuration',
    get stacks(): never {
      throw new TypeError('no stacks');
    },
  } as unknown as Plan;

  it('denies in every check that needs the broken fact, and the list stays complete', () => {
    const decision = decide({ ...facts({ reviews: quorum() }), plan: broken });
    expect(decision.verdict).toBe('deny');
    expect(decision.checks).toHaveLength(12);
    for (const id of ['record', 'tuple', 'rules', 'rehearsal', 'approvals', 'window', 'freeze'] as const) {
      expect(check(decision, id)).toMatchObject({
        verdict: 'deny',
        summary: expect.stringContaining(`the ${id} check crashed`) as string,
      });
    }
    expect(decision.risk.effective).toBe('critical');
  });

  it('in one part denies in the name of that part, though everything else allows', () => {
    const strange = { ...review('iyer'), state: 'LGTM' } as unknown as Facts['reviews'][number];
    const decision = decideApproved({ reviews: [...quorum(), strange] });
    expect(failing(decision)).toEqual(['approvals']);
    expect(text(check(decision, 'approvals'))).toContain('state that is not known: LGTM');
    expect(decision.approvals.verdict).toBe('deny');
  });

  it('does not repeat what a parser failed on, which may be a secret', () => {
    const secret = {
      ...facts(),
      get evidence(): never {
        throw new SyntaxError('unexpected token s3cr3t');
      },
    };
    expect(JSON.stringify(decide(secret as unknown as Facts))).not.toContain('s3cr3t');
  });
});

describe('the ledger check', () => {
  it.each([
    ['broken', 'deny'],
    ['unverified', 'undetermined'],
  ] as const)('refuses a ledger that is %s', (state, verdict) => {
    const decision = decideApproved({ ledger: { head: null, state, reason: 'entry 7' } });
    expect(decision.verdict).toBe(verdict);
    expect(failing(decision)).toEqual(['ledger']);
    expect(check(decision, 'ledger')).toMatchObject({
      next: ['sluice ledger verify'],
      summary: expect.stringContaining('entry 7') as string,
    });
  });

  describe('with an empty ledger', () => {
    const ledger = { head: null, state: 'verified' } as const;
    const given = facts().plan;
    const first: Plan = {
      ...given,
      stacks: given.stacks.map((one) => ({ ...one, bundles: { ...one.bundles, before: null } })),
    };

    it('allows the merge of the very first change: somebody has to be first', () => {
      const decision = decideApproved({ ledger, history: [], plan: first });
      expect(check(decision, 'ledger').verdict).toBe('allow');
    });

    it('is in doubt when the facts know of an earlier release, and before an apply', () => {
      const plan = {
        ...given,
        stacks: given.stacks.map((one) => ({
          ...one,
          bundles: { ...one.bundles, before: `sha256:${'a'.repeat(64)}` },
        })),
      };
      expect(check(decideApproved({ ledger, history: [], plan }), 'ledger').verdict).toBe('undetermined');
      const applying = decideApproved(atApply({ ledger, history: [], plan: first }));
      expect(check(applying, 'ledger').verdict).toBe('undetermined');
    });
  });
});

describe('the security reviewer', () => {
  it('of a control took no part in the change', () => {
    const named = (reviewer: string, type: string) => {
      const records = [cleanRecord({ securityImpact: { assessed: true, summary: 'None.', reviewer } })];
      const plan = aPlan().updating(`${type}.www`).build();
      return text(check(decideApproved({ records, plan }), 'rules'));
    };
    const tookPart = 'the security reviewer r.okafor opened the pull request';
    expect(named('r.okafor', 'cloudflare_access_rule')).toContain(tookPart);
    expect(named('t.berg', 'cloudflare_access_rule')).not.toContain('the security reviewer');
    expect(named('r.okafor', 'cloudflare_dns_record')).not.toContain('the security reviewer');
  });
});

const rehearsed = (parts: Partial<Rehearsal>) => {
  const [proven] = facts().rehearsals;
  return check(
    decideApproved({ rehearsals: proven === undefined ? [] : [{ ...proven, ...parts }] }),
    'rehearsal',
  );
};

const irreversible = (irreversibleReason?: string) =>
  cleanRecord({
    rollback: {
      strategy: 'not-possible',
      steps: [],
      triggers: [],
      ...(irreversibleReason === undefined ? {} : { irreversibleReason }),
    },
  });

const verdictIrreversible = (reason?: string) =>
  check(decideApproved({ records: [irreversible(reason)], rehearsals: [] }), 'rehearsal').verdict;

describe('the rehearsal check', () => {
  it.each<[string, Partial<Rehearsal>, string]>([
    ['of another stack', { stack: 'acme-staging' }, 'was not rehearsed'],
    ['of another plan', { effectDigest: `sha256:${'9'.repeat(64)}` }, 'rehearsed for another plan only'],
    [
      'that failed',
      { result: 'failed', reason: 'cloudflare_zone.a differs' },
      'failed: cloudflare_zone.a differs',
    ],
    ['that did not run', { result: 'not-run' }, 'did not run'],
    ['that took longer than promised', { rollbackSeconds: 901 }, 'took 901 s; the record promises 15 min'],
  ])('refuses a rehearsal %s', (_name, parts, reason) => {
    expect(rehearsed(parts)).toMatchObject({
      verdict: 'deny',
      summary: expect.stringContaining(reason) as string,
    });
  });

  it('refuses when one of several results is not a proof', () => {
    const [proven] = facts().rehearsals;
    const both = proven === undefined ? [] : [proven, { ...proven, result: 'failed' as const }];
    expect(check(decideApproved({ rehearsals: both }), 'rehearsal').verdict).toBe('deny');
    expect(rehearsed({}).verdict).toBe('allow');
  });

  it('needs none when no rollback is possible and the record says why', () => {
    expect(verdictIrreversible('the old key is destroyed')).toBe('allow');
    expect(verdictIrreversible(' ')).toBe('deny');
    expect(verdictIrreversible()).toBe('deny');
  });
});

const waived = (approvedBy: string) =>
  cleanRecord({
    waivers: [
      {
        rule: 'dns-proxied-kept',
        subject: 'acme-production/cloudflare_dns_record.www',
        reason: 'The vendor needs the address in the open.',
        approvedBy,
        expires: '2026-12-31T00:00:00Z',
      },
    ],
  });

describe('the rules check', () => {
  const plan = aPlan()
    .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ proxied: false }))
    .withZoneTotals('shop.example', 60)
    .build();
  const people = ['haddad', 'novak', 'osei'] as const;
  const rules = (parts: Partial<Facts>, who: readonly (typeof people)[number][]) =>
    check(
      decide(
        facts({
          plan,
          ...parts,
          reviews: showing(
            { plan, ...parts },
            who.map((name) => review(name)),
          ),
        }),
      ),
      'rules',
    );

  it('refuses what a rule denies, with its fix', () => {
    const result = rules({}, people);
    expect(result.verdict).toBe('deny');
    expect(result.summary).toContain('dns-proxied-kept on acme-production/cloudflare_dns_record.www');
    expect(result.next[0]).toBeTruthy();
  });

  it('believes a waiver only when the person it names has approved this very change', () => {
    expect(rules({ records: [waived('s.haddad')] }, people).verdict).toBe('allow');
    const absent = rules({ records: [waived('s.haddad')] }, ['novak', 'osei']);
    expect(absent).toMatchObject({ verdict: 'deny', next: ['ask s.haddad to approve it'] });
    expect(rules({ records: [waived('b.osei')] }, people).verdict).toBe('deny');
  });
});

const onMonday = (window: string) =>
  check(
    decideApproved({ records: [slot('2026-12-07T20:00:00Z', '2026-12-07T22:00:00Z', window)] }),
    'window',
  );

const slotUntil = (end: string) =>
  check(decideApproved({ records: [slot('2026-12-07T22:15:00Z', end, 'acme-weeknight')] }), 'window');

describe('the window check', () => {
  it('wants the slot to start in the window that the record names', () => {
    expect(onMonday('acme-weeknight').verdict).toBe('allow');
    expect(onMonday('acme-sunday').summary).toContain('does not fit into an agreed window');
    expect(onMonday('acme-someday').summary).toContain('has no window acme-someday');
  });

  it('wants a rollback to fit, and the steps into the slot', () => {
    expect(slotUntil('2026-12-07T22:45:00Z').verdict).toBe('allow');
    expect(slotUntil('2026-12-07T22:44:00Z').summary).toContain('the steps take longer than the slot');
    const late = check(
      decideApproved({ records: [slot('2026-12-07T22:16:00Z', '2026-12-07T22:46:00Z', 'acme-weeknight')] }),
      'window',
    );
    expect(late.summary).toContain('with 15 min for a rollback does not fit');
    expect(late.next[0]).toContain('the next one opens at 2026-12-08T20:00:00Z');
  });

  it('refuses at apply before the agreed slot, though a window is open', () => {
    const record = slot('2026-12-07T21:00:00Z', '2026-12-07T22:00:00Z', 'acme-weeknight');
    expect(check(decide(facts(atApply({ records: [record] }))), 'window').summary).toBe(
      'the agreed slot starts at 2026-12-07T21:00:00Z',
    );
  });
});

describe('the record check', () => {
  it('refuses a record of another client, and a stack that nobody named or knows', () => {
    const other = check(decideApproved({ records: [cleanRecord({ client: 'borough' })] }), 'record');
    expect(other.summary).toContain('is a record of borough; stack acme-production belongs to acme');
    const unnamed = check(decideApproved({ records: [cleanRecord({ stacks: ['acme-staging'] })] }), 'record');
    expect(unnamed.summary).toContain('stack acme-production changes and is not in `stacks`');
    const unknown = check(decideApproved({ policy: aPolicy({ registers: [] }) }), 'record');
    expect(unknown.summary).toContain('is in no service register');
  });
});

describe('approvals beyond the numbered cases', () => {
  it('at critical risk need the typed fingerprint of the effect, the whole board and the client', () => {
    const typed = onShow().effectDigest.slice(7, 19);
    const people = ['haddad', 'novak', 'iyer', 'marsh', 'ortiz'] as const;
    const given = (fingerprint: string | null) =>
      evaluateApprovals(
        facts({ reviews: people.map((who) => review(who, { fingerprint })) }),
        aRisk('critical'),
      );
    expect(given(typed)).toMatchObject({ verdict: 'allow', required: 5, given: 5 });
    expect(given('000000000000')).toMatchObject({ verdict: 'deny', given: 0 });
    expect(given(null).reviewers[0]?.wouldCountIf).toContain(`type ${typed} in the review`);
  });

  it('disqualify a committer and the owner of the record', () => {
    const commits = [{ sha: head, authorId: accounts.okafor, committerId: accounts.osei, coAuthorIds: [] }];
    const committed = evaluateApprovals(
      facts({ pull: aPull({ commits }), reviews: quorum() }),
      aRisk('medium'),
    );
    expect(committed.reviewers[1]?.reason).toContain('committed aaaaaaaaaa');
    const parts = { records: [cleanRecord({ owner: 'j.novak' })] };
    const owned = evaluateApprovals(facts({ ...parts, reviews: showing(parts, quorum()) }), aRisk('medium'));
    expect(owned.reviewers[0]?.reason).toContain('is the owner of CHG-2026-0042');
  });

  it('of an account that two people claim are nobody’s, and its veto stands', () => {
    const parts = {
      policy: aPolicy({ roster: { people: [...aRoster().people, person('x.twin', accounts.novak, 'cab')] } }),
    };
    const judged = (...reviews: Facts['reviews']) =>
      evaluateApprovals(facts({ ...parts, reviews: showing(parts, reviews) }), aRisk('medium'));
    expect(judged(...quorum())).toMatchObject({ verdict: 'deny', openSeats: ['cab'] });
    expect(judged(review('iyer'), review('osei'), veto('novak'))).toMatchObject({
      verdict: 'deny',
      openSeats: [],
    });
  });

  it('name each next step: who could approve, and the command that decides again', () => {
    const { next } = check(decide(facts()), 'approvals');
    expect(next).toContain('missing: 1 x cab; s.haddad, j.novak or p.iyer could give it');
    expect(next.at(-1)).toBe('sluice gate --pr 42');
  });

  it('are all judged, and each gets a line, however many reviews and commits there are', () => {
    const stranger = review(20_000);
    const crowd = Array.from({ length: 5000 }, (_, index) => ({
      ...stranger,
      id: 100_000 + index,
      accountId: 20_000 + index,
    }));
    const commits = Array.from({ length: 250 }, (_, index) => ({
      sha: String(index).padStart(10, '0').padEnd(40, 'f'),
      authorId: accounts.okafor,
      committerId: index === 249 ? accounts.iyer : accounts.okafor,
      coAuthorIds: [],
    }));
    const judged = (...reviews: Facts['reviews']) =>
      evaluateApprovals(
        facts({ pull: aPull({ commits }), reviews: [...crowd, ...reviews] }),
        aRisk('medium'),
      );
    const approvals = judged(...quorum());
    expect(approvals).toMatchObject({ verdict: 'allow', given: 2 });
    expect(approvals.reviewers).toHaveLength(5002);
    expect(approvals.reviewers.filter(({ counted }) => counted !== null).map(({ login }) => login)).toEqual([
      'novak',
      'osei',
    ]);
    expect(judged(...quorum(), veto('berg'))).toMatchObject({ verdict: 'deny', given: 2 });
    const last = judged(review('iyer'), review('osei'));
    expect(last).toMatchObject({ verdict: 'deny', openSeats: ['cab'] });
    expect(last.reviewers.find(({ login }) => login === 'iyer')?.reason).toContain('committed 0000000249');
  });
});
