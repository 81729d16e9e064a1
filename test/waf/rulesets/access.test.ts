import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { defaultSettings } from '../../../scripts/waf/evaluate/compile.ts';
import { accessOf } from '../../../scripts/waf/rulesets/configured-access.ts';
import { listsOf, rulesetsOf } from '../../../scripts/waf/rulesets/configured.ts';
import type { ConfiguredObject } from '../../../scripts/waf/rulesets/configured.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { compileRulesets } from '../../../scripts/waf/rulesets/ruleset-run.ts';
import type { RequestVerdict } from '../../../scripts/waf/rulesets/ruleset-run.ts';
import { plainRequest } from '../evaluate/request-builder.ts';

const zone: ConfiguredObject = {
  type: 'cloudflare_zone',
  id: 'z',
  attributes: { name: 'shop.example', account: { id: 'a' } },
};

function accessRule(
  id: string,
  mode: string,
  [target, value]: readonly [string, string],
  more: JsonObject = { zone_id: 'z' },
): ConfiguredObject {
  return {
    type: 'cloudflare_access_rule',
    id,
    attributes: { mode, configuration: { target, value }, ...more },
  };
}

function agentRule(id: string, mode: string, value: string): ConfiguredObject {
  const attributes = { zone_id: 'z', mode, configuration: { target: 'ua', value } };
  return { type: 'cloudflare_user_agent_blocking_rule', id, attributes };
}

function lockdown(id: string, urls: readonly string[], more: JsonObject = {}): ConfiguredObject {
  const configurations = [
    { target: 'ip', value: '203.0.113.9' },
    { target: 'ip_range', value: '203.0.113.64/26' },
  ];
  return {
    type: 'cloudflare_zone_lockdown',
    id,
    attributes: { zone_id: 'z', urls: [...urls], configurations, ...more },
  };
}

function customRules(...rules: readonly JsonObject[]): ConfiguredObject {
  const attributes = { zone_id: 'z', kind: 'zone', phase: 'http_request_firewall_custom', rules };
  return { type: 'cloudflare_ruleset', id: 'custom', attributes };
}

function run(objects: readonly ConfiguredObject[], changes: Partial<RecordedRequest> = {}): RequestVerdict {
  const settings = { ...defaultSettings, lists: listsOf(objects) };
  const options = { access: accessOf(objects, zone) };
  return compileRulesets(
    rulesetsOf(objects, zone),
    settings,
    options,
  )(requestFields({ ...plainRequest, ...changes }));
}

/** `effect product/id`, or the causes when it cannot be told. */
function outcome(objects: readonly ConfiguredObject[], changes: Partial<RecordedRequest> = {}): string {
  const verdict = run(objects, changes);
  const { outcome: found } = verdict;
  return found === null
    ? `undecided: ${verdict.causes.join(', ')}`
    : found.rule === null
      ? found.effect
      : `${found.effect} ${found.ruleset ?? ''}/${found.rule}`;
}

const blockAll = customRules({ ref: 'all', action: 'block', expression: 'true' });

describe('IP Access rules', () => {
  it.each([
    ['ip', '198.51.100.7', 'block ip-access/r'],
    ['ip', '198.51.100.8', 'pass'],
    ['ip_range', '198.51.100.0/24', 'block ip-access/r'],
    ['ip_range', '2001:db8::/32', 'pass'],
    ['asn', 'AS64500', 'block ip-access/r'],
    ['asn', 'AS64501', 'pass'],
    ['country', 'gb', 'block ip-access/r'],
    ['country', 'FR', 'pass'],
    ['ip', 'not an address', 'undecided: ip-access r'],
  ])('concern %s %s: %s', (target, value, expected) => {
    expect(outcome([accessRule('r', 'block', [target, value])])).toBe(expected);
  });

  it('are of the zone or of its account', () => {
    const of = (more: JsonObject): string => outcome([accessRule('r', 'block', ['country', 'GB'], more)]);
    expect(of({ account_id: 'a', zone_id: null })).toBe('block ip-access/r');
    expect(of({ account_id: 'other' })).toBe('pass');
    expect(of({ zone_id: 'other' })).toBe('pass');
  });

  it('let through what they allow, before any block and past the custom rules', () => {
    const allow = accessRule('allow', 'whitelist', ['ip', '198.51.100.7']);
    const block = accessRule('block', 'block', ['country', 'GB']);
    expect(outcome([block, allow, blockAll, lockdown('l', ['shop.example/*'])])).toBe('pass');
    expect(outcome([block, allow, blockAll], { clientAddress: '198.51.100.8' })).toBe(
      'block ip-access/block',
    );
  });

  it('leave the managed rules on for a country that they allow', () => {
    const execute = { ref: 'x', action: 'execute', expression: 'true', action_parameters: { id: 'm' } };
    const managed = {
      type: 'cloudflare_ruleset',
      id: 'entry',
      attributes: { zone_id: 'z', kind: 'zone', phase: 'http_request_firewall_managed', rules: [execute] },
    };
    const of = (target: string, value: string): number =>
      run([accessRule('r', 'whitelist', [target, value]), managed]).managed.length;
    expect([of('country', 'GB'), of('ip', '198.51.100.7')]).toStrictEqual([1, 0]);
  });

  it('are undecided when the client is not known', () => {
    expect(outcome([accessRule('r', 'challenge', ['ip', '192.0.2.1'])], { clientAddress: null })).toBe(
      'undecided: ip.src',
    );
    expect(
      outcome([accessRule('r', 'whitelist', ['ip', '192.0.2.1']), blockAll], { clientAddress: null }),
    ).toBe('undecided: ip.src');
  });

  it('come after redirects', () => {
    const redirect = {
      type: 'cloudflare_ruleset',
      id: 'redirects',
      attributes: {
        zone_id: 'z',
        kind: 'zone',
        phase: 'http_request_dynamic_redirect',
        rules: [{ ref: 'r', action: 'redirect', expression: 'true' }],
      },
    };
    expect(outcome([accessRule('b', 'block', ['country', 'GB']), redirect])).toBe('redirect redirects/r');
  });
});

