import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lintRules } from '../../../scripts/waf/lint/catalogue.ts';
import { fixableRules } from '../../../scripts/waf/lint/fix.ts';
import { replaceLiteral } from '../../../scripts/waf/lint/fix-source.ts';
import { lintConfiguration, lintExpression } from '../../../scripts/waf/lint/lint.ts';
import { compileFilter, defaultSettings } from '../../../scripts/waf/evaluate/compile.ts';
import { parseFilter } from '../../../scripts/waf/language/parser.ts';
import { requestFields } from '../../../scripts/waf/evaluate/request.ts';
import { Unknown } from '../../../scripts/waf/evaluate/runtime.ts';
import { expressionText } from '../language/expression-arbitrary.ts';
import { plainRequest } from '../evaluate/request-builder.ts';
import { configurationExamples, sound } from './configuration-examples.ts';
import type { ConfigurationExample } from './configuration-examples.ts';
import { correctExpressions } from './correct-expressions.ts';
import { expressionExamples } from './expression-examples.ts';
import { octorules } from './octorules.ts';
import { fixExpression } from '../by-text.ts';

const ids = (text: string, context = {}): readonly string[] =>
  lintExpression(text, context).map(({ ruleId }) => ruleId);

describe('a lint rule about expressions', () => {
  it.each(Object.entries(expressionExamples))('%s objects to its bad example only', (id, example) => {
    expect(ids(example.bad, example.context)).toContain(id);
    expect(ids(example.good, example.context)).not.toContain(id);
  });

  it('has a name of its own', () => {
    expect(new Set(lintRules.map(({ id }) => id)).size).toBe(lintRules.length);
  });
});

const header = 'http.request.headers["x"]';

describe('what was not sent', () => {
  it.each([
    `len(${header}) lt 1`,
    `len(${header}) le 0`,
    `len(${header}) in {0}`,
    `len(${header}[0]) eq 0`,
    `${header}[0] eq ""`,
    `lower(${header}[0]) in {""}`,
    'http.request.cookies["x"][0] eq ""',
    'len(http.request.uri.args["x"]) eq 0',
    `${header}[0] in {"" "v"}`,
  ])('is taken for empty in %s', (text) => {
    expect(ids(text)).toContain('missing-as-empty');
  });

  it.each([
    `not len(${header}) gt 0`,
    `len(${header}) gt 0 and ${header}[0] eq ""`,
    `coalesce(${header}[0], "") eq ""`,
    'http.user_agent eq ""',
    'len(http.request.uri.query) eq 0',
    `any(${header}[*] eq "")`,
  ])('is asked for in %s', (text) => {
    expect(ids(text)).not.toContain('missing-as-empty');
  });

  it.each([`any(${header}[*] ne "v")`, `any(not ${header}[*] eq "v")`])('gets past %s', (text) => {
    expect(ids(text)).toContain('any-unequal');
  });

  it.each([
    `any(${header}[*] ne "")`,
    `len(${header}) gt 0 and any(${header}[*] ne "v")`,
    `not has_key(http.request.headers, "x") or any(${header}[*] ne "v")`,
    `all(${header}[*] ne "v")`,
    'any(http.request.headers.names[*] ne "v")',
  ])('does not get past %s', (text) => {
    expect(ids(text)).not.toContain('any-unequal');
  });
});

describe('texts that a field never has', () => {
  it.each([
    ['path-with-query', 'lower(http.request.uri.path) wildcard "/a?*"'],
    ['path-with-query', 'starts_with(raw.http.request.uri.path, "/a?")'],
    ['query-with-mark', 'starts_with(http.request.uri.query, "?a=")'],
    ['path-normalized', 'http.request.uri.path contains "//"'],
    ['path-normalized', 'ends_with(http.request.uri.path, "/..")'],
    ['path-normalized', 'http.request.uri.path contains r"\\a"'],
    ['host-with-path', 'http.host contains "https://"'],
    ['method-unknown', 'http.request.method ne "FETCH"'],
  ])('%s: %s', (rule, text) => {
    expect(ids(text)).toContain(rule);
  });

  it.each([
    ['path-with-query', 'http.request.uri.path matches "/a?b"'],
    ['query-with-mark', 'ends_with(http.request.uri.query, "?")'],
    ['path-normalized', 'http.request.uri.path contains ".."'],
    ['path-normalized', 'http.request.uri contains "/../"'],
    ['path-normalized', 'http.request.full_uri wildcard "https://a.example/*"'],
    ['path-normalized', 'http.request.uri.path wildcard r"/a\\*"'],
    ['host-with-path', 'http.referer contains "a.example/"'],
    ['method-unknown', 'http.request.method in {"PROPFIND" "QUERY" "TRACK"}'],
    ['method-unknown', 'http.request.method eq "get"'],
  ])('not %s: %s', (rule, text) => {
    expect(ids(text)).not.toContain(rule);
  });
});

