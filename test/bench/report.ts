/** What every part of the benchmark prints with. */
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';

/** Targets that were missed, as they are listed at the end. */
export const missed: string[] = [];

export function line(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Runs a script of the benchmark in a process of its own. */
export function node(args: readonly string[]): { readonly stdout: string; readonly ms: number } {
  const began = performance.now();
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) {
    throw new Error(`bench: ${args.join(' ')} failed: ${run.stderr}`);
  }
  return { stdout: run.stdout, ms: performance.now() - began };
}

/** A ratio beside its upper limit. */
export function target(name: string, value: number, limit: number): string {
  return judged(name, value, `${value.toFixed(2)}x (target ${String(limit)}`, value <= limit);
}

/** A figure that must be at least so much. */
export function atLeast(name: string, value: number, limit: number): string {
  const text = `${Math.round(value).toLocaleString('en')} (at least ${limit.toLocaleString('en')}`;
  return judged(name, value, text, value >= limit);
}

function judged(name: string, value: number, text: string, met: boolean): string {
  if (!met) {
    missed.push(`${name}: ${value.toFixed(2)}`);
  }
  return `${text}: ${met ? 'met' : 'MISSED'})`;
}
