/** The edge of the program: the only file that knows the process. */
import { createInterface } from 'node:readline/promises';
import { runCommandLine } from './run.ts';
import type { Surroundings } from '../contract/context.ts';
import { exitCodes } from '../contract/exit-codes.ts';

/**
 * Runs the command line of this process and sets its exit code. `home` is the folder Sluice itself stands in, `env` the
 * environment that the process was started with: it has none of its own any more.
 */
export async function main(home: string, env: Surroundings['env']): Promise<void> {
  const abort = new AbortController();
  const holdSignals = (): void => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => abort.abort(signal));
    }
  };
  process.stdout.on('error', ignoreClosedPipe);
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  const surroundings: Surroundings = {
    env,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
    ask: interactive ? askOnTerminal : null,
    signal: abort.signal,
    holdSignals,
  };
  process.exitCode = exitCodes[await runCommandLine(process.argv.slice(2), surroundings, home)];
}

async function askOnTerminal(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** `sluice plan | head` ends when head does. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
}
