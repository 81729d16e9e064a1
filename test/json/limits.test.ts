import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { excess, limits, Meter } from '../../scripts/json/limits.ts';
import { parseJson, TooMuchError } from '../../scripts/json/parse.ts';

const few = { bytes: 100, depth: 3, values: 10, seconds: 1 };

describe('a meter', () => {
  it('ends at the number of values', () => {
    const meter = new Meter(few);
    expect(Array.from({ length: 11 }, () => meter.more())).toEqual([...Array<null>(10).fill(null), 'values']);
  });

  it('ends when the time is over, looking at the clock now and then', () => {
    let now = 0;
    const meter = new Meter({ ...few, values: 1_000_000 }, () => now);
    now = 1001;
    const results = Array.from({ length: 5000 }, () => meter.more());
    expect(results.indexOf('seconds')).toBe(4095);
  });
});

describe('JSON of others', () => {
  it.each([
    ['values', '[1,2,3,4,5,6,7,8,9,10,11,12]', 'more than 10 values'],
    ['empty maps', `[${'{},'.repeat(12)}{}]`, 'more than 10 values'],
    ['depth', '[[[[1]]]]', 'nested more than 3 levels deep'],
    ['bytes', `"${'x'.repeat(100)}"`, 'more than 100 bytes'],
  ])('is refused for its %s, before anything is built of it', (_, text, message) => {
    expect(() => parseJson(text, few)).toThrow(new TooMuchError(message));
  });

  it('is parsed otherwise; commas and brackets in texts are not values', () => {
    expect(parseJson(`{"a":"${',[{'.repeat(20)}"}`, few)).toEqual({ a: ',[{'.repeat(20) });
    expect(() => parseJson('{', few)).toThrow(SyntaxError);
  });

  it('takes no longer when there is far more of it', () => {
    const began = performance.now();
    expect(() => parseJson(`[${'{},'.repeat(16_000_000)}{}]`, limits.json)).toThrow(
      'more than 4,000,000 values',
    );
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('is named by what is too much of it', () => {
    expect([excess('values', limits.yaml), excess('seconds', limits.yaml)]).toEqual([
      'more than 100,000 values',
      'more than 20 seconds',
    ]);
  });
});

/** Files that parse without a limit, and why they may. A reader that is not here reads through the table of limits. */
const withoutLimits: Readonly<Record<string, string>> = {
  'scripts/json/parse.ts': 'after the limits',
  'scripts/read/json/json.ts': 'after the limits',
  'scripts/read/json/scan.ts': 'one text of a document that is within them',
  'scripts/read/json/locate.ts': 'one key of a document that is within them',
  'scripts/read/yaml/yaml.ts': 'counts the tokens itself',
  'scripts/read/yaml/errors.ts': 'explains errors of tokens that were counted',
  'scripts/read/yaml/nodes.ts': 'counts the values again, with those of aliases',
  'scripts/cli/record/new-record.ts': 'writes YAML',
  'scripts/cli/record/edit.ts': 'after the limits: the record was read as one before',
  'scripts/estate/grow.ts': 'after the limits: the register and the roster were read before',
  'scripts/cli/sandbox/sandbox.ts': 'a flag that a person typed',
  'scripts/build/provider-bindings.ts': 'an installed package',
  'scripts/adapters/own-rules/host.ts': 'the input that the runner wrote, read where the rule runs',
  'scripts/adapters/files/zip.ts': 'its own limits, checked before and after each entry is unpacked',
  'scripts/adapters/synth/bundle.ts': 'the map that the compiler has just made',
  'scripts/adapters/files/text-chunks.ts': 'a stream of lines, in constant memory',
  'scripts/sandbox/provider/faults.ts': 'a file that the sandbox wrote',
  'scripts/sandbox/provider/handlers.ts': 'state that the sandbox gave to Terraform',
  'scripts/sandbox/provider/reports.ts': 'a file that the sandbox wrote',
  'scripts/sandbox/provider/store.ts': 'a file that the sandbox wrote',
  'scripts/sandbox/provider/values.ts': 'types of the provider schema',
  'scripts/sandbox/github/apps.ts': 'the local GitHub, for the demo and tests',
  'scripts/sandbox/github/route.ts': 'the local GitHub, for the demo and tests',
  'scripts/sandbox/github/guard-rails.ts': 'the local GitHub, for the demo and tests',
  'scripts/sandbox/github/events.ts': 'the local GitHub, for the demo and tests',
  'scripts/sandbox/github/graphql.ts': 'the local GitHub, for the demo and tests',
};

describe('the readers of foreign bytes', () => {
  it('go through the table of limits, all but those with a reason', () => {
    const root = new URL('../../', import.meta.url).pathname;
    const parsing = /\bJSON\.parse\(|from 'yaml'|\b(?:gunzip|inflate|brotli|unzip)\w*\(|\bcreateGunzip\(/;
    const found = ['scripts', 'policies'].flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .map((path) => `${folder}/${path}`)
        .filter((path) => parsing.test(code(readFileSync(`${root}${path}`, 'utf8')))),
    );
    expect(found.filter((path) => !Object.hasOwn(withoutLimits, path))).toEqual([]);
    expect(Object.keys(withoutLimits).filter((path) => !found.includes(path))).toEqual([]);
  });
});

/** Without comments. */
function code(source: string): string {
  return source.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
}
