import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  allowedImports,
  clockFile,
  packer,
  processStarters,
  pureFolders,
} from './architecture/allowed-imports.ts';
import { readSource } from './architecture/source.ts';
import type { ImportOf, SourceFacts } from './architecture/source.ts';

const root = new URL('..', import.meta.url).pathname;
const folders = ['stacks', 'policies', 'scripts', 'test'] as const;

function sourcePaths(): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
      .map((entry) => posix.join(entry.parentPath.slice(root.length), entry.name)),
  );
}

const files: ReadonlyMap<string, SourceFacts> = new Map(
  sourcePaths().map((path) => [path, readSource(readFileSync(`${root}${path}`, 'utf8'), path)]),
);
const product: ReadonlyMap<string, SourceFacts> = new Map(
  [...files].filter(([path]) => !path.startsWith('test/')),
);

const rowNames: readonly string[] = Object.keys(allowedImports).toSorted((a, b) => b.length - a.length);

/** The row of the table that a file belongs to: its own, or that of the nearest folder around it that has one. */
function rowOf(path: string): string {
  return rowNames.find((name) => path === name || path.startsWith(`${name}/`)) ?? path;
}

/** The file that a relative import names; null for a package or a computed name. */
function targetOf(from: string, specifier: string | null): string | null {
  return specifier?.startsWith('.') === true ? posix.join(dirname(from), specifier) : null;
}

function matches(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    new RegExp(
      `^${pattern
        .split('*')
        .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'))
        .join('[^/]+')}$`,
    ).test(name),
  );
}

/** Why the import is not allowed; null when it is. */
function refusal(from: string, { specifier, typeOnly }: ImportOf): string | null {
  const row = allowedImports[rowOf(from)];
  if (row === undefined) {
    return `${from}: ${rowOf(from)} has no row in the table of allowed imports`;
  }
  const target = targetOf(from, specifier);
  if (target === null) {
    // The launcher imports what it has just built, by a name that no table can know.
    const isKnown = specifier === null ? from === 'scripts/launch.mjs' : matches(specifier, row.packages);
    return isKnown ? null : `${from} imports ${specifier ?? 'a computed name'}`;
  }
  const to = [target, rowOf(target)];
  const isAllowed =
    rowOf(target) === rowOf(from) ||
    to.some((name) => row.values.includes(name) || (typeOnly && row.types.includes(name)));
  return isAllowed ? null : `${from} imports ${target}${typeOnly ? ' as a type' : ''}`;
}

function refusals(sources: ReadonlyMap<string, SourceFacts>): readonly string[] {
  return [...sources].flatMap(([path, { imports }]) =>
    imports.flatMap((entry) => refusal(path, entry) ?? []),
  );
}

function impurities(sources: ReadonlyMap<string, SourceFacts>): readonly string[] {
  return [...sources]
    .filter(([path]) => pureFolders.includes(rowOf(path)) && path !== clockFile)
    .flatMap(([path, { outside }]) => outside.map((name) => `${path} uses ${name}`));
}

/** Cycles of imports that are followed when a file is loaded; what is loaded only when a line runs is left out. */
function cycles(sources: ReadonlyMap<string, SourceFacts>): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (path: string, way: readonly string[]): void => {
    if (way.includes(path)) {
      found.push([...way.slice(way.indexOf(path)), path].join(' → '));
      return;
    }
    if (done.has(path)) {
      return;
    }
    for (const { specifier, lazy } of sources.get(path)?.imports ?? []) {
      const target = targetOf(path, specifier);
      if (!lazy && target !== null && sources.has(target)) {
        walk(target, [...way, path]);
      }
    }
    done.add(path);
  };
  for (const path of sources.keys()) {
    walk(path, []);
  }
  return found;
}

const importingType = (from: string): string => `import type { A } from './${from}.ts'; export type B = A;`;

const planted = (path: string, text: string): ReadonlyMap<string, SourceFacts> =>
  new Map([[path, readSource(text, path)]]);

