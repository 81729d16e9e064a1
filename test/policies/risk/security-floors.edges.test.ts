/** Floors about security controls at their edges: whom an Access policy lets in, what a rule stops that it did not. */
import { describe, expect, it } from 'vitest';
import type { RiskReason } from '../../../policies/model/assessment.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { aRuleInput, classifyRisk } from '../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';
import { aRuleset, aWafRule, ruleChange } from '../rules/cases/waf-cases.ts';
import { quietPolicy } from './floor-cases.ts';

const risk = (plan: PlanBuilder, parts: Partial<RuleInput> = {}) =>
  classifyRisk(aRuleInput({ policy: quietPolicy, plan: plan.build(), ...parts }));

function reasons(id: string, plan: PlanBuilder): readonly RiskReason[] {
  return risk(plan).reasons.filter((reason) => reason.id === id);
}

const staff: JsonObject = { decision: 'allow', include: [{ email_domain: { domain: 'shop.example' } }] };
const abroad = { geo: { country_code: 'FR' } };
const known = { device_posture: { integration_uid: 'known' } };

describe('names outside the proxy', () => {
  const www = 'cloudflare_dns_record.www';
  const dev = aDnsRecord({ name: 'dev.shop.example', proxied: false });
  const isHit = (plan: PlanBuilder): boolean => reasons('security-weaken', plan).length > 0;

  it.each<readonly [string, PlanBuilder, boolean]>([
    ['a name leaves it', aPlan().updating(www, aDnsRecord(), aDnsRecord({ proxied: false })), true],
    [
      'whether it does is not known',
      aPlan().updating(www, aDnsRecord(), aDnsRecord({ proxied: '${var.p}' })),
      true,
    ],
    ['a new name starts there', aPlan().creating('cloudflare_dns_record.dev', dev), false],
    [
      'a new name shows what another one hides',
      aPlan()
        .creating('cloudflare_dns_record.dev', dev)
        .updating(www, aDnsRecord({ ttl: 60 }), aDnsRecord()),
      true,
    ],
    [
      'one takes the place of a proxied one',
      aPlan()
        .deleting(www)
        .creating('cloudflare_dns_record.dev', aDnsRecord({ proxied: false })),
      true,
    ],
  ])('when %s', (_name, plan, expected) => {
    expect(isHit(plan)).toBe(expected);
  });
});

describe('who is let in by Access', () => {
  const group = 'cloudflare_zero_trust_access_group.x';
  const policy = 'cloudflare_zero_trust_access_policy.x';
  const has = (parts: JsonObject) => ({ ...staff, ...parts });

  it.each<readonly [string, JsonObject, JsonObject, boolean]>([
    ['a name changes', staff, has({ name: 'Staff' }), false],
    ['somebody more is included', staff, has({ include: [...(staff['include'] as []), abroad] }), true],
    ['somebody less is included', has({ include: [...(staff['include'] as []), abroad] }), staff, false],
    ['somebody less is excluded', has({ exclude: [abroad] }), staff, true],
    ['somebody more is excluded', staff, has({ exclude: [abroad] }), false],
    ['less is required', has({ require: [known] }), staff, true],
    ['more is required', staff, has({ require: [known] }), false],
    ['another thing is required', has({ require: [known] }), has({ require: [abroad] }), true],
    ['it is not known who is excluded', has({ exclude: [abroad] }), has({ exclude: '${var.out}' }), true],
    ['it was not known who is included', has({ include: '${var.in}' }), staff, true],
    ['who was refused is allowed', has({ decision: 'deny' }), staff, true],
    ['who was refused still is', has({ decision: 'deny' }), has({ decision: 'deny', name: 'No' }), false],
    ['who was allowed is refused', staff, has({ decision: 'deny' }), false],
    [
      'it is not known whether who was refused still is',
      has({ decision: 'deny' }),
      has({ decision: '${v}' }),
      true,
    ],
  ])('when %s', (_name, before, after, isHit) => {
    const counted = isHit ? [{ level: 'high' }] : [];
    expect(reasons('security-weaken', aPlan().updating(group, before, after))).toMatchObject(counted);
  });

  it.each<readonly [string, JsonObject, boolean]>([
    ['that refuses', has({ decision: 'deny' }), true],
    ['that allows', staff, false],
    ['of which it is not known what it does', has({ decision: '${var.decision}' }), true],
  ])('a policy %s is removed', (_name, before, isHit) => {
    expect(reasons('security-weaken', aPlan().deleting(policy, before)).length > 0).toBe(isHit);
    expect(reasons('security-weaken', aPlan().deleting(group, before)).length > 0).toBe(isHit);
  });

  it('a group that is new has let nobody in before', () => {
    expect(reasons('security-weaken', aPlan().creating(group, staff))).toEqual([]);
  });
});

