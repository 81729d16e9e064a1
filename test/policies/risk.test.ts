import { describe, expect, it } from 'vitest';
import type { Risk } from '../../policies/model/assessment.ts';
import type { RuleInput } from '../../policies/model/facts.ts';
import type { ImpactLevel, RiskLevel } from '../../policies/model/record.ts';
import { raised, worst } from '../../policies/risk/levels.ts';
import { aPastRelease, aRuleContext, aRuleInput, classifyRisk } from '../builders/facts.ts';
import { aPlan } from '../builders/plan.ts';
import { aPolicySet, someThresholds } from '../builders/policy.ts';
import { aRecord, aStandardChange } from '../builders/record.ts';
import { floors, many, planned, quietPolicy, rate, setting } from './risk/floor-cases.ts';

const levels: readonly RiskLevel[] = ['low', 'medium', 'high', 'critical'];

function risk(input: Partial<RuleInput> = {}): Risk {
  return classifyRisk(aRuleInput({ policy: quietPolicy, ...input }));
}
function reasonIds(result: Risk): readonly string[] {
  return result.reasons.map((reason) => reason.id);
}
function floor(result: Risk, id: string): RiskLevel | null {
  return result.reasons.find((reason) => reason.id === id)?.level ?? null;
}
describe('the matrix', () => {
  const table: readonly [ImpactLevel, ImpactLevel, RiskLevel][] = [
    [1, 1, 'low'],
    [1, 2, 'low'],
    [1, 3, 'low'],
    [1, 4, 'medium'],
    [2, 1, 'low'],
    [2, 2, 'low'],
    [2, 3, 'medium'],
    [2, 4, 'medium'],
    [3, 1, 'medium'],
    [3, 2, 'medium'],
    [3, 3, 'high'],
    [3, 4, 'high'],
    [4, 1, 'high'],
    [4, 2, 'high'],
    [4, 3, 'critical'],
    [4, 4, 'critical'],
  ];

  it.each(table)('impact %i and likelihood %i is %s', (impact, likelihood, expected) => {
    const result = risk({ record: aRecord(rate(impact, likelihood)) });
    expect(floor(result, 'matrix')).toBe(expected);
    expect(result.effective).toBe(expected);
    expect(result.computed).toBe(expected);
  });

  it('takes a likelihood that is not given from the track record', () => {
    const unsaid = { record: aRecord(rate(3, undefined)) };
    expect(floor(risk(unsaid), 'matrix')).toBe('medium');
    const bad = aPastRelease({ result: 'rolled-back' });
    expect(floor(risk({ ...unsaid, history: [bad] }), 'matrix')).toBe('high');
  });

  it('takes an impact that is not given from the plan', () => {
    const { impact } = aRecord().record;
    const unsaid = aRecord({ ...rate(1, 2), impact: { users: impact.users, expectedOutage: 'PT0S' } });
    expect(floor(risk({ record: unsaid }), 'matrix')).toBe('low');
    const gone = { record: unsaid, plan: aPlan().deleting('cloudflare_zone.shop').build() };
    expect(floor(risk(gone), 'matrix')).toBe('high');
  });

  it('takes a missing likelihood of a standard change for unlikely', () => {
    expect(floor(risk({ record: aStandardChange(rate(3, undefined)) }), 'matrix')).toBe('medium');
  });

  it.each<[string, Partial<RuleInput>, RiskLevel]>([
    ['a medium floor', { policy: aPolicySet() }, 'high'],
    ['a high floor', { plan: aPlan().deleting('cloudflare_dns_record.www').build() }, 'critical'],
    ['no floor', {}, 'low'],
    ['a control file alone', { changedFiles: ['policies/roster.yaml'] }, 'low'],
  ])('does not take a lower impact than the plan shows: %s', (_, parts, expected) => {
    const result = risk({ record: aRecord(rate(1, 3)), ...parts });
    expect(floor(result, 'matrix')).toBe(expected);
    expect(floor(risk({ record: aRecord(rate(1, 2)), ...parts }), 'matrix')).toBe(
      { low: 'low', high: 'medium', critical: 'high', medium: 'none' }[expected],
    );
  });

  it('says that the plan shows a greater impact, and takes a greater one that the author gives', () => {
    const medium = (impact: ImpactLevel) =>
      risk({ policy: aPolicySet(), record: aRecord(rate(impact, 3)) }).reasons.find(
        ({ id }) => id === 'matrix',
      );
    expect(medium(2)?.text).toBe('impact 3 (at least, by the plan; the record says 2) and likelihood 3');
    expect(medium(3)?.text).toBe('impact 3 and likelihood 3');
    expect(medium(4)).toMatchObject({ text: 'impact 4 and likelihood 3', level: 'critical' });
  });

  it('takes a hole in the matrix for critical', () => {
    expect(
      risk({ policy: aPolicySet({ matrix: [['low']], registers: quietPolicy.registers }) }).effective,
    ).toBe('critical');
  });
});

