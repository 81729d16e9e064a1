import { describe, expect, it } from 'vitest';

import { effectDigest } from '../../../scripts/plan/digest.ts';
import { readPlan } from '../../../scripts/plan/read.ts';
import { assemblePlan } from '../../../scripts/plan/difference/diff.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject, Plan } from '../../../scripts/plan/types.ts';
import { maskPaths } from '../../../scripts/render/text/mask.ts';
import { renderPlanJson } from '../../../scripts/render/plan/json.ts';
import { renderPlanMarkdown } from '../../../scripts/render/plan/markdown.ts';
import { renderPlanText } from '../../../scripts/render/plan/text.ts';
import { plainStyle } from '../../../scripts/render/text/style.ts';
import {
  capturedPlan,
  configuration,
  fixture,
  fixtureNames,
  planOf,
  record,
  withRecords,
  withRules,
  zone,
} from '../../plan/configurations.ts';

const text = (plan: Plan): string => renderPlanText(plan, { style: plainStyle });
const renderers = [text, (plan: Plan) => renderPlanMarkdown(plan), renderPlanJson];

function live(name: string): Plan {
  const result = readTerraformPlan(capturedPlan(name), 'acme-production');
  if (!result.ok) {
    throw new Error(result.diagnostics[0]?.message);
  }
  return result.value;
}

describe('the order', () => {
  const plan = planOf(
    withRecords({
      a_gone: record({ name: 'gone' }),
      b_replaced: record({ name: 'b' }),
      c_updated: record({ name: 'c' }),
    }),
    withRecords({
      a_created: record({ name: 'new', content: '192.0.2.77', comment: 'x' }),
      b_replaced: record({ name: 'b', type: 'AAAA' }),
      c_updated: record({ name: 'c', ttl: 300 }),
    }),
  );

  it('in text: deletions and replacements first', () => {
    const order = text(plan).match(/cloudflare_dns_record\.\w+/g) ?? [];
    expect([...new Set(order)]).toEqual([
      'cloudflare_dns_record.a_gone',
      'cloudflare_dns_record.b_replaced',
      'cloudflare_dns_record.c_updated',
      'cloudflare_dns_record.a_created',
    ]);
    expect(text(plan)).toContain('REPLACE (destroy, then create)  cloudflare_dns_record.b_replaced');
    expect(text(plan)).toMatch(/Plan: 1 to delete, 1 to replace, 1 to update, 1 to create\n$/);
  });

  it('in Markdown: deletions and replacements stand outside of anything folded', () => {
    const open = renderPlanMarkdown(plan).replaceAll(/<details>[\s\S]*?<\/details>/g, '');
    expect(open).toContain('a&#95;gone');
    expect(open).toContain('b&#95;replaced');
    expect(open).toContain('**REPLACE (destroy, then create)**');
    expect(open).not.toContain('c&#95;updated');
    expect(renderPlanMarkdown(plan, { hosts: ['a_b.shop.example'] })).toMatch(
      /\n\nHosts: <code>a.*shop\.example<\/code>\n\n[^]*c&#95;updated/u,
    );
  });

  it('in Markdown: the table counts every kind', () => {
    expect(renderPlanMarkdown(plan)).toContain(
      '| <code>acme&#45;production</code> | **1** | **1** | · | 1 | 1 | · | 4 → 4 |',
    );
  });

  it('a stack without changes and a plan without stacks are said to be so', () => {
    expect(text(planOf(withRecords({}), withRecords({})))).toContain('acme-production  no changes');
    expect(text(assemblePlan([], 'configuration'))).toBe('No stack is in scope.\nPlan: no changes\n');
    const nothing = assemblePlan([], 'configuration');
    expect(renderPlanMarkdown(nothing, { hosts: [] })).toBe('No stack is in scope.\n');
  });
});

const withContent = (content: string): ReturnType<typeof withRecords> =>
  withRecords({ www: record({ content }) });

const ofUnknownType = (size: number): ReturnType<typeof configuration> =>
  configuration({ random_id: { x: { byte_length: size } } });

const withBackend = (bucket: string): JsonObject => ({
  terraform: {
    backend: { s3: { bucket, secret_key: 'hunter2-hunter2' } },
    required_providers: { cloudflare: { source: 'cloudflare/cloudflare' } },
  },
  locals: { x: 1 },
});

