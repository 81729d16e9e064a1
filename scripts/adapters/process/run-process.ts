/**
 * The only place that starts a process, but for the editor of a person (`editor.ts`). No shell, an argument array, and an environment that the caller spells out:
 * nothing is inherited. Each child gets its own process group, so a timeout or an interrupt ends everything it started.
 *
 * The result is data: a failing exit status is for the caller to judge. Only what keeps the process from running at all
 * is thrown. Text output is redacted; `stdout: 'data'` hands over the bytes as they came, for parsing and never for
 * showing.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { stat } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { ExternalError } from '../../contract/errors.ts';
import { captureData, captureText } from './child-capture.ts';
import type { Capture } from './child-capture.ts';
import { openOutput, pipedOutput } from './child-output.ts';
import type { ChildOutput, OutputFiles } from './child-output.ts';
import { lineRedactor } from '../../secrets/redact.ts';

export interface ProcessRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** How long a group may take to end when asked, before SIGKILL. */
  readonly graceMs?: number;
  /** What asks a group to end. Terraform needs SIGINT: its providers die of SIGTERM in the middle of a request. */
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  readonly input?: string;
  /** Known secret values, taken out of every text. */
  readonly secrets?: readonly string[];
  /** `text` (default): a redacted tail. `data`: everything as it came; more than `maxBytes` ends the process. */
  readonly stdout?: 'text' | 'data';
  /** Of stdout as data (default 256 MiB). */
  readonly maxBytes?: number;
  /** Of the tail kept of a text stream, in characters (default 64 Ki). */
  readonly tailLength?: number;
  /** Each line without its end, redacted unless stdout is `data`. */
  readonly onStdout?: (line: string) => void;
  readonly onStderr?: (line: string) => void;
  readonly signal?: AbortSignal;
  /**
   * Files that the child writes to, instead of pipes to this process: it goes on when this process dies, and what it said
   * can be read afterwards.
   */
  readonly outputFiles?: OutputFiles;
  /** Told the id of the process as soon as it runs. */
  readonly onStarted?: (pid: number) => void;
  /** What to tell someone who does not have the binary. */
  readonly ifMissing: { readonly fix: string; readonly next: string };
}

/** Why the process is over. `interrupted`: a person or CI sent SIGINT or SIGTERM and it was passed on. */
export type ProcessEnding = 'exited' | 'killed' | 'timed-out' | 'aborted' | 'interrupted' | 'too-much-output';

export interface ProcessResult {
  readonly ending: ProcessEnding;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

const defaultMaxBytes = 256 * 1024 * 1024;
const defaultTailLength = 64 * 1024;
const defaultGraceMs = 5_000;
/** How long a stream may stay open after its process has gone, held by something it left running. */
const orphanMs = 2_000;

/** Requests to end that are closer together than this are one. */
const sameInterruptMs = 1_000;

type Child = ChildProcess & { readonly stdin: Writable };

/** Takes the named variables that are set and not empty out of an environment. */
export function pickEnv(
  environment: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = environment[name];
    if (value !== undefined && value !== '') {
      picked[name] = value;
    }
  }
  return picked;
}

function signalGroup(child: Child, signal: NodeJS.Signals): void {
  if (child.pid === undefined) {
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone: that is what was wanted.
  }
}

/** Ends the child's group for the first reason that comes up, and knows which one it was. */
class Ender {
  reason: Exclude<ProcessEnding, 'exited' | 'killed'> | null = null;
  private readonly child: Child;
  private readonly graceMs: number;
  private readonly stopSignal: NodeJS.Signals;
  private readonly timers: NodeJS.Timeout[] = [];
  private requestedAt = Number.NEGATIVE_INFINITY;

  constructor(child: Child, request: ProcessRequest) {
    this.child = child;
    this.graceMs = request.graceMs ?? defaultGraceMs;
    this.stopSignal = request.stopSignal ?? 'SIGTERM';
  }

  after(ms: number, act: () => void): void {
    this.timers.push(setTimeout(act, ms));
  }

