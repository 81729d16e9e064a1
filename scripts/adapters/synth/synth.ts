/**
 * Builds the stacks of a checkout: its stack program is made into one file (synth-bundle.ts) and run under Node's
 * permission model (permissions.ts), in a cell where the machine makes cells (confine.ts): no secrets, no home folder, no
 * network, no other process, a fixed time zone and locale, and a guard that refuses what would make two runs differ.
 * Whatever the program prints is shown as a warning; results are read from the files it wrote, never from its output.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { ExternalError, InputError } from '../../contract/errors.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { SourceText } from '../../plan/source-place.ts';
import type { Synthesizer } from '../../contract/ports.ts';
import { confinedStart, type ConfinedStart } from '../process/confined-node.ts';
import type { ProcessConfinement } from '../process/confine.ts';
import { createFiles } from '../files/files.ts';
import { readUnlinked } from '../files/read-unlinked.ts';
import { pickEnv, runProcess } from '../process/run-process.ts';
import { makeScratch } from '../files/scratch.ts';
import type { ProcessResult } from '../process/run-process.ts';
import { bundleStackCode, type BundleSources, type StackProgram } from './bundle.ts';
import { readSynthOutput, requireSame } from './output.ts';
import { printedLine, readReport, refusalOf, type SynthReport } from './report.ts';

export interface SynthOptions {
  /** The tool's environment; only PATH of it reaches stack code. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** For checkouts that have none: the installed packages of the repository. */
  readonly nodeModules: string;
  /** The module that is loaded before stack code: `synth-guard.mjs`. */
  readonly guard: string;
  /** Where stack code runs, on machines that allow it. */
  readonly confinement: ProcessConfinement;
  /** Told what stack code printed, and what its constructs warn about. */
  readonly onWarning: (text: string) => void;
  /** Context values for the App, for example the backend. They win over cdktf.json. */
  readonly context?: Readonly<Record<string, string>>;
  /** Builds everything twice and refuses a difference. */
  readonly synthTwice?: boolean;
  /** Default 120,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

const defaultTimeoutMs = 120_000;
const defaultEntry = 'stacks/main.ts';
/** The one form of `app` in cdktf.json that is taken over: this program under tsx. Anything else runs the default. */
const knownApp = /^node --import tsx (?<entry>[A-Za-z0-9_][A-Za-z0-9_./-]*\.ts)$/;
const mostPrinted = 20;

async function textIfThere(path: string): Promise<string | null> {
  return fs.readFile(path, 'utf8').catch(() => null);
}

function entryOf(settings: string | null): string {
  try {
    const parsed: unknown = parseJson(settings ?? '{}', limits.line);
    const app = typeof parsed === 'object' && parsed !== null && 'app' in parsed ? parsed.app : undefined;
    const entry = typeof app === 'string' ? knownApp.exec(app)?.groups?.['entry'] : undefined;
    return entry === undefined || entry.split('/').includes('..') ? defaultEntry : entry;
  } catch {
    return defaultEntry;
  }
}