describe('what the security seat is told', () => {
  const ssl = (name: string) => `cloudflare_zone_setting.${name}`;

  it('names every control once, in order', () => {
    const lower = [
      { setting_id: 'ssl', value: 'strict' },
      { setting_id: 'ssl', value: 'off' },
    ] as const;
    const plan = aPlan()
      .updating(ssl('b'), ...lower)
      .updating(ssl('a'), ...lower);
    expect(reasons('security-weaken', plan)).toMatchObject([
      { subjects: [`acme-production/${ssl('a')}#value`, `acme-production/${ssl('b')}#value`] },
    ]);
  });

  it('is asked for where a type that nobody reviewed changes in production, and only there', () => {
    const worker = 'cloudflare_worker.x';
    const result = risk(aPlan().creating(worker, { name: 'x' }));
    expect(result.needsSecurityReview).toBe(true);
    expect(result.reasons.filter(({ id }) => id === 'unreviewed-type')).toMatchObject([
      { level: 'high', subjects: [`acme-production/${worker}`] },
    ]);
    expect(risk(aPlan().updating('cloudflare_dns_record.www')).needsSecurityReview).toBe(false);
    expect(reasons('unreviewed-type', aPlan().updating('cloudflare_dns_record.www'))).toEqual([]);
  });

  it('is not asked for because of another high floor', () => {
    const result = risk(aPlan().deleting('cloudflare_dns_record.www'));
    expect([result.effective, result.needsSecurityReview]).toEqual(['high', false]);
  });
});

describe('a rule that begins to stop requests', () => {
  const one = (parts: JsonObject = {}) => aRuleset([aWafRule(parts)]);

  it('counts the zones where that happens, not those where rules only watch', () => {
    const watching = aPlan()
      .creating('cloudflare_ruleset.a', one())
      .inZone('shop-trade.example')
      .creating('cloudflare_ruleset.b', one({ action: 'log' }));
    expect(reasons('block-new', watching)).toMatchObject([
      { level: 'medium', subjects: ['acme-production/cloudflare_ruleset.a#block-admin'] },
    ]);
  });

  it('is high in the account: no zone confines it', () => {
    const plan = aPlan().inZone(null).creating('cloudflare_ruleset.a', one());
    expect(reasons('block-new', plan)).toMatchObject([{ level: 'high' }]);
  });

  it('is not a floor where nothing begins to stop', () => {
    const plan = ruleChange(aWafRule({ action: 'log' }), aWafRule({ action: 'log', description: 'x' }));
    expect(reasons('block-new', plan)).toEqual([]);
  });
});

describe('a rule that stops more, or less, than before', () => {
  const narrow = aWafRule();
  const wide = aWafRule({
    expression: 'http.host eq "www.shop.example" and starts_with(http.request.uri.path, "/admin")',
  });
  const only = (rule: JsonObject, parts: JsonObject): JsonObject => ({ ...rule, ...parts });
  const ids = (plan: PlanBuilder) => risk(plan).reasons.map(({ id, level }) => `${id} ${level}`);
  const skip = { action: 'skip', action_parameters: { ruleset: 'current' } };

  it.each<readonly [string, PlanBuilder, readonly string[]]>([
    ['stops more', ruleChange(narrow, wide), ['block-wider medium']],
    ['stops less', ruleChange(wide, narrow), ['exception-wider medium']],
    ['stops nothing before: it only watched', ruleChange(only(narrow, { action: 'log' }), wide), []],
    ['stops nothing after: it only watches', ruleChange(narrow, only(wide, { action: 'log' })), []],
    ['was off', ruleChange(only(narrow, { enabled: false }), wide), []],
    ['skips more', ruleChange(only(narrow, skip), only(wide, skip)), ['exception-wider high']],
    ['skips less', ruleChange(only(wide, skip), only(narrow, skip)), []],
    [
      'would skip more, but is off',
      ruleChange(only(narrow, skip), only(wide, { ...skip, enabled: false })),
      [],
    ],
    ['logs more', ruleChange(only(narrow, { action: 'log' }), only(wide, { action: 'log' })), []],
  ])('%s', (_name, plan, expected) => {
    expect(ids(plan).filter((id) => /^(block|exception)-wider/u.test(id))).toEqual(expected);
  });

  it('is not a floor on staging, unless the rule is about a host of production', () => {
    const onStaging = (host: string) => {
      const rule = (path: string) => aWafRule({ expression: `http.host eq "${host}" and ${path}` });
      return aPlan()
        .withoutStack('acme-production')
        .inStack('acme-staging')
        .updating(
          'cloudflare_ruleset.waf',
          aRuleset([rule('http.request.uri.path eq "/admin"')]),
          aRuleset([rule('starts_with(http.request.uri.path, "/admin")')]),
        );
    };
    const wider = (host: string) => ids(onStaging(host)).filter((id) => id.startsWith('block-wider'));
    expect(wider('www.staging-shop.example')).toEqual([]);
    expect(wider('www.shop.example')).toEqual(['block-wider medium']);
  });
});
