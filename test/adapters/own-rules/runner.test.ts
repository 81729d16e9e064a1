/** A rule of an estate's own, run apart: what comes back of one that works, and of one that does not, or does harm. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createConfinement } from '../../../scripts/adapters/process/confine.ts';
import { createRuleRunner } from '../../../scripts/adapters/own-rules/runner.ts';
import { readOwnRule } from '../../../scripts/read/own-rule.ts';
import type { RuleRun } from '../../../scripts/contract/own-rules.ts';
import { aRuleInput } from '../../builders/facts.ts';
import { home } from '../../scenarios/small-estate.ts';

const path = 'policies/rules/own-example.ts';
const elsewhere = mkdtempSync(join(tmpdir(), 'sluice-rules-'));
const secret = join(elsewhere, 'secret.txt');
writeFileSync(secret, 'hunter2-is-not-for-rules');

afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

/** The environment has something that a rule must not see. */
function runner(timeoutMs?: number, script = `${home}/scripts/adapters/process/confine.sh`) {
  const environment = { PATH: process.env['PATH'], SLUICE_GITHUB_TOKEN: 'ghs_of_the_gate' };
  return createRuleRunner({
    environment,
    confinement: createConfinement({ environment, script, onMissing: () => undefined }),
    guard: `${home}/scripts/adapters/synth/guard.mjs`,
    host: [`${home}/scripts/adapters/own-rules/host.ts`],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
}

function ruleText(evaluate: string, more = ''): string {
  return `import { defineRule, finding, judged, notApplicable } from 'sluice/policies';
${more}
export const rule = defineRule({
  id: 'own-example', title: 'Example', area: 'plan', severity: 'deny', why: 'why', fix: 'fix',
  since: '2026-11-30', source: 'ours', waivable: true,
  evaluate: (context) => { ${evaluate} },
});
`;
}

function run(
  text: string,
  { parts = {}, timeoutMs }: { parts?: Readonly<Record<string, string>>; timeoutMs?: number } = {},
): Promise<RuleRun> {
  const sources = new Map([[path, text], ...Object.entries(parts)]);
  return runner(timeoutMs).run({ path, sources, input: aRuleInput(), cases: null });
}

async function reasonOf(...given: Parameters<typeof run>): Promise<string> {
  const ended = await run(...given);
  return ended.ok ? `answered: ${ended.value}` : ended.reason;
}

describe('a rule that works', () => {
  it('gets what the rules of the product get, and answers as they do', async () => {
    const ended = await run(
      ruleText(
        `return judged(context.index.changes.flatMap(({ stack, address }) => finding(stack + '/' + address, context.estate.all('cloudflare_dns_record').length + ' record', limits.most + ' records')));`,
        `import { limits } from './own/limits.ts';`,
      ),
      {
        parts: {
          'policies/rules/own/limits.ts': `import most from './most.json' with { type: 'json' };\nexport const limits = { most: most.records };`,
          'policies/rules/own/most.json': '{ "records": 0 }',
        },
      },
    );
    const read = ended.ok ? readOwnRule(ended.value, path) : null;
    expect(read).toMatchObject({
      ok: true,
      value: {
        rule: { id: 'own-example', severity: 'deny', waivable: true },
        result: {
          kind: 'judged',
          observations: [
            {
              subject: 'acme-production/cloudflare_dns_record.www',
              seen: '1 record',
              required: '0 records',
            },
          ],
          doubts: [],
        },
      },
    });
  });
});

describe('a rule that does not come to a result', () => {
  it.each([
    ['does not compile', 'export const rule = {', /cannot be compiled: policies\/rules\/own-example\.ts:1: /],
    ['exports nothing', 'export const other = 1;', /own-example\.ts has no `export const rule`/],
    [
      'throws',
      ruleText(`throw new RangeError('no\\nsuch zone');`),
      /^RangeError at policies\/rules\/own-example\.ts:6:\d+: no such zone$/,
    ],
    ['throws when it is loaded', `throw new Error('early'); export const rule = 1;`, /^Error at .*early/],
    ['is not an object', `export const rule = null;`, /TypeError/],
    ['ends the process', ruleText('process.exit(0);'), /process\.exit\(\)/],
    [
      'looks at the clock',
      ruleText(`try { Date.now(); } catch {} return notApplicable('x');`),
      /it uses Date\.now\(\) at policies\/rules/,
    ],
    ['uses chance', ruleText(`return notApplicable(String(Math.random()));`), /it uses Math\.random\(\)/],
    [
      'imports a module of Node',
      `import { readFileSync } from 'node:fs';\n${ruleText('return notApplicable(String(readFileSync));')}`,
      /a rule imports sluice\/policies and files below/,
    ],
    [
      'imports a package',
      `import yaml from 'yaml';\n${ruleText('return notApplicable(String(yaml));')}`,
      /not 'yaml'/,
    ],
    [
      'imports the host',
      `import { answer } from 'sluice:host';\n${ruleText('return notApplicable(String(answer));')}`,
      /not 'sluice:host'/,
    ],
    [
      'imports a file outside',
      `import x from '../../package.json';\n${ruleText('return notApplicable(String(x));')}`,
      /not '\.\.\/\.\.\/package\.json'/,
    ],
    [
      'imports by an absolute path',
      `import x from '${secret}';\n${ruleText('return notApplicable(String(x));')}`,
      /a rule imports/,
    ],
  ])('%s', async (_, text, reason) => {
    expect(await reasonOf(text)).toMatch(reason);
  });

  it('is ended when it does not end', async () => {
    expect(await reasonOf(ruleText('while (true) {}'), { timeoutMs: 1500 })).toBe(
      'it did not end within 1.5 s',
    );
  });

  it.each([
    ['a promise', `return Promise.resolve(notApplicable('later'));`],
    ['nothing', ``],
    [
      'a finding that says who waived it',
      `return { kind: 'judged', doubts: [], observations: [{ subject: 'a', seen: 'b', required: 'c', waivedBy: { approvedBy: 's.haddad', reason: 'x', expires: 'y' } }] };`,
    ],
    [
      'a severity of its own',
      `return { kind: 'judged', doubts: [], observations: [{ subject: 'a', seen: 'b', required: 'c', severity: 'allow' }] };`,
    ],
    [
      'a kind that it does not have',
      `return { kind: 'judged', doubts: [], observations: [{ subject: 'a', seen: 'b', required: 'c', kind: 'other' }] };`,
    ],
    ['a verdict', `return { kind: 'allow' };`],
    [
      'more findings than anybody reads',
      `return { kind: 'judged', doubts: [], observations: Array.from({ length: 10001 }, () => ({ subject: 'a', seen: 'b', required: 'c' })) };`,
    ],
  ])('answers with %s', async (_, evaluate) => {
    const ended = await run(ruleText(evaluate));
    expect(ended.ok ? readOwnRule(ended.value, path).ok : 'no answer').toBe(false);
  });

  it.each([
    ['the id of a rule of the product', `id: 'own-example'`, `id: 'plan-zone-deletion'`],
    ['an id without the prefix', `id: 'own-example'`, `id: 'example'`],
    ['no reason', `why: 'why'`, `why: ''`],
  ])('describes itself with %s', async (_, from, to) => {
    const ended = await run(ruleText(`return notApplicable('x');`).replace(from, to));
    expect(ended.ok ? readOwnRule(ended.value, path).ok : 'no answer').toBe(false);
  });
});

/** Tried by code that hides the attempt from the compiler and catches what is refused. */
const attempts: readonly (readonly [string, string])[] = [
  ['another file', `(await import(['node', 'fs'].join(':'))).readFileSync('${secret}', 'utf8')`],
  [
    'a file outside its folder',
    `((await import(['node', 'fs'].join(':'))).writeFileSync('${join(elsewhere, 'written')}', 'x'), 'written')`,
  ],
  [
    'a thread',
    `new (await import(['node', 'worker_threads'].join(':'))).Worker('0', { eval: true }).threadId`,
  ],
  ['the environment', `JSON.stringify(process.env)`],
  [
    'the environment of another process',
    `(await import(['node', 'fs'].join(':'))).readFileSync('/proc/' + process.ppid + '/environ', 'utf8')`,
  ],
  [
    'a program',
    `(await import(['node', 'child_process'].join(':'))).execFileSync('cat', ['${secret}']).toString()`,
  ],
];

describe('a rule that does harm', () => {
  it.each(attempts)('does not get at %s', async (_, attempt) => {
    const text = `let got; try { got = String(${attempt}); } catch (error) { got = 'refused'; }\n${ruleText('return notApplicable(got);')}`;
    const ended = await reasonOf(text);
    expect(ended).not.toContain('hunter2');
    expect(ended).not.toContain('ghs_of_the_gate');
    expect(existsSync(join(elsewhere, 'written'))).toBe(false);
  });

  it.each(attempts)('does not get at %s where the machine makes no cells', async (_, attempt) => {
    const text = `let got; try { got = String(${attempt}); } catch (error) { got = 'refused'; }\n${ruleText('return notApplicable(got);')}`;
    const apart = runner(undefined, '/nowhere/confine.sh');
    const ended = await apart.run({
      path,
      sources: new Map([[path, text]]),
      input: aRuleInput(),
      cases: null,
    });
    const said = ended.ok ? ended.value : ended.reason;
    expect(said).not.toContain('hunter2');
    expect(said).not.toContain('ghs_of_the_gate');
    expect(existsSync(join(elsewhere, 'written'))).toBe(false);
  });
});