describe('what the author declares', () => {
  it.each(levels)('raises the risk and never lowers it: %s', (declared) => {
    const low = risk({ record: aRecord({ risk: { declared } }) });
    expect(low).toMatchObject({ declared, computed: 'low', effective: declared });
    const critical = risk({ record: aRecord({ ...rate(4, 4), risk: { declared } }) });
    expect(critical).toMatchObject({ declared, computed: 'critical', effective: 'critical' });
  });

  it('is one of the reasons', () => {
    expect(risk().reasons[0]).toEqual({
      id: 'declared',
      level: 'low',
      text: 'declared by the author',
      subjects: [],
    });
  });
});

it('is low for the quiet change, and says why', () => {
  const result = risk();
  expect(result.effective).toBe('low');
  expect(reasonIds(result)).toEqual(['declared', 'matrix']);
  expect(result.needsSecurityReview).toBe(false);
});

it('is computed from the plan alone when there is no record, and says so', () => {
  const result = risk({ record: null, plan: aPlan().deleting('cloudflare_dns_record.www').build() });
  expect(result).toMatchObject({ declared: null, computed: 'high', effective: 'high' });
  expect(reasonIds(result)).toEqual(['no-record', 'destroy-traffic']);
});

it('is low for an empty plan, whatever impact and likelihood say', () => {
  const result = risk({ plan: aPlan().build(), record: aRecord(rate(4, 4)), history: [] });
  expect(result.effective).toBe('low');
  expect(reasonIds(result)).toEqual(['declared', 'no-op']);
});

it('treats a stack that nobody registered as production of tier 1', () => {
  const plan = aPlan()
    .withoutStack('acme-production')
    .inStack('elsewhere')
    .updating('cloudflare_dns_record.www')
    .build();
  expect(floor(risk({ plan, record: null }), 'critical-service')).toBe('medium');
});

const www = 'cloudflare_dns_record.www';

describe('floors', () => {
  it.each(floors)('%s: %s when %s', (id, level, _, hit) => {
    const result = risk(hit);
    expect(floor(result, id)).toBe(level);
    expect(levels.indexOf(result.effective)).toBeGreaterThanOrEqual(levels.indexOf(level));
  });

  it.each(floors)('%s (%s) is not hit by what is nearest to: %s', (...[id, , , , miss]) => {
    expect(floor(risk(miss), id)).toBeNull();
  });

  it('cover every floor of the table', () => {
    expect([...new Set(floors.map(([id]) => id))].toSorted()).toEqual([
      'account-scope',
      'bad-history',
      'blast-radius',
      'block-new',
      'block-wider',
      'critical-service',
      'destroy-traffic',
      'exception-wider',
      'first-time',
      'global-rule',
      'hsts-lasting',
      'irreversible',
      'issuance',
      'list-emptied',
      'no-op',
      'not-authoritative',
      'ns-or-apex',
      'origin-moved',
      'peak-time',
      'policy-touch',
      'security-weaken',
      'service-binding',
      'short-notice',
      'site-down',
    ]);
  });

  it('name the resources they are about', () => {
    const result = risk({ plan: aPlan().deleting(www).build() });
    expect(result.reasons.find((reason) => reason.id === 'destroy-traffic')?.subjects).toEqual([
      `acme-production/${www}`,
    ]);
  });

  it('give an example of what a changed expression does', () => {
    const textOf = (plan: RuleInput['plan'], id: string) =>
      risk({ plan }).reasons.find((reason) => reason.id === id)?.text;
    const [, , , wider] = floors.find(([id]) => id === 'block-wider') ?? [];
    const plan = wider?.plan ?? aPlan().build();
    expect(textOf(plan, 'block-wider')).toBe(
      'a rule that stops requests matches more than before, or that cannot be ruled out: block-admin is wider: also matches GET www.shop.example/adminx (example); tests: + http.request.uri.path starts with "/admin", - http.request.uri.path is "/admin"',
    );
    const hidden = {
      ...plan,
      stacks: plan.stacks.map((stack) => ({
        ...stack,
        changes: stack.changes.map((change) => ({ ...change, sensitive: [['rules', 0, 'expression']] })),
      })),
    };
    expect(textOf(hidden, 'block-wider')).toMatch(/: block-admin is wider \(sensitive\)$/u);
  });

  it('take their limits from the thresholds', () => {
    const narrow = { ...quietPolicy, thresholds: someThresholds({ maxResources: 1 }) };
    expect(floor(risk({ plan: many(2).build(), policy: narrow }), 'blast-radius')).toBe('high');
  });
});

