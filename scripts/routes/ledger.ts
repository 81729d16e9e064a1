/** The evidence. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { choice, optionalText } from './flags.ts';

export const ledgerRoutes = buildRouteMap({
  routes: {
    show: buildCommand({
      loader: async () => (await import('../commands/ledger.ts')).ledgerShow,
      parameters: {
        flags: {
          stack: optionalText('only this stack', 'stack'),
          format: choice(['text', 'json'] as const, 'text', 'how to print the releases'),
        },
      },
      docs: { brief: 'List the releases, newest last' },
    }),
    verify: buildCommand({
      loader: async () => (await import('../commands/ledger.ts')).ledgerVerify,
      parameters: {
        flags: {
          head: optionalText(
            'sha256 of the last release, noted elsewhere: proves that the end was not cut off',
            'digest',
          ),
          format: choice(['text', 'json'] as const, 'text', 'how to print the result'),
        },
      },
      docs: { brief: 'Check every hash, the chain and the history of the ledger' },
    }),
  },
  docs: { brief: 'The record of releases' },
});
