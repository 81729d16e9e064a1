import { describe, expect, it } from 'vitest';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { Finding, Rule, RuleReport, RuleResult } from '../../policies/model/finding.ts';
import type { Waiver } from '../../policies/model/record.ts';
import { noTraffic } from '../../policies/model/traffic.ts';
import { allRules } from '../../policies/registry.ts';
import { waiverChecks } from '../../policies/waivers.ts';
import { aRuleInput } from '../builders/facts.ts';
import { aPlan } from '../builders/plan.ts';
import { aRecord } from '../builders/record.ts';

function aRule(id: string, result: RuleResult | (() => RuleResult), parts: Partial<Rule> = {}): Rule {
  return {
    id,
    title: 'A rule',
    area: 'plan',
    severity: 'deny',
    why: 'because',
    fix: 'do it',
    since: '2026-11-23',
    source: 'test',
    waivable: true,
    evaluate: typeof result === 'function' ? result : () => result,
    ...parts,
  };
}

const passing: RuleResult = { kind: 'judged', observations: [], doubts: [] };
const idle: RuleResult = { kind: 'not-applicable', reason: 'nothing to see' };
const www = 'acme-production/cloudflare_dns_record.www';
function objecting(...subjects: readonly string[]): RuleResult {
  return {
    kind: 'judged',
    observations: subjects.map((subject) => ({ subject, seen: 'x', required: 'y' })),
    doubts: [],
  };
}
function doubting(...subjects: readonly string[]): RuleResult {
  return {
    kind: 'judged',
    observations: [],
    doubts: subjects.map((subject) => ({ subject, doubt: 'not known' })),
  };
}
function objectingAndDoubting(): RuleResult {
  return {
    kind: 'judged',
    observations: [{ subject: www, seen: 'x', required: 'y' }],
    doubts: [{ subject: 'other', doubt: 'not known' }],
  };
}
const waiver: Waiver = {
  rule: 'r-one',
  subject: www,
  reason: 'Agreed with the client for the migration week.',
  approvedBy: 't.berg',
  expires: '2026-12-20T00:00:00Z',
};
function run(rules: readonly Rule[], waivers: readonly Waiver[] = []): RuleReport {
  return evaluateRules(rules, aRuleInput({ record: aRecord({ waivers }) }));
}
function ids(findings: readonly Finding[]): readonly string[] {
  return findings.map((finding) => finding.ruleId);
}

describe('the verdict', () => {
  it('allows when a rule looked and found nothing', () => {
    expect(run([aRule('r-one', passing), aRule('r-two', idle)]).verdict).toBe('allow');
  });

  it('allows with a warning', () => {
    expect(run([aRule('r-one', objecting(www), { severity: 'warn' })]).verdict).toBe('allow');
  });

  it('denies for one objection among many passes', () => {
    expect(
      run([aRule('r-one', passing), aRule('r-two', objecting(www)), aRule('r-x', passing)]).verdict,
    ).toBe('deny');
  });

  it('is undetermined for one doubt among many passes', () => {
    expect(run([aRule('r-one', passing), aRule('r-two', doubting(www))]).verdict).toBe('undetermined');
  });

  it('denies rather than doubts when there are both', () => {
    expect(run([aRule('r-one', objecting(www)), aRule('r-two', doubting(www))]).verdict).toBe('deny');
  });

  it('denies when there are no rules', () => {
    const report = run([]);
    expect(report.verdict).toBe('deny');
    expect(report.findings[0]).toMatchObject({ ruleId: 'rule-registry', seen: 'there are no rules' });
  });

  it('denies when no rule applied', () => {
    const report = run([aRule('r-one', idle), aRule('r-two', idle)]);
    expect(report.verdict).toBe('deny');
    expect(report.findings[0]?.seen).toBe('no rule applies to this change');
  });

  it('denies when two rules have one id, also when both pass', () => {
    const report = run([aRule('r-one', passing), aRule('r-one', passing)]);
    expect(report.verdict).toBe('deny');
    expect(report.findings[0]?.seen).toContain('r-one');
  });

  it('denies when a rule takes the id of a waiver check', () => {
    expect(run([aRule('waiver-unused', passing)]).verdict).toBe('deny');
  });
});

describe('a rule that crashes', () => {
  const crashing = aRule('r-one', () => {
    throw new TypeError('boom');
  });

  it('is a finding of its own and denies', () => {
    const report = run([crashing, aRule('r-two', passing)]);
    expect(report.verdict).toBe('deny');
    expect(report.findings).toMatchObject([
      { ruleId: 'rule-error/r-one', severity: 'deny', seen: 'TypeError: boom' },
    ]);
    expect(report.outcomes).toContainEqual({ ruleId: 'r-one', kind: 'crashed', reason: 'TypeError: boom' });
  });

  it.each(['r-one', 'rule-error/r-one'])('is not hidden by a waiver for %s', (rule) => {
    for (const subject of ['rule/r-one', www]) {
      const report = run([crashing], [{ ...waiver, rule, subject }]);
      expect(report.verdict).toBe('deny');
      expect(
        report.findings.find((finding) => finding.ruleId === 'rule-error/r-one')?.waivedBy,
      ).toBeUndefined();
    }
  });

  it('does not keep the others from being evaluated', () => {
    expect(ids(run([crashing, aRule('r-two', objecting(www))]).findings)).toContain('r-two');
  });

  it('does not quote a parser, whose message may quote a secret', () => {
    const report = run([
      aRule('r-one', () => {
        JSON.parse('{"token": hunter2hunter2}');
        return passing;
      }),
    ]);
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });

  it.each([
    ['nothing', undefined],
    ['an unheard-of kind', { kind: 'fine' }],
    ['a boolean', true],
  ])('counts an answer that is %s as a crash', (_, answer) => {
    const report = run([aRule('r-one', () => answer as unknown as RuleResult)]);
    expect(report.verdict).toBe('deny');
    expect(report.outcomes).toContainEqual(expect.objectContaining({ ruleId: 'r-one', kind: 'crashed' }));
  });

  it('counts a thrown value that is not an error', () => {
    const report = run([
      aRule('r-one', () => {
        // eslint-disable-next-line typescript/only-throw-error
        throw 'a text';
      }),
    ]);
    expect(report.findings[0]?.ruleId).toBe('rule-error/r-one');
  });

  it('counts a plan that cannot be read as a crash of every rule', () => {
    const broken = { ...aPlan().build(), stacks: [null] } as unknown as ReturnType<typeof aRuleInput>['plan'];
    const report = evaluateRules(allRules, aRuleInput({ plan: broken, traffic: noTraffic }));
    expect(report.verdict).toBe('deny');
    expect(report.outcomes.filter((outcome) => outcome.kind === 'crashed').length).toBe(allRules.length);
  });
});

