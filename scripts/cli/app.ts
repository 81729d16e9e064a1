/** The command line as a tree. Each command is loaded only when it runs: `--help` must stay cheap. */
import {
  buildApplication,
  buildRouteMap,
  text_en,
  version,
  type Application,
  type StricliIntegration,
} from '@stricli/core';
import packageFile from '../../package.json' with { type: 'json' };
import type { SluiceContext } from '../contract/context.ts';
import { UsageError } from '../contract/errors.ts';
import { exitCodes, type ExitName } from '../contract/exit-codes.ts';
import { renderError } from '../render/findings/error.ts';
import type { Style } from '../render/text/style.ts';
import { changeRoutes } from './change/commands.ts';
import { estateRoutes } from './estate/commands.ts';
import { questionRoutes } from './questions/commands.ts';
import { releaseRoutes } from './release/commands.ts';
import { helpRoutes } from './help/commands.ts';
import { helpPage } from './help/page.ts';
import { guardRoutes } from './estate/guard-commands.ts';
import { ledgerRoutes } from './ledger/commands.ts';
import { liveRoutes } from './live/commands.ts';
import { wafRoutes } from './waf/commands.ts';
import { sandboxRoutes } from './sandbox/commands.ts';

export const root = buildRouteMap<string, SluiceContext>({
  routes: {
    ...changeRoutes,
    ...releaseRoutes,
    ...estateRoutes,
    ...questionRoutes,
    ...liveRoutes,
    ...helpRoutes,
    guard: guardRoutes,
    ledger: ledgerRoutes,
    sandbox: sandboxRoutes,
    waf: wafRoutes,
  },
  docs: { brief: 'Change control for Cloudflare estates kept as code.' },
});

type Unregistered = Parameters<typeof text_en.noCommandRegisteredForInput>[0];

function unknownCommand(input: string, corrections: readonly string[]): UsageError {
  const [near] = corrections.map((word) => word.replaceAll('`', ''));
  return new UsageError({
    what: `There is no command "${input}".`,
    ...(near === undefined ? {} : { why: `The nearest is ${near}.` }),
    fix: 'Check the spelling.',
    next: near === undefined ? 'sluice --help' : `sluice ${near} --help`,
  });
}

/** `--help` and `-h` everywhere, and what a command that only holds others says when it is called alone. */
function ownHelp(style: Style, width: number): StricliIntegration<SluiceContext> {
  return {
    flag: {
      brief: 'Say what it does, with examples',
      aliases: ['h'],
      global: true,
      complete: true,
      defaultForRouteMap: true,
      run(_app, { result }) {
        this.process.stdout.write(helpPage(result.target, { path: result.prefix.slice(1), style, width }));
      },
    },
  };
}

/** Errors are rendered by us and end with the exit code of their kind, reported through `exit`. */
export function application(
  exit: (name: ExitName) => void,
  style: Style,
  { verbose, width }: { readonly verbose: boolean; readonly width: number },
): Application<SluiceContext> {
  const explain = (error: unknown): string => {
    const rendered = renderError(error, style, verbose);
    exit(rendered.exit);
    return rendered.text.trimEnd();
  };
  const configuration = {
    name: 'sluice',
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
    determineExitCode: () => exitCodes.internal,
    localization: {
      text: {
        ...text_en,
        noCommandRegisteredForInput: ({ input, corrections }: Unregistered) =>
          explain(unknownCommand(input, corrections)),
        exceptionWhileRunningCommand: explain,
        exceptionWhileLoadingCommandFunction: explain,
        exceptionWhileLoadingCommandContext: explain,
        commandErrorResult: explain,
      },
    },
  } as const;
  return buildApplication(root, configuration, {
    help: ownHelp(style, width),
    version: version({
      brief: text_en.briefs.version,
      info: { currentVersion: packageFile.version },
      alias: 'v',
    }),
  });
}