describe('what is always or never true', () => {
  it.each([
    ['always-true', 'starts_with(http.request.uri.path, "/")'],
    ['always-true', 'http.request.uri wildcard "/*"'],
    ['always-true', 'not http.host in {""}'],
    ['always-true', 'http.request.uri.path ne ""'],
    ['always-true', 'ip.src in {0.0.0.0/0 ::/0}'],
    ['always-true', 'ip.src in {0.0.0.0..127.255.255.255 128.0.0.0/1 ::/1 8000::/1}'],
    ['always-false', 'http.request.method in {""}'],
    ['always-true', 'ip.src.asnum ge 0'],
    ['always-false', 'http.request.body.size lt 0'],
    ['score-range', 'cf.bot_management.score le 99'],
    ['score-range', 'cf.bot_management.score gt 99'],
    ['score-range', 'cf.waf.score lt 1'],
    ['status-range', 'http.response.code ge 100'],
    ['constant-part', 'ssl and http.request.full_uri wildcard "http*://*"'],
  ])('%s: %s', (rule, text) => {
    expect(ids(text)).toContain(rule);
  });

  it.each([
    'ip.src in {0.0.0.0/0}',
    'ip.src in {0.0.0.0/1 ::/0}',
    'http.referer eq ""',
    'len(http.request.uri.path) ge 2',
    'len(http.request.uri.query) ge 1',
    'ip.src.asnum gt 0',
    'http.request.uri.query in {""}',
    'http.host in {"" "a"}',
    'starts_with(http.request.uri.path, "/a")',
    'http.request.uri.query contains "/"',
    'starts_with(lower(http.request.headers["x"][0]), "/")',
  ])('neither: %s', (text) => {
    expect(ids(text).filter((id) => /^(?:always|constant)-/.test(id))).toEqual([]);
  });
});

describe('false alarms', () => {
  /** Of warnings and errors on expressions that are right, in per cent. */
  const budget = 1;

  it('stay within their budget on expressions that are right', () => {
    const all = correctExpressions.flatMap(({ phase, kind, texts }) =>
      texts.map((text) => ({
        text,
        found: lintExpression(text, { phase, kind }).filter(({ severity }) => severity !== 'info'),
      })),
    );
    const wrong = all.flatMap(({ text, found }) => (found.length === 0 ? [] : [[text, found[0]?.ruleId]]));
    expect(all.length).toBeGreaterThan(300);
    expect((wrong.length * 100) / all.length).toBeLessThanOrEqual(budget);
    expect(wrong).toEqual([]);
  });

  it('private addresses reach the network firewall', () => {
    expect(ids('ip.src in {10.0.0.0/8}', { phase: 'magic_transit' })).not.toContain('address-reserved');
    expect(ids('ip.src in {10.0.0.0/8}', { phase: 'http_ratelimit' })).toContain('address-reserved');
  });

  it('a replacement is named where there is one', () => {
    const found = (text: string, context: object): readonly string[] =>
      lintExpression(text, context).flatMap(({ ruleId, fix }) =>
        ruleId === 'deprecated-field' ? [fix] : [],
      );
    expect(found('ip.geoip.country eq "GB"', {})).toEqual([expect.stringContaining('Here: ip.src.country')]);
    expect(found('ip.geoip.country eq "GB"', { phase: 'magic_transit' })).toEqual([]);
    expect(found('cf.threat_score gt 5', {})).toEqual([expect.not.stringContaining('Here:')]);
    expect(found('cf.client_trust_score gt 5', { plan: 'free' })).toEqual([
      expect.not.stringContaining('Here:'),
    ]);
  });

  it('a managed list needs its plan', () => {
    expect(ids('ip.src in $cf.vpn', { plan: 'business' })).toContain('plan-needed');
    expect(ids('ip.src in $cf.vpn', { plan: 'enterprise' })).not.toContain('plan-needed');
    expect(ids('ip.src in $office', { plan: 'free' })).not.toContain('plan-needed');
  });

  it('rules with one expression may each do their part', () => {
    const found = (phase: string, ...rules: readonly object[]): readonly string[] =>
      lintConfiguration(
        [
          {
            type: 'cloudflare_ruleset',
            id: 'cloudflare_ruleset.x',
            attributes: {
              name: 'x',
              kind: 'zone',
              phase,
              zone_id: 'z',
              rules: rules.map((rule, at) => ({
                ref: `r${String(at)}`,
                expression: 'http.host eq "a"',
                ...rule,
              })),
            },
          },
        ],
        {},
      ).flatMap(({ ruleId }) => (ruleId === 'same-expression' ? [ruleId] : []));
    const limit = (count: number): object => ({
      action: 'block',
      ratelimit: { characteristics: ['cf.colo.id', 'ip.src'], period: 60, requests_per_period: count },
    });
    expect(found('http_ratelimit', limit(10), limit(100))).toEqual([]);
    expect(found('http_ratelimit', limit(10), limit(10))).toHaveLength(1);
    const config = (name: string): object => ({ action: 'set_config', action_parameters: { [name]: true } });
    expect(found('http_config_settings', config('bic'), config('mirage'))).toEqual([]);
    expect(found('http_config_settings', config('bic'), config('bic'))).toHaveLength(1);
    expect(found('http_request_firewall_custom', { action: 'log' }, { action: 'block' })).toHaveLength(1);
  });
});

