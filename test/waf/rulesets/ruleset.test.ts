import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../scripts/waf/evaluate/compile.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../../scripts/waf/evaluate/request.ts';
import { compileRulesets } from '../../../scripts/waf/rulesets/ruleset-run.ts';
import type { RequestVerdict } from '../../../scripts/waf/rulesets/ruleset-run.ts';
import { describeOverrides, managedSetting } from '../../../scripts/waf/rulesets/managed.ts';
import type { ManagedOverrides, ManagedSetting } from '../../../scripts/waf/rulesets/managed.ts';
import type { RunRule, RunRuleset, CompiledSkipScope } from '../../../scripts/waf/rulesets/ruleset.ts';
import { plainRequest } from '../evaluate/request-builder.ts';

const custom = 'http_request_firewall_custom';

function rule(ref: string, expression: string, action = 'block', more: Partial<RunRule> = {}): RunRule {
  return { ref, id: null, name: ref, expression, action, enabled: true, ...more };
}

function ruleset(rules: readonly RunRule[], more: Partial<RunRuleset> = {}): RunRuleset {
  return { id: 'zone-custom', kind: 'zone', phase: custom, rules, ...more };
}

const noScope: CompiledSkipScope = {
  currentRuleset: false,
  currentPhase: false,
  phases: [],
  rulesets: [],
  rules: {},
  products: [],
};

function skip(ref: string, expression: string, scope: Partial<CompiledSkipScope>): RunRule {
  return rule(ref, expression, 'skip', { skip: { ...noScope, ...scope } });
}

function run(rulesets: readonly RunRuleset[], changes: Partial<RecordedRequest> = {}): RequestVerdict {
  return compileRulesets(rulesets, defaultSettings)(requestFields({ ...plainRequest, ...changes }));
}

/** `effect rule`, or the causes when it cannot be told. */
function outcome(rulesets: readonly RunRuleset[], changes: Partial<RecordedRequest> = {}): string {
  const verdict = run(rulesets, changes);
  return verdict.outcome === null
    ? `undecided: ${verdict.causes.join(', ')}`
    : [verdict.outcome.effect, verdict.outcome.rule].filter((part) => part !== null).join(' ');
}

describe('order and actions', () => {
  it('passes a request that no rule matches', () => {
    expect(outcome([ruleset([rule('a', 'not ssl')])])).toBe('pass');
    expect(outcome([])).toBe('pass');
  });

  it('lets the first terminating match win', () => {
    const rules = [rule('log', 'ssl', 'log'), rule('a', 'ssl', 'managed_challenge'), rule('b', 'ssl')];
    expect(outcome([ruleset(rules)])).toBe('challenge a');
    expect(run([ruleset(rules)]).matched.map((match) => match.rule)).toStrictEqual(['log', 'a']);
  });

  it('leaves disabled rules out', () => {
    expect(outcome([ruleset([rule('a', 'ssl', 'block', { enabled: false })])])).toBe('pass');
  });

  it('runs account before zone, and phases in order, however they are listed', () => {
    const zone = ruleset([rule('zone', 'ssl')]);
    const account = ruleset([rule('account', 'ssl')], { id: 'account', kind: 'root' });
    const redirect = ruleset([rule('redirect', 'ssl', 'redirect')], {
      id: 'r',
      phase: 'http_request_dynamic_redirect',
    });
    expect(outcome([zone, account])).toBe('block account');
    expect(outcome([zone, account, redirect])).toBe('redirect redirect');
  });

  it('does not run response phases', () => {
    expect(outcome([ruleset([rule('a', 'ssl')], { phase: 'http_response_firewall_managed' })])).toBe('pass');
  });

  it('never takes an action that it does not know for harmless', () => {
    expect(outcome([ruleset([rule('a', 'ssl', 'vaporize')])])).toBe('undecided: action vaporize');
  });
});

describe('what cannot be told', () => {
  it('is undecided when an unknown rule could have blocked', () => {
    const verdict = run([ruleset([rule('bots', 'cf.bot_management.score lt 30')])]);
    expect(verdict.outcome).toBeNull();
    expect(verdict.possible.map(({ effect }) => effect)).toStrictEqual(['block', 'pass']);
    expect(verdict.causes).toStrictEqual(['cf.bot_management.score']);
  });

  it('is decided when every possible outcome is the same', () => {
    expect(outcome([ruleset([rule('bots', 'cf.client.bot'), rule('all', 'ssl')])])).toBe('block all');
    expect(outcome([ruleset([rule('bots', 'cf.client.bot', 'js_challenge'), rule('all', 'ssl')])])).toBe(
      'undecided: cf.client.bot',
    );
  });

  it('counts a rule that cannot be read as unknown', () => {
    expect(outcome([ruleset([rule('broken', 'ssl eq true')])])).toBe('undecided: expression of rule broken');
  });

  it('does not stop a definite block behind an unknown log rule', () => {
    expect(outcome([ruleset([rule('log', 'cf.client.bot', 'log'), rule('b', 'ssl')])])).toBe('block b');
  });
});

