/** Every table of facts about Cloudflare, its provider and the web says what it was read from, and when. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url).pathname;

/** A day or a month, a version, or a standard: what tells whether a table is still right. */
const dated = /\b20\d\d-\d\d\b|\b5\.14(?:\.0)?\b|\bRFC \d+/u;

/** Documents that are not facts about others, and why. */
const noFacts: readonly RegExp[] = [
  // Schemas of what we read.
  /\.schema\.json$/,
  // Settings of tools, for the estate that is made.
  /^scripts\/estate\/template\//,
  // How schemas are compiled.
  /^scripts\/read\/schema\/ajv-options\.json$/,
];

function jsonOf(folder: string): readonly string[] {
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((path) => `${folder}/${path}`)
    .filter((path) => path.endsWith('.json') && !noFacts.some((one) => one.test(path)))
    .toSorted();
}

function textsOf(path: string): readonly string[] {
  const {
    source,
    sources = {},
    date = '',
  } = JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as {
    readonly source?: string;
    readonly date?: string;
    readonly sources?: Readonly<Record<string, string>>;
  };
  return [...(source === undefined ? [] : [`${source} ${date}`]), ...Object.values(sources)];
}

describe('a table of facts', () => {
  it('as a document names its sources, each with a date', () => {
    const tables = ['scripts', 'policies', 'stacks'].flatMap(jsonOf);
    expect(tables).toEqual(expect.arrayContaining(['scripts/provider/types.json']));
    const undated = tables.filter((path) => {
      const texts = textsOf(path);
      return texts.length === 0 || !texts.every((text) => /\b20\d\d-\d\d\b/u.test(text));
    });
    expect(undated).toEqual([]);
  });

  it('of the provider is about the version that is pinned', () => {
    const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const bindings = JSON.parse(
      readFileSync(`${root}node_modules/@cdktf/provider-cloudflare/package.json`, 'utf8'),
    ) as { readonly cdktf: { readonly provider: { readonly version: string } }; readonly version: string };
    expect(dependencies['@cdktf/provider-cloudflare']).toBe(bindings.version);
    for (const path of jsonOf('scripts/provider')) {
      const table = JSON.parse(readFileSync(`${root}${path}`, 'utf8')) as { readonly provider: string };
      expect([path, table.provider]).toEqual([
        path,
        `cloudflare/cloudflare ${bindings.cdktf.provider.version}`,
      ]);
    }
  });

  it.each([
    ['scripts/plan/v4/access.ts', 'lists'],
    ['scripts/sandbox/provider/conflicts.ts', 'exclusive'],
    ['scripts/sandbox/provider/default-settings.ts', 'off'],
    ['scripts/sandbox/edge/headers.ts', 'securityHeaders'],
    ['scripts/waf/evaluate/special-networks.ts', 'reservedNetworks'],
    ['scripts/waf/lint/rules/action-tables.ts', 'challenges'],
    ['scripts/waf/lint/rules/action-tables.ts', 'inCustomRulesets'],
    ['scripts/waf/lint/rules/structure.ts', 'phases'],
    ['scripts/waf/lint/rules/value-domains.ts', 'ownDomains'],
    ['scripts/waf/rulesets/phases.ts', 'requestPhases'],
    ['scripts/waf/traffic/logpush.ts', 'plainColumns'],
    ['scripts/waf/traffic/present-columns.ts', 'removed'],
  ])('in code, in %s as %s, says it in its own comment or in that of its module', (path, name) => {
    const source = readFileSync(`${root}${path}`, 'utf8');
    const [, own = ''] =
      new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*(?:export )?const ${name}\\b`, 'u').exec(source) ??
      [];
    const [, module = ''] = /^\/\*\*((?:(?!\*\/)[\s\S])*)\*\//u.exec(source) ?? [];
    expect(source).toMatch(new RegExp(`const ${name}\\b`, 'u'));
    expect(`${own} ${module}`).toMatch(dated);
  });
});
