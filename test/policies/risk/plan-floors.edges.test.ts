/** Floors that the plan alone decides, at their edges: which types, actions and attributes reach them, and which do not. */
import { describe, expect, it } from 'vitest';
import type { JsonObject, Plan } from '../../../scripts/plan/types.ts';
import { aRuleInput, classifyRisk } from '../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';
import { aRuleset, aWafRule, ruleChange } from '../rules/cases/waf-cases.ts';
import { quietPolicy } from './floor-cases.ts';

const www = 'cloudflare_dns_record.www';

/** The levels of one floor, in the order of the reasons: several, when it is hit for several reasons. */
function floorsFor(id: string, plan: PlanBuilder | Plan): readonly string[] {
  const built = 'build' in plan ? plan.build() : plan;
  return classifyRisk(aRuleInput({ policy: quietPolicy, plan: built }))
    .reasons.filter((reason) => reason.id === id)
    .map(({ level }) => level);
}

describe('name servers, the apex and mail', () => {
  const at = (name: string, type: string): JsonObject => aDnsRecord({ name, type });
  const apex = at('shop.example', 'A');

  it.each([
    ['an address of the apex', at('shop.example', 'A'), true],
    ['an IPv6 address of the apex', at('shop.example', 'AAAA'), true],
    ['an alias at the apex', at('shop.example', 'CNAME'), true],
    ['a text at the apex', at('shop.example', 'TXT'), false],
    ['an IPv6 address below the apex', at('www.shop.example', 'AAAA'), false],
    ['an alias below the apex', at('www.shop.example', 'CNAME'), false],
    ['a delegation below the apex', at('sub.shop.example', 'NS'), true],
    ['a signature of a delegation below the apex', at('sub.shop.example', 'DS'), true],
    ['mail below the apex', at('sub.shop.example', 'MX'), true],
  ])('%s', (_name, record, isHit) => {
    const expected = isHit ? ['high'] : [];
    expect(floorsFor('ns-or-apex', aPlan().creating(www, record))).toEqual(expected);
    expect(floorsFor('ns-or-apex', aPlan().deleting(www, record))).toEqual(expected);
    const kept = aPlan().updating(www, record, { ...record, ttl: 300 });
    expect(floorsFor('ns-or-apex', kept)).toEqual(isHit ? ['medium'] : []);
  });

  const commented = { ...apex, comment: 'ours' };
  const comment = {
    path: ['comment'],
    kind: 'added',
    after: 'ours',
    unknown: false,
    sensitive: false,
    forcesReplacement: false,
  } as const;

  it.each<readonly [string, PlanBuilder, boolean]>([
    ['a comment alone is changed', aPlan().updating(www, apex, commented), false],
    ['tags alone are changed', aPlan().updating(www, apex, { ...apex, tags: ['team:web'] }), false],
    [
      'comment and tags are changed',
      aPlan().updating(www, apex, { ...commented, tags: ['team:web'] }),
      false,
    ],
    [
      'the record leaves the proxy with the comment',
      aPlan().updating(www, apex, { ...commented, proxied: false }),
      true,
    ],
    [
      'the address will be known only after apply',
      aPlan().updating(
        www,
        apex,
        { ...apex, content: '${var.origin}' },
        {
          attributes: [{ ...comment, path: ['content'], kind: 'changed', unknown: true }],
        },
      ),
      true,
    ],
    [
      'the record is replaced, though only its comment differs',
      aPlan().replacing(www, apex, commented),
      true,
    ],
    [
      'the record is deleted, though only a comment is listed',
      aPlan().deleting(www, apex, { attributes: [comment] }),
      true,
    ],
    [
      'the plan does not say which attributes change',
      aPlan().updating(www, apex, apex, { attributes: [] }),
      true,
    ],
  ])('when %s', (_name, plan, isHit) => {
    expect(floorsFor('ns-or-apex', plan)).toEqual(isHit ? ['high'] : []);
  });
});

