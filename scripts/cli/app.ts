/** The command line as a tree. Each command is loaded only when it runs: `--help` must stay cheap. */
import { buildApplication, buildRouteMap, text_en, type Application } from '@stricli/core';
import packageFile from '../../package.json' with { type: 'json' };
import type { SluiceContext } from '../contract/context.ts';
import { exitCodes, type ExitName } from '../contract/exit-codes.ts';
import { renderError } from '../render/findings/error.ts';
import type { Style } from '../render/text/style.ts';
import { changeRoutes } from './change/commands.ts';
import { estateRoutes } from './estate/commands.ts';
import { questionRoutes } from './questions/commands.ts';
import { releaseRoutes } from './release/commands.ts';
import { guardRoutes } from './estate/guard-commands.ts';
import { ledgerRoutes } from './ledger/commands.ts';
import { wafRoutes } from './waf/commands.ts';
import { sandboxRoutes } from './sandbox/commands.ts';

const root = buildRouteMap({
  routes: {
    ...changeRoutes,
    ...releaseRoutes,
    ...estateRoutes,
    ...questionRoutes,
    guard: guardRoutes,
    ledger: ledgerRoutes,
    sandbox: sandboxRoutes,
    waf: wafRoutes,
  },
  docs: {
    brief: 'Change control for Cloudflare estates kept as code',
    fullDescription: [
      'Change control for Cloudflare estates kept as code.',
      '',
      'An engineer: new, plan, check, raise. The CAB: gate. A release: rehearse, release, rollback. Questions: status, changes, show, who-can, schedule. The evidence: ledger.',
      'An estate of your own: init, client, stack, person, doctor, upgrade.',
      'Exit codes: 0 ok, 1 bug, 2 usage, 3 invalid input, 4 denied, 5 undetermined, 6 stale, 7 external tool, 8 partial apply, 9 drift.',
    ].join('\n'),
  },
});

/** Errors are rendered by us and end with the exit code of their kind, reported through `exit`. */
export function application(
  exit: (name: ExitName) => void,
  style: Style,
  verbose: boolean,
): Application<SluiceContext> {
  const explain = (error: unknown): string => {
    const rendered = renderError(error, style, verbose);
    exit(rendered.exit);
    return rendered.text.trimEnd();
  };
  return buildApplication(root, {
    name: 'sluice',
    versionInfo: { currentVersion: packageFile.version },
    scanner: { caseStyle: 'allow-kebab-for-camel', allowArgumentEscapeSequence: true },
    documentation: { disableAnsiColor: true },
    determineExitCode: () => exitCodes.internal,
    localization: {
      text: {
        ...text_en,
        exceptionWhileRunningCommand: explain,
        exceptionWhileLoadingCommandFunction: explain,
        exceptionWhileLoadingCommandContext: explain,
        commandErrorResult: explain,
      },
    },
  });
}