  end(reason: Exclude<ProcessEnding, 'exited' | 'killed' | 'interrupted'>): void {
    if (this.reason !== null) {
      return;
    }
    this.reason = reason;
    this.stop();
    this.after(this.graceMs, () => {
      signalGroup(this.child, 'SIGKILL');
    });
  }

  interrupt(): void {
    this.reason ??= 'interrupted';
    this.stop();
  }

  /** One interrupt may arrive on two ways, as a signal and as an abort. A second one makes Terraform drop its state. */
  stop(): void {
    const now = performance.now();
    if (now - this.requestedAt >= sameInterruptMs) {
      this.requestedAt = now;
      signalGroup(this.child, this.stopSignal);
    }
  }

  close(): void {
    for (const timer of this.timers) {
      clearTimeout(timer);
    }
  }
}

/** Passes interrupts on to the group while the child runs. Returns the function that stops doing so. */
function forwardInterrupts(ender: Ender): () => void {
  const onInterrupt = (): void => {
    ender.interrupt();
  };
  const onExit = (): void => {
    ender.stop();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  process.on('exit', onExit);
  return () => {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
    process.off('exit', onExit);
  };
}

async function startFailure(request: ProcessRequest, cause: NodeJS.ErrnoException): Promise<ExternalError> {
  const folderIsThere = await stat(request.cwd).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!folderIsThere) {
    return new ExternalError({
      what: `${request.command} cannot be started: its working folder ${request.cwd} does not exist`,
      why: 'the folder was removed or was never created',
      fix: 'run the command again from a folder that exists',
      cause,
    });
  }
  if (cause.code === 'ENOENT') {
    return new ExternalError({
      what: `${request.command} is not installed`,
      why: `no program of that name is on the PATH (${request.env['PATH'] ?? 'which is not set'})`,
      ...request.ifMissing,
      cause,
    });
  }
  return new ExternalError({
    what: `${request.command} cannot be started`,
    why: `the operating system refused with ${cause.code ?? cause.message}`,
    ...request.ifMissing,
    cause,
  });
}

function waitForEnd(child: Child, ender: Ender): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      ender.after(orphanMs, () => {
        signalGroup(child, 'SIGKILL');
        child.stdout?.destroy();
        child.stderr?.destroy();
      });
    });
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
}

function startCaptures(
  output: ChildOutput,
  request: ProcessRequest,
  ender: Ender,
): readonly [Capture, Capture] {
  const secrets = request.secrets ?? [];
  const tailLength = request.tailLength ?? defaultTailLength;
  const stdout =
    request.stdout === 'data'
      ? captureData(output.stdout, {
          maxBytes: request.maxBytes ?? defaultMaxBytes,
          onLine: request.onStdout,
          onLimit: () => {
            ender.end('too-much-output');
          },
        })
      : captureText(output.stdout, {
          clean: lineRedactor(secrets),
          tailLength,
          onLine: request.onStdout ?? (() => undefined),
        });
  const stderr = captureText(output.stderr, {
    clean: lineRedactor(secrets),
    tailLength,
    onLine: request.onStderr ?? (() => undefined),
  });
  return [stdout, stderr];
}

function spawnChild(request: ProcessRequest): { readonly child: Child; readonly output: ChildOutput } {
  const files = request.outputFiles === undefined ? null : openOutput(request.outputFiles);
  let child: Child;
  try {
    child = spawn(request.command, [...request.args], {
      cwd: request.cwd,
      env: { ...request.env },
      detached: true,
      shell: false,
      stdio: files === null ? ['pipe', 'pipe', 'pipe'] : ['pipe', ...files.descriptors],
    }) as Child;
  } catch (cause) {
    // No memory, or an argument that no system takes: thrown at once. Files that are followed would keep this process for ever.
    files?.close();
    throw cause;
  } finally {
    files?.handedOver();
  }
  if (child.pid !== undefined) {
    request.onStarted?.(child.pid);
  }
  // A child that does not read its input is its own business.
  child.stdin.on('error', () => undefined);
  child.stdin.end(request.input ?? '');
  return { child, output: files ?? pipedOutput(child) };
}

