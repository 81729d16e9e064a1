/**
 * Runs the tests of one bundle as often as needed, each time from freshly evaluated modules, so that nothing a mutant did
 * outlives it. `expect` is vitest's own; `describe` and `it` only collect, which takes a fraction of what vitest needs.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';
import { expect } from 'vitest';
import { root } from './build.ts';

export interface Case {
  readonly name: string;
  readonly run: () => unknown;
}

type Body = (...row: readonly unknown[]) => unknown;
type Load = (require: (name: string) => unknown, module: object, exports: object) => void;

/** The switch that the mutated code asks. Too many questions mean a loop that does not end: that is an error too. */
export class Switch {
  active = 0;
  #hits = new Uint8Array(1 << 16);
  #asked = 0;
  #limit = Number.POSITIVE_INFINITY;
  #isRecording = true;

  readonly ask = (id: number): boolean => {
    this.#asked += 1;
    if (this.#asked > this.#limit) {
      throw new Error('endless');
    }
    if (this.#isRecording) {
      this.#hits[id] = 1;
    }
    return id === this.active;
  };

  /** Starts to count anew; with a limit nothing is recorded. Answers how many questions were asked since the last time. */
  reset(limit?: number): number {
    const asked = this.#asked;
    this.#asked = 0;
    this.#limit = limit ?? Number.POSITIVE_INFINITY;
    this.#isRecording = limit === undefined;
    this.#hits.fill(0);
    return asked;
  }

  /** The mutants that were met since the last reset. */
  hits(): ReadonlySet<number> {
    return new Set([...this.#hits.keys()].filter((id) => this.#hits[id] === 1));
  }
}

const load = createRequire(path.join(root, 'package.json'));

/** The script of a bundle, compiled once. */
export function compile(file: string): Load {
  const source = `(require, module, exports) => {${readFileSync(file, 'utf8')}\n}`;
  return new Script(source, { filename: file }).runInThisContext() as Load;
}

/** Evaluates the bundle and returns its tests, in order. */
export function collect(script: Load): readonly Case[] {
  const cases: Case[] = [];
  const name: string[] = [];
  const it = (title: string, run: () => unknown): void => {
    cases.push({ name: [...name, title].join(' > '), run });
  };
  const describe = (title: string, body: () => unknown): void => {
    name.push(title);
    body();
    name.pop();
  };
  const shim = { describe: withEach(describe), it: withEach(it), expect };
  const module = { exports: {} };
  script((wanted) => (wanted === 'vitest' ? shim : load(wanted)), module, module.exports);
  return cases;
}

function withEach(add: (title: string, run: () => unknown) => void): unknown {
  const each =
    (table: readonly unknown[]) =>
    (title: string, body: Body): void =>
      table.forEach((row, index) => {
        add(`${title} #${String(index)}`, () =>
          Array.isArray(row) ? body(...(row as unknown[])) : body(row),
        );
      });
  return Object.assign(add, { each });
}