describe('the account', () => {
  const inAccount = () => aPlan().inZone(null);

  it.each(['cloudflare_account_member', 'cloudflare_api_token', 'cloudflare_account_token'])(
    '%s: giving access is critical, taking it away is not',
    (type) => {
      const [was, is] = [{ name: 'ci' }, { name: 'ci 2' }];
      expect(floorsFor('account-scope', inAccount().creating(`${type}.x`, is))).toEqual(['critical']);
      expect(floorsFor('account-scope', inAccount().updating(`${type}.x`, was, is))).toEqual(['critical']);
      expect(floorsFor('account-scope', inAccount().deleting(`${type}.x`, was))).toEqual(['high']);
    },
  );

  it.each([
    'cloudflare_account',
    'cloudflare_account_dns_settings',
    'cloudflare_zero_trust_access_identity_provider',
    'cloudflare_zero_trust_access_service_token',
    'cloudflare_zero_trust_gateway_policy',
    'cloudflare_zero_trust_gateway_settings',
    'cloudflare_zero_trust_organization',
  ])('%s is the account itself', (type) => {
    const plan = inAccount().updating(`${type}.x`, { name: 'a' }, { name: 'b' });
    expect(floorsFor('account-scope', plan)).toEqual(['high']);
  });

  const rules = (kind: string): JsonObject =>
    aRuleset([aWafRule({ action: 'log' })], 'http_request_firewall_custom', { kind });

  it.each<readonly [string, PlanBuilder, boolean]>([
    ['of the account is created', inAccount().creating('cloudflare_ruleset.x', rules('root')), true],
    ['of the account is deleted', inAccount().deleting('cloudflare_ruleset.x', rules('custom')), true],
    ['of a zone is created', aPlan().creating('cloudflare_ruleset.x', rules('zone')), false],
    [
      'of a zone says that it is one of an account',
      aPlan().creating('cloudflare_ruleset.x', rules('root')),
      false,
    ],
    [
      'of a zone not named here is created',
      inAccount().creating('cloudflare_ruleset.x', rules('zone')),
      false,
    ],
    [
      'of a zone not named here is deleted',
      inAccount().deleting('cloudflare_ruleset.x', rules('zone')),
      false,
    ],
    [
      'becomes one of the account',
      inAccount().updating('cloudflare_ruleset.x', rules('zone'), rules('root')),
      true,
    ],
    [
      'becomes one of a zone',
      inAccount().updating('cloudflare_ruleset.x', rules('root'), rules('zone')),
      false,
    ],
  ])('a ruleset that %s', (_name, plan, isHit) => {
    expect(floorsFor('account-scope', plan)).toEqual(isHit ? ['high'] : []);
  });
});

describe('a rule that matches everything', () => {
  const redirects = 'http_request_dynamic_redirect';
  const path = (how: string) => `http.request.uri.path ${how} "/old"`;
  const ofAccount = (expression: string) =>
    aPlan()
      .inZone(null)
      .creating('cloudflare_ruleset.x', aRuleset([aWafRule({ expression })], 'http_request_firewall_custom'));

  it.each<readonly [string, PlanBuilder, boolean]>([
    ['a block of everything', ruleChange(null, aWafRule({ expression: 'true' })), true],
    ['a block of all paths but one', ruleChange(null, aWafRule({ expression: path('ne') })), false],
    ['a block of one path', ruleChange(null, aWafRule({ expression: path('eq') })), false],
    [
      'a redirect of all paths but one',
      ruleChange(null, aWafRule({ action: 'redirect', expression: path('ne') }), redirects),
      true,
    ],
    [
      'a redirect of one path',
      ruleChange(null, aWafRule({ action: 'redirect', expression: path('eq') }), redirects),
      false,
    ],
    [
      'a challenge nobody can parse',
      ruleChange(null, aWafRule({ action: 'challenge', expression: '((' })),
      true,
    ],
    ['a block of nothing', ruleChange(null, aWafRule({ expression: 'false' })), false],
    ['a block of one host of the account', ofAccount('http.host eq "www.shop.example"'), false],
    ['a block of one path of every host of the account', ofAccount(path('eq')), true],
    ['a rule that is removed', ruleChange(aWafRule({ expression: 'true' }), null), false],
  ])('%s', (_name, plan, isHit) => {
    expect(floorsFor('global-rule', plan)).toEqual(isHit ? ['high'] : []);
  });
});

describe('how far a change reaches', () => {
  const inZones = (...zones: readonly string[]) =>
    zones.reduce(
      (plan, zone, at) =>
        plan
          .inZone(zone)
          .updating(
            `cloudflare_dns_record.r${String(at)}`,
            aDnsRecord({ name: `www.${zone}` }),
            aDnsRecord({ name: `www.${zone}`, ttl: 300 }),
          ),
      aPlan(),
    );
  const own = ['shop.example', 'shop-static.example', 'shop-trade.example'];
  const more = ['a.example', 'b.example', 'c.example'];

  it('is medium up to the most zones that the thresholds allow, and high beyond', () => {
    expect(floorsFor('blast-radius', inZones(...own.slice(0, 1)))).toEqual([]);
    expect(floorsFor('blast-radius', inZones(...own.slice(0, 2)))).toEqual(['medium']);
    expect(floorsFor('blast-radius', inZones(...own, ...more.slice(0, 2)))).toEqual(['medium']);
    expect(floorsFor('blast-radius', inZones(...own, ...more))).toEqual(['high']);
  });

  it('does not count the account as a zone', () => {
    const plan = inZones('shop.example')
      .inZone(null)
      .updating('cloudflare_notification_policy.x', { name: 'a' }, { name: 'b' });
    expect(floorsFor('blast-radius', plan)).toEqual([]);
  });

  it('names no resource: it is about the change as a whole', () => {
    const result = classifyRisk(
      aRuleInput({ policy: quietPolicy, plan: inZones(...own.slice(0, 2)).build() }),
    );
    expect(result.reasons).toContainEqual({
      id: 'blast-radius',
      level: 'medium',
      text: '2 zones change',
      subjects: [],
    });
  });
});
