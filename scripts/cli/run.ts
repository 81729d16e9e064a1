/** Runs a command line in given surroundings: from a shell, from the demo, from a test. Ends in one exit code of the table. */
import { proposeCompletions, run } from '@stricli/core';
import pc from 'picocolors';
import { application, root } from './app.ts';
import type { OutputStream, Services, SluiceContext, Surroundings } from '../contract/context.ts';
import type { ExitName } from '../contract/exit-codes.ts';
import { pageWidth } from '../render/text/columns.ts';
import { plainStyle, type Style } from '../render/text/style.ts';
import { secretValues } from '../secrets/environment.ts';
import { knownValues, type KnownValues } from '../secrets/known-values.ts';

/** Makes the outside world of a command line; tests put a fixed clock into it. */
export type ServiceBuilder = (surroundings: Surroundings, home: string) => Promise<Services>;

const realServices: ServiceBuilder = async (surroundings, home) => {
  const { buildServices } = await import('./services.ts');
  return buildServices(surroundings, home);
};

/** Runs one command line in the given surroundings and says how it ended; touches nothing of the process. */
export async function runCommandLine(
  args: readonly string[],
  given: Surroundings,
  home: string,
  build: ServiceBuilder = realServices,
): Promise<ExitName> {
  const secrets = knownValues(secretValues(given.env));
  const surroundings: Surroundings = {
    ...given,
    stdout: withoutSecrets(given.stdout, secrets),
    stderr: withoutSecrets(given.stderr, secrets),
  };
  const ended: { outcome: ExitName | null } = { outcome: null };
  const style = colours(surroundings);
  const built: { services?: ReturnType<SluiceContext['services']> } = {};
  const app = application((name) => context.exit(name), style, {
    verbose: surroundings.env['SLUICE_VERBOSE'] === '1',
    width: pageWidth(surroundings.stdout),
  });
  const context: SluiceContext = {
    commandLine: { root, propose: (words) => proposeCompletions(app, words, context) },
    process: { stdout: sink(surroundings.stdout), stderr: sink(surroundings.stderr) },
    surroundings,
    style,
    services: () => {
      built.services ??= build(surroundings, home);
      return built.services;
    },
    print: (text) => surroundings.stdout.write(text),
    exit: (name) => {
      ended.outcome = name;
    },
  };
  const holder: { exitCode?: number | string | null } = {};
  await run(app, args, { ...context, process: Object.assign(holder, context.process) });
  // Where they could not be built, the command has said why.
  await built.services?.then(
    async ({ git }) => git.close(),
    () => undefined,
  );
  return ended.outcome ?? fromStricli(holder.exitCode);
}

/** Stricli ends with 0, with what `determineExitCode` gave, or with a negative code for a wrong command line. */
function fromStricli(code: number | string | null | undefined): ExitName {
  if (code === 0 || code === undefined || code === null) {
    return 'ok';
  }
  return Number(code) < -1 ? 'usage' : 'internal';
}

function sink(stream: { write(text: string): unknown }): { write(text: string): void } {
  return { write: (text) => void stream.write(text) };
}

/** The stream with every secret of the environment taken out of what is written to it. A text is written whole, never in parts. */
function withoutSecrets(stream: OutputStream, secrets: KnownValues): OutputStream {
  return {
    get isTTY() {
      return stream.isTTY === true;
    },
    get columns() {
      return stream.columns ?? 80;
    },
    write: (text) => stream.write(secrets.without(text)),
  };
}

function colours(surroundings: Surroundings): Style {
  const wanted = surroundings.stdout.isTTY === true && surroundings.env['NO_COLOR'] === undefined;
  return wanted ? pc.createColors(true) : plainStyle;
}
