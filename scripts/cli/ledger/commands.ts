/** The evidence. */
import { buildCommand, buildRouteMap } from '@stricli/core';
import { changeOrRelease, choice, optionalText, requiredText, toggle } from '../flags.ts';

export const ledgerRoutes = buildRouteMap({
  routes: {
    show: buildCommand({
      loader: async () => (await import('./ledger.ts')).ledgerShow,
      parameters: {
        flags: {
          stack: optionalText('only this stack', 'stack'),
          format: choice(['text', 'json'] as const, 'text', 'how to print the releases'),
        },
      },
      docs: { brief: 'List the releases, newest last' },
    }),
    verify: buildCommand({
      loader: async () => (await import('./ledger.ts')).ledgerVerify,
      parameters: {
        flags: {
          head: optionalText(
            'sha256 of the last release, noted elsewhere: proves that the end was not cut off',
            'digest',
          ),
          fromIndex: toggle(
            'go by the signed index: only the newest releases of each stack are read again, the rest is not',
          ),
          derive: toggle(
            'make the bundle of every entry again from its commit and compare (runs stack code)',
          ),
          format: choice(['text', 'json'] as const, 'text', 'how to print the result'),
        },
      },
      docs: { brief: 'Check every hash, signature and tag, the order and the history of the ledger' },
    }),
    export: buildCommand({
      loader: async () => (await import('./export.ts')).ledgerExport,
      parameters: {
        flags: {
          out: optionalText('new folder for it; .sluice/evidence/<id> when left away', 'folder'),
          format: choice(['text', 'json'] as const, 'text', 'how to print where it is'),
        },
        positional: changeOrRelease,
      },
      docs: { brief: 'The evidence of one change or release, for an auditor: files, digests and a page' },
    }),
    key: buildCommand({
      loader: async () => (await import('./key.ts')).ledgerKey,
      parameters: {
        flags: {
          out: requiredText('new file for the private half, outside of the repository', 'file'),
          id: requiredText('name of the key in policies/ledger-keys.yaml, for example release-2027', 'name'),
        },
      },
      docs: { brief: 'Make a key that signs the ledger, and say where each half goes' },
    }),
  },
  docs: { brief: 'The record of releases' },
});