async function isFile(path: string): Promise<boolean> {
  return fs.stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

async function requireEntry(folder: string): Promise<string> {
  const entry = entryOf(await textIfThere(join(folder, 'cdktf.json')));
  if (await isFile(join(folder, entry))) {
    return entry;
  }
  throw new InputError({
    what: `there is no stack program ${entry} in ${folder}`,
    why: 'stacks are built by running it',
    fix: 'run the command inside the repository, or name a revision that has it',
    next: `git ls-tree HEAD ${entry}`,
  });
}

/** Real path of the packages of the checkout; those of this installation for one that has none of its own. */
export async function packagesFor(folder: string, nodeModules: string): Promise<string> {
  const own = join(folder, 'node_modules');
  const isFolder = (await fs.lstat(own).catch(() => null))?.isDirectory() === true;
  const candidates = isFolder ? [own] : [nodeModules, own];
  for (const candidate of candidates) {
    if (isFolder || (await isFile(join(candidate, 'cdktf', 'package.json')))) {
      return fs.realpath(candidate);
    }
  }
  throw new ExternalError({
    what: 'the packages that stack code needs are not installed',
    why: `there is no ${join(nodeModules, 'cdktf')}`,
    fix: 'install the packages of the repository',
    next: 'npm ci',
  });
}

interface Workspace {
  readonly folder: string;
  /** Stack code writes here, and nowhere else. */
  readonly written: string;
  readonly out: string;
  readonly report: string;
}

async function makeWorkspace(): Promise<Workspace> {
  const folder = await makeScratch('synth');
  const written = join(folder, 'written');
  await fs.mkdir(written);
  await Promise.all(['home', 'tmp', 'out'].map((name) => fs.mkdir(join(written, name))));
  return { folder, written, out: join(written, 'out'), report: join(written, 'report.json') };
}

function environmentOf(options: SynthOptions, workspace: Workspace): Readonly<Record<string, string>> {
  return {
    ...pickEnv(options.environment, ['PATH']),
    HOME: join(workspace.written, 'home'),
    TMPDIR: join(workspace.written, 'tmp'),
    TZ: 'UTC',
    LC_ALL: 'C',
    NODE_NO_WARNINGS: '1',
    CDKTF_OUTDIR: workspace.out,
    SLUICE_SYNTH_REPORT: workspace.report,
    ...(options.context === undefined ? {} : { CDKTF_CONTEXT_JSON: JSON.stringify(options.context) }),
  };
}

type Ended = Pick<ProcessResult, 'ending' | 'exitCode' | 'signal'>;

function endedBadly(result: Ended, timeoutMs: number): InputError | ExternalError {
  if (result.ending === 'timed-out') {
    return new InputError({
      what: `stack code did not end within ${timeoutMs / 1000} s`,
      why: 'a loop that does not end, or something it waits for that never comes',
      fix: 'let stacks/main.ts end by itself after app.synth()',
      next: 'sluice check',
    });
  }
  if (result.ending === 'aborted' || result.ending === 'interrupted') {
    return new ExternalError({ what: 'building the stacks was interrupted', fix: 'run the command again' });
  }
  return new InputError({
    what: `stack code ended ${result.signal === null ? `with status ${result.exitCode ?? 'unknown'}` : `by ${result.signal}`}`,
    why: 'it gave no error; out of memory is the usual reason for a signal, process.exitCode for a status',
    fix: 'let stacks/main.ts end by itself after app.synth()',
    next: 'sluice check',
  });
}

interface Printed {
  readonly take: (line: string) => void;
  readonly lines: () => readonly string[];
}

/** Collects what one stream prints, until it is known whether it was the report of an error. */
function collectPrinted(): Printed {
  const lastLines: string[] = [];
  let count = 0;
  return {
    take: (line) => {
      count += 1;
      if (lastLines.length < mostPrinted) {
        lastLines.push(printedLine(line));
      }
    },
    lines: () =>
      count > lastLines.length
        ? [...lastLines, `stack code printed ${count - lastLines.length} more lines`]
        : lastLines,
  };
}

interface SynthRun {
  readonly sources: BundleSources;
  readonly options: SynthOptions;
  readonly workspace: Workspace;
}

/** What builds the stacks, and what exists for it: the checkout without its hidden files, and the packages. */
async function confined(
  { path }: StackProgram,
  { sources: { folder, packages }, options, workspace }: SynthRun,
): Promise<ConfinedStart> {
  const names = (await fs.readdir(folder)).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  return confinedStart(options.confinement, {
    path,
    args: [],
    cwd: folder,
    guard: options.guard,
    readable: [packages, ...names.map((name) => join(folder, name))],
    writable: [workspace.written],
  });
}

async function synthOnce(
  sources: BundleSources,
  options: SynthOptions,
): Promise<ReadonlyMap<string, JsonObject>> {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
  const workspace = await makeWorkspace();
  try {
    const program = await bundled(sources, options, workspace);
    const result = await ran(program, { sources, options, workspace });
    // What was done to it comes before what it says.
    if (result.ending !== 'exited' && result.ending !== 'killed') {
      throw endedBadly(result, timeoutMs);
    }
    const text = await readUnlinked(workspace.report, limits.line.bytes);
    const report = readReport(text === null ? null : program.inSources(text));
    const refusal = report === null ? null : await refusalIn(sources.folder, report);
    if (refusal !== null) {
      throw refusal;
    }
    result.printed.forEach(options.onWarning);
    if (report === null || result.ending !== 'exited' || result.exitCode !== 0) {
      throw endedBadly(result, timeoutMs);
    }
    const output = await readSynthOutput(workspace.out);
    output.warnings.forEach(options.onWarning);
    return output.stacks;
  } finally {
    await fs.rm(workspace.folder, { recursive: true, force: true });
  }
}

/** As `refusalOf`; the sources are read only where a construct refused something that stands in them. */
async function refusalIn(folder: string, report: SynthReport): Promise<InputError | null> {
  return refusalOf(folder, report, report.thrown?.refused === undefined ? [] : await stackTexts(folder));
}

/** What stack code is written in, to find the line of its data that a construct refused. */
async function stackTexts(folder: string): Promise<readonly SourceText[]> {
  const files = createFiles({ root: folder });
  const paths = (await files.list('stacks')).filter(
    (path) => path.endsWith('.ts') && !path.startsWith('constructs/'),
  );
  return Promise.all(
    paths.map(async (path) => ({ path: `stacks/${path}`, text: await files.readText(`stacks/${path}`) })),
  );
}

async function bundled(
  sources: BundleSources,
  { signal, timeoutMs = defaultTimeoutMs }: SynthOptions,
  workspace: Workspace,
): Promise<StackProgram> {
  const late = AbortSignal.timeout(timeoutMs);
  const stop = signal === undefined ? late : AbortSignal.any([signal, late]);
  try {
    return await bundleStackCode(sources, workspace.folder, stop);
  } catch (error) {
    throw stop.aborted
      ? endedBadly(
          { ending: late.aborted ? 'timed-out' : 'aborted', exitCode: null, signal: null },
          timeoutMs,
        )
      : error;
  }
}

async function ran(
  program: StackProgram,
  run: SynthRun,
): Promise<ProcessResult & { readonly printed: readonly string[] }> {
  const [stdout, stderr] = [collectPrinted(), collectPrinted()];
  const { options, workspace } = run;
  const { command, args, cwd, cell } = await confined(program, run);
  try {
    const result = await runProcess({
      command,
      args,
      cwd,
      env: environmentOf(options, workspace),
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
      graceMs: 1_000,
      onStdout: stdout.take,
      // Node writes an uncaught error here; it is told from the report, without its JavaScript stack.
      onStderr: stderr.take,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      ifMissing: { fix: 'install Node.js 20.19 or newer', next: 'node --version' },
    });
    return { ...result, printed: [...stdout.lines(), ...stderr.lines()] };
  } finally {
    await cell?.remove();
  }
}

/** Stacks of a checkout, by name. Refusals of stack code are InputError with the place in the checkout. */
export function createSynthesizer(options: SynthOptions): Synthesizer {
  return {
    synth: async (checkout) => {
      const folder = await fs.realpath(checkout);
      const packages = await packagesFor(folder, options.nodeModules);
      const sources = { folder, packages, entry: await requireEntry(folder) };
      const first = await synthOnce(sources, options);
      if (options.synthTwice === true) {
        requireSame(first, await synthOnce(sources, { ...options, onWarning: () => undefined }));
      }
      return first;
    },
  };
}
