/** What is installed, and what installing it may do. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Package {
  readonly engines: { readonly node: string };
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly engines?: Readonly<Record<string, string>> | readonly string[];
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));
const own = read('package.json') as Package;
const locked = Object.entries(
  (read('package-lock.json') as { packages: Readonly<Record<string, Locked>> }).packages,
);
const named = { ...own.dependencies, ...own.devDependencies };

/** The oldest Node that the project promises to run on. */
const oldest = [20, 19, 0] as const;

/** Packages with an install script, which npm does not run, and why nothing is missing without it. */
const withoutTheirScript: ReadonlyMap<string, string> = new Map([
  [
    'node_modules/esbuild',
    'the script swaps a start-up shim for the binary; the binary comes as an optional package',
  ],
  ['node_modules/protobufjs', 'the script only warns about version ranges'],
  ['node_modules/fsevents', 'macOS only: file watching, which the suite does not use'],
]);

type Version = readonly [number, number, number];

/** Below 0 when `a` is the older one. */
function compare(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** What an operator asks of a version that is `order` from the bound, and of the parts that the bound names. */
const operators: Readonly<Record<string, (order: number, version: Version, bound: Version) => boolean>> = {
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
  '<=': (order) => order <= 0,
  '<': (order) => order < 0,
  '^': (order, version, bound) => order >= 0 && version[0] === bound[0],
  '~': (order, version, bound) => order >= 0 && version[0] === bound[0] && version[1] === bound[1],
  '': (order) => order === 0,
};

/** One comparator of a range, such as `>=18`, `^20.19.0`, `22.*` or `<25`. Throws on what it does not know. */
function accepts(comparator: string, version: Version): boolean {
  const found = /^(>=|>|<=|<|\^|~|)(\d+)(?:\.(\d+))?(?:\.(\d+))?((?:\.[x*])*)$/.exec(comparator);
  const operator = operators[found?.[1] ?? ''];
  if (found === null || operator === undefined) {
    throw new Error(`engines: cannot read ${comparator}`);
  }
  const parts = found.slice(2, 5).filter(Boolean);
  const at = (index: number): number => Number(parts[index] ?? 0);
  // `20`, `20.x` and `20.19` are about the parts that they name.
  const isWhole = found[1] !== '' || parts.length === 3;
  const seen: Version = isWhole
    ? version
    : [version[0], parts.length > 1 ? version[1] : 0, parts.length > 2 ? version[2] : 0];
  const bound: Version = [at(0), at(1), at(2)];
  return operator(compare(seen, bound), seen, bound);
}

/** Whether a range of `engines.node` holds the version. */
function holds(range: string, version: Version): boolean {
  return range.split('||').some((part) => {
    const comparators = part
      .trim()
      .replaceAll(/(>=|>|<=|<|\^|~)\s+/g, '$1')
      .split(/\s+/);
    return comparators.every(
      (comparator) => comparator === '*' || comparator === '' || accepts(comparator, version),
    );
  });
}

describe('the package', () => {
  it('promises Node 20.19, and its start says so to an older one', () => {
    expect(own.engines.node).toBe('>=20.19');
    expect(holds(own.engines.node, oldest)).toBe(true);
    expect(holds(own.engines.node, [20, 18, 3])).toBe(false);
  });

  it('names every version exactly', () => {
    const loose = Object.entries(named).filter(
      ([, version]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(version),
    );
    expect(Object.keys(named).length).toBeGreaterThan(20);
    expect(loose).toEqual([]);
  });

  it('has the types of the Node that it promises', () => {
    expect(own.devDependencies['@types/node']).toMatch(/^20\./);
  });

  it('exports its libraries, and packs no part of the reference estate', () => {
    expect(Object.keys(own.exports).filter((name) => !name.startsWith('./schemas/'))).toEqual([
      './stacks',
      './policies',
      './package.json',
    ]);
    expect(
      own.files.filter((name) =>
        /^(stacks\/(clients$|constructs|estate)|test|changes$|policies$)/.test(name),
      ),
    ).toEqual([]);
    expect(own.scripts['prepack']).toBe('node scripts/build/build-package.mjs');
  });

  it('exports every schema that it packs, under its name', () => {
    const folders = ['changes', 'policies/schemas', 'stacks/clients'];
    const schemas = folders.flatMap((folder) =>
      readdirSync(new URL(`../${folder}`, import.meta.url))
        .filter((name) => name.endsWith('.schema.json'))
        .map(
          (name) =>
            [`sluice/schemas/${name}`, new URL(`../${folder}/${name}`, import.meta.url).href] as const,
        ),
    );
    expect(schemas.length).toBeGreaterThan(10);
    for (const [name, file] of schemas) {
      expect(import.meta.resolve(name)).toBe(file);
    }
  });

  it('is started and checked as it says', () => {
    expect(own.bin).toEqual({ sluice: 'scripts/launch.mjs' });
    for (const part of ['typecheck', 'lint', 'unused', 'format:check', 'test']) {
      expect(own.scripts).toHaveProperty([part]);
      expect(own.scripts['check']).toContain(part);
    }
  });
});

describe('the lock file', () => {
  it('is for the versions of package.json, and carries no address of a registry', () => {
    const versions = new Map(locked.map(([path, entry]) => [path, entry.version]));
    const different = Object.entries(named).filter(
      ([name, version]) => versions.get(`node_modules/${name}`) !== version.replace(/^npm:.*@/, ''),
    );
    expect(different).toEqual([]);
    expect(locked.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
    expect(readFileSync(new URL('../.npmrc', import.meta.url), 'utf8')).toContain(
      'omit-lockfile-registry-resolved=true',
    );
  });

  it('installs on Node 20.19', () => {
    const refused = locked.filter(([, { engines }]) => {
      const range =
        engines === undefined || Array.isArray(engines)
          ? undefined
          : (engines as Readonly<Record<string, string>>)['node'];
      return range !== undefined && !holds(range, oldest);
    });
    expect(locked.length).toBeGreaterThan(100);
    expect(refused.map(([path]) => path)).toEqual([]);
  });

  it('needs no install script but the reviewed ones, which do without', () => {
    const scripts = locked.filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => path);
    expect(scripts.filter((path) => !withoutTheirScript.has(path))).toEqual([]);
  });
});

describe('ranges of engines', () => {
  it.each([
    ['>=18', true],
    ['>= 14.6', true],
    ['^20.19.0 || >=22.12.0', true],
    ['^20.0.0 || ^22.0.0 || >=24.0.0', true],
    ['6.* || 8.* || >= 10.*', true],
    ['20.x', true],
    ['>=20 <21', true],
    ['^20.20.0 || >=22.12.0', false],
    ['>=22', false],
    ['18.* || 22.*', false],
    ['<20', false],
  ])('%s: %s', (range, expected) => {
    expect(holds(range, oldest)).toBe(expected);
  });

  it('are refused when they cannot be read', () => {
    expect(() => holds('whatever you like', oldest)).toThrow('cannot read');
  });
});