describe('Zone Lockdown and User Agent Blocking', () => {
  it.each([
    ['shop.example/basket/*', '198.51.100.7', 'block zone-lockdown/l'],
    ['https://SHOP.example/Basket/*', '198.51.100.7', 'block zone-lockdown/l'],
    ['*.example', '198.51.100.7', 'block zone-lockdown/l'],
    ['shop.example/basket', '198.51.100.7', 'pass'],
    ['shop.example/basket/*', '203.0.113.9', 'pass'],
    ['shop.example/basket/*', '203.0.113.70', 'pass'],
  ])('%s is closed to %s: %s', (url, clientAddress, expected) => {
    expect(outcome([lockdown('l', [url])], { clientAddress })).toBe(expected);
  });

  it('is off when paused, and unknown without a client address', () => {
    expect(outcome([lockdown('l', ['shop.example'], { paused: true })])).toBe('pass');
    expect(outcome([lockdown('l', ['shop.example'])], { clientAddress: null })).toBe('undecided: ip.src');
  });

  it('compares the whole user agent', () => {
    expect(outcome([agentRule('u', 'managed_challenge', 'Mozilla/5.0 (X11)')])).toBe(
      'challenge user-agent-blocking/u',
    );
    expect(outcome([agentRule('u', 'block', 'Mozilla/5.0')])).toBe('pass');
  });

  it('is left out by a skip rule that names the product, and only then', () => {
    const skipping = (expression: string, products: readonly string[]): ConfiguredObject =>
      customRules({ ref: 's', action: 'skip', expression, action_parameters: { products: [...products] } });
    const closed = [lockdown('l', ['shop.example']), agentRule('u', 'block', 'Mozilla/5.0 (X11)')];
    expect(outcome([...closed, skipping('ssl', ['zoneLockdown'])])).toBe('block user-agent-blocking/u');
    expect(outcome([...closed, skipping('ssl', ['zoneLockdown', 'uaBlock'])])).toBe('pass');
    expect(outcome([...closed, skipping('ssl', ['bic'])])).toBe('block zone-lockdown/l');
    expect(outcome([...closed, skipping('not ssl', ['zoneLockdown'])])).toBe('block zone-lockdown/l');
    expect(outcome([closed[0] ?? zone, skipping('cf.client.bot', ['zoneLockdown'])])).toBe(
      'undecided: cf.client.bot',
    );
  });
});

describe('bulk redirects', () => {
  const list: ConfiguredObject = {
    type: 'cloudflare_list',
    id: 'l',
    attributes: {
      account_id: 'a',
      name: 'moved',
      kind: 'redirect',
      items: [
        {
          redirect: {
            source_url: 'shop.example/basket',
            target_url: 'https://new.example',
            subpath_matching: true,
          },
        },
      ],
    },
  };
  const entry: ConfiguredObject = {
    type: 'cloudflare_ruleset',
    id: 'bulk',
    attributes: {
      account_id: 'a',
      kind: 'root',
      phase: 'http_request_redirect',
      rules: [{ ref: 'moved', action: 'redirect', expression: 'http.request.full_uri in $moved' }],
    },
  };

  it('redirect what is in their list', () => {
    expect(outcome([list, entry])).toBe('redirect bulk/moved');
    expect(outcome([list, entry], { target: '/other' })).toBe('pass');
    expect(outcome([entry])).toBe('undecided: $moved');
  });
});