describe('what changes', () => {
  it('a rule inserted and another moved are two lines', () => {
    const rules = ['a', 'b', 'c'].map((ref) => ({ ref, action: 'block', expression: ref, description: ref }));
    const [first, ...rest] = rules;
    const out = text(
      planOf(withRules(rules), withRules([{ ref: 'new', action: 'log' }, ...rest, first ?? {}] as Json[])),
    );
    expect(out).toContain('+ rules[ref=new] = {"action":"log","ref":"new"}');
    expect(out).toContain('> rules[ref=a] moved from position 1 to 4');
    expect(out.match(/rules\[/g)).toHaveLength(2);
  });

  it('long values are shown as a diff of words, several lines as a diff of lines', () => {
    const words = text(
      planOf(withContent(`${'word '.repeat(30)}old end`), withContent(`${'word '.repeat(30)}new end`)),
    );
    expect(words).toContain('[-old-] end');
    expect(words).toContain('{+new+} end');
    const lines = text(planOf(withContent('one\ntwo\nthree\n'), withContent('one\n2\nthree\n')));
    expect(lines).toMatch(/- +two\n.*\+ +2\n/);
  });

  it('a rename comes with the block to write, for both kinds of configuration', () => {
    const plan = planOf(withRecords({ old: record() }), withRecords({ next: record() }));
    for (const out of [text(plan), renderPlanMarkdown(plan)]) {
      expect(out).toContain(
        '"moved": [{ "from": "cloudflare_dns_record.old", "to": "cloudflare_dns_record.next" }]',
      );
      expect(out).toContain(
        "stack.addOverride('moved', [{ from: 'cloudflare_dns_record.old', to: 'cloudflare_dns_record.next' }])",
      );
    }
  });

  it('a move says moved, a lifecycle both values, an unknown value that it is unknown', () => {
    const moved = planOf(
      withRecords({ old: record() }),
      withRecords(
        { next: record() },
        { moved: [{ from: 'cloudflare_dns_record.old', to: 'cloudflare_dns_record.next' }] },
      ),
    );
    expect(text(moved)).toContain('moved from cloudflare_dns_record.old');
    const held = planOf(
      withRecords({ x: record({ lifecycle: { prevent_destroy: true } }) }),
      withRecords({ x: record() }),
    );
    expect(text(held)).toContain('~ lifecycle.prevent_destroy: true → false');
    const replaced = planOf(
      withRecords({ x: record() }),
      configuration({
        cloudflare_zone: { shop: { ...zone.shop, name: 'b' } },
        cloudflare_dns_record: { x: record() },
      }),
    );
    expect(text(replaced)).toContain('→ (known after apply) (forces replacement)');
  });

  it('says so when the type is not known and the worst is assumed', () => {
    expect(text(planOf(ofUnknownType(1), ofUnknownType(2)))).toContain(
      'not known here, so the worst is assumed',
    );
    expect(
      text(planOf(withRecords({ x: record() }), withRecords({ x: record({ type: 'AAAA' }) }))),
    ).not.toContain('worst');
  });

  it('settings of the stack that change are shown, with credentials masked', () => {
    const plan = planOf(withBackend('one'), withBackend('two'));
    expect(text(plan)).toContain(
      '~ backend: {"s3":{"bucket":"one","secret_key":"(sensitive)"}} → {"s3":{"bucket":"two"',
    );
    for (const render of renderers) {
      expect(render(plan)).not.toContain('hunter2');
    }
  });
});

const database = (password: string, extra: Record<string, Json> = {}): JsonObject =>
  configuration({
    cloudflare_hyperdrive_config: {
      db: {
        account_id: 'a',
        name: 'db',
        origin: { host: 'db.internal', password, access_client_secret: 'N7c1v9Zp2mQ4xx', ...extra },
      },
    },
  });

describe('secrets', () => {
  const secret = 'hunter2';
  it.each<[string, JsonObject | null, JsonObject | null]>([
    ['created', null, database(secret)],
    ['deleted', database(secret), null],
    ['changed', database(secret), database(`${secret}-next`)],
    ['beside another change', database(secret), database(secret, { host: 'other' })],
    [
      'in a part that is added',
      configuration({ cloudflare_hyperdrive_config: { db: { account_id: 'a', name: 'db' } } }),
      database(secret),
    ],
    [
      'in a list of the configuration',
      withRecords({ x: record() }),
      withRecords({ x: record({ tokens: [], token: [`${secret}hunter2`] }) }),
    ],
  ])('%s are in no output', (_name, before, after) => {
    const plan = planOf(before, after);
    for (const render of renderers) {
      expect(render(plan)).not.toContain(secret);
      expect(render(plan)).not.toContain('N7c1v9Zp2mQ4xx');
    }
  });

  it('say that they change, and what stands beside them stays readable', () => {
    expect(text(planOf(database(secret), database('other')))).toContain(
      '~ origin.password: (sensitive, changed)',
    );
    expect(text(planOf(null, database(secret)))).toContain('"host":"db.internal"');
  });

  it('marked by Terraform are in no output either', () => {
    const plan = live('terraform-data');
    for (const render of renderers) {
      expect(render(plan)).not.toMatch(/first-secret-value|second-secret-value/);
    }
    expect(text(plan)).toContain('(sensitive, changed)');
  });

  it('maskPaths masks exactly the paths', () => {
    expect(maskPaths({ a: [{ b: 1, c: 2 }], d: 3 }, [['a', 0, 'b']])).toEqual({
      a: [{ b: '(sensitive)', c: 2 }],
      d: 3,
    });
    expect(maskPaths({ a: 1 }, [[]])).toBe('(sensitive)');
  });
});

describe('hostile text', () => {
  const nasty = '@acme/team #1 <img src=x onerror=y> | ``` \n````\n# top\u001b[2J\u202e</details>';
  const plan = planOf(
    withRecords({
      'x|`@y`': record({ name: nasty, content: 'a', comment: `${nasty} old` }),
      gone: record({ name: nasty }),
    }),
    withRecords({ 'x|`@y`': record({ name: nasty, content: nasty, comment: `${nasty} new` }) }),
  );

  it('leaves no control or bidirectional character in any output', () => {
    for (const render of renderers) {
      expect(render(plan).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });

  it('cannot leave its fence or become markup in Markdown', () => {
    const out = renderPlanMarkdown(plan);
    const lines = out.split('\n');
    let fence = '';
    const outside: string[] = [];
    const runs: number[] = [];
    for (const line of lines) {
      const run = /^`{3,}/.exec(line)?.[0] ?? '';
      if (fence === '' && run !== '') {
        fence = run;
      } else if (fence !== '' && line === fence) {
        fence = '';
      } else if (fence === '') {
        outside.push(line);
      } else {
        runs.push(run.length - fence.length);
      }
    }
    expect(fence).toBe('');
    expect(Math.max(...runs)).toBeLessThan(0);
    expect(out).toContain('`````diff\n');
    expect(outside.join('\n').replaceAll(/&#\d+;/g, '')).not.toMatch(/@acme|<img|#1|`/);
    expect(out.match(/<details>/g)?.length).toBe(out.match(/^<\/details>/gm)?.length);
  });

  it('one attribute stays on its line in a terminal', () => {
    expect(
      text(plan)
        .split('\n')
        .some((line) => line.startsWith('# top')),
    ).toBe(false);
  });
});

describe('JSON', () => {
  it.each(fixtureNames)('of %s is canonical, newline-terminated and read back', (name) => {
    const plan = planOf(fixture(name, 'before'), fixture(name, 'after'));
    const out = renderPlanJson(plan);
    expect(out.endsWith('}\n')).toBe(true);
    expect(out.split('\n')).toHaveLength(2);
    const back = readPlan(JSON.parse(out));
    expect(back.ok && renderPlanJson(back.value)).toBe(out);
  });

  it('has the hosts beside the plan, and they are no part of its effect', () => {
    const plan = planOf(fixture('saas-rulesets', 'before'), fixture('saas-rulesets', 'after'));
    const back = readPlan(JSON.parse(renderPlanJson(plan, { hosts: ['www.shop.example'] })));
    expect(back.ok && [back.value.hosts, effectDigest(back.value)]).toEqual([
      ['www.shop.example'],
      effectDigest(plan),
    ]);
  });

  it('keeps the effect digest when there was nothing to mask', () => {
    const plan = planOf(fixture('saas-rulesets', 'before'), fixture('saas-rulesets', 'after'));
    const back = readPlan(JSON.parse(renderPlanJson(plan)));
    expect(back.ok && effectDigest(back.value)).toBe(effectDigest(plan));
  });
});

describe('everything that real configurations and plans hold', () => {
  it.each(fixtureNames)('%s', (name) => {
    for (const plan of [planOf(fixture(name, 'before'), fixture(name, 'after')), live(name)]) {
      for (const render of renderers) {
        const once = render(plan);
        expect(render(plan)).toBe(once);
        expect(once).not.toContain('undefined');
        expect(once).not.toContain('[object Object]');
      }
      for (const { address } of plan.stacks.flatMap((stack) => stack.changes)) {
        expect(text(plan)).toContain(address);
      }
    }
  });
});

describe('a changed expression', () => {
  const rule = (expression: string, ref = 'a') => ({ ref, action: 'block', expression, enabled: true });
  const change = (before: string, after: string): Plan =>
    planOf(withRules([rule(before)]), withRules([rule(after)]));
  const wider = change('http.request.uri.path eq "/ab"', 'starts_with(http.request.uri.path, "/a")');

  it('is followed by what it does, with an example', () => {
    for (const rendered of [text(wider), renderPlanMarkdown(wider)]) {
      expect(rendered).toContain('wider: also matches GET www.example.com/a (example); tests: + ');
    }
  });

  it('says as well when nothing changes by it', () => {
    const same = change('http.host in {"a"}', 'http.host eq "a"');
    expect(text(same)).toContain('equivalent: matches the same requests');
  });

  it('is not compared when it is sensitive, or known only after apply', () => {
    const [stack] = wider.stacks;
    const [resource] = stack?.changes ?? [];
    const hidden = (what: 'sensitive' | 'unknown'): string =>
      text({
        ...wider,
        stacks: wider.stacks.map((one) => ({
          ...one,
          changes: one.changes.map((changed) => ({
            ...changed,
            attributes: changed.attributes.map((attribute) => ({ ...attribute, [what]: true })),
          })),
        })),
      });
    expect(resource?.attributes).toHaveLength(1);
    expect(hidden('sensitive')).not.toContain('/a');
    expect(hidden('unknown')).not.toContain('wider');
  });

  it('is compared for the first twenty rules of a ruleset', () => {
    const rules = (expression: string) =>
      withRules(
        Array.from({ length: 30 }, (_, at) =>
          rule(`${expression} and http.host ne "${String(at)}"`, `r${String(at)}`),
        ),
      );
    const many = text(
      planOf(rules('http.request.uri.path eq "/ab"'), rules('http.request.uri.path contains "/a"')),
    );
    expect(many.match(/also matches/gu)).toHaveLength(20);
  });
});

describe('a filter that cannot be evaluated', () => {
  const rule = (expression: string): JsonObject => ({ ref: 'r', action: 'block', expression });
  const changed = planOf(
    withRules([rule('http.host eq "a.example"')]),
    withRules([rule('http.host eq "a.example" and http.request.uri.pth eq "/x"')]),
  );
  const added = planOf(withRules([]), withRules([rule('http.host eq')]));

  it('is shown with a caret below the place, what is wrong and the nearest name', () => {
    const lines = text(changed).split('\n');
    const at = lines.findIndex((line) => line.includes('1:30 http.request.uri.pth is not a field'));
    expect(lines[at]).toContain('the nearest is http.request.uri.path');
    expect(lines[at + 1]?.slice(lines[at + 2]?.indexOf('^'))).toMatch(/^http\.request\.uri\.pth/u);
  });

  it('is shown so in a rule that is added as well', () => {
    expect(text(added)).toMatch(/1:\d+ .*\n.*http\.host eq\n +\^/u);
  });

  it('is shown so in a ruleset that is new, by the rule that it is of', () => {
    const limit = {
      ...rule('http.host eq "a.example"'),
      ref: 'slow',
      ratelimit: { counting_expression: 'http.hst eq "b"' },
    };
    const created = text(planOf(withRecords({}), withRules([rule('http.host eq "a.example"'), limit])));
    expect(created).toMatch(
      /slow: 1:1 http\.hst is not a field.*the nearest is http\.host\n.*http\.hst eq "b"\n +\^/u,
    );
    expect(created.match(/is not a field/gu)).toHaveLength(1);
  });
});