describe('the security seat', () => {
  it('is asked for when a control is weakened', () => {
    expect(risk({ plan: setting('ssl', 'strict', 'full').build() }).needsSecurityReview).toBe(true);
  });

  it('is asked for although a waiver lets the rule pass', () => {
    const waivers = [
      {
        rule: 'ssl-mode-kept',
        subject: 'cloudflare_zone_setting.x',
        reason: 'The origin is being moved this week.',
        approvedBy: 't.berg',
        expires: '2026-12-20T00:00:00Z',
      },
    ];
    const result = risk({ plan: setting('ssl', 'strict', 'full').build(), record: aRecord({ waivers }) });
    expect(result).toMatchObject({ effective: 'high', needsSecurityReview: true });
  });
});

describe('raises of one level', () => {
  it('do not add up', () => {
    const result = risk({
      history: [],
      ...planned('2026-12-07T12:00:00+00:00', '2026-12-07T13:00:00+00:00'),
    });
    expect(reasonIds(result)).toEqual(['declared', 'matrix', 'first-time', 'peak-time']);
    expect(result.effective).toBe('medium');
  });

  it('first-time does not go above high, and never lowers', () => {
    expect(risk({ history: [], record: aRecord(rate(4, 1)) }).effective).toBe('high');
    expect(risk({ history: [], record: aRecord(rate(4, 4)) }).effective).toBe('critical');
  });

  it('bad history goes up to critical', () => {
    const history = [aPastRelease(), aPastRelease({ result: 'failed' })];
    expect(risk({ history, record: aRecord(rate(4, 1)) }).effective).toBe('critical');
  });

  it('short notice is measured by the declared level when that is higher', () => {
    const record = aRecord({
      risk: { declared: 'high' },
      schedule: { plannedStart: '2026-11-25T20:00:00+00:00', plannedEnd: '2026-11-25T21:00:00+00:00' },
    });
    expect(reasonIds(risk({ record }))).toContain('short-notice');
  });
});

it('arithmetic of levels', () => {
  expect(worst([])).toBe('low');
  expect(worst(['medium', 'critical', 'low'])).toBe('critical');
  expect(levels.map((level) => raised(level))).toEqual(['medium', 'high', 'critical', 'critical']);
  expect(levels.map((level) => raised(level, 'high'))).toEqual(['medium', 'high', 'high', 'critical']);
});

it('whose a foreign configuration is counts for nothing, and what it brings counts as elsewhere', () => {
  const input = (plan: RuleInput['plan']): RuleInput =>
    aRuleInput({ plan, record: null, policy: quietPolicy });
  const edit = aPlan()
    .withoutStack('acme-production')
    .inStack('elsewhere')
    .inZone('elsewhere.example')
    .updating(
      'cloudflare_dns_record.www',
      { name: 'note.elsewhere.example', type: 'TXT', content: '"a"' },
      { name: 'note.elsewhere.example', type: 'TXT', content: '"b"' },
    )
    .build();
  expect(floor(classifyRisk(input(edit)), 'critical-service')).toBe('medium');
  expect(aRuleContext(input(edit)).assessment().foreignRisk).toMatchObject({
    computed: 'low',
    needsSecurityReview: false,
  });
  const gone = aPlan()
    .withoutStack('acme-production')
    .inStack('elsewhere')
    .inZone('elsewhere.example')
    .deleting('cloudflare_zero_trust_access_application.wiki', { domain: 'wiki.elsewhere.example' })
    .build();
  expect(aRuleContext(input(gone)).assessment().foreignRisk).toMatchObject({
    computed: 'high',
    needsSecurityReview: true,
  });
});