describe('a lint rule about a configuration', () => {
  const found = ({ objects, options = {} }: ConfigurationExample): readonly string[] =>
    lintConfiguration(objects, options).map(({ ruleId }) => ruleId);

  it.each(Object.entries(configurationExamples))('%s objects to its bad example', (id, example) => {
    expect(found(example)).toContain(id);
  });

  it('says nothing of a sound one', () => {
    expect(found(sound)).toEqual([]);
  });
});

it('every lint rule has an example', () => {
  const shown = new Set([...Object.keys(expressionExamples), ...Object.keys(configurationExamples)]);
  expect(lintRules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
  expect(shown.size).toBe(lintRules.length);
});

describe('what octorules looks for', () => {
  const entries = Object.entries(octorules);

  it('is looked for here, or it is said why not', () => {
    const known = new Set(lintRules.map(({ id }) => id));
    expect(entries.filter(([number]) => !number.startsWith('CORE'))).toHaveLength(161);
    expect(entries.filter(([number]) => number.startsWith('CORE'))).toHaveLength(6);
    for (const [number, covered] of entries) {
      const answer = 'rule' in covered ? known.has(covered.rule) : covered.reason !== '';
      expect([number, answer]).toEqual([number, true]);
    }
  });

  it.each(
    entries.flatMap(([number, covered]) =>
      'rule' in covered && covered.shown !== undefined
        ? [[number, covered.rule, covered.shown] as const]
        : [],
    ),
  )('%s is found by %s', (_number, rule, shown) => {
    expect(ids(shown)).toContain(rule);
  });

  it('101 sees a rule behind a wider one, not only behind true', () => {
    const rules = [
      { ref: 'wide', action: 'block', expression: 'http.request.uri.path contains "/a"' },
      { ref: 'narrow', action: 'log', expression: 'http.request.uri.path eq "/ab"' },
      { ref: 'other', action: 'log', expression: 'http.request.uri.path eq "/b"' },
    ];
    const attributes = {
      zone_id: 'z',
      name: 'n',
      kind: 'zone',
      phase: 'http_request_firewall_custom',
      rules,
    };
    const found = lintConfiguration([{ type: 'cloudflare_ruleset', id: 'r', attributes }]);
    expect(found).toMatchObject([{ ruleId: 'rule-unreachable', path: 'rules[1]' }]);
  });

  it.each([
    ['403: a mitigation longer than the period', { period: 10, mitigation_timeout: 3600 }],
    ['400: a period of an hour', { period: 3600 }],
    [
      '213: a fingerprint, a cookie and a claim',
      { characteristics: ['cf.colo.id', 'cf.bot_management.ja4', 'http.request.cookies["a"]'] },
    ],
  ])('%s is not a mistake', (_what, change) => {
    const ratelimit = {
      characteristics: ['cf.colo.id', 'ip.src'],
      period: 60,
      requests_per_period: 5,
      mitigation_timeout: 60,
      ...change,
    };
    const rules = [{ ref: 'a', action: 'block', expression: 'http.host eq "a"', ratelimit }];
    const attributes = { zone_id: 'z', name: 'n', kind: 'zone', phase: 'http_ratelimit', rules };
    expect(lintConfiguration([{ type: 'cloudflare_ruleset', id: 'r', attributes }])).toEqual([]);
  });
});

describe('mistakes that other linters make', () => {
  it.each([
    ['encode_base64 takes p for padding', 'encode_base64(http.host, "p") eq "a"', 'function-flags'],
    ['url_decode takes u', 'url_decode(http.host, "u") eq "a"', 'function-flags'],
    ['keys of lookup_json are plain', 'lookup_json_string(http.cookie, "a", "b") eq "x"', 'json-pointer'],
    ['%27 stays encoded', 'http.request.uri.path contains "%27"', 'percent-code'],
    [
      'two any() are independent',
      'any(http.request.headers["a"][*] eq "x") and any(http.request.headers["b"][*] eq "x")',
      'each-of-two-arrays',
    ],
    [
      'names in lower() are right',
      'any(lower(http.request.headers.names[*])[*] eq "x-a")',
      'header-names-case',
    ],
  ])('%s', (_what, text, id) => {
    expect(ids(text)).not.toContain(id);
  });

  it('not eq is not turned into ne, which reads missing values differently', () => {
    const text = 'not http.request.headers["x-a"][0] eq "a"';
    expect(fixExpression(text)).toStrictEqual({ text, ruleIds: [] });
  });

  it('a refused expression is an error, not a warning', () => {
    expect(lintExpression('http.host eq').some(({ severity }) => severity === 'error')).toBe(true);
  });
});

it('secrets are in no finding', () => {
  const said = JSON.stringify(
    lintExpression('http.request.headers["X-Token"][0] == "s3cret-of-acme-1" and ssl'),
  );
  expect(said).toContain('secret-in-expression');
  expect(said).not.toContain('s3cret');
});

describe('a rewrite', () => {
  it('exists for these rules', () => {
    expect(fixableRules).toStrictEqual([
      'set-duplicate',
      'blank-ends',
      'or-to-set',
      'double-not',
      'mixed-notation',
    ]);
  });

  it.each([
    [' ssl ', 'ssl'],
    ['not not ssl', 'ssl'],
    ['ssl&&http.host eq"a"', 'ssl and http.host eq"a"'],
    ['!ssl and http.host=="a"', 'not ssl and http.host eq "a"'],
    ['http.host in {"a" "b" "a"}', 'http.host in {"a" "b"}'],
    ['http.host eq "a" or ssl or http.host eq "b" or http.host eq "c"', 'http.host in {"a" "b" "c"} or ssl'],
  ])('of %s gives %s', (text, expected) => {
    expect(fixExpression(text).text).toBe(expected);
  });

  it('gives the same answer for every request under both readings of missing values', () => {
    const chain = fc
      .array(
        fc.constantFrom(
          'http.host eq "a"',
          'http.host eq "shop.example"',
          'http.request.headers["x-a"][0] == "a"',
          'http.request.headers["x-a"][0] eq "b"',
          'ssl',
          '!ssl',
          'not not ssl',
          'not (not http.request.headers["x-a"][0] ne "a")',
          'http.host in {"a" "a"}',
        ),
        { minLength: 1, maxLength: 6 },
      )
      .map((parts) => ` ${parts.join(' or ')}`);
    let changed = 0;
    fc.assert(
      fc.property(
        fc.oneof(expressionText, chain),
        fc.constantFrom('a', 'b', 'shop.example'),
        fc.array(fc.constantFrom('a', 'b', ''), { maxLength: 2 }),
        fc.boolean(),
        (text, host, values, missingNotEqual) => {
          const fixed = fixExpression(text);
          changed += fixed.ruleIds.length > 0 ? 1 : 0;
          const request = requestFields({
            ...plainRequest,
            host,
            headers: values.map((value) => ['X-A', value] as const),
          });
          const settings = { ...defaultSettings, lists: new Map(), missingNotEqual };
          const truth = (one: string): boolean | string => {
            const answer = compileFilter(parseFilter(one).expression, settings)(request);
            return answer instanceof Unknown ? answer.causes.join() : answer;
          };
          expect(truth(fixed.text)).toBe(truth(text));
        },
      ),
      { numRuns: Number(process.env['SLUICE_PROPERTY_RUNS'] ?? 2000), seed: 20261126 },
    );
    expect(changed).toBeGreaterThan(100);
  });
});

describe('a literal in source', () => {
  const file = { path: 'a.ts', text: 'x(\'ssl && http.host eq "a"\')' };

  it('is replaced when it stands in one place', () => {
    expect(replaceLiteral([file], 'ssl && http.host eq "a"', 'ssl')).toStrictEqual({
      path: 'a.ts',
      text: "x('ssl')",
    });
  });

  it('is left when it stands in two, in none, or in part of a literal', () => {
    expect(replaceLiteral([file, file], 'ssl && http.host eq "a"', 'ssl')).toBeNull();
    expect(replaceLiteral([file], 'ssl', 'x')).toBeNull();
  });
});

it('a configuration gives findings with the subjects that policies use', () => {
  const attributes = {
    zone_id: 'z',
    name: 'n',
    kind: 'zone',
    phase: 'http_request_firewall_custom',
    rules: [{ ref: 'a', action: 'block', expression: 'http.host in {"*.a"}' }],
  };
  const found = lintConfiguration(
    [{ type: 'cloudflare_ruleset', id: '${cloudflare_ruleset.w.id}', attributes }],
    { prefix: 's/' },
  );
  expect(found).toMatchObject([
    {
      ruleId: 'star-in-host',
      severity: 'error',
      subject: 's/cloudflare_ruleset.w#a',
      path: 'expression',
      line: 1,
      column: 15,
    },
  ]);
});
