/**
 * Which mutants the compiler refuses. `npm run typecheck` stops those before any test does, so they say nothing about the
 * tests and are not counted. Each becomes a file of its own beside the original, and one compilation judges them all.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, workFolder } from './build.ts';
import type { Mutant } from './instrument.ts';

const folder = path.join(workFolder, 'types');

const compiledParts = ['policies', 'scripts'];

/** What a mutant leaves unused or out of reach is not a mistake in its types. */
const config = {
  extends: path.join(root, 'tsconfig.json'),
  compilerOptions: { noUnusedLocals: false, noUnusedParameters: false, allowUnreachableCode: true },
  include: ['policies'],
};

/** Numbers of the mutants that do not compile. Verdicts are kept until something in the compiled code is different. */
export function refusedByTypes(mutants: readonly Mutant[]): ReadonlySet<number> {
  const cacheFile = path.join(workFolder, `types-${hashOfSources()}.json`);
  const known = existsSync(cacheFile)
    ? (JSON.parse(readFileSync(cacheFile, 'utf8')) as Record<string, boolean>)
    : {};
  const fresh = mutants.filter((mutant) => known[keyOf(mutant)] === undefined);
  const refused = fresh.length === 0 ? new Set<number>() : compiled(fresh);
  fresh.forEach((mutant) => (known[keyOf(mutant)] = refused.has(mutant.id)));
  writeFileSync(cacheFile, JSON.stringify(known));
  return new Set(mutants.filter((mutant) => known[keyOf(mutant)] === true).map(({ id }) => id));
}

function keyOf({ file, start, end, text }: Mutant): string {
  return `${file}:${String(start)}-${String(end)} ${text}`;
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const part of compiledParts) {
    const names = readdirSync(path.join(root, part), { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((each) => /\.(ts|json)$/.test(each)).toSorted()) {
      hash.update(`${part}/${name}\n`).update(readFileSync(path.join(root, part, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}

function compiled(mutants: readonly Mutant[]): ReadonlySet<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const part of compiledParts) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  for (const mutant of mutants) {
    const source = readFileSync(path.join(root, mutant.file), 'utf8');
    const { start, end, text, mutator } = mutant;
    const inPlace = mutator === 'block' || mutator === 'case' ? text : `(${text})`;
    const name = mutant.file.replace(/\.ts$/, `.mutant-${String(mutant.id)}.ts`);
    writeFileSync(path.join(folder, name), source.slice(0, start) + inPlace + source.slice(end));
  }
  const said = spawnSync(
    process.execPath,
    [path.join(root, 'node_modules/typescript/bin/tsc'), '--noEmit', '--pretty', 'false', '-p', folder],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const refused = [...said.stdout.matchAll(/^\S*\.mutant-(\d+)\.ts\(/gm)].map(([, id]) => Number(id));
  if (said.error !== undefined || /^\S+(?<!\.mutant-\d+)\.ts\(/m.test(said.stdout)) {
    throw new Error(`the policies themselves do not compile: ${said.stderr}${said.stdout.slice(0, 2000)}`);
  }
  return new Set(refused);
}
