/**
 * Runs one git command through simple-git. The environment is spelled out, hooks and file-system monitors of the
 * repository are off, paths are literal, and nothing that a person typed is ever in a place where git reads options:
 * revisions are checked here and follow `--end-of-options`, paths follow `--` or come through standard input.
 */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { GitError, simpleGit } from 'simple-git';
import { ExternalError, InputError } from '../../contract/errors.ts';
import { redact } from '../../secrets/redact.ts';
import { headsMark, isSymbolic, referencesMark, remembered } from './marks.ts';
import { referenceFormat, ReferenceTable } from './references.ts';
import { GitObjects, notInstalled } from './objects.ts';
import { pickEnv } from '../process/run-process.ts';

export interface GitCommandOptions {
  readonly input?: string | Uint8Array;
  /** Added to the fixed environment; names must be in `knownVariables`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Exit statuses besides 0 that are an answer. */
  readonly answers?: readonly number[];
}

export interface GitAnswer {
  readonly status: number;
  readonly text: string;
}

/** git ended with a status that is not an answer. Negative: it could not be started. Null: it was ended by a signal. */
class GitExit extends GitError {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;

  constructor(status: number | null, stdout: string, stderr: string) {
    super(undefined, stderr);
    this.status = status;
    this.stdout = stdout;
    this.stderr = stderr;
  }
}

const fixedVariables: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
};

const knownVariables: readonly string[] = [...Object.keys(fixedVariables), 'GIT_INDEX_FILE'];

const config: readonly string[] = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.quotePath=false',
  'core.autocrlf=false',
  'core.fsync=committed,reference',
  'i18n.commitEncoding=UTF-8',
  'i18n.logOutputEncoding=UTF-8',
];

const timeoutMs = 120_000;

/** Revision syntax without `:` (paths and searches), `..` (ranges), spaces, control characters or a leading hyphen. */
const revision = /^[\p{L}\p{N}_@][\p{L}\p{N}_@{}/.~^+#=-]*$/u;

/** Throws InputError for text that is not one revision. */
export function checkRevision(ref: string): void {
  if (!revision.test(ref) || ref.includes('..') || ref.length > 250) {
    throw new InputError({
      what: `${JSON.stringify(ref.slice(0, 250))} is not a git revision`,
      why: 'a revision is a branch, a tag, a commit id, or one of these followed by ~ or ^',
      fix: 'name a branch, a tag or a commit',
      next: 'git branch --all',
    });
  }
}

/** Throws InputError for a path that is not relative, plain and inside the tree. */
export function checkTreePath(path: string): void {
  const parts = path.split('/');
  const isPlain = parts.every(
    (part) => part !== '' && part !== '.' && part !== '..' && part.toLowerCase() !== '.git',
  );
  if (!isPlain || path.includes('\0')) {
    throw new InputError({
      what: `${JSON.stringify(path)} is not a path inside the repository`,
      fix: 'use a relative path without "." or ".." parts',
    });
  }
}

function environmentOf(
  environment: Readonly<Record<string, string | undefined>>,
  options: GitCommandOptions,
): Readonly<Record<string, string>> {
  return {
    ...pickEnv(environment, ['PATH', 'HOME', 'TMPDIR', 'XDG_CONFIG_HOME']),
    ...fixedVariables,
    ...options.env,
  };
}

function failure(args: readonly string[], exit: GitExit): ExternalError {
  if (exit.status !== null && exit.status < 0) {
    return notInstalled(exit);
  }
  return new ExternalError({
    what: `git ${args[0] ?? ''} failed${exit.status === null ? ' before it ended' : ` with status ${exit.status}`}`,
    why: redact(exit.stderr.trim()) || 'git gave no reason',
    fix: 'look at the reason above; `git fsck` shows whether the repository is whole',
    next: 'git fsck',
    cause: exit,
  });
}

/** One git, in one folder. */
export class GitCommand {
  readonly folder: string;
  readonly objects: GitObjects;
  private readonly environment: Readonly<Record<string, string | undefined>>;
  /** `git worktree list`. */
  readonly worktrees: () => Promise<string>;
  readonly references: ReferenceTable;
  private readonly answers = new Map<string, Promise<unknown>>();

  constructor(folder: string, environment: Readonly<Record<string, string | undefined>>) {
    this.folder = folder;
    this.environment = environment;
    this.objects = new GitObjects({ folder, env: environmentOf(environment, {}), config });
    this.worktrees = remembered(
      async () => this.mark(headsMark),
      async () => this.text(['worktree', 'list', '--porcelain', '-z']),
    );
    this.references = new ReferenceTable({
      mark: async () => this.mark(referencesMark),
      list: async () => this.text(['for-each-ref', `--format=${referenceFormat}`]),
      commitOf: async (reference) => (await this.objects.info(`${reference}^{commit}`))?.id ?? null,
      isSymbolic: async (reference) => isSymbolic(join(this.folder, '.git'), reference),
    });
  }

  /** Null where the git folder is not simply `.git`: a linked working tree has two of them. */
  private async mark(of: (folder: string) => Promise<string>): Promise<string | null> {
    const folder = join(this.folder, '.git');
    const isFolder = await fs.lstat(folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
    return isFolder ? of(folder) : null;
  }

  /** What was found out from these ids before; null when nobody asked. */
  known<T>(name: string, ids: readonly string[]): Promise<T> | null {
    return (this.answers.get([name, ...ids].join('\0')) as Promise<T> | undefined) ?? null;
  }

  /** What follows from ids alone is found out once: commits and trees never change. */
  async once<T>(name: string, ids: readonly string[], find: () => Promise<T>): Promise<T> {
    const key = [name, ...ids].join('\0');
    const known = this.known<T>(name, ids) ?? find();
    this.answers.set(key, known);
    // What could not be found out is asked again.
    known.catch(() => this.answers.delete(key));
    return known;
  }

  /** Standard output as text. Throws ExternalError unless the status is 0. */
  async text(args: readonly string[], options: GitCommandOptions = {}): Promise<string> {
    return (await this.ask(args, options)).text;
  }

  /** Status and standard output; statuses that are not in `answers` are thrown as ExternalError. */
  async ask(args: readonly string[], options: GitCommandOptions = {}): Promise<GitAnswer> {
    try {
      return { status: 0, text: await this.instance(options).raw([...args]) };
    } catch (cause) {
      if (!(cause instanceof GitExit)) {
        throw cause;
      }
      if (cause.status !== null && options.answers?.includes(cause.status) === true) {
        return { status: cause.status, text: cause.stdout };
      }
      throw failure(args, cause);
    }
  }

  private instance(options: GitCommandOptions): ReturnType<typeof simpleGit> {
    const input = options.input;
    return simpleGit({
      baseDir: this.folder,
      config: [...config],
      timeout: { block: timeoutMs },
      // Waiting for `close` only: an exit is reported before the last output was read.
      completion: { onClose: true, onExit: false },
      allowEnvironment: knownVariables,
      // Both are switched off by the configuration above, which simple-git would refuse to set at all.
      unsafe: { allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true },
      // A buffer, because empty text would leave standard input open.
      ...(input === undefined
        ? {}
        : { input: () => (typeof input === 'string' ? Buffer.from(input, 'utf8') : Buffer.from(input)) }),
      errors: (error, result) =>
        result.exitCode === 0
          ? error
          : new GitExit(
              result.exitCode,
              Buffer.concat(result.stdOut).toString('utf8'),
              Buffer.concat(result.stdErr).toString('utf8'),
            ),
    }).env(environmentOf(this.environment, options));
  }
}
