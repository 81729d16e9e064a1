/** `sluice waf lint` on a repository, on files and on expressions. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withKeptSynth } from '../cached-synth.ts';
import { makeSmallEstate, type Ended, type SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;
beforeAll(() => {
  estate = makeSmallEstate();
});
afterAll(() => estate.remove());

const lint = (...args: readonly string[]): Promise<Ended> =>
  estate.sluice(['waf', 'lint', ...args], {}, withKeptSynth);

interface Shown {
  readonly outcome: string;
  readonly findings: readonly {
    readonly ruleId: string;
    readonly subject: string;
    readonly line: number | null;
  }[];
}

const bad = ['--expression', 'http.host in {"*.shop.example"}'] as const;

describe('sluice waf lint', () => {
  it('of an estate in order ends well', async () => {
    const { exit, stdout } = await lint();
    expect([exit, stdout]).toEqual(['ok', expect.stringContaining('0 errors')]);
  });

  it('names the rule of the estate that has a mistake, with its place in the expression', async () => {
    const copy = estate.copy();
    copy.write(
      'stacks/estate.ts',
      copy
        .read('stacks/estate.ts')
        .replace('(http.host eq "api.shop.example"', '(http.host eq "*.shop.example"'),
    );
    const ended = await copy.sluice(
      ['waf', 'lint', '--stack', 'acme-production', '--format', 'json'],
      {},
      withKeptSynth,
    );
    const { outcome, findings } = JSON.parse(ended.stdout) as Shown;
    expect([ended.exit, outcome]).toEqual(['denied', 'denied']);
    expect(findings).toContainEqual(
      expect.objectContaining({
        ruleId: 'star-in-host',
        subject: 'acme-production/cloudflare_ruleset.waf#watch-old-api',
        line: 1,
      }),
    );
    copy.remove();
  });

  it('prints findings as SARIF with the rules that they are of', async () => {
    const { exit, stdout } = await lint(...bad, '--format', 'sarif');
    expect(exit).toBe('denied');
    const { runs } = JSON.parse(stdout) as {
      readonly runs: readonly {
        readonly results: readonly { readonly ruleId: string; readonly level: string }[];
        readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      }[];
    };
    expect(runs[0]?.results).toMatchObject([{ ruleId: 'star-in-host', level: 'error' }]);
    expect(runs[0]?.tool.driver.rules.map(({ id }) => id)).toContain('star-in-host');
  });

  it('judges by the plan that is named', async () => {
    const text = ['--expression', 'http.host matches "^a+$"'] as const;
    expect((await lint(...text)).exit).toBe('ok');
    const { exit, stdout } = await lint(...text, '--plan', 'pro');
    expect([exit, stdout]).toEqual(['denied', expect.stringContaining('plan-regex')]);
  });

  it('takes values and what a rate limit counts, and judges by the phase that is named', async () => {
    const response = ['--expression', 'http.response.code eq 404'] as const;
    expect((await lint(...response, '--kind', 'counting')).exit).toBe('ok');
    expect((await lint(...response, '--phase', 'http_ratelimit')).exit).toBe('denied');
    const value = ['--expression', 'len(http.host)', '--kind', 'value'] as const;
    expect((await lint(...value)).stdout).toContain('to_string(len(http.host))');
    expect((await lint('--expression', 'lower(http.host)', '--kind', 'value')).exit).toBe('ok');
    expect((await lint(...response, '--phase', 'http_ratelimits')).exit).toBe('usage');
    expect((await lint('--kind', 'value')).exit).toBe('usage');
  });

  it('is told apart from explaining and laying out, which take the same', async () => {
    const waf = (...args: readonly string[]): Promise<Ended> =>
      estate.sluice(['waf', ...args], {}, withKeptSynth);
    const value = 'concat( "/x",http.request.uri.path )';
    expect((await waf('format', '--kind', 'value', value)).stdout).toBe(
      'concat("/x", http.request.uri.path)\n',
    );
    expect((await waf('format', value)).exit).toBe('invalidInput');
    expect((await waf('explain', '--kind', 'value', value)).stdout).toContain('Gives: String');
    expect((await waf('explain', '--kind', 'value', 'ip.src')).exit).toBe('invalidInput');
    expect((await waf('explain', '--kind', 'counting', 'http.response.code eq 404')).exit).toBe('ok');
  });

  it('shows notes only when they are asked for', async () => {
    const text = ['--expression', 'not not ssl'] as const;
    expect((await lint(...text)).stdout).not.toContain('double-not');
    expect((await lint(...text, '--notes')).stdout).toContain('double-not');
  });

  it('rewrites a file that holds an expression, and nothing that is not proven to stay the same', async () => {
    writeFileSync(join(estate.folder, 'rule.txt'), 'not not ssl and http.host in {"a" "b" "a"}');
    const { exit } = await lint('rule.txt', '--fix');
    expect([exit, estate.read('rule.txt').trim()]).toEqual(['ok', 'ssl and http.host in {"a" "b"}']);
    writeFileSync(join(estate.folder, 'kept.txt'), 'not http.request.headers["x-a"][0] eq "a"');
    await lint('kept.txt', '--fix');
    expect(estate.read('kept.txt')).toBe('not http.request.headers["x-a"][0] eq "a"');
  });

  it('lists its rules', async () => {
    const { exit, stdout } = await lint('--rules');
    expect(exit).toBe('ok');
    expect(stdout.match(/^\| `/gm)?.length).toBeGreaterThan(170);
  });

  it.each([
    [['--expression', 'ssl', '--stack', 'acme-production'], 'usage', '--stack does not go with --expression'],
    [['--stack', 'acme-prodution'], 'usage', 'Unknown stack: acme-prodution.'],
    [['none.txt'], 'externalTool', 'none.txt cannot be read'],
  ] as const)('%j', async (args, exit, says) => {
    const ended = await lint(...args);
    expect([ended.exit, ended.stderr]).toEqual([exit, expect.stringContaining(says)]);
  });
});