async function startedChild(request: ProcessRequest): Promise<ReturnType<typeof spawnChild>> {
  try {
    return spawnChild(request);
  } catch (cause) {
    throw await startFailure(request, cause as NodeJS.ErrnoException);
  }
}

/**
 * Runs a program to its end. Never rejects for a failing exit status, a signal or a timeout: read `ending`. Throws
 * ExternalError, with the caller's install hint, when the program cannot be started.
 */
export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  const started = performance.now();
  const { child, output } = await startedChild(request);
  const ender = new Ender(child, request);
  const [stdout, stderr] = startCaptures(output, request, ender);
  const stopForwarding = forwardInterrupts(ender);
  const onAbort = (): void => {
    ender.end('aborted');
  };
  request.signal?.addEventListener('abort', onAbort);
  if (request.signal?.aborted === true) {
    onAbort();
  }
  ender.after(request.timeoutMs, () => {
    ender.end('timed-out');
  });
  try {
    const { code, signal } = await waitForEnd(child, ender);
    output.close();
    return {
      ending: ender.reason ?? (signal === null ? 'exited' : 'killed'),
      exitCode: code,
      signal,
      stdout: stdout.finish(),
      stderr: stderr.finish(),
      ms: performance.now() - started,
    };
  } catch (cause) {
    throw await startFailure(request, cause as NodeJS.ErrnoException);
  } finally {
    ender.close();
    output.close();
    stopForwarding();
    request.signal?.removeEventListener('abort', onAbort);
  }
}

export interface LongRunningRequest extends Pick<ProcessRequest, 'command' | 'args' | 'cwd' | 'env'> {
  /** Its standard output as it comes. */
  readonly onData: (chunk: Buffer) => void;
  /** Told once. `cause`: it could not be started. */
  readonly onEnd: (end: {
    readonly cause: NodeJS.ErrnoException | null;
    readonly exitCode: number | null;
    readonly stderr: string;
  }) => void;
}

/** A program that answers questions for as long as somebody has some. */
export interface LongRunningProcess {
  write(text: string): void;
  /** Whether an answer is awaited: only then this process stays for it. */
  await(isAwaited: boolean): void;
  /** No more questions: it ends by itself, as it does when this process ends. */
  close(): void;
  /** Ends it at once. */
  kill(): void;
}

/** Starts a program that stays. No signal is passed on to it: it has nothing to finish. */
export function keepProcess(request: LongRunningRequest): LongRunningProcess {
  const { command, args, cwd, env } = request;
  const child = spawn(command, [...args], { cwd, env: { ...env }, detached: true, shell: false });
  const errorText = captureText(pipedOutput(child).stderr, {
    clean: lineRedactor([]),
    tailLength: defaultTailLength,
    onLine: () => undefined,
  });
  const ended: { isTold: boolean } = { isTold: false };
  const tell = (cause: NodeJS.ErrnoException | null, exitCode: number | null): void => {
    if (!ended.isTold) {
      ended.isTold = true;
      request.onEnd({ cause, exitCode, stderr: errorText.finish() });
    }
  };
  child.once('error', (cause) => tell(cause, null));
  child.once('close', (code) => tell(null, code));
  // Why it does not read any more, its end says.
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', request.onData);
  return {
    write: (text) => void child.stdin.write(text),
    await: (isAwaited) => {
      for (const held of [child, ...[child.stdin, child.stdout, child.stderr].map(asSocket)]) {
        held[isAwaited ? 'ref' : 'unref']();
      }
    },
    close: () => void child.stdin.end(),
    kill: () => void child.kill('SIGKILL'),
  };
}

/** The pipes of a child are sockets, which the types of Node do not say. */
function asSocket(stream: unknown): { ref(): unknown; unref(): unknown } {
  return stream as { ref(): unknown; unref(): unknown };
}