describe('imports', () => {
  it('follow the table of allowed imports', () => {
    expect(product.size).toBeGreaterThan(200);
    expect(refusals(product)).toEqual([]);
  });

  it('have no cycle', () => {
    expect(cycles(files)).toEqual([]);
  });

  it('name files that exist, with their extension', () => {
    const missing = [...files].flatMap(([path, { imports }]) =>
      imports.flatMap(({ specifier }) => {
        const target = targetOf(path, specifier);
        return target === null || files.has(target) || target.endsWith('.json')
          ? []
          : [`${path} imports ${target}`];
      }),
    );
    expect(missing).toEqual([]);
  });

  it('of the product name nothing of the reference estate', () => {
    const estate =
      /^stacks\/(?!constructs\/)(?!.*\.schema\.json$)|^changes\/(?!.*\.schema\.json$)|^policies\/[^/]+\.yaml$|^cdktf\.json$/;
    const named = [...product]
      .filter(([path]) => !estate.test(path))
      .flatMap(([path, { imports }]) =>
        imports.flatMap(({ specifier }) => {
          const target = targetOf(path, specifier);
          return target !== null && estate.test(target) ? [`${path} imports ${target}`] : [];
        }),
      );
    expect(named).toEqual([]);
  });

  it('reach child processes through one file, and the editor through its own', () => {
    const starters = [...product].filter(([, { imports }]) =>
      imports.some((entry) => entry.specifier?.includes('child_process') === true),
    );
    expect(starters.map(([path]) => path).filter((path) => path !== packer)).toEqual(processStarters);
  });

  it('reach cdktf and the provider from stacks only, and the provider never through its barrel', () => {
    const importers = [...product].filter(([, { imports }]) =>
      imports.some((entry) => /^(@cdktf\/|cdktf|constructs)/.test(entry.specifier ?? '')),
    );
    expect(importers.length).toBeGreaterThan(0);
    expect(importers.filter(([path]) => !path.startsWith('stacks/constructs/'))).toEqual([]);
  });

  it.each([
    ['a value from a layer above', 'scripts/plan/new.ts', "import { decide } from '../../policies/gate.ts';"],
    [
      'a type from a layer above',
      'scripts/plan/new.ts',
      "import type { Facts } from '../../policies/model/facts.ts';",
    ],
    ['a type by import()', 'scripts/waf/new.ts', "export type A = import('../release/types.ts').Ledger;"],
    [
      'a value where only types are allowed',
      'scripts/adapters/new.ts',
      "import { canonicalJson } from '../plan/json.ts';",
    ],
    ['a side effect', 'scripts/release/new.ts', "import '../adapters/clock.ts';"],
    ['a re-export', 'scripts/render/new.ts', "export * from '../commands/check.ts';"],
    ['a lazy import', 'scripts/gather/new.ts', "await import('../adapters/files.ts');"],
    ['a computed import', 'scripts/gather/new.ts', 'await import(name);'],
    ['a file system', 'policies/new.ts', "import { readFileSync } from 'node:fs';"],
    ['a package of another folder', 'scripts/cli/record/new.ts', "import { App } from 'cdktf';"],
    ['the barrel of the provider', 'stacks/new.ts', "import { zone } from '@cdktf/provider-cloudflare';"],
    ['the stacks', 'scripts/cli/record/new.ts', "import { estate } from '../../stacks/estate.ts';"],
    ['anything from a folder without a row', 'scripts/elsewhere/new.ts', "import '../errors.ts';"],
  ])('refuses %s', (_what, path, text) => {
    expect(refusals(planted(path, text))).toHaveLength(1);
  });

  it('finds a cycle, also one of types', () => {
    const circle = new Map([
      ...planted('policies/a.ts', importingType('b')),
      ...planted('policies/b.ts', importingType('a')),
    ]);
    expect(cycles(circle)).toEqual(['policies/a.ts → policies/b.ts → policies/a.ts']);
  });
});

describe('pure folders', () => {
  it('read no clock, chance, process, locale, time zone or network', () => {
    expect(impurities(product)).toEqual([]);
  });

  it.each([
    'export const a = Date.now();',
    'export const a = new Date();',
    'export const a = Date();',
    'export const a = Math.random();',
    "export const a = process.env['HOME'];",
    "export const a = globalThis['process'];",
    "await fetch('https://example.com');",
    'setTimeout(() => {}, 1);',
    "console.log('seen');",
    'export const a = performance.now();',
    'export const a = crypto.randomUUID();',
    "export const a = 'a'.localeCompare('b');",
    'export const a = new Date(0).getHours();',
    'export const a = (1).toLocaleString();',
  ])('refuse %s', (text) => {
    expect(impurities(planted('policies/new.ts', text))).not.toEqual([]);
  });

  it.each([
    'export const a = new Date(0).toISOString();',
    "export const a = (1).toLocaleString('en-GB');",
    "export const a = Date.parse('2026-11-23T00:00:00Z');",
    "// Date.now() is not for here\nexport const a = 'process.env';",
    'export const a = { process: 1, fetch: 2 };',
    'export interface A { readonly process: string }',
  ])('have nothing against %s', (text) => {
    expect(impurities(planted('policies/new.ts', text))).toEqual([]);
  });

  it('take nothing but hashes from node:crypto', () => {
    const random = [...product.keys()].filter(
      (path) =>
        pureFolders.includes(rowOf(path)) &&
        /\b(randomBytes|randomUUID|randomInt|randomFill|webcrypto|getRandomValues)\b/.test(
          readFileSync(`${root}${path}`, 'utf8'),
        ),
    );
    expect(random).toEqual([]);
  });
});

describe('names', () => {
  it('lie in folders that can be read at a glance', () => {
    const sizes = new Map<string, number>();
    for (const path of files.keys()) {
      sizes.set(dirname(path), (sizes.get(dirname(path)) ?? 0) + 1);
    }
    expect([...sizes].filter(([, size]) => size > 25)).toEqual([]);
  });

  it('say what a file is for: no barrels, no catch-alls', () => {
    const vague = [...files.keys()].filter((path) =>
      /^(index|utils?|helpers?|common|misc|shared)\.(ts|mjs)$/.test(basename(path)),
    );
    expect(vague).toEqual([]);
  });

  it('of types mean one thing each', () => {
    const homes = new Map<string, string[]>();
    for (const [path, { types }] of product) {
      for (const name of types) {
        homes.set(name, [...(homes.get(name) ?? []), path]);
      }
    }
    expect([...homes].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it('say what a value is, not that somebody said, heard or asked for it', () => {
    const words = /^(?:said|heard|asked|kept|shown|covers|gist|gravest|glance|knownAs|endsForGood)$/i;
    const found = [...product].flatMap(([path, { declared }]) =>
      declared.filter((name) => words.test(name)).map((name) => `${path}: ${name}`),
    );
    expect(found).toEqual([]);
  });
});
