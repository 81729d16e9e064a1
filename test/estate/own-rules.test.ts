/** Rules of an estate's own by its commands: written, tried, and asked as the default branch has them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSmallEstate, type SmallEstate } from '../scenarios/small-estate.ts';
import { addShop, emptyFolder, type OwnEstate } from './own-estate.ts';

let estate: OwnEstate;
const rule = 'policies/rules/own-ttl-not-short.ts';
const cases = 'policies/rules/own-ttl-not-short.cases.ts';

async function said(...args: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await estate.sluice(...args);
  return `${exit}\n${stdout}${stderr}`;
}

beforeAll(async () => {
  estate = emptyFolder();
  await estate.sluice('init', '--organization', 'my-team', '--package', 'file:../sluice.tgz');
  await estate.sluice(...addShop);
});

afterAll(() => estate.remove());

describe('a new rule', () => {
  it('is written with its cases, and they pass', async () => {
    expect(await said('rule', 'add', 'ttl-not-short', '--why', "It's agreed")).toMatch(
      /^ok\nwrote {2}policies\/rules\/own-ttl-not-short\.ts\nwrote {2}policies\/rules\/own-ttl-not-short\.cases\.ts\n/,
    );
    expect(await said('doctor')).toMatch(/^ok\n/);
  });

  it.each([
    ['that is there', 'ttl-not-short', 'There is a rule own-ttl-not-short already'],
    ['with a name that no file of a rule has', 'TTL', 'is not the name of a rule'],
    ['that leads out of the folder', '../x', 'is not the name of a rule'],
  ])('%s is refused', async (_, name, reason) => {
    expect(await said('rule', 'add', name)).toContain(reason);
  });
});

describe('sluice doctor', () => {
  const edited = async (path: string, from: string | RegExp, to: string): Promise<string> => {
    const text = estate.read(path);
    expect(text).toMatch(from);
    estate.write(path, text.replace(from, to));
    const answer = await said('doctor');
    estate.write(path, text);
    return answer;
  };

  it.each<readonly [string, string, string | RegExp, string, string | RegExp]>([
    [
      'a rule that says something else than its case',
      rule,
      'ttl < 300',
      'ttl < 30',
      'the rule finds nothing',
    ],
    [
      'a rule that fires on everything',
      rule,
      "typeof ttl === 'number' && ttl !== 1 && ttl < 300",
      'true',
      'ten minutes": the rule finds example/',
    ],
    [
      'no case that fires',
      cases,
      /before: record\(300\),\n\s+after: record\(60\),\n\s+finds: \[.*\]/,
      'after: record(600), finds: []',
      'no case that the rule fires on',
    ],
    [
      'no honest twin',
      cases,
      'after: record(600),\n    finds: []',
      "after: record(61), finds: ['example/cloudflare_dns_record.www']",
      'no case that the rule leaves alone',
    ],
    [
      'a rule that crashes',
      rule,
      'const ttl',
      `JSON.parse('{');\n        const ttl`,
      /fails on its cases: SyntaxError at policies\/rules\/own-ttl-not-short\.ts:\d+/,
    ],
    ['a rule that does not compile', rule, 'defineRule({', 'defineRule({{', 'cannot be compiled'],
    ['another id', rule, "id: 'own-ttl-not-short'", "id: 'own-other'", 'calls itself own-other'],
    [
      'an id of the product',
      rule,
      "id: 'own-ttl-not-short'",
      "id: 'spf-kept'",
      "the rule's answer is not one",
    ],
  ])('names %s', async (_, ...[path, from, to, reason]) => {
    const answer = await edited(path, from, to);
    expect(answer).toMatch(/^invalidInput\n/);
    expect(answer).toMatch(reason);
  });

  it.each([
    ['policies/rules/ttl.ts', 'nobody runs this file'],
    ['policies/rules/own-ttl.js', 'nobody runs this file'],
    ['policies/rules/own-TTL.ts', 'nobody runs this file'],
    ['policies/own-ttl.ts', 'nobody runs this file'],
    ['policies/rules/own-lonely.ts', 'the rule has no cases'],
    ['policies/rules/own-gone.cases.ts', 'cases of a rule that is not there'],
  ])('names %s', async (path, reason) => {
    mkdirSync(join(estate.folder, 'policies/rules'), { recursive: true });
    estate.write(path, 'export const rule = {};\n');
    const answer = await said('doctor');
    execFileSync('rm', [join(estate.folder, path)]);
    expect(answer).toMatch(/^invalidInput\n/);
    expect(answer).toContain(reason);
  });
});

describe('sluice check', () => {
  const path = 'policies/rules/own-address.ts';
  const ruleOf = (id: string, body: string): string =>
    `import { defineRule, fine, finding, judgeEach } from 'sluice/policies';
export const rule = defineRule({
  id: '${id}', title: 'Address', area: 'plan', severity: 'deny', why: 'why', fix: 'fix', since: '2026-11-30', source: 'ours', waivable: true,
  evaluate: ({ index }) => judgeEach(index.changes, 'nothing changes', ({ stack, address, after }) => { ${body} }),
});
`;
  const objects = `return after?.content === '203.0.113.66' ? finding(stack + '/' + address, 'the old address', 'another') : fine;`;
  let small: SmallEstate;
  const check = async (...args: readonly string[]): Promise<string> => {
    const { exit, stdout, stderr } = await small.sluice(['check', '--base', 'main', ...args]);
    return `${exit}\n${stdout}${stderr}`;
  };

  beforeAll(() => {
    small = makeSmallEstate();
    small.write(path, ruleOf('own-address', objects));
    small.git('add', '--all');
    small.git('commit', '--quiet', '--message', 'a rule');
    small.git('switch', '--quiet', '--create', 'change');
    small.write('stacks/estate.ts', small.read('stacks/estate.ts').replace('203.0.113.1', '203.0.113.66'));
  });

  afterAll(() => small.remove());

  it('judges by the rules of the branch that it is compared with, whatever this one makes of them', async () => {
    const found = /own-address[\s\S]*the old address/;
    expect(await check()).toMatch(found);
    small.write(path, ruleOf('own-address', 'return fine;'));
    expect(await check()).toMatch(found);
    small.git('rm', '--quiet', '--force', path);
    expect(await check()).toMatch(found);
    small.git('checkout', '--quiet', 'main', '--', path);
    small.write('policies/rules/own-new.ts', ruleOf('own-new', objects));
    expect(await check('--format', 'json')).not.toContain('"ruleId":"own-new"');
    small.git('clean', '--quiet', '--force', 'policies');
  });

  it('denies when a rule of that branch does not answer', async () => {
    small.git('stash', '--quiet');
    small.git('switch', '--quiet', 'main');
    small.write(path, ruleOf('own-address', `throw new Error('gone');`));
    small.git('commit', '--quiet', '--all', '--message', 'broken');
    small.git('switch', '--quiet', 'change');
    small.git('stash', 'pop', '--quiet');
    const answer = await check('--format', 'json');
    expect(answer).toMatch(/^denied\n/);
    expect(answer).toContain('rule-error/own-address');
    expect(answer).toContain('gone');
  });

  it('refuses a file that looks like a rule and is none', async () => {
    small.write('policies/rules/own-Other.ts', ruleOf('own-address', objects));
    expect(await check()).toMatch(/^invalidInput[\s\S]*is not a rule that is run/);
    small.git('clean', '--quiet', '--force', 'policies');
  });
});
