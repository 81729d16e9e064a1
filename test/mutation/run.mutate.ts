/** Lets the tests loose on every mutant of this slice and writes down which ones nobody noticed. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { bundleOf, root, testFiles, workFolder } from './build.ts';
import { isFor } from './scope.ts';
import type { Mutant } from './instrument.ts';
import { Switch, collect, compile } from './suite.ts';
import type { Case } from './suite.ts';

/** Measures time, not behaviour, and would dominate the run. */
const isAboutTime = (name: string): boolean => name.includes('judged in time');

interface Suite {
  readonly file: string;
  readonly script: ReturnType<typeof compile>;
  readonly cases: readonly Case[];
  /** Mutants that are already met when the file is loaded: their switch is asked before any test runs. */
  readonly early: ReadonlySet<number>;
  /** The tests by what they meet and how long they take, quickest first. */
  readonly tests: readonly Test[];
  readonly limit: number;
  readonly ms: number;
}

interface Test {
  readonly index: number;
  readonly hits: ReadonlySet<number>;
  /** Files whose code the test runs. */
  readonly files: ReadonlySet<string>;
  readonly ms: number;
}

const toggle = new Switch();
Object.assign(globalThis, { __mutant: toggle.ask });

const [slice = 0, slices = 1] = (process.env['SLUICE_MUTATION_SLICE'] ?? '').split('/').map(Number);
const mutants = JSON.parse(readFileSync(path.join(workFolder, 'mutants.json'), 'utf8')) as readonly Mutant[];
const only = JSON.parse(readFileSync(path.join(workFolder, 'only.json'), 'utf8')) as readonly number[];
const chosen = new Set(only.filter((_, index) => index % slices === slice));
const remembering = new Set(mutants.map(({ file }) => file).filter(hasMemory));
const files = [...new Set(mutants.filter(({ id }) => chosen.has(id)).map(({ file }) => file))];
const suites: Suite[] = [];
const survived: number[] = [];
const kills = new Map<Test | undefined, number>();

function hasMemory(file: string): boolean {
  return /^(let |const \w+ = new (Weak)?(Map|Set)\b)/m.test(readFileSync(path.join(root, file), 'utf8'));
}

function filesOf(hits: ReadonlySet<number>): ReadonlySet<string> {
  return new Set(mutants.filter(({ id }) => hits.has(id)).map(({ file }) => file));
}

/** Runs everything once without a mutant, and notes which tests meet which mutants. */
async function rehearse(file: string, script: Suite['script']): Promise<Suite> {
  toggle.reset();
  const begun = performance.now();
  const cases = collect(script);
  const early = toggle.hits();
  let asked = toggle.reset();
  const tests: Test[] = [];
  for (const [index, { name, run }] of cases.entries()) {
    if (isAboutTime(name)) {
      continue;
    }
    const start = performance.now();
    try {
      await run();
    } catch (error) {
      throw new Error(`${file} fails without any mutant: ${name}`, { cause: error });
    }
    const ms = performance.now() - start;
    const hits = toggle.hits();
    tests.push({ index, hits, files: filesOf(hits), ms });
    asked += toggle.reset();
  }
  const ms = performance.now() - begun;
  return {
    file,
    script,
    cases,
    early,
    tests: tests.toSorted((a, b) => a.ms - b.ms),
    limit: asked * 3 + 100_000,
    ms,
  };
}

/** What a mutant changes while modules load, or in a file that remembers things, is undone by loading everything anew. */
function isLasting({ id, file }: Mutant, suite: Suite): boolean {
  return suite.early.has(id) || remembering.has(file);
}

/**
 * The tests that meet the mutant, those first that noticed most mutants of the same file so far. A table that is made
 * while modules load is met by whoever reads it, which nobody can see: those that run code of its file are asked first,
 * then all others.
 */
function testsFor({ id, file }: Mutant, suite: Suite): readonly Test[] {
  if (!isFor(file, suite.file)) {
    return [];
  }
  const isEarly = suite.early.has(id);
  const isNear = ({ files: run }: Test): number => Number(isEarly && run.has(file));
  return suite.tests
    .filter(({ hits }) => isEarly || hits.has(id))
    .toSorted((a, b) => (kills.get(b) ?? 0) - (kills.get(a) ?? 0) || isNear(b) - isNear(a));
}

async function isKilledBy(mutant: Mutant, suite: Suite, tests: readonly Test[]): Promise<boolean> {
  if (tests.length === 0) {
    return false;
  }
  let last = tests[0];
  toggle.reset(suite.limit);
  toggle.active = mutant.id;
  try {
    const cases = isLasting(mutant, suite) ? collect(suite.script) : suite.cases;
    for (const test of tests) {
      last = test;
      await cases[test.index]?.run();
    }
    return false;
  } catch {
    kills.set(last, (kills.get(last) ?? 0) + 1);
    return true;
  } finally {
    toggle.active = 0;
  }
}

/** Most mutants of a file are noticed by the same few tests: those of each suite go first. */
async function isKilledByKnown(mutant: Mutant): Promise<boolean> {
  for (const suite of suites) {
    const known = testsFor(mutant, suite).filter((test) => kills.has(test));
    if (await isKilledBy(mutant, suite, known.slice(0, 10))) {
      return true;
    }
  }
  return false;
}

async function isKilledByAny(mutant: Mutant): Promise<boolean> {
  for (const suite of suites) {
    if (await isKilledBy(mutant, suite, testsFor(mutant, suite))) {
      return true;
    }
  }
  return false;
}

it('all tests pass without a mutant', async () => {
  for (const [index, file] of testFiles().entries()) {
    if (files.some((mutated) => isFor(mutated, file))) {
      suites.push(await rehearse(file, compile(bundleOf(index))));
    }
  }
  suites.sort((a, b) => a.ms - b.ms);
  expect(suites.flatMap(({ tests }) => tests).length).toBeGreaterThan(0);
});

async function survivorsIn(file: string): Promise<readonly number[]> {
  const found: number[] = [];
  kills.clear();
  for (const mutant of mutants.filter((each) => each.file === file && chosen.has(each.id))) {
    const isKilled = (await isKilledByKnown(mutant)) || (await isKilledByAny(mutant));
    found.push(...(isKilled ? [] : [mutant.id]));
  }
  return found;
}

it.each(files)('%s has been tried', async (file) => {
  survived.push(...(await survivorsIn(file)));
  writeFileSync(path.join(workFolder, `survived-${String(slice)}.json`), JSON.stringify(survived));
  expect(toggle.active).toBe(0);
});

it('no mutant left anything behind: all tests pass as before', async () => {
  toggle.reset();
  for (const { cases, tests } of suites) {
    for (const { index } of tests) {
      await expect(Promise.resolve(cases[index]).then((each) => each?.run())).resolves.toBeUndefined();
    }
  }
});