describe('outcomes', () => {
  it('names every rule of the registry and every waiver check exactly once, sorted', () => {
    const report = evaluateRules(allRules, aRuleInput());
    const expected = [...allRules.map((rule) => rule.id), ...Object.keys(waiverChecks)].toSorted();
    expect(report.outcomes.map((outcome) => outcome.ruleId)).toEqual(expected);
  });

  it('gives the reason why a rule does not apply', () => {
    expect(run([aRule('r-one', idle), aRule('r-two', passing)]).outcomes).toContainEqual({
      ruleId: 'r-one',
      kind: 'not-applicable',
      reason: 'nothing to see',
    });
  });

  it('names what cannot be told, the first ten in full', () => {
    const subjects = Array.from({ length: 12 }, (_, n) => `s${n}`);
    const outcome = run([aRule('r-one', doubting(...subjects))]).outcomes.find(
      (one) => one.ruleId === 'r-one',
    );
    expect(outcome?.kind).toBe('undetermined');
    expect(outcome?.reason).toContain('s9: not known; and 2 more');
  });

  it('is all for the clean change: nothing found, nothing open', () => {
    const report = evaluateRules(allRules, aRuleInput());
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe('allow');
  });
});

describe('findings', () => {
  it('come worst first, then by subject; waived ones last', () => {
    const report = run(
      [aRule('r-warn', objecting('a'), { severity: 'warn' }), aRule('r-one', objecting(www, 'z', 'b'))],
      [waiver],
    );
    expect(report.findings.map(({ subject, severity }) => `${severity} ${subject}`)).toEqual([
      'deny b',
      'deny z',
      'warn a',
      `deny ${www}`,
    ]);
  });

  it('carry the rule text, or the better one for this subject', () => {
    const [plain, better] = run([
      aRule('r-one', {
        kind: 'judged',
        doubts: [],
        observations: [
          { subject: 'a', seen: 's', required: 'r' },
          { subject: 'b', seen: 's', required: 'r', fix: 'other', severity: 'warn' },
        ],
      }),
    ]).findings;
    expect(plain).toMatchObject({ why: 'because', fix: 'do it', severity: 'deny', seen: 's', required: 'r' });
    expect(better).toMatchObject({ why: 'because', fix: 'other', severity: 'warn' });
  });

  it('point at the place in the record, or at the nearest block that has one', () => {
    const located = aRecord();
    const rule = (pointer: string): Rule =>
      aRule('r-one', {
        kind: 'judged',
        doubts: [],
        observations: [{ subject: 'record', pointer, seen: 's', required: 'r' }],
      });
    const placeOf = (pointer: string): unknown =>
      evaluateRules([rule(pointer)], aRuleInput({ record: located })).findings[0]?.location;
    expect(placeOf('/rollback/steps')).toEqual(located.locations['/rollback/steps']);
    expect(placeOf('/rollback/irreversibleReason')).toEqual(located.locations['/rollback']);
    expect(placeOf('/nowhere')).toEqual(located.locations['']);
    expect(run([aRule('r-one', objecting('record'))]).findings[0]?.location).toBeUndefined();
  });
});

describe('waivers and doubts', () => {
  it('a waiver settles a doubt and shows that it did', () => {
    const report = run([aRule('r-one', doubting(www))], [waiver]);
    expect(report.verdict).toBe('allow');
    expect(report.findings).toMatchObject([
      { subject: www, seen: 'cannot be told: not known', waivedBy: { approvedBy: 't.berg' } },
    ]);
  });

  it('a doubt of another subject stays open when the findings are waived', () => {
    const result = objectingAndDoubting();
    const report = run([aRule('r-one', result)], [waiver]);
    expect(report.verdict).toBe('undetermined');
    expect(report.outcomes).toContainEqual({
      ruleId: 'r-one',
      kind: 'undetermined',
      reason: 'other: not known',
    });
  });

  it('a doubt beside an objection is named with it', () => {
    const result = objectingAndDoubting();
    const report = run([aRule('r-one', result)]);
    expect(report.verdict).toBe('deny');
    expect(report.outcomes).toContainEqual({ ruleId: 'r-one', kind: 'findings', reason: 'other: not known' });
  });
});

it('is the same for the same input', () => {
  const input = aRuleInput({
    plan: aPlan().deleting('cloudflare_dns_record.shop_apex_a').withZoneTotals('shop.example', 1, 0).build(),
  });
  expect(JSON.stringify(evaluateRules(allRules, input))).toBe(JSON.stringify(evaluateRules(allRules, input)));
});
