/** What Terraform makes of a text where the schema asks for a boolean or a number, and what of a plan depends on it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { diffBundles } from '../../scripts/plan/difference/diff.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { cloudflareSource, factsOf } from '../../scripts/provider/facts.ts';
import { asBoolean, converted, isMarked, mistypedIn, typedValue } from '../../scripts/plan/typed.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';

const texts = ['true', 'false', '1', '0', '5', '-5', '+5', '5.0', '.5', '5.', '007', '1e3', '1E-2', '2.50'];
const refused = [
  'True',
  'TRUE',
  'yes',
  'on',
  '',
  ' true',
  'null',
  ' 5',
  '0x10',
  '1_000',
  '5s',
  '--1',
  'e3',
  '.',
];

/** What Terraform converts each text to; null for an error. */
function askTerraform(to: 'tobool' | 'tonumber'): readonly Json[] {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-typed-'));
  try {
    const all = JSON.stringify([...texts, ...refused]);
    const input = `jsonencode([for text in ${all} : try(${to}(text), null)])\n`;
    const answer = execFileSync('terraform', [`-chdir=${folder}`, 'console'], { input, encoding: 'utf8' });
    return JSON.parse(JSON.parse(answer) as string) as readonly Json[];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('what a text is converted to', () => {
  it.each([
    ['bool', 'tobool'],
    ['number', 'tonumber'],
  ] as const)('is what Terraform converts it to: %s', (type, call) => {
    expect([...texts, ...refused].map((text) => converted(type, text) ?? null)).toEqual(askTerraform(call));
  });

  it('is nothing where two texts would read the same, or where nobody could use it', () => {
    expect(converted('number', '123456789012345')).toBe(123_456_789_012_345);
    for (const text of ['1234567890123456', '0.1234567890123456', '1e400', 'Inf', '-inf']) {
      expect(converted('number', text)).toBeUndefined();
    }
  });
});

const ruleset = factsOf('cloudflare_ruleset', cloudflareSource);
const weak = (enabled: Json): JsonObject => ({
  name: 'true',
  rules: [
    { ref: '1', enabled, action_parameters: { overrides: { categories: [{ category: 'a', enabled }] } } },
  ],
});

describe('the values of a resource', () => {
  it('are converted wherever the schema asks for it, and nowhere else', () => {
    expect(typedValue(ruleset, weak('false'))).toEqual(weak(false));
  });

  it('stay the same object where there is nothing to convert', () => {
    const value = weak('${var.on}');
    expect(typedValue(ruleset, value)).toBe(value);
    expect(typedValue(null, weak('false'))).toEqual(weak('false'));
  });

  it('are named where they cannot be converted', () => {
    expect(mistypedIn(ruleset, weak('no'))).toEqual([
      { path: ['rules', 0, 'enabled'], type: 'bool' },
      { path: ['rules', 0, 'action_parameters', 'overrides', 'categories', 0, 'enabled'], type: 'bool' },
    ]);
    expect(mistypedIn(ruleset, weak({}))).toHaveLength(2);
    expect(mistypedIn(ruleset, weak(1))).toHaveLength(2);
    for (const fine of [true, 'true', '0', null, '${var.on}']) {
      expect(mistypedIn(ruleset, weak(fine))).toEqual([]);
    }
  });
});

describe("Terraform's own settings", () => {
  it('are read as Terraform reads them', () => {
    expect([true, 'true', '1'].map(asBoolean)).toEqual([true, true, true]);
    expect([false, 'false', '0'].map(asBoolean)).toEqual([false, false, false]);
    expect(['yes', 1, null, undefined].some((value) => asBoolean(value) !== undefined)).toBe(false);
  });

  it('count as marks unless they plainly say no', () => {
    expect([true, 'true', 'yes', '${var.x}'].every((mark) => isMarked({ mark }, 'mark'))).toBe(true);
    expect([false, 'false', '0'].some((mark) => isMarked({ mark }, 'mark'))).toBe(false);
    expect(isMarked({}, 'mark')).toBe(false);
  });
});

const bundle = (resource: JsonObject, more: JsonObject = {}) =>
  canonicalBundle('acme-production', {
    terraform: { required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } } },
    resource,
    ...more,
  });
const zone = (paused: Json): JsonObject => ({
  cloudflare_zone: { shop: { name: 'shop.example', account: { id: 'a' }, paused } },
});
const changed = (before: Json, after: Json, more: JsonObject = {}) =>
  diffBundles({
    stack: 'acme-production',
    before: bundle(zone(before)),
    after: bundle(zone(after), more),
  }).changes;

describe('a plan', () => {
  it.each([
    ['a text', 'true', {}],
    ['a local', '${local.on}', { locals: { on: 'true' } }],
    ['a template', 'tr${"ue"}', {}],
  ])('has the boolean that %s stands for', (_, written, more) => {
    const [change] = changed(false, written, more);
    expect(change?.after?.['paused']).toBe(true);
    expect(change?.attributes).toMatchObject([{ path: ['paused'], before: false, after: true }]);
  });

  it('has no change where only the writing differs', () => {
    expect(changed(true, 'true')).toEqual([]);
    expect(changed('0', 'false')).toEqual([]);
  });

  it('does not know an object of which a member is named by an expression', () => {
    const [change] = diffBundles({
      stack: 'acme-production',
      before: bundle({ cloudflare_ruleset: { waf: weak(true) } }),
      after: bundle({
        cloudflare_ruleset: {
          waf: {
            rules: [
              { ref: '1', action_parameters: { overrides: { '${lower("ENABLED")}': false, '$${a}': 1 } } },
            ],
          },
        },
      }),
    }).changes;
    expect(change?.unknown).toEqual([['rules', 0, 'action_parameters', 'overrides']]);
  });
});