describe('skip', () => {
  it('leaves out the rest of its ruleset', () => {
    const rules = [skip('s', 'ssl', { currentRuleset: true }), rule('b', 'ssl')];
    expect(outcome([ruleset(rules)])).toBe('pass');
    expect(outcome([ruleset(rules)], { scheme: 'http' })).toBe('pass');
    expect(outcome([ruleset([skip('s', 'not ssl', { currentRuleset: true }), rule('b', 'ssl')])])).toBe(
      'block b',
    );
  });

  it('leaves out later phases, or named rulesets and rules', () => {
    const later = ruleset([rule('sbfm', 'ssl')], { id: 'sbfm', phase: 'http_request_sbfm' });
    const skipping = (scope: Partial<CompiledSkipScope>): string =>
      outcome([ruleset([skip('s', 'ssl', scope)]), later]);
    expect(skipping({ phases: ['http_request_sbfm'] })).toBe('pass');
    expect(skipping({ phases: ['http_ratelimit'] })).toBe('block sbfm');
    expect(skipping({ rulesets: ['sbfm'] })).toBe('pass');
    expect(skipping({ rules: { sbfm: ['sbfm'] } })).toBe('pass');
    expect(skipping({ rules: { sbfm: ['other'] } })).toBe('block sbfm');
    expect(skipping({ currentRuleset: true })).toBe('block sbfm');
  });

  it('leaves out the rest of the phase, later rulesets of it included', () => {
    const account = ruleset([skip('s', 'ssl', { currentPhase: true })], { id: 'account', kind: 'root' });
    expect(outcome([account, ruleset([rule('zone', 'ssl')])])).toBe('pass');
    const inRuleset = ruleset([skip('s', 'ssl', { currentRuleset: true })], { id: 'account', kind: 'root' });
    expect(outcome([inRuleset, ruleset([rule('zone', 'ssl')])])).toBe('block zone');
  });

  it('does not say what an account-level skip of phases does to the zone', () => {
    const account = ruleset([skip('s', 'ssl', { phases: ['http_request_sbfm'] })], {
      id: 'account',
      kind: 'root',
    });
    const sbfm = (kind: 'root' | 'zone'): RunRuleset =>
      ruleset([rule('sbfm', 'ssl')], { id: `sbfm-${kind}`, phase: 'http_request_sbfm', kind });
    expect(outcome([account, sbfm('root')])).toBe('pass');
    expect(outcome([account, sbfm('zone')])).toBe('undecided: reach of a skip of phases at account level');
  });

  it('tells the products that it turns off', () => {
    const rules = [
      skip('s', 'ssl', { products: ['bic', 'uaBlock'] }),
      skip('t', 'cf.client.bot', { products: ['hot'] }),
    ];
    expect(run([ruleset(rules)]).skippedProducts).toStrictEqual(['bic', 'uaBlock']);
    expect(run([]).skippedProducts).toStrictEqual([]);
  });

  it('makes what it may leave out undecided when it cannot be told', () => {
    const rules = [
      skip('s', 'ip.src in $office', { currentRuleset: true }),
      rule('b', 'ssl'),
      rule('c', 'not ssl'),
    ];
    const verdict = run([ruleset(rules)]);
    expect(verdict.causes).toStrictEqual(['$office']);
    expect(verdict.possible.map(({ effect, rule: by }) => `${effect} ${by ?? ''}`)).toStrictEqual([
      'block b',
      'pass ',
    ]);
  });
});

describe('execute', () => {
  const inner = ruleset([rule('inner', 'http.host eq "shop.example"')], { id: 'inner', kind: 'custom' });

  it('runs a custom ruleset when its own expression matches, and only then', () => {
    expect(outcome([ruleset([rule('x', 'ssl', 'execute', { executes: 'inner' })]), inner])).toBe(
      'block inner',
    );
    expect(outcome([ruleset([rule('x', 'not ssl', 'execute', { executes: 'inner' })]), inner])).toBe('pass');
    expect(outcome([inner])).toBe('pass');
    expect(outcome([ruleset([rule('x', 'cf.client.bot', 'execute', { executes: 'inner' })]), inner])).toBe(
      'undecided: cf.client.bot',
    );
  });

  it('says that a managed ruleset would run, and does not guess what it does', () => {
    const phase = 'http_request_firewall_managed';
    const executing = ruleset([rule('x', 'ssl', 'execute', { executes: 'managed-1' })], { id: 'm', phase });
    const verdict = run([executing]);
    expect(verdict.outcome?.effect).toBe('pass');
    expect(verdict.managed).toMatchObject([{ rule: 'x', ruleset: 'managed-1', unknownBecause: null }]);
    const exempt = ruleset([skip('s', 'ssl', { rulesets: ['managed-1'] })]);
    expect(run([exempt, executing]).managed).toStrictEqual([]);
  });

  it('does not run in circles', () => {
    const loop = ruleset([rule('x', 'ssl', 'execute', { executes: 'zone-custom' }), rule('b', 'ssl')]);
    expect(outcome([loop])).toBe('block b');
  });
});

