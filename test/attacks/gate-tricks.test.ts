/** Ways to an `allow` that nobody gave. Every attack begins with the honest change, which is allowed. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../policies/gate.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import { allRules } from '../../policies/registry.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { check, decideApproved, failing, quorum } from '../policies/gate/approved.ts';
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
  showing,
} from '../policies/world.ts';
import { aRuleInput } from '../builders/facts.ts';
import { aRecordOf, bundleWith, decisionOn, moved, planTo, stackPlan, stoppedBy, zoneId } from './estate.ts';

const approved = (): Facts =>
  facts({ plan: planTo(bundleWith(moved)), reviews: showing({ plan: planTo(bundleWith(moved)) }, quorum()) });

describe('approved for one thing, decided on another', () => {
  it('is not the honest case', () => {
    expect(decide(approved()).verdict).toBe('allow');
  });

  it.each<[string, (given: Facts) => Partial<Facts>]>([
    ['another plan', () => ({ plan: planTo(bundleWith(aRecordOf('www', '198.51.100.66'))) })],
    ['a plan without the stack', (given) => ({ plan: { ...given.plan, stacks: [] } })],
    [
      'a plan with one stack more',
      (given) => ({
        plan: assemblePlan(
          [
            ...given.plan.stacks,
            diffBundles({
              stack: 'acme-staging',
              before: null,
              after: canonicalBundle('acme-staging', {
                resource: { cloudflare_dns_record: { x: aRecordOf('x', '192.0.2.1') } },
              }),
            }),
          ],
          'configuration',
        ),
      }),
    ],
    [
      'a stack counted twice',
      (given) => ({ plan: { ...given.plan, stacks: [...given.plan.stacks, ...given.plan.stacks] } }),
    ],
    [
      'the changes left out',
      (given) => ({
        plan: { ...given.plan, stacks: given.plan.stacks.map((each) => ({ ...each, changes: [] })) },
      }),
    ],
    [
      'another stack under the same name',
      (given) => ({
        plan: {
          ...given.plan,
          stacks: given.plan.stacks.map((each) => ({ ...each, stack: 'acme-staging' })),
        },
      }),
    ],
    ['another record', () => ({ records: [cleanRecord({ type: 'emergency' })] })],
    [
      'a friendlier roster',
      () => ({
        policy: aPolicy({ roster: rosterWith('b.osei', { seats: [{ seat: 'cab', from: '2025-01-01' }] }) }),
      }),
    ],
    ['another head', () => ({ pull: aPull({ headSha: 'd'.repeat(40) }) })],
    ['another head in the tuple', (given) => ({ tuple: { ...given.tuple, headSha: 'd'.repeat(40) } })],
    ['no pull request', () => ({ pull: null })],
    ['no record', () => ({ records: [] })],
    ['two records', (given) => ({ records: [...given.records, ...given.records] })],
  ])('%s', (_, edit) => {
    const given = approved();
    expect(decide({ ...given, ...edit(given) }).verdict).not.toBe('allow');
  });

  it('a tuple that was moved along without asking anybody again', () => {
    const plan = planTo(bundleWith(aRecordOf('www', '198.51.100.66')));
    const decision = decide({ ...approved(), plan, tuple: onShow({ plan }) });
    expect(failing(decision)).toEqual(expect.arrayContaining(['approvals', 'rehearsal']));
  });
});

describe('one person with two voices', () => {
  it('is not two people', () => {
    expect(decideApproved({ reviews: showing({}, [review('novak'), review('osei')]) }).verdict).toBe('allow');
  });

  it.each([
    ['their second account', [review('osei'), review('oseiSecond')]],
    ['the author under another head', [review('novak'), review('okafor')]],
    ['the implementer', [review('novak'), review('lind')]],
    ['the same review twice', [review('novak'), review('novak')]],
    ['an account nobody knows', [review('novak'), review(4711)]],
  ])('by %s', (_, reviews) => {
    expect(failing(decideApproved({ reviews: showing({}, reviews) }))).toContain('approvals');
  });

  it('by an account that the roster gives to two people', () => {
    const shared = rosterWith('j.novak', { accounts: [accounts.novak, accounts.osei] });
    const policy = aPolicy({ roster: shared });
    expect(failing(decideApproved({ policy, reviews: showing({ policy }, quorum()) }))).toContain(
      'approvals',
    );
  });
});

const waiver = (approvedBy: string, subject: string) => [
  cleanRecord({
    waivers: [
      {
        rule: 'dns-proxied-kept',
        subject,
        approvedBy,
        reason: 'mail server behind this name until Friday',
        expires: '2026-12-20T00:00:00Z',
      },
    ],
  }),
];

describe('a waiver that its author wrote alone', () => {
  const plan = planTo(bundleWith(aRecordOf('www', '192.0.2.20', { proxied: false })));
  const said = (approvedBy: string, subject = 'acme-production/cloudflare_dns_record.www') => {
    const parts = { plan, records: waiver(approvedBy, subject) };
    return decideApproved({
      ...parts,
      reviews: showing(parts, [review('novak'), review('osei'), review('berg'), review('haddad')]),
    });
  };

  it('is not one of an approver', () => {
    expect(check(said('j.novak'), 'rules').verdict).toBe('allow');
  });

  it.each([
    ['in the name of somebody who did not approve', 'p.iyer', undefined],
    ['in the name of an engineer', 'b.osei', undefined],
    ['in the own name', 'r.okafor', undefined],
    ['for everything', 'j.novak', '*'],
    ['for the whole stack', 'j.novak', 'acme-production/*'],
    ['for a star in the middle', 'j.novak', 'acme-production/*.www'],
    ['for a resource whose name only begins so', 'j.novak', 'acme-production/cloudflare_dns_record.ww'],
  ])('%s', (_, approvedBy, subject) => {
    expect(check(said(approvedBy, subject), 'rules').verdict).not.toBe('allow');
  });
});

describe('a set of rules that does not look', () => {
  it('is refused when it is empty', () => {
    expect(evaluateRules([], aRuleInput()).verdict).toBe('deny');
    expect(evaluateRules(allRules, aRuleInput()).outcomes.length).toBeGreaterThan(allRules.length);
  });

  it('stays a deny when facts make the code crash', () => {
    const broken = { ...approved(), history: null } as unknown as Facts;
    expect(decide(broken).verdict).toBe('deny');
  });
});

describe('a change of another client', () => {
  it('is refused under this client’s record', () => {
    const plan = {
      ...planTo(bundleWith(moved)),
      stacks: [{ ...stackPlan(bundleWith(moved)), stack: 'borough-production' }],
    };
    expect(failing(decisionOn(plan))).toEqual(expect.arrayContaining(['record', 'rules']));
  });
});

describe('a head that was pushed after the approval', () => {
  it.each([
    ['at the same second', { headAt: '2026-11-23T08:00:00Z' }],
    ['later', { headAt: '2026-11-23T08:30:00Z' }],
    ['at a time that is none', { headAt: 'soon' }],
  ])('%s', (_, parts) => {
    expect(decideApproved().verdict).toBe('allow');
    expect(failing(decideApproved({ pull: aPull({ headSha: head, ...parts }) }))).toContain('approvals');
  });
});

describe('a list that loses its protection', () => {
  it('asks for more people when custom rules are emptied', () => {
    const rules = [
      {
        ref: 'a',
        description: 'admin',
        action: 'block',
        enabled: true,
        expression: '(http.request.uri.path contains "/admin")',
      },
    ];
    const waf = (list: typeof rules) => ({
      cloudflare_ruleset: {
        waf: { zone_id: zoneId, kind: 'zone', phase: 'http_request_firewall_custom', name: 'c', rules: list },
      },
    });
    const www = aRecordOf('www', '192.0.2.10');
    const decision = decisionOn(planTo(bundleWith(www, waf([])), bundleWith(www, waf(rules))), 'waf');
    expect(decision.risk.needsSecurityReview).toBe(true);
    expect([failing(decision), stoppedBy(decision)]).toEqual([['approvals'], []]);
  });
});
