/**
 * Runs a rule of an estate's own as stack code is run: a process of its own for each, so that no rule can change what
 * another says, with nothing in its environment, a guard against clock and chance, and a limit of time. What it wrote is
 * handed on as text.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../../json/limits.ts';
import type { RuleOrder, RuleRun, RuleRunner } from '../../contract/own-rules.ts';
import { redact } from '../../secrets/redact.ts';
import { confinedStart } from '../process/confined-node.ts';
import type { ProcessConfinement } from '../process/confine.ts';
import { readUnlinked } from '../files/read-unlinked.ts';
import { compileRule } from './bundle.ts';
import { pickEnv, runProcess, type ProcessResult } from '../process/run-process.ts';
import { makeScratch } from '../files/scratch.ts';
import { readReport, type SynthReport } from '../synth/report.ts';

export interface OwnRulesOptions {
  /** Only PATH of it reaches a rule. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly confinement: ProcessConfinement;
  /** The module that is loaded before a rule: `synth/guard.mjs`. */
  readonly guard: string;
  /** What was built of host.ts, then that file itself, for where nothing was built: the first that is there. */
  readonly host: readonly [string, ...string[]];
  /** Default 20,000: a rule of the product takes a few milliseconds. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const defaultTimeoutMs = 20_000;

export function createRuleRunner(options: OwnRulesOptions): RuleRunner {
  return {
    run: async (order) => {
      const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
      const compiled = await compileRule(order, { host: await hostFile(options.host), timeoutMs });
      return compiled.ok ? ran(compiled.value, order, options) : compiled;
    },
  };
}

async function hostFile(paths: OwnRulesOptions['host']): Promise<string> {
  for (const path of paths) {
    if ((await fs.stat(path).catch(() => null)) !== null) {
      return path;
    }
  }
  return paths[0];
}

async function ran(code: string, { input }: RuleOrder, options: OwnRulesOptions): Promise<RuleRun> {
  const folder = await makeScratch('rule');
  try {
    const written = join(folder, 'written');
    const [program, given] = [join(folder, 'rule.mjs'), join(folder, 'input.json')];
    await fs.mkdir(written);
    await Promise.all([fs.writeFile(program, code), fs.writeFile(given, JSON.stringify(input))]);
    const answer = join(written, 'answer.json');
    const report = join(written, 'report.json');
    const result = await started({ program, given, answer, report, written }, options);
    // What was done to it comes before what it says.
    const reason = result.ending === 'exited' ? null : endedBy(result, options);
    const why = reason ?? problemIn(readReport(await readUnlinked(report, limits.line.bytes)), result);
    if (why !== null) {
      return { ok: false, reason: why };
    }
    const text = await readUnlinked(answer, limits.document.bytes);
    return text === null ? { ok: false, reason: 'it gave no answer' } : { ok: true, value: text };
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

interface Places {
  readonly program: string;
  readonly given: string;
  readonly answer: string;
  readonly report: string;
  /** The folder that the rule may write in. */
  readonly written: string;
}

async function started(
  { program, given, answer, report, written }: Places,
  options: OwnRulesOptions,
): Promise<ProcessResult> {
  const { command, args, cwd, cell } = await confinedStart(options.confinement, {
    path: program,
    args: [given, answer],
    cwd: written,
    guard: options.guard,
    readable: [given],
    writable: [written],
  });
  try {
    return await runProcess({
      command,
      args,
      cwd,
      env: {
        ...pickEnv(options.environment, ['PATH']),
        HOME: written,
        TMPDIR: written,
        TZ: 'UTC',
        LC_ALL: 'C',
        NODE_NO_WARNINGS: '1',
        NODE_OPTIONS: '--enable-source-maps',
        SLUICE_SYNTH_REPORT: report,
      },
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      graceMs: 1_000,
      tailLength: 1_000,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ifMissing: { fix: 'install Node.js 20.19 or newer', next: 'node --version' },
    });
  } finally {
    await cell?.remove();
  }
}

function endedBy({ ending, signal }: ProcessResult, options: OwnRulesOptions): string {
  switch (ending) {
    case 'timed-out':
      return `it did not end within ${String((options.timeoutMs ?? defaultTimeoutMs) / 1000)} s`;
    case 'aborted':
    case 'interrupted':
      return 'it was interrupted';
    case 'exited':
    case 'killed':
    case 'too-much-output':
      return `it was ended by ${signal ?? 'the system'}`;
  }
}

/** Why what it wrote does not count: an attempt counts even when the rule caught the error. Null when nothing is wrong. */
function problemIn(report: SynthReport | null, { exitCode }: ProcessResult): string | null {
  if (report === null) {
    return 'it did not end by itself';
  }
  const [violation] = report.violations;
  if (violation !== undefined) {
    return `it uses ${violation.what}${placeIn(violation.stack)}: a rule judges what it is given, and nothing else`;
  }
  if (report.thrown !== null) {
    const { name, message, stack } = report.thrown;
    return `${plain(name, 60)}${placeIn(stack)}: ${plain(message, 300)}`;
  }
  return exitCode === 0 ? null : `it ended with status ${String(exitCode ?? 'unknown')}`;
}

/** The innermost line of the rule itself. */
function placeIn(stack: string): string {
  const found = /policies\/rules\/[a-z0-9./-]+\.ts:\d+:\d+/.exec(stack)?.[0];
  return found === undefined ? '' : ` at ${found}`;
}

/** One line without control characters and without what looks like a secret. */
function plain(text: string, most: number): string {
  return redact(text)
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .slice(0, most);
}