describe('overrides of managed rulesets', () => {
  const setting = (action: string | null, enabled: boolean | null = null): ManagedSetting => ({
    action,
    enabled,
    sensitivity: null,
  });
  const overrides: ManagedOverrides = {
    ...setting('log', true),
    categories: [
      { category: 'php', ...setting('block') },
      { category: 'wordpress', ...setting('managed_challenge', false) },
    ],
    rules: [{ id: 'r1', ...setting('js_challenge'), scoreThreshold: 25 }],
  };

  it.each([
    ['r1', ['php', 'wordpress'], 'js_challenge', false],
    ['r2', ['wordpress', 'php'], 'managed_challenge', false],
    ['r2', ['php'], 'block', true],
    ['r2', [], 'log', true],
  ] as const)('says that %s of %j runs with %s, enabled: %s', (id, categories, action, enabled) => {
    expect(managedSetting(overrides, { id, categories })).toMatchObject({ action, enabled });
  });

  it('names them in words with the rules left out by a skip', () => {
    const phase = 'http_request_firewall_managed';
    const executing = ruleset([rule('x', 'ssl', 'execute', { executes: 'managed-1', overrides })], {
      id: 'm',
      phase,
    });
    const exempt = ruleset([skip('s', 'ssl', { rules: { 'managed-1': ['r9'], other: ['r1'] } })]);
    const [managed] = run([exempt, executing]).managed;
    expect(managed?.exceptRules).toStrictEqual(['r9']);
    expect(describeOverrides(managed?.overrides ?? overrides)).toStrictEqual([
      'all rules: on, action log',
      'category php: action block',
      'category wordpress: off, action managed_challenge',
      'rule r1: action js_challenge',
      'rule r1: score 25',
    ]);
  });
});

describe('a challenge that was passed', () => {
  it('lets the request on to what follows', () => {
    const rules = [rule('c', 'ssl', 'managed_challenge'), rule('b', 'ssl')];
    const passing = compileRulesets([ruleset(rules)], defaultSettings, { passesChallenges: true });
    const verdict = passing(requestFields(plainRequest));
    expect([verdict.outcome?.rule, verdict.matched.map((match) => match.rule)]).toStrictEqual([
      'b',
      ['c', 'b'],
    ]);
  });
});

describe('rate limits and rewrites', () => {
  it('counts a request and decides nothing', () => {
    const limit = ruleset([rule('l', 'ssl', 'block', { isRateLimit: true })], {
      id: 'rl',
      phase: 'http_ratelimit',
    });
    const verdict = run([limit]);
    expect(verdict.outcome?.effect).toBe('pass');
    expect(verdict.rateLimits).toMatchObject([{ rule: 'l', unknownBecause: null }]);
  });

  const block = ruleset([
    rule('b', 'http.request.uri.path eq "/new" and http.request.uri.args["v"][0] eq "2"'),
  ]);

  function rewriting(rules: readonly RunRule[]): RunRuleset {
    return ruleset(rules, { id: 'rw', phase: 'http_request_transform' });
  }

  it('shows later phases the rewritten URI, and the raw one as it was', () => {
    const rewrite = rewriting([
      rule('r', 'ssl', 'rewrite', { rewrites: { path: '/new', query: { expression: 'concat("v=", "2")' } } }),
    ]);
    expect(outcome([rewrite, block])).toBe('block b');
    const raw = ruleset([rule('b', 'http.request.uri.path eq raw.http.request.uri.path')]);
    expect(outcome([rewrite, raw])).toBe('pass');
    expect(outcome([raw])).toBe('block b');
  });

  it('lets the last rewrite win and changes nothing within its own phase', () => {
    const rewrite = rewriting([
      rule('1', 'ssl', 'rewrite', { rewrites: { path: '/other', query: 'v=2' } }),
      rule('2', 'not http.request.uri.path eq "/other"', 'rewrite', {
        rewrites: { path: '/new', query: null },
      }),
    ]);
    expect(outcome([rewrite, block])).toBe('block b');
  });

  it('does not know the URI after a rewrite that cannot be told', () => {
    const rewrite = rewriting([
      rule('r', 'cf.client.bot', 'rewrite', { rewrites: { path: '/new', query: 'v=2' } }),
    ]);
    expect(outcome([rewrite, block])).toContain('undecided: http.request.uri');
  });
});
