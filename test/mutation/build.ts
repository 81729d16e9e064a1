/** Builds each test file of the policies into one script, with the mutants inside. Everything it needs is read here. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { instrument } from './instrument.ts';
import type { Mutant } from './instrument.ts';
import { isAsked } from './scope.ts';

export const root = path.resolve(import.meta.dirname, '../..');
/** Two runs at a time need a folder each. */
export const workFolder = path.join(root, process.env['SLUICE_MUTATION_FOLDER'] ?? 'dist/mutation');

/** Pure tests of policies that stand beside what uses them. */
const elsewhere: readonly string[] = ['test/changes/state.test.ts'];

/** The test files that were built, by path from the root; the position is the number of the bundle. */
export function testFiles(): readonly string[] {
  return JSON.parse(readFileSync(path.join(workFolder, 'suites.json'), 'utf8')) as readonly string[];
}

/** Writes `mutants.json` and one bundle per test file; the mutants are those under one of the `parts`. */
export async function buildAll(parts: readonly string[]): Promise<readonly Mutant[]> {
  const mutants: Mutant[] = [];
  const mutated = new Map<string, string>();
  for (const file of filesUnder('policies').filter((each) => isUnder(each, parts))) {
    const made = instrument(file, readFileSync(path.join(root, file), 'utf8'), mutants.length + 1);
    mutants.push(...made.mutants);
    mutated.set(path.join(root, file), made.code);
  }
  mkdirSync(workFolder, { recursive: true });
  writeFileSync(path.join(workFolder, 'mutants.json'), JSON.stringify(mutants));
  const tests = [...filesUnder('test/policies'), ...elsewhere].filter(
    (file) => file.endsWith('.test.ts') && isAsked(file),
  );
  writeFileSync(path.join(workFolder, 'suites.json'), JSON.stringify(tests));
  for (const [index, file] of tests.entries()) {
    await build({
      entryPoints: [path.join(root, file)],
      outfile: bundleOf(index),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      packages: 'external',
      logLevel: 'error',
      plugins: [sources(mutated)],
    });
  }
  return mutants;
}

export function bundleOf(index: number): string {
  return path.join(workFolder, `tests-${String(index)}.cjs`);
}

function isUnder(file: string, parts: readonly string[]): boolean {
  return parts.some((part) => file === part || file.startsWith(`${part}/`));
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((file) => file.endsWith('.ts'))
    .toSorted();
}

function sources(mutated: ReadonlyMap<string, string>): Plugin {
  return {
    name: 'sources',
    setup: (builder) => {
      builder.onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
        loader: 'ts',
        contents: (mutated.get(file) ?? readFileSync(file, 'utf8')).replaceAll(
          'import.meta.url',
          JSON.stringify(pathToFileURL(file).href),
        ),
      }));
    },
  };
}
